"""The supply plan: problem, linear program, plan in money and whole units, inventory, lead time, limits."""

from sop.supply.checks import check_problem
from sop.supply.costing import cost_plan
from sop.supply.errors import NoRefinedPlan, NotExpressible, SolverError, SupplyInputError
from sop.supply.inventory import (
    DaysOfSupply,
    days_of_supply,
    excess_units,
    fill_rate,
    lead_time_sigma,
    safety_stock_for_fill_rate,
    safety_stock_for_service,
    shortage_units,
    stock_ageing,
    unit_loss,
)
from sop.supply.lead_time import CustomerWait, customer_wait, little_wait_days
from sop.supply.levers import (
    Bottleneck,
    Lever,
    LeverReturn,
    rank_bottlenecks,
    standard_levers,
    value_levers,
)
from sop.supply.limits import Limit, LimitUse, binding_limits, find_limits, move_limit
from sop.supply.model import SupplyModel, solve_supply
from sop.supply.plan import SupplyPlan
from sop.supply.preview import SupplyPreview
from sop.supply.problem import SupplyProblem
from sop.supply.quote import PushedOrders, Quote, quote_order
from sop.supply.refine import RefinedPlan, RefineProgress, refine_plan
from sop.supply.refinement import Refinement
from sop.supply.regions import split_by_region
from sop.supply.relief import ReliefValue, value_relief
from sop.supply.strategies import Strategy, StrategyPlan, compare_strategies, solve_strategy, strategy_problem
from sop.supply.trace import UnmetCause, trace_unmet
from sop.supply.whole_units import WholeUnitPlan

__all__ = [
    "Bottleneck",
    "CustomerWait",
    "DaysOfSupply",
    "Lever",
    "LeverReturn",
    "Limit",
    "LimitUse",
    "NoRefinedPlan",
    "NotExpressible",
    "PushedOrders",
    "Quote",
    "RefineProgress",
    "RefinedPlan",
    "Refinement",
    "ReliefValue",
    "SolverError",
    "Strategy",
    "StrategyPlan",
    "SupplyInputError",
    "SupplyModel",
    "SupplyPlan",
    "SupplyPreview",
    "SupplyProblem",
    "UnmetCause",
    "WholeUnitPlan",
    "binding_limits",
    "check_problem",
    "compare_strategies",
    "cost_plan",
    "customer_wait",
    "days_of_supply",
    "excess_units",
    "fill_rate",
    "find_limits",
    "lead_time_sigma",
    "little_wait_days",
    "move_limit",
    "quote_order",
    "rank_bottlenecks",
    "refine_plan",
    "safety_stock_for_fill_rate",
    "safety_stock_for_service",
    "shortage_units",
    "solve_strategy",
    "solve_supply",
    "split_by_region",
    "standard_levers",
    "stock_ageing",
    "strategy_problem",
    "trace_unmet",
    "unit_loss",
    "value_levers",
    "value_relief",
]
