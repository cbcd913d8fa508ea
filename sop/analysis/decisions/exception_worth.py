"""What exceptions put at stake, as far as only planning again can tell: limits, slips and outside events."""

from __future__ import annotations

from sop.analysis.decisions.exceptions import AtStake
from sop.analysis.decisions.health import initiative_slip, launch_slip
from sop.analysis.decisions.trials import Trial
from sop.analysis.effects import PlanEffect, effect_of
from sop.core.plan import Plan
from sop.core.register import EVENT_USES, assumption, use_of
from sop.core.terms import EventUse, Function
from sop.supply import SupplyProblem, supply_of, trace_unmet
from sop.supply.what_if.limits import Limit, ProblemChange, open_limits, without_limit
from sop.supply.what_if.trace import TOGETHER

_LIMIT_OWNERS = {"material": Function.SUPPLY, "subcontract": Function.SUPPLY, "storage": Function.SUPPLY}


def value_stakes(trial: Trial) -> AtStake:
    """What stops unmet units and what the plan gains without it, and what each slip and outside event costs."""
    return AtStake(trace_limits(trial.plan), value_slips(trial), expected_event_effects(trial), value_unmet(trial))


def trace_limits(plan: Plan) -> dict[str, tuple[str, str]]:
    """Family → what stops most of its unmet units, and who owns it; empty for a plan that was read back."""
    supply = supply_of(plan)
    found: dict[str, tuple[str, str]] = {}
    for cause in trace_unmet(supply.problem, supply) if supply is not None else ():
        kind = cause.limit.kind if cause.limit else ""
        found.setdefault(cause.family, (cause.reason, _LIMIT_OWNERS.get(kind, Function.OPERATIONS).title))
    return found


def value_unmet(trial: Trial) -> dict[str, PlanEffect]:
    """Family → what the plan gains without the limits that stop most of its unmet units.

    Families whose units the agreed plan or their own worth stops are left out: there is no limit to take away.
    """
    supply = supply_of(trial.plan)
    if supply is None:
        return {}
    every = tuple(use.limit for use in open_limits(supply))
    found: dict[str, PlanEffect] = {}
    known: dict[tuple[Limit, ...], PlanEffect] = {}
    for cause in trace_unmet(supply.problem, supply):
        limits = (cause.limit,) if cause.limit else every if cause.reason == TOGETHER else ()
        if cause.family in found or not limits:
            continue
        if limits not in known:
            known[limits] = effect_of(trial.plan, trial.with_change(without(*limits)))
        found[cause.family] = known[limits]
    return found


def without(*limits: Limit) -> ProblemChange:
    """What takes limits away from a supply problem where they are not frozen."""

    def change(problem: SupplyProblem) -> SupplyProblem:
        for limit in limits:
            problem = without_limit(problem, limit)
        return problem

    return change


def value_slips(trial: Trial) -> dict[str, PlanEffect]:
    """What the plan gains without the slip of each launch and initiative."""
    inputs = trial.inputs
    assumptions = trial.assumptions
    a_month = inputs.calendar.in_periods(1)
    slips = [(x.name, "launch_slip_months", launch_slip(x, assumptions)) for x in inputs.launches or ()]
    slips += [
        (x.name, "initiative_slip_months", initiative_slip(x, assumptions)) for x in inputs.initiatives or ()
    ]
    return {
        name: effect_of(
            trial.plan,
            trial.with_values(
                {(key, name): max(assumptions.value(key, name) - late / a_month, assumption(key).low)}
            ),
        )
        for name, key, late in slips
        if late > 0
    }


def expected_event_effects(trial: Trial) -> dict[str, PlanEffect]:
    """What the plan gains without each outside event, in expectation, in the plan or only in its range."""
    found = {}
    for event in trial.inputs.events or ():
        use = use_of(event, trial.assumptions)
        if use is EventUse.PLAN:
            without_it = trial.with_values({("event_probability", event.name): 0.0})
            found[event.name] = effect_of(trial.plan, without_it)
        elif use is EventUse.RANGE:
            counted = trial.with_values({("event_use", event.name): EVENT_USES.index(EventUse.PLAN)})
            found[event.name] = effect_of(counted, trial.plan)
    return found
