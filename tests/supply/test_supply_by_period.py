"""Prices, costs and raw material by period, stated in the problem itself, with plans that are known by hand."""

import numpy as np
import pytest

from sop.supply import Refinement, SupplyProblem, cost_plan, refine_plan, solve_supply


def oil(**changes) -> SupplyProblem:
    """50 tins of a litre due in each of three months; a litre costs 1.10, 1.30, then 0.90, and 0.05 to keep."""
    fields = {
        "families": ("tins",),
        "periods": ("Jan", "Feb", "Mar"),
        "due": [[50, 50, 50]],
        "past_due_cost": 9,
        "lost_cost": 99,
        "holding_cost": 0.5,
        "materials": ("oil",),
        "material_use": 1,
        "material_price": [[1.10, 1.30, 0.90]],
        "material_holding_cost": 0.05,
        "material_kept": 1000,
    }
    return SupplyProblem(**{**fields, **changes})


def test_material_is_bought_when_it_is_cheap_and_kept():
    """January's for two months, March's for itself: 100 x 1.10 + 50 x 0.05 + 50 x 0.90 = 157.50."""
    plan = solve_supply(oil())
    assert plan.material_bought[0].tolist() == pytest.approx([100, 0, 50])
    assert plan.material_stock[0].tolist() == pytest.approx([50, 0, 0])
    assert plan.total_cost == pytest.approx(157.5)


def test_what_can_be_kept_and_bought_is_limited():
    plan = solve_supply(oil(material_kept=20, material_supply=[[65, 100, 100]], opening_material=10))
    assert plan.material_bought[0].tolist() == pytest.approx([60, 30, 50])
    assert plan.total_cost == pytest.approx(60 * 1.10 + 20 * 0.05 + 30 * 1.30 + 50 * 0.90)


def test_material_in_stock_is_used_before_any_is_bought():
    plan = solve_supply(oil(opening_material=150))
    assert plan.material_bought.sum() == pytest.approx(0)
    assert plan.total_cost == pytest.approx(0.05 * (100 + 50))


def test_a_given_plan_buys_what_it_needs_when_it_needs_it():
    plan = cost_plan(oil(), production=[[[50, 50, 50]]])
    assert plan.total_cost == pytest.approx(50 * (1.10 + 1.30 + 0.90))


def test_a_price_or_a_cost_may_change_by_period_or_be_the_same_in_all():
    """Making costs 7, then 9 from February; 60 hours a month and one to keep a unit: 10 of 50 are made ahead."""
    varying = oil(materials=(), material_use=0.0, material_price=0, material_kept=0, material_holding_cost=0,
                  variable_cost=[[[7, 9, 9]]], line_hours=60, hours_per_unit=1,
                  revenue_per_unit=[[20, 30, 40]])  # fmt: skip
    plan = solve_supply(varying)
    assert plan.production[0, 0].tolist() == pytest.approx([60, 40, 50])
    assert plan.total_cost == pytest.approx(60 * 7 + 90 * 9 + 10 * 0.5)
    assert plan.revenue == pytest.approx(50 * (20 + 30 + 40))
    constant = oil(variable_cost=[[7]], lost_cost=[99], subcontract_cost=[3])
    assert constant.variable_cost.tolist() == [[[7, 7, 7]]]
    assert constant.lost_cost.tolist() == [[99, 99, 99]]


def test_wagner_and_whitin_costs_864():
    """Wagner and Whitin, Dynamic version of the economic lot size model, Management Science 5 (1958).

    A set-up costs 85 to 119 by month and keeping a unit 1; the cheapest lots cost 864.
    """
    demand = [69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56]
    setups = [85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114]
    problem = SupplyProblem(
        families=("product",), periods=tuple(map(str, range(1, 13))), due=[demand],
        past_due_cost=999, lost_cost=9999,
        backlog_allowed=False, lost_allowed=False, holding_cost=1, closing_stock_target=0,
    )  # fmt: skip
    found = refine_plan(problem, Refinement(setup_cost=[[setups]]), gap=0.0)
    assert found.total_cost == pytest.approx(864)


def test_the_material_of_a_plan_is_accounted_for_by_period():
    rng = np.random.default_rng(2)
    for _ in range(10):
        problem = oil(
            due=rng.integers(10, 90, (1, 3)),
            material_supply=rng.integers(20, 90, (1, 3)),
            material_kept=rng.integers(0, 60),
            opening_material=rng.integers(0, 40),
            spot_premium=0.4,
        )
        plan = solve_supply(problem)
        before = np.concatenate([[problem.opening_material], plan.material_stock[:, :-1].T]).T
        arrived = before + plan.material_bought + plan.relief["material"]
        assert (arrived - plan.production.sum(axis=1) >= plan.material_stock - 1e-7).all()
        assert (plan.material_bought <= problem.material_supply + 1e-9).all()
        assert (plan.material_stock <= problem.material_kept + 1e-9).all()
