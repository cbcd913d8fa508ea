"""The classic planning sheet, months side by side, turned into one row a month.

Two forms: a figure for each month (2026-01, 2026-02), and several figures for each (2026-01 quantity, 2026-01
revenue). The months stay as they are written, so that they are read, and asked about, like those of any column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.tables import Table
from sop.intake.headers import LEAVE_OUT, plain_header
from sop.intake.parse import DateText, month_number, parse_number, parse_period
from sop.intake.subject import RawTable
from sop.intake.totals import is_called_total

_LEAST = 2
_SHOWN = 6
_BARE = 3
"""Headers that are names of months, without a year, from which a sheet is taken for one of months."""
_MOST = 0.95
MONTH = "month"
"""What the column of months is called in the table that comes of it: a header of the contract's own."""
_SHORT_YEAR = re.compile(r"\.?(?:[ \-/.'’]+\d\d)?$")
_PARTS = re.compile(r"[ _/|:\-]+")


def month_headers(raw: RawTable) -> dict[str, DateText]:
    """Headers that are months or days, with what each is; its day and month may be in either order."""
    found = {header: parse_period(header, "dmy") or parse_period(header, "mdy") for header in raw.columns}
    return {header: date for header, date in found.items() if date is not None}


def grouped_headers(raw: RawTable, known: frozenset[str]) -> dict[str, tuple[str, str]]:
    """Headers of a month and a figure, in whichever order, with both: '2026-01 revenue' is (2026-01, revenue).

    `known`: plain names of figures. Nothing where they are not those of at least two months.
    """
    found = {
        header: pair
        for header in raw.columns
        if (pair := next((p for p in _split(header) if plain_header(p[1]) in known), None))
    }
    return found if len({month for month, _ in found.values()}) >= _LEAST else {}


def _split(header: str) -> Iterator[tuple[str, str]]:
    """(month, rest) for each way in which a header begins or ends with a month."""
    for match in _PARTS.finditer(header):
        left, right = header[: match.start()].strip(), header[match.end() :].strip()
        if left and right:
            yield from ((m, rest) for m, rest in ((left, right), (right, left)) if parse_period(m, "dmy"))


def without_months(raw: RawTable) -> list[str]:
    """The headers, those of months alike whatever month they are of: what tells a sheet of one source."""
    months = month_headers(raw)

    def plain(header: str) -> str:
        part = None if header in months else next(_split(header), None)
        return MONTH if header in months else f"{MONTH} {part[1]}" if part else header

    return list(map(plain, raw.columns))


def turn_groups(spec: Table, raw: RawTable, known: frozenset[str]) -> RawTable:
    """The file with one row a month where its headers are months with a figure each; else as it is.

    An empty figure stays empty, and a month without any is no row.
    """
    groups = grouped_headers(raw, known) if spec.has_months else {}
    if not groups or MONTH in map(plain_header, raw.columns):
        return raw
    months = list(dict.fromkeys(month for month, _ in groups.values()))
    figures = list(dict.fromkeys(rest for _, rest in groups.values()))
    at = {pair: header for header, pair in groups.items()}
    if len(at) < len(groups) or not set(figures).isdisjoint(set(raw.columns) - groups.keys()):
        return raw
    empty, plain = pd.Series(None, raw.frame.index, dtype=object), pd.Series(False, raw.frame.index)
    cells, typed = dict[str, np.ndarray](), None if raw.typed is None else dict[str, np.ndarray]()
    filled = np.zeros((len(raw.frame), len(months)), dtype=bool)
    for rest in figures:
        headers = [at.get((month, rest)) for month in months]
        cells[rest] = np.array([empty if h is None else raw.frame[h] for h in headers], dtype=object).T
        filled |= pd.notna(cells[rest])
        if raw.typed is not None and typed is not None:
            typed[rest] = np.array([plain if h is None else raw.typed[h] for h in headers], dtype=bool).T
    turned = _melted(raw, [h for h in raw.columns if h not in groups], months, filled, cells, typed)
    what = (
        f"{how_many(len(groups), 'columns', 'are')} {how_many(len(months), 'months')} with "
        f"{' and '.join(figures)}, {months[0]} to "
    )
    what += (
        f"{months[-1]}: {how_many(number(len(raw.frame)), 'rows', 'are')} turned into "
        f"{number(len(turned.frame))}, one a month"
    )
    note = Finding("warning", "months_turned", what, "", spec.name, raw.name)
    return replace(turned, findings=(*raw.findings, note))


