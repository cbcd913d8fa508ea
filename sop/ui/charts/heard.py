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
    >>> course_text("Past due", ["Jan 27", "Feb 27"], [0, 0], "units")
    'Past due: 0 units from Jan 27 to Feb 27.'
    >>> course_text("Past due", ["Jan 27"], [None])
    'Past due: not known.'
    """
    known = [(value, label) for value, label in zip(values, labels, strict=True) if value is not None]
    if not known:
        return f"{name}: not known."
    figures = [say(value, decimals) + f" {unit}" * bool(unit) for value, _ in known]
    if len(set(figures)) == 1:
        first, last = known[0][1], known[-1][1]
        return f"{name}: {figures[0]} {f'in {first}' if first == last else f'from {first} to {last}'}."
    ends = (key(range(len(known)), key=lambda at: known[at][0]) for key in (min, max))
    low, high, last = (f"{figures[at]} in {known[at][1]}" for at in (*ends, -1))
    return f"{name}: from {low} to {high}; {last}."
