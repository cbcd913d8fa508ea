"""A launch's gate and an initiative's fate as moves: go, slip, stop, priced by planning again like every other;
and by the same table of three what can be done about the outside.

What stops spends nothing more. What slips keeps its spend until its new end. Going for certain takes the chance
out of a launch. None of them costs anything beside what the plan made again with it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from sop.analysis.decisions.lever_terms import LeverTerms
from sop.analysis.decisions.outside import propose_outside
from sop.analysis.decisions.proposals import Move
from sop.core.calendar import shift_period, worded
from sop.core.format import how_many
from sop.core.inputs import Gate, Inputs
from sop.core.register import Assumptions, assumption
from sop.portfolio.effects import planned_confidence
from sop.portfolio.launch_volumes import is_launched, launch_probability

SLIP_MONTHS = 3
"""Months by which a gate that is not passed is put off."""

Fated = Literal["launch", "initiative", "outside"]
KIND = "fate"


def propose_fates(inputs: Inputs, assumptions: Assumptions, of: Fated) -> tuple[Move, ...]:
    """Go, slip and stop for launches or initiatives with a gate to pass; what can be done about the outside."""
    match of:
        case "launch":
            return tuple(_launches(inputs, assumptions))
        case "initiative":
            return tuple(_initiatives(inputs, assumptions))
        case "outside":
            return propose_outside(inputs, assumptions)


def _launches(inputs: Inputs, assumptions: Assumptions) -> Iterator[Move]:
    for launch in inputs.launches or ():
        need = _next_gate(inputs, launch.gates)
        if need is None or is_launched(launch):
            continue
        chance, name = launch_probability(launch, assumptions), launch.name
        if 0 < chance < 1:
            yield _move(name, "launch_probability", chance, 1.0, f"Go: launch {name} for certain", need)
        yield from _slip(assumptions, "launch_slip_months", name, need)
        if chance > 0:
            yield _move(name, "launch_probability", chance, 0.0, f"Stop {name}", need)


def _initiatives(inputs: Inputs, assumptions: Assumptions) -> Iterator[Move]:
    for item in inputs.initiatives or ():
        need, share = _next_gate(inputs, item.milestones), planned_confidence(item, assumptions)
        if need is None or share <= 0:
            continue
        yield from _slip(assumptions, "initiative_slip_months", item.name, need)
        yield _move(item.name, "initiative_confidence", share, 0.0, f"Stop {item.name}", need)


def _slip(assumptions: Assumptions, key: str, name: str, need: str) -> Iterator[Move]:
    before = assumptions.value(key, name)
    value = min(before + SLIP_MONTHS, assumption(key).high)
    if value > before:
        yield _move(
            name,
            key,
            before,
            value,
            worded(f"Let {name} slip by {how_many(f'{value - before:.0f}', 'months')}"),
            need,
        )


def _next_gate(inputs: Inputs, gates: Sequence[Gate]) -> str | None:
    """The month of the next gate that is not passed, the first open one where it is overdue or there are no gates
    at all; None where every gate is passed."""
    if not gates:
        return inputs.calendar.first_open
    ahead = [gate.forecast for gate in gates if gate.actual is None]
    return None if not ahead else shift_period(inputs.calendar.first_open, max(round(min(ahead)), 0))


def _move(name: str, key: str, before: float, value: float, title: str, need: str) -> Move:
    owner = assumption(key).owner.title
    return Move(KIND, name, key, name, before, value, title, need, LeverTerms(allowed_by=owner), owner)
