"""What limits a plan: its binding limits with what each costs, what relief returns, what stops each late unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.core.calendar import DAYS_PER_MONTH
from sop.core.inputs import Inputs
from sop.core.money import MINOR
from sop.core.words import in_words
from sop.services.planning.choices import View
from sop.supply.after.plan import SupplyPlan
from sop.supply.lp.model import SupplyModel
from sop.supply.what_if.levers import Bottleneck, LeverReturn, rank_bottlenecks, standard_levers, value_levers
from sop.supply.what_if.limits import Limit, LimitUse, families_under
from sop.supply.what_if.relief import value_relief
from sop.supply.what_if.trace import trace_unmet
from sop.views.production.limits import Cause, LimitWorth, Margin, Relief

_NAMED = ("line", "shared resource")
"""Kinds of limit that have a name beside their code."""

VALUED = 6
"""Limits of which one more and one less is valued: the dearest."""


@dataclass(frozen=True)
class PlanLimits:
    """The limits that bind, the dearest first and that one valued at the margin, and what stops late units."""

    limits: tuple[LimitWorth, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class PlanRelief:
    """The dearest limits valued at the margin, and what relief in the amounts in which it comes returns."""

    limits: tuple[LimitWorth, ...]
    relief: tuple[Relief, ...]


def plan_limits(view: View, family: str | None, names: Mapping[str, str] | None = None) -> PlanLimits | None:
    """What limits the plan of a family (None: all), found by planning again without each limit.

    `names`: what resources are called on screen, by code. None for a frozen plan: only its lines are kept.
    """
    names, found = names or {}, _find_limits(view, family)
    if found is None:
        return None
    supply, model, ranked = found
    limits = tuple(_limit(e, supply, names, model if place < 1 else None) for place, e in enumerate(ranked))
    traced = trace_unmet(supply.problem, supply, model)
    causes = tuple(Cause(c.family, c.units, in_words(c.sentence, names)) for c in traced)
    return PlanLimits(limits, tuple(cause for cause in causes if family in (None, cause.family)))


def plan_relief(
    view: View, family: str | None, working_days: float, names: Mapping[str, str] | None = None
) -> PlanRelief | None:
    """What more of each limit returns, found by planning again; None for a frozen plan."""
    names, found = names or {}, _find_limits(view, family)
    if found is None:
        return None
    supply, model, ranked = found
    limits = tuple(_limit(each, supply, names, model) for each in ranked[:VALUED])
    levers = [lever for lever in standard_levers(supply, working_days) if _acts(supply, lever.limit, family)]
    returns = value_levers(supply.problem, levers, model)
    return PlanRelief(limits, tuple(_relief(each, names) for each in returns if each.worth >= 1.0))


def mean_working_days(inputs: Inputs) -> float:
    """Working days of a month in the mean; five days a week where no calendar is loaded."""
    days = None if inputs.capacity is None else inputs.capacity.working_days
    known = np.array([]) if days is None else days[np.isfinite(days) & (days > 0)]
    return float(known.mean()) if known.size else DAYS_PER_MONTH * 5 / 7


def _find_limits(view: View, family: str | None) -> tuple[SupplyPlan, SupplyModel, list[Bottleneck]] | None:
    """The supply plan, a model that plans it again, and the limits on a family (None: all), dearest first."""
    supply: SupplyPlan | None = view.plan.detail.get("supply")
    if supply is None:
        return None
    model = SupplyModel(supply.problem)
    ranked = [e for e in rank_bottlenecks(supply.problem, supply, model) if _acts(supply, e.use.limit, family)]
    return supply, model, ranked


def _acts(supply: SupplyPlan, limit: Limit, family: str | None) -> bool:
    if family is None:
        return True
    acts_on = families_under(supply.problem, limit)
    return family in supply.problem.families and bool(acts_on[supply.problem.families.index(family)])


def _limit(
    found: Bottleneck, supply: SupplyPlan, names: Mapping[str, str], model: SupplyModel | None
) -> LimitWorth:
    """One limit in minor units; valued at the margin where a model is given."""
    use = found.use
    limit = LimitWorth(
        name=names.get(use.limit.name, use.limit.name) if use.limit.kind in _NAMED else use.limit.name,
        kind=use.limit.kind,
        unit=use.limit.unit,
        months=int(use.binding.sum()),
        periods=in_words(found.periods),
        without=found.worth * MINOR,
        money=found.money * MINOR,
        units=found.units,
    )
    return limit if model is None else replace(limit, margin=_margin(supply, use, model))


def _margin(supply: SupplyPlan, use: LimitUse, model: SupplyModel) -> Margin:
    """What one more in each month where the limit binds is worth for one month, found by planning again."""
    binding = np.flatnonzero(use.binding).tolist()
    value = value_relief(supply.problem, use.limit, binding, model=model)
    month = MINOR / len(binding)
    return Margin(
        worth=value.worth * month,
        money=value.money * month,
        reach=value.units,
        after=value.worth_after * month,
        less=None if math.isnan(value.worth_less) else value.worth_less * month,
        open_ended=value.open_ended,
    )


def _relief(found: LeverReturn, names: Mapping[str, str]) -> Relief:
    name, periods = in_words(found.lever.name, names), in_words(found.periods)
    return Relief(name, periods, found.worth * MINOR, found.money * MINOR, found.units)


def supply_findings(view: View, names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What was odd in the supply data and what the plan does about it, in sentences, warnings before notes."""
    supply: SupplyPlan | None = view.plan.detail.get("supply")
    found = sorted(supply.findings if supply is not None else (), key=lambda finding: finding.level != "warning")
    told = [in_words(str(replace(finding, table="")), names) for finding in found]
    return tuple(dict.fromkeys(sentence[0].upper() + sentence[1:] for sentence in told))
