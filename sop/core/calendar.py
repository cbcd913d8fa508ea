"""Months and the rolling horizon.

A month is text `YYYY-MM` at the edges and a whole number (year × 12 + month − 1) inside, so that distances
are subtractions. Season length, horizon and time fences come from the calendar, never from a literal 12.

>>> month_text(month_index("2026-12") + 2)
'2027-02'
"""

from __future__ import annotations

import calendar as _days
import re
from dataclasses import dataclass, field
from functools import cached_property

from sop.core.errors import BadInput

DAYS_PER_MONTH = 365.25 / 12
"""Days of the mean month, for lead times and rates that are not tied to a calendar month."""

_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


def is_month(text: object) -> bool:
    """Whether `text` is an ISO month such as 2026-12."""
    return isinstance(text, str) and bool(_MONTH.match(text))


def month_index(text: str) -> int:
    """The month's number (year × 12 + month − 1). Raises BadInput on anything but `YYYY-MM`."""
    match = _MONTH.match(text) if isinstance(text, str) else None
    if not match:
        raise BadInput(f"'{text}' is not a month", remedy="Write months as YYYY-MM, for example 2026-12")
    return int(match[1]) * 12 + int(match[2]) - 1


def month_text(index: int) -> str:
    """The month's text `YYYY-MM` from its number."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def shift_month(text: str, months: int) -> str:
    """The month `months` later (earlier when negative)."""
    return month_text(month_index(text) + months)


def months_between(first: str, last: str) -> tuple[str, ...]:
    """All months from `first` to `last`, both included; empty when last is before first."""
    return tuple(month_text(i) for i in range(month_index(first), month_index(last) + 1))


def days_in_month(text: str) -> int:
    """Calendar days of a month."""
    index = month_index(text)
    return _days.monthrange(index // 12, index % 12 + 1)[1]


@dataclass(frozen=True)
class Calendar:
    """The rolling horizon of one cycle.

    `first_open`: first month that is planned; everything before is closed history.
    `horizon`: planned months. `season_length`: months in a season.
    `frozen`, `slushy`: time fences in months from the first open month (slushy counted from the start too).
    `fiscal_start`: first month number (1–12) of the fiscal year.
    """

    first_open: str
    horizon: int = 24
    season_length: int = 12
    frozen: int = 1
    slushy: int = 3
    fiscal_start: int = 1
    _first: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_first", month_index(self.first_open))
        if not 1 <= self.horizon <= 60:
            raise BadInput(f"a horizon of {self.horizon} months", remedy="Choose between 1 and 60 months")

    @property
    def last_closed(self) -> str:
        """The month before the first open one."""
        return month_text(self._first - 1)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The planned months, in order."""
        return tuple(month_text(self._first + t) for t in range(self.horizon))

    def position(self, month: str) -> int:
        """Periods from the first open month: 0 is the first planned month, negative is history."""
        return month_index(month) - self._first

    def history(self, count: int) -> tuple[str, ...]:
        """The last `count` closed months, oldest first."""
        return tuple(month_text(self._first - count + i) for i in range(count))

    @cached_property
    def days(self) -> tuple[int, ...]:
        """Calendar days of each planned month."""
        return tuple(days_in_month(month) for month in self.months)

    def fence(self, month: str) -> str:
        """The time fence in which a planned month lies: frozen, slushy or liquid."""
        position = self.position(month)
        if position < self.frozen:
            return "frozen"
        return "slushy" if position < self.slushy else "liquid"

    def fiscal_year(self, month: str) -> tuple[str, ...]:
        """The twelve months of the fiscal year that holds `month`."""
        index = month_index(month)
        start = index - (index - (self.fiscal_start - 1)) % 12
        return tuple(month_text(start + i) for i in range(12))
