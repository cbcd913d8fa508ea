"""The supply plan: problem, linear program, plan in money and whole units, inventory, lead time, limits.

`before` makes the problem of a company, `lp` solves it and reads the plan, `after` tells what the plan comes to,
`what_if` plans again with something changed. Imports go lp <- before <- after <- what_if.
"""

from sop.supply.after.inventory import DaysOfSupply, days_of_supply, excess_units, shortage_units
from sop.supply.after.lead_time import CustomerWait, customer_wait, little_wait_days
from sop.supply.after.regions import split_by_region
from sop.supply.before.safety_formulas import (
    fill_rate,
    lead_time_sigma,
    safety_stock_for_fill_rate,
    safety_stock_for_service,
    unit_loss,
)
from sop.supply.lp.checks import check_problem
from sop.supply.lp.costing import cost_plan
from sop.supply.lp.errors import NoRefinedPlan, NotExpressible, SolverError, SupplyInputError
from sop.supply.lp.model import SupplyModel, solve_supply
from sop.supply.lp.plan import SupplyPlan, supply_of
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.whole_units import WholeUnitPlan
from sop.supply.what_if.levers import ReliefLever, standard_levers
from sop.supply.what_if.limits import Limit, LimitUse, binding_limits, find_limits, move_limit
from sop.supply.what_if.refine import RefinedPlan, RefineProgress, refine_plan
from sop.supply.what_if.refinement import Refinement
from sop.supply.what_if.strategies import (
    SupplyStrategy,
    solve_strategy,
    strategy_problem,
)
from sop.supply.what_if.trace import UnmetCause, trace_unmet

__all__ = [
    "CustomerWait",
    "DaysOfSupply",
    "Limit",
    "LimitUse",
    "NoRefinedPlan",
    "NotExpressible",
    "RefineProgress",
    "RefinedPlan",
    "Refinement",
    "ReliefLever",
    "SolverError",
    "SupplyInputError",
    "SupplyModel",
    "SupplyPlan",
    "SupplyProblem",
    "SupplyStrategy",
    "UnmetCause",
    "WholeUnitPlan",
    "binding_limits",
    "check_problem",
    "cost_plan",
    "customer_wait",
    "days_of_supply",
    "excess_units",
    "fill_rate",
    "find_limits",
    "lead_time_sigma",
    "little_wait_days",
    "move_limit",
    "refine_plan",
    "safety_stock_for_fill_rate",
    "safety_stock_for_service",
    "shortage_units",
    "solve_strategy",
    "solve_supply",
    "split_by_region",
    "standard_levers",
    "strategy_problem",
    "supply_of",
    "trace_unmet",
    "unit_loss",
]
