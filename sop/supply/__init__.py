"""The supply plan: problem, linear program, plan in money and whole units, inventory, lead time, limits."""

from sop.supply.costing import cost_plan
from sop.supply.errors import SolverError, SupplyInputError
from sop.supply.model import SupplyModel, solve_supply
from sop.supply.plan import SupplyPlan
from sop.supply.problem import SupplyProblem
from sop.supply.whole_units import WholeUnitPlan

__all__ = [
    "SolverError",
    "SupplyInputError",
    "SupplyModel",
    "SupplyPlan",
    "SupplyProblem",
    "WholeUnitPlan",
    "cost_plan",
    "solve_supply",
]
