"""Findings about limits by month: those that end before the horizon does, and resources without any."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, worded
from sop.core.findings import Finding
from sop.intake.blocks.frames import Frames, numbers, texts

CARRIED_ON = {
    "capacity": ("resource", "capacity_hours", "the hours"),
    "workforce": ("plant", "people", "the people"),
    "material_supply": ("material", "quantity", "the supply"),
    "calendar": ("plant", "working_days", "the working days"),
}
"""Tables that state a limit by month: whose, in which column, and what it is in a sentence."""


def check_limits_ahead(frames: Frames, calendar: Calendar) -> list[Finding]:
    """Every finding about limits that the tables do not state for all planned months."""
    return [*_carried_on(frames, calendar), *_no_hours(frames, calendar)]


def _carried_on(frames: Frames, calendar: Calendar) -> Iterator[Finding]:
    """Limits that are stated for some planned months and carried on after them."""
    for table, (key, column, what) in CARRIED_ON.items():
        last = {name: month for name, month in _last_months(frames, table, key, column).items()
                if calendar.months[0] <= month < calendar.months[-1]}  # fmt: skip
        for month in sorted(set(last.values())):
            names = ", ".join(sorted(name for name, end in last.items() if end == month))
            said = worded(
                f"{what} of {names} stated to {month} carry on after it: as a year before, else as the last month"
            )
            yield Finding("warning", "carried_on", said, f"Import {table} to {calendar.months[-1]}", table)


def _no_hours(frames: Frames, calendar: Calendar) -> Iterator[Finding]:
    """Resources of which no planned month is stated."""
    if "capacity" not in frames or "resources" not in frames:
        return
    last = _last_months(frames, "capacity", "resource", "capacity_hours")
    for name in sorted(set(texts(frames["resources"], "resource"))):
        if last.get(name, "") < calendar.months[0]:
            said = worded(f"no hours of {name} are stated for any planned month, so nothing is made on it")
            yield Finding("warning", "no_hours", said, "Import its hours", "capacity", value=name)


def _last_months(frames: Frames, table: str, key: str, column: str) -> dict[str, str]:
    """The last month that a table states, by name."""
    frame = frames.get(table, pd.DataFrame())
    frame = frame[np.isfinite(numbers(frame, column))]
    last: dict[str, str] = {}
    for name, month in zip(texts(frame, key), texts(frame, "month"), strict=True):
        last[name] = max(month, last.get(name, ""))
    return last
