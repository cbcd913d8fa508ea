"""What can be done about the outside: mitigations of events, and what an indicator asks beyond a threshold.

An indicator that names the event it warns of opens two decisions once it is beyond its threshold: to plan with
that event, and to do what can be done about it, at once. What the plan does not count with is valued
as if it did, with the event's chance in it: an expected value, and called so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.lever_terms import LeverTerms
from sop.analysis.decisions.proposals import Move, mitigation
from sop.analysis.decisions.trials import Trial
from sop.analysis.decisions.valuation import value_move
from sop.core.inputs import Event, Inputs
from sop.core.register import EVENT_USES, Assumptions, assumption, probability_of, use_of
from sop.core.terms import EventUse
from sop.portfolio.outside_in import indicator_items

KIND = "indicator"
_PLANNED = EVENT_USES.index(EventUse.PLAN)


def propose_outside(inputs: Inputs, assumptions: Assumptions) -> tuple[Move, ...]:
    """What may be decided about each outside event; what an indicator warns of comes first."""
    warned = warnings_of(inputs)
    ordered = sorted(inputs.events or (), key=lambda event: event.name not in warned)
    return tuple(move for event in ordered for move in _of_event(inputs, assumptions, event, warned))


def warnings_of(inputs: Inputs) -> dict[str, str]:
    """By event: the sentence of an indicator beyond its threshold that warns of it."""
    names = {each.name: each.event for each in inputs.indicators or () if each.event}
    items = indicator_items(inputs.indicators or (), inputs.calendar)
    return {
        names[item.indicator]: item.sentence
        for item in items
        if item.threshold is not None and item.indicator in names
    }


def _of_event(inputs: Inputs, assumptions: Assumptions, event: Event, warned: dict[str, str]) -> Iterator[Move]:
    told, use = warned.get(event.name), use_of(event, assumptions)
    for move in mitigation(inputs, assumptions, event):
        if told is None:
            yield move
            continue
        now = inputs.calendar.first_open
        yield replace(
            move, kind=KIND, title=f"{told}: {event.mitigation[0].lower()}{event.mitigation[1:]}", need=now
        )
    if told is not None and use is not EventUse.PLAN and probability_of(event, assumptions) > 0:
        yield Move(
            kind=KIND,
            name=event.name,
            key="event_use",
            scope=event.name,
            before=EVENT_USES.index(use),
            value=_PLANNED,
            title=f"{told}: plan with {event.name}",
            need=inputs.calendar.first_open,
            terms=LeverTerms(allowed_by=assumption("event_use").owner.title),
            owner=assumption("event_use").owner.title,
        )


def value_outside(trial: Trial, move: Move) -> Decision:
    """What such a move brings, by planning again with it; what is only expected, against a plan with its event."""
    if move.condition == "expected":
        trial = replace(trial, assumptions=trial.assumptions.set("event_use", move.scope, _PLANNED))
    return value_move(trial, move)