def turn_months(
    spec: Table, raw: RawTable, mapping: Mapping[str, str], set_values: Mapping[str, str], answer: str | None
) -> RawTable:
    """The file with one row a month where its headers are months and the table wants a month; else as it is.

    `answer`: the column that the figures are. Without one they are the only figure that is required and not
    given; where there are several, that is asked. An empty cell is no row. Each row keeps the line it comes from.
    """
    months = month_headers(raw)
    given = {mapping.get(header, plain_header(header)) for header in raw.columns} | set(set_values)
    if not spec.has_months or MONTH in given:
        return raw
    if len(months) < _LEAST:
        return replace(raw, findings=(*raw.findings, *_without_year(spec, raw)))
    same = [(date.month, date.day) for date in months.values()]
    twice = sorted(header for header, pair in zip(months, same, strict=True) if same.count(pair) > 1)
    wanted = [c.name for c in spec.columns if c.kind == "number" and c.required and c.name not in given]
    choices = [c.name for c in spec.columns if c.kind == "number" and c.name not in given]
    value = answer if answer in choices else (wanted or choices)[0] if len(wanted or choices) == 1 else None
    if value is None or twice or not choices:
        why = (
            f"the month {months[twice[0]].month} stands twice"
            if twice
            else f"nobody says which of {', '.join(choices)} they are"
        )
        ask = "Keep one of them" if twice else f"Answer month_values=COLUMN, for example month_values={choices[0]}"
        rule, level = ("doubled_header", "error") if twice else ("month_values", "question")
        what = f"{how_many(len(months), 'columns', 'are')} months, and {why}"
        found = Finding(level, rule, what, ask, spec.name, raw.name, value=", ".join(list(months)[:_SHOWN]))  # type: ignore[arg-type]
        value = choices[0] if choices else spec.columns[-1].name
        return replace(_side_by_side(raw, list(months), value), findings=(*raw.findings, found))
    turned = _side_by_side(raw, list(months), value)
    first, *_, last = months
    what = (
        f"{how_many(len(months), 'columns', 'are')} months, {first} to {last}: "
        f"{how_many(number(len(raw.frame)), 'rows', 'are')} turned into "
    )
    what += f"{number(len(turned.frame))}, one a month, and their figures are taken as {value}"
    others = [name for name in choices if name != value]
    remedy = f"If they are another figure, answer month_values={others[0]}" if others else ""
    note = Finding("warning", "months_turned", what, remedy, spec.name, raw.name, column=value)
    beside = _beside(spec, raw, months, mapping)
    return replace(turned, findings=(*raw.findings, note, *beside))


def _without_year(spec: Table, raw: RawTable) -> list[Finding]:
    """An error where months stand side by side by name, and nobody can tell of which year: Jan, or Jan-26."""
    bare = [header for header in raw.columns if month_number(_SHORT_YEAR.sub("", header)) is not None]
    if len(bare) < _BARE:
        return []
    what = f"{how_many(len(bare), 'columns', 'are')} months without a year of four digits"
    remedy = "Write it into each header, for example 2026-01"
    return [Finding("error", "no_year", what, remedy, spec.name, raw.name, 1, value=", ".join(bare[:_SHOWN]))]


def _beside(
    spec: Table, raw: RawTable, months: Mapping[str, DateText], mapping: Mapping[str, str]
) -> list[Finding]:
    """A warning for columns of figures between the months that are no month: one may be misspelt."""
    odd = [
        header
        for header in raw.columns
        if header not in months
        and mapping.get(header, plain_header(header)) not in (*spec.column_names, LEAVE_OUT)
        and not is_called_total(header)
        and _holds_figures(raw.frame[header])
    ]
    if not odd:
        return []
    what = (
        f"beside the months, columns of figures are left out that are none: {', '.join(map(repr, odd[:_SHOWN]))}"
    )
    remedy = "Write a month's header as YYYY-MM if it is one"
    return [Finding("warning", "left_beside", what, remedy, spec.name, raw.name, column=odd[0], count=len(odd))]


def _holds_figures(cells: pd.Series) -> bool:
    texts = cells.dropna().unique()
    figures = sum((parse_number(text, ".") or parse_number(text, ",")) is not None for text in texts)
    return bool(len(texts)) and figures >= _MOST * len(texts)


def _side_by_side(raw: RawTable, months: list[str], value: str) -> RawTable:
    """One row for each filled cell under a month."""
    cells = raw.frame[months]
    typed = None if raw.typed is None else {value: raw.typed[months].to_numpy(bool)}
    keep = [header for header in raw.columns if header not in months]
    return _melted(raw, keep, months, cells.notna().to_numpy(bool), {value: cells.to_numpy(object)}, typed)


def _melted(
    raw: RawTable,
    keep: list[str],
    months: list[str],
    filled: np.ndarray,
    figures: Mapping[str, np.ndarray],
    typed: Mapping[str, np.ndarray] | None,
) -> RawTable:
    """One row for each row and month (n, m) that is `filled`: the columns kept, the month, and its figures."""
    rows, columns = filled.nonzero()
    named: dict[str, Any] = {name: cells[filled] for name, cells in figures.items()}
    frame = raw.frame[keep].iloc[rows].reset_index(drop=True).assign(**{MONTH: [months[i] for i in columns]})
    frame = pd.concat([frame, pd.DataFrame(named, dtype=object)], axis=1)
    marks = None
    if raw.typed is not None and typed is not None:
        marks = raw.typed[keep].iloc[rows].reset_index(drop=True).assign(**{MONTH: False})
        marks = pd.concat([marks, pd.DataFrame({n: flags[filled] for n, flags in typed.items()})], axis=1)
    lines = tuple(raw.lines[int(row)] for row in rows)
    return replace(raw, frame=pd.DataFrame(frame, dtype=object), lines=lines, typed=marks)
