"""Months that a file tells in two columns, a year and a month of it, and periods of a fiscal year, as one column.

A month by number or name is that month. A period, or a month of a fiscal year, is a month only where somebody says
that period 1 is January: that is asked, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from sop.core.findings import Finding
from sop.core.tables import Table
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
_PERIOD_YEAR = re.compile(r"^(?:0(\d\d)[./]?|P(\d{1,2})[ ./-])(\d{4})$", re.ASCII)
_YEAR_PERIOD = re.compile(r"^(\d{4})(?:[./]?0(\d\d)|[ ./]P(\d{1,2}))$", re.ASCII)
_MOST = 0.95
_LAST = 16
"""The last period of a fiscal year: four more than months, for what is booked to close it."""
_EVERY = 12


def join_months(
    spec: Table, raw: RawTable, mapping: Mapping[str, str], set_values: Mapping[str, str], answer: str | None
) -> RawTable:
    """The file with one column of months in place of a year and a month, or of periods; else as it is.

    `answer`: "calendar" where period 1 is January. A cell that is no month stays as it is written, and is refused
    as any other.
    """
    if not spec.has_months or MONTH in set_values:
        return raw
    ours = {header: mapping.get(header, plain_header(header)) for header in raw.columns}
    named = [header for header, name in ours.items() if name == MONTH]
    free = [h for h, name in ours.items() if name not in (*spec.column_names, LEAVE_OUT)]
    months = named or [h for h in free if plain_header(h) in _MONTHS | _PERIODS]
    years = [h for h in free if plain_header(h) in _YEARS | _FISCAL_YEARS]
    if len(months) != 1 or raw.frame.empty:
        return raw
    header = months[0]
    cells = raw.frame[header]
    if _share(cells, lambda text: _period(text) is not None):
        return _periods(spec, raw, header, answer)
    if len(years) != 1 or not (_share(raw.frame[years[0]], _is_year) and _share(cells, _is_month_alone)):
        return raw
    year = years[0]
    pairs = zip(raw.frame[year], cells, strict=True)
    joined = _with_month(
        raw, (header, year), pd.Series([_join(*pair) for pair in pairs], cells.index, dtype=object)
    )
    fiscal = plain_header(year) in _FISCAL_YEARS or plain_header(header) in _PERIODS
    if fiscal and answer != "calendar":
        return _asked(spec, raw, joined, f"the columns '{year}' and '{header}' are", cells)
    what = f"the columns '{year}' and '{header}' are read as one month"
    note = Finding("note", "year_and_month", what, "", spec.name, raw.name, column=MONTH)
    return replace(joined, findings=(*raw.findings, note))


def _periods(spec: Table, raw: RawTable, header: str, answer: str | None) -> RawTable:
    """A column of periods such as 005.2026 as months."""
    cells = raw.frame[header]
    read = {text: _period(text) or text for text in cells.dropna().unique()}
    joined = _with_month(raw, (header,), cells.map(read))
    if answer == "calendar":
        return replace(joined, findings=raw.findings)
    return _asked(spec, raw, joined, f"the column '{header}' is", cells)


def _asked(spec: Table, raw: RawTable, joined: RawTable, which: str, cells: pd.Series) -> RawTable:
    """The file with the question which month a period is."""
    what = f"{which} in periods of a fiscal year, and nobody says which month a period is"
    remedy = "Answer periods=calendar if period 1 is January and 12 December, else write months as YYYY-MM"
    shown = ", ".join(list(cells.dropna().unique())[:3])
    found = Finding("question", "periods", what, remedy, spec.name, raw.name, column=MONTH, value=shown)
    return replace(joined, findings=(*raw.findings, found))


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


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and READ_FROM <= int(text) <= READ_TO


def _month_alone(text: str) -> int | None:
    """The month that a number from 1 to 12, or a name, is."""
    if text.isdecimal() and len(text) <= 3:
        return int(text) if 1 <= int(text) <= _EVERY else None
    return month_number(text.removesuffix("."))


def _is_month_alone(text: str) -> bool:
    return _month_alone(text) is not None


def _join(year: str | None, month: str | None) -> str | None:
    """A year and a month as YYYY-MM; as they are written where they are none, nothing where a month is wanting."""
    if year is not None and month is not None and _is_year(year) and (number := _month_alone(month)):
        return f"{year}-{number:02d}"
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
