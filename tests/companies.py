"""Small generated companies for property tests: tables of the data contract from a seed and a few switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, shift_period

FIRST_OPEN = "2026-01"


@dataclass(frozen=True)
class Shape:
    """What a generated company has: switches that property tests turn."""

    seed: int = 0
    families: int = 3
    products: int = 7
    regions: int = 2
    history: int = 26
    horizon: int = 8
    made_to_order: bool = True
    stock: bool = True
    orders: bool = True
    capacity: bool = True
    zero_capacity: bool = False
    people: bool = True
    materials: bool = True
    strategy: bool = True
    ledger: bool = True
    negative_stock: bool = False
    prices: Literal["all", "some", "none"] = "all"


def calendar_of(shape: Shape) -> Calendar:
    """The calendar of a generated company."""
    return Calendar(FIRST_OPEN, shape.horizon)


def company_tables(shape: Shape) -> dict[str, pd.DataFrame]:
    """Tables of a generated company; the same shape gives the same tables."""
    rng = np.random.default_rng(shape.seed)
    families = [f"Family {chr(65 + i)}" for i in range(shape.families)]
    past = [shift_period(FIRST_OPEN, t - shape.history) for t in range(shape.history)]
    ahead = [shift_period(FIRST_OPEN, t) for t in range(shape.horizon)]
    products = _products(shape, rng, families)
    tables = {"products": products, "sales_actuals": _sales(shape, rng, products, past)}
    if shape.stock:
        tables["inventory"] = _stock(shape, rng, products, past)
    if shape.orders:
        tables["order_book"] = _orders(rng, products, past)
    if shape.capacity:
        tables |= _capacity(shape, rng, families, ahead)
    if shape.people and shape.capacity:
        tables |= _people(rng, past[-1:] + ahead, shape.seed)
    if shape.materials:
        tables |= _materials(rng, families, ahead)
    if shape.strategy:
        tables |= _strategy(rng, families, ahead)
    if shape.ledger:
        tables |= _ledger(rng, past)
    return tables if shape.prices == "all" else _without_prices(shape, tables, families[0])


def _without_prices(shape: Shape, tables: dict[str, pd.DataFrame], family: str) -> dict[str, pd.DataFrame]:
    """The tables without any price and revenue, or without those of one family."""
    products, sales = tables["products"], tables["sales_actuals"]
    if shape.prices == "none":
        return {
            **tables,
            "products": products.drop(columns="price"),
            "sales_actuals": sales.drop(columns="revenue"),
        }
    own = products["family"] == family
    sold = sales["product"].isin(products.loc[own, "product"])
    return {
        **tables,
        "products": products.assign(price=products["price"].mask(own)),
        "sales_actuals": sales.assign(revenue=sales["revenue"].mask(sold)),
    }


def _products(shape: Shape, rng: np.random.Generator, families: list[str]) -> pd.DataFrame:
    n = shape.products
    family = [families[i % len(families)] for i in range(n)]
    to_order = [shape.made_to_order and name == families[-1] for name in family]
    price = rng.uniform(20, 2000, n).round(2)
    return pd.DataFrame(
        {
            "product": [f"P-{i:03d}" for i in range(n)],
            "name": [f"Product {i}" for i in range(n)],
            "family": family,
            "strategy": ["MTO" if flag else "MTS" for flag in to_order],
            "price": price,
            "unit_cost": (price * rng.uniform(0.4, 0.8, n)).round(2),
            "status": ["retired" if i == 5 else "active" for i in range(n)],
            "standard_lead_time_days": [float(rng.integers(20, 70)) if flag else np.nan for flag in to_order],
            "priority": rng.choice([1.0, 1.0, 1.5], n),
            "volume_per_unit": rng.uniform(0.1, 1.0, n).round(2),
        }
    )


def _sales(shape: Shape, rng: np.random.Generator, products: pd.DataFrame, past: list[str]) -> pd.DataFrame:
    season = 1 + 0.4 * np.sin(2 * np.pi * np.arange(len(past)) / 12)
    rows = []
    for product, price in zip(products["product"], products["price"], strict=True):
        for r in range(shape.regions):
            level = rng.choice([3, 20, 80])
            for t, month in enumerate(past):
                quantity = int(rng.poisson(level * season[t]))
                if quantity or rng.random() < 0.5:
                    revenue = round(quantity * price * rng.uniform(0.85, 0.95), 2)
                    rows.append((month, product, f"Region {r}", quantity, revenue))
    return pd.DataFrame(rows, columns=["month", "product", "region", "quantity", "revenue"])


def _stock(shape: Shape, rng: np.random.Generator, products: pd.DataFrame, past: list[str]) -> pd.DataFrame:
    rows = []
    for i, product in enumerate(products["product"]):
        closing = int(rng.integers(0, 300))
        if shape.negative_stock and i % 3 == 0:
            closing = -int(rng.integers(1, 400))
        for month in past[-3:]:
            made, shipped = (int(v) for v in rng.integers(0, 200, 2))
            opening, closing = closing, closing + made - shipped if closing + made >= shipped else closing + made
            rows.append((month, "Plant", product, opening, made, opening + made - closing, closing))
    columns = ["month", "plant", "product", "opening", "production", "shipments", "closing"]
    return pd.DataFrame(rows, columns=columns)


def _orders(rng: np.random.Generator, products: pd.DataFrame, past: list[str]) -> pd.DataFrame:
    rows = []
    for product in products["product"]:
        quantity = int(rng.integers(0, 120))
        rows.append((past[-1], product, "Region 0", quantity, int(quantity * rng.uniform(0, 0.6))))
    return pd.DataFrame(rows, columns=["month", "product", "region", "quantity", "past_due"])


def _capacity(
    shape: Shape, rng: np.random.Generator, families: list[str], ahead: list[str]
) -> dict[str, pd.DataFrame]:
    lines = ["L1", "L2"]
    hours = [
        (m, line, 0.0 if shape.zero_capacity else float(rng.integers(10, 250))) for line in lines for m in ahead
    ]
    hours += [(m, "Paint", float(rng.integers(100, 900))) for m in ahead]
    routes = [(f, line, rng.uniform(0.2, 2.0), rng.uniform(0.2, 2.0), rng.uniform(5, 50))
              for i, f in enumerate(families) for line in lines[: 1 + i % 2]]  # fmt: skip
    routes += [(f, "Paint", 0.2, np.nan, np.nan) for f in families[:1]]
    return {
        "resources": pd.DataFrame(
            [("L1", "Plant", "line"), ("L2", "Plant", "line"), ("Paint", "Plant", "shared")],
            columns=["resource", "plant", "kind"],
        ),
        "capacity": pd.DataFrame(hours, columns=["month", "resource", "capacity_hours"]).assign(efficiency=0.9),
        "routings": pd.DataFrame(
            routes, columns=["family", "resource", "hours_per_unit", "labour_hours_per_unit", "variable_cost"]
        ),
    }


STAFF = (
    {"people": 8.0, "most": 12.0},
    {"people": 1.0, "most": 2.0, "hire_lead_months": 0.0, "releases_allowed": 2.0, "notice_months": 1.0},
    {
        "people": 9.0,
        "most": 12.0,
        "hire_lead_months": 4.0,
        "releases_allowed": 3.0,
        "notice_months": 2.0,
        "min_people": 2.0,
    },
    {
        "people": 2.5,
        "most": 12.0,
        "hire_lead_months": 1.0,
        "releases_allowed": 90.0,
        "notice_months": 99.0,
        "min_people": 4.0,
    },
)
"""How generated plants are staffed and what they allow; the first says nothing of hiring and releases."""


def _people(rng: np.random.Generator, months: list[str], seed: int) -> dict[str, pd.DataFrame]:
    said = dict(STAFF[seed % len(STAFF)])
    people, most = said.pop("people"), said.pop("most")
    rows = [(m, "Plant", people, 150.0, most) for m in months]
    return {
        "workforce": pd.DataFrame(rows, columns=["month", "plant", "people", "hours_per_person", "max_people"]),
        "plants": pd.DataFrame({"plant": ["Plant"], "labour_rate": [30.0], "overtime_limit_pct": [0.1],
                                "storage_limit": [float(rng.integers(500, 5000))],
                                **{name: [value] for name, value in said.items()}}),
    }  # fmt: skip


def _materials(rng: np.random.Generator, families: list[str], ahead: list[str]) -> dict[str, pd.DataFrame]:
    supply = [(m, "Motor", float(rng.integers(20, 300)), 40.0) for m in ahead]
    return {
        "materials": pd.DataFrame({"material": ["Motor"], "price": [100.0], "supplier": ["Acme"]}),
        "material_usage": pd.DataFrame(
            {"material": ["Motor"], "family": families[:1], "quantity_per_unit": [1.0]}
        ),
        "material_supply": pd.DataFrame(supply, columns=["month", "material", "quantity", "spot_premium"]),
        "subcontract": pd.DataFrame(
            {"family": families[1:2] or families[:1], "limit_per_month": [25.0], "unit_cost": [120.0]}
        ),
    }


def _strategy(rng: np.random.Generator, families: list[str], ahead: list[str]) -> dict[str, pd.DataFrame]:
    return {
        "launches": pd.DataFrame({
            "launch": ["New one"], "family": families[:1], "probability": [0.7], "peak_quantity": [40.0],
            "ramp_months": [4.0], "cannibalises": families[1:2] or families[:1], "cannibalisation_pct": [0.4],
            "cost": [50_000.0],
        }),
        "launch_gates": pd.DataFrame({"launch": ["New one"], "gate": ["Market"], "baseline": [ahead[1]],
                                      "forecast": [ahead[min(3, len(ahead) - 1)]]}),
        "initiatives": pd.DataFrame({"initiative": ["Leaner"], "owner": ["operations"], "goal": ["Cost"],
                                     "budget": [90_000.0], "spent": [20_000.0], "confidence": [0.8]}),
        "benefits": pd.DataFrame({"initiative": ["Leaner"] * 2, "measure": ["unit_cost", "demand"],
                                  "scope": ["", families[0]],
                                  "amount": [-0.03, 30.0], "unit": ["pct", "abs"], "start_month": [ahead[2]] * 2}),
        "events": pd.DataFrame({
            "event": ["E1", "E2"], "title": ["Tender lost", "Supplier strike"], "source": ["customer", "partner"],
            "use": ["plan", "plan"], "probability": [0.5, 0.3], "start_month": [ahead[2], ahead[1]],
            "duration_months": [3.0, 2.0], "measure": ["demand", "supply"], "impact": [-0.2, -0.5],
            "scope": [families[0], "Motor"], "owner": ["sales", "supply"],
        }),
    }  # fmt: skip


def _ledger(rng: np.random.Generator, past: list[str]) -> dict[str, pd.DataFrame]:
    lines = {"Rent": "operating_cost", "Machines": "depreciation", "Bank": "cash", "Customers": "receivables",
             "Suppliers": "payables"}  # fmt: skip
    rows = [(m, "actual", "P&L", name, round(rng.uniform(5e3, 9e4), 2)) for m in past[-13:] for name in lines]
    return {
        "financials": pd.DataFrame(rows, columns=["month", "scenario", "account_type", "account", "amount"]),
        "account_map": pd.DataFrame({"account_type": "P&L", "account": list(lines), "line": list(lines.values())}),
    }
