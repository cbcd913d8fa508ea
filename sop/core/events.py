"""Where an outside event counts and how likely it is, as its owner decided; what nobody decided is the table's."""

from __future__ import annotations

from sop.core.inputs import Event
from sop.core.register import Assumptions
from sop.core.terms import EventUse

EVENT_USES = tuple(EventUse)
"""The uses of an event in the order of the register's choices."""


def use_of(event: Event, assumptions: Assumptions) -> EventUse:
    """Where an event counts: in the plan, only in the range around it, or nowhere yet."""
    return EVENT_USES[round(assumptions.value("event_use", event.name, EVENT_USES.index(event.use)))]


def probability_of(event: Event, assumptions: Assumptions) -> float:
    """The chance that an event comes."""
    return assumptions.value("event_probability", event.name, event.probability)
