"""Whole lots, campaigns, shifts and people: small plans by hand, published answers, proven gaps."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sop.supply import (
    NoRefinedPlan,
    NotExpressible,
    Refinement,
    SupplyInputError,
    SupplyProblem,
    refine_plan,
    solve_supply,
)
from sop.supply.lp.terms import build_terms
from sop.supply.what_if.refine import relative_gap
from sop.supply.what_if.refinement import check_refinement
from tests.supply.instances import random_problem
from tests.supply.test_supply_cases import red_tomato
from tests.supply.test_supply_hard_limits import cheap_and_dear
from tests.supply.textbook import textbook_cost


def shop(**changes) -> SupplyProblem:
    """10 due in each of four months; one hour a unit, 100 hours; a unit held costs 1 a month."""
    fields = {
        "families": ("chairs",),
        "lines": ("press",),
        "periods": ("Jan", "Feb", "Mar", "Apr"),
        "due": [[10, 10, 10, 10]],
        "past_due_cost": 50,
        "lost_cost": 500,
        "hours_per_unit": 1,
        "line_hours": 100,
        "variable_cost": 7,
        "holding_cost": 1,
    }
    return SupplyProblem(**{**fields, **changes})


def test_red_tomato_with_whole_people_costs_422_660():
    """The publisher's answer with whole people; 422,275 without."""
    refined = refine_plan(red_tomato(), Refinement(whole_people=True), gap=0)
    assert refined.objective == pytest.approx(422_660, rel=1e-8)
    assert refined.finished and refined.gap < 1e-6
    assert (refined.plan.people == np.rint(refined.plan.people)).all()


def test_a_lot_of_twenty_is_made_every_second_month():
    refined = refine_plan(shop(), Refinement(lot_units=20))
    assert refined.plan.production[0, 0].tolist() == pytest.approx([20, 0, 20, 0])
    assert refined.running[0, 0].tolist() == [True, False, True, False]
    assert refined.objective == pytest.approx(40 * 7 + 20)


def test_a_setup_is_paid_in_every_month_that_runs():
    """Ten held for a month cost 10: a set-up of 15 every second month, of 5 every month, of 100 only once."""
    assert refine_plan(shop(), Refinement(setup_cost=15)).setup_cost == pytest.approx(30)
    assert refine_plan(shop(), Refinement(setup_cost=5)).setup_cost == pytest.approx(20)
    once = refine_plan(shop(), Refinement(setup_cost=100))
    assert once.setup_cost == pytest.approx(100)
    assert once.plan.production[0, 0].tolist() == pytest.approx([40, 0, 0, 0])


def test_a_campaign_is_set_up_once_and_makes_something_in_every_month_of_it():
    campaign = refine_plan(shop(), Refinement(setup_cost=15, campaigns=True))
    assert campaign.starts[0, 0].tolist() == [True, False, False, False]
    assert campaign.plan.production[0, 0].tolist() == pytest.approx([10, 10, 10, 10])
    with_a_shut_month = shop(line_hours=[[100, 0, 100, 0]])
    assert refine_plan(with_a_shut_month, Refinement(setup_cost=15, campaigns=True)).setup_cost == pytest.approx(
        30
    )


def test_a_line_that_runs_one_family_at_a_time_makes_them_in_turn():
    two = shop(families=("chairs", "tables"), due=[[10] * 4, [10] * 4], past_due_cost=5)
    running = refine_plan(two, Refinement(most_families=1), gap=0).running[:, 0]
    assert (running.sum(axis=0) <= 1).all()
    assert running.any(axis=1).all()


def test_setup_hours_are_taken_from_the_line():
    """12 hours a month: 10 for the units and 2 left, so a set-up of 5 hours in January leaves 3 units late."""
    refined = refine_plan(shop(line_hours=12), Refinement(setup_hours=5, campaigns=True), gap=0)
    assert refined.starts[0, 0].tolist() == [True, False, False, False]
    assert refined.plan.production[0, 0].tolist() == pytest.approx([7, 12, 11, 10])
    assert refined.plan.relief["machine"].sum() == pytest.approx(0)


def test_a_campaign_runs_its_least_length():
    """Two short campaigns would do; of at least three months only one fits, or one that never stops."""
    refined = refine_plan(
        shop(due=[[10, 0, 0, 10]]), Refinement(setup_cost=1, campaigns=True, least_periods=3), gap=0
    )
    start = int(np.flatnonzero(refined.starts[0, 0])[0])
    assert refined.running[0, 0, start : start + 3].all()
    assert (refined.plan.production[0, 0, start : start + 3] >= 1 - 1e-6).all()


def test_shifts_are_paid_whole():
    """8 hours a shift at 30: 10 hours of work a month need two shifts in some months, one where stock helps."""
    refined = refine_plan(shop(), Refinement(shift_hours=8, shift_cost=30), gap=0)
    assert refined.shifts[0].sum() == 5
    assert refined.shift_cost == pytest.approx(150)
    hours = refined.plan.machine_hours[0]
    assert (hours <= 8 * refined.shifts[0] + 1e-6).all()


