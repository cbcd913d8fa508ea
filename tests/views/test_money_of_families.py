"""Families told in money on Plan changes are told as on their own pages: at one price, of the plan shown."""

from __future__ import annotations

import pytest

from sop.analysis.comparison.changes import measure_changes
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.facts.unit_worth import unit_worth
from sop.intake.assemble import assemble
from sop.views import series
from sop.views.sales.sales_plan import terms_table
from sop.views.timeline import PlanContext
from tests.companies import Shape, calendar_of, company_tables
from tests.test_engine import level_forecast

SHAPE = Shape(history=14, horizon=12, products=4, families=3)


@pytest.fixture(scope="module")
def shown() -> PlanContext:
    """A plan at a price that rises, against one agreed without that."""
    inputs = assemble(company_tables(SHAPE), calendar_of(SHAPE))
    forecast = level_forecast(inputs)
    agreed = build_plan(inputs, Assumptions({("demand_pct", ""): -0.1}), forecast)
    plan = build_plan(inputs, Assumptions({("price_pct", ""): 0.05}), forecast)
    return PlanContext(inputs=inputs, plan=plan, base=agreed, base_name="agreed")


def test_demand_by_its_terms_is_the_same_money_on_sales_and_on_plan_changes(shown: PlanContext) -> None:
    found = {
        row.entry.label: row
        for row in measure_changes(shown.plan, shown.base, unit_worth(shown.inputs, shown.plan))
    }
    table = terms_table(shown, None, in_money=True)
    for term in ("Baseline forecast", "Launches", "Cannibalisation", "Events", "Consensus demand"):
        row = found[f"{term} at net price"]
        assert row.proposed == pytest.approx(table.figure(term, "At net price"), abs=1.0), term
        assert row.difference == pytest.approx(table.figure(term, "To agreed"), abs=1.0), term


def test_production_and_stock_are_the_same_money_as_on_their_pages(shown: PlanContext) -> None:
    found = {
        row.entry.key: row for row in measure_changes(shown.plan, shown.base, unit_worth(shown.inputs, shown.plan))
    }
    made, stock = series.production(shown, None, True), series.inventory(shown, None, in_money=True)
    ahead = slice(shown.past, shown.past + shown.year)
    assert found["production"].proposed == pytest.approx(made.plan[ahead].sum(), abs=1.0)
    assert found["production"].agreed == pytest.approx(made.agreed[ahead].sum(), abs=1.0)
    assert found["inventory"].proposed == pytest.approx(stock.plan[ahead][-1], abs=1.0)
