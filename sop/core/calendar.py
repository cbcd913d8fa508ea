"""Periods and the rolling horizon: the only file that knows what a month is.

A period is text that says what it is: `2026-12` a month, `2026-W27` a week, `2026-P07` a period of a 4-4-5 year,
`2026-Q4` a quarter. Everything else counts periods and asks here how many of them make a year, how many days one
has, what it is called, and which one a day falls in. A further bucket is a further row of `BUCKETS`.

Weeks are those of ISO 8601: from Monday to Sunday, the first of a year holds its fourth of January. A year of
4-4-5 periods is made of such weeks and begins on the Monday nearest to the first of a month; a 53rd week belongs
to its last period. The plain text is of a 4-4-5 year from January; another says so: `2026-P07-454-02` from
February.
>>> shift_period("2026-12", 2), shift_period("2026-Q4", 1), shift_period("2026-W53", 1)
('2027-02', '2027-Q1', '2027-W01')
>>> periods_apart("2026-12", "2027-02"), periods_apart("2026-W51", "2027-W01")
(2, 3)
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from itertools import accumulate

from sop.core.errors import BadInput

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_A_YEAR = len(MONTH_NAMES)
DAYS_A_YEAR = 365.25
"""Days of the mean year, for lead times and rates that are not tied to a calendar period."""
WEEK_DAYS = 7
_SATURDAY = 5
SHORTEST_HORIZON, LONGEST_HORIZON = 3, 104
"""Fewest and most periods that a company plans: three, and two years of weeks."""


@dataclass(frozen=True)
class Bucket(ABC):
    """One length of period: every row of `BUCKETS` is one, and nothing else tells months from quarters.

    `key`: its name among them; `word`: what one is called; `a_year`: periods in twelve months; `example`: one.
    """

    key: str
    word: str
    a_year: int
    example: str

    @property
    def mean_days(self) -> float:
        """Days of the mean period."""
        return DAYS_A_YEAR / self.a_year

    @property
    def a_month(self) -> float:
        """Periods in the mean month."""
        return self.a_year / MONTHS_A_YEAR

    @property
    def plural(self) -> str:
        """What several are called."""
        return f"{self.word}s"

    @property
    def each(self) -> str:
        """What comes with every one is called: 'weekly'."""
        return f"{self.word}ly" if self.word != "period" else "each period"

    @abstractmethod
    def read(self, text: str) -> int | None:
        """The number of the period that is written so; None for text of another bucket."""

    @abstractmethod
    def text(self, index: int) -> str:
        """The period's text from its number."""

    @abstractmethod
    def title(self, index: int) -> tuple[str, int]:
        """What the period is called, and its year."""

    @abstractmethod
    def first_day(self, index: int) -> date:
        """The day on which the period begins."""

    @abstractmethod
    def index_of(self, day: date) -> int:
        """The number of the period that holds a day."""

    @abstractmethod
    def year_start(self, index: int, fiscal_start: int, fiscal_week: int) -> int:
        """The number of the period with which the fiscal year of a period begins: from a month, or an ISO week."""

    def meant(self, text: str) -> str | None:
        """The period that a text means in a company of this bucket, in whatever form; None where it means none."""
        index = self.read(text.strip().upper().replace(" ", "-"))
        return None if index is None else self.text(index)

    def number_of(self, period: str) -> int:
        """The number of a period of this bucket; of another length, of the one in which it begins."""
        return _place(period, self)


