"""Text to numbers, months and dates, and the two marks that a file must settle: decimal mark and date order.

A text is read in each way that it could be meant. Where the ways differ for every text that could tell, nothing is
guessed: the user is asked.

>>> parse_number("1.234,5", ","), parse_number("(120)", "."), parse_number("12 pcs", ".")
(1234.5, -120.0, None)
>>> parse_date("Dec 2013", "dmy")
DateText(month='2013-12', day=None, form='Mon YYYY', instant=None, clock=None)
>>> parse_date("31.12.2013", "mdy")
DateText(month='2013-12', day='2013-12-31', form='D.M.YYYY', instant=None, clock=None)
>>> parse_date("2025-12-31T23:00Z", "dmy").within("Europe/Berlin")[:2]
('2026-01', '2026-01-01')
>>> parse_date("41609", "dmy") is None
True
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sop.core.calendar import BUCKETS, MONTH, Bucket, RetailBucket, bucket_of, is_period, not_a_period, period_of
from sop.core.errors import BadInput

READ_FROM, READ_TO = 1900, 2200
"""Years that are read at all; which of them a plan can hold the contract says."""

CURRENCIES = re.compile(
    r"€|£|\$|¥|zł|Kč|\b(?:EUR|USD|GBP|CHF|JPY|CNY|SEK|NOK|DKK|PLN|CZK|CAD|AUD|INR)\b", re.IGNORECASE
)
NOT_A_NUMBER = re.compile(
    r"^[+-]?(?:nan|inf(?:inity)?|n/?a|#n/a|null|none|-+|#(?:ref|value|div/0|name\?|num|null|spill|calc)!?)$",
    re.IGNORECASE,
)
SHEET_ERROR = re.compile(r"^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$")
_GROUPS = {
    mark: re.compile(rf"^(?:\d+|[1-9]\d{{0,2}}(?:[{group}]\d{{3}})+)(?:{re.escape(mark)}\d*)?$", re.ASCII)
    for mark, group in ((".", ",'’ \u00a0\u2009\u202f"), (",", ".'’ \u00a0\u2009\u202f"))
}
_PLAIN = {mark: re.compile(rf"^-?\d+(?:{re.escape(mark)}\d+)?$", re.ASCII) for mark in ".,"}
_SCIENTIFIC = {mark: re.compile(rf"^\d+(?:{re.escape(mark)}\d*)?[eE][+-]?\d{{1,3}}$", re.ASCII) for mark in ".,"}
_MONTH_WORDS = (
    "january januar januari janvier enero styczen stycznia jan jaen janner janv ene sty",
    "february februar februari fevrier febrero luty lutego feb fev fevr lut",
    "march marz maerz maart mars marzo marzec marca mar mrz mrt",
    "april avril abril kwiecien kwietnia apr avr abr kwi",
    "may mai mei mayo maj maja",
    "june juni juin junio czerwiec czerwca jun cze",
    "july juli juillet julio lipiec lipca jul juil lip",
    "august augustus aout agosto sierpien sierpnia aug ago sie",
    "september septembre septiembre wrzesien wrzesnia sep sept wrz",
    "october oktober octobre octubre pazdziernik pazdziernika oct okt paz",
    "november novembre noviembre listopad listopada nov lis",
    "december dezember decembre diciembre grudzien grudnia dec dez dic gru",
)
"""What each month is called in English, German, Dutch, French, Spanish and Polish, without accents."""
_NAMES = {word: i for i, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()}


def month_number(word: str) -> int | None:
    """Which month of the year a word names, in six languages, in full or short; None where it names none."""
    letters = word if word.isascii() else unicodedata.normalize("NFKD", word)
    return _NAMES.get("".join(letter for letter in letters if not unicodedata.combining(letter)).lower())


def parse_number(text: str, decimal: str) -> float | None:
    """The number that `text` is under the decimal mark "." or ","; None when it is none.

    Thousands may be grouped by the other mark, a space or an apostrophe; negative in brackets or with the sign at
    either end; a currency before or after it; a percentage is a fraction.
    """
    if _PLAIN[decimal].match(text):
        return float(text.replace(decimal, "."))
    body, currencies = CURRENCIES.subn("", text)
    if currencies > 1:
        return None
    body = body.strip().replace("\u2212", "-")
    percent = body.endswith("%")
    body = body.removesuffix("%").strip()
    negative = body[:1] in "-(" or body.endswith("-") if body else False
    if body.startswith("(") and body.endswith(")"):
        body = body[1:-1]
    elif body[:1] in ("-", "+"):
        body = body[1:]
    elif body.endswith("-"):
        body = body[:-1]
    body = body.strip()
    if body.startswith(decimal):
        body = "0" + body
    if not (_GROUPS[decimal].match(body) or _SCIENTIFIC[decimal].match(body)):
        return None
    group = "," if decimal == "." else "."
    digits = re.sub(r"['’\s]", "", body.replace(group, "")).replace(decimal, ".")
    value = float(digits) / (100 if percent else 1)
    return -value if negative else value


_LIKE_GROUPS = {mark: re.compile(rf"^-?[1-9]\d{{0,2}}[{mark}]\d{{3}}$", re.ASCII) for mark in ".,"}


def mixed_marks(texts: Iterable[str]) -> tuple[str, str] | None:
    """A pair such as `1,234` and `1.234`: side by side neither tells whether it means thousands or decimals."""
    found = {
        mark: next((text for text in texts if pattern.match(text)), None) for mark, pattern in _LIKE_GROUPS.items()
    }
    return (found[","], found["."]) if found[","] and found["."] else None


class DateText(NamedTuple):
    """What a date's text says: its month, its day when it has one, the form it is written in.

    `instant`: the moment, where the text tells a time with its zone: which day that is depends on where one is.
    `clock`: the time of day that goes with the day, as HH:MM:SS, where one is told.
    """

    month: str
    day: str | None
    form: str
    instant: datetime | None = None
    clock: str | None = None

    def within(self, zone: str) -> DateText:
        """The month and day that an instant is in a time zone; other dates are what they are."""
        if self.instant is None:
            return self
        local = self.instant.astimezone(ZoneInfo(zone))
        day = local.date().isoformat()
        return DateText(day[:7], day, self.form, self.instant, local.time().isoformat("seconds"))

    def of_next_day(self) -> DateText:
        """The day after, with its month, of a time late in the day; other dates are what they are."""
        if self.day is None or self.clock is None or self.clock < LATE:
            return self
        after = (date.fromisoformat(self.day) + timedelta(days=1)).isoformat()
        return self._replace(month=after[:7], day=after, clock="00:00:00")

    def in_bucket(self, bucket: Bucket) -> DateText:
        """The same with the period of a bucket that its day falls in, where it has one."""
        if self.day is None or bucket is MONTH:
            return self
        return self._replace(month=period_of(date.fromisoformat(self.day), bucket))


LATE = "11:00:00"
"""The earliest local time at which a new day begins somewhere to the east."""
_TIME = re.compile(
    r"^(.*\d)(?:T|\s+)(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?\s*"
    r"(?:(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)(?:\[[\w/+-]+\])?)?$",
    re.ASCII,
)
_MARKED = re.compile(r"\d[- ]?[WPQ]\d|^[KC]?W ?\d", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"^(\d{4})([-/.]?)(\d{1,2})(?:\2(\d{1,2}))?$", re.ASCII)
_YEAR_LAST = re.compile(r"^(?:(\d{1,2})([-/.]))?(\d{1,2})([-/.])(\d{4})$", re.ASCII)
_NAMED = re.compile(r"^(?:([0-9]{1,2})[ .\-/]+)?([^\W\d_]{3,12})\.?(?: de )?[ .\-/,]*([0-9]{4})$")
_NAMED_LAST = re.compile(r"^([0-9]{4})[ .\-/]*([^\W\d_]{3,12})\.?$")
_M_YEAR = re.compile(r"^M(\d{1,2})[ ./-]?(\d{4})$", re.ASCII)
_YEAR_M = re.compile(r"^(\d{4})[ -]?M(\d{1,2})$", re.ASCII)


def parse_period(text: str, order: str, bucket: Bucket = MONTH) -> DateText | None:
    """The period, or the day and its period, that `text` is in a company of a bucket; None when it is none.

    The company's own periods come first, in its own spelling; a month stays a month, whatever the bucket.
    """
    if bucket is not MONTH and (own := bucket.meant(text)):
        return DateText(own, None, bucket.example)
    found = parse_date(text, order)
    if found is not None or not _MARKED.search(text):
        return found and found.in_bucket(bucket)
    # A plain P07 is of a year that only its own company knows.
    meant = (each.meant(text) for each in BUCKETS if each.word != "period")
    return next((DateText(period, None, period[5]) for period in meant if period), None)


def not_in_calendar(text: str, bucket: Bucket) -> BadInput:
    """What is told of text that is no period in a company of a bucket."""
    plain = text.strip().upper()
    if is_period(plain) and isinstance(other := bucket_of(plain), RetailBucket):
        ours = f"periods of {bucket.year_text}" if isinstance(bucket, RetailBucket) else bucket.plural
        return BadInput(
            f"'{text}' is a period of {other.year_text}, and this company plans in {ours}",
            remedy="Bring it by month, week or day",
        )
    return not_a_period(text, bucket)


def parse_date(text: str, order: str) -> DateText | None:
    """The month or date that `text` is, with day and month in `order` ("dmy" or "mdy"); None when it is none.

    Dates with dots are day first wherever they are used. Two-digit years and serial numbers are not read. A
    time of day without a zone is that of the place; with one, the moment is an instant, and month and day are
    as written.
    """
    if ":" in text or "T" in text:
        return _timed(text, order)
    return _dated(text, order)


_NOON = 12


def _timed(text: str, order: str) -> DateText | None:
    """A date with a time of day, as an instant where it has a zone; without a time it may still name its month."""
    match = _TIME.match(text)
    if match is None:
        return _dated(text, order)
    date_text, hour, minute, second, half, zone = match.groups()
    found = _dated(date_text, order)
    if found is None or found.day is None:
        return None
    try:
        hours = int(hour) % _NOON + _NOON * (half.lower() == "pm") if half else int(hour)
        moment = datetime.fromisoformat(found.day).replace(hour=hours, minute=int(minute), second=int(second or 0))
        found = found._replace(clock=moment.time().isoformat("seconds"))
        return found if zone is None else found._replace(instant=moment.replace(tzinfo=_offset(zone)))
    except ValueError:
        return None


def _offset(zone: str) -> timezone:
    """The zone that Z, UTC, GMT, +01:00 or -0530 is. Raises ValueError beyond a day."""
    if zone[0] not in "+-":
        return UTC
    minutes = int(zone[1:3]) * 60 + int(zone[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


def _dated(text: str, order: str) -> DateText | None:
    """A date or month without a time of day."""
    if match := _YEAR_FIRST.match(text):
        year, mark, month, day = match.groups()
        if not mark and len(text) not in (6, 8):
            return None
        return _date(year, month, day, "YYYY-MM".replace("-", mark) + (f"{mark}DD" if day else ""))
    if match := _YEAR_LAST.match(text):
        first, mark, second, mark2, year = match.groups()
        if first is None:
            return _date(year, second, None, f"MM{mark2}YYYY")
        if mark != mark2:
            return None
        day, month = (first, second) if order == "dmy" or mark == "." else (second, first)
        return _date(year, month, day, "D.M.YYYY" if mark == "." else f"{order} with {mark}")
    if match := _NAMED.match(text):
        day, month, year = match.groups()
        return _date(year, month_number(month), day, "D Mon YYYY" if day else "Mon YYYY")
    if match := _NAMED_LAST.match(text) or _YEAR_M.match(text):
        year, month = match.groups()
        return _date(year, month_number(month) or month, None, "YYYY Mon")
    if match := _M_YEAR.match(text):
        return _date(match[2], match[1], None, "MMM YYYY")
    return None


def _date(year: str, month: str | int | None, day: str | None, form: str) -> DateText | None:
    try:
        y, m = int(year), int(month or 0)
    except ValueError:
        return None
    if not (READ_FROM <= y <= READ_TO and 1 <= m <= 12):
        return None
    if day is not None and not 1 <= int(day) <= calendar.monthrange(y, m)[1]:
        return None
    return DateText(f"{y:04d}-{m:02d}", None if day is None else f"{y:04d}-{m:02d}-{int(day):02d}", form)


@dataclass(frozen=True)
class Settled:
    """Which of two readings a file means.

    `choice`: the reading, None where the user must say. `examples`: texts that leave it open, or that contradict
    each other. `contradiction`: texts that only one reading allows stand beside texts that only the other allows.
    """

    choice: str | None
    examples: tuple[str, ...] = ()
    contradiction: bool = False


def settle(texts: Iterable[str], readings: tuple[str, str], parse: Callable[[str, str], object]) -> Settled:
    """Which of `readings` the texts mean: the one that alone can read some of them, and contradicts none.

    Texts that both read alike say nothing; without any text that matters the first reading is taken.
    """
    first, second = readings
    only: dict[str, list[str]] = {first: [], second: []}
    unclear: list[str] = []
    for text in texts:
        a, b = parse(text, first), parse(text, second)
        if a is not None and b is not None and a != b:
            unclear.append(text)
        elif (a is None) != (b is None):
            only[first if b is None else second].append(text)
    if only[first] and only[second]:
        return Settled(None, (only[first][0], only[second][0]), contradiction=True)
    if only[first] or only[second]:
        return Settled(first if only[first] else second)
    return Settled(None, tuple(unclear[:3])) if unclear else Settled(first)
