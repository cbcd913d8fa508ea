"""Exceptions: found by rule, valued by planning again, ranked by money and then by the orders that wait."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sop.analysis.decisions import exception_worth
from sop.analysis.decisions.exceptions import OUTSIDE, AtStake, ReviewException, find_exceptions, outside_first
from sop.analysis.effects import UNKNOWN, PlanEffect
from sop.core.calendar import Calendar
from sop.core.inputs import Event, Gate, Initiative, Launch
from sop.core.register import Assumptions
from sop.core.terms import EventUse
from sop.views.executive.review_table import exceptions_note, exceptions_table, exceptions_title
from tests.tiny import tiny_inputs, tiny_plan

MONTHS = 12


def at(month: int, units: int) -> list[int]:
    """Units in one month of twelve."""
    return [units if t == month else 0 for t in range(MONTHS)]


def words(minor: float) -> str:
    return f"{minor / 100:.0f} EUR"


def found(
    worth: AtStake | None = None, assumptions: Assumptions | None = None, inputs: object = None, **values: object
):
    company = inputs or tiny_inputs()
    return find_exceptions(tiny_plan(**values), company, assumptions or Assumptions(), worth or AtStake(), words)


def gain(ebit: int, horizon: int = 0, cash: int = 0) -> PlanEffect:
    return PlanEffect(ebit_12_months=ebit, ebit_horizon=horizon, cash_low=cash)


def only(exceptions: tuple[ReviewException, ...]) -> ReviewException:
    assert len(exceptions) == 1
    return exceptions[0]


def test_a_plan_without_trouble_has_no_exceptions() -> None:
    assert found() == ()


def test_late_units_tell_their_orders_and_put_at_stake_what_the_plan_gains_without_their_limit() -> None:
    worth = AtStake(limits={"Cargo": ("line Press 2", "Operations")}, unmet={"Cargo": gain(300, 200, -50)})
    late = only(found(worth, past_due=np.array([at(0, 0), at(3, 7)])))
    assert late.sentence == "Cargo: up to 7 units past due (Apr 2027)"
    assert (late.detail, late.owner) == ("orders of 7000 EUR wait; limit: line Press 2", "Operations")
    assert (late.at_stake, late.orders) == (300, 7 * 1_000 * 100)


def test_what_one_limit_costs_is_told_once_however_many_families_it_stops() -> None:
    stops, gained = ("line Press 2", "Operations"), gain(300, 200, -50)
    worth = AtStake(dict.fromkeys(("Bikes", "Cargo"), stops), unmet=dict.fromkeys(("Bikes", "Cargo"), gained))
    cargo, bikes = found(worth, past_due=np.array([at(2, 4), at(3, 7)]))
    assert (cargo.effect, bikes.effect, bikes.at_stake) == (gained, UNKNOWN, 0)
    assert bikes.detail.endswith("limit: line Press 2; its money stands with Cargo")
    other = replace(worth, limits={"Bikes": ("frames", "Supply"), "Cargo": stops})
    assert [each.effect for each in found(other, past_due=np.array([at(2, 4), at(3, 7)]))] == [gained, gained]


def test_a_plan_read_back_names_full_lines_instead() -> None:
    late = only(
        found(
            past_due=np.array([at(0, 0), at(3, 7)]),
            production=[[[0]], [[2]]],
            utilisation=np.array([[0.5, 0.5, 0.5, 1.0] + [0.5] * 8]),
        )
    )
    assert (late.detail, late.owner) == ("orders of 7000 EUR wait; Line 1 is full", "Operations")
    assert (late.effect, late.at_stake) == (UNKNOWN, 0), "what a plan read back would gain is not known"


def test_lost_sales_tell_the_value_of_the_orders() -> None:
    lost = only(found(lost_sales=np.array([[at(1, 3)], [at(0, 0)]])))
    assert lost.sentence == "Bikes: 3 units of sales lost in 12 months"
    assert (lost.orders, lost.at_stake) == (3 * 100 * 100, 0)


def test_stock_below_its_safety_level_is_told_in_units() -> None:
    short = only(found(shortage_units=np.array([[5, 9] + [0] * 10, at(0, 0)])))
    assert short.sentence == "Bikes: 9 units below safety stock (Feb 2027)"
    assert short.detail == "below in 2 of 12 months"
    assert short.effect == UNKNOWN


def test_excess_stock_is_told_at_standard_cost() -> None:
    excess = only(found(excess_units=np.array([[20, 10] + [0] * 10, at(0, 0)])))
    assert excess.sentence == "Bikes: 20 units above the cover limit (Jan 2027)"
    assert excess.detail == "stock of 1200 EUR at standard cost; limit: 90 days of demand"


def test_cash_below_its_minimum_is_priced_at_what_is_missing() -> None:
    minimum = Assumptions({("minimum_cash", ""): 1_000.0})
    cash = np.array([200_000] * 5 + [40_000] + [300_000] * 6)
    assert not found(assumptions=minimum, cash=cash), "of operating cash nobody knows whether it suffices"
    low = only(found(assumptions=minimum, cash=cash, tax=np.zeros(12, dtype=np.int64)))
    assert (low.sentence, low.detail) == ("Cash falls to 400 EUR (Jun 2027)", "the minimum is 1000 EUR")
    assert low.at_stake == 60_000


def test_slips_and_events_are_priced_by_planning_again_and_ranked_with_the_rest() -> None:
    launch = Launch("Trailer", 0, "", (0,), 0.5, 40.0, 4.0, "linear", None, 0.0, 0.0, (Gate("Market", 1, 4),))
    item = Initiative("Robot", "Head of operations", "Output", 1.0, 0.0, 1.0, (Gate("Accepted", 3, 5),), ())
    event = Event(
        "Fire", "A supplier burns", "partner", EventUse.PLAN, 0.8, 1, 3, "supply", -0.5, "", "Buyer", "", 0.0
    )
    company = tiny_inputs(launches=(launch,), initiatives=(item,), events=(event,))
    worth = AtStake(slips={"Trailer": gain(500), "Robot": gain(900)}, events={"Fire": gain(700)})
    robot, fire, trailer = found(worth, inputs=company)
    assert robot.sentence == "Robot is 2 months late" and robot.owner == "Operations"
    assert fire.sentence == "A supplier burns" and fire.detail == "probability 80%, in the plan"
    assert trailer.sentence == "Launch Trailer is 3 months late"
    assert trailer.detail == "20 units a month at its peak, expected (Bikes)"
    assert [e.at_stake for e in (robot, fire, trailer)] == [900, 700, 500]


def test_an_overdue_milestone_is_an_exception_before_anything_slips_and_a_stopped_initiative_is_none() -> None:
    gates = (Gate("Ordered", -1, -1), Gate("Accepted", 3, 3))
    item = Initiative("Robot", "Head of operations", "Output", 1.0, 0.0, 1.0, gates, ())
    company = tiny_inputs(initiatives=(item,))
    (robot,) = found(inputs=company)
    assert robot.sentence == "Robot is late"
    assert robot.detail == "goal: Output; Ordered was expected in Dec 2026 and is not done"
    stopped = Assumptions({("initiative_confidence", "Robot"): 0.0})
    assert found(inputs=company, assumptions=stopped) == ()


def test_an_event_that_costs_nothing_is_no_exception() -> None:
    event = Event("Grant", "A grant", "market", EventUse.RANGE, 0.4, 1, 3, "demand", 0.1, "", "Sales", "", 0.0)
    assert found(AtStake(events={"Grant": gain(-5_000)}), inputs=tiny_inputs(events=(event,))) == ()


def test_exceptions_of_one_money_come_by_the_orders_that_wait() -> None:
    two = found(past_due=np.array([at(0, 30), at(3, 7)]))
    assert [(each.name, each.at_stake) for each in two] == [("Cargo", 0), ("Bikes", 0)]


def test_what_comes_from_outside_is_talked_about_first_and_never_takes_all_the_room() -> None:
    inside = [ReviewException("late", f"late {stake}", "", "", "", gain(stake)) for stake in (90, 80, 70, 60, 50)]
    outside = [ReviewException(OUTSIDE, f"event {stake}", "", "", "", gain(stake)) for stake in (40, 30, 20)]
    shown = outside_first([*inside, *outside], 6)
    assert [exception.at_stake for exception in shown] == [40, 30, 90, 80, 70, 60]
    assert [exception.at_stake for exception in outside_first(inside, 3)] == [90, 80, 70]


def test_profit_that_gross_margin_stands_in_for_is_named_so_and_no_column_is_empty() -> None:
    plan = tiny_plan()
    exceptions = [ReviewException("late", "Cargo", "Cargo: 7 units past due", "", "Supply", PlanEffect(300))]
    table = exceptions_table(exceptions, "12 months", "gross margin")
    assert [column.title for column in table.columns] == ["Exception", "Owner", "Gross margin, 12 months"]
    assert exceptions_title(exceptions).endswith("then by money")
    assert exceptions_note(exceptions, plan).endswith("of 12 months"), "what no column shows is not announced"


def test_exceptions_whose_money_nobody_knows_promise_none() -> None:
    exceptions = [ReviewException("excess", "Frames", "Frames: 7 units above the cover limit", "", "Supply")]
    assert [column.title for column in exceptions_table(exceptions, "12 months", "EBIT").columns][2:] == []
    assert exceptions_title(exceptions) == "Exceptions"
    assert "not known" in exceptions_note(exceptions, tiny_plan())


@pytest.mark.parametrize("first", ["2027-01", "2027-W01", "2027-Q1"])
def test_a_slip_is_priced_by_the_plan_that_has_nothing_of_it(monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    """A slip that somebody sets is in months; how late the last gate is, in the company's periods."""
    calendar = Calendar(first, 3)
    behind = round(calendar.in_periods(3))
    item = Initiative("Lean", "", "", 0, 0, 1, (Gate("End", 0, behind),), (), a_month=calendar.in_periods(1))
    inputs = replace(tiny_inputs(), calendar=calendar, launches=(), initiatives=(item,))
    monkeypatch.setattr(exception_worth, "effect_of", lambda plan, without: without)
    trial: Any = SimpleNamespace(
        inputs=inputs, assumptions=Assumptions(), plan=None, with_values=lambda values: values
    )
    asked: Any = exception_worth.value_slips(trial)["Lean"]
    assert item.slip(asked[("initiative_slip_months", "Lean")]) == -behind
