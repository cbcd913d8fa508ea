"""Which columns a sheet of periods has: the near ones one by one, months after short ones, then quarters.

Sheets and tables by period share this, so that a company sets once how much it sees one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sop.core.calendar import MONTH, bucket_of, period_in, period_short

QUARTERS_A_YEAR = 4
"""The next twelve months are shown one by one, and in quarters after them."""

MOST_SINGLE = 13
"""More periods in a year than these are shown one by one for a quarter only, then by month."""


@dataclass(frozen=True)
class Telescope:
    """Periods, `past` of them closed, in columns that hold one or several each.

    `single`: planned periods that have a column of their own, as the company set it; 0 as the calendar has it.
    """

    months: tuple[str, ...]
    past: int
    single: int = field(default=0, kw_only=True)

    @property
    def _is_fine(self) -> bool:
        """Whether months stand between single periods and quarters."""
        return bucket_of(self.months[0]).a_year > MOST_SINGLE

    @property
    def monthly(self) -> slice:
        """Periods that have a column of their own: twelve months, or a quarter where periods are shorter, unless
        the company set it otherwise."""
        usual = bucket_of(self.months[0]).a_year // (QUARTERS_A_YEAR if self._is_fine else 1)
        return slice(0, min(self.past + (self.single or usual), len(self.months)))

    @property
    def by_month(self) -> tuple[slice, ...]:
        """The months, each the periods that have most of it, between single periods and quarters; mostly none."""
        found: list[slice] = []
        for at in range(self.monthly.stop, self.year.stop if self._is_fine else 0):
            month = period_in(self.months[at], MONTH)
            if found and period_in(self.months[found[-1].start], MONTH) == month:
                found[-1] = slice(found[-1].start, at + 1)
            else:
                found.append(slice(at, at + 1))
        return tuple(found)

    @property
    def quarters(self) -> tuple[slice, ...]:
        """Three months each, from where months end to the horizon; the last may be shorter."""
        start = max(self.monthly.stop, self.year.stop if self._is_fine else 0)
        end, step = len(self.months), max(bucket_of(self.months[0]).a_year // QUARTERS_A_YEAR, 1)
        return tuple(slice(at, min(at + step, end)) for at in range(start, end, step))

    @property
    def summed(self) -> tuple[slice, ...]:
        """Columns of several periods after the single ones: months, then quarters."""
        return (*self.by_month, *self.quarters)

    @property
    def spans(self) -> tuple[slice, ...]:
        """The periods of every column."""
        return (*(slice(at, at + 1) for at in range(self.monthly.stop)), *self.summed)

    @property
    def year(self) -> slice:
        """The next twelve months."""
        return slice(self.past, min(self.past + bucket_of(self.months[0]).a_year, len(self.months)))

    @property
    def titles(self) -> tuple[str, ...]:
        """What each column is headed: its period, its month, or the first and last period of its quarter."""
        single = [period_short(month) for month in self.months[self.monthly]]
        by_month = [period_short(period_in(self.months[span.start], MONTH)) for span in self.by_month]
        return (*single, *by_month, *(span_name(self.months[span]) for span in self.quarters))


def span_name(months: Sequence[str]) -> str:
    """Several months in a header: 'Dec–Feb 28'."""
    first, last = period_short(months[0]), period_short(months[-1])
    return last if len(months) == 1 else f"{first[:3]}–{last}"
