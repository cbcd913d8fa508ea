"""One tiny company whose plan is computed by hand: a made-to-order family on a line that is too short.

Ten orders a month, a standard lead time of exactly one month, six open orders not yet due, and a line of eight
hours at one hour a unit. Due: 6, 10, 10. Nothing can be built ahead, so 6, 8 and 8 are made and shipped, and 0,
2 and 4 are past due. Price 200, standard cost 120, 90 variable and 30 for an hour of labour.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import Calendar, periods_between
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.intake.assemble import assemble

MONTHS = ("2026-01", "2026-02", "2026-03")
PAST = periods_between("2025-01", "2025-12")


def tables() -> dict[str, pd.DataFrame]:
    sales = [(month, "C-1", "North", 10, 2000.0) for month in PAST]
    hours = [(month, "Cell", 8.0) for month in MONTHS]
    ledger = [("2025-12", "actual", "P", "Rent", 500.0), ("2025-12", "actual", "B", "Bank", 1000.0)]
    return {
        "products": pd.DataFrame({
            "product": ["C-1"], "name": ["Cargo"], "family": ["Cargo"], "strategy": ["MTO"], "price": [220.0],
            "unit_cost": [120.0], "standard_lead_time_days": [365.25 / 12], "target_lead_time_days": [30.0],
        }),
        "sales_actuals": pd.DataFrame(sales, columns=["month", "product", "region", "quantity", "revenue"]),
        "inventory": pd.DataFrame({"month": ["2025-12"], "plant": ["Works"], "product": ["C-1"], "opening": [0],
                                   "production": [10], "shipments": [10], "closing": [0]}),
        "order_book": pd.DataFrame({"month": ["2025-12"], "product": ["C-1"], "region": ["North"], "quantity": [6],
                                    "past_due": [0]}),
        "resources": pd.DataFrame({"resource": ["Cell"], "plant": ["Works"], "kind": ["line"]}),
        "capacity": pd.DataFrame(hours, columns=["month", "resource", "capacity_hours"]),
        "routings": pd.DataFrame({"family": ["Cargo"], "resource": ["Cell"], "hours_per_unit": [1.0],
                                  "labour_hours_per_unit": [1.0], "variable_cost": [90.0]}),
        "workforce": pd.DataFrame({"month": ["2025-12", *MONTHS], "plant": "Works", "people": 1.0,
                                   "hours_per_person": 10.0, "max_people": 1.0}),
        "plants": pd.DataFrame({"plant": ["Works"], "labour_rate": [30.0], "overtime_limit_pct": [0.0]}),
        "financials": pd.DataFrame(ledger, columns=["month", "scenario", "account_type", "account", "amount"]),
        "account_map": pd.DataFrame({"account_type": ["P", "B"], "account": ["Rent", "Bank"],
                                     "line": ["operating_cost", "cash"]}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    inputs = assemble(tables(), Calendar("2026-01", horizon=3), company="By hand")
    level = np.full((1, 1, 3), 10.0)
    forecast = StoredForecast("2026-01", level, level, level, level, level, level, ("by hand",))
    # Nothing is released: one person stays, ten hours paid a month, so labour costs 300 whatever is made.
    return build_plan(
        inputs, Assumptions({("dso_days", ""): 0.0, ("dpo_days", ""): 0.0, ("cost_inflation", ""): 0.0}), forecast
    )


def one(plan: Plan, key: str) -> list[float]:
    return plan[key].reshape(3).tolist()


def test_orders_fall_due_a_lead_time_later(plan: Plan) -> None:
    assert one(plan, "consensus_demand") == [10, 10, 10]
    assert one(plan, "due") == [6, 10, 10]


def test_the_line_makes_what_it_can_and_the_rest_is_past_due(plan: Plan) -> None:
    assert one(plan, "production") == [6, 8, 8]
    assert one(plan, "shipments") == [6, 8, 8]
    assert one(plan, "past_due") == [0, 2, 4]
    assert one(plan, "lost_sales") == [0, 0, 0]
    assert one(plan, "order_book") == [10, 12, 14]
    assert one(plan, "utilisation") == [0.75, 1.0, 1.0]


def test_the_lead_time_is_the_standard_one_and_the_wait(plan: Plan) -> None:
    # The last of February's orders is number 16; 14 are shipped by its end and 8 in March: 2/8 of 31 days.
    assert one(plan, "customer_lead_time")[:2] == [30.4, pytest.approx(30.4 + 31 * 2 / 8, abs=0.1)]
    assert one(plan, "due_on_time") == [6, 8, 6]
    assert plan.headline["on_time"] == pytest.approx(20 / 26, abs=1e-4)


def test_money_follows_the_volumes_to_the_cent(plan: Plan) -> None:
    assert one(plan, "total_revenue") == [120_000, 160_000, 160_000]
    assert one(plan, "cost_of_sales") == [72_000, 96_000, 96_000]
    # Labour paid 300 a month, less 30 for each unit made: 120, 60 and 60.
    assert one(plan, "period_variance") == [12_000, 6_000, 6_000]
    assert one(plan, "gross_margin") == [36_000, 58_000, 58_000]
    assert one(plan, "ebit") == [-14_000, 8_000, 8_000], "rent of 500 a month"
    assert one(plan, "cash") == [86_000, 94_000, 102_000], "1000 in the bank, nothing owed, no stock"


def test_headlines_are_read_off_the_same_lines(plan: Plan) -> None:
    assert plan.headline["revenue"] == 440_000
    assert plan.headline["cash"] == 86_000
    assert plan.headline["inventory"] == 0
