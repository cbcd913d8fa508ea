"""Periods and the rolling horizon: the only file that knows what a month is.

A period is text that says what it is: `2026-12` a month, `2026-Q4` a quarter. Everything else counts periods and
asks here how many of them make a year, how many days one has, what it is called, and which one a day falls in.
A further bucket is a further row of `BUCKETS`.

>>> shift_period("2026-12", 2), shift_period("2026-Q4", 1)
('2027-02', '2027-Q1')
>>> periods_apart("2026-12", "2027-02")
2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache

from sop.core.errors import BadInput

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_A_YEAR = len(MONTH_NAMES)
DAYS_A_YEAR = 365.25
"""Days of the mean year, for lead times and rates that are not tied to a calendar period."""


@dataclass(frozen=True)
class Bucket:
    """One length of period: every row of `BUCKETS` is one, and nothing else tells months from quarters.

    `pattern` reads its text, `form` writes it; `a_year`: periods in a year; `title`: what one is called.
    """

    key: str
    pattern: re.Pattern[str]
    form: str
    a_year: int
    title: str

    @property
    def months(self) -> int:
        """Calendar months in one period."""
        return MONTHS_A_YEAR // self.a_year

    @property
    def mean_days(self) -> float:
        """Days of the mean period."""
        return DAYS_A_YEAR / self.a_year

    def text(self, index: int) -> str:
        """The period's text from its number."""
        return self.form.format(year=index // self.a_year, number=index % self.a_year + 1)

    def number_of(self, period: str) -> int:
        """The number of a period of this bucket."""
        return _place(period, self)

    def first_day(self, index: int) -> date:
        """The day on which the period begins."""
        return date(index // self.a_year, index % self.a_year * self.months + 1, 1)

    def index_of(self, day: date) -> int:
        """The number of the period that holds a day."""
        return day.year * self.a_year + (day.month - 1) // self.months


BUCKETS = (
    Bucket("month", re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$"), "{year:04d}-{number:02d}", 12, "{month} {year}"),
    Bucket("quarter", re.compile(r"^(\d{4})-Q([1-4])$"), "{year:04d}-Q{number}", 4, "Q{number} {year}"),
)  # fmt: skip
MONTH = BUCKETS[0]


@lru_cache(maxsize=4096)
def _read(period: str) -> tuple[Bucket, int] | None:
    """A period's bucket and its number, year × periods a year + place in the year; None for other text."""
    for bucket in BUCKETS:
        if match := bucket.pattern.match(period):
            return bucket, int(match[1]) * bucket.a_year + int(match[2]) - 1
    return None


def _known(period: str) -> tuple[Bucket, int]:
    found = _read(period) if isinstance(period, str) else None
    if found is None:
        raise BadInput(f"'{period}' is not a month", remedy="Write months as YYYY-MM, for example 2026-12")
    return found


# -- one period


def is_period(text: object, bucket: Bucket | None = None) -> bool:
    """Whether `text` is a period such as 2026-12, of a bucket where one is asked for."""
    found = _read(text) if isinstance(text, str) else None
    return found is not None and bucket in (None, found[0])


def require_period(text: str) -> str:
    """The text, which is a period. Raises BadInput."""
    _known(text)
    return text


def bucket_of(period: str) -> Bucket:
    """What length of period this is. Raises BadInput on anything else."""
    return _known(period)[0]


def shift_period(period: str, by: int) -> str:
    """The period `by` later (earlier when negative)."""
    bucket, index = _known(period)
    return bucket.text(index + by)


def periods_apart(first: str, last: str) -> int:
    """Periods from `first` to `last`; negative when `last` is earlier."""
    bucket, index = _known(first)
    return _place(last, bucket) - index


def periods_between(first: str, last: str) -> tuple[str, ...]:
    """All periods from `first` to `last`, both included; empty when last is before first."""
    return tuple(shift_period(first, by) for by in range(periods_apart(first, last) + 1))


def year_before(period: str) -> str:
    """The same period of the year before."""
    return shift_period(period, -bucket_of(period).a_year)


def days_in(period: str) -> int:
    """Calendar days of a period."""
    bucket, index = _known(period)
    return (bucket.first_day(index + 1) - bucket.first_day(index)).days


def first_day(period: str) -> date:
    """The day on which a period begins."""
    bucket, index = _known(period)
    return bucket.first_day(index)


def day_of(period: str, number: int) -> date:
    """The day of that number within a period, 1 its first."""
    return first_day(period) + timedelta(days=number - 1)


def shift_day(day: str, by: int) -> str:
    """The day (`YYYY-MM-DD`) of that number `by` months later, the last one of a month that is shorter."""
    month = shift_period(day[:7], by)
    return day_of(month, min(int(day[8:]), days_in(month))).isoformat()


def period_of(day: date, bucket: Bucket = MONTH) -> str:
    """The period in which a day lies."""
    return bucket.text(bucket.index_of(day))


def year_of(period: str) -> int:
    """The calendar year in which a period begins."""
    return first_day(period).year


def place_in_year(period: str) -> int:
    """How many periods of its calendar year come before it: 0 for January, 11 for December."""
    bucket, index = _known(period)
    return index % bucket.a_year


def period_name(period: str) -> str:
    """A period in words: '2026-12' → 'Dec 2026', '2026-Q4' → 'Q4 2026'."""
    bucket, index = _known(period)
    year, place = divmod(index, bucket.a_year)
    return bucket.title.format(month=MONTH_NAMES[place * bucket.months], number=place + 1, year=year)


def period_short(period: str) -> str:
    """A period in few letters: '2026-12' → 'Dec 26'."""
    name, year = period_name(period).rsplit(" ", 1)
    return f"{name} {int(year) % 100:02d}"


def _place(period: str, bucket: Bucket) -> int:
    """A period's number in another bucket: the one in which it begins."""
    own, index = _known(period)
    return index if own is bucket else bucket.index_of(own.first_day(index))


def span_text(periods: int, a_year: int) -> str:
    """How long some periods are, with so many `a_year`, in months.

    >>> span_text(12, 12), span_text(3, 4), span_text(1, 12)
    ('12 months', '9 months', '1 month')
    """
    months = periods * MONTHS_A_YEAR // a_year
    return f"{months} month" + ("" if months == 1 else "s")


# -- the horizon


@dataclass(frozen=True)
class Calendar:
    """The rolling horizon of one cycle, in periods of one length.

    `first_open`: first period that is planned; everything before is closed history. Its text says the bucket.
    `horizon`: planned periods. `season_length`: periods in a season, a year where none is given.
    `frozen`, `slushy`: time fences in periods from the first open one (slushy counted from the start too).
    `fiscal_start`: first month number (1–12) of the fiscal year.
    """

    first_open: str
    horizon: int = 24
    season_length: int = 0
    frozen: int = 1
    slushy: int = 3
    fiscal_start: int = 1
    bucket: Bucket = field(init=False, repr=False, compare=False, default=MONTH)
    _first: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        bucket, first = _known(self.first_open)
        object.__setattr__(self, "bucket", bucket)
        object.__setattr__(self, "_first", first)
        if not self.season_length:
            object.__setattr__(self, "season_length", bucket.a_year)
        if not 1 <= self.horizon <= 60:
            raise BadInput(f"a horizon of {self.horizon} months", remedy="Choose between 1 and 60 months")

    @property
    def year(self) -> int:
        """Periods in twelve months: the span of the headlines, and what yearly rates are divided by."""
        return self.bucket.a_year

    @property
    def near_text(self) -> str:
        """The span of the headlines in words: '12 months', or all that is planned where that is less."""
        return span_text(min(self.horizon, self.year), self.year)

    @property
    def year_before_text(self) -> str:
        """What the months a year before that span are called."""
        return "last 12 months" if self.horizon >= self.year else "same months a year before"

    @property
    def quarter(self) -> int:
        """Whole periods in three months, one at least: the short horizon, and what stock targets look ahead."""
        return max(self.year // 4, 1)

    @property
    def mean_days(self) -> float:
        """Days of the mean period: what turns days of lead time into periods."""
        return self.bucket.mean_days

    def in_periods(self, months: float) -> float:
        """A duration in months as periods."""
        return months * (self.bucket.a_year / MONTHS_A_YEAR)

    @property
    def last_closed(self) -> str:
        """The period before the first open one."""
        return self.at(-1)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The planned periods, in order."""
        return tuple(self.at(t) for t in range(self.horizon))

    def at(self, position: int) -> str:
        """The period at a position: 0 is the first planned one, negative is history."""
        return self.bucket.text(self._first + position)

    def position(self, period: str) -> int:
        """Periods from the first open one; a period of another length counts where it begins."""
        return _place(period, self.bucket) - self._first

    def history(self, count: int) -> tuple[str, ...]:
        """The last `count` closed periods, oldest first."""
        return tuple(self.at(i - count) for i in range(count))

    @cached_property
    def days(self) -> tuple[int, ...]:
        """Calendar days of each planned period."""
        return tuple(days_in(period) for period in self.months)

    def fence(self, period: str) -> str:
        """The time fence in which a planned period lies: frozen, slushy or liquid."""
        position = self.position(period)
        if position < self.frozen:
            return "frozen"
        return "slushy" if position < self.slushy else "liquid"

    def fiscal_year(self, period: str) -> tuple[str, ...]:
        """The periods of the fiscal year that holds `period`."""
        before = (place_in_year(period) - self._fiscal_place) % self.year
        return tuple(shift_period(period, place - before) for place in range(self.year))

    def groups(self, periods: Iterable[str], size: int) -> list[tuple[str, ...]]:
        """Periods in runs of `size` counted from the fiscal year's start; the first and last may be in part."""
        found: dict[int, list[str]] = {}
        for period in periods:
            found.setdefault((_place(period, self.bucket) - self._fiscal_place) // size, []).append(period)
        return [tuple(group) for group in found.values()]

    @property
    def _fiscal_place(self) -> int:
        """The place in the calendar year at which the fiscal year begins."""
        return (self.fiscal_start - 1) // self.bucket.months


def days_of(periods: Sequence[str]) -> list[int]:
    """Calendar days of each of some periods."""
    return [days_in(period) for period in periods]
