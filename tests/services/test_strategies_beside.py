"""Strategies of a company's plan side by side, and the strategy that the plan shown follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sop.core.register import Assumptions
from sop.services.agreement import plan_acts
from sop.services.analysis.comparison import explain_change
from sop.services.planning.choices import Choice, View, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.planning.supply_questions import planned_strategy, strategies_beside
from sop.services.scenarios.drafts import change_assumption, working_scenario
from tests.companies import Shape
from tests.residuals import residual_of
from tests.services.planned_company import FUNCTIONS, make_room

WORKING = Choice("working", "Working plan")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("room"), Shape(history=5, horizon=12, products=3, families=2))


def view_of(room: PlanningRoom, strategy: int) -> View:
    view = read_view(room, "executive", WORKING)
    assumptions = Assumptions({("supply_strategy", ""): float(strategy)})
    return replace(view, assumptions=assumptions, plan=room.plan(assumptions))


def test_every_strategy_stands_beside_the_least_with_its_service_and_people(room: PlanningRoom) -> None:
    found = strategies_beside(room, room.input_set(), view_of(room, 0))
    assert [each.name for each in found] == ["Least cost", "Level", "Chase"]
    assert (found[0].to_least.ebit_horizon, found[0].to_least.unit_days) == (0, 0)
    assert all(0 <= each.on_time <= 1 and len(each.people) == 12 for each in found)


def test_the_money_is_that_of_the_plan_that_follows_the_strategy(room: PlanningRoom) -> None:
    view, least = view_of(room, 1), room.plan(Assumptions())
    level = strategies_beside(room, room.input_set(), view)[1]
    assert level.money["EBIT"] == int(view.plan["ebit"].sum())
    assert level.cash_low == int(view.plan["cash"][:12].min())
    assert level.to_least.ebit_horizon == int(view.plan["ebit"].sum()) - int(least["ebit"].sum())


def test_as_agreed_without_an_agreed_plan_is_planned_at_least_cost(room: PlanningRoom) -> None:
    assert planned_strategy(room.input_set(), view_of(room, 3)) == 0
    assert planned_strategy(room.input_set(), view_of(room, 2)) == 2


def test_a_proposed_level_plan_is_the_same_to_the_last_digit_and_its_effect_is_that_of_operations(
    tmp_path: Path,
) -> None:
    room = make_room(tmp_path, Shape(history=5, horizon=12, products=3, families=2))
    record = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, record.id, record.digest)
    scenario = working_scenario(room.store, "head_of_operations")
    change_assumption(room.store, "head_of_operations", scenario.id, "supply_strategy", 1, reason="Steady work")
    inputs, assumptions = room.input_set(), room.assumptions()
    warm, cold = room.plan(assumptions, inputs), room.plan(assumptions, inputs, cold=True)
    assert warm.lines == cold.lines
    change = explain_change(room, inputs, assumptions)
    assert change is not None
    assert all(residual_of(change, measure) == 0 for measure in change.base)
    moved = {group for group, effects in change.steps.items() if any(effects.values())}
    assert moved == {"Operations"}
    assert planned_strategy(inputs, read_view(room, "executive", WORKING)) == 1


def test_as_agreed_keeps_what_was_agreed(tmp_path: Path) -> None:
    room = make_room(tmp_path, Shape(history=5, horizon=12, products=3, families=2))
    record = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, record.id, record.digest)
    inputs = room.input_set()
    assert inputs.agreed is not None
    more = Assumptions({("demand_pct", ""): 0.2})
    agreed = room.plan(more.set("supply_strategy", "", 3.0), inputs)
    made = inputs.agreed.plan["production"]
    covered = int(np.flatnonzero(made.any(axis=(0, 1))).max()) + 1
    assert (agreed["production"][..., :covered] == made[..., :covered]).all()
    assert (room.plan(more, inputs)["production"] != made).any()
    view = replace(read_view(room, "executive", WORKING), assumptions=more)
    assert [each.name for each in strategies_beside(room, inputs, view)][-1] == "As agreed"


def test_without_stock_there_is_nothing_to_compare(tmp_path: Path) -> None:
    room = make_room(tmp_path, Shape(history=5, horizon=6, products=3, families=2, stock=False))
    assert strategies_beside(room, room.input_set(), read_view(room, "executive", WORKING)) == ()
