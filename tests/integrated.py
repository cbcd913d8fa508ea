"""A small company with all seven plans, whose figures can be followed by hand.

Cargo sells 20 a month at 100 in two regions, made to stock on one line of 30 hours at an hour a unit; a unit
costs 60, of which 10 is an hour of labour. A launch brings 5 more from March 2026, an initiative cuts cost by a
tenth from April, an event may take a fifth of demand in May. Nothing is paid late: sales are cash.
Rent stays what it is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, periods_between
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.intake.assemble import assemble

FIRST_OPEN, HORIZON = "2026-01", 12
PAST, AHEAD = periods_between("2024-01", "2025-12"), periods_between("2026-01", "2026-12")
REGIONS = ("North", "South")
CASH_SALES = {("dso_days", ""): 0.0, ("dpo_days", ""): 0.0, ("cost_inflation", ""): 0.0}

Tables = dict[str, pd.DataFrame]


def tables() -> Tables:
    """Every table of the company."""
    return {**_sales(), **_supply(), **_strategy(), **_money()}


def _sales() -> Tables:
    rows = [(m, "C-1", r, 10.0, 1000.0, 600.0, "sales.csv") for m in PAST for r in REGIONS]
    columns = ["month", "product", "region", "quantity", "revenue", "cost", "_file"]
    sales = pd.DataFrame(rows, columns=columns)
    return {
        "products": pd.DataFrame({"product": ["C-1"], "name": ["Cargo one"], "family": ["Cargo"], "price": [110.0],
                                  "unit_cost": [60.0], "_file": ["products.csv"], "_line": [2]}),
        "sales_actuals": sales.assign(_line=np.arange(len(sales)) + 2),
    }  # fmt: skip


def _supply() -> Tables:
    stock = ("2025-12", "Works", "C-1", 0.0, 60.0, 20.0, 40.0)
    return {
        "inventory": pd.DataFrame([stock], columns=["month", "plant", "product", "opening", "production",
                                                    "shipments", "closing"]),
        "order_book": pd.DataFrame({"month": ["2025-12"], "product": ["C-1"], "region": ["North"],
                                    "quantity": [0.0], "past_due": [0.0]}),
        "resources": pd.DataFrame({"resource": ["Cell"], "plant": ["Works"], "kind": ["line"],
                                   "name": ["Welding cell"]}),
        "capacity": pd.DataFrame({"month": AHEAD, "resource": "Cell", "capacity_hours": 30.0}),
        "routings": pd.DataFrame({"family": ["Cargo"], "resource": ["Cell"], "hours_per_unit": [1.0],
                                  "labour_hours_per_unit": [1.0], "variable_cost": [50.0]}),
        "workforce": pd.DataFrame({"month": ["2025-12", *AHEAD], "plant": "Works", "people": 3.0,
                                   "hours_per_person": 10.0, "max_people": 3.0}),
        "plants": pd.DataFrame({"plant": ["Works"], "labour_rate": [10.0], "overtime_limit_pct": [0.0]}),
        "materials": pd.DataFrame({"material": ["Motor"], "price": [20.0], "lead_time_days": [30.0]}),
        "material_usage": pd.DataFrame({"material": ["Motor"], "family": ["Cargo"], "quantity_per_unit": [1.0]}),
        "material_supply": pd.DataFrame({"month": AHEAD, "material": "Motor", "quantity": 40.0}),
    }  # fmt: skip


def _strategy() -> Tables:
    return {
        "launches": pd.DataFrame({"launch": ["Sport"], "family": ["Cargo"], "probability": [1.0],
                                  "peak_quantity": [5.0], "ramp_months": [1.0], "curve": ["linear"],
                                  "cost": [1000.0], "spent": [400.0]}),
        "launch_gates": pd.DataFrame({"launch": ["Sport", "Sport"], "gate": ["1 Tools", "2 Market"],
                                      "baseline": ["2025-11", "2026-03"], "forecast": ["2025-11", "2026-03"],
                                      "actual": ["2025-11", None]}),
        "initiatives": pd.DataFrame({"initiative": ["Lean"], "owner": ["Head of operations"], "goal": ["Cost"],
                                     "budget": [1200.0], "spent": [0.0], "confidence": [1.0]}),
        "milestones": pd.DataFrame({"initiative": ["Lean", "Lean"], "milestone": ["Start", "End"],
                                    "baseline": ["2025-12", "2026-04"], "forecast": ["2025-12", "2026-04"],
                                    "actual": ["2025-12", None], "after": [None, "Start"]}),
        "benefits": pd.DataFrame({"initiative": ["Lean"], "measure": ["unit_cost"], "scope": ["Cargo"],
                                  "amount": [-0.1], "unit": ["pct"], "start_month": ["2026-04"]}),
        "events": pd.DataFrame({"event": ["Tender"], "title": ["A tender is lost"], "source": ["customer"],
                                "use": ["plan"], "probability": [0.5], "start_month": ["2026-05"],
                                "duration_months": [1.0], "measure": ["demand"], "impact": [-0.2],
                                "scope": ["Cargo"], "owner": ["Head of sales"]}),
    }  # fmt: skip


def _money() -> Tables:
    lines = {"Sales": ("revenue", 2100.0), "Material and wages": ("cost_of_sales", 1200.0),
             "Rent": ("operating_cost", 300.0), "Machines": ("depreciation", 50.0), "Bank": ("cash", 5000.0),
             "Stock": ("inventory_value", 2400.0)}  # fmt: skip
    actual = [(m, "actual", "Books", name, amount) for m in PAST for name, (_, amount) in lines.items()]
    planned = [(m, "budget", "Books", name, lines[name][1]) for m in AHEAD for name in ("Rent", "Machines")]
    columns = ["month", "scenario", "account_type", "account", "amount"]
    budget = [(m, "Cargo", r, 12.0, 1260.0, 480.0) for m in AHEAD for r in REGIONS]
    return {
        "financials": pd.DataFrame([*actual, *planned], columns=columns),
        "account_map": pd.DataFrame({"account_type": "Books", "account": list(lines),
                                     "line": [line for line, _ in lines.values()]}),
        "budget": pd.DataFrame(budget, columns=["month", "family", "region", "quantity", "revenue",
                                                "gross_margin"]),
    }  # fmt: skip


def company(**replaced: pd.DataFrame) -> Inputs:
    """The company with some tables replaced."""
    return assemble({**tables(), **replaced}, Calendar(FIRST_OPEN, HORIZON), company="Works")


def forecast_of(inputs: Inputs) -> StoredForecast:
    """Ten units a month in each region, without doubt."""
    mean = np.full((1, len(inputs.regions), inputs.calendar.horizon), 10.0)
    names = ("by hand",) * len(inputs.regions)
    return StoredForecast(inputs.calendar.first_open, mean, mean, mean, mean, mean, mean, names)


def planner_of(inputs: Inputs) -> Planner:
    """A planner of the company on its forecast."""
    return Planner(inputs, forecast_of(inputs))


def cash_sales(**values: float) -> Assumptions:
    """Assumptions without payment terms; further values by key, for the whole company or the only scope."""
    scopes = {"launch_slip_months": "Sport", "launch_probability": "Sport", "initiative_confidence": "Lean",
              "initiative_slip_months": "Lean", "event_probability": "Tender"}  # fmt: skip
    return Assumptions({**CASH_SALES, **{(key, scopes.get(key, "")): value for key, value in values.items()}})


def plan_of(inputs: Inputs, **values: float) -> Plan:
    """The company's plan."""
    return planner_of(inputs).build(cash_sales(**values))
