"""What would close a family's gap to its lead time target, found by planning again with each lever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.analysis.supply.limits import mean_working_days
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.words import in_words, months_in_words, resource_names
from sop.supply.after.lead_time import wait_curve
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import list_periods
from sop.supply.what_if.levers import ReliefLever, standard_levers
from sop.supply.what_if.limits import families_under, move_limit

TOGETHER = "All of them together"

_NOTICEABLE = 0.5
"""Less than half a day is no difference."""


@dataclass(frozen=True)
class GapLever:
    """A lever and the plan with it: the longest lead time of the next twelve months and months over the target.

    `periods`: when it is pulled, in words. `money` is revenue less cost of the plan, minor units, as it changes.
    """

    name: str
    periods: str
    peak_days: float
    over_days: float
    months_over: int
    money: float = 0.0


@dataclass(frozen=True)
class GapLevers:
    """A family's gap as it stands (`now`), each lever alone, the best first, and all of them together."""

    family: str
    now: GapLever
    levers: tuple[GapLever, ...] = ()
    together: GapLever | None = None


def pull_levers(plan: Plan, before: SupplyPlan, inputs: Inputs, family: str) -> GapLevers:
    """The levers on every limit that holds a family back; one warm solve each and one for all together.

    `before`: the supply plan of a plan that has lead times.
    """
    at = before.problem.families.index(family)
    gap = _Gap(plan, before, inputs, at)
    days, names = mean_working_days(inputs), resource_names(inputs)
    levers = [each for each in standard_levers(before, days) if families_under(before.problem, each.limit)[at]]
    model = SupplyModel(before.problem)
    found = [gap.with_levers(in_words(lever.name, names), [lever], model) for lever in levers]
    helping = [
        lever for lever, each in zip(levers, found, strict=True) if each.over_days < gap.now.over_days - 0.05
    ]
    together = gap.with_levers(TOGETHER, helping, model) if len(helping) > 1 else None
    return GapLevers(family, gap.now, tuple(sorted(found, key=lambda each: each.over_days)), together)


class _Gap:
    """A family's lead time against its target under changed limits."""

    def __init__(self, plan: Plan, before: SupplyPlan, inputs: Inputs, family: int) -> None:
        self.before, self.family = before, family
        self.year = inputs.calendar.year
        self.days = np.array(inputs.calendar.days, dtype=float)
        self.target = float(plan.by_family("lead_time_target")[family, 0])
        planned = plan.by_family("customer_lead_time")[family]
        self.standard = float(np.median(planned - self._waits(before)))
        self.now = self._read("As planned", "", before)

    def with_levers(self, name: str, levers: Sequence[ReliefLever], model: SupplyModel) -> GapLever:
        """The gap in the plan with these levers pulled."""
        problem = self.before.problem
        chosen = np.isin(np.arange(problem.sizes["T"]), [t for lever in levers for t in lever.periods])
        changed = problem
        for lever in levers:
            changed = move_limit(changed, lever.limit, lever.amount, lever.periods)
        return self._read(name, months_in_words(list_periods(problem.periods, chosen)), model.solve(changed))

    def _read(self, name: str, periods: str, plan: SupplyPlan) -> GapLever:
        lead = self.standard + self._waits(plan)[: self.year]
        earned = (plan.revenue - plan.total_cost) - (self.before.revenue - self.before.total_cost)
        over = lead - self.target
        return GapLever(
            name, periods, float(lead.max()), float(over.max()), int((over > _NOTICEABLE).sum()), earned * MINOR
        )

    def _waits(self, plan: SupplyPlan) -> Floats:
        """Days that the last unit due in each month waits."""
        whole, problem = plan.whole, plan.problem
        curve = wait_curve(np.rint(problem.due), whole.shipments, whole.lost, np.rint(problem.opening_past_due))
        return curve.days(self.days)[self.family]
