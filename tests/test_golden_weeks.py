"""The golden company in weeks, by hand; its monthly tables in a company of weeks add up to the same cent.

Ten orders a week, a standard lead time of exactly one week, six open orders not yet due, and a line of eight hours
at one hour a unit. Due: 6, 10, 10. 6, 8 and 8 are made and shipped; 0, 2 and 4 are past due.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop.agreement.identities import check_identities
from sop.core.calendar import MONTH as MONTHLY
from sop.core.calendar import Calendar, period_in, periods_between, shift_period
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.intake.assemble import assemble
from sop.intake.blocks.in_calendar import in_calendar
from tests.test_golden_company import tables

FIRST, LAST_CLOSED = "2026-W27", "2026-W26"
WEEKS = periods_between(FIRST, "2026-W29")
PAST = periods_between("2025-W27", LAST_CLOSED)
VALUES = {("dso_days", ""): 0.0, ("dpo_days", ""): 0.0, ("cost_inflation", ""): 0.0}


def weekly() -> dict[str, pd.DataFrame]:
    """The golden company's tables with its months as weeks."""
    sales = [(week, "C-1", "North", 10, 2000.0) for week in PAST]
    ledger = [(LAST_CLOSED, "actual", "P", "Rent", 500.0), (LAST_CLOSED, "actual", "B", "Bank", 1000.0)]
    found = tables()
    return found | {
        "products": found["products"].assign(standard_lead_time_days=7.0),
        "sales_actuals": pd.DataFrame(sales, columns=["month", "product", "region", "quantity", "revenue"]),
        "inventory": found["inventory"].assign(month=LAST_CLOSED),
        "order_book": found["order_book"].assign(month=LAST_CLOSED),
        "capacity": pd.DataFrame({"month": WEEKS, "resource": "Cell", "capacity_hours": 8.0}),
        "workforce": pd.DataFrame({"month": [LAST_CLOSED, *WEEKS], "plant": "Works", "people": 1.0,
                                   "hours_per_person": 10.0, "max_people": 1.0}),
        "financials": pd.DataFrame(ledger, columns=["month", "scenario", "account_type", "account", "amount"]),
    }  # fmt: skip


