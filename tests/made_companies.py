"""Made companies whose past decision has a known effect: the same months lived twice, with it and without.

They are run month by month by rules of thumb, not by the optimiser: what is due first is made first as far as
hours go, stock is made to a cover, hours and units are bought when they are missing. Hours, prices and costs
come with noise of their own, which is the same in both lives, so that the difference of profit is the decision's
effect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from sop.analysis.decisions.realised import Realised, Stretch, as_it_came, as_lived, realise, stretches_of, without
from sop.core.calendar import Calendar, shift_period
from sop.core.plan import Plan
from sop.core.register import Assumptions, Start
from sop.engine import Planner
from sop.intake.assemble import assemble

FIRST_OPEN, HISTORY = "2026-01", 42
Kind = Literal["hours", "outside", "nothing"]
LINE, FAMILIES = "L1", ("Stocked", "Ordered")
_PRICE, _COST, _HOURS, _LABOUR = (120.0, 900.0), (75.0, 560.0), (0.5, 3.0), 30.0
_BOUGHT_HOUR, _OUTSIDE_COST = 38.0, 1.08
OUTSIDE, BOUGHT = 15, 0.15
"""Units a month that a partner makes, and hours that can be bought as a share of the line's own."""

COVER = 1.5
"""Months of demand that are kept in stock."""


@dataclass(frozen=True)
class Life:
    """What a made company lived through: tables as it would load them, and profit of its closed months (H,)."""

    tables: dict[str, pd.DataFrame]
    profit: np.ndarray


@dataclass(frozen=True)
class Made:
    """A made company. `kind`: what was decided, in force from `since` months before the first open one on."""

    seed: int
    kind: Kind
    since: int
    load: float
    noise: float

    @property
    def start(self) -> str:
        """The month from which the decision is in force."""
        return shift_period(FIRST_OPEN, -self.since)

    @property
    def truth(self) -> float:
        """What the decision brought to profit in all its closed months, minor units."""
        other = live(replace(self, kind="nothing"))
        return float((live(self).profit - other.profit)[HISTORY - self.since :].sum() * 100)


def made_company(seed: int) -> Made:
    """A company by its seed: what was decided and when, how full its line is and how noisy its months are."""
    rng = np.random.default_rng([seed, 1])
    kinds: tuple[Kind, ...] = ("hours", "outside")
    return Made(
        seed, kinds[int(rng.integers(2))], int(rng.integers(3, 12)), float(rng.uniform(0.97, 1.08)),
        float(rng.uniform(0.01, 0.06)),
    )  # fmt: skip


def live(made: Made) -> Life:
    """The months of a made company, one after the other."""
    rng = np.random.default_rng([made.seed, 2])
    months = [shift_period(FIRST_OPEN, t - HISTORY) for t in range(HISTORY)]
    season = 1 + 0.2 * np.sin(2 * np.pi * (np.arange(HISTORY) + rng.integers(12)) / 12)
    level = np.array([[rng.uniform(150, 400)], [rng.uniform(20, 60)]])
    ordered = np.rint(level * season * np.exp(rng.normal(0, 0.08 + made.noise, (2, HISTORY)))).astype(int)
    need = float((level[:, 0] * _HOURS).sum())
    hours = need / made.load * np.exp(rng.normal(0, made.noise, HISTORY))
    price = np.array(_PRICE)[:, None] * np.exp(rng.normal(0, 0.01, (2, HISTORY)))
    costs = rng.normal(0, made.noise, (2, HISTORY))
    force = np.arange(HISTORY) >= HISTORY - made.since
    stock, late = float(np.rint(level[0, 0] * COVER)), np.zeros(2)
    rows = []
    for t in range(HISTORY):
        due = np.array([ordered[0, t], ordered[1, max(t - 1, 0)]], dtype=float)
        outside = 0.0
        open_units = late + due
        want = np.array(
            [max(open_units[0] + COVER * level[0, 0] * season[(t + 1) % HISTORY] - stock, 0), open_units[1]]
        )
        if made.kind == "outside" and force[t]:
            outside = float(min(OUTSIDE, want[1]))
        want[1] -= outside
        missing = max(float(want @ _HOURS) - hours[t], 0.0)
        bought = min(missing, BOUGHT * hours[t]) if made.kind == "hours" and force[t] else 0.0
        left = hours[t] + bought
        made_units = np.floor(want * min(left / max(float(want @ _HOURS), 1e-9), 1.0))
        stock += made_units[0]
        shipped = np.array([min(stock, open_units[0]), made_units[1] + outside])
        stock -= shipped[0]
        late = open_units - shipped
        used = min(bought, max(float(made_units @ _HOURS) - hours[t], 0.0))
        revenue = shipped * price[:, t]
        cost = shipped * _COST
        extra = used * _BOUGHT_HOUR + outside * (_OUTSIDE_COST - 1) * _COST[1]
        noise = float((cost * costs[:, t]).sum())
        rows.append(
            (shipped, revenue, cost, extra + noise, stock, made_units, outside, late.copy(), ordered[:, t])
        )
    profit = np.array([float(r[1].sum() - r[2].sum() - r[3]) for r in rows])
    return Life(_tables(made, months, rows, hours), profit)


