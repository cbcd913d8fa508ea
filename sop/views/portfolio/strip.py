"""Launches and initiatives on one time line: as agreed at first, as done, and as now expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sop.analysis.decisions.health import State, health_of, launch_slip
from sop.core.calendar import shift_period
from sop.core.inputs import Gate, Inputs
from sop.core.register import Assumptions

Kind = Literal["Launch", "Initiative"]


@dataclass(frozen=True)
class Strand:
    """One launch or initiative; months as text, none earlier than is drawn.

    `late`: its slip in months, negative when early. `slip_cost`: EBIT (minor units) that the slip costs in the
    next twelve months, None where it does not slip. `state`: the health of an initiative by its rule.
    """

    kind: Kind
    name: str
    baseline_start: str
    baseline_end: str
    start: str
    forecast_end: str
    late: int
    slip_cost: int | None
    state: State | None = None


SHOWN_BACK = 6
"""Months before the first open one from which time lines are drawn."""


def build_strands(inputs: Inputs, assumptions: Assumptions, slips: Mapping[str, int]) -> tuple[Strand, ...]:
    """Everything that is not finished yet, launches first; what has no gate or milestone has no time line."""
    found = [
        _strand(inputs, "Launch", x.name, x.gates, launch_slip(x, assumptions), slips.get(x.name))
        for x in inputs.launches or ()
        if _is_open(x.gates)
    ]
    for item in inputs.initiatives or ():
        if _is_open(item.milestones):
            health = health_of(item, assumptions, inputs.calendar)
            strand = _strand(
                inputs, "Initiative", item.name, item.milestones, health.slip_months, slips.get(item.name)
            )
            found.append(replace(strand, state=health.state))
    return tuple(found)


def _is_open(gates: Sequence[Gate]) -> bool:
    return any(gate.actual is None for gate in gates)


def _strand(inputs: Inputs, kind: Kind, name: str, gates: Sequence[Gate], late: int, cost: int | None) -> Strand:
    begun = [gate.forecast if gate.actual is None else gate.actual for gate in gates]
    end = max(gate.baseline for gate in gates)

    def month(position: int) -> str:
        return shift_period(inputs.calendar.first_open, max(position, -SHOWN_BACK))

    return Strand(
        kind=kind,
        name=name,
        baseline_start=month(min(gate.baseline for gate in gates)),
        baseline_end=month(end),
        start=month(min(begun)),
        forecast_end=month(end + late),
        late=late,
        slip_cost=cost if late > 0 else None,
    )
