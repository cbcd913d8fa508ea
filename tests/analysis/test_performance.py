"""Actuals against the plan of the time, by hand: tracks, ratios, families on plan, the sentence."""

from __future__ import annotations

import numpy as np
import pytest

from sop.analysis.performance.indicators import build_indicators
from sop.analysis.performance.tracks import (
    ALL,
    attainment,
    build_tracks,
    families_outside,
    hit_rate,
    missing_tracks,
    performance_message,
    plan_in_force,
    plan_performance,
    read_line,
    read_lines,
    schedule_attainment,
)
from sop.core.calendar import Calendar
from sop.core.inputs import History
from sop.core.scores import CONSENSUS, NAIVE, Score, StepAccuracy
from sop.facts.closed import OnTime
from tests.tiny import tiny_inputs, tiny_plan

MONTHS = ("2026-11", "2026-12")


def plan_of(first: str, bikes: int, cargo: int) -> object:
    """A plan that sells this many a month at 100 and 1 000."""
    return tiny_plan(
        6,
        first,
        shipments=[[[bikes]], [[cargo]]],
        consensus_demand=[[[bikes]], [[cargo]]],
        revenue=[[[bikes * 10_000]], [[cargo * 100_000]]],
    )


@pytest.fixture
def plans() -> dict[str, object]:
    """The plan of November sold 10 and 4, that of December 12 and 2; sold were 10 and 2 in both months."""
    return {"2026-11": plan_of("2026-11", 10, 4), "2026-12": plan_of("2026-12", 12, 2)}


def test_the_plan_in_force_is_the_last_one_agreed_for_a_cycle_up_to_the_month(plans: dict) -> None:
    assert plan_in_force("2026-11", plans) is plans["2026-11"]
    assert plan_in_force("2026-12", plans) is plans["2026-12"]
    assert plan_in_force("2027-02", plans) is plans["2026-12"]
    assert plan_in_force("2026-10", plans) is None
    assert plan_in_force("2029-01", plans) is None


def test_each_month_stands_against_its_own_plan_and_differences_run_up(plans: dict) -> None:
    line = read_line(build_tracks(tiny_inputs(), MONTHS, plans)["sales"])
    assert (line.actual.tolist(), line.plan.tolist()) == ([12, 12], [14, 14])
    assert (line.difference.tolist(), line.cumulative.tolist()) == ([-2, -2], [-2, -4])
    assert line.share == pytest.approx([-1 / 7, -1 / 7])


def test_families_add_up_to_all_families(plans: dict) -> None:
    for track in build_tracks(tiny_inputs(), MONTHS, plans).values():
        parts = [read_line(track, family) for family in track.families]
        whole = read_line(track, ALL)
        assert whole.actual.tolist() == sum(part.actual for part in parts).tolist()
        assert whole.plan.tolist() == sum(part.plan for part in parts).tolist()


def test_only_money_and_shares_are_told_of_all_families(plans: dict) -> None:
    tracks = build_tracks(tiny_inputs(), MONTHS, plans)
    assert [line.name for line in read_lines(tracks["sales"])] == ["Bikes", "Cargo"], "bikes are not screws"
    assert [line.name for line in read_lines(tracks["revenue"])] == ["Bikes", "Cargo", ALL]


def test_a_month_without_a_plan_is_missing_and_not_zero(plans: dict) -> None:
    line = read_line(build_tracks(tiny_inputs(), ("2026-10", *MONTHS), plans)["sales"])
    assert np.isnan(line.plan[0]) and np.isnan(line.difference[0]) and np.isnan(line.cumulative[0])
    assert line.cumulative[1:].tolist() == [-2, -4]


def test_a_family_without_sales_yet_is_missing_and_not_zero(plans: dict) -> None:
    past = tiny_inputs().history.months
    units = np.full((2, 1, len(past)), 10.0)
    units[1] = np.nan
    inputs = tiny_inputs(history=History(past, units, units, units * 100))
    track = build_tracks(inputs, MONTHS, plans)["sales"]
    assert np.isnan(track.actual[1]).all() and read_line(track).actual.tolist() == [10, 10]


