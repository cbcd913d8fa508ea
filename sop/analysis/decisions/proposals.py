"""Moves worth trying: single changes of assumptions, proposed by rule from what binds and what slips.

The last responsible month of a move is the start of need less its lead time, and never before the first open
month. Start of need: the first month in which the limit binds, or the next open gate of what slips. Lead times
in months (`LEAD_MONTHS`): overtime 0, a subcontractor's quota 1, machine hours 2 (people must be found and
trained), people 2, material the supplier's own lead time, a launch or initiative the months to be won back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

import numpy as np

from sop.analysis.decisions.levers import table_value
from sop.core.calendar import shift_period
from sop.core.inputs import Floats, Gate, Inputs
from sop.core.register import Assumptions, assumption, probability_of, use_of
from sop.core.terms import EventUse, Function

WIN_BACK = 2
"""Most months of a slip that one move wins back."""
LESS_SERVICE = 0.02
"""Points of service level that the move of stock gives up."""
Condition = Literal["", "cost", "success"]

LEAD_MONTHS = {"overtime": 0, "subcontract": 1, "line": 2, "shared resource": 2, "people": 2, "stock": 1}
STEPS = {
    "line": ("capacity_pct", 0.10),
    "shared resource": ("capacity_pct", 0.10),
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

    `need` is the start of need, `lead_months` how long before it must be decided, `cost` money (minor units)
    that the plan does not know. `condition` says what the valuation leaves open: what the move itself costs,
    or whether it works.
    """

    kind: str
    name: str
    key: str
    scope: str
    before: float
    value: float
    title: str
    need: str
    lead_months: int
    owner: str = ""
    cost: int = 0
    condition: Condition = ""

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
    """More of a limit that binds, one step of its assumption."""
    if bottleneck.kind not in STEPS:
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
        title=_WORDS[bottleneck.kind].format(name=bottleneck.name, step=f"{value - before:.0%}"),
        need=bottleneck.months[0],
        lead_months=_lead_months(inputs, bottleneck),
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


def _lead_months(inputs: Inputs, bottleneck: BindingLimit) -> int:
    materials = inputs.materials
    if bottleneck.kind == "material" and materials is not None and bottleneck.name in materials.names:
        days = float(materials.lead_time_days[materials.names.index(bottleneck.name)])
        return ceil(days / inputs.calendar.mean_days) if days == days else 1
    return LEAD_MONTHS.get(bottleneck.kind, 1)


def _slipping(inputs: Inputs) -> Iterator[tuple[str, str, Sequence[Gate], str]]:
    """Kind, name, gates and owner of what may be brought forward: launches to come, and initiatives."""
    for launch in inputs.launches or ():
        if launch.market_gate is not None and launch.market_gate.actual is None:
            yield "launch", launch.name, launch.gates, Function.PRODUCT.title
    for initiative in inputs.initiatives or ():
        yield "initiative", initiative.name, initiative.milestones, initiative.owner


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
        lead_months=months,
        owner=owner,
        condition="cost",
    )


def _mitigate(inputs: Inputs, assumptions: Assumptions) -> Iterable[Move]:
    """The mitigation of an outside event that the plan counts with, at its stated cost, taken to work fully."""
    for event in inputs.events or ():
        before, planned = probability_of(event, assumptions), use_of(event, assumptions) is EventUse.PLAN
        if planned and event.mitigation and before > 0 and -event.duration < event.start < inputs.calendar.year:
            yield Move(
                kind="event",
                name=event.name,
                key="event_probability",
                scope=event.name,
                before=before,
                value=0.0,
                title=f"{event.name}: {event.mitigation[0].lower()}{event.mitigation[1:]}",
                need=shift_period(inputs.calendar.first_open, max(event.start, 0)),
                lead_months=1,
                cost=round(event.mitigation_cost * 100),
                owner=event.owner,
                condition="success",
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
        title=f"Hold {name} for {after:.0%} service instead of {before:.0%}",
        need=inputs.calendar.first_open,
        lead_months=LEAD_MONTHS["stock"],
        owner=Function.SUPPLY.title,
    )


def delay_move(inputs: Inputs, move: Move, months: int) -> Inputs | None:
    """Inputs in which a limit is widened only after `months`; the assumption itself stays as it was before.

    None where the limit is no monthly table: an overtime share, a service level, an event.
    """
    later = np.arange(inputs.calendar.horizon) >= months
    capacity, materials, outside = inputs.capacity, inputs.materials, inputs.subcontract

    def scaled(values: Floats, names: Sequence[str]) -> Floats:
        offset = 1.0 if move.key in ("capacity_pct", "people_pct") else 0.0
        factor = (offset + move.value) / (offset + move.before)
        here = np.array([name == move.name for name in names])[:, None]
        return np.where(here & later, values * factor, values)

    if move.kind not in ("line", "shared resource", "people", "material", "subcontract") or move.before <= -1:
        return None
    if move.kind == "line" and capacity is not None:
        capacity = replace(capacity, line_hours=scaled(capacity.line_hours, capacity.lines))
    elif move.kind == "shared resource" and capacity is not None:
        capacity = replace(capacity, shared_hours=scaled(capacity.shared_hours, capacity.shared))
    elif move.kind == "people" and capacity is not None and capacity.people_max is not None:
        capacity = replace(capacity, people_max=scaled(capacity.people_max, capacity.plants.names))
    elif move.kind == "material" and materials is not None and move.before > 0:
        materials = replace(materials, supply=scaled(materials.supply, materials.names))
    elif move.kind == "subcontract" and outside is not None and move.before > 0:
        outside = replace(outside, limit=scaled(outside.limit, inputs.families.names))
    else:
        return None
    return replace(inputs, capacity=capacity, materials=materials, subcontract=outside)
