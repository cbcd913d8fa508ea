"""What a limit is worth: two-sided, by planning again, never by a bare dual.

At a degenerate point a dual is one of many and misleads, so the plan is solved again a step to either side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem
from sop.supply.what_if.limits import Limit, limit_row, move_limit

_STEP_PCT = 1e-4
_FLAT = 5e-3
"""Worths that differ by less than this share are one worth."""
_NOTHING = 1e-4
"""So do worths of a unit that differ by less than this, which is solver noise."""


@dataclass(frozen=True)
class ReliefValue:
    """Worth of one unit of a limit in each of the given periods, in money of the plan's objective.

    `worth` per unit holds for the next `units`, then `worth_after`; one unit less costs `worth_less` (NaN where
    there is nothing to take away). It falls with every unit, unless the plan breaks what is hard: to break less of
    it comes before money, so that the next unit may be worth more.
    `open_ended` says that the first worth held as far as was looked. `money` is the part of `worth` that is
    revenue and cost, without planning penalties.
    """

    limit: Limit
    periods: tuple[str, ...]
    worth: float
    units: float
    worth_after: float
    worth_less: float
    open_ended: bool
    money: float

    @property
    def sentence(self) -> str:
        """The worth in one plain sentence."""
        where = f"One more {self.limit.unit} of {self.limit.label} in {', '.join(self.periods)}"
        less = "" if math.isnan(self.worth_less) else f"; one less costs {self.worth_less:,.2f}"
        if self.worth <= 0.005:
            return f"{where} is worth nothing{less}."
        reach = f"at least the next {self.units:,.1f}" if self.open_ended else f"the next {self.units:,.1f}"
        after = "" if self.open_ended else f", then {self.worth_after:,.2f}"
        return f"{where} is worth up to {self.worth:,.2f} for {reach}{after}{less}."


def value_relief(
    problem: SupplyProblem,
    limit: Limit,
    periods: Sequence[int],
    reach: float | None = None,
    step: float | None = None,
    model: SupplyModel | None = None,
) -> ReliefValue:
    """What more and less of `limit` in each of `periods` is worth, found by solving again.

    `reach` is how much more is looked at (default: as much again as there is), `step` the smallest amount that
    matters (default: a ten-thousandth of the limit; a shift of 8 hours gives the worth of shifts). `model`, if
    given, is a model of this problem to go on from; a fresh one is made otherwise. About ten warm solves.
    """
    model = model or SupplyModel(problem)
    base = model.solve(problem)
    size = _typical(problem, limit, periods)
    reach = size if reach is None else reach
    step = min(_STEP_PCT * size if step is None else step, reach)

    def gain(amount: float) -> float:
        return base.objective - model.solve(move_limit(problem, limit, amount, periods)).objective

    units, open_ended = _first_segment(gain, step, reach)
    one_step = model.solve(move_limit(problem, limit, step, periods))
    return ReliefValue(
        limit=limit,
        periods=tuple(problem.periods[t] for t in periods),
        worth=max((base.objective - one_step.objective) / step, 0.0),
        units=units,
        worth_after=max((gain(units + step) - gain(units)) / step, 0.0),
        worth_less=_cost_of_less(problem, limit, periods, step, gain),
        open_ended=open_ended,
        money=(_money(one_step) - _money(base)) / step,
    )


def _cost_of_less(
    problem: SupplyProblem, limit: Limit, periods: Sequence[int], step: float, gain: Callable[[float], float]
) -> float:
    """What one unit less costs; NaN where some period has none to give."""
    before, after = (limit_row(move_limit(problem, limit, by, periods), limit) for by in (0.0, -step))
    there_is = (before - after)[list(periods)] >= step * (1.0 - 1e-9)
    return max(-gain(-step) / step, 0.0) if there_is.all() else math.nan


def _money(plan: SupplyPlan) -> float:
    return plan.revenue - plan.total_cost


def _typical(problem: SupplyProblem, limit: Limit, periods: Sequence[int]) -> float:
    """A typical amount of the limit, for the size of a step; 1 where it is zero or not known."""
    if limit.kind == "overtime":
        hours = np.nanmax(problem.hours_per_person[limit.index, list(periods)], initial=0.0)
        return float(hours) or 1.0
    row = limit_row(problem, limit)
    known = row[np.isfinite(row)]
    return float(known.mean()) if known.size and known.mean() > 0 else 1.0


def _first_segment(gain: Callable[[float], float], step: float, reach: float) -> tuple[float, bool]:
    """Up to where `gain` with gain(0) = 0 rises as it starts, and whether that is all of `reach`.

    Where `gain` is concave, the line of the first slope meets the tangent at the far end beyond the first kink and
    before the far end; taking the meeting point as the new far end reaches the kink after as many rounds as there
    are kinks. Where the plan breaks what is hard, it need not be: that comes before money. Where the far end lies
    above the line, or below it and no less steep, half as far is looked at.
    """
    first = max(gain(step) / step, 0.0)
    far = reach
    while far > step:
        total = gain(far)
        above = total - first * far
        if abs(above) <= far * max(_FLAT * first, _NOTHING):
            return far, far == reach
        slope = (total - gain(far - step)) / step
        concave = above < 0 and first - slope > _FLAT * first
        far = (total - slope * far) / (first - slope) if concave else far / 2
    return max(far, 0.0), False
