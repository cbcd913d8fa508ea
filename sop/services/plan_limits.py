"""What limits a plan: its binding limits with what relief is worth, and what stops each late unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from sop.core.money import MINOR
from sop.review.message import plain_month
from sop.review.plan_views.limits import Cause, LimitWorth
from sop.services.views import View
from sop.supply.limits import LimitUse, binding_limits, families_under
from sop.supply.model import SupplyModel
from sop.supply.plan import SupplyPlan
from sop.supply.relief import value_relief
from sop.supply.trace import trace_unmet

VALUED = 5
"""Limits that are valued by planning again: those that bind in most months."""


@dataclass(frozen=True)
class PlanLimits:
    """The limits that bind, those that bind longest first, and what stops each late or lost unit."""

    limits: tuple[LimitWorth, ...]
    causes: tuple[Cause, ...]


def plan_limits(view: View, family: str | None) -> PlanLimits | None:
    """What limits the plan of a family (None: all), found by planning again.

    None for a frozen plan, of which only its lines are kept.
    """
    supply: SupplyPlan | None = view.plan.detail.get("supply")
    if supply is None:
        return None
    uses = [use for use in binding_limits(supply) if family is None or family in _families(supply, use)]
    uses.sort(key=lambda use: -int(use.binding.sum()))
    model = SupplyModel(supply.problem)
    limits = tuple(_limit(supply, use, model if place < VALUED else None) for place, use in enumerate(uses))
    causes = tuple(Cause(c.family, c.units, _in_words(c.sentence)) for c in trace_unmet(supply.problem, supply))
    causes = tuple(cause for cause in causes if family in (None, cause.family))
    return PlanLimits(limits, causes)


def _in_words(sentence: str) -> str:
    """A sentence with its months in words."""
    return re.sub(r"\b\d{4}-(0[1-9]|1[0-2])\b", lambda found: plain_month(found[0]), sentence)


def _families(supply: SupplyPlan, use: LimitUse) -> list[str]:
    """The families that a limit acts on."""
    acts_on = families_under(supply.problem, use.limit)
    return [name for name, here in zip(supply.problem.families, acts_on, strict=True) if here]


def _limit(supply: SupplyPlan, use: LimitUse, model: SupplyModel | None) -> LimitWorth:
    """One limit; valued by planning again where a model is given."""
    problem, binding = supply.problem, np.flatnonzero(use.binding).tolist()
    found = LimitWorth(use.limit.name, use.limit.kind, use.limit.unit, len(binding))
    if model is None:
        return found
    value = value_relief(problem, use.limit, binding, model=model)
    month = MINOR / len(binding)
    return replace(
        found,
        worth=value.worth * month,
        money=value.money * month,
        reach=value.units,
        worth_after=value.worth_after * month,
        open_ended=value.open_ended,
    )
