"""What a decision has brought, told from closed months: on made companies the interval holds the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.decisions.realised import (
    AHEAD,
    LEAST_BEFORE,
    Realised,
    as_lived,
    interval,
    realised_of_facts,
    stretches_of,
    without,
)
from sop.core.calendar import Calendar, periods_apart, periods_between, shift_period
from sop.core.register import Assumptions, Start
from tests.made_companies import estimate, live, made_company
from tests.tiny import tiny_inputs

CALENDAR = Calendar("2026-01", 12)
CLOSED = periods_between("2022-07", "2025-12")


@pytest.mark.parametrize("seed", [3, 19, 23, 47])
def test_the_interval_holds_what_the_decision_truly_brought(seed: int) -> None:
    made = made_company(seed)
    found = estimate(made)
    assert found.low is not None and found.high is not None and found.estimate is not None
    assert found.low <= made.truth <= found.high
    assert found.low < found.estimate < found.high
    assert len(found.months) == made.since and found.months[0] == made.start


def test_what_clearly_gained_is_said_to_have_gained() -> None:
    made = made_company(23)
    assert made.truth > 0 and estimate(made).verdict == "gained"


def test_the_two_lives_differ_only_from_the_decision_on() -> None:
    made = made_company(39)
    one, other = live(made).profit, live(replace(made, kind="nothing")).profit
    before = len(one) - made.since
    assert (one[:before] == other[:before]).all() and (one[before:] != other[before:]).any()


def test_stretches_before_a_decision_are_as_long_as_since_and_end_where_it_begins() -> None:
    found = stretches_of(CLOSED, CALENDAR, "2025-08")
    assert not isinstance(found, str)
    assert found.since.months == ("2025-08", "2025-09", "2025-10", "2025-11", "2025-12")
    assert found.since.calendar.horizon == 5 + AHEAD
    ends = ["2025-08", *(each.months[0] for each in found.before)]
    assert all(shift_period(each.months[-1], 1) == end for each, end in zip(found.before, ends, strict=False))
    assert {each.count for each in found.before} == {5, len(CLOSED) - 12 - 5 - 15} or len(found.before) == 4


@pytest.mark.parametrize(
    ("start", "why"),
    [("2026-01", "not closed yet"), ("2026-03", "not closed yet"), ("2023-06", "too long ago")],
)
def test_where_nothing_can_be_told_it_says_why(start: str, why: str) -> None:
    found = stretches_of(CLOSED, CALENDAR, start)
    assert isinstance(found, str) and why in found


def test_without_enough_months_before_nothing_is_told() -> None:
    few = CLOSED[-(12 + 6 + LEAST_BEFORE - 1) :]
    start = shift_period(CALENDAR.first_open, -6)
    assert periods_apart(start, CALENDAR.first_open) == 6
    assert stretches_of(few, CALENDAR, start) == "too few months were closed before it took effect"
    assert not isinstance(stretches_of(CLOSED[-(12 + 6 + LEAST_BEFORE) :], CALENDAR, start), str)


def test_an_interval_is_wider_where_the_rules_miss_by_more_and_over_more_months() -> None:
    rng = np.random.default_rng(3)
    quiet = [rng.normal(0, 1, 6) for _ in range(3)]
    loud = [miss * 4 for miss in quiet]
    since = np.full(6, 10.0)
    assert interval(loud, since)[1] == pytest.approx(4 * interval(quiet, since)[1])
    assert interval(quiet, since)[1] > interval(quiet, since[:3])[1]
    total, _ = interval([miss + 7 for miss in quiet], since + 7)
    assert total == pytest.approx(interval(quiet, since)[0]), "what the rules always miss by is not the decision's"


def test_a_coverage_of_95_is_kept_where_misses_are_noise() -> None:
    rng = np.random.default_rng(5)
    held = []
    for _ in range(400):
        usual = rng.normal(0, 3, 5)
        before = [usual + rng.normal(0, 1, 5) for _ in range(3)]
        total, half = interval(before, usual + 2.0 + rng.normal(0, 1, 5))
        held.append(abs(total - 10.0) <= half)
    assert 0.92 <= np.mean(held) <= 0.98


def test_months_that_came_are_planned_without_what_they_have_in_them_already() -> None:
    place = ("extra_hours_pct", "L1")
    signed = Assumptions(
        {("demand_pct", ""): 0.1, place: 0.2, ("mitigation_cost", "Fire"): 5_000.0, ("overtime_share", ""): 0.1},
        {place: Start("2026-03", 0.05)},
    )
    lived = as_lived(signed, tiny_inputs(), [place])
    assert dict(lived) == {place: 0.2, ("overtime_share", ""): 0.1} and lived.starts == signed.starts
    was = {
        "key": "extra_hours_pct", "scope": "L1", "value": 0.05, "reason": "", "owner": "", "by": "", "at": "",
        "expiry": None, "version": 1, "start": None, "before": None,
    }  # fmt: skip
    back = without(lived, [{"key": "extra_hours_pct", "scope": "L1", "was": was}])
    assert back[place] == 0.05 and not back.starts
    assert place not in without(lived, [{"key": "extra_hours_pct", "scope": "L1", "was": None}])


def test_an_estimate_is_read_back_as_it_was_kept() -> None:
    found = Realised(("2026-01", "2026-02"), 5, -1, 11, 4)
    assert realised_of_facts(found.facts()) == found and found.verdict == "not clear"
