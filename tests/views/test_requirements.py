"""Supply requirements over the short, medium and long horizon."""

from __future__ import annotations

import pytest

from sop.views.production.requirements import horizons_of, horizons_text, load_table, units_table
from sop.views.production.resources import build_resources
from tests.tiny import tiny_plan
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


@pytest.mark.parametrize(
    ("first", "periods", "spans", "told"),
    [
        ("2027-01", 18, ["1–3", "4–12", "13+"], "Months 1–3 are scheduled, 4–12 staffed and bought for, 13 and"),
        (
            "2027-W01",
            60,
            ["1–13", "14–52", "53+"],
            "Weeks 1–13 are scheduled, 14–52 staffed and bought for, 53 and",
        ),
        ("2027-Q1", 6, ["1", "2–4", "5+"], "Quarter 1 is scheduled, 2–4 staffed and bought for, 5 and later"),
    ],
)
def test_horizons_are_told_in_the_periods_of_the_plan(
    first: str, periods: int, spans: list[str], told: str
) -> None:
    context = context_of(tiny_plan(periods, first))
    assert list(horizons_of(context)) == spans
    assert horizons_text(context).startswith(told)
