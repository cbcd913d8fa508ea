"""What the New products page tells of launches, on a small company that can be followed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop.core.inputs import Gate, Inputs, Launch
from sop.core.register import Assumptions
from sop.views.portfolio.launch_detail import (
    basis_table,
    brings_table,
    gate_names,
    like_note,
    like_table,
    pipeline_table,
    ramp_of,
    record_table,
)
from tests.integrated import company, plan_of
from tests.test_engine import level_forecast

GATES = (Gate("1 Idea", -6, -6, -5), Gate("2 Market", 2, 3))
SPORT = Launch("Sport", 0, "", (0, 1), 0.5, 10.0, 2.0, "linear", 0, 0.2, 40_000.0, GATES, spent=10_000.0)


def with_launches(*launches: Launch) -> Inputs:
    """The small company with these launches."""
    return replace(company(), launches=launches)


def test_the_pipeline_shows_what_was_passed_what_is_expected_and_what_it_was_at_first() -> None:
    table = pipeline_table(with_launches(SPORT), Assumptions({("launch_slip_months", "Sport"): 2.0}))
    assert [column.title for column in table.columns] == ["Launch", "1 Idea", "2 Market"]
    # First open month January 2026: passed in August 2025, a month late; due in March, forecast April, two more.
    assert table.rows == (("Sport", "✓ Aug 2025, +1 month", "Jun 2026, was Mar 2026"),)


def test_gates_of_several_launches_stand_in_their_order_whatever_their_dates() -> None:
    early = replace(SPORT, name="Early", gates=(Gate("2 Market", -9, -9), Gate("3 Review", -8, -8)))
    assert gate_names((SPORT, early)) == ("1 Idea", "2 Market", "3 Review")


def test_a_launch_rests_on_its_peak_ramp_probability_and_money() -> None:
    assumptions = Assumptions({("launch_volume_pct", "Sport"): 0.8, ("launch_probability", "Sport"): 0.25})
    row = basis_table(with_launches(SPORT), assumptions).rows[0]
    assert row[1:6] == (8.0, "Straight line over 2 months", 0.25, "20% of its volume from Cargo", None)
    assert row[6:] == (4_000_000.0, 1_000_000.0, 3_000_000.0)


def test_what_a_launch_brings_is_its_ramp_less_what_it_takes() -> None:
    inputs = with_launches(SPORT)
    plan, forecast = plan_of(inputs), level_forecast(inputs)
    row = brings_table(inputs, forecast, plan, Assumptions()).rows[0]
    # From April, 5 a month expected, half of it in the first: 2.5 + 8 × 5 = 42.5 at 100 each; a fifth is taken.
    assert row[1:4] == pytest.approx((42.5, -8.5, 34.0))
    assert row[4:] == pytest.approx((425_000, -85_000, 340_000))


def test_two_launches_are_added_up() -> None:
    inputs = with_launches(SPORT, replace(SPORT, name="Second", cannibalises=None))
    table = brings_table(inputs, level_forecast(inputs), plan_of(inputs), Assumptions())
    assert table.figure("All", "Net, units") == pytest.approx(34.0 + 42.5)


def test_without_a_product_that_was_launched_no_like_product_is_proposed() -> None:
    inputs = with_launches(SPORT)
    assert like_table(inputs, SPORT).rows == ()
    assert like_note(inputs, SPORT).startswith("None is chosen")
    alike = replace(SPORT, like=0)
    assert like_note(inputs, alike) == (
        "The owner names Cargo one as alike, and a ramp of its own: Straight line over 2 months. It is chosen in "
        "launches: like_product names the product, and with the curve like_product the launch grows as it did."
    )


def test_the_ramp_begins_with_the_planned_month() -> None:
    inputs = with_launches(SPORT)
    ramp = ramp_of(inputs, level_forecast(inputs), SPORT, Assumptions({("launch_slip_months", "Sport"): 1.0}))
    assert (ramp.months[0], ramp.planned[:3], ramp.name) == ("2026-05", [50.0, 100.0, 100.0], "")


def test_a_launch_that_came_is_held_against_its_date_and_cost() -> None:
    came = replace(SPORT, gates=(Gate("2 Market", -4, -4, -3),), spent=50_000.0)
    row = record_table(with_launches(came), level_forecast(with_launches(came))).rows[0]
    assert (row[0], row[1], row[7]) == ("Sport", "+1 month", 1.25)
    assert record_table(with_launches(SPORT), level_forecast(with_launches(SPORT))).empty.startswith(
        "None has come"
    )
