"""What limits a plan: its binding limits, what it gains without each, what relief brings, what stops late units.

All of it by planning again, in the money of the profit and loss and of cash, and in days waited.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.analysis.decisions.exception_worth import without
from sop.analysis.decisions.lever_terms import LeverTerms, lever_cost, terms_of
from sop.analysis.decisions.trials import Trial
from sop.analysis.effects import UNKNOWN, PlanEffect, effect_of
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.supply import supply_of
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem, list_periods
from sop.supply.what_if.levers import SHIFT_HOURS, ReliefLever, standard_levers
from sop.supply.what_if.limits import Limit, LimitUse, families_under, move_limit, open_limits, with_more
from sop.supply.what_if.trace import NO_ROUTE, NOT_WORTH, trace_unmet, unmet_units

VALUED = 6
"""Limits of which one more and one less is valued: the first."""

_PHRASES = {"people": "the people of {}", "overtime": "overtime in {}", "subcontract": "subcontract of {}"}
_SMALL_PART = 0.01
"""The step by which a limit of units is moved, as a share of what is there in a usual month."""
_NOTICEABLE = 1.0
"""A plan that the optimiser holds worth less than one unit of currency more is the same plan."""


@dataclass(frozen=True)
class Margin:
    """What `amount` more (and less) of a limit in each month where it binds does to the plan, net of its price.

    `less` is None where there is none to take. `known`: whether what more of it costs is known.
    """

    amount: float
    more: PlanEffect
    less: PlanEffect | None
    known: bool


@dataclass(frozen=True)
class LimitWorth:
    """One limit that binds in `months` months that are not frozen (`periods` in words).

    `effect`: what the plan gains without it. `units` would no longer be late or lost, at the most in any month.
    `order` is the optimiser's price of the limit: it ranks limits, steers the plan and is not money. `margin`:
    what a step more does, None where it was not looked at.
    """

    name: str
    kind: str
    unit: str
    months: int
    periods: str = ""
    effect: PlanEffect = UNKNOWN
    units: float = 0.0
    order: float = 0.0
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
        """Whether the plan would be another without it."""
        return self.order >= _NOTICEABLE


@dataclass(frozen=True)
class ReliefWorth:
    """What a shift, line day, lot or month of subcontract brings, net of its price where that is known.

    `cost` (minor units) is what it costs itself, None where that is not known: then `effect` is before its cost.
    """

    name: str
    periods: str
    effect: PlanEffect
    cost: int | None
    units: float


@dataclass(frozen=True)
class Cause:
    """Units of a family that are late or lost, and what stops them, in one sentence."""

    family: str
    units: float
    sentence: str


@dataclass(frozen=True)
class PlanLimits:
    """The limits that bind, the bottleneck first, and what stops late units."""

    limits: tuple[LimitWorth, ...]
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class PlanRelief:
    """The first limits with a step more and less, and what relief in the amounts in which it comes brings."""

    limits: tuple[LimitWorth, ...]
    relief: tuple[ReliefWorth, ...]


def find_plan_limits(trial: Trial, family: str | None) -> PlanLimits:
    """What limits the plan of a family (None: all), found by planning again without each limit."""
    supply = supply_of(trial.plan)
    if supply is None:
        return PlanLimits(())
    traced = trace_unmet(supply.problem, supply)
    causes = tuple(Cause(c.family, c.units, c.sentence) for c in traced)
    return PlanLimits(
        rank_limits(trial, family), tuple(cause for cause in causes if family in (None, cause.family))
    )


def rank_limits(trial: Trial, family: str | None = None) -> tuple[LimitWorth, ...]:
    """The limits on a family (None: all), what each holds back; the one that the optimiser prices most first."""
    return tuple(limit for limit, _ in _ranked(trial, family))


def find_plan_relief(trial: Trial, family: str | None) -> PlanRelief:
    """What more of each limit on a family (None: all) brings, found by planning again."""
    supply = supply_of(trial.plan)
    if supply is None:
        return PlanRelief((), ())
    ranked = _ranked(trial, family)[:VALUED]
    limits = tuple(_with_margin(trial, limit, use) for limit, use in ranked)
    days, terms = mean_working_days(trial.inputs), {}
    for use in open_limits(supply):
        terms[use.limit] = terms_of(trial.inputs, trial.assumptions, use.limit.kind, use.limit.name)
    leads = {limit: trial.periods_of(found.lead_months) for limit, found in terms.items()}
    levers = [
        lever
        for lever in standard_levers(supply, days, leads=leads)
        if _acts(supply, lever.limit, family) and not _sold(lever.limit, terms[lever.limit])
    ]
    found = [_relief(trial, lever, terms[lever.limit]) for lever in levers]
    bringing = [relief for relief in found if relief.effect != _NOTHING]
    return PlanRelief(limits, tuple(sorted(bringing, key=_by_gain)))


_NOTHING = PlanEffect(0, 0, 0, 0, 0)


def _by_gain(relief: ReliefWorth) -> tuple[bool, int, int]:
    return relief.cost is None, -(relief.effect.ebit_horizon or 0), relief.effect.unit_days or 0


def mean_working_days(inputs: Inputs) -> float:
    """Working days of a month in the mean; five days a week where no calendar is loaded."""
    days = None if inputs.capacity is None else inputs.capacity.working_days
    known = np.array([]) if days is None else days[np.isfinite(days) & (days > 0)]
    return float(known.mean()) if known.size else inputs.calendar.mean_days * 5 / 7


def _ranked(trial: Trial, family: str | None) -> list[tuple[LimitWorth, LimitUse]]:
    supply = supply_of(trial.plan)
    if supply is None:
        return []
    found = [(_limit(trial, supply, use), use) for use in open_limits(supply) if _acts(supply, use.limit, family)]
    return sorted(found, key=lambda each: (-each[0].order, -each[0].months))


def _acts(supply: SupplyPlan, limit: Limit, family: str | None) -> bool:
    if family is None:
        return True
    acts_on = families_under(supply.problem, limit)
    return family in supply.problem.families and bool(acts_on[supply.problem.families.index(family)])


def _limit(trial: Trial, supply: SupplyPlan, use: LimitUse) -> LimitWorth:
    """One limit, and the plan without it."""
    free = trial.with_change(without(use.limit))
    solved = supply_of(free)
    return LimitWorth(
        name=use.limit.title,
        kind=use.limit.kind,
        unit=use.limit.unit,
        months=int(use.binding.sum()),
        periods=list_periods(supply.problem.periods, use.binding),
        effect=effect_of(trial.plan, free),
        units=_served(supply, solved),
        order=0.0 if solved is None else supply.objective - solved.objective,
    )


def _served(before: SupplyPlan, after: SupplyPlan | None) -> float:
    """Units no longer late or lost, at the most in any period."""
    return 0.0 if after is None else float((unmet_units(before) - unmet_units(after)).sum(axis=0).max())


def _with_margin(trial: Trial, limit: LimitWorth, use: LimitUse) -> LimitWorth:
    """A limit with what a step more and a step less of it in each month where it binds does."""
    terms = terms_of(trial.inputs, trial.assumptions, use.limit.kind, use.limit.name)
    periods, amount = np.flatnonzero(use.binding).tolist(), _step(use)
    more = relieved(trial, use.limit, amount, periods, terms)
    there_is = bool((use.most[periods] >= amount).all())
    less = (
        trial.with_change(lambda problem: move_limit(problem, use.limit, -amount, periods)) if there_is else None
    )
    return LimitWorth(
        **{
            **vars(limit),
            "margin": Margin(
                amount=amount,
                more=effect_of(trial.plan, more),
                less=None if less is None else effect_of(trial.plan, less),
                # More of a material at its usual price is not what more of it costs.
                known=terms.known and use.limit.kind != "material",
            ),
        }
    )


def _step(use: LimitUse) -> float:
    """A shift of hours, a person, else a hundredth of a usual month and not less than one."""
    if use.limit.unit == "hour":
        return SHIFT_HOURS
    usual = use.most[np.isfinite(use.most)]
    return 1.0 if use.limit.unit == "person" else max(1.0, round(_SMALL_PART * float(usual.mean())))


def relieved(
    trial: Trial, limit: Limit, amount: float, periods: list[int] | tuple[int, ...], terms: LeverTerms
) -> Plan:
    """The plan with more of a limit in some periods, bought at its price where it has one of its own."""

    def change(problem: SupplyProblem) -> SupplyProblem:
        return with_more(problem, limit, amount, periods, terms.price)

    return trial.with_change(change)


def _sold(limit: Limit, terms: LeverTerms) -> bool:
    """Whether the plan buys more of a limit by itself wherever it is worth its price: spot material."""
    return limit.kind == "material" and terms.known


def _relief(trial: Trial, lever: ReliefLever, terms: LeverTerms) -> ReliefWorth:
    before, plan = supply_of(trial.plan), relieved(trial, lever.limit, lever.amount, lever.periods, terms)
    assert before is not None
    chosen = np.isin(np.arange(len(trial.plan.months)), lever.periods)
    return ReliefWorth(
        name=lever.name,
        periods=list_periods(before.problem.periods, chosen),
        effect=effect_of(trial.plan, plan),
        cost=lever_cost(lever.limit.kind, terms, trial.plan, plan),
        units=_served(before, supply_of(plan)),
    )


def why_in_words(reason: str) -> str:
    """A reason that `trace_unmet` gives, as it follows 'because of'."""
    return {NOT_WORTH: "a cost of serving it above its worth", NO_ROUTE: "no line or subcontractor for it"}.get(
        reason, reason
    )
