"""What a chart says to whoever hears it: its figures, not only what it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sop.core.format import Number, number


def course_text(
    name: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    unit: str = "",
    decimals: int = 0,
    say: Callable[[Number, int], str] = number,
) -> str:
    """The course of a line: its lowest and highest figure, each with its time, and its last.

    >>> course_text("Days of supply", ["Jan 27", "Feb 27", "Mar 27"], [38, 42, 40], "days")
    'Days of supply: from 38 days in Jan 27 to 42 days in Feb 27; 40 days in Mar 27.'
    >>> course_text("Past due", ["Jan 27"], [None])
    'Past due: not known.'
    """
    known = [(value, label) for value, label in zip(values, labels, strict=True) if value is not None]
    if not known:
        return f"{name}: not known."
    told = [
        f"{say(value, decimals)}{f' {unit}' * bool(unit)} in {label}"
        for value, label in (min(known, key=_value), max(known, key=_value), known[-1])
    ]
    if len(known) == 1:
        return f"{name}: {told[0]}."
    return f"{name}: from {told[0]} to {told[1]}; {told[2]}."


def _value(point: tuple[float, str]) -> float:
    return point[0]
