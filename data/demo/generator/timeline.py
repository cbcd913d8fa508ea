"""The demo's time axis: whole months counted from the first open month, which is position 0.

All arrays of the demo share one last axis, from `FIRST` to `LAST`; `NOW` is the axis index of position 0. Facts
reach to `END`: the story goes on behind the first open month, for a company whose months are closed and rolled
forward. The warm-up months before the history let stocks settle and are never shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import MONTH, days_in, first_day, periods_apart, place_in_year, shift_period, year_of

HISTORY = 48
"""Closed months that the company shows."""

WARM_UP = 6
"""Months before the history in which stocks settle."""

STORY = 24
"""Months from the first open one on whose facts can be told as they are closed."""

PLANNED = 40
"""Months after a vantage for which plans, calendars and budgets are known."""

FIRST, LAST = -HISTORY - WARM_UP, STORY + PLANNED
NOW = -FIRST
END = NOW + STORY
DRAWN = NOW + PLANNED + 1
"""Months of noise. A longer axis must not change it: a month's noise depends on how many are drawn."""

POSITIONS = np.arange(FIRST, LAST + 1)
"""Months from the first open one, for every index of the time axis."""

YEARS = POSITIONS / MONTH.a_year
"""The same in years."""


@dataclass(frozen=True)
class Timeline:
    """The time axis of a company whose first open month is `first_open` (`YYYY-MM`)."""

    first_open: str

    def month(self, position: int) -> str:
        """The month's text at a position."""
        return shift_period(self.first_open, position)

    def position(self, month: str) -> int:
        """Months from the first open one; negative in history."""
        return periods_apart(self.first_open, month)

    def index(self, position: int) -> int:
        """The axis index of a position."""
        return position - FIRST

    @property
    def months(self) -> NDArray[np.object_]:
        """The month texts of the whole axis."""
        return np.array([self.month(int(p)) for p in POSITIONS], dtype=object)

    @property
    def calendar_month(self) -> NDArray[np.intp]:
        """0 for January … 11 for December, for every index of the axis."""
        return np.array([place_in_year(str(month)) for month in self.months], dtype=np.intp)

    @property
    def years_from_now(self) -> NDArray[np.int64]:
        """Calendar years from the year of the first open month, for every index of the axis."""
        return np.array([year_of(str(month)) for month in self.months]) - year_of(self.first_open)

    def weekdays(self) -> NDArray[np.int64]:
        """Mondays to Fridays in every month of the axis."""
        return np.array([_weekdays(str(month)) for month in self.months])


def _weekdays(month: str) -> int:
    first = first_day(month).weekday()
    return sum((first + day) % 7 < 5 for day in range(days_in(month)))
