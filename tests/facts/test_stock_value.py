"""What stock is worth: its units at current standard cost, in closed months and in plans, beside the ledger's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.explain.explain import explain_measure
from sop.analysis.explain.parts import Place
from sop.core.inputs import Inputs
from sop.core.measures import measure
from sop.core.plan import Plan, PlanDetail, plan_of_lines
from sop.core.register import Assumptions
from sop.facts.actuals import actual_of
from sop.facts.stock_value import standard_cost, stock_of_families, stock_of_tables
from sop.finance.ledger import reconcile_stock
from sop.views import series
from sop.views.financial.detail import operating_cost_note, stock_note
from sop.views.sheet_blocks import money_part
from sop.views.timeline import PlanContext
from tests.integrated import company, plan_of

COST = 60.0


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """Forty units at 60 each, and 2,400 in the ledger."""
    return company()


@pytest.fixture(scope="module")
def plan(inputs: Inputs) -> Plan:
    """From April a unit costs 54, an initiative's doing."""
    return plan_of(inputs)


def in_words(minor: float) -> str:
    return f"{minor / 100:,.0f} EUR"


def frozen(plan: Plan) -> Plan:
    return plan_of_lines(
        plan.lines,
        plan.calendar,
        company=plan.company,
        currency=plan.currency,
        availability=plan.availability,
        headline=plan.headline,
    )


# -- closed months


def test_closed_stock_is_the_tables_units_at_todays_cost(inputs: Inputs) -> None:
    found = stock_of_tables(inputs)
    assert found is not None and found.values.tolist() == [240_000.0]
    assert actual_of(inputs, "stock_value", ("2025-12",)).tolist() == [240_000.0]


def test_the_ledgers_account_stands_beside_it_and_is_never_mixed_in(inputs: Inputs) -> None:
    assert inputs.ledger is not None
    booked = {**inputs.ledger.actual, "inventory_value": np.full(len(inputs.ledger.months), 1000.0)}
    apart = replace(inputs, ledger=replace(inputs.ledger, actual=booked))
    both = reconcile_stock(apart)
    assert (both.months, both.sales, both.ledger, both.difference) == (
        ("2025-12",), (240_000,), (100_000,), (-140_000,),
    )  # fmt: skip
    assert np.isnan(actual_of(apart, "stock_value", ("2025-11",))).all(), "the tables do not know that month"
    assert "2,400 EUR as units at standard cost and 1,000 EUR in the ledger" in stock_note(apart, in_words)
    assert stock_note(inputs, in_words) == "", "they are the same"


def test_without_a_table_of_stock_the_ledger_speaks(inputs: Inputs) -> None:
    bare = replace(inputs, stock=None, position=replace(inputs.position, inventory=None))
    assert stock_of_families(bare) is None and not reconcile_stock(bare).months
    assert actual_of(bare, "stock_value", ("2025-12",)).tolist() == [240_000.0]


def test_stock_without_a_standard_cost_has_no_value_anywhere(inputs: Inputs) -> None:
    unknown = replace(inputs, position=replace(inputs.position, unit_cost=np.array([np.nan])))
    found = stock_of_tables(unknown)
    assert found is not None and np.isnan(found.values).all()
    stopped = plan_of(unknown)
    assert "stock_value" not in stopped and "cash" not in stopped


# -- the plan


def test_a_cheaper_unit_writes_down_what_is_there_that_day(plan: Plan) -> None:
    march, april = 2, 3
    units = plan["inventory"][0]
    assert plan["revaluation"].tolist() == [-600 * int(units[march]) if t == april else 0 for t in range(12)]
    assert plan["stock_value"].tolist() == [int(u) * (6000 if t < april else 5400) for t, u in enumerate(units)]


def test_ebit_has_the_write_down_and_cash_has_not(plan: Plan, inputs: Inputs) -> None:
    april = 3
    lines = {key: int(plan[key][april]) for key in plan.blocks if not measure(key).grain}
    margin = lines["total_revenue"] - lines["cost_of_sales"] - lines["period_variance"] + lines["revaluation"]
    assert lines["gross_margin"] == margin
    stock = int(plan["stock_value"][april] - plan["stock_value"][april - 1])
    paid_for_stock = stock - lines["revaluation"]
    before_tax = lines["ebit"] - lines["revaluation"] + lines["depreciation"] - lines["capital_spending"]
    other = sum(int(plan[key][april] - plan[key][april - 1]) for key in ("receivables",)) - int(
        plan["payables"][april] - plan["payables"][april - 1]
    )
    assert plan["cash"][april] - plan["cash"][april - 1] == before_tax - paid_for_stock - other


def test_a_read_back_plan_values_stock_as_it_was_signed(plan: Plan, inputs: Inputs) -> None:
    again = frozen(plan)
    cost, held = standard_cost(inputs, again), plan["inventory"][0] > 0
    assert held.any() and cost[0][held].tolist() == pytest.approx(standard_cost(inputs, plan)[0][held].tolist())
    for shown in (plan, again):
        context = PlanContext(inputs, shown)
        stock = series.inventory(context, None, in_money=True)
        assert stock.now[context.past :].tolist() == plan["stock_value"].tolist()
        assert stock.now[context.past - 1] == 240_000
        line = next(line for line in money_part(context, "Cargo").lines if line.name == "Inventory value")
        assert line.values[context.past :].tolist() == plan["stock_value"].tolist()


def test_a_plan_signed_before_stock_was_revalued_keeps_what_it_says(plan: Plan, inputs: Inputs) -> None:
    older = replace(
        plan,
        blocks={key: block for key, block in plan.blocks.items() if "revaluation" not in key},
        detail=PlanDetail(),
    )
    assert standard_cost(inputs, older).tolist() == [[COST] * 12]
    stock = series.inventory(PlanContext(inputs, older), None, in_money=True)
    assert stock.now[-12:].tolist() == plan["stock_value"].tolist()
    parts = explain_measure(older, inputs, Assumptions(), "gross_margin", Place(first=0, last=1)).parts
    assert [part.key for part in parts] == ["total_revenue", "cost_of_sales", "period_variance"]


def test_margin_and_revaluation_explain_themselves_to_the_cent(plan: Plan, inputs: Inputs) -> None:
    for key in ("gross_margin", "revaluation", "ebit", "cash"):
        found = explain_measure(plan, inputs, Assumptions(), key, Place(first=1, last=5))
        assert found.exact, f"{key} is not the sum of its parts"
    assert found.leads_to


def test_operating_cost_explains_which_way_was_taken(plan: Plan, inputs: Inputs) -> None:
    found = explain_measure(plan, inputs, Assumptions(), "operating_cost", Place(first=0, last=11))
    assert "The mean of the last year known" in found.formula
    assert [used.entry.key for used in found.assumptions] == ["operating_cost_pct", "cost_inflation"]
    assert operating_cost_note(plan).startswith("Other operating cost: the mean of the last year known")
    assert operating_cost_note(frozen(plan)) == "", (
        "a plan that was read back keeps its lines, not the way to them"
    )
