"""Why units are late or lost: which limit stops them, found by taking each limit away."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sop.core.format import how_many, number
from sop.core.inputs import Bools, Floats
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem, list_periods
from sop.supply.what_if.limits import Limit, binding_limits, families_under, move_limit
from sop.supply.what_if.strategies import agreed_periods

_NOTICEABLE = 0.5
"""Less than half a unit is not a unit late."""

_SMALL_PART = 0.05
"""A limit that alone ships less than this share of what all together would is not the cause."""

TOGETHER = "several limits together"
FENCE = "the agreed plan inside the time fence"
FENCE_TOO = "the agreed plan inside the time fence, and the limits that it fills"
AGREED = "the agreed plan, which is kept"
AGREED_TOO = "the agreed plan, which is kept, and the limits that it fills"
NO_ROUTE = "no line or subcontractor"
NOT_WORTH = "serving it costs more than it is worth"


@dataclass(frozen=True)
class UnmetCause:
    """Units of a family that are late or lost in some periods, and what stops them.

    `units` is the most that is owed and not shipped at the end of any of the `periods` (a text such as "Jan
    to Mar, May"); `limit` is None where the cause is not one limit, and `reason` says it in words either way.
    """

    family: str
    periods: str
    units: float
    reason: str
    limit: Limit | None = None

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return (
            f"{self.family}: up to {how_many(number(self.units), 'units')} late or lost in "
            f"{self.periods}: {self.reason}."
        )


def trace_unmet(problem: SupplyProblem, plan: SupplyPlan, model: SupplyModel | None = None) -> list[UnmetCause]:
    """What stops each late or lost unit of `plan`, largest first.

    Every limit that binds is taken away in turn and the plan solved again. A unit's cause is the limit on its
    own family whose removal ships most of what is owed, or else a limit on other families. Where no limit alone
    ships more than next to nothing of what all of them would, the cause is several together, or else these and
    the time fence. One warm solve per binding limit and three more.
    """
    unmet = unmet_units(plan)
    if (unmet <= _NOTICEABLE).all():
        return []
    model = model or SupplyModel(problem)
    limits = [use.limit for use in binding_limits(plan)]
    single: list[tuple[Limit | None, str, SupplyProblem]]
    single = [(limit, limit.label, move_limit(problem, limit, np.inf)) for limit in limits]
    free = problem
    for limit in limits:
        free = move_limit(free, limit, np.inf)
    joint: list[tuple[Limit | None, str, SupplyProblem]] = [(None, TOGETHER, free)]
    if problem.agreed_production is not None and problem.frozen_periods + problem.slushy_periods > 0:
        alone, too = _fence_words(problem)
        single.append((None, alone, replace(problem, frozen_periods=0, slushy_periods=0)))
        joint.append((None, too, replace(free, frozen_periods=0, slushy_periods=0)))
    without = [*single, *joint]
    helped = np.array([unmet - unmet_units(model.solve(changed)) for *_, changed in without])
    causes = [(limit, reason) for limit, reason, _ in without]
    return _group_causes(problem, unmet, _whole_unmet(plan), causes, helped, len(joint))


def _fence_words(problem: SupplyProblem) -> tuple[str, str]:
    """The agreed plan as a cause, alone and with the limits that it fills; all of it may be kept."""
    if problem.frozen_periods < agreed_periods(problem):
        return FENCE, FENCE_TOO
    return AGREED, AGREED_TOO


def _group_causes(
    problem: SupplyProblem,
    unmet: Floats,
    told: Floats,
    causes: list[tuple[Limit | None, str]],
    helped: Floats,
    joint: int,
) -> list[UnmetCause]:
    """One cause per family and reason; `helped` [causes, F, T] units, the last `joint` being limits together.

    `told` [F, T]: the units of the plan in whole units, which every other page tells.
    """
    direct = np.array([_acts_on(problem, limit) for limit, _ in causes])[:, :, None]
    code = np.full(unmet.shape, -1)
    for cause in range(len(causes) - 1, len(causes) - 1 - joint, -1):
        code = np.where(helped[cause] > _NOTICEABLE, cause, code)
    enough = np.maximum(_NOTICEABLE, _SMALL_PART * helped[-joint:].max(axis=0))
    for single in (helped[:-joint], np.where(direct, helped, 0.0)[:-joint]):
        if len(single):
            code = np.where(single.max(axis=0) > enough, single.argmax(axis=0), code)
    found = []
    for family, name in enumerate(problem.families):
        for place in np.unique(code[family]):
            cells = (unmet[family] > _NOTICEABLE) & (code[family] == place)
            if not cells.any():
                continue
            limit, reason = causes[place] if place >= 0 else (None, _without_limit(problem, family))
            periods = list_periods(problem.periods, cells)
            found.append(UnmetCause(name, periods, float(told[family, cells].max()), reason, limit))
    return sorted(found, key=lambda cause: -cause.units)


def _acts_on(problem: SupplyProblem, limit: Limit | None) -> Bools:
    """The families [F] that a cause acts on itself; a limit on others may help too, but is not named first."""
    return np.ones(problem.sizes["F"], dtype=bool) if limit is None else families_under(problem, limit)


def _without_limit(problem: SupplyProblem, family: int) -> str:
    """Why units stay unmet although no limit stops them."""
    routes = problem.qualified[family].any() or (problem.subcontract_limit[family] > 0).any()
    return NOT_WORTH if routes else NO_ROUTE


def _whole_unmet(plan: SupplyPlan) -> Floats:
    """The same [F, T] in whole units, as the plan tells them."""
    found: Floats = plan.whole.past_due + np.cumsum(plan.whole.lost, axis=1).astype(float)
    return found


def unmet_units(plan: SupplyPlan) -> Floats:
    """Units [F, T] owed by the end of each period and not shipped: past due, and all that was lost so far."""
    return plan.past_due + np.cumsum(plan.lost, axis=1)
