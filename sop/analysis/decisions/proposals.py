"""Moves worth trying: single changes of assumptions, proposed by rule from what binds and what slips.

The last responsible month of a move is the start of need less its lead time, and never before the first open
month. Start of need: the first month in which the limit binds, or the next open gate of what slips. What a move
costs and how long it takes are its terms (`lever_terms`); a launch or initiative takes the months to be won back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sop.analysis.decisions.lever_terms import EVENT_LEAD, STOCK_LEAD, LeverTerms, terms_of
from sop.analysis.decisions.levers import table_value
from sop.core.calendar import shift_period
from sop.core.format import percent
from sop.core.inputs import Event, Gate, Inputs
from sop.core.money import MINOR
from sop.core.register import Assumptions, assumption, probability_of, use_of
from sop.core.terms import EventUse, Function, owner_title

WIN_BACK = 2
"""Most months of a slip that one move wins back."""
LESS_SERVICE = 0.02
"""Points of service level that the move of stock gives up."""
Condition = Literal["", "success", "expected"]

STEPS = {
    "line": ("extra_hours_pct", 0.10),
    "shared resource": ("extra_hours_pct", 0.10),
    "people": ("people_pct", 0.05),
    "overtime": ("overtime_share", 0.05),
    "material": ("supply_pct", 0.10),
    "subcontract": ("subcontract_pct", 0.50),
}
"""Kind of limit → the assumption that moves it, and by how much."""


@dataclass(frozen=True)
class BindingLimit:
    """A limit of the supply plan that binds in some of the next twelve months."""

    kind: str
    name: str
    months: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """One change of one assumption: `key` of `scope` from `before` to `value`.

    `need` is the start of need; `terms` say what it costs, and how long before it must be decided. `condition`:
    what the valuation takes for granted: that it works fully, or also that the plan counts with the event.
    """

    kind: str
    name: str
    key: str
    scope: str
    before: float
    value: float
    title: str
    need: str
    terms: LeverTerms
    owner: str = ""
    condition: Condition = ""

    @property
    def lead_months(self) -> int:
        """Months from deciding it to its first effect."""
        return self.terms.lead_months

    def last_month(self, first_open: str) -> str:
        """The last responsible month: start of need less lead time, not before the first open month."""
        return max(shift_period(self.need, -self.lead_months), first_open)


def propose_moves(
    inputs: Inputs, assumptions: Assumptions, bottlenecks: Sequence[BindingLimit]
) -> tuple[Move, ...]:
    """Every move worth trying: limits that bind, launches and initiatives that slip, events, the largest stock."""
    found = [
        *(_widen(inputs, assumptions, bottleneck) for bottleneck in bottlenecks),
        *(_win_back(inputs, assumptions, *item) for item in _slipping(inputs)),
        *_mitigate(inputs, assumptions),
        *_lower_stock(inputs, assumptions),
    ]
    return tuple(move for move in found if move is not None and move.value != move.before)


def _widen(inputs: Inputs, assumptions: Assumptions, bottleneck: BindingLimit) -> Move | None:
    """More of a limit that binds, one step of its assumption.

    Material that is sold on the spot market at a known premium is no limit: the plan buys it where it is worth it.
    """
    if bottleneck.kind not in STEPS:
        return None
    terms = terms_of(inputs, assumptions, bottleneck.kind, bottleneck.name)
    if bottleneck.kind == "material" and terms.known:
        return None
    key, step = STEPS[bottleneck.kind]
    before = assumptions.value(key, bottleneck.name, table_value(inputs, key, bottleneck.name))
    value = round(min(before + step, assumption(key).high), 6)
    return Move(
        kind=bottleneck.kind,
        name=bottleneck.name,
        key=key,
        scope=bottleneck.name,
        before=before,
        value=value,
        title=_WORDS[bottleneck.kind].format(name=bottleneck.name, step=percent(value - before)),
        need=bottleneck.months[0],
        terms=terms,
        owner=assumption(key).owner.title,
    )


_WORDS = {
    "line": "{step} more hours on {name}",
    "shared resource": "{step} more hours on {name}",
    "people": "Allow {step} more people at {name}",
    "overtime": "Raise the overtime limit at {name} by {step} of regular hours",
    "material": "Secure {step} more {name}",
    "subcontract": "Buy more {name} outside: raise the limit by {step}",
}


def _slipping(inputs: Inputs) -> Iterator[tuple[str, str, Sequence[Gate], str]]:
    """Kind, name, gates and owner of what may be brought forward: launches to come, and initiatives."""
    for launch in inputs.launches or ():
        if launch.market_gate is not None and launch.market_gate.actual is None:
            yield "launch", launch.name, launch.gates, Function.PRODUCT.title
    for initiative in inputs.initiatives or ():
        yield "initiative", initiative.name, initiative.milestones, owner_title(initiative.owner)


def _win_back(
    inputs: Inputs, assumptions: Assumptions, kind: str, name: str, gates: Sequence[Gate], owner: str
) -> Move | None:
    """Bring back what slips, up to WIN_BACK months of it and not before the next month."""
    key = f"{kind}_slip_months"
    waiting = [gate for gate in gates if gate.actual is None]
    if not waiting:
        return None
    before = assumptions.value(key, name)
    last, following = max(waiting, key=lambda gate: gate.forecast), min(waiting, key=lambda gate: gate.forecast)
    months = min(last.slip_months + round(before), last.forecast + round(before) - 1, WIN_BACK)
    if months <= 0:
        return None
    return Move(
        kind=kind,
        name=name,
        key=key,
        scope=name,
        before=before,
        value=max(before - months, assumption(key).low),
        title=f"Bring {name} forward by {months} {'month' if months == 1 else 'months'}",
        need=shift_period(inputs.calendar.first_open, max(following.forecast, 0)),
        terms=LeverTerms(lead_months=months, known=False, allowed_by=owner),
        owner=owner,
    )


def _mitigate(inputs: Inputs, assumptions: Assumptions) -> Iterator[Move]:
    """The mitigation of every outside event that the plan counts with."""
    for event in inputs.events or ():
        if use_of(event, assumptions) is EventUse.PLAN:
            yield from mitigation(inputs, assumptions, event)


def mitigation(inputs: Inputs, assumptions: Assumptions, event: Event) -> Iterator[Move]:
    """What can be done about an outside event of the next year, at its stated cost, taken to work fully.

    What the plan does not count with is worth what it would be if it did: an expected value.
    """
    before = probability_of(event, assumptions)
    if not event.mitigation or before <= 0 or not -event.duration < event.start < inputs.calendar.year:
        return
    known = event.mitigation_cost == event.mitigation_cost
    terms = LeverTerms(
        once=round(event.mitigation_cost * MINOR) if known else 0,
        lead_months=EVENT_LEAD,
        known=known,
        assumed=("lead time",),
        allowed_by=owner_title(event.owner),
    )
    yield Move(
        kind="event",
        name=event.name,
        key="event_probability",
        scope=event.name,
        before=before,
        value=0.0,
        title=f"{event.name}: {event.mitigation[0].lower()}{event.mitigation[1:]}",
        need=shift_period(inputs.calendar.first_open, max(event.start, 0)),
        terms=terms,
        owner=owner_title(event.owner),
        condition="success" if use_of(event, assumptions) is EventUse.PLAN else "expected",
    )


def _lower_stock(inputs: Inputs, assumptions: Assumptions) -> Iterable[Move]:
    """Two points less service level for the made-to-stock family that holds the most stock."""
    families, stock = inputs.families, inputs.position.inventory
    if stock is None or families.made_to_order.all():
        return
    value = stock * inputs.position.unit_cost
    held = [(v, f) for f, v in enumerate(value.tolist()) if v == v and v > 0 and not families.made_to_order[f]]
    if not held:
        return
    f = max(held)[1]
    name = families.names[f]
    before = assumptions.value("service_level", name, table_value(inputs, "service_level", name))
    after = round(max(before - LESS_SERVICE, assumption("service_level").low), 6)
    yield Move(
        kind="stock",
        name=name,
        key="service_level",
        scope=name,
        before=before,
        value=after,
        title=f"Hold {name} for {percent(after)} service instead of {percent(before)}",
        need=inputs.calendar.first_open,
        terms=LeverTerms(lead_months=STOCK_LEAD, assumed=("lead time",), allowed_by=Function.SUPPLY.title),
        owner=Function.SUPPLY.title,
    )
