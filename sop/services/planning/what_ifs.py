"""What waiting costs, what initiatives bring, and what a single change would do: planned again, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass

from sop.analysis.comparison.impact import assumption_words, impact_sentence, trace_impact
from sop.core.plan import Plan
from sop.core.words import Money
from sop.portfolio.slips import SlipCost, SlipKey, slip_costs
from sop.portfolio.worth import InitiativeWorth, value_initiative
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom


@dataclass(frozen=True)
class TriedValue:
    """A change tried on the plan that is shown: the plan as it stands, with the change, and the path in words."""

    now: Plan
    then: Plan
    path: str


def try_value(
    room: PlanningRoom, inputs: InputSet, view: View, place: tuple[str, str], value: float, money: Money
) -> TriedValue:
    """The plan with one assumption elsewhere."""
    changed = view.assumptions.set(*place, value)
    now, then = room.plan(view.assumptions, inputs), room.plan(changed, inputs)
    cause = assumption_words(view.assumptions, changed)
    return TriedValue(now, then, impact_sentence(trace_impact(now, then, money), cause))


def slips_of(room: PlanningRoom, inputs: InputSet, view: View, key: SlipKey, name: str) -> tuple[SlipCost, ...]:
    """What each further month of slip of a launch or an initiative changes."""
    return slip_costs(key, name, view.assumptions, lambda assumptions: room.plan(assumptions, inputs))


def initiative_worths(room: PlanningRoom, inputs: InputSet, view: View) -> tuple[InitiativeWorth, ...]:
    """What each initiative brings in the next twelve months, found by planning without it.

    None is valued in a plan whose revenue is not known.
    """
    if not view.plan.has_revenue:
        return ()
    return tuple(
        value_initiative(item, view.assumptions, lambda assumptions: room.plan(assumptions, inputs))
        for item in inputs.inputs.initiatives or ()
    )
