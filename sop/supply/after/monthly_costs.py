"""What the supply plan costs month by month, from whole units, people and hours. Currency."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.supply.lp.costing import extra_hours_cost
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem


def monthly_costs(plan: SupplyPlan, unit_cost: Floats) -> dict[str, Floats]:
    """Cost by component (T,): wages, overtime, standard labour, routing, subcontract, hiring, release, relief.

    `unit_cost` (F, T) standard cost. Routing is variable cost above the family's cheapest qualified line;
    relief counts only what somebody sells (spot material, outside hours), not limits that were broken.
    """
    problem, whole, staff = plan.problem, plan.whole, plan.staff
    made = whole.production.astype(float)
    on = problem.qualified[:, :, None]
    cheapest = np.where(on, problem.variable_cost, np.inf).min(axis=1, initial=np.inf)
    extra = np.where(on, problem.variable_cost - cheapest[:, None, :], 0.0)
    wage_of_line = np.append(problem.wage, 0.0)[problem.line_plant]
    labour = np.where(problem.qualified, problem.labour_hours_per_unit * wage_of_line, 0.0)
    return {
        "wages": (problem.wage[:, None] * problem.hours_per_person * staff.people).sum(axis=0),
        "overtime": problem.overtime_rate @ staff.overtime_hours,
        "standard_labour": np.einsum("fl,flt->t", labour, made),
        "routing": (extra * made).sum(axis=(0, 1)),
        "subcontract": (problem.subcontract_cost * whole.subcontract).sum(axis=0),
        "standard_subcontract": (unit_cost * whole.subcontract).sum(axis=0),
        "hiring": problem.hire_cost @ staff.hired,
        "release": problem.release_cost @ staff.released,
        "relief": _sold_relief(plan, problem),
    }


def _sold_relief(plan: SupplyPlan, problem: SupplyProblem) -> Floats:
    prices = {
        "machine": problem.outside_machine_price,
        "agency": problem.agency_price,
        "overtime": problem.extra_overtime_price,
        "material": problem.spot_premium,
        "shared": problem.outside_shared_price,
    }
    amounts = {**plan.relief, "agency": plan.staff.agency_hours, "overtime": plan.staff.extra_overtime_hours}
    total = extra_hours_cost(problem, plan.relief)
    for name, price in prices.items():
        total += np.where(np.isfinite(price), price, 0.0) @ amounts[name]
    return total
