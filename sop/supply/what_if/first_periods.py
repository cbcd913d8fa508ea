"""The first periods of a problem as a problem of their own, which hands over to the rest of a plan."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem


def first_periods(plan: SupplyPlan, count: int) -> SupplyProblem:
    """The first `count` periods of a plan's problem; they end with the stock and backlog that the plan has then.

    A unit short of that stock is charged as a lost one, because the rest of the plan lives on it.
    """
    problem = plan.problem
    count = min(max(count, 1), problem.sizes["T"])
    if count == problem.sizes["T"]:
        return problem
    cut: dict[str, Any] = {
        spec.name: getattr(problem, spec.name)[..., :count]
        for spec in fields(problem)
        if spec.metadata.get("shape", "").endswith("T") and getattr(problem, spec.name) is not None
    }
    lost = problem.lost_cost[:, count - 1]
    return replace(
        problem,
        periods=problem.periods[:count],
        closing_stock_target=np.maximum(plan.inventory[:, count - 1], 0.0),
        closing_stock_price=np.where(lost > 0, lost, problem.closing_stock_price),
        closing_past_due_max=np.maximum(plan.past_due[:, count - 1], 0.0),
        **cut,
    )
