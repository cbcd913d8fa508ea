"""The outlook: rolling sums, bands of the draws, chances from the same draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.headline import values_of
from sop.analysis.ranges.draws import read_paths
from sop.analysis.ranges.outlook import Outlook, build_outlook
from sop.core.inputs import Budget, Inputs
from sop.core.plan import Plan
from tests.analysis.drawn import drawn
from tests.tiny import tiny_calendar, tiny_inputs, tiny_plan

MOVED = np.arange(-50_000.0, 50_001.0, 1_000.0)
"""By how much a month's revenue comes out otherwise in each draw."""


def outlook_of(
    plan: Plan, base: Plan | None = None, inputs: Inputs | None = None, *, stale: bool = False
) -> Outlook:
    draws = drawn(
        read_paths(values_of(plan), np.array([True, False]), plan.calendar.year), {"revenue": MOVED.tolist()}
    )
    return build_outlook(plan, base, inputs or tiny_inputs(), draws, stale=stale)


def test_the_fan_joins_the_last_twelve_months_and_ends_at_the_headline() -> None:
    plan = tiny_plan(revenue=[[[100_000]], [[300_000]]])
    found = outlook_of(plan)
    joint = found.months.index("2026-12")
    assert found.actual[joint] == found.plan[joint] == 12 * 300_000
    assert found.plan[joint + 1] == 11 * 300_000 + 400_000
    assert found.plan[-1] == plan.headline["revenue"]
    assert found.plan[:joint] == [None] * joint and set(found.actual[joint + 1 :]) == {None}


def test_a_plan_of_a_cycle_that_closed_has_each_month_once() -> None:
    """The fan of the last agreed plan began with the month that had closed since then, and planned it again."""
    later = tiny_inputs(calendar=replace(tiny_calendar(), first_open="2027-02"))
    found = outlook_of(tiny_plan(), inputs=later)
    assert len(set(found.months)) == len(found.months) == 25
    assert found.months[12:14] == ("2026-12", "2027-01")
    assert found.actual[13] is None and found.plan[-1] == tiny_plan().headline["revenue"]


def test_the_agreed_plan_ends_at_its_revenue_of_the_same_months() -> None:
    found = outlook_of(tiny_plan(), tiny_plan(revenue=[[[110_000]], [[200_000]]]))
    assert found.agreed[-1] == 12 * 310_000


def test_bands_have_no_width_at_the_last_closed_month_and_hold_eight_of_ten_draws_at_the_end() -> None:
    found = outlook_of(tiny_plan())
    joint = found.months.index("2026-12")
    assert found.p10[joint] == found.p90[joint] == found.plan[joint]
    first = found.plan[joint + 1]
    assert first is not None and found.p90[joint + 1] == first + 40_000
    assert found.span == (12 * (300_000 - 40_000), 12 * (300_000 + 40_000))


def test_the_chance_of_the_budget_comes_from_the_same_draws() -> None:
    months = tiny_calendar().months
    budget = Budget(months, np.ones((2, 1, 12)), np.full((2, 1, 12), 1_600.0), None)
    found = outlook_of(tiny_plan(), inputs=tiny_inputs(budget=budget))
    assert found.chance_budget == pytest.approx((MOVED >= 20_000).mean())
    assert found.chance_agreed is None and found.draws == len(MOVED)


def test_a_plan_of_three_months_is_held_against_three_months() -> None:
    months = tiny_calendar(horizon=3).months
    inputs = tiny_inputs(
        budget=Budget(months, np.ones((2, 1, 3)), np.full((2, 1, 3), 1_600.0), None),
        calendar=tiny_calendar(horizon=3),
    )
    plan = tiny_plan(months=3)
    found = outlook_of(plan, plan, inputs)
    assert found.chance_budget == pytest.approx((MOVED >= 20_000).mean())
    assert found.chance_agreed == pytest.approx((MOVED >= 0).mean())


def test_ranges_of_another_plan_are_shown_and_claim_no_chance() -> None:
    found = outlook_of(tiny_plan(), tiny_plan(), stale=True)
    assert found.span is not None and found.chance_agreed is None


def test_without_draws_there_is_a_plan_and_no_band() -> None:
    found = build_outlook(tiny_plan(), tiny_plan(), tiny_inputs(), None)
    assert found.plan[-1] == 12 * 300_000 and found.span is None and found.chance_agreed is None


def test_a_short_history_has_no_fan_and_no_chance() -> None:
    found = outlook_of(tiny_plan(), inputs=tiny_inputs(months=5))
    assert set(found.actual) == {None} and found.plan[-1] == 12 * 300_000
    assert found.chance_budget is None
