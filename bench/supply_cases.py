"""Published aggregate-planning problems, read from their files into the product's own problem definition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from report import Figures

from sop.supply import SupplyPlan, SupplyProblem, cost_plan, solve_supply

Inputs = dict[str, Any]


def case_figures(folder: Path) -> Figures:
    """How far the product's cost is from the published one, by case; nothing (and said) without the folder."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        print(f"# published cases skipped: no files in {folder}")
    figures: Figures = {}
    for file in files:
        case = json.loads(file.read_text())
        for name, (found, published) in _costs(case).items():
            figures[f"supply_case_{case['name']}_{name}"] = (found, "money")
            figures[f"supply_case_{case['name']}_{name}_off"] = (abs(found / published - 1), "share")
    return figures


def _costs(case: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """(found, published) by what is published."""
    given, published = case["inputs"], case["published"]
    if case["kind"] == "strategy_cost":
        plans = {
            "plan1_level": level_plan(given, 10),
            "plan2_subcontract": level_plan(given, 7.6, held=False),
            "plan3_chase": chase_plan(given),
        }
        return {name: (plan.total_cost, published[name]) for name, plan in plans.items()}
    optimum = published.get("lp_optimal_cost", published.get("optimal_cost"))
    return {"optimum": (solve_supply(read_case(given)).objective, optimum)}


def read_case(given: Inputs) -> SupplyProblem:
    """The problem of a file: sources with unit costs (a tableau), or people with hours."""
    tableau = "unit_cost" in given or "regular_capacity" in given
    return SupplyProblem(**_common(given), **(_sources(given) if tableau else _people(given)))


def _common(given: Inputs) -> dict[str, Any]:
    late = given.get("backlog_cost_per_unit_period", given.get("backorder_cost_per_unit_period", 0))
    return {
        "families": ("units",),
        "periods": tuple(str(period) for period in given["periods"]),
        "due": [given["demand"]],
        "opening_inventory": given.get("opening_inventory", 0),
        "opening_past_due": given.get("opening_backlog", 0),
        "holding_cost": given.get("holding_cost_per_unit_period", given.get("holding_cost", 0)),
        "backlog_allowed": given.get("backlog_allowed", True),
        "past_due_cost": late,
        "closing_past_due_price": np.inf,
        "lost_allowed": False,
        "lost_cost": given.get("price_per_unit", 0),
        "revenue_per_unit": given.get("price_per_unit", 0),
        "closing_stock_target": given.get("closing_inventory_min", 0),
        "closing_stock_price": np.inf,
    }


def _sources(given: Inputs) -> dict[str, Any]:
    """Regular time and overtime as two lines of one hour a unit; what is bought outside is subcontract."""
    capacity = given.get("capacity", {"regular": given.get("regular_capacity")})
    cost = given.get("unit_cost", {"regular": given.get("regular_cost"), "overtime": given.get("overtime_cost")})
    periods = len(given["periods"])
    return {
        "lines": ("regular", "overtime"),
        "hours_per_unit": 1,
        "line_hours": [np.broadcast_to(capacity.get(name, np.inf), periods) for name in ("regular", "overtime")],
        "variable_cost": [[cost["regular"], cost["overtime"]]],
        "subcontract_limit": [capacity.get("subcontract", [0] * periods)],
        "subcontract_cost": cost.get("subcontract", 0),
    }


def _people(given: Inputs) -> dict[str, Any]:
    return {
        "plants": ("plant",),
        "line_plant": 0,
        "variable_cost": given["material_cost_per_unit"],
        "labour_hours_per_unit": given["labour_hours_per_unit"],
        "opening_people": given["opening_workforce"],
        "hours_per_person": given["working_days_per_period"] * given["hours_per_day"],
        "wage": given["regular_cost_per_hour"],
        "overtime_rate": given["overtime_cost_per_hour"],
        "overtime_hours_per_person": given["overtime_hours_max_per_worker_per_period"],
        "hire_cost": given["hire_cost_per_worker"],
        "release_cost": given["layoff_cost_per_worker"],
        "subcontract_limit": np.inf,
        "subcontract_cost": given["subcontract_cost_per_unit"],
    }


def _supplier(given: Inputs, **changes: Any) -> SupplyProblem:
    """A plant whose people are paid by the day and whose plans are stated, not optimised."""
    return SupplyProblem(
        **{
            "families": ("units",),
            "periods": tuple(given["periods"]),
            "due": [given["demand"]],
            "past_due_cost": 1,
            "lost_cost": 1,
            "holding_cost": given["holding_cost_per_unit_month"],
            "plants": ("plant",),
            "line_plant": 0,
            "labour_hours_per_unit": given["labour_hours_per_unit"],
            "hours_per_person": [given["hours_per_day"] * np.array(given["production_days"])],
            "wage": given["wage_per_worker_day"] / given["hours_per_day"],
            "overtime_rate": given["overtime_wage_per_hour"],
            "subcontract_limit": np.inf,
            "subcontract_cost": given["subcontract_cost_per_unit"],
            **changes,
        }
    )


def level_plan(given: Inputs, people: float, held: bool = True) -> SupplyPlan:
    """The same people every day; what they do not make is bought when it is owed. The book's plan 2 holds free."""
    days, demand = np.array(given["production_days"]), np.array(given["demand"])
    made = people * given["hours_per_day"] / given["labour_hours_per_unit"] * days
    owed = np.maximum.accumulate(np.maximum(0, np.cumsum(demand - made)))
    holding = given["holding_cost_per_unit_month"] if held else 0
    problem = _supplier(given, opening_people=people, holding_cost=holding)
    return cost_plan(problem, [[made]], [np.diff(owed, prepend=0)])


def chase_plan(given: Inputs) -> SupplyPlan:
    """The whole-unit daily rate follows demand; a unit of rate is a fifth of a person, paid for what it makes."""
    days, demand = np.array(given["production_days"]), np.array(given["demand"])
    per_person = given["hours_per_day"] / given["labour_hours_per_unit"]
    people = np.rint(demand / days) / per_person
    problem = _supplier(
        given,
        opening_people=people[0],
        hours_per_person=[given["labour_hours_per_unit"] * demand / people],
        hire_cost=given["cost_of_increasing_output_per_unit"] * per_person,
        release_cost=given["cost_of_decreasing_output_per_unit"] * per_person,
    )
    return cost_plan(problem, [[demand]], people=[people])
