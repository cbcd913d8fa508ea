"""What exceptions put at stake, as far as only planning again can tell: limits, slips and outside events."""

from __future__ import annotations

from collections.abc import Mapping

from sop.analysis.decisions.exceptions import AtStake
from sop.analysis.decisions.health import initiative_slip, launch_slip
from sop.analysis.decisions.trials import Trial
from sop.analysis.headline import profit_of
from sop.core.plan import Plan
from sop.core.register import EVENT_USES, assumption, use_of
from sop.core.terms import EventUse, Function
from sop.core.words import in_words, resource_names
from sop.supply import supply_of, trace_unmet

_LIMIT_OWNERS = {"material": Function.SUPPLY, "subcontract": Function.SUPPLY, "storage": Function.SUPPLY}


def value_stakes(trial: Trial) -> AtStake:
    """What stops unmet units, and the EBIT that each slip and each outside event costs."""
    names = resource_names(trial.inputs)
    return AtStake(trace_limits(trial.plan, names), value_slips(trial), value_events(trial))


def trace_limits(plan: Plan, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Family → what stops most of its unmet units, and who owns it; empty for a plan that was read back.

    `names`: what resources are called on screen, by code.
    """
    supply = supply_of(plan)
    found: dict[str, tuple[str, str]] = {}
    for cause in trace_unmet(supply.problem, supply) if supply is not None else ():
        kind = cause.limit.kind if cause.limit else ""
        found.setdefault(
            cause.family, (in_words(cause.reason, names), _LIMIT_OWNERS.get(kind, Function.OPERATIONS).title)
        )
    return found


def value_slips(trial: Trial) -> dict[str, int]:
    """EBIT (minor units) that the slip of each launch and initiative costs in the next twelve months."""
    inputs = trial.inputs
    assumptions = trial.assumptions
    slips = [(x.name, "launch_slip_months", launch_slip(x, assumptions)) for x in inputs.launches or ()]
    slips += [
        (x.name, "initiative_slip_months", initiative_slip(x, assumptions)) for x in inputs.initiatives or ()
    ]
    return {
        name: profit_of(
            trial.with_values({(key, name): max(assumptions.value(key, name) - late, assumption(key).low)})
        )
        - profit_of(trial.plan)
        for name, key, late in slips
        if late > 0
    }


def value_events(trial: Trial) -> dict[str, int]:
    """EBIT (minor units) that each outside event costs in expectation, in the plan or only in its range."""
    found = {}
    for event in trial.inputs.events or ():
        use = use_of(event, trial.assumptions)
        if use is EventUse.PLAN:
            without = trial.with_values({("event_probability", event.name): 0.0})
            found[event.name] = profit_of(without) - profit_of(trial.plan)
        elif use is EventUse.RANGE:
            counted = trial.with_values({("event_use", event.name): EVENT_USES.index(EventUse.PLAN)})
            found[event.name] = profit_of(trial.plan) - profit_of(counted)
    return found
