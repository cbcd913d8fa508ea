"""What would close a family's gap to its lead time target, found by planning again with each lever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.analysis.decisions.lever_terms import LeverTerms, terms_of
from sop.analysis.decisions.trials import Trial
from sop.analysis.effects import UNKNOWN, PlanEffect, effect_of
from sop.analysis.supply.limits import mean_working_days
from sop.core.measures import OVER_TARGET_DAYS
from sop.core.plan import Plan
from sop.supply import supply_of
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem, list_periods
from sop.supply.what_if.levers import ReliefLever, standard_levers
from sop.supply.what_if.limits import families_under, open_limits, with_more

TOGETHER = "All of them together"


@dataclass(frozen=True)
class GapLever:
    """A lever and the plan with it: the longest lead time of the next twelve months and months over the target.

    `periods`: when it is pulled, in words. `effect` on profit and cash is net of its price; `known`: whether that
    is known, else it is before its cost.
    """

    name: str
    periods: str
    peak_days: float
    over_days: float
    months_over: int
    effect: PlanEffect = UNKNOWN
    known: bool = True


@dataclass(frozen=True)
class GapLevers:
    """A family's gap as it stands (`now`), each lever alone, the best first, and all of them together."""

    family: str
    now: GapLever
    levers: tuple[GapLever, ...] = ()
    together: GapLever | None = None


def pull_levers(trial: Trial, family: str) -> GapLevers:
    """The levers on every limit that holds a family back, each planned again, and all that help together.

    Of a plan that has lead times.
    """
    before = supply_of(trial.plan)
    assert before is not None
    at, inputs = before.problem.families.index(family), trial.inputs
    gap = _Gap(trial, before, at)
    terms = {
        use.limit: terms_of(inputs, trial.assumptions, use.limit.kind, use.limit.name)
        for use in open_limits(before)
        if families_under(before.problem, use.limit)[at]
    }
    leads = {limit: trial.periods_of(found.lead_months) for limit, found in terms.items()}
    every = standard_levers(before, mean_working_days(inputs), leads=leads)
    levers = [(each, terms[each.limit]) for each in every if each.limit in terms]
    found = [gap.with_levers(lever.name, [(lever, of)]) for lever, of in levers]
    helping = [
        lever for lever, each in zip(levers, found, strict=True) if each.over_days < gap.now.over_days - 0.05
    ]
    together = gap.with_levers(TOGETHER, helping) if len(helping) > 1 else None
    return GapLevers(family, gap.now, tuple(sorted(found, key=lambda each: each.over_days)), together)


class _Gap:
    """A family's lead time against its target under changed limits."""

    def __init__(self, trial: Trial, before: SupplyPlan, family: int) -> None:
        self.trial, self.before, self.family = trial, before, family
        plan = trial.plan
        self.year = plan.calendar.year
        self.target = float(plan.by_family("lead_time_target")[family, 0])
        self.now = self._read("As planned", "", plan, known=True)

    def with_levers(self, name: str, levers: Sequence[tuple[ReliefLever, LeverTerms]]) -> GapLever:
        """The gap in the plan with these levers pulled, paid where they have a price."""
        problem = self.before.problem
        chosen = np.isin(np.arange(problem.sizes["T"]), [t for lever, _ in levers for t in lever.periods])

        def change(changed: SupplyProblem) -> SupplyProblem:
            for lever, of in levers:
                changed = with_more(changed, lever.limit, lever.amount, lever.periods, of.price)
            return changed

        periods = list_periods(problem.periods, chosen)
        return self._read(name, periods, self.trial.with_change(change), known=all(of.known for _, of in levers))

    def _read(self, name: str, periods: str, plan: Plan, *, known: bool) -> GapLever:
        lead = plan.by_family("customer_lead_time")[self.family][: self.year].astype(float)
        over = lead - self.target
        return GapLever(
            name=name,
            periods=periods,
            peak_days=float(lead.max()),
            over_days=float(over.max()),
            months_over=int((over > OVER_TARGET_DAYS).sum()),
            effect=effect_of(self.trial.plan, plan),
            known=known,
        )
