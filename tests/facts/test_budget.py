"""One budget for every page: the budget table where it has the line, else the ledger's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sop.analysis.comparison.bridge import budget_by_family
from sop.analysis.comparison.changes import plan_of_budget
from sop.analysis.comparison.compare import headline_of_budget
from sop.core.inputs import Budget, Inputs, Ledger
from sop.facts.actuals import budget_of
from sop.finance.explained import budget_gap
from sop.intake.assemble import assemble
from sop.intake.blocks.coarse import part_findings, partial_months, uncovered_by
from sop.views import series
from sop.views.financial.walks import explain_budget
from sop.views.timeline import PlanContext
from tests.companies import Shape, calendar_of, company_tables
from tests.tiny import tiny_calendar, tiny_inputs, tiny_plan

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


# -- a budget of some families only


def part(**others: object) -> Inputs:
    """A company whose budget says what bikes are to bring and nothing of cargo bikes."""
    cells = np.full((2, 1, 12), np.nan)
    cells[0] = 1.0
    told = Budget(MONTHS, 10 * cells, 1000 * cells, 300 * cells)
    left_out = uncovered_by(told, ("Bikes", "Cargo"), np.array([[120.0], [24.0]]), np.array([[12e3], [24e3]]))
    assert left_out == ("Cargo",)
    return company(replace(told, uncovered=left_out), **others)


def test_a_budget_of_some_families_is_held_against_them_and_never_against_all() -> None:
    """12 000 are budgeted of bikes, and bikes and cargo bikes bring 36 000: nobody is 24 000 above budget."""
    inputs = part()
    plan = tiny_plan(revenue=[[[1000_00]], [[2000_00]]], shipments=[[[10]], [[2]]])
    assert headline_of_budget(inputs) == {"revenue": None, "gross_margin": None, "ebit": None, "cash": None}
    assert plan_of_budget(inputs) is None and budget_by_family(inputs) is None
    assert budget_gap(inputs, plan, plan.months) is None
    assert explain_budget(inputs, plan).notes == (
        "The budget says nothing of Cargo, or not of all their regions, so no gap of the company is told.",
    )
    context = PlanContext(inputs=inputs, plan=plan)
    told = {
        f: series.revenue(context, f).budget[context.past :] for f in (None, "Bikes", "Cargo", ("Bikes", "Cargo"))
    }
    assert told["Bikes"].tolist() == [1000_00] * 12
    assert np.isnan([told[None], told["Cargo"], told["Bikes", "Cargo"]]).all()
    (finding,) = part_findings(inputs.budget, ("Bikes", "Cargo"))
    assert "says nothing of Cargo" in finding.what and "only Bikes can be set against it" in finding.what


def test_a_family_budgeted_in_some_months_is_compared_in_those_that_all_have() -> None:
    """Cargo bikes are budgeted in the first four months alone, bikes in all twelve."""
    cells = np.ones((2, 1, 12))
    cells[1, 0, 4:] = np.nan
    told = Budget(MONTHS, 10 * cells, np.array([1000.0, 2000.0])[:, None, None] * cells, 300 * cells)
    sold = np.array([[12e3], [24e3]])
    assert uncovered_by(told, ("Bikes", "Cargo"), sold, sold) == (), "it is told in some month"
    assert partial_months(told, sold, sold) == MONTHS[4:]
    assert partial_months(told, sold, np.array([[12e3], [10.0]])) == (), "so little may be missing"
    assert partial_months(told, sold * [[1], [0]], sold * [[1], [0]]) == (), "what never sold is not missed"
    inputs = company(replace(told, partial=partial_months(told, sold, sold)))
    plan = tiny_plan(revenue=[[[1100_00]], [[2000_00]]], shipments=[[[11]], [[2]]])
    assert headline_of_budget(inputs)["revenue"] is None, "not of twelve months"
    found = budget_gap(inputs, plan, plan.months)
    assert found is not None and (found.months, found.without_budget) == (MONTHS[:4], MONTHS[4:])
    assert found.revenue.now - found.revenue.base == 4 * 100_00
    assert explain_budget(inputs, plan).notes[0].startswith("No budget for May")
    base = plan_of_budget(inputs)
    assert base is not None and base.months == MONTHS[:4] and budget_by_family(inputs) is None
    context = PlanContext(inputs=inputs, plan=plan)
    shown = series.revenue(context, None).budget[context.past :]
    assert shown[:4].tolist() == [3000_00] * 4 and np.isnan(shown[4:]).all()
    assert series.revenue(context, "Bikes").budget[context.past :].tolist() == [1000_00] * 12
    (finding,) = part_findings(inputs.budget, ("Bikes", "Cargo"))
    assert "says nothing of Cargo in " in finding.what and "in the other months alone" in finding.what


def test_the_ledgers_budget_of_the_company_counts_where_the_table_is_of_a_part() -> None:
    found = headline_of_budget(part(revenue=3300, cost_of_sales=2200, operating_cost=550))
    assert (found["revenue"], found["gross_margin"], found["ebit"]) == (12 * 330_000, 12 * 110_000, 12 * 55_000)


def test_a_budget_may_leave_out_a_stray_sale_and_not_a_region() -> None:
    told = Budget(MONTHS, np.full((1, 2, 12), np.nan), np.full((1, 2, 12), np.nan), None)
    told.revenue[0, 0] = 1000.0
    sold = np.array([[99_500.0, 500.0]])
    assert uncovered_by(told, ("Bikes",), sold, sold) == ()
    assert uncovered_by(told, ("Bikes",), sold, np.array([[90e3, 10e3]])) == ("Bikes",)
    assert uncovered_by(told, ("Bikes",), np.zeros((1, 2)), np.zeros((1, 2))) == (), (
        "what never sold is not missed"
    )


def test_a_loaded_budget_says_of_which_families_it_tells_nothing() -> None:
    tables = company_tables(Shape(history=14, horizon=8, products=4, families=2))
    first, second = sorted(set(tables["products"]["family"]))
    months = [calendar_of(Shape(horizon=8)).at(t) for t in range(8)]
    rows = pd.DataFrame({"month": months, "family": first, "region": "", "quantity": 10.0, "revenue": 900.0})
    inputs = assemble({**tables, "budget": rows}, calendar_of(Shape(horizon=8)))
    assert inputs.budget.uncovered == (second,)
    assert any(f.rule == "budget_of_a_part" and second in f.what for f in inputs.findings)
