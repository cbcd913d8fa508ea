"""Published aggregate-planning problems, expressed as supply problems."""

import numpy as np
import pytest

from sop.supply import SupplyProblem, cost_plan, solve_supply

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")


def red_tomato(**changes) -> SupplyProblem:
    """Chopra & Meindl, Supply Chain Management, aggregate planning: Red Tomato Tools, base case."""
    fields = {
        "families": ("tools",),
        "periods": MONTHS,
        "due": [[1600, 3000, 3200, 3800, 2200, 2200]],
        "revenue_per_unit": 40,
        "lost_cost": 40,
        "lost_allowed": False,
        "past_due_cost": 5,
        "closing_past_due_price": np.inf,
        "opening_inventory": 1000,
        "closing_stock_target": 500,
        "closing_stock_price": np.inf,
        "holding_cost": 2,
        "variable_cost": 10,
        "plants": ("plant",),
        "line_plant": 0,
        "labour_hours_per_unit": 4,
        "opening_people": 80,
        "hours_per_person": 20 * 8,
        "wage": 4,
        "overtime_rate": 6,
        "overtime_hours_per_person": 10,
        "hire_cost": 300,
        "release_cost": 500,
        "subcontract_limit": np.inf,
        "subcontract_cost": 30,
    }
    return SupplyProblem(**{**fields, **changes})


def test_red_tomato_costs_422_275():
    plan = solve_supply(red_tomato())
    assert plan.objective == pytest.approx(422_275, rel=1e-8)
    assert plan.revenue - plan.objective == pytest.approx(640_000 - 422_275, rel=1e-8)
    assert plan.inventory[0, -1] == pytest.approx(500)


def test_sailco_costs_78_450():
    """Winston, Operations Research, 3.10: 40 a quarter at 400, any number in overtime at 450."""
    plan = solve_supply(
        SupplyProblem(
            families=("boats",),
            periods=("Q1", "Q2", "Q3", "Q4"),
            due=[[40, 60, 75, 25]],
            opening_inventory=10,
            lines=("regular", "overtime"),
            hours_per_unit=1,
            line_hours=[[40] * 4, [np.inf] * 4],
            variable_cost=[[400, 450]],
            holding_cost=20,
            past_due_cost=0,
            lost_cost=0,
            backlog_allowed=False,
            lost_allowed=False,
        )
    )
    assert plan.total_cost == pytest.approx(78_450)
    assert plan.production[0].tolist() == pytest.approx(np.array([[40, 40, 40, 25], [0, 10, 35, 0]]))


def test_the_stevenson_tableau_costs_124_730():
    """Stevenson, Operations Management, aggregate planning by transportation tableau."""
    plan = solve_supply(
        SupplyProblem(
            families=("units",),
            periods=("1", "2", "3"),
            due=[[550, 700, 750]],
            opening_inventory=100,
            lines=("regular", "overtime"),
            hours_per_unit=1,
            line_hours=[[500] * 3, [50] * 3],
            variable_cost=[[60, 80]],
            subcontract_limit=[[120, 120, 100]],
            subcontract_cost=90,
            holding_cost=1,
            past_due_cost=3,
            lost_cost=100,
            lost_allowed=False,
            closing_past_due_price=np.inf,
        )
    )
    assert plan.objective == pytest.approx(124_730)


DAYS = np.array([22, 18, 21, 21, 22, 20])
DEMAND = np.array([900, 700, 800, 1200, 1500, 1100])


def roofing(**changes) -> SupplyProblem:
    """Heizer & Render, Operations Management, aggregate planning: the roofing supplier."""
    fields = {
        "families": ("roofing",),
        "periods": MONTHS,
        "due": [DEMAND],
        "past_due_cost": 100,
        "lost_cost": 100,
        "holding_cost": 5,
        "closing_stock_target": 0,
        "plants": ("plant",),
        "line_plant": 0,
        "labour_hours_per_unit": 1.6,
        "hours_per_person": [8 * DAYS],
        "wage": 10,
        "overtime_rate": 17,
        "subcontract_limit": np.inf,
        "subcontract_cost": 20,
    }
    return SupplyProblem(**{**fields, **changes})


def test_a_level_plan_of_ten_people_costs_108_450():
    plan = cost_plan(roofing(opening_people=10), production=[[50 * DAYS]])
    assert plan.total_cost == pytest.approx(108_450, rel=1e-12)
    assert plan.inventory.sum() == pytest.approx(1_850)


def test_a_low_level_plan_with_subcontracting_costs_105_152():
    made = 38 * DAYS
    stock = np.maximum(0, np.cumsum(made - DEMAND))
    bought = np.diff(np.maximum.accumulate(np.maximum(0, np.cumsum(DEMAND - made))), prepend=0)
    assert stock[0] == 0 and bought.sum() == 6200 - 38 * 124
    plan = cost_plan(roofing(opening_people=7.6, holding_cost=0), [[made]], [bought])
    assert plan.total_cost == pytest.approx(105_152, rel=1e-12)


def test_a_chase_plan_costs_117_800():
    """The daily rate follows demand; a unit of rate is a fifth of a person, 300 to add and 600 to take away.

    The book pays 16 per unit made, so a month's paid hours are those of its output at the whole-unit rate.
    """
    rate = np.round(DEMAND / DAYS)
    people = rate / 5
    paid = roofing(
        opening_people=people[0],
        hours_per_person=[1.6 * DEMAND / people],
        hire_cost=300 * 5,
        release_cost=600 * 5,
    )
    plan = cost_plan(paid, production=[[DEMAND]], people=[people])
    assert rate.tolist() == [41, 39, 38, 57, 68, 55]
    assert plan.cost["wages"] == pytest.approx(99_200)
    assert plan.total_cost == pytest.approx(117_800, rel=1e-12)
