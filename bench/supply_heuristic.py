"""What a planner without an optimiser does: month by month, dearest family first, quickest line with room."""

from __future__ import annotations

import numpy as np

from sop.supply import SupplyPlan, SupplyProblem, cost_plan


def plan_by_priority(problem: SupplyProblem) -> SupplyPlan:
    """A forward plan without looking ahead, costed like any other.

    Each month every family, the dearest first, is made up to what is owed and its safety stock, as far as line
    hours, paid and overtime hours of the people there are, material and shared hours reach; then it is bought.
    """
    F, L, T = (problem.sizes[axis] for axis in "FLT")
    made, bought = np.zeros((F, L, T)), np.zeros((F, T))
    stock, late = problem.opening_inventory.copy(), problem.opening_past_due.copy()
    order = np.argsort(-problem.lost_cost.max(axis=1), kind="stable")
    for t in range(T):
        left = _Left(problem, t)
        for family in order:
            wanted = late[family] + problem.due[family, t] + problem.safety_stock[family, t] - stock[family]
            for line in np.argsort(problem.hours_per_unit[family]):
                made[family, line, t] = left.take(family, line, wanted)
                wanted -= made[family, line, t]
            owed = max(wanted - problem.safety_stock[family, t], 0.0)
            bought[family, t] = min(owed, problem.subcontract_limit[family, t])
            position = stock[family] + made[family, :, t].sum() + bought[family, t]
            position -= late[family] + problem.due[family, t]
            stock[family], late[family] = max(position, 0.0), max(-position, 0.0)
    return cost_plan(problem, made, bought)


class _Left:
    """What is left of every limit in one period."""

    def __init__(self, problem: SupplyProblem, period: int) -> None:
        self.problem = problem
        self.line = problem.line_hours[:, period].copy()
        paid = problem.opening_people * problem.hours_per_person[:, period]
        self.labour = paid * (1 + problem.overtime_share[:, period])
        self.material = problem.material_supply[:, period].copy()
        self.shared = problem.shared_hours[:, period].copy()

    def take(self, family: int, line: int, wanted: float) -> float:
        """Units of the family that the line can still make, taken from what is left."""
        problem = self.problem
        hours = problem.hours_per_unit[family, line]
        if wanted <= 0 or np.isnan(hours):
            return 0.0
        plant = problem.line_plant[line]
        needs = [
            (self.line[line : line + 1], np.array([hours])),
            (self.labour[plant : plant + 1], problem.labour_hours_per_unit[family, line : line + 1]),
            (self.material, problem.material_use[family]),
            (self.shared, problem.shared_hours_per_unit[family]),
        ]
        most = min(float((left[use > 0] / use[use > 0]).min(initial=np.inf)) for left, use in needs)
        units = max(min(wanted, most), 0.0)
        for left, use in needs:
            left -= units * use
        return units
