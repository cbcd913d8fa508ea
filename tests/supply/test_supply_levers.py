"""Levers in the amounts in which they come, and bottlenecks by what they cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import (
    Limit,
    ReliefLever,
    SupplyModel,
    SupplyProblem,
    move_limit,
    rank_bottlenecks,
    solve_supply,
    standard_levers,
    value_levers,
)
from tests.supply.instances import random_problem

PRESS = Limit("line", 0, "press")


def shop(**changes) -> SupplyProblem:
    """70 due in January on a press that makes 50; 20 in February. A unit late costs 4 a month, a lost one 50."""
    fields = {
        "families": ("chairs",),
        "lines": ("press",),
        "periods": ("Jan", "Feb"),
        "due": [[70, 20]],
        "past_due_cost": 4,
        "lost_cost": 50,
        "revenue_per_unit": 50,
        "hours_per_unit": 2,
        "line_hours": 100,
        "variable_cost": 7,
        "holding_cost": 1,
    }
    return SupplyProblem(**{**fields, **changes})


def test_a_shift_returns_what_its_hours_save_and_no_more():
    """20 chairs wait a month for 4 each: 40 hours in January serve them all, the other 128 hours serve nothing."""
    shift = ReliefLever("One more shift", PRESS, (0,), 168.0)
    found = value_levers(shop(), [shift])[0]
    assert found.worth == pytest.approx(80)
    assert found.money == pytest.approx(0)
    assert found.units == pytest.approx(20)
    assert found.sentence == (
        "One more shift in Jan returns 80, 0 of it money and serves 20 units that are late or lost."
    )


def test_a_lever_where_nothing_binds_returns_nothing():
    found = value_levers(shop(), [ReliefLever("One more day", PRESS, (1,), 5.0)])[0]
    assert found.worth == pytest.approx(0)
    assert found.sentence == "One more day in Feb returns nothing."


def test_the_standard_levers_of_a_full_line_are_a_day_and_a_shift():
    levers = standard_levers(solve_supply(shop()), working_days=20)
    assert [(lever.name, lever.periods, lever.amount) for lever in levers] == [
        ("One more day of line press", (0,), 5.0),
        ("One more shift on line press", (0,), 160.0),
    ]


def test_every_kind_of_limit_has_a_lever_in_its_own_amount():
    starved = shop(
        line_hours=1000,
        materials=("steel",),
        material_use=1,
        material_supply=[[40, 60]],
        subcontract_limit=5,
        subcontract_cost=8,
        plants=("north",),
        line_plant=0,
        labour_hours_per_unit=2,
        opening_people=0.8,
        people_max=0.8,
        hours_per_person=100,
    )
    levers = {lever.name: lever.amount for lever in standard_levers(solve_supply(starved))}
    assert levers == {
        "One more person at north": 1.0,
        "168 more overtime hours at north": 168.0,
        "One more lot of steel": 12.5,
        "One more period of subcontract for chairs": 5.0,
    }


def test_the_dearest_bottleneck_comes_first_with_what_it_costs():
    """The press keeps 20 chairs for a month, 80 in all; storage of 5 units costs nothing beside it."""
    plan = solve_supply(shop())
    found = rank_bottlenecks(shop(), plan)
    assert [(each.use.limit, each.periods) for each in found] == [(PRESS, "Jan")]
    assert found[0].worth == pytest.approx(80)


def test_without_a_full_limit_there_is_no_bottleneck():
    roomy = shop(line_hours=1000)
    assert rank_bottlenecks(roomy, solve_supply(roomy)) == []


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_a_lever_returns_what_planning_anew_with_it_saves_and_never_more_than_no_limit_at_all(seed):
    problem = random_problem(seed, agreed_production=None)
    plan = solve_supply(problem)
    model = SupplyModel(problem)
    bottlenecks = {each.use.limit: each.worth for each in rank_bottlenecks(problem, plan, model)}
    for found in value_levers(problem, standard_levers(plan), model)[:3]:
        lever = found.lever
        again = solve_supply(move_limit(problem, lever.limit, lever.amount, lever.periods))
        slack = 1e-6 * abs(plan.objective) + 1e-4
        assert found.worth == pytest.approx(plan.objective - again.objective, abs=slack)
        assert -slack <= found.worth <= bottlenecks[lever.limit] + slack
    worths = list(bottlenecks.values())
    assert worths == sorted(worths, reverse=True)
    assert np.isfinite(worths).all()
