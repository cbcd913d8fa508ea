"""Ranges by horizon, chances of targets and of several at once, where the year may end: from the same cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.ranges.projections import horizons_of, planned_value, project_headlines, spread_of, value_targets
from sop.analysis.ranges.surprises import Cases, weighted_quantiles
from sop.core.inputs import Floats
from sop.core.measures import HEADLINES

BY_KEY = {entry.key: entry for entry in HEADLINES}
EVEN = {"chance": [0.5, 0.5], "moves": [[0.0], [1.0]]}


def cases(
    months: int = 12, chance: list[float] | None = None, moves: list[list[float]] | None = None, **effects: float
) -> Cases:
    """A plan with 100 of revenue, 20 of EBIT a month and cash that falls by 10, without doubt about demand."""
    base = {
        "revenue": np.full(months, 100.0),
        "ebit": np.full(months, 20.0),
        "cash": 500.0 - 10 * np.arange(months),
        "lead_time": np.array([30.0, 40.0] * (months // 2)),
        "on_time": np.full(months, 8.0),
        "due": np.full(months, 10.0),
    }
    none = {key: np.zeros(months) for key in base}
    moved: tuple[dict[str, Floats], ...] = ()
    if effects:
        moved = ({**none, **{key: np.full(months, value) for key, value in effects.items()}},)
    return Cases(
        base, none, none, np.zeros((months, months)), np.array(chance or [1.0]),
        np.array(moves or [[0.0] * len(moved)], dtype=float).reshape(len(chance or [1.0]), len(moved)), moved, 12,
    )  # fmt: skip


def test_a_plan_of_two_years_has_a_short_a_medium_and_a_long_horizon() -> None:
    assert [(h.name, h.first, h.last) for h in horizons_of(24, 12)] == [
        ("Short", 0, 2), ("Medium", 3, 11), ("Long", 12, 23),
    ]  # fmt: skip
    assert [h.name for h in horizons_of(12, 12)] == ["Short", "Medium"]
    assert [(h.name, h.last) for h in horizons_of(2, 12)] == [("Short", 1)]


def test_every_measure_is_read_over_a_horizon_as_its_headline_is() -> None:
    found = {(row.headline.key, row.horizon.name): row.plan for row in project_headlines(cases(24))}
    assert found["revenue", "Short"] == 300 and found["revenue", "Long"] == 1200
    assert found["cash", "Medium"] == 390, "the lowest month"
    assert found["lead_time", "Short"] == 40, "the highest month"
    assert found["on_time", "Medium"] == 0.8
    assert ("inventory", "Short") not in found, "a plan without stock value has no range of it"


def test_without_doubt_every_quantile_is_the_plan() -> None:
    for row in project_headlines(cases()):
        assert row.p10 == row.p50 == row.p90 == row.plan


def test_targets_are_reached_in_the_cases_that_are_at_them_or_better() -> None:
    even = cases(**EVEN, revenue=-10.0, lead_time=20.0)
    marks = [("Budget", "revenue", 1200.0), ("Budget", "ebit", 240.0), ("Agreed plan", "lead_time", 40.0)]
    found = value_targets(even, marks)
    assert [row.chance for row in found.rows] == pytest.approx([0.5, 1.0, 0.5])
    assert found.joint == {"Budget": pytest.approx(0.5)}, "revenue and EBIT at once; one target alone is not joint"


def test_targets_that_fail_together_are_likelier_at_once_than_if_each_failed_by_itself() -> None:
    even = cases(**EVEN, revenue=-10.0, ebit=-5.0)
    found = value_targets(even, [("Budget", "revenue", 1200.0), ("Budget", "ebit", 240.0)])
    assert found.joint["Budget"] == pytest.approx(0.5) != 0.25


def test_a_measure_that_the_plan_has_not_is_no_target() -> None:
    assert value_targets(cases(), [("Budget", "inventory", 1.0)]).rows == ()


def test_where_the_year_may_end_adds_up_to_certainty() -> None:
    found = spread_of(cases(**EVEN, revenue=-10.0), BY_KEY["revenue"])
    assert found is not None
    assert sum(found.chance) == pytest.approx(1.0)
    assert (found.chance[0], found.chance[-1]) == pytest.approx((0.5, 0.5))
    assert found.held_without == (1200, 1200)
    assert spread_of(cases(), BY_KEY["revenue"]) is None, "nothing is uncertain"


def test_an_event_in_the_plan_spreads_around_it() -> None:
    # With even chances it adds half of its effect where it comes and takes half away where it does not.
    around = cases(chance=[0.5, 0.5], moves=[[-0.5], [0.5]], revenue=10.0)
    values = around.values(BY_KEY["revenue"], 0, 11)
    assert values is not None and sorted(set(values.ravel())) == [1140.0, 1260.0]
    assert planned_value(around, BY_KEY["revenue"], 0, 11) == 1200


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0.01, 1.0)), min_size=1, max_size=20),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_quantiles_rise_within_the_values(pairs: list[tuple[float, float]], one: float, other: float) -> None:
    values, weight = (np.array(column) for column in zip(*pairs, strict=True))
    low, high = weighted_quantiles(values, weight / weight.sum(), sorted((one, other)))
    assert values.min() <= low <= high <= values.max()
