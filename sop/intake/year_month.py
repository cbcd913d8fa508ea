"""Months that a file tells in two columns, a year and a month or week of it, and periods of a fiscal year, as one.

A month by number or name is that month, and a week of the year that week. Which month a period of a fiscal year
is, and whether 18.2026 is a week, is asked, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from sop.core.calendar import WEEK, is_period, shift_period
from sop.core.findings import Finding
from sop.core.tables import Table
from sop.intake.field_headers import HEADERS
from sop.intake.headers import LEAVE_OUT, plain_header
from sop.intake.parse import READ_FROM, READ_TO, month_number
from sop.intake.subject import RawTable
from sop.intake.totals import is_called_total
from sop.intake.turn import MONTH

_YEARS = frozenset(["year", "jahr", "ano", "annee", "an", "jaar", "rok", "calendar_year", "kalenderjahr"])
_FISCAL_YEARS = frozenset(
    [
        "fiscal_year",
        "geschaftsjahr",
        "wirtschaftsjahr",
        "exercice",
        "ejercicio",
        "boekjaar",
        "gjahr",
        "fy",
        "rok_obrotowy",
    ]
)
_MONTHS = frozenset(
    ["month", "monat", "mois", "mes", "maand", "miesiac", "mesic", "calendar_month", "kalendermonat"]
)
_PERIODS = frozenset(
    [
        "period",
        "periode",
        "periodo",
        "okres",
        "posting_period",
        "fiscal_period",
        "buchungsperiode",
        "poper",
        "monat_periode",
    ]
)
_WEEKS = frozenset(
    [
        "week",
        "calendar_week",
        "iso_week",
        "week_number",
        "week_no",
        "kw",
        "kalenderwoche",
        "woche",
        "semaine",
        "semana",
        "weeknummer",
        "tydzien",
    ]
)
_ALONE = re.compile(r"^[PM]?(\d{1,3})$", re.ASCII | re.IGNORECASE)
_CALLED_YEAR = re.compile(r"^(?:FY|GJ)[ -]?(?=\d{4}$)", re.ASCII | re.IGNORECASE)
_NUMBER_YEAR = re.compile(r"^(\d{1,2})[ ./-](\d{4})$", re.ASCII)
_YEAR_NUMBER = re.compile(r"^(\d{4})[ ./-]?(\d{2})$", re.ASCII)
_DATES = frozenset(map(plain_header, HEADERS[MONTH].split("; ")))
_PERIOD_YEAR = re.compile(r"^(?:0(\d\d)[./]?|P(\d{1,2})[ ./-])(\d{4})$", re.ASCII)
_YEAR_PERIOD = re.compile(r"^(\d{4})(?:[./]?0(\d\d)|[ ./]P(\d{1,2}))$", re.ASCII)
_MOST = 0.95
_LAST = 16
"""The last period of a fiscal year: four more than months, for what is booked to close it."""
_EVERY = 12
_MOST_WEEKS = 53


def join_months(
    spec: Table,
    raw: RawTable,
    mapping: Mapping[str, str],
    set_values: Mapping[str, str],
    answer: str | None,
    fiscal_start: int = 1,
) -> RawTable:
    """The file with one column of months in place of a year and a month, or of periods; else as it is.

    `answer` to which month a period is; `fiscal_start`: the month (1 to 12) in which the company's fiscal year
    begins. A cell that is no month stays as it is written, and is refused as any other.
    """
    if not spec.has_months or MONTH in set_values:
        return raw
    ours = {header: mapping.get(header, plain_header(header)) for header in raw.columns}
    named = [header for header, name in ours.items() if name == MONTH]
    free = [h for h, name in ours.items() if name not in (*spec.column_names, LEAVE_OUT)]
    months = named or [h for h in free if plain_header(h) in _MONTHS | _PERIODS | _WEEKS]
    months = months or [h for h in free if plain_header(h) in _DATES]
    years = [h for h in free if plain_header(h) in _YEARS | _FISCAL_YEARS]
    if len(months) != 1 or raw.frame.empty:
        return raw
    header = months[0]
    cells = raw.frame[header]
    if _share(cells, lambda text: _period(text) is not None):
        return _periods(spec, raw, header, answer, fiscal_start)
    weekly = plain_header(header) in _WEEKS
    if _share(cells, lambda text: _week(text) is not None) and (weekly or _beyond_months(cells)):
        return _weeks(spec, raw, header, weekly or answer == "weeks")
    if len(years) != 1 or not _share(raw.frame[years[0]], _is_year):
        return raw
    year = years[0]
    if weekly:
        return _year_and_week(spec, raw, year, header)
    if not _share(cells, _is_month_alone):
        return raw
    pairs = zip(raw.frame[year], cells, strict=True)
    joined = _with_month(
        raw, (header, year), pd.Series([_join(*pair) for pair in pairs], cells.index, dtype=object)
    )
    fiscal = plain_header(year) in _FISCAL_YEARS or plain_header(header) in _PERIODS
    if fiscal:
        return _fiscal(spec, raw, joined, answer, fiscal_start, f"the columns '{year}' and '{header}' are", cells)
    what = f"the columns '{year}' and '{header}' are read as one month"
    note = Finding("note", "year_and_month", what, "", spec.name, raw.name, column=MONTH)
    return replace(joined, findings=(*raw.findings, note))


def _periods(spec: Table, raw: RawTable, header: str, answer: str | None, fiscal_start: int) -> RawTable:
    """A column of periods such as 005.2026 as months."""
    cells = raw.frame[header]
    read = {text: _period(text) or text for text in cells.dropna().unique()}
    joined = _with_month(raw, (header,), cells.map(read))
    return _fiscal(spec, raw, joined, answer, fiscal_start, f"the column '{header}' is", cells)


def _fiscal(
    spec: Table, raw: RawTable, joined: RawTable, answer: str | None, start: int, which: str, cells: pd.Series
) -> RawTable:
    """Periods that are `joined` as if period 1 were January, as the months that they are by the answer.

    A fiscal year that begins later than January is called by the year in which it ends, or in which it begins.
    """
    if answer == "calendar" or (start == 1 and answer in _BY_FISCAL_YEAR):
        return joined
    if answer in _BY_FISCAL_YEAR:
        later = start - 1 - _EVERY * (answer == "fiscal_end")
        months = joined.frame[MONTH]
        read = {text: shift_period(text, later) if is_period(text) else text for text in months.dropna().unique()}
        return replace(joined, frame=joined.frame.assign(**{MONTH: months.map(read)}))
    what = f"{which} in periods of a fiscal year, and nobody says which month a period is"
    remedy = "Answer periods=calendar if period 1 is January and 12 December, else write months as YYYY-MM"
    if start > 1:
        ends, begins = f"2026-{start:02d}", f"2025-{start:02d}"
        remedy = (
            f"Answer periods=fiscal_end if period 1 of the fiscal year 2026 is {begins}, periods=fiscal_begin if "
            f"it is {ends}, or periods=calendar if it is 2026-01"
        )
    return _asked(spec, raw, joined, what, remedy, cells)


_BY_FISCAL_YEAR = ("fiscal_end", "fiscal_begin")


def _asked(spec: Table, raw: RawTable, joined: RawTable, what: str, remedy: str, cells: pd.Series) -> RawTable:
    """The file with the question which month a period is."""
    shown = ", ".join(list(cells.dropna().unique())[:3])
    found = Finding("question", "periods", what, remedy, spec.name, raw.name, column=MONTH, value=shown)
    return replace(joined, findings=(*raw.findings, found))


def _weeks(spec: Table, raw: RawTable, header: str, said: bool) -> RawTable:
    """A column of weeks such as 18.2026; a question where its header does not say that it holds weeks."""
    cells = raw.frame[header]
    read = {text: _week(text) or text for text in cells.dropna().unique()}
    joined = _with_month(raw, (header,), cells.map(read))
    if said:
        return joined
    odd = next(text for text in read if _number(text) > _LAST)
    what = f"the column '{header}' counts to more than twelve: '{odd}' may be a week of its year, and is no month"
    remedy = "Answer periods=weeks if they are weeks from Monday to Sunday, else write months as YYYY-MM"
    return _asked(spec, raw, joined, what, remedy, cells)


def _year_and_week(spec: Table, raw: RawTable, year: str, header: str) -> RawTable:
    """A column of years and one of weeks as weeks."""
    pairs = zip(raw.frame[year], raw.frame[header], strict=True)
    weeks = [y and w and (_week(f"{y}-{w.zfill(2)}") or f"{y} {w}") for y, w in pairs]
    joined = _with_month(raw, (header, year), pd.Series(weeks, raw.frame.index, dtype=object))
    what = f"the columns '{year}' and '{header}' are read as one week"
    note = Finding("note", "year_and_month", what, "", spec.name, raw.name, column=MONTH)
    return replace(joined, findings=(*raw.findings, note))


def _with_month(raw: RawTable, headers: tuple[str, ...], months: pd.Series) -> RawTable:
    """The file with a column of months, which are texts, in place of `headers`."""
    rest = [header for header in raw.columns if header not in headers]
    frame = pd.DataFrame(raw.frame[rest].assign(**{MONTH: months}), dtype=object)
    marks = None if raw.typed is None else raw.typed[rest].assign(**{MONTH: False})
    return replace(raw, frame=frame, typed=marks)


def _share(cells: pd.Series, holds: Callable[[str], bool]) -> bool:
    """Whether nearly every different text holds; what is called a total says nothing."""
    texts = [text for text in cells.dropna().unique() if not is_called_total(text)]
    return bool(texts) and sum(map(holds, texts)) >= _MOST * len(texts)


def _number(text: str) -> int:
    """The number beside a year, as in 18.2026 and 202618; 0 where there is none."""
    if match := _NUMBER_YEAR.match(text):
        return int(match[1]) if _is_year(match[2]) else 0
    match = _YEAR_NUMBER.match(text)
    return int(match[2]) if match and _is_year(match[1]) else 0


def _week(text: str) -> str | None:
    """The week of its year that 18.2026 or 202618 may be; None where the year has none of that number."""
    year = re.search(r"\d{4}$" if _NUMBER_YEAR.match(text) else r"^\d{4}", text)
    return WEEK.meant(f"{year[0]}-W{_number(text):02d}") if year and 0 < _number(text) <= _MOST_WEEKS else None


def _beyond_months(cells: pd.Series) -> bool:
    """Whether some number is beyond every month, and every period with which a year is closed."""
    return any(_number(text) > _LAST for text in cells.dropna().unique())


def _is_year(text: str) -> bool:
    text = _CALLED_YEAR.sub("", text)
    return len(text) == 4 and text.isdecimal() and READ_FROM <= int(text) <= READ_TO


def _month_alone(text: str) -> int | None:
    """The month that a number from 1 to 12, or a name, is."""
    if match := _ALONE.match(text):
        return int(match[1]) if 1 <= int(match[1]) <= _EVERY else None
    return month_number(text.removesuffix("."))


def _is_month_alone(text: str) -> bool:
    return _month_alone(text) is not None


def _join(year: str | None, month: str | None) -> str | None:
    """A year and a month as YYYY-MM; as they are written where they are none, nothing where a month is wanting."""
    if year is not None and month is not None and _is_year(year) and (number := _month_alone(month)):
        return f"{_CALLED_YEAR.sub('', year)}-{number:02d}"
    told = [text for text in (year, month) if text is not None]
    # A year or a month alone is no month; a total's label stays what it is.
    return next((text for text in told if is_called_total(text)), " ".join(told) if len(told) > 1 else None)


def _period(text: str) -> str | None:
    """A period of a fiscal year as if period 1 were January: '005.2026' → '2026-05'; the 13th stays one."""
    if match := _PERIOD_YEAR.match(text):
        number, year = match[1] or match[2], match[3]
    elif match := _YEAR_PERIOD.match(text):
        year, number = match[1], match[2] or match[3]
    else:
        return None
    fits = _is_year(year) and 1 <= int(number) <= _LAST
    return (f"{year}-{int(number):02d}" if int(number) <= _EVERY else text) if fits else None
