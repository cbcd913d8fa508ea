"""The first periods of a plan as a problem of their own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import cost_plan, solve_supply
from sop.supply.what_if.first_periods import first_periods
from tests.supply.instances import random_problem
from tests.supply.test_supply_refine import shop


def test_the_first_months_build_the_stock_that_the_rest_of_the_plan_lives_on():
    """20 hours a month and 40 due in March: ten are made ahead in January and in February."""
    plan = solve_supply(shop(due=[[10, 10, 40, 10]], line_hours=20))
    assert plan.inventory[0].tolist() == pytest.approx([10, 20, 0, 0])
    first = first_periods(plan, 2)
    assert first.periods == ("Jan", "Feb")
    assert first.closing_stock_target.tolist() == pytest.approx([20])
    assert solve_supply(first).production[0, 0].tolist() == pytest.approx([20, 20])


def test_all_periods_are_the_problem_itself():
    plan = solve_supply(shop())
    assert first_periods(plan, 4) is plan.problem
    assert first_periods(plan, 99) is plan.problem


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 4))
def test_the_first_periods_cost_no_more_than_the_plan_spends_in_them(seed, count):
    """The plan's own first periods meet the hand-over, so the cheapest way to meet it costs no more."""
    plan = solve_supply(random_problem(seed))
    first = first_periods(plan, count)
    own = plan.problem.sizes["T"] if first is plan.problem else len(first.periods)
    same = cost_plan(
        first, plan.production[..., :own], plan.subcontract[:, :own], plan.people[:, :own], plan.lost[:, :own]
    )
    assert solve_supply(first).objective <= same.objective + 1e-6 * abs(same.objective) + 1e-6
