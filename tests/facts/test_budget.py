"""One budget for every page: the budget table where it has the line, else the ledger's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sop.analysis.comparison.compare import headline_of_budget
from sop.core.inputs import Budget, Inputs, Ledger
from sop.facts.actuals import budget_of
from tests.tiny import tiny_calendar, tiny_inputs

MONTHS = tiny_calendar(12).months


def company(budget: Budget | None, **lines: float) -> Inputs:
    """A company whose ledger budgets these lines in each of twelve months."""
    ledger = Ledger(MONTHS, {}, {name: np.full(12, value) for name, value in lines.items()})
    return replace(tiny_inputs(), ledger=ledger, budget=budget)


def table(revenue: float, margin: float | None) -> Budget:
    """A budget of one family and region."""
    cells = np.ones((1, 1, 12))
    return Budget(MONTHS, cells, cells * revenue, None if margin is None else cells * margin)


def test_the_headline_target_of_ebit_rests_on_the_margin_of_the_budget_table() -> None:
    inputs = company(table(4000, 1300), revenue=3300, cost_of_sales=2200, operating_cost=550, depreciation=50)
    # 1 300 − 550 − 50 a month; the ledger's own margin of 1 100 would make 500.
    assert headline_of_budget(inputs)["ebit"] == 12 * 70_000
    assert budget_of(inputs, "ebit", MONTHS[:1]).tolist() == [70_000]
    assert headline_of_budget(inputs)["gross_margin"] == 12 * 130_000


def test_without_a_budget_table_the_ledger_names_every_target() -> None:
    inputs = company(None, revenue=3300, cost_of_sales=2200, operating_cost=550, cash=90)
    found = headline_of_budget(inputs)
    assert (found["revenue"], found["gross_margin"]) == (12 * 330_000, 12 * 110_000)
    # Depreciation is not budgeted: nothing is taken off for it.
    assert (found["ebit"], found["cash"]) == (12 * 55_000, 9_000)


def test_a_line_that_no_budget_has_is_not_known() -> None:
    found = headline_of_budget(company(table(4000, None), operating_cost=550))
    assert found == {"revenue": 12 * 400_000, "gross_margin": None, "ebit": None, "cash": None}


def test_a_month_outside_the_budget_leaves_the_year_unknown() -> None:
    inputs = company(table(4000, 1300), operating_cost=550)
    assert np.isnan(budget_of(inputs, "total_revenue", ("1999-01",))[0])


def test_a_signed_plan_is_held_against_the_budget_of_its_own_months() -> None:
    inputs = company(table(4000, 1300), operating_cost=550)
    assert headline_of_budget(inputs, months=MONTHS[:3])["revenue"] == 3 * 400_000
