"""Launches and initiatives on one time line: as agreed at first, as done, and as now expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sop.core.calendar import shift_month
from sop.core.inputs import Gate, Inputs
from sop.core.register import Assumptions
from sop.review.exceptions import months_late


@dataclass(frozen=True)
class Strand:
    """One launch or initiative; months as text, none earlier than is drawn.

    `late`: its slip in months, negative when early. `slip_cost`: EBIT (minor units) that the slip costs in the
    next twelve months, None where it does not slip.
    """

    name: str
    baseline_start: str
    baseline_end: str
    start: str
    forecast_end: str
    late: int
    slip_cost: int | None


SHOWN_BACK = 6
"""Months before the first open one from which time lines are drawn."""


def build_strands(inputs: Inputs, assumptions: Assumptions, slips: Mapping[str, int]) -> tuple[Strand, ...]:
    """Everything that is not finished yet, launches first; what has no gate or milestone has no time line."""
    launches = [(f"Launch: {x.name}", x.name, "launch_slip_months", x.gates) for x in inputs.launches or ()]
    initiatives = [(x.name, x.name, "initiative_slip_months", x.milestones) for x in inputs.initiatives or ()]
    return tuple(
        _strand(inputs, title, gates, months_late(gates, assumptions, key, name), slips.get(name))
        for title, name, key, gates in (*launches, *initiatives)
        if any(gate.actual is None for gate in gates)
    )


def _strand(inputs: Inputs, title: str, gates: Sequence[Gate], late: int, cost: int | None) -> Strand:
    begun = [gate.forecast if gate.actual is None else gate.actual for gate in gates]
    last = max(gates, key=lambda gate: (gate.forecast, gate.baseline))

    def month(position: int) -> str:
        return shift_month(inputs.calendar.first_open, max(position, -SHOWN_BACK))

    return Strand(
        name=title,
        baseline_start=month(min(gate.baseline for gate in gates)),
        baseline_end=month(last.baseline),
        start=month(min(begun)),
        forecast_end=month(last.baseline + late),
        late=late,
        slip_cost=cost if late > 0 else None,
    )
