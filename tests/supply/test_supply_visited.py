"""Going back to a position that was planned before."""

import pytest

from sop.supply import SupplyModel, SupplyProblem
from sop.supply.lp.model import problem_key


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