@dataclass(frozen=True)
class CalendarBucket(Bucket):
    """Whole calendar months: `mark` stands before the number in the text."""

    mark: str = ""

    @property
    def months(self) -> int:
        """Calendar months in one period."""
        return MONTHS_A_YEAR // self.a_year

    def read(self, text: str) -> int | None:
        digits = 1 if self.mark else 2
        match = re.fullmatch(rf"(\d{{4}})-{self.mark}(\d{{{digits}}})", text, re.ASCII)
        if match is None or not 1 <= int(match[2]) <= self.a_year:
            return None
        return int(match[1]) * self.a_year + int(match[2]) - 1

    def text(self, index: int) -> str:
        year, place = divmod(index, self.a_year)
        return f"{year:04d}-{self.mark}{place + 1}" if self.mark else f"{year:04d}-{place + 1:02d}"

    def title(self, index: int) -> tuple[str, int]:
        year, place = divmod(index, self.a_year)
        return (f"{self.mark}{place + 1}" if self.mark else MONTH_NAMES[place]), year

    def first_day(self, index: int) -> date:
        return date(index // self.a_year, index % self.a_year * self.months + 1, 1)

    def index_of(self, day: date) -> int:
        return day.year * self.a_year + (day.month - 1) // self.months

    def year_start(self, index: int, fiscal_start: int, fiscal_week: int) -> int:
        return index - (index % self.a_year - (fiscal_start - 1) // self.months) % self.a_year


@dataclass(frozen=True)
class WeekBucket(Bucket):
    """ISO weeks, numbered from the first Monday there is."""

    @property
    def mean_days(self) -> float:
        """Days of the mean period."""
        return float(WEEK_DAYS)

    @property
    def a_month(self) -> float:
        """Periods in the mean month."""
        return DAYS_A_YEAR / MONTHS_A_YEAR / WEEK_DAYS

    def read(self, text: str) -> int | None:
        match = re.fullmatch(r"(\d{4})-W(\d{2})", text, re.ASCII)
        try:
            return None if match is None else self.index_of(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError:
            return None

    def text(self, index: int) -> str:
        year, week, _ = self.first_day(index).isocalendar()
        return f"{year:04d}-W{week:02d}"

    def meant(self, text: str) -> str | None:
        """The week that a text means; a day of it may be told: 2026-W27-3. The year may follow: KW 27/2026."""
        plain = re.sub(r"^[KC]?W ?(\d{1,2})[ ./-](\d{4})$", r"\2-W\1", text.strip().upper(), flags=re.ASCII)
        match = re.fullmatch(r"(\d{4})[- ]?W(\d{1,2})(?:-?[1-7])?", plain, re.ASCII)
        index = None if match is None else self.read(f"{match[1]}-W{int(match[2]):02d}")
        return None if index is None else self.text(index)

    def title(self, index: int) -> tuple[str, int]:
        year, week, _ = self.first_day(index).isocalendar()
        return f"W{week:02d}", year

    def first_day(self, index: int) -> date:
        return date.fromordinal(index * WEEK_DAYS + 1)

    def index_of(self, day: date) -> int:
        return (day.toordinal() - 1) // WEEK_DAYS

    def year_start(self, index: int, fiscal_start: int, fiscal_week: int) -> int:
        day = self.first_day(index)
        starts = (self._start(year, fiscal_start, fiscal_week) for year in (day.year + 1, day.year, day.year - 1))
        return next(start for start in starts if start <= index)

    def _start(self, year: int, fiscal_start: int, fiscal_week: int) -> int:
        """The week from which a fiscal year counts: that of its number, else the nearest to its first month."""
        if fiscal_week:
            return self.index_of(date.fromisocalendar(year, fiscal_week, 1))
        return self.index_of(nearest_monday(year, fiscal_start))


def nearest_monday(year: int, month: int) -> date:
    """The Monday nearest to the first of a month: of the week that holds its fourth day."""
    fourth = date(year, month, 4)
    return fourth - timedelta(days=fourth.weekday())


@dataclass(frozen=True)
class RetailBucket(Bucket):
    """Periods of four and five weeks: `weeks` of each in order; the year begins near the first of month `start`.

    A year is named by the one in which it begins. Its 53rd week, where it has one, is the last period's.
    """

    weeks: tuple[int, ...] = ()
    start: int = 1

    @cached_property
    def _begins(self) -> tuple[int, ...]:
        """The weeks of a year before each of its periods."""
        return (0, *accumulate(self.weeks))[:-1]

    @property
    def year_text(self) -> str:
        """What a year of these periods is called: 'a 4-4-5 year from Jan'."""
        return f"a {self.key} year from {MONTH_NAMES[self.start - 1]}"

    @property
    def _suffix(self) -> str:
        plain = self.key == _PLAIN_RETAIL and self.start == 1
        return "" if plain else f"-{self.key.replace('-', '')}-{self.start:02d}"

    def read(self, text: str) -> int | None:
        match = re.fullmatch(rf"(\d{{4}})-P(\d{{2}}){self._suffix}", text, re.ASCII)
        if match is None or not 1 <= int(match[2]) <= self.a_year:
            return None
        return int(match[1]) * self.a_year + int(match[2]) - 1

    def meant(self, text: str) -> str | None:
        """The period that a text means: `2026-P07` is of the company's own year, whichever that is."""
        match = re.fullmatch(r"(\d{4})[- ]?P(\d{1,2})(-[45]{3}-\d{2})?", text.strip().upper(), re.ASCII)
        if match is None or not 1 <= int(match[2]) <= self.a_year or (match[3] or self._suffix) != self._suffix:
            return None
        return self.text(int(match[1]) * self.a_year + int(match[2]) - 1)

    def text(self, index: int) -> str:
        year, place = divmod(index, self.a_year)
        return f"{year:04d}-P{place + 1:02d}{self._suffix}"

    def title(self, index: int) -> tuple[str, int]:
        year, place = divmod(index, self.a_year)
        return f"P{place + 1:02d}", year

    def first_day(self, index: int) -> date:
        year, place = divmod(index, self.a_year)
        return nearest_monday(year, self.start) + timedelta(days=WEEK_DAYS * self._begins[place])

    def index_of(self, day: date) -> int:
        year = next(y for y in (day.year + 1, day.year, day.year - 1) if nearest_monday(y, self.start) <= day)
        week = (day - nearest_monday(year, self.start)).days // WEEK_DAYS
        return year * self.a_year + bisect_right(self._begins, week) - 1

    def year_start(self, index: int, fiscal_start: int, fiscal_week: int) -> int:
        return index - index % self.a_year


_PLAIN_RETAIL = "4-4-5"
_QUARTERS = 4
_RETAIL = {
    _PLAIN_RETAIL: (4, 4, 5) * _QUARTERS,
    "4-5-4": (4, 5, 4) * _QUARTERS,
    "5-4-4": (5, 4, 4) * _QUARTERS,
    "4-4-4": (4,) * 13,
}
"""The weeks of each period in a year of 52; 4-4-4 are thirteen of four weeks."""


def retail_bucket(key: str, start: int = 1) -> RetailBucket:
    """The 4-4-5, 4-5-4, 5-4-4 or 4-4-4 periods of a year that begins near the first day of a month.

    >>> retail_bucket("4-5-4", 2).text(retail_bucket("4-5-4", 2).index_of(date(2026, 3, 1)))
    '2026-P01-454-02'
    """
    return _retail(key, start)


@cache
def _retail(key: str, start: int) -> RetailBucket:
    weeks = _RETAIL[key]
    named = RetailBucket(key, "period", len(weeks), "", weeks, start)
    return RetailBucket(key, "period", len(weeks), named.text(2026 * len(weeks) + 6), weeks, start)


MONTH = CalendarBucket("month", "month", 12, "2026-12")
WEEK = WeekBucket("week", "week", 52, "2026-W27")
BUCKETS: tuple[Bucket, ...] = (
    MONTH,
    WEEK,
    *(retail_bucket(key) for key in _RETAIL),
    CalendarBucket("quarter", "quarter", 4, "2026-Q4", "Q"),
)
_TAGGED = re.compile(r"\d{4}-P\d{2}(?:-([45]{3})-(0[1-9]|1[0-2]))?", re.ASCII)
_TAGS = {key.replace("-", ""): key for key in _RETAIL}


@lru_cache(maxsize=8192)
def _read(period: str) -> tuple[Bucket, int] | None:
    """A period's bucket and its number; None for other text."""
    match = _TAGGED.fullmatch(period)
    rows = BUCKETS
    if match is not None and match[1] is not None:
        rows = (retail_bucket(_TAGS[match[1]], int(match[2])),) if match[1] in _TAGS else ()
    for bucket in rows:
        if (index := bucket.read(period)) is not None:
            return bucket, index
    return None


def _known(period: str) -> tuple[Bucket, int]:
    found = _read(period) if isinstance(period, str) else None
    if found is None:
        raise not_a_period(period)
    return found


def not_a_period(text: object, bucket: Bucket = MONTH) -> BadInput:
    """What is told of text that is no period of a bucket; a week or 4-4-5 period that its year lacks says so."""
    week = re.fullmatch(r"(\d{4})-?W(\d{2})", str(text), re.ASCII)
    if week is not None and int(week[1]):
        weeks = date(int(week[1]), 12, 28).isocalendar().week
        return BadInput(
            f"'{text}' is no week: {week[1]} has {weeks}", remedy="Write ISO weeks as YYYY-Www, from W01"
        )
    if bucket is MONTH:
        return BadInput(f"'{text}' is not a month", remedy="Write months as YYYY-MM, for example 2026-12")
    if isinstance(bucket, RetailBucket) and re.fullmatch(r"\d{4}[- ]?P\d{1,2}", str(text), re.ASCII):
        what = f"'{text}' is no period: {bucket.year_text} has {bucket.a_year}"
        return BadInput(what, remedy="Bring tables of another year by month, week or day")
    return BadInput(f"'{text}' is not a {bucket.word}", remedy=f"Write it as {bucket.example}")


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
    """The same period of the year before; of weeks the one 52 weeks earlier."""
    return shift_period(period, -bucket_of(period).a_year)


def days_in(period: str) -> int:
    """Calendar days of a period."""
    bucket, index = _known(period)
    return (bucket.first_day(index + 1) - bucket.first_day(index)).days


def first_day(period: str) -> date:
    """The day on which a period begins."""
    bucket, index = _known(period)
    return bucket.first_day(index)


def last_day(period: str) -> date:
    """The day on which a period ends."""
    bucket, index = _known(period)
    return bucket.first_day(index + 1) - timedelta(days=1)


def working_days(begin: date, end: date) -> int:
    """Mondays to Fridays from one day up to, not with, another; none where that is earlier.

    >>> working_days(date(2026, 12, 31), date(2027, 1, 5))
    3
    """
    weeks, days = divmod(max((end - begin).days, 0), WEEK_DAYS)
    return weeks * _SATURDAY + sum((begin.weekday() + day) % WEEK_DAYS < _SATURDAY for day in range(days))


def working_share(period: str, begin: date, end: date) -> float:
    """The part of a period's working days from one day up to, not with, another.

    >>> working_share("2026-W53", date(2027, 1, 1), date(2027, 2, 1))
    0.2
    """
    start, following = first_day(period), first_day(shift_period(period, 1))
    return working_days(max(begin, start), min(end, following)) / working_days(start, following)


def is_open(text: str, first_open: str) -> bool:
    """Whether a day, or a period of whatever length, is not closed yet.

    A longer period is closed that ends within the first open one: June is, when the week of its 30th opens.

    >>> is_open("2026-06", "2026-W27"), is_open("2026-07", "2026-W27"), is_open("2026-W26", "2026-W27")
    (False, True, False)
    """
    found, (bucket, first) = _read(text), _known(first_open)
    if found is None:
        return date.fromisoformat(text) >= bucket.first_day(first)
    own, index = found
    if own is bucket:
        return index >= first
    if own.mean_days < bucket.mean_days:
        return own.first_day(index) >= bucket.first_day(first)
    return own.first_day(index + 1) > bucket.first_day(first + 1)


def end_of(text: str) -> str:
    """The ISO day on which a day, or a period, ends: '2026-W27' → '2026-07-05'. Raises BadInput."""
    return text if _is_day(text) else last_day(text).isoformat()


def is_day_or_period(text: str) -> bool:
    """Whether a text is an ISO day, or a period of whatever length."""
    return is_period(text) or _is_day(text)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def in_order(periods: Iterable[str]) -> list[str]:
    """Different periods of whatever length, by the day on which they end."""
    return sorted(set(periods), key=last_day)


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


def period_in(period: str, bucket: Bucket) -> str:
    """The period of a bucket that holds the middle of a period: the month that has most of a week."""
    return period if bucket_of(period) is bucket else period_of(day_of(period, (days_in(period) + 1) // 2), bucket)


def year_of(period: str) -> int:
    """The calendar year in which a period begins."""
    return first_day(period).year


def place_in_year(period: str) -> int:
    """How many periods of its calendar year come before it: 0 for January, 11 for December."""
    bucket, index = _known(period)
    return index - bucket.year_start(index, 1, 0)


def period_name(period: str) -> str:
    """A period in words: '2026-12' → 'Dec 2026', '2026-Q4' → 'Q4 2026', '2026-W27' → 'W27 2026'."""
    bucket, index = _known(period)
    name, year = bucket.title(index)
    return f"{name} {year}"


def period_short(period: str) -> str:
    """A period in few letters: '2026-12' → 'Dec 26'."""
    bucket, index = _known(period)
    name, year = bucket.title(index)
    return f"{name} {year % 100:02d}"


def _place(period: str, bucket: Bucket) -> int:
    """A period's number in another bucket: the one in which it begins."""
    own, index = _known(period)
    return index if own is bucket else bucket.index_of(own.first_day(index))


def span_text(periods: int, a_year: int) -> str:
    """How long some periods are, with so many `a_year`, in months where they make whole ones.

    >>> span_text(12, 12), span_text(3, 4), span_text(1, 12), span_text(52, 52), span_text(3, 52)
    ('12 months', '9 months', '1 month', '12 months', '3 weeks')
    """
    months, rest = divmod(periods * MONTHS_A_YEAR, a_year)
    word = "month" if not rest else "week" if a_year == WEEK.a_year else "period"
    count = periods if rest else months
    return f"{count} {word}" + ("" if count == 1 else "s")


# -- what a period is called

_spoken: list[Bucket] = [MONTH]
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|half a"
_MONTHS = re.compile(
    r"(?<![\w'`/|])(?<!calendar )[Mm]onth(?:ly|s)?(?![\w'`=])"
    r"(?!(?<=s) (?:ahead(?! of)|from|to|it lasts|added|until that|by which|of lead|of notice))"
)
_WRITTEN = re.compile(r"YYYY-MM(?!-)")
_COUNTED = re.compile(rf"(?:[\d.]\+?|\b(?:{_NUMBERS}))[ \u202f](?:closed |planned )?$", re.IGNORECASE)


MONTHS = " months"
"""What is left away where a sentence has just said that it counts months."""


def speak_in(bucket: Bucket) -> None:
    """Call periods from now on what a company calls them, in all of this process: it serves one company."""
    _spoken[0] = bucket


def worded(text: str, *, counted: bool = False, bucket: Bucket | None = None) -> str:
    """A text of the program, which says month of a period, as the company says it; of a plan in its own `bucket`.

    Months that stand after a number are months, such as the next 12, unless what is `counted` is periods; those
    from one thing to another, and a calendar month, are what they say. Names
    of columns, in quotes or with an underscore, stay. How a month is written becomes an example of the period.
    >>> speak_in(WEEK)
    >>> worded("Units a month, next 12 months"), worded("4 months behind", counted=True)
    ('Units a week, next 12 months', '4 weeks behind')
    >>> worded("Month as YYYY-MM")
    'Week as 2026-W27'
    >>> speak_in(MONTH)
    """
    bucket = bucket or _spoken[0]
    return text if bucket is MONTH else _say(text, bucket, counted=counted)


def written() -> str:
    """How a period is written: 'YYYY-MM', or an example of the company's own."""
    return "YYYY-MM" if _spoken[0] is MONTH else _spoken[0].example


def in_letters() -> str:
    """What counted periods are called in a few letters: 'mo', 'wk'."""
    return {"month": "mo", "week": "wk", "quarter": "qtr"}.get(_spoken[0].word, "per")


@lru_cache(maxsize=8192)
def _say(text: str, bucket: Bucket, *, counted: bool) -> str:
    def word(found: re.Match[str]) -> str:
        if not counted and _COUNTED.search(text[: found.start()]):
            return found[0]
        ending = found[0].lower().removeprefix("month")
        told = bucket.each if ending == "ly" else bucket.plural if ending else bucket.word
        return told.capitalize() if found[0][0] == "M" else told

    return _WRITTEN.sub(bucket.example, _MONTHS.sub(word, text))


# -- fiscal years and cycles


def fiscal_start_of(text: int | str) -> tuple[int, int]:
    """Month (1 to 12) and ISO week (0 for none) from which a fiscal year counts: '4' is April, 'W27' a week.

    Raises BadInput.
    """
    plain = str(text).strip().upper()
    number = int(plain.lstrip("W")) if plain.lstrip("W").isdecimal() else 0
    if plain.startswith("W") and 1 <= number <= WEEK.a_year:
        return 1, number
    if not plain.startswith("W") and 1 <= number <= len(MONTH_NAMES):
        return number, 0
    what = f"starts in {'week' if plain.startswith('W') else 'month'} {plain.lstrip('W') or 'nothing'}"
    raise BadInput(f"a fiscal year that {what}", remedy="Choose a month from 1 to 12, or a week from W1 to W52")


FREQUENCIES = {
    "": "each period",
    "week": "each week",
    "two_weeks": "every two weeks",
    "month": "each month",
    "quarter": "each quarter",
}
"""How often a cycle closes, with its name; several periods roll at once where it is longer than one."""
_OFTEN = {"week": WEEK_DAYS, "two_weeks": 2 * WEEK_DAYS}
_LONG = {"month": MONTH, "quarter": BUCKETS[-1]}


def bucket_named(key: str, fiscal_start: int = 1) -> Bucket:
    """The bucket of a key; 4-4-5 periods of a year that begins near the first of a month. Raises BadInput."""
    if key in _RETAIL:
        return retail_bucket(key, fiscal_start)
    found = next((bucket for bucket in BUCKETS if bucket.key == key), None)
    if found is None:
        names = ", ".join(bucket.key for bucket in BUCKETS)
        raise BadInput(f"'{key}' is no calendar", remedy=f"Choose one of {names}")
    return found


def taken_on(first_open: str, bucket: Bucket) -> str:
    """The period with which another calendar goes on from the first open period of one.

    Of periods no longer than that, the one that holds its first working day: none is left without a plan, and none
    is closed whose actuals are not there yet. Of longer ones the first that is open as a whole.

    >>> taken_on("2026-12", WEEK), taken_on("2026-02", WEEK), taken_on("2026-02", BUCKETS[-1])
    ('2026-W49', '2026-W06', '2026-Q2')
    """
    day = first_day(first_open)
    if bucket.mean_days > bucket_of(first_open).mean_days:
        index = bucket.index_of(day)
        return bucket.text(index + (bucket.first_day(index) < day))
    weekend = WEEK_DAYS - day.weekday() if day.weekday() >= _SATURDAY else 0
    return period_of(day + timedelta(days=weekend), bucket)


def require_frequency(every: str, bucket: Bucket) -> str:
    """How often a cycle closes, which is not oftener than its periods end. Raises BadInput."""
    if every not in FREQUENCIES:
        raise BadInput(
            f"'{every}' is no cycle frequency", remedy=f"Choose one of {', '.join(filter(None, FREQUENCIES))}"
        )
    if not is_frequency(every, bucket):
        raise BadInput(
            f"a cycle cannot close {FREQUENCIES[every]} in a calendar of {bucket.plural}",
            remedy=f"Choose one as long as a {bucket.word} or longer",
        )
    return every


def is_frequency(every: str, bucket: Bucket) -> bool:
    """Whether cycles that close so often have a period at least."""
    days = _OFTEN.get(every) or (_LONG[every].mean_days if every else bucket.mean_days)
    return days >= bucket.mean_days * _SHORTEST


_SHORTEST = 0.95
"""A 4-4-5 period may close each month, and a month as often as one."""


def next_cycle(first_open: str, every: str = "") -> str:
    """The first open period of the cycle after one: a period on, or as many as its frequency spans.

    A month or a quarter is over with the last period that has most of its days in it.

    >>> next_cycle("2026-W27", "two_weeks"), next_cycle("2026-W27", "month"), next_cycle("2026-11", "quarter")
    ('2026-W29', '2026-W32', '2027-01')
    """
    found = shift_period(first_open, 1)
    if every in _OFTEN:
        days = _OFTEN[every]
        while (first_day(shift_period(found, 1)) - first_day(first_open)).days <= days:
            found = shift_period(found, 1)
    elif every:
        span = period_in(first_open, _LONG[every])
        while period_in(found, _LONG[every]) == span:
            found = shift_period(found, 1)
    return found


def is_up(first_open: str, before: str | None, every: str) -> bool:
    """Whether what is reviewed so often is up in a cycle: in the first one, and in the first of each span."""
    span = _LONG.get(every)
    return before is None or span is None or period_in(first_open, span) != period_in(before, span)


# -- the horizon


@dataclass(frozen=True)
class Calendar:
    """The rolling horizon of one cycle, in periods of one length.

    `first_open`: first period that is planned; everything before is closed history. Its text says the bucket.
    `horizon`: planned periods. `season_length`: periods in a season, a year where none is given.
    `frozen`, `slushy`: time fences in periods from the first open one (slushy counted from the start too).
    `fiscal_start`: first month number (1–12) of the fiscal year; of weeks that begin on the Monday nearest to its
    first, or with the ISO week `fiscal_week` where that is not 0. Years of 4-4-5 periods say themselves.
    `every`: how often a cycle closes, one of `FREQUENCIES`; empty after each period.
    """

    first_open: str
    horizon: int = 24
    season_length: int = 0
    frozen: int = 1
    slushy: int = 3
    fiscal_start: int = 1
    fiscal_week: int = 0
    every: str = ""
    bucket: Bucket = field(init=False, repr=False, compare=False, default=MONTH)
    _first: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        bucket, first = _known(self.first_open)
        object.__setattr__(self, "bucket", bucket)
        object.__setattr__(self, "_first", first)
        if not self.season_length:
            object.__setattr__(self, "season_length", bucket.a_year)
        if isinstance(bucket, RetailBucket):
            object.__setattr__(self, "fiscal_start", bucket.start)
        if not 1 <= self.horizon <= LONGEST_HORIZON:
            raise BadInput(
                f"a horizon of {self.horizon} {bucket.plural}",
                remedy=f"Choose between 1 and {LONGEST_HORIZON} {bucket.plural}",
            )

    @property
    def year(self) -> int:
        """Periods in twelve months: the span of the headlines, and what yearly rates are divided by."""
        return self.bucket.a_year

    @property
    def near_text(self) -> str:
        """The span of the headlines in words: '12 months', or all that is planned where that is less."""
        return span_text(min(self.horizon, self.year), self.year)

    @property
    def rolling_text(self) -> str:
        """The year that ends with that span: 'next 12 months', or 'rolling 12 months to Mar 2027' where closed
        months are part of it."""
        if self.horizon >= self.year:
            return f"next {self.near_text}"
        return f"rolling {span_text(self.year, self.year)} to {period_name(self.months[-1])}"

    @property
    def year_before_text(self) -> str:
        """What the months a year before that span are called."""
        return "last 12 months" if self.horizon >= self.year else "same months a year before"

    @property
    def month(self) -> int:
        """Whole periods in a month, one at least: over what a share of few deliveries is told."""
        return max(round(self.bucket.a_month), 1)

    @property
    def quarter(self) -> int:
        """Whole periods in three months, one at least: the short horizon, and what stock targets look ahead."""
        return max(self.year // 4, 1)

    @property
    def word(self) -> str:
        """What one period is called: month, week, period or quarter."""
        return self.bucket.word

    def count(self, periods: int) -> str:
        """So many periods in words: '1 week', '3 months'."""
        return f"{periods:,} {self.word if periods == 1 else self.bucket.plural}"

    def ahead(self, first: int, last: int) -> str:
        """From the first to the last of some periods ahead, in months where those make whole ones."""
        if isinstance(self.bucket, CalendarBucket):
            months = self.bucket.months
            return f"{(first - 1) * months + 1}–{last * months} months ahead"
        return f"{first}–{last} {self.bucket.plural} ahead"

    @property
    def mean_days(self) -> float:
        """Days of the mean period: what turns days of lead time into periods."""
        return self.bucket.mean_days

    def in_periods(self, months: float) -> float:
        """A duration in months as periods."""
        return months * self.bucket.a_month

    def per_period(self, monthly: float) -> float:
        """What a month brings as what the mean period does."""
        return monthly / self.bucket.a_month

    @property
    def review(self) -> float:
        """Periods from one review of the plan to the next: one, or as many as a cycle has."""
        days = _OFTEN.get(self.every) or (_LONG[self.every].mean_days if self.every else self.mean_days)
        return max(days / self.mean_days, 1.0)

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

    def lengths(self, periods: Sequence[str]) -> tuple[float, ...]:
        """How long some periods are against the mean one, where they differ by whole weeks; else all are 1."""
        if not isinstance(self.bucket, RetailBucket):
            return (1.0,) * len(periods)
        return tuple(days / self.mean_days for days in days_of(periods))

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
        """The periods of the fiscal year that holds `period`: of weeks 52, or 53."""
        first = self._year_start(_place(period, self.bucket))
        # A period more than a year on is in the next one, whether that has a week more or not.
        last = self._year_start(first + self.year + 1)
        return tuple(self.bucket.text(index) for index in range(first, last))

    def groups(self, periods: Iterable[str], size: int) -> list[tuple[str, ...]]:
        """Periods in runs of `size` counted from the fiscal year's start; the first and last may be in part.

        What a year has beyond whole runs, a 53rd week, is in its last.
        """
        found: dict[tuple[int, int], list[str]] = {}
        for period in periods:
            index = _place(period, self.bucket)
            start = self._year_start(index)
            run = min((index - start) // size, max(self.year // size, 1) - 1)
            found.setdefault((start, run), []).append(period)
        return [tuple(group) for group in found.values()]

    def _year_start(self, index: int) -> int:
        return self.bucket.year_start(index, self.fiscal_start, self.fiscal_week)


def days_of(periods: Sequence[str]) -> list[int]:
    """Calendar days of each of some periods."""
    return [days_in(period) for period in periods]
