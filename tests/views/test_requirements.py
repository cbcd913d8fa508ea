"""Supply requirements over the short, medium and long horizon."""

from __future__ import annotations

from sop.views.production.requirements import horizons_of, load_table, units_table
from sop.views.production.resources import build_resources
from tests.views.test_plan_views import capacity, context_of, made


def test_units_of_the_horizons_add_up_to_the_plan() -> None:
    context = context_of(made(bikes=12), capacity=capacity())
    assert list(horizons_of(context)) == ["1–3", "4–12"]
    row = next(row for row in units_table(context).rows if row[0] == "Bikes")
    assert row[2] == 36.0 and row[5] == 108.0


def test_load_is_hours_against_the_capacity_of_the_same_months() -> None:
    context = context_of(made(bikes=12), capacity=capacity())
    resources = build_resources(context)
    _, hours, share, *_ = load_table(context, resources).rows[0]
    line = resources[0]
    assert hours == line.load[6:9].sum()
    assert share == hours / line.capacity[6:9].sum()
