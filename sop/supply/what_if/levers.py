"""What the levers that people can really pull return: a shift, a line day, a supplier lot, a subcontract month.

A lever is a limit with the amount in which it comes. Its return is found by planning again with it, never by a
dual: the tenth hour of a shift is seldom worth what the first is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sop.core.format import number
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem, list_periods
from sop.supply.lp.terms import fence
from sop.supply.what_if.limits import Limit, LimitUse, move_limit, open_limits
from sop.supply.what_if.trace import unmet_units

SHIFT_HOURS = 8.0
WORKING_DAYS = 21.0
LOTS_PER_PERIOD = 4.0
"""A supplier's lot is taken as a quarter of what arrives in a usual period."""


@dataclass(frozen=True)
class ReliefLever:
    """`amount` more of a limit in each of `periods` (indices), by the name people know it by."""

    name: str
    limit: Limit
    periods: tuple[int, ...]
    amount: float


@dataclass(frozen=True)
class LeverReturn:
    """What a lever returns over the horizon: `worth` of the plan's objective, `money` of it revenue less cost.

    What the lever itself costs is not in it, except what the plan pays by its prices (wages, units bought).
    `units` are those no longer late or lost, at the most in any period.
    """

    lever: ReliefLever
    periods: str
    worth: float
    money: float
    units: float

    @property
    def sentence(self) -> str:
        """The return in one plain sentence."""
        start = f"{self.lever.name} in {self.periods}"
        if self.worth <= 0.5:
            return f"{start} returns nothing."
        units = f" and serves {number(self.units)} units that are late or lost" if self.units > 0.5 else ""
        return f"{start} returns {number(self.worth)}, {number(self.money)} of it money{units}."


def standard_levers(
    plan: SupplyPlan,
    working_days: float = WORKING_DAYS,
    shift_hours: float = SHIFT_HOURS,
    leads: Mapping[Limit, int] | None = None,
) -> list[ReliefLever]:
    """The levers on every limit that binds, in the amounts in which they come, where the limit binds unfrozen.

    Line: one day in the first such period, and one more shift in all. People: one person. Material: one lot in the
    first. Subcontract: one more period at the limit. Overtime: a shift's hours. Others: a tenth more. `leads`:
    periods before which more of a limit cannot be there.
    """
    found = []
    for use in open_limits(plan):
        late = np.arange(len(use.binding)) >= (leads or {}).get(use.limit, 0)
        if (use.binding & late).any():
            found += _levers_of(replace(use, binding=use.binding & late), working_days, shift_hours)
    return found


def value_levers(
    problem: SupplyProblem, levers: Sequence[ReliefLever], model: SupplyModel | None = None
) -> list[LeverReturn]:
    """What each lever returns, most first. One warm solve per lever; `model`, if given, is gone on from."""
    model = model or SupplyModel(problem)
    base = model.solve(problem)
    found = [_return(problem, base, lever, model) for lever in levers]
    return sorted(found, key=lambda each: -each.worth)


@dataclass(frozen=True, eq=False)
class RankedLimit:
    """A limit that binds and what the plan would be worth more without it; `money` of it is revenue less cost.

    `units` are those no longer late or lost, at the most in any period.
    """

    use: LimitUse
    periods: str
    worth: float
    money: float
    units: float


def rank_bottlenecks(
    problem: SupplyProblem, plan: SupplyPlan, model: SupplyModel | None = None
) -> list[RankedLimit]:
    """The limits that bind by what taking each away where it is not frozen is worth, the dearest first.

    One warm solve each.
    """
    model = model or SupplyModel(problem)
    still = range(fence(problem)[0], problem.sizes["T"])
    found = []
    for use in open_limits(plan):
        free = model.solve(move_limit(problem, use.limit, np.inf, still))
        money = (free.revenue - free.total_cost) - (plan.revenue - plan.total_cost)
        periods = list_periods(problem.periods, use.binding)
        found.append(RankedLimit(use, periods, plan.objective - free.objective, money, _served(plan, free)))
    return sorted(found, key=lambda each: -each.worth)


def _levers_of(use: LimitUse, working_days: float, shift_hours: float) -> list[ReliefLever]:
    limit, binding = use.limit, tuple(int(t) for t in np.flatnonzero(use.binding))
    known = use.most[np.isfinite(use.most)]
    usual, first = float(known.mean()), binding[:1]
    if limit.kind == "line":
        day = ReliefLever(f"One more day of {limit.label}", limit, first, usual / working_days)
        return [day, ReliefLever(f"One more shift on {limit.label}", limit, binding, shift_hours * working_days)]
    if limit.kind == "people":
        return [ReliefLever(f"One more person at {limit.name}", limit, binding, 1.0)]
    if limit.kind == "material":
        return [ReliefLever(f"One more lot of {limit.name}", limit, first, usual / LOTS_PER_PERIOD)]
    if limit.kind == "subcontract":
        return [
            ReliefLever(
                f"One more period of subcontract for {limit.name}", limit, first, float(use.most[first[0]])
            )
        ]
    if limit.kind == "overtime":
        hours = shift_hours * working_days
        return [ReliefLever(f"{number(hours)} more overtime hours at {limit.name}", limit, binding, hours)]
    return [ReliefLever(f"A tenth more of {limit.label}", limit, binding, 0.1 * usual)]


def _return(problem: SupplyProblem, base: SupplyPlan, lever: ReliefLever, model: SupplyModel) -> LeverReturn:
    plan = model.solve(move_limit(problem, lever.limit, lever.amount, lever.periods))
    chosen = np.isin(np.arange(problem.sizes["T"]), lever.periods)
    return LeverReturn(
        lever=lever,
        periods=list_periods(problem.periods, chosen),
        worth=base.objective - plan.objective,
        money=(plan.revenue - plan.total_cost) - (base.revenue - base.total_cost),
        units=_served(base, plan),
    )


def _served(base: SupplyPlan, plan: SupplyPlan) -> float:
    """Units no longer late or lost, at the most in any period."""
    return float((unmet_units(base) - unmet_units(plan)).sum(axis=0).max())
