"""Sales that a plan loses although they could be served, because serving them costs more than they are worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sop.core.findings import Finding
from sop.core.format import number
from sop.core.inputs import Floats, Ints
from sop.core.words import units_text
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem, list_periods
from sop.supply.lp.terms import build_terms

_DEARER = 10.0
"""How many times the dearest way of serving a unit a lost one costs, where all that can be served is."""


def name_chosen_losses(plan: SupplyPlan, model: SupplyModel, currency: str) -> SupplyPlan:
    """The plan with a finding on the sales that it loses by choice, if there are any.

    They are those that are served when losing them costs more than any way of serving them; one solve more.
    """
    if not plan.whole.lost.any():
        return plan
    served = model.solve(all_served(plan.problem))
    chosen = np.maximum(plan.whole.lost.sum(axis=1) - served.whole.lost.sum(axis=1), 0)
    return replace(plan, notes=(_finding(plan, served, chosen, currency),)) if chosen.any() else plan


def all_served(problem: SupplyProblem) -> SupplyProblem:
    """The problem in which a sale is lost only where it cannot be served."""
    worth = problem.lost_cost.min(axis=1, initial=np.inf)
    priced = np.isfinite(worth) & (worth > 0)
    dearest = build_terms(problem).unmet_price
    times = _DEARER * float((dearest[priced] / worth[priced]).max(initial=1.0))
    return replace(problem, lost_cost=problem.lost_cost * times)


def _finding(plan: SupplyPlan, served: SupplyPlan, chosen: Ints, currency: str) -> Finding:
    """Who loses how much and when, and what serving it would bring and cost in the profit and loss."""
    problem = plan.problem
    told = [
        f"{problem.families[family]} {units_text(chosen[family])} in "
        f"{list_periods(problem.periods, plan.whole.lost[family] > 0)}"
        for family in np.flatnonzero(chosen)
    ]
    paid = served.paid - plan.paid
    brings = f"bring {number(served.revenue - plan.revenue)} {currency} and " if _priced(problem, chosen) else ""
    return Finding(
        "warning",
        "lost_by_choice",
        f"sales are lost that could be served: {', '.join(told)}; to serve them would {brings}"
        f"cost {number(paid)} {currency} more, which is more than they are worth to the plan",
        "Find a cheaper way to serve them, raise their price, or agree to lose them",
        table="products",
    )


def _priced(problem: SupplyProblem, chosen: Ints) -> bool:
    prices: Floats = problem.revenue_per_unit[chosen > 0]
    return bool((prices > 0).all())