def test_money_is_in_minor_units_on_both_sides(plans: dict) -> None:
    line = read_line(build_tracks(tiny_inputs(), MONTHS, plans)["revenue"], "Cargo")
    assert (line.actual.tolist(), line.plan.tolist()) == ([200_000, 200_000], [400_000, 200_000])


def test_ratios_by_hand(plans: dict) -> None:
    sales = build_tracks(tiny_inputs(), MONTHS, plans)["sales"]
    assert attainment(sales) == 24 / 28
    assert plan_performance(sales) == 1 - (2 + 2) / 28
    assert schedule_attainment(sales) == (10 + 2 + 10 + 2) / 28
    assert hit_rate(sales, 0) == (1, 2)
    assert hit_rate(sales, 1, tolerance=0.2) == (2, 2)


def test_schedule_attainment_gives_no_credit_for_making_something_else(plans: dict) -> None:
    plans["2026-12"] = plan_of("2026-12", 8, 4)
    december = slice(1, 2)
    sales = build_tracks(tiny_inputs(), MONTHS, plans)["sales"]
    assert attainment(sales, december) == 1.0
    assert schedule_attainment(sales, december) == 10 / 12
    assert plan_performance(sales, december) == pytest.approx(1 - 4 / 12)


def test_the_families_outside_are_named_by_the_money_they_miss(plans: dict) -> None:
    plans["2026-12"] = plan_of("2026-12", 15, 3)
    tracks = build_tracks(tiny_inputs(), MONTHS, plans)
    assert families_outside(tracks) == [("Cargo", -1.0), ("Bikes", -5.0)]
    assert performance_message(tracks) == (
        "Dec 2026: revenue 67% of the agreed plan, 0 of 2 families within tolerance; outside: Cargo 1 unit "
        "behind, Bikes 5 units behind."
    )


def test_nobody_behind_is_not_told(plans: dict) -> None:
    plans["2026-12"] = plan_of("2026-12", 10, 2)
    tracks = build_tracks(tiny_inputs(), MONTHS, plans)
    assert performance_message(tracks) == (
        "Dec 2026: revenue 100% of the agreed plan, 2 of 2 families within tolerance."
    )


def test_without_an_agreed_plan_the_message_says_so() -> None:
    message = performance_message(build_tracks(tiny_inputs(), MONTHS, {}))
    assert message == "Dec 2026: no agreed plan covers this month, so nothing can be compared with it yet."


def test_service_is_a_ratio_of_its_parts_for_all_families() -> None:
    plan = tiny_plan(6, "2026-11", due=[[[10]], [[5]]], due_value=[[1_000], [500]], on_time_share=[[1.0], [0.4]])
    promises = OnTime(MONTHS, np.array([[8.0, 8.0], [2.0, 2.0]]), np.array([[8.0, 4.0], [1.0, 2.0]]))
    track = build_tracks(tiny_inputs(), MONTHS, {"2026-11": plan}, promises)["service"]
    assert read_line(track).actual == pytest.approx([9 / 10, 6 / 10])
    assert read_line(track).plan == pytest.approx([12 / 15, 12 / 15])
    assert read_line(track, "Cargo").actual == pytest.approx([1 / 2, 1.0])


def test_what_is_not_loaded_is_named_with_the_table_it_needs() -> None:
    missing = missing_tracks(tiny_inputs(), None)
    assert set(missing) == {"Production and inventory", "Past due", "On time in full"}
    assert missing["On time in full"] == "deliveries"


def test_tiny_has_the_calendar_that_these_tests_read() -> None:
    assert tiny_inputs().calendar == Calendar("2027-01", 12)


def test_an_error_of_all_months_at_once_stands_beside_that_of_last_years_figure(plans: dict) -> None:
    def judged(step: str, wape: float) -> StepAccuracy:
        score = Score(wape, 8)
        return StepAccuracy(step, "", "", 1, 8, score, score, score, score, None)

    inputs = tiny_inputs()
    rows = [judged(NAIVE, 0.076), judged(CONSENSUS, 0.064)]
    found = build_indicators(inputs, build_tracks(inputs, MONTHS, plans), {}, rows)
    error = next(entry for entry in found if entry.key == "wape")
    assert (error.value, error.beside) == (0.064, "naive 7.6%, 8 months")
