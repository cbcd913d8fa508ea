"""Below EBIT: taxes, interest, dividends and debt as the ledger paid them, computed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.core.calendar import Calendar, bucket_of, shift_period
from sop.core.inputs import Inputs, Ledger
from sop.core.measures import BELOW_EBIT
from sop.core.register import Assumptions
from sop.finance.book_findings import book_findings
from sop.finance.financial_plan import Books, FinancialPlan
from sop.finance.financing import BelowEbit, paid_before, plan_financing, plan_tax, realised_tax_rate
from sop.finance.working_capital import days_outstanding, realised_days
from tests.integrated import CASH_SALES, company, planner_of

NOTHING = Assumptions()
BASE = company()
FIRST, YEAR = BASE.calendar.first_open, BASE.calendar.year
PAST = BASE.calendar.history(2 * YEAR)
HORIZON = BASE.calendar.horizon


def with_ledger(budget: dict[str, list[float]] | None = None, **lines: list[float]) -> Inputs:
    """The company with a ledger of two closed years: EBIT of 100 a month, and lines below it."""
    months = (*PAST, *BASE.calendar.months)
    ahead = np.full(HORIZON, np.nan)
    own = {"revenue": [300.0] * 2 * YEAR, "cost_of_sales": [150.0] * 2 * YEAR, "operating_cost": [50.0] * 2 * YEAR}
    actual = {name: np.concatenate([values, ahead]) for name, values in {**own, **lines}.items()}
    planned = {
        name: np.concatenate([np.full(2 * YEAR, np.nan), values]) for name, values in (budget or {}).items()
    }
    balances = {**BASE.position.balances, **({"debt": lines["debt"][-1]} if "debt" in lines else {})}
    position = replace(BASE.position, balances=balances)
    return replace(BASE, ledger=Ledger(months, actual, planned), position=position)


def yearly(**paid: float) -> list[float]:
    """Two years alike: what is paid by place in the year, as `m0=30` for the first of twelve months."""
    year = [paid.get(f"m{place}", 0.0) for place in range(YEAR)]
    return year + year


EBIT = np.full(HORIZON, 10_000, dtype=np.int64)
"""A hundred a month, in minor units."""


def said(inputs: Inputs, values: dict | None = None) -> list[str]:
    """What the plan says of such a ledger."""
    asked, lines = Assumptions(values or {}), {"ebit": EBIT, "cash": EBIT}
    plan = FinancialPlan({**lines, **plan_financing(BelowEbit(inputs), asked, EBIT)})
    return [finding.what for finding in book_findings(Books(inputs), asked, plan)]


def test_taxes_are_the_realised_share_of_profit_in_the_months_of_last_year() -> None:
    quarter = yearly(m2=75, m5=75, m8=75, m11=75)
    inputs = with_ledger(tax=quarter)
    assert realised_tax_rate(inputs) == 0.25
    taxes = plan_financing(BelowEbit(inputs), NOTHING, EBIT)["tax"]
    assert taxes.tolist() == [7_500 if t % 3 == 2 else 0 for t in range(HORIZON)]


def test_profit_since_the_last_payment_is_taxed_with_the_first_one() -> None:
    inputs = with_ledger(tax=yearly(m0=300))
    taxes = plan_financing(BelowEbit(inputs), NOTHING, EBIT)["tax"]
    # Eleven closed months after the payment of a year ago, and the first open one: 12 × 100 × 25%.
    assert taxes[0] == 30_000 and not taxes[1:YEAR].any()


def test_a_loss_is_carried_forward() -> None:
    assert plan_tax(np.array([-40, 100]), 0.0, np.array([True, True]), 0.5).tolist() == [0, 30]


@given(
    st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=24),
    st.floats(0, 0.6),
    st.integers(-5_000, 5_000),
)
def test_taxes_never_exceed_the_rate_on_all_profit_that_was_made(
    profit: list[int], rate: float, start: int
) -> None:
    taxes = plan_tax(np.array(profit), start, np.ones(len(profit), dtype=bool), rate)
    assert (taxes >= 0).all()
    made = max(start, 0) + sum(max(earned, 0) for earned in profit)
    assert taxes.sum() <= made * rate + len(profit)


def test_taxes_in_one_year_only_are_planned_from_that_year_and_named() -> None:
    early = [25.0] * YEAR + [0.0] * YEAR
    inputs = with_ledger(tax=early)
    assert plan_financing(BelowEbit(inputs), NOTHING, EBIT)["tax"].sum() > 0
    assert any("taxes were last paid in the year to" in what for what in said(inputs))


def test_taxes_that_are_no_share_of_a_profit_are_planned_at_an_assumed_rate_and_named() -> None:
    inputs = with_ledger(tax=yearly(m0=2_000))
    assert realised_tax_rate(inputs) is None
    assert any("tax rate of 25% is assumed" in what for what in said(inputs))
    assert not any("tax rate" in what for what in said(inputs, {("tax_rate", ""): 0.3}))


def test_dividends_come_in_last_years_month_and_as_decided() -> None:
    inputs = with_ledger(dividend=yearly(m4=500))
    last = plan_financing(BelowEbit(inputs), NOTHING, EBIT)["dividend"]
    assert [(t, int(v)) for t, v in enumerate(last) if v] == [(t, 50_000) for t in range(4, HORIZON, YEAR)]
    decided = plan_financing(BelowEbit(inputs), Assumptions({("dividend", ""): 200.0}), EBIT)["dividend"]
    assert decided.tolist() == (last * 2 // 5).tolist()
    assert not plan_financing(BelowEbit(inputs), Assumptions({("dividend", ""): 0.0}), EBIT)["dividend"].any()


def test_a_dividend_that_is_only_announced_is_named_and_not_planned() -> None:
    budget = {"dividend": [0.0] * (HORIZON - 1) + [700.0]}
    inputs = with_ledger(budget)
    assert "dividend" not in plan_financing(BelowEbit(inputs), NOTHING, EBIT)
    assert any("a dividend of 700 EUR is budgeted" in what for what in said(inputs))


def test_debt_is_repaid_as_last_year_and_interest_follows_it() -> None:
    owed = [float(value) for value in range(2 * YEAR * 10 + 390, 390, -10)]
    inputs = with_ledger(debt=owed, interest=[5.0] * 2 * YEAR)
    found = plan_financing(BelowEbit(inputs), NOTHING, EBIT)
    assert found["debt"][:2].tolist() == [39_000, 38_000], "400 are owed, 10 a month are repaid"
    assert found["interest"][0] == round(500 * 400 / np.mean(owed[-YEAR - 1 :]))
    borrowed = plan_financing(BelowEbit(inputs), Assumptions({("borrowing", ""): 100.0}), EBIT)["debt"]
    assert (borrowed - found["debt"]).tolist() == [10_000] * HORIZON


def test_a_ledger_without_anything_below_profit_has_operating_cash() -> None:
    plan = planner_of(BASE).build(CASH)
    assert "cash" in plan and not any(key in plan for key in BELOW_EBIT)
    assert plan.label("cash") == "Operating cash" and not plan.cash_is_whole
    assert [entry.label for entry in plan.headline_measures if entry.key == "cash"] == ["Operating cash"]


CASH = Assumptions(CASH_SALES)


def test_days_outstanding_undo_the_count_back() -> None:
    assert days_outstanding(np.array([310.0, 280.0]), [31, 28], 280 + 310 * 17 / 31) == pytest.approx(45)
    assert np.isnan(days_outstanding(np.array([310.0]), [31], 500.0)), "more than was sold"
    assert np.isnan(days_outstanding(np.array([310.0]), [31], -5.0)), "customers who paid ahead"


def test_receivables_that_say_nothing_leave_the_days_assumed() -> None:
    inputs = with_ledger(receivables=[-10.0] * 2 * YEAR)
    assert realised_days(inputs, "receivables") is None


@pytest.mark.parametrize("paid", ["2026-W20", "2026-P05", "2026-Q2"])
def test_what_is_paid_on_a_date_is_planned_on_it_in_every_calendar(paid: str) -> None:
    calendar = Calendar(shift_period(paid, 3), 2 * bucket_of(paid).a_year)
    closed = calendar.history(2 * calendar.year)
    ledger = Ledger(closed, {"dividend": np.where(np.array(closed) == paid, 500.0, 0.0)}, {})
    found = paid_before(ledger, "dividend", calendar)
    assert found is not None
    ahead = dict(zip(calendar.months, found.over(calendar.horizon).tolist(), strict=True))
    assert {month: amount for month, amount in ahead.items() if amount} == {
        shift_period(paid, years * calendar.year): 500.0 for years in (1, 2)
    }