def _tables(made: Made, months: list[str], rows: list[tuple], hours: np.ndarray) -> dict[str, pd.DataFrame]:
    sales, stock, orders, ledger = [], [], [], []
    for month, (shipped, revenue, cost, extra, closing, units, outside, late, ordered) in zip(
        months, rows, strict=True
    ):
        for f, product in enumerate(("P-S", "P-O")):
            sales.append((month, product, "Here", shipped[f], ordered[f], round(revenue[f], 2)))
            orders.append((month, product, "Here", late[f] + (ordered[f] if f else 0), late[f]))
        stock.append((month, "Plant", "P-S", units[0], shipped[0], closing, 0.0))
        stock.append((month, "Plant", "P-O", units[1], shipped[1], 0.0, outside))
        for account, amount in (("Sales", revenue.sum()), ("Cost", cost.sum() + extra), ("Rent", 4000.0)):
            ledger.append((month, "actual", "P&L", account, round(float(amount), 2)))
    ahead = [shift_period(FIRST_OPEN, t) for t in range(12)]
    lines = {"Sales": "revenue", "Cost": "cost_of_sales", "Rent": "operating_cost"}
    return {
        "products": pd.DataFrame(
            {
                "product": ["P-S", "P-O"], "name": ["Stocked", "Ordered"], "family": list(FAMILIES),
                "strategy": ["MTS", "MTO"], "price": _PRICE, "unit_cost": _COST, "status": ["active"] * 2,
                "standard_lead_time_days": [np.nan, 30.0],
            }
        ),
        "sales_actuals": pd.DataFrame(
            sales, columns=["month", "product", "region", "quantity", "ordered", "revenue"]
        ),
        "inventory": pd.DataFrame(
            stock,
            columns=["month", "plant", "product", "production", "shipments", "closing", "subcontract_receipts"],
        ),
        "order_book": pd.DataFrame(orders, columns=["month", "product", "region", "quantity", "past_due"]),
        "resources": pd.DataFrame([(LINE, "Plant", "line")], columns=["resource", "plant", "kind"]),
        "capacity": pd.DataFrame(
            {
                "month": [*months, *ahead], "resource": LINE, "efficiency": 1.0,
                "capacity_hours": [*hours, *[hours.mean()] * 12], "extra_hours": BOUGHT * hours.mean(),
                "extra_hour_price": _BOUGHT_HOUR,
            }
        ),
        "routings": pd.DataFrame(
            [(f, LINE, h, 0.0, 5.0) for f, h in zip(FAMILIES, _HOURS, strict=True)],
            columns=["family", "resource", "hours_per_unit", "labour_hours_per_unit", "variable_cost"],
        ),
        "subcontract": pd.DataFrame(
            {"family": ["Ordered"], "limit_per_month": [float(OUTSIDE)], "unit_cost": [_COST[1] * _OUTSIDE_COST]}
        ),
        "financials": pd.DataFrame(ledger, columns=["month", "scenario", "account_type", "account", "amount"]),
        "account_map": pd.DataFrame({"account_type": "P&L", "account": list(lines), "line": list(lines.values())}),
    }  # fmt: skip


DECIDED = {"hours": ("extra_hours_pct", LINE, BOUGHT), "outside": ("subcontract_pct", "Ordered", 1.0)}
"""Kind of decision → the value that it set; before, nobody might use any of it."""


def estimate(made: Made) -> Realised:
    """What the product says that a made company's decision has brought."""
    tables = live(made).tables
    today = assemble(tables, Calendar(FIRST_OPEN, 12))
    stretches = stretches_of(today.history.months, today.calendar, made.start)
    assert not isinstance(stretches, str), stretches

    def replay(stretch: Stretch, values: Assumptions) -> Plan:
        then = assemble(tables, stretch.calendar)
        forecast, world = as_it_came(then, stretch, today.history)
        planner = Planner(then, forecast)
        return planner.build(values.set("stock_above_safety", "Stocked", _above(planner)), world=world)

    key, scope, value = DECIDED[made.kind]
    was = {"key": key, "scope": scope, "value": 0.0, "reason": "", "owner": "", "by": "", "at": "", "expiry": None}
    signed = Assumptions(
        {("subcontract_pct", "Ordered"): 0.0, (key, scope): value}, {(key, scope): Start(made.start, 0.0)}
    )
    places = [{"key": key, "scope": scope, "was": was | {"version": 1}}]
    lived = as_lived(signed, today, [(key, scope)])
    return realise(today, stretches, replay, lived, without(lived, places))


def _above(planner: Planner) -> float:
    """What the company holds above safety stock: it always kept a month and a half."""
    basis = planner.safety(Assumptions())
    held, f = COVER * planner.forecast.mean[:, 0].mean(axis=1), planner.inputs.families.names.index("Stocked")
    return float(np.clip(held[f] / max(basis.stock[f].mean(), 1.0) - 1, 0, 5))
