"""The outlook: rolling sums, bands that add up by hand, chances from the same cases."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.ranges.claims import ErrorLinks, TrackRecord
from sop.analysis.ranges.outlook import Outlook, build_outlook, rolling_deviation
from sop.analysis.ranges.surprises import Cases, demand_covariance, read_paths
from sop.core.inputs import Budget, Inputs
from sop.core.measures import HEADLINES
from sop.core.plan import Plan
from sop.core.scores import Z80
from tests.tiny import tiny_calendar, tiny_forecast, tiny_inputs, tiny_plan

ALONE = TrackRecord(0, 0, ErrorLinks(0.0, 0.0, "by hand"))
REVENUE = HEADLINES[0]
DEVIATION = 100 * np.hypot(100, 1_000) * np.sqrt(12)
"""One unit of deviation a month: 100 € for bikes, 1 000 € for cargo bikes, twelve months."""


def tiny_cases(plan: Plan, up: float = 1.0, down: float = 1.0, **event: Any) -> Cases:
    """The cases around a plan whose revenue follows demand by the shares `up` and `down`."""
    base = read_paths(plan, ("Cargo",))
    return Cases(
        base=base,
        up={key: up * path for key, path in base.items()},
        down={key: -down * path for key, path in base.items()},
        covariance=demand_covariance(tiny_inputs(), tiny_forecast(), ALONE.links),
        chance=np.array(event.get("chance", [1.0])),
        moves=np.array(event.get("moves", [[]]), dtype=float),
        effects=tuple({"revenue": np.full(12, each)} for each in event.get("effects", ())),
        near=12,
    )


def outlook_of(plan: Plan, base: Plan | None = None, inputs: Inputs | None = None, **cases: Any) -> Outlook:
    return build_outlook(plan, base, inputs or tiny_inputs(), tiny_cases(plan, **cases), ALONE)


def test_the_fan_joins_the_last_twelve_months_and_ends_at_the_headline() -> None:
    plan = tiny_plan(revenue=[[[100_000]], [[300_000]]])
    found = outlook_of(plan)
    joint = found.months.index("2026-12")
    assert found.actual[joint] == found.plan[joint] == 12 * 300_000
    assert found.plan[joint + 1] == 11 * 300_000 + 400_000
    assert found.plan[-1] == plan.headline["revenue"]
    assert found.plan[:joint] == [None] * joint and set(found.actual[joint + 1 :]) == {None}


def test_the_agreed_plan_ends_at_its_revenue_of_the_same_months() -> None:
    found = outlook_of(tiny_plan(), tiny_plan(revenue=[[[110_000]], [[200_000]]]))
    assert found.agreed[-1] == 12 * 310_000


def test_deviations_of_independent_errors_add_as_squares() -> None:
    deviation = rolling_deviation(tiny_inputs(), tiny_forecast(half=Z80), ALONE.links)
    assert deviation[0] == pytest.approx(100 * np.hypot(100, 1_000))
    assert deviation[-1] == pytest.approx(DEVIATION)


def test_deviations_of_errors_that_go_together_add_up() -> None:
    together = ErrorLinks(1.0, 1.0, "by hand")
    deviation = rolling_deviation(tiny_inputs(), tiny_forecast(half=Z80), together)
    assert deviation[-1] == pytest.approx(100 * (100 + 1_000) * 12)


def test_deviations_are_widened_as_past_errors_ask() -> None:
    wider = ErrorLinks(0.0, 0.0, "by hand", widen=1.5)
    deviation = rolling_deviation(tiny_inputs(), tiny_forecast(half=Z80), wider)
    assert deviation[-1] == pytest.approx(1.5 * DEVIATION)


def test_bands_have_no_width_at_the_last_closed_month_and_hold_eight_of_ten_at_the_end() -> None:
    found = outlook_of(tiny_plan())
    joint = found.months.index("2026-12")
    assert found.p10[joint] == found.p90[joint] == found.plan[joint]
    middle, high = found.plan[-1], found.p90[-1]
    assert middle is not None and high is not None
    assert (high - middle) / Z80 == pytest.approx(DEVIATION, rel=0.01)


def test_the_chance_of_the_budget_comes_from_the_same_cases() -> None:
    months = tiny_calendar().months
    budget = Budget(months, np.ones((2, 1, 12)), np.full((2, 1, 12), 1_600.0), None)
    found = outlook_of(tiny_plan(), inputs=tiny_inputs(budget=budget))
    gap = 12 * (320_000 - 300_000)
    assert found.chance_budget == pytest.approx(1 - NormalDist().cdf(gap / DEVIATION), abs=0.006)
    assert found.chance_agreed is None


def test_a_full_line_keeps_the_upside_from_revenue() -> None:
    free, full = outlook_of(tiny_plan()), outlook_of(tiny_plan(), up=0.5)
    middle = free.plan[-1]
    assert free.p90[-1] is not None and full.p90[-1] is not None and middle is not None
    assert full.p90[-1] - middle == pytest.approx((free.p90[-1] - middle) / 2)
    assert full.p10[-1] == free.p10[-1] and full.reach.up == 0.5


def test_an_event_in_the_range_moves_the_bands_to_where_it_leads() -> None:
    # Half the cases lose 100 000 a month, far more than demand errors do: twelve months end there or at the plan.
    found = outlook_of(tiny_plan(), chance=[0.5, 0.5], moves=[[0.0], [1.0]], effects=[-100_000.0])
    low, high, middle = found.p10[-1], found.p90[-1], found.plan[-1]
    assert low is not None and high is not None and middle is not None
    assert middle - 1_200_000 - 2 * DEVIATION < low < middle - 1_200_000 < middle < high
    assert found.events == 1


def test_a_short_history_has_no_fan_and_no_chance() -> None:
    found = outlook_of(tiny_plan(), inputs=tiny_inputs(months=5))
    assert set(found.actual) == {None} and found.plan[-1] == 12 * 300_000
    assert found.chance_budget is None


@given(st.floats(0.0, 1e7), st.floats(0.0, 1e7), st.floats(0.0, 1.0))
@settings(deadline=None, max_examples=40)
def test_a_nearer_mark_is_never_less_likely(first: float, second: float, probability: float) -> None:
    cases = tiny_cases(
        tiny_plan(), chance=[1 - probability, probability], moves=[[0.0], [1.0]], effects=[-50_000.0]
    )
    near, far = sorted((first, second))
    reached = [cases.reached(REVENUE, mark, 0, 11) for mark in (near, far)]
    nearer, further = (cases.chance_of([found]) for found in reached if found is not None)
    assert nearer is not None and further is not None and nearer >= further
