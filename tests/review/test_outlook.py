"""The outlook: rolling sums, bands that add up by hand, chances from the same distribution."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.inputs import Budget
from sop.review.claims import Z80, ErrorLinks, TrackRecord
from sop.review.outlook import Reach, build_outlook, chance, rolling_deviation
from tests.review.tiny import tiny_calendar, tiny_forecast, tiny_inputs, tiny_plan

ALONE = TrackRecord(0, 0, ErrorLinks(0.0, 0.0, "by hand"))


def test_the_fan_joins_the_last_twelve_months_and_ends_at_the_headline() -> None:
    plan = tiny_plan(revenue=[[[100_000]], [[300_000]]])
    found = build_outlook(plan, None, tiny_inputs(), tiny_forecast(), ALONE)
    joint = found.months.index("2026-12")
    assert found.actual[joint] == found.plan[joint] == 12 * 300_000
    assert found.plan[joint + 1] == 11 * 300_000 + 400_000
    assert found.plan[-1] == plan.headline["revenue"]
    assert found.plan[:joint] == [None] * joint and set(found.actual[joint + 1 :]) == {None}


def test_the_agreed_plan_ends_at_its_revenue_of_the_same_months() -> None:
    found = build_outlook(
        tiny_plan(), tiny_plan(revenue=[[[110_000]], [[200_000]]]), tiny_inputs(), tiny_forecast(), ALONE
    )
    assert found.agreed[-1] == 12 * 310_000


def test_deviations_of_independent_errors_add_as_squares() -> None:
    # One unit of deviation a month: 100 € for bikes, 1 000 € for cargo bikes, twelve months.
    deviation = rolling_deviation(tiny_inputs(), tiny_forecast(half=Z80), ALONE.links)
    assert deviation[0] == pytest.approx(100 * np.hypot(100, 1_000))
    assert deviation[-1] == pytest.approx(100 * np.hypot(100, 1_000) * np.sqrt(12))


def test_deviations_of_errors_that_go_together_add_up() -> None:
    together = ErrorLinks(1.0, 1.0, "by hand")
    deviation = rolling_deviation(tiny_inputs(), tiny_forecast(half=Z80), together)
    assert deviation[-1] == pytest.approx(100 * (100 + 1_000) * 12)


def test_bands_have_no_width_at_the_last_closed_month_and_hold_eight_of_ten_at_the_end() -> None:
    found = build_outlook(tiny_plan(), None, tiny_inputs(), tiny_forecast(), ALONE)
    joint = found.months.index("2026-12")
    assert found.p10[joint] == found.p90[joint] == found.plan[joint]
    middle, high = found.plan[-1], found.p90[-1]
    assert middle is not None and high is not None
    scale = (high - middle) / Z80
    assert NormalDist().cdf(Z80) - NormalDist().cdf(-Z80) == pytest.approx(0.8, abs=1e-4)
    assert scale == pytest.approx(100 * np.hypot(100, 1_000) * np.sqrt(12))


def test_the_chance_of_the_budget_comes_from_the_same_distribution() -> None:
    months = tiny_calendar().months
    budget = Budget(months, np.ones((2, 1, 12)), np.full((2, 1, 12), 1_600.0), None)
    found = build_outlook(tiny_plan(), None, tiny_inputs(budget=budget), tiny_forecast(), ALONE)
    deviation = 100 * np.hypot(100, 1_000) * np.sqrt(12)
    gap = 12 * (320_000 - 300_000)
    assert found.chance_budget == pytest.approx(1 - NormalDist().cdf(gap / deviation))
    assert found.chance_agreed is None


def test_a_full_line_keeps_the_upside_from_revenue() -> None:
    free = build_outlook(tiny_plan(), None, tiny_inputs(), tiny_forecast(), ALONE, Reach(1.0, 1.0))
    full = build_outlook(tiny_plan(), None, tiny_inputs(), tiny_forecast(), ALONE, Reach(0.5, 1.0))
    middle = free.plan[-1]
    assert free.p90[-1] is not None and full.p90[-1] is not None and middle is not None
    assert full.p90[-1] - middle == pytest.approx((free.p90[-1] - middle) / 2)
    assert full.p10[-1] == free.p10[-1]


def test_a_short_history_has_no_fan_and_no_chance() -> None:
    found = build_outlook(tiny_plan(), None, tiny_inputs(months=5), tiny_forecast(), ALONE)
    assert set(found.actual) == {None} and found.plan[-1] == 12 * 300_000
    assert found.chance_budget is None


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1e5))
@settings(deadline=None, max_examples=60)
def test_a_nearer_mark_is_never_less_likely(first: float, second: float, deviation: float) -> None:
    near, far = sorted((first, second))
    spread = np.array([deviation])
    assert chance(5e5, near, spread, Reach()) >= chance(5e5, far, spread, Reach())
