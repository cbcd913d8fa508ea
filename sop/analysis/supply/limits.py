"""What limits a plan: its binding limits with what each costs, what relief returns, what stops each late unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.core.inputs import Inputs
from sop.core.money import MINOR
from sop.core.words import in_words, resource_names
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.what_if.levers import RankedLimit, rank_bottlenecks, standard_levers, value_levers
from sop.supply.what_if.limits import Limit, LimitUse, families_under
from sop.supply.what_if.relief import value_relief
from sop.supply.what_if.trace import NO_ROUTE, NOT_WORTH, trace_unmet

VALUED = 6
"""Limits of which one more and one less is valued: the dearest."""

_NAMED = ("line", "shared resource")
"""Kinds of limit that have a name beside their code."""

_PHRASES = {"people": "the people of {}", "overtime": "overtime in {}", "subcontract": "subcontract of {}"}


@dataclass(frozen=True)
class Margin:
    """What one more unit of a limit in each month where it binds is worth, minor units a month.

    `worth` is revenue less cost plus the price put on late and lost units, `money` the part without that price.
    It holds for the next `reach` units a month (`open_ended`: at least), then `after`. `less`: what one unit less
    costs; None where there is none to take.
    """

    worth: float
    money: float
    reach: float
    after: float
    less: float | None
    open_ended: bool = False


@dataclass(frozen=True)
class LimitWorth:
    """One limit that binds in `months` months that are not frozen (`periods` in words).

    `without` in minor units is what the plan would be worth more over the horizon without it, `money` of it
    revenue less cost; up to `units` would no longer be late or lost. `margin`: what one more is worth, None where
    it was not looked at.
    """

    name: str
    kind: str
    unit: str
    months: int
    periods: str = ""
    without: float = 0.0
    money: float = 0.0
    units: float = 0.0
    margin: Margin | None = None

    @property
    def label(self) -> str:
        """The limit as people name it: a line by its name, others with their kind."""
        return self.name if self.kind in ("line", "material", self.name) else f"{self.name}, {self.kind}"

    @property
    def phrase(self) -> str:
        """The limit inside a sentence: 'Gdansk welding line', 'subcontract of Fleet', 'overtime in Brno'."""
        return _PHRASES.get(self.kind, "{}").format(self.name)

    @property
    def counts(self) -> bool:
        """Whether the plan would be worth more without it."""
        return self.without >= MINOR


@dataclass(frozen=True)
class ReliefWorth:
    """What a shift, line day, lot or month of subcontract returns over the horizon, in minor units."""

    name: str
    periods: str
    worth: float
    money: float
    units: float


@dataclass(frozen=True)
class Cause:
    """Units of a family that are late or lost, and what stops them, in one sentence."""

    family: str
    units: float
    sentence: str


@dataclass(frozen=True)
class PlanLimits:
    """The limits that bind, the dearest first and that one valued at the margin, and what stops late units."""

    limits: tuple[LimitWorth, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class PlanRelief:
    """The dearest limits valued at the margin, and what relief in the amounts in which it comes returns."""

    limits: tuple[LimitWorth, ...]
    relief: tuple[ReliefWorth, ...]


def find_plan_limits(supply: SupplyPlan, family: str | None, names: Mapping[str, str]) -> PlanLimits:
    """What limits the plan of a family (None: all), found by planning again without each limit.

    `names`: what resources are called on screen, by code.
    """
    model = SupplyModel(supply.problem)
    ranked = _ranked(supply, model, family)
    limits = tuple(_limit(e, supply, names, model if place < 1 else None) for place, e in enumerate(ranked))
    traced = trace_unmet(supply.problem, supply, model)
    causes = tuple(Cause(c.family, c.units, in_words(c.sentence, names)) for c in traced)
    return PlanLimits(limits, tuple(cause for cause in causes if family in (None, cause.family)))


def find_plan_relief(supply: SupplyPlan, inputs: Inputs, family: str | None) -> PlanRelief:
    """What more of each limit on a family (None: all) returns, found by planning again."""
    model, names = SupplyModel(supply.problem), resource_names(inputs)
    ranked = _ranked(supply, model, family)
    limits = tuple(_limit(each, supply, names, model) for each in ranked[:VALUED])
    days = mean_working_days(inputs)
    levers = [lever for lever in standard_levers(supply, days) if _acts(supply, lever.limit, family)]
    returns = value_levers(supply.problem, levers, model)
    relief = (
        ReliefWorth(
            in_words(each.lever.name, names),
            in_words(each.periods),
            each.worth * MINOR,
            each.money * MINOR,
            each.units,
        )
        for each in returns
        if each.worth >= 1.0
    )
    return PlanRelief(limits, tuple(relief))


def mean_working_days(inputs: Inputs) -> float:
    """Working days of a month in the mean; five days a week where no calendar is loaded."""
    days = None if inputs.capacity is None else inputs.capacity.working_days
    known = np.array([]) if days is None else days[np.isfinite(days) & (days > 0)]
    return float(known.mean()) if known.size else inputs.calendar.mean_days * 5 / 7


def _ranked(supply: SupplyPlan, model: SupplyModel, family: str | None) -> list[RankedLimit]:
    """The limits on a family (None: all), the dearest first."""
    return [e for e in rank_bottlenecks(supply.problem, supply, model) if _acts(supply, e.use.limit, family)]


def _acts(supply: SupplyPlan, limit: Limit, family: str | None) -> bool:
    if family is None:
        return True
    acts_on = families_under(supply.problem, limit)
    return family in supply.problem.families and bool(acts_on[supply.problem.families.index(family)])


def _limit(
    found: RankedLimit, supply: SupplyPlan, names: Mapping[str, str], model: SupplyModel | None
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


def why_in_words(reason: str) -> str:
    """A reason that `trace_unmet` gives, as it follows 'because of'."""
    return {NOT_WORTH: "a cost of serving it above its worth", NO_ROUTE: "no line or subcontractor for it"}.get(
        reason, reason
    )