def planned(found: dict[str, pd.DataFrame], calendar: Calendar, level: float = 10.0) -> Plan:
    """The plan of these tables with as many orders in every period."""
    inputs = assemble(found, calendar, company="By hand")
    orders = np.full((1, 1, calendar.horizon), level)
    forecast = StoredForecast(
        calendar.first_open, orders, orders, orders, orders, orders, orders, method=("by hand",)
    )
    plan = build_plan(inputs, Assumptions(VALUES), forecast)
    assert check_identities(plan, inputs) == ()
    return plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan in weeks."""
    return planned(weekly(), Calendar(FIRST, horizon=3))


def one(plan: Plan, key: str) -> list[float]:
    """A measure by week."""
    return plan[key].reshape(-1).tolist()


def test_orders_fall_due_a_week_later_and_the_line_makes_what_it_can(plan: Plan) -> None:
    assert plan.months == WEEKS
    assert one(plan, "due") == [6, 10, 10]
    assert one(plan, "production") == one(plan, "shipments") == [6, 8, 8]
    assert one(plan, "past_due") == [0, 2, 4]
    assert one(plan, "utilisation") == [0.75, 1.0, 1.0]


def test_the_wait_is_counted_in_days_of_the_week(plan: Plan) -> None:
    # The last of the second week's orders is number 16; 14 are shipped by its end, 8 in the next: 2/8 of 7 days.
    assert one(plan, "customer_lead_time")[:2] == [7.0, pytest.approx(7 + 7 * 2 / 8, abs=0.1)]


def test_money_follows_the_volumes_to_the_cent(plan: Plan) -> None:
    assert one(plan, "total_revenue") == [120_000, 160_000, 160_000]
    assert one(plan, "ebit") == [-14_000, 8_000, 8_000], "rent of 500 and 300 for labour a week"
    assert one(plan, "cash") == [86_000, 94_000, 102_000]
    assert plan.near_text == "3 weeks"


def yearly(found: dict[str, pd.DataFrame], first: str, horizon: int, orders: float) -> Plan:
    """A year of the golden company; everything it has by month is in its tables to the end of the plan."""
    months = periods_between("2026-01", "2027-02")
    return planned(found | {
        "capacity": pd.DataFrame({"month": months, "resource": "Cell", "capacity_hours": 80.0}),
        "workforce": pd.DataFrame({"month": ["2025-12", *months], "plant": "Works", "people": 1.0,
                                   "hours_per_person": 100.0, "max_people": 1.0}),
    }, Calendar(first, horizon), orders)  # fmt: skip


def test_a_company_planned_in_weeks_from_its_monthly_tables_agrees_with_its_months() -> None:
    # 2026-01 begins on a Thursday; the plan in weeks from the Monday after has three working days less.
    found = tables()
    months = yearly(found, "2026-01", 12, 10.0)
    last = "2026-W01"
    moved = {
        "inventory": found["inventory"].assign(month=last), "order_book": found["order_book"].assign(month=last),
    }  # fmt: skip
    sold = pd.concat([
        found["sales_actuals"],
        pd.DataFrame({"month": [last], "product": "C-1", "region": "North", "quantity": 2, "revenue": 400.0}),
    ])  # fmt: skip
    weeks = yearly(found | moved | {"sales_actuals": sold}, "2026-W02", 52, 10 * 12 / 52)
    assert sum(one(weeks, "consensus_demand")) == sum(one(months, "consensus_demand")) == 120
    # What is due later differs by the orders of a lead time: a month's ten, against as many days in weeks.
    assert sum(one(weeks, "shipments")) == pytest.approx(sum(one(months, "shipments")), abs=3)
    assert sum(one(weeks, "total_revenue")) == pytest.approx(sum(one(months, "total_revenue")), abs=3 * 20_000)
    assert sum(one(weeks, "gross_margin")) == pytest.approx(sum(one(months, "gross_margin")), rel=3 / 261 + 0.005)
    # The ledger is December's alone, of which a week has 5 of 23 working days.
    assert sum(one(weeks, "operating_cost")) == pytest.approx(52 * 50_000 * 5 / 23, abs=52)


def test_monthly_tables_are_shared_by_working_days_and_add_up_to_the_same_cent() -> None:
    found = tables()
    inputs = assemble(found, Calendar("2026-W01", horizon=8))
    weeks = inputs.history.months
    assert (weeks[0], weeks[-1]) == ("2025-W02", "2025-W52"), "the first week is known in part, and is no week"
    # The three working days of January before it, and 29 to 31 December, which are of the open week.
    assert inputs.history.shipped.sum() == pytest.approx(120 - round(30 / 23, 2) - round(30 / 23, 2), abs=0.011)
    january = inputs.history.shipped[0, 0, : weeks.index("2025-W05")].sum()
    assert january == pytest.approx(10 * 15 / 23, abs=0.011), "15 of 23 working days lie from 6 to 26 January"


def test_a_monthly_budget_in_weeks_adds_up_to_the_same_cent() -> None:
    months = periods_between("2026-01", "2026-12")
    given = pd.DataFrame({
        "month": months, "family": "Cargo", "region": "North", "quantity": [7.0 + at for at in range(12)],
        "revenue": [1234.57 + 100.01 * at for at in range(12)], "gross_margin": [-333.33] * 12,
    })  # fmt: skip
    moved = in_calendar({"budget": given}, Calendar("2026-W01", 8))["budget"]
    assert set(moved["month"]) == set(periods_between("2026-W01", "2026-W53"))
    for column in ("quantity", "revenue", "gross_margin"):
        assert round(moved[column].sum(), 2) == round(given[column].sum(), 2), column
    june = moved[moved["month"].between("2026-W23", "2026-W26")]["revenue"].sum()
    part = given["revenue"][5] * 2 / 22  # 29 and 30 June are of the week that begins then.
    assert june == pytest.approx(given["revenue"][5] - part, abs=0.011)
    back = in_calendar({"budget": moved}, Calendar("2026-01", 8))["budget"]
    assert round(back["revenue"].sum(), 2) == round(given["revenue"].sum(), 2)


def test_stock_is_carried_from_its_opening_to_its_closing_and_balances_stand_until_the_next() -> None:
    stock = pd.DataFrame({
        "month": ["2026-05", "2026-06"], "plant": "Works", "product": "C-1", "opening": [100.0, 142.0],
        "production": [84.0, 44.0], "shipments": [42.0, 22.0], "closing": [142.0, 164.0],
        "subcontract_receipts": np.nan, "adjustments": np.nan,
    })  # fmt: skip
    ledger = pd.DataFrame({
        "month": ["2026-05", "2026-06"], "scenario": "actual", "account_type": "B", "account": "Bank",
        "amount": [500.0, 700.0], "unit": None,
    })  # fmt: skip
    found = in_calendar(
        {"inventory": stock, "financials": ledger, "account_map": tables()["account_map"]}, Calendar("2026-W27", 8)
    )
    moved = found["inventory"].set_index("month")
    assert moved.loc["2026-W26", "closing"] == 142 + 22 * 20 / 22, "20 of June's 22 working days"
    change = moved["production"] - moved["shipments"]
    assert (moved["opening"] + change - moved["closing"]).abs().max() < 0.011
    bank = found["financials"].set_index("month")["amount"]
    assert [bank[week] for week in ("2026-W22", "2026-W26", "2026-W27")] == [500.0, 500.0, 700.0]
    only_june = in_calendar(
        {"financials": ledger.iloc[1:], "account_map": tables()["account_map"]}, Calendar("2026-W27", 8)
    )["financials"].set_index("month")["amount"]
    assert only_june["2026-W26"] == 700.0, "what a plan opens with is the nearest that is known"


def test_weekly_tables_in_a_company_of_months_are_added_up_and_rates_are_means() -> None:
    weeks = periods_between("2026-W01", "2026-W53")
    capacity = pd.DataFrame({
        "month": weeks, "resource": "Cell", "capacity_hours": 40.0, "efficiency": 0.9, "extra_hours": np.nan,
        "extra_hour_price": np.nan, "extra_lead_months": np.nan,
    })  # fmt: skip
    found = in_calendar({"capacity": capacity}, Calendar("2026-01", 12))["capacity"].set_index("month")
    assert list(found.index) == list(periods_between("2026-01", "2026-12")), "parts of months are no months"
    assert found.loc["2026-06", "capacity_hours"] == pytest.approx(22 * 8)
    assert found["efficiency"].tolist() == [0.9] * 12


def test_people_of_a_period_that_begins_in_one_month_and_ends_in_another_are_whole() -> None:
    staff = pd.DataFrame({
        "month": ["2026-12", "2026-11"], "plant": "Works", "people": [74.0, 72.0],
        "hours_per_person": [160.0, 150.0], "max_people": [80.0, 75.0],
    })  # fmt: skip
    found = in_calendar({"workforce": staff}, Calendar("2026-W45", 8))["workforce"].set_index("month")
    # Monday 30 November is of the week that ends in December.
    assert found.loc[["2026-W48", "2026-W49"], ["people", "max_people"]].to_numpy().tolist() == [
        [72, 75],
        [74, 80],
    ]


def test_a_week_belongs_to_the_month_that_has_most_of_it() -> None:
    assert [period_in(week, MONTHLY) for week in ("2026-W27", "2026-W31", "2026-W32")] == [
        "2026-07", "2026-07", "2026-08",
    ]  # fmt: skip


def test_a_plan_of_weeks_has_the_same_digest_twice() -> None:
    once, again = (planned(weekly(), Calendar(FIRST, horizon=3)) for _ in range(2))
    assert once.lines == again.lines
    assert shift_period(FIRST, -1) == LAST_CLOSED
    assert replace(once.calendar, horizon=3) == again.calendar
