"""The health of strategic initiatives, by rule and never by mood: slip, order of milestones, money, progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sop.core.calendar import Calendar, period_name, shift_period, worded
from sop.core.format import how_many, percent
from sop.core.inputs import Gate, Initiative, Inputs, Launch
from sop.core.register import Assumptions

State = Literal["done", "on track", "at risk", "late", "stopped"]

LATE_MONTHS = 2
"""Months behind the baseline from which an initiative is late; fewer put it at risk."""

AHEAD_PCT = 0.25
"""Share of the budget by which spending may run ahead of the milestones that are done."""


@dataclass(frozen=True)
class Health:
    """State of an initiative with the reasons for it, worst first.

    `slip_months`: the last milestone against its baseline, with the owner's own slip. `progress` and
    `spent_share`: milestones done and budget spent, as fractions; None without milestones or budget.
    """

    initiative: str
    state: State
    reasons: tuple[str, ...]
    slip_months: int
    progress: float | None
    spent_share: float | None


def initiative_slip(item: Initiative, assumptions: Assumptions) -> int:
    """Months by which an initiative's end is behind its baseline; the owner's slip moves only what is open.

    The end is the last milestone as now expected, against the last one as agreed at first.
    """
    added = item.slip(assumptions.value("initiative_slip_months", item.name))
    if not item.milestones:
        return added
    end = max(_when(gate) + (added if gate.actual is None else 0) for gate in item.milestones)
    return end - max(gate.baseline for gate in item.milestones)


def launch_slip(launch: Launch, assumptions: Assumptions) -> int:
    """Months by which a launch's last gate is behind its baseline, with the owner's own slip; 0 without one."""
    gate = launch.market_gate
    if gate is None:
        return 0
    added = 0 if gate.actual is not None else launch.slip(assumptions.value("launch_slip_months", launch.name))
    return gate.slip_months + added


def initiative_health(inputs: Inputs, assumptions: Assumptions) -> tuple[Health, ...]:
    """The health of every initiative, in the order of the table."""
    return tuple(health_of(item, assumptions, inputs.calendar) for item in inputs.initiatives or ())


def health_of(item: Initiative, assumptions: Assumptions, calendar: Calendar) -> Health:
    """One initiative's health.

    Stopped at a confidence of zero; done when every milestone is. Late: a milestone's month has passed, or the
    last is LATE_MONTHS behind its baseline. At risk: any slip, milestones out of order, more spent than budgeted
    or AHEAD_PCT more than the milestones done. Else on track.
    """
    slip = initiative_slip(item, assumptions)
    done = [gate for gate in item.milestones if gate.actual is not None]
    progress = len(done) / len(item.milestones) if item.milestones else None
    share = item.spent / item.budget if item.budget > 0 else None
    long = round(calendar.in_periods(LATE_MONTHS))
    late = tuple(_late(item.milestones, slip, long, calendar))
    risks = tuple(_risks(item, slip, long, progress, share))
    state: State = "late" if late else "at risk" if risks else "on track"
    if assumptions.value("initiative_confidence", item.name, item.confidence) <= 0:
        state = "stopped"
    elif progress == 1.0:
        state = "done"
    return Health(item.name, state, (*late, *risks), slip, progress, share)


def _late(milestones: Sequence[Gate], slip: int, long: int, calendar: Calendar) -> Iterator[str]:
    for gate in milestones:
        if gate.actual is None and gate.forecast < 0:
            month = period_name(shift_period(calendar.first_open, gate.forecast))
            yield f"{gate.name} was expected in {month} and is not done"
    if slip >= long:
        yield worded(f"{how_many(slip, 'months')} behind its baseline", counted=True)


def _risks(item: Initiative, slip: int, long: int, progress: float | None, share: float | None) -> Iterator[str]:
    if 0 < slip < long:
        yield worded(f"{slip} month{'s' * (slip > 1)} behind its baseline", counted=True)
    yield from broken_order(item.milestones)
    if share is None:
        if item.spent > 0:
            yield "money is spent without a budget"
    elif share > 1:
        yield f"{percent(share)} of the budget is spent"
    elif progress is not None and share - progress > AHEAD_PCT:
        yield f"{percent(share)} of the budget is spent, {percent(progress)} of the milestones are done"


def broken_order(milestones: Sequence[Gate]) -> Iterator[str]:
    """Milestones that come before the one that must come first."""
    by_name = {gate.name: gate for gate in milestones}
    for gate in milestones:
        first = by_name.get(gate.after)
        if first is None:
            continue
        if gate.actual is not None and first.actual is None:
            yield f"{gate.name} is done before {first.name}"
        elif _when(gate) < _when(first):
            yield f"{gate.name} comes before {first.name}"


def _when(gate: Gate) -> int:
    return gate.forecast if gate.actual is None else gate.actual