def test_frozen_months_keep_the_agreed_plan_whatever_the_lot():
    agreed = np.array([[[5.0, 0, 0, 0]]])
    refined = refine_plan(shop(agreed_production=agreed, frozen_periods=1), Refinement(lot_units=20))
    assert refined.plan.production[0, 0, 0] == pytest.approx(5)
    assert refined.running[0, 0, 0]
    later = refined.plan.production[0, 0, 1:]
    assert ((later < 1e-6) | (later >= 20 - 1e-6)).all()


def test_without_rules_the_refined_plan_is_the_plan():
    for seed in range(8):
        problem = random_problem(seed)
        refined = refine_plan(problem, Refinement())
        assert refined.objective == pytest.approx(solve_supply(problem).objective, rel=1e-7)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10**6))
@example(seed=121)
def test_whole_numbers_never_cost_less_and_the_bound_holds(seed):
    problem = random_problem(seed, one_rate=False)
    least = textbook_cost(problem, keep_hard=False)
    refined = refine_plan(problem, Refinement(lot_units=15, setup_cost=20), gap=0.01, seconds=5)
    slack = 1e-6 * abs(least) + 1e-3
    assert least <= refined.bound + slack and refined.bound <= refined.objective + slack
    frozen = build_terms(problem).frozen
    made = refined.plan.production[:, :, frozen:]
    assert ((made < 1e-6) | (made >= 15 - 1e-6)).all()
    assert not refined.finished or refined.gap <= 0.01 + 1e-6


def test_progress_is_reported_and_a_run_can_be_stopped():
    problem = random_problem(3, families=12, lines=3, periods=12, one_rate=False)
    seen = []
    whole = Refinement(lot_units=37, setup_cost=55, campaigns=[True, False, False], least_periods=2)
    refined = refine_plan(problem, whole, progress=seen.append, gap=0, seconds=2)
    assert seen and all(now.gap >= 0 for now in seen)
    assert seen[-1].bound <= refined.objective + 1e-3
    try:
        stopped = refine_plan(problem, whole, cancelled=lambda: True, gap=0)
    except NoRefinedPlan as refusal:
        assert "no plan in whole numbers was found" in str(refusal)
    else:
        assert not stopped.finished


def test_the_gap_is_a_share_of_the_plan_found():
    assert relative_gap(200.0, 190.0) == pytest.approx(0.05)
    assert relative_gap(200.0, 201.0) == 0.0
    assert relative_gap(np.inf, 190.0) == np.inf


def test_a_lot_that_fits_into_no_month_is_named():
    problem = shop()
    found = list(check_refinement(Refinement(lot_units=101), problem, build_terms(problem)))
    assert [finding.rule for finding in found] == ["lot_above_capacity"]
    assert not list(check_refinement(Refinement(lot_units=100), problem, build_terms(problem)))
    assert refine_plan(problem, Refinement(lot_units=101)).plan.production.sum() == pytest.approx(0)


def test_whole_people_without_a_whole_number_in_their_bounds_are_refused():
    fixed = red_tomato(people_min=64.2, people_max=64.8)
    with pytest.raises(SupplyInputError, match="plant plant has bounds on people without a whole number between"):
        refine_plan(fixed, Refinement(whole_people=True))


def test_a_lot_below_zero_is_refused():
    with pytest.raises(SupplyInputError, match="lot_units: has a value that is missing, infinite or below zero"):
        refine_plan(shop(), Refinement(lot_units=-1))


def test_what_cannot_be_planned_is_refused_with_the_reason():
    with pytest.raises(NotExpressible, match="blending cannot be planned here, because what goes into a unit"):
        shop(requires=("blending",))
    with pytest.raises(NotExpressible, match=r"minimum lots cannot be planned here.*Plan it with refine_plan"):
        shop(requires=("minimum_lots",))
    with pytest.raises(NotExpressible, match="not a feature that is known here"):
        shop(requires=("teleport",))


def test_the_hour_that_a_hard_closing_stock_needs_is_not_taken_by_whole_lots_of_what_is_worth_more():
    """Bolts at 1 and pumps at 1,000 share 10 hours a period: five bolts come first, in lots as well."""
    problem = cheap_and_dear()
    refined = refine_plan(problem, Refinement(lot_units=5), gap=0)
    assert refined.finished and refined.plan.inventory[:, -1].tolist() == pytest.approx([5, 0])
    assert refined.plan.production[:, 0].sum(axis=1).tolist() == pytest.approx([5, 15])
    assert refined.plan.relief["machine"].max() == pytest.approx(0, abs=1e-5)
    assert refined.bound <= refined.objective * (1 + 1e-6)


def test_a_lot_of_what_is_worth_more_waits_where_it_would_take_what_is_hard():
    """Of 9 hours 8 are needed for closing stock, and a lot of pumps takes five at least: none are made."""
    problem = cheap_and_dear(line_hours=[[9, 0]], closing_stock_target=[8, 0])
    refined = refine_plan(problem, Refinement(lot_units=5), gap=0)
    assert refined.plan.inventory[0, -1] == pytest.approx(8)
    assert refined.plan.production[1].sum() == pytest.approx(0)
