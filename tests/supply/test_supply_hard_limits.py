"""What is called hard is given up only where nothing else is possible, whatever other families are worth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from sop.supply import SupplyPlan, SupplyProblem, solve_supply
from sop.supply.lp.model import build_program
from sop.supply.lp.terms import build_terms
from tests.supply.instances import random_problem


def cheap_and_dear(**changes) -> SupplyProblem:
    """Bolts at 1 and pumps at 1,000 share 10 hours a period, one an hour; pumps could take every hour."""
    fields = {
        "families": ("bolts", "pumps"),
        "periods": ("Jan", "Feb"),
        "due": [[0, 0], [20, 20]],
        "past_due_cost": [0.1, 100],
        "lost_cost": [1, 1000],
        "hours_per_unit": 1,
        "line_hours": 10,
        "closing_stock_target": [5, 0],
        "closing_stock_price": [np.inf, np.nan],
    }
    return SupplyProblem(**{**fields, **changes})


def test_the_hour_that_a_hard_closing_stock_needs_is_not_taken_by_what_is_worth_a_thousand_times_more():
    plan = solve_supply(cheap_and_dear())
    assert plan.inventory[:, -1].tolist() == pytest.approx([5, 0])
    assert plan.production[:, 0].sum(axis=1).tolist() == pytest.approx([5, 15])
    assert plan.relief["machine"].max() == 0


def test_a_closing_stock_that_is_not_hard_yields():
    plan = solve_supply(cheap_and_dear(closing_stock_price=np.nan))
    assert plan.inventory[0, -1] == pytest.approx(0)


def test_orders_that_may_not_be_late_at_the_end_are_made_before_what_is_worth_more():
    plan = solve_supply(
        cheap_and_dear(
            due=[[0, 5], [20, 20]],
            lost_allowed=[False, True],
            closing_stock_target=0,
            closing_past_due_price=[np.inf, np.nan],
        )
    )
    assert plan.past_due[0].tolist() == pytest.approx([0, 0])


def test_demand_that_may_neither_wait_nor_be_lost_is_made_before_what_is_worth_more():
    plan = solve_supply(
        cheap_and_dear(
            due=[[3, 4], [20, 20]],
            lost_allowed=[False, True],
            backlog_allowed=[False, True],
            closing_stock_target=0,
            closing_stock_price=np.nan,
        )
    )
    assert plan.relief["demand"].max() == pytest.approx(0)
    assert plan.shipments[0].tolist() == pytest.approx([3, 4])


@pytest.mark.parametrize("other", ["labour", "material", "shared"])
def test_it_is_so_whatever_both_need(other):
    needs = {
        "labour": {"plants": ("P",), "line_plant": 0, "labour_hours_per_unit": 1, "opening_people": 1,
                   "people_max": 1, "hours_per_person": 10},
        "material": {"materials": ("steel",), "material_use": 1, "material_supply": 10},
        "shared": {"shared": ("oven",), "shared_hours_per_unit": 1, "shared_hours": 10},
    }[other]  # fmt: skip
    plan = solve_supply(cheap_and_dear(line_hours=np.inf, hours_per_unit=0, **needs))
    assert plan.inventory[0, -1] == pytest.approx(5)


def test_where_hard_limits_contradict_each_other_capacity_is_kept_and_the_rest_is_reported():
    plan = solve_supply(cheap_and_dear(closing_stock_target=[50, 0]))
    assert plan.relief["machine"].max() == 0
    assert plan.relief["closing_stock"].tolist() == pytest.approx([30, 0])


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_no_plan_keeps_more_of_what_is_hard(seed):
    """Least money and penalties beside the least that a program without money finds, the physical limits first."""
    rng = np.random.default_rng(seed)
    drawn = random_problem(seed)
    families = drawn.sizes["F"]
    problem = replace(
        drawn,
        lost_cost=drawn.lost_cost * 10.0 ** rng.uniform(-2, 2, families)[:, None],
        closing_stock_target=rng.uniform(0, 40, families) * (rng.random(families) < 0.5),
        closing_stock_price=np.where(rng.random(families) < 0.5, np.inf, np.nan),
        closing_past_due_price=np.where(rng.random(families) < 0.3, np.inf, np.nan),
    )
    for found, least in zip(broken(solve_supply(problem)), least_broken(problem), strict=True):
        assert found <= least * (1 + 1e-5) + 1e-4 * build_terms(problem).unmet_price.max()


LIMITS = {
    "outside_machine": ("machine", "machine"), "agency": ("agency", "agency"),
    "extra_overtime": ("overtime", "overtime"), "spot": ("material", "material"),
    "outside_shared": ("shared", "shared"), "outside_storage": ("storage", "storage"),
    "over": ("maximum_stock", "maximum_stock"),
}  # fmt: skip


def broken(plan: SupplyPlan) -> tuple[float, float, float]:
    """What a plan breaks of limits, of demand and of closing stock that are hard, at their penalties."""
    terms, problem, relief = plan.terms, plan.problem, plan.relief
    physical = 0.0
    for _, (of, name) in LIMITS.items():
        term = getattr(terms, of)
        unsold = np.where(term.offered, 0.0, term.price)
        physical += float((unsold * relief[name].sum(axis=-1)).sum())
    late = np.isinf(problem.closing_past_due_price) | np.isinf(problem.closing_stock_price)
    late &= problem.backlog_allowed
    demand = float(terms.unmet_price @ relief["demand"].sum(axis=1))
    demand += float((terms.closing_past_due_price * relief["closing_past_due"])[late].sum())
    stock = np.isinf(problem.closing_stock_price)
    return physical, demand, float((terms.closing_stock_price * relief["closing_stock"])[stock].sum())


def least_broken(problem: SupplyProblem) -> list[float]:
    """The same of the plan that breaks least, one after the other, without money."""
    terms = build_terms(problem)
    program = build_program(problem, terms)
    columns, at, numbers = program.columns, program.columns.at, program.numbers
    physical, demand, stock = (np.zeros(columns.size) for _ in range(3))
    rows = {
        "outside_machine": columns.limited_lines, "spot": columns.limited_materials,
        "outside_shared": columns.limited_shared, "over": columns.capped,
    }  # fmt: skip
    for name, (of, _) in LIMITS.items():
        term = getattr(terms, of)
        price = np.atleast_1d(np.where(term.offered, 0.0, term.price))
        price = price[rows[name]] if name in rows else price
        if at[name].size:
            physical[at[name]] = price[:, None]
    late = np.isinf(problem.closing_past_due_price) | np.isinf(problem.closing_stock_price)
    demand[at["unmet"]] = terms.unmet_price[columns.prompt][:, None]
    demand[at["closing_past_due"]] = np.where(late, terms.closing_past_due_price, 0.0)[columns.waiting]
    hard = np.isinf(problem.closing_stock_price)
    stock[at["closing_short"]] = np.where(hard, terms.closing_stock_price, 0.0)[columns.closing]
    kept = [LinearConstraint(program.matrix, numbers.row_lower, numbers.row_upper)]
    least = []
    for cost in (physical, demand, stock):
        scale = max(cost.max(), 1.0)
        found = milp(cost / scale, constraints=kept, bounds=Bounds(numbers.lower, numbers.upper))
        assert found.status == 0, found.message
        least.append(max(float(found.fun), 0.0) * scale)
        kept.append(LinearConstraint(cost / scale, -np.inf, found.fun * (1 + 1e-9) + 1e-7))
    return least
