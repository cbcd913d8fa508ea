"""Odd ledgers and levers planned: the plan goes on with what is known, and says what is not, where and what helps.

Companies are the one by hand with tables changed, so that each figure can be followed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.effects import effect_of
from sop.analysis.gate.plan_lines import plan_gate
from sop.core.findings import Finding
from sop.core.format import number
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.terms import PlanName
from sop.finance.working_capital import realised_days
from sop.views.plan_findings import money_findings
from tests import integrated
from tests.integrated import AHEAD, PAST
from tests.trials import trial_on

LAST_YEAR, YEAR_BEFORE = PAST[12:], PAST[:12]
QUARTERS = slice(2, None, 3)
Booked = Mapping[tuple[str, str], float]
"""Amounts of an account by month and scenario."""


def actual(months: list[str], amount: float) -> Booked:
    return dict.fromkeys(((month, "actual") for month in months), amount)


def books(**accounts: Booked) -> dict[str, pd.DataFrame]:
    """The ledger of the company with more accounts, each named by its line."""
    tables = integrated.tables()
    rows = [(m, s, "Books", line, v) for line, booked in accounts.items() for (m, s), v in booked.items()]
    lines = pd.DataFrame({"account_type": "Books", "account": list(accounts), "line": list(accounts)})
    more = pd.DataFrame(rows, columns=["month", "scenario", "account_type", "account", "amount"])
    return {
        "financials": pd.concat([tables["financials"], more]),
        "account_map": pd.concat([tables["account_map"], lines]),
    }


def planned(assumptions: Mapping[tuple[str, str], float] | None = None, **accounts: Booked) -> tuple[Inputs, Plan]:
    inputs = integrated.company(**books(**accounts))
    return inputs, integrated.planner_of(inputs).build(Assumptions(assumptions or {}))


def said(plan: Plan, words: str) -> Finding:
    """The one finding of a plan that says so."""
    (found,) = (finding for finding in plan.findings if words in finding.what)
    return found


def euros(plan: Plan, line: str) -> list[float]:
    return (np.asarray(plan[line]) / 100).tolist()


TAX = actual(LAST_YEAR[QUARTERS], 30.0)
"""Taxes of 30 a quarter: so cash is whole."""


def test_taxes_of_one_year_only_are_planned_as_that_year_and_named() -> None:
    _, as_last = planned(tax=TAX)
    for early in (
        actual(YEAR_BEFORE[QUARTERS], 30.0),
        {**actual(LAST_YEAR, 0.0), **actual(YEAR_BEFORE[QUARTERS], 30.0)},
    ):
        _, plan = planned(tax=early)
        assert plan.cash_is_whole and np.asarray(plan["tax"]).sum() > 0
        assert euros(plan, "tax") == euros(as_last, "tax"), "both years earned the same"
        found = said(plan, "taxes were last paid in the year to Dec 2024")
        assert found.table == "financials" and "Tax rate" in found.remedy
    assert not any("last paid" in finding.what for finding in as_last.findings)


def test_a_refund_is_no_rate_and_the_assumed_one_is_named() -> None:
    _, plan = planned(tax=actual(LAST_YEAR[QUARTERS], -30.0))
    assert said(plan, "the tax rate of 25% is assumed").remedy == "Set 'Tax rate' on Assumptions"


@pytest.mark.parametrize("before", [0.0, 300.0], ids=["never paid", "paid last year"])
def test_a_dividend_that_is_announced_and_not_paid_is_named_with_what_is_planned(before: float) -> None:
    announced = {("2026-05", "budget"): 700.0, **({("2025-05", "actual"): before} if before else {})}
    _, plan = planned(tax=TAX, dividend=announced)
    found = said(plan, "a dividend of 700 EUR is budgeted in May 2026")
    assert found.level == "warning" and found.remedy == "Set 'Dividend' on Assumptions"
    if before:
        assert euros(plan, "dividend")[4] == before and "300 EUR are planned until it is decided" in found.what
    else:
        assert "dividend" not in plan and "none is planned until it is decided" in found.what
    _, decided = planned({("dividend", ""): 700.0}, tax=TAX, dividend=announced)
    assert sum(euros(decided, "dividend")) == 700.0
    assert not any(finding.rule == "dividend_announced" for finding in decided.findings)


@pytest.mark.parametrize(
    "booked",
    [actual(PAST, -400.0), {**actual(PAST, 400.0), (PAST[-1], "actual"): -400.0}, actual(PAST, 90_000.0)],
    ids=["negative", "negative at last", "more than years of sales"],
)
@pytest.mark.parametrize("line", ["receivables", "payables"])
def test_a_balance_that_says_no_days_brings_no_cash_and_is_named(line: str, booked: Booked) -> None:
    _, without = planned()
    _, plan = planned(**{line: booked})
    amount = booked[PAST[-1], "actual"]
    found = said(plan, f"{line} are {'negative: ' if amount < 0 else ''}")
    assert found.level == "warning" and "an assumed" in found.what and "account_map" in found.remedy
    assert euros(plan, "cash") == pytest.approx(euros(without, "cash"), abs=0.02), "as if days alone were assumed"
    opening = plan.detail.opening[line] / 100
    assert opening == amount, "the ledger's own balance is where it starts"
    moved = np.array(euros(plan, line)) - np.array(euros(without, line))
    assert moved == pytest.approx(np.full(12, moved[0]), abs=0.02), "what nobody understands stays as it is"


def test_days_that_nobody_says_are_named_and_days_that_differ_say_what_they_are_worth() -> None:
    _, plan = planned()
    assert "Map receivables in account_map" in said(plan, "customers are taken to pay after an assumed 45").remedy
    assert said(plan, "suppliers are taken to be paid after an assumed 30 days")
    given_days = {("dso_days", ""): 45.0, ("dpo_days", ""): 30.0}
    assert not any("days" in finding.what for finding in planned(given_days)[1].findings)
    owed = actual(PAST, 3000.0)
    inputs, real = planned(receivables=owed)
    assert not any("customers" in finding.what for finding in real.findings), "46 and a half days, by the ledger"
    trial = trial_on(inputs, integrated.planner_of(inputs), Assumptions())
    hoped = trial.with_values({("dso_days", ""): 20.0})
    worth = effect_of(real, hoped).cash_low
    assert worth is not None and worth > 0
    days = realised_days(inputs, "receivables")
    told = said(
        hoped, f"customers are taken to pay after 20 days, and it was after {days:g} in the last quarter"
    ).what
    assert f"that is worth {number(worth / 100)} EUR" in told


def test_interest_without_a_debt_and_a_debt_below_nothing_are_named_and_bring_no_cash() -> None:
    _, plan = planned(interest=actual(PAST, 5.0))
    assert euros(plan, "interest") == [5.0] * 12 and said(plan, "interest is planned as it was paid last")
    _, odd = planned(interest=actual(PAST, 5.0), debt=actual(PAST, -500.0))
    assert euros(odd, "debt") == [-500.0] * 12 and euros(odd, "cash") == euros(plan, "cash")
    assert said(odd, "debt is −500 EUR in Dec 2025").remedy == "Check the sign of the account in account_map"


def test_all_of_it_stands_on_the_page_and_at_the_gate_and_none_of_it_limits_the_plan() -> None:
    inputs, plan = planned(receivables=actual(PAST, -400.0), dividend={("2026-05", "budget"): 700.0}, tax=TAX)
    told = money_findings(plan)
    assert len(told) == len(plan.detail.booked) and told[0].startswith(("Receivables", "A dividend")), (
        "warnings first"
    )
    lines = plan_gate(plan, inputs, Assumptions(), ())
    for finding in plan.detail.booked:
        (line,) = (line for line in lines if finding.what in line.what)
        assert line.level == ("amber" if finding.level == "warning" else "info") and line.remedy
    assert (
        plan.availability[PlanName.FINANCIAL].available and "days" not in plan.availability[PlanName.FINANCIAL].why
    )


AMOUNTS = st.sampled_from([-90_000.0, -400.0, 0.0, 400.0, 3000.0, 90_000.0])


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.sampled_from(["receivables", "payables", "debt", "interest", "tax", "dividend"]),
                       st.tuples(AMOUNTS, st.sampled_from([PAST, YEAR_BEFORE, LAST_YEAR, PAST[-1:], AHEAD])),
                       max_size=4))  # fmt: skip
def test_whatever_the_ledger_holds_below_profit_is_planned_in_finite_figures_and_assumptions_are_named(
    accounts: dict[str, tuple[float, list[str]]],
) -> None:
    booked = {
        line: {(month, "budget" if months is AHEAD else "actual"): amount for month in months}
        for line, (amount, months) in accounts.items()
    }
    inputs, plan = planned(**booked)
    assert "cash" in plan and np.isfinite(np.asarray(plan["cash"], float)).all()
    words = " ".join(finding.what for finding in plan.findings)
    for line, who in (
        ("receivables", "customers are taken to pay"),
        ("payables", "suppliers are taken to be paid"),
    ):
        realised = line in inputs.position.balances and who not in words
        assert realised or "an assumed" in words, "days are the ledger's, or said to be assumed"
    assert all(finding.what and finding.remedy and finding.table for finding in plan.detail.booked)
