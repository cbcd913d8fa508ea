"""A quote: when a new order can be promised, what it costs, and whose orders it pushes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sop.core.format import number
from sop.core.inputs import Floats
from sop.supply.after.lead_time import wait_curve
from sop.supply.curves import calendar_days
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem, list_periods
from sop.supply.what_if.trace import unmet_units

_NOTICEABLE = 0.5
"""Less than half a unit is not a unit pushed."""


@dataclass(frozen=True)
class PushedOrders:
    """A family whose orders wait longer because of a quote: the most units later (or lost) in any of `periods`."""

    family: str
    units: float
    periods: str

    @property
    def sentence(self) -> str:
        """Who is pushed, in one plain sentence."""
        return f"{self.family}: up to {number(self.units)} units later in {self.periods}."


@dataclass(frozen=True)
class Quote:
    """The answer to "N units of a family for a period".

    The order is the last in the queue of its family for that period, so its wait is that of the last unit due.
    `wait_periods` counts from the end of the wanted period (0: in it); `promise` is the period in which it is
    complete, None where the horizon does not reach it. `cost` is the money that the plan costs more, `revenue`
    what it brings more, `penalty` what lateness and short stock weigh more (planning prices, not money).
    """

    family: str
    units: float
    wanted: str
    promise: str | None
    wait_periods: float
    cost: float
    revenue: float
    penalty: float
    pushed: tuple[PushedOrders, ...]

    @property
    def in_time(self) -> bool:
        """Whether the whole order is there in the wanted period."""
        return self.promise == self.wanted

    @property
    def earned(self) -> float:
        """What the order brings less what it costs, with what is not sold to those it pushes."""
        return self.revenue - self.cost

    @property
    def sentence(self) -> str:
        """The quote in one plain sentence."""
        start = f"{number(self.units)} of {self.family} for {self.wanted}"
        if self.promise is None:
            return f"{start} cannot be promised within the horizon."
        others = ", ".join(pushed.family for pushed in self.pushed)
        pushes = f"it pushes {others}" if others else "nobody is pushed"
        return f"{start}: promised for {self.promise}, earns {number(self.earned)} over its cost; {pushes}."


def quote_order(
    problem: SupplyProblem,
    family: int,
    units: float,
    period: int,
    model: SupplyModel | None = None,
) -> Quote:
    """Promise, cost and consequences of `units` more of a family (index) due in a period (index).

    The plan is solved with and without the order. `model`, if given, is gone on from. Raises ValueError where
    `units` is not above 0.
    """
    model = model or SupplyModel(problem)
    before = model.solve(problem)
    return read_quote(before, plan_with_order(before, family, units, period, model), family, units, period)


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


def read_quote(before: SupplyPlan, after: SupplyPlan, family: int, units: float, period: int) -> Quote:
    """The quote that a plan without the order and one with it (`plan_with_order`) tell."""
    problem = before.problem
    wait = wait_curve(after.problem.due, after.shipments, after.lost, problem.opening_past_due)
    dropped = (after.lost - before.lost)[family].sum() > _NOTICEABLE
    periods, beyond = float(wait.periods[family, period]), bool(wait.beyond[family, period])
    arrives = period + int(np.ceil(round(periods, 6)))
    return Quote(
        family=problem.families[family],
        units=units,
        wanted=problem.periods[period],
        promise=None if beyond or dropped else problem.periods[arrives],
        wait_periods=periods,
        cost=after.total_cost - before.total_cost,
        revenue=after.revenue - before.revenue,
        penalty=sum(after.penalties.values()) - sum(before.penalties.values()),
        pushed=_pushed(before, after, family, units, period),
    )


def order_arrivals(after: SupplyPlan, family: int, units: float, period: int) -> Floats:
    """Units [T] of the order that are shipped in each period: last in its family's queue of the wanted period."""
    return np.diff(_arrived(after, family, units, period), prepend=0.0)


def _arrived(after: SupplyPlan, family: int, units: float, period: int) -> Floats:
    """Units [T] of the order shipped by the end of each period, first in, first out."""
    problem = after.problem
    kept = (problem.due - after.lost)[family, : period + 1].sum()
    ahead = problem.opening_past_due[family] + kept - units
    return np.clip(after.shipments[family].cumsum() - ahead, 0.0, units)


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


def _pushed(
    before: SupplyPlan, after: SupplyPlan, family: int, units: float, period: int
) -> tuple[PushedOrders, ...]:
    """Families that are owed more than before, most first; of the own family what is not the order itself."""
    more = unmet_units(after) - unmet_units(before)
    more[family, period:] -= units - _arrived(after, family, units, period)[period:]
    return tuple(
        PushedOrders(name, float(more[f].max()), list_periods(before.problem.periods, more[f] > _NOTICEABLE))
        for f, name in sorted(enumerate(before.problem.families), key=lambda each: -float(more[each[0]].max()))
        if more[f].max() > _NOTICEABLE
    )


def promise_days(quote: Quote, period: int, days: Floats) -> float:
    """Days from the end of the wanted period (index) until the order is complete, on a calendar of `days` [T]."""
    ends = calendar_days(days)
    return float(np.interp(period + 1 + quote.wait_periods, np.arange(len(ends)), ends) - ends[period + 1])
