"""Gates and milestones in words and dates: what is done, what comes next, and how late it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sop.core.calendar import shift_month
from sop.core.inputs import Gate


@dataclass(frozen=True)
class Span:
    """One launch or initiative on the strip, months: as first agreed, and where it really runs."""

    name: str
    baseline_start: str
    baseline_end: str
    start: str
    forecast_end: str
    slip_months: int


def span_of(name: str, gates: Sequence[Gate], first_open: str, more_slip: int = 0) -> Span | None:
    """From the first gate to the last; `more_slip` months are what the plan adds. None without gates."""
    if not gates:
        return None
    last = max(gates, key=lambda gate: (gate.forecast, gate.baseline))
    first = min(gates, key=lambda gate: gate.baseline)
    end = expected(last) + (0 if last.actual is not None else more_slip)
    return Span(
        name,
        shift_month(first_open, min(gate.baseline for gate in gates)),
        shift_month(first_open, last.baseline),
        shift_month(first_open, expected(first)),
        shift_month(first_open, end),
        end - last.baseline,
    )


def expected(gate: Gate) -> int:
    """When a gate was or is expected to be passed, months from the first open one."""
    return gate.forecast if gate.actual is None else gate.actual


def next_gate(gates: Sequence[Gate]) -> Gate | None:
    """The first gate that is still open."""
    waiting = [gate for gate in gates if gate.actual is None]
    return min(waiting, key=lambda gate: gate.forecast) if waiting else None


def passed(gates: Sequence[Gate]) -> str:
    """'2 of 4 passed'."""
    return f"{sum(gate.actual is not None for gate in gates)} of {len(gates)} passed"


def slip_text(months: int) -> str:
    """A slip against the baseline in words: '+3 months', 'on date', '−1 month'."""
    if not months:
        return "on date"
    return f"{'+' if months > 0 else '−'}{abs(months)} {'month' if abs(months) == 1 else 'months'}"
