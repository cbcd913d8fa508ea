"""A quote: the plan with a new order, and when it can be promised; `sop.analysis.supply.quotes` tells who pays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sop.core.inputs import Floats
from sop.supply.after.lead_time import wait_curve
from sop.supply.curves import calendar_days
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem

_NOTICEABLE = 0.5
"""Less than half a unit is not a unit lost."""


@dataclass(frozen=True)
class Quote:
    """The answer to "N units of a family for a period".

    The order is the last in the queue of its family for that period, so its wait is that of the last unit due.
    `wait_periods` counts from the end of the wanted period (0: in it); `promise` is the period in which it is
    complete, None where the horizon does not reach it. `revenue`: what the plan brings more.
    """

    wanted: str
    promise: str | None
    wait_periods: float
    revenue: float

    @property
    def in_time(self) -> bool:
        """Whether the whole order is there in the wanted period."""
        return self.promise == self.wanted


def plan_with_order(
    before: SupplyPlan, family: int, units: float, period: int, model: SupplyModel | None = None
) -> SupplyPlan:
    """The plan with `units` more of a family (index) due in a period (index).

    The order is served wherever that is possible at all, even at a loss: no more of its family may be lost, or
    late at the end, than before. Raises ValueError where `units` is not above 0.
    """
    if units <= 0:
        raise ValueError("an order has more than 0 units")
    model = model or SupplyModel(before.problem)
    return model.solve(_with_order(before.problem, before, family, units, period))


def read_quote(before: SupplyPlan, after: SupplyPlan, family: int, period: int) -> Quote:
    """The quote that a plan without the order and one with it (`plan_with_order`) tell."""
    problem = before.problem
    wait = wait_curve(after.problem.due, after.shipments, after.lost, problem.opening_past_due)
    dropped = (after.lost - before.lost)[family].sum() > _NOTICEABLE
    periods, beyond = float(wait.periods[family, period]), bool(wait.beyond[family, period])
    arrives = period + int(np.ceil(round(periods, 6)))
    return Quote(
        wanted=problem.periods[period],
        promise=None if beyond or dropped else problem.periods[arrives],
        wait_periods=periods,
        revenue=after.revenue - before.revenue,
    )


def order_arrivals(after: SupplyPlan, family: int, units: float, period: int) -> Floats:
    """Units [T] of the order that are shipped in each period: last in its family's queue of the wanted period."""
    problem = after.problem
    kept = (problem.due - after.lost)[family, : period + 1].sum()
    ahead = problem.opening_past_due[family] + kept - units
    return np.diff(np.clip(after.shipments[family].cumsum() - ahead, 0.0, units), prepend=0.0)


def is_served_from_stock(before: SupplyPlan, family: int, units: float, period: int) -> bool:
    """Whether the stock planned for the end of the period covers the order, so that it waits for nothing made."""
    return bool(before.inventory[family, period] >= units - 1e-6)


def _with_order(
    problem: SupplyProblem, before: SupplyPlan, family: int, units: float, period: int
) -> SupplyProblem:
    due, lost = problem.due.copy(), problem.lost_limit.copy()
    late, price = problem.closing_past_due_max.copy(), problem.closing_past_due_price.copy()
    due[family, period] += units
    lost[family] = np.minimum(lost[family], before.lost[family])
    late[family], price[family] = max(late[family], before.past_due[family, -1]), np.inf
    return replace(problem, due=due, lost_limit=lost, closing_past_due_max=late, closing_past_due_price=price)


def promise_days(quote: Quote, period: int, days: Floats) -> float:
    """Days from the end of the wanted period (index) until the order is complete, on a calendar of `days` [T]."""
    ends = calendar_days(days)
    return float(np.interp(period + 1 + quote.wait_periods, np.arange(len(ends)), ends) - ends[period + 1])
