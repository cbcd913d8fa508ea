"""One plan for one problem, whatever was planned before it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import SupplyModel, SupplyPlan, SupplyProblem, solve_supply
from tests.supply.instances import random_problem

QUANTITIES = ("production", "subcontract", "shipments", "lost", "inventory", "past_due")


def digest(plan: SupplyPlan) -> list[list[float]]:
    """The plan in whole units, and the exact one with its people and money to the last bit."""
    arrays = [getattr(of, name) for of in (plan.whole, plan) for name in QUANTITIES]
    return [array.ravel().tolist() for array in (*arrays, plan.people, plan.overtime_hours)] + [[plan.objective]]


def full_of_ties(seed: int) -> SupplyProblem:
    """Like families on like lines at round numbers: many plans cost the same."""
    rng = np.random.default_rng(seed)
    families, lines, periods = 5, 3, 12
    hours = np.where(rng.random((families, lines)) < 0.3, np.nan, 1.0)
    return SupplyProblem(
        families=tuple("ABCDE"),
        lines=("L1", "L2", "L3"),
        periods=tuple(f"t{t}" for t in range(periods)),
        due=10 * rng.integers(5, 15, (families, periods)),
        past_due_cost=5,
        lost_cost=100,
        opening_inventory=10 * rng.integers(0, 5, families),
        hours_per_unit=hours,
        variable_cost=10,
        line_hours=10 * rng.integers(12, 24, (lines, periods)),
        plants=("P",),
        line_plant=[0, 0, -1],
        labour_hours_per_unit=0.5,
        opening_people=3,
        people_max=6,
        hours_per_person=80,
        wage=1,
        overtime_rate=2,
        overtime_share=0.2,
        hire_cost=40,
        release_cost=40,
        safety_stock=20,
        cover_limit=60,
        shortage_cost=1,
        excess_cost=0.5,
        subcontract_limit=20,
        subcontract_cost=30,
    )


def with_one_family_up(problem: SupplyProblem, family: int) -> SupplyProblem:
    due = problem.due.copy()
    due[family] = np.round(due[family] * 1.05)
    return replace(problem, due=due)


MOVES = {
    "demand up": lambda p: replace(p, due=np.round(p.due * 1.1)),
    "demand down": lambda p: replace(p, due=np.round(p.due * 0.9)),
    "one family": lambda p: with_one_family_up(p, 1),
    "capacity": lambda p: replace(p, line_hours=p.line_hours * 0.9),
    "overtime cap": lambda p: replace(p, overtime_share=p.overtime_share * 0.5),
    "safety stock": lambda p: replace(p, safety_stock=p.safety_stock * 1.2),
    "price": lambda p: replace(p, lost_cost=p.lost_cost * 1.1),
    "holding": lambda p: replace(p, holding_cost=p.holding_cost + 0.1),
    "hours per person": lambda p: replace(p, hours_per_person=p.hours_per_person * 0.95),
    "subcontract off": lambda p: replace(p, subcontract_limit=0.0 * p.subcontract_limit),
}


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), names=st.lists(st.sampled_from(sorted(MOVES)), min_size=2, max_size=5))
def test_sliders_in_any_order_reach_the_plan_that_a_cold_start_finds(seed, names):
    start = full_of_ties(seed)
    model, problem = SupplyModel(start), start
    for name in names:
        problem = MOVES[name](problem)
        model.solve(problem)
    assert digest(model.solve(problem)) == digest(solve_supply(problem))
    assert digest(model.solve(start)) == digest(solve_supply(start))


@settings(deadline=None, max_examples=25)
@given(seeds=st.lists(st.integers(0, 10**6), min_size=2, max_size=3))
def test_a_model_may_be_given_any_other_problem(seeds):
    model = SupplyModel(random_problem(seeds[0]))
    for seed in seeds:
        problem = random_problem(seed)
        assert digest(model.solve(problem)) == digest(solve_supply(problem))


def test_of_two_equal_lines_the_first_is_used_and_production_is_as_late_as_holding_wants():
    problem = SupplyProblem(
        families=("A",),
        lines=("L1", "L2"),
        periods=("1", "2"),
        due=[[10, 10]],
        past_due_cost=5,
        lost_cost=100,
        hours_per_unit=1,
        line_hours=[[20, 20], [20, 20]],
        variable_cost=7,
        holding_cost=1,
    )
    assert solve_supply(problem).production[0].tolist() == [[10, 10], [0, 0]]


def test_the_tie_break_is_not_in_the_money():
    problem = full_of_ties(7)
    plan = solve_supply(problem)
    made = float((problem.variable_cost * plan.production).sum())
    assert plan.cost["variable"] == pytest.approx(made, rel=1e-12)
    assert plan.objective == pytest.approx(sum(plan.cost.values()) + sum(plan.penalties.values()), rel=1e-12)
