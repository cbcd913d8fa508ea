"""Going back to a position, and the estimate before an exact plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import SupplyModel, SupplyProblem, solve_supply
from sop.supply.lp.preview import change_by_bounds
from sop.supply.lp.visited import problem_key
from tests.supply.instances import random_problem


def shop(**changes) -> SupplyProblem:
    """One press of 60 hours a month, one hour a unit; 50 due, then 70: ten are made early and held for 1 each."""
    fields = {
        "families": ("chairs",),
        "lines": ("press",),
        "periods": ("Jan", "Feb"),
        "due": [[50, 70]],
        "past_due_cost": 4,
        "lost_cost": 50,
        "hours_per_unit": 1,
        "line_hours": 60,
        "variable_cost": 7,
        "holding_cost": 1,
    }
    return SupplyProblem(**{**fields, **changes})


def test_a_visited_position_is_the_same_plan_and_not_solved_again():
    model, problem = SupplyModel(shop()), shop()
    first = model.solve(problem)
    model.solve(shop(line_hours=50))
    assert model.solve(shop()) is first


def test_a_position_is_known_by_every_name_and_number():
    keys = {
        problem_key(p) for p in (shop(), shop(holding_cost=2), shop(families=("tables",)), shop(frozen_periods=1))
    }
    assert len(keys) == 4
    assert problem_key(shop()) == problem_key(shop())


def test_the_oldest_plans_are_forgotten():
    model = SupplyModel(shop())
    first = model.solve(shop())
    for more in range(1, 40):
        model.solve(shop(line_hours=60 + more))
    again = model.solve(shop())
    assert again is not first
    assert again.objective == pytest.approx(first.objective, rel=1e-12)


def test_two_hours_less_are_estimated_at_two_more_units_made_early():
    """January has room: each hour less in February makes one more unit in January, held for 1."""
    roomy, less = shop(due=[[40, 70]]), shop(due=[[40, 70]], line_hours=[[60, 58]])
    model = SupplyModel(roomy)
    base = model.solve(roomy)
    preview = model.preview(less)
    assert preview.side == "at least"
    assert preview.change == pytest.approx(2, rel=1e-4)
    assert model.solve(less).objective == pytest.approx(base.objective + 2)


def test_where_the_estimate_misleads_it_still_is_a_floor():
    """January is exactly full: the two units are not made early for 2, but lost for 2 x (50 - 7)."""
    model = SupplyModel(shop())
    base = model.solve(shop())
    less = shop(line_hours=[[60, 58]])
    assert model.preview(less).change == pytest.approx(2, rel=1e-4)
    assert model.solve(less).objective == pytest.approx(base.objective + 2 * (50 - 7))


def test_a_price_that_moves_is_estimated_at_the_plan_before():
    """Ten units held and 120 made: half a unit of money more on each is 5 and 60."""
    model = SupplyModel(shop())
    model.solve(shop())
    preview = model.preview(shop(holding_cost=1.5, variable_cost=7.5))
    assert preview.side == "at most"
    assert preview.change == pytest.approx(5 + 60)
    assert preview.sentence == "Cost changes by at most +65 (estimate; the exact plan is being computed)."


def test_without_a_solved_plan_or_with_another_structure_there_is_no_estimate():
    model = SupplyModel(shop())
    assert model.preview(shop(line_hours=55)) is None
    model.solve(shop())
    assert model.preview(shop(subcontract_limit=5, subcontract_cost=9)) is None


def test_a_bound_that_is_infinite_is_left_out_of_the_estimate():
    duals = np.array([2.0, -3.0, 5.0])
    old = (np.array([1.0, 0.0, -np.inf]), np.array([9.0, 4.0, 9.0]))
    new = (np.array([2.0, 0.0, -np.inf]), np.array([9.0, 5.0, 9.0]))
    assert change_by_bounds(duals, old, new) == pytest.approx(2 * 1 - 3 * 1)


MOVES = {
    "demand": lambda p: replace(p, due=np.round(p.due * 1.03)),
    "capacity": lambda p: replace(p, line_hours=p.line_hours * 0.97),
    "safety stock": lambda p: replace(p, safety_stock=p.safety_stock * 1.05),
    "holding": lambda p: replace(p, holding_cost=p.holding_cost * 1.2),
    "wage": lambda p: replace(p, wage=p.wage * 1.02),
    "overtime": lambda p: replace(p, overtime_share=p.overtime_share * 0.9),
}


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), move=st.sampled_from(sorted(MOVES)))
def test_the_true_cost_lies_on_the_side_that_the_estimate_says(seed, move):
    problem = random_problem(seed)
    model = SupplyModel(problem)
    base = model.solve(problem)
    preview = model.preview(MOVES[move](problem))
    if preview is None:
        return
    change = solve_supply(MOVES[move](problem)).objective - base.objective
    slack = 1e-3 + 1e-5 * abs(base.objective)
    assert preview.side != "at least" or change >= preview.change - slack
    assert preview.side != "at most" or change <= preview.change + slack


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_nothing_moved_is_estimated_as_no_change(seed):
    problem = random_problem(seed)
    model = SupplyModel(problem)
    base = model.solve(problem)
    preview = model.preview(replace(problem))
    assert preview.change == 0.0
    assert preview.objective == base.objective
