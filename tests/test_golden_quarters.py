"""The golden company in quarters: the engine counts periods, and only the calendar knows how long one is.

Thirty orders a quarter, a standard lead time of exactly one quarter, eighteen open orders not yet due, and a line
of 24 hours at one hour a unit. Due: 18, 30, 30. 18, 24 and 24 are made and shipped; 0, 6 and 12 are past due.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.agreement.identities import check_identities
from sop.core.calendar import Calendar, periods_between
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.intake.assemble import assemble
from tests.test_golden_company import tables

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
PAST = periods_between("2025-Q1", "2025-Q4")


def quarterly() -> dict[str, pd.DataFrame]:
    """The golden company's tables, three times as much in each period."""
    sales = [(quarter, "C-1", "North", 30, 6000.0) for quarter in PAST]
    ledger = [("2025-Q4", "actual", "P", "Rent", 1500.0), ("2025-Q4", "actual", "B", "Bank", 3000.0)]
    found = tables()
    return found | {
        "products": found["products"].assign(standard_lead_time_days=365.25 / 4),
        "sales_actuals": pd.DataFrame(sales, columns=["month", "product", "region", "quantity", "revenue"]),
        "inventory": found["inventory"].assign(month="2025-Q4", production=[30], shipments=[30]),
        "order_book": found["order_book"].assign(month="2025-Q4", quantity=[18]),
        "capacity": pd.DataFrame({"month": QUARTERS, "resource": "Cell", "capacity_hours": 24.0}),
        "workforce": pd.DataFrame({"month": ["2025-Q4", *QUARTERS], "plant": "Works", "people": 1.0,
                                   "hours_per_person": 30.0, "max_people": 1.0}),
        "financials": pd.DataFrame(ledger, columns=["month", "scenario", "account_type", "account", "amount"]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan in quarters."""
    inputs = assemble(quarterly(), Calendar("2026-Q1", horizon=3), company="By hand, in quarters")
    level = np.full((1, 1, 3), 30.0)
    forecast = StoredForecast("2026-Q1", level, level, level, level, level, level, ("by hand",))
    values = {("dso_days", ""): 0.0, ("dpo_days", ""): 0.0, ("cost_inflation", ""): 0.0}
    return build_plan(inputs, Assumptions(values), forecast)


def one(plan: Plan, key: str) -> list[float]:
    """A measure by quarter."""
    return plan[key].reshape(3).tolist()


def test_orders_fall_due_a_quarter_later_and_the_line_makes_what_it_can(plan: Plan) -> None:
    assert plan.months == QUARTERS
    assert one(plan, "due") == [18, 30, 30]
    assert one(plan, "production") == one(plan, "shipments") == [18, 24, 24]
    assert one(plan, "past_due") == [0, 6, 12]
    assert one(plan, "utilisation") == [0.75, 1.0, 1.0]


def test_the_wait_is_counted_in_days_of_the_quarter(plan: Plan) -> None:
    # The last of the second quarter's orders is number 48; 42 are shipped by its end, 24 in the next: 6/24 of 92.
    assert one(plan, "customer_lead_time")[:2] == [91.3, pytest.approx(91.3 + 92 * 6 / 24, abs=0.1)]


def test_money_follows_the_volumes_to_the_cent(plan: Plan) -> None:
    assert one(plan, "total_revenue") == [360_000, 480_000, 480_000]
    assert one(plan, "ebit") == [-42_000, 24_000, 24_000], "rent of 1500 and 900 for labour a quarter"
    assert one(plan, "cash") == [258_000, 282_000, 306_000]


def test_every_identity_holds(plan: Plan) -> None:
    inputs = assemble(quarterly(), Calendar("2026-Q1", horizon=3), company="By hand, in quarters")
    assert check_identities(plan, inputs) == ()


def test_headlines_are_read_off_the_next_four_quarters(plan: Plan) -> None:
    assert plan.headline["revenue"] == 1_320_000
    assert plan.calendar.year == 4
