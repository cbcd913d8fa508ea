"""The classic planning sheet, months side by side, turned into one row a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from sop.core.findings import Finding
from sop.core.format import number
from sop.core.tables import Table
from sop.intake.headers import plain_header
from sop.intake.parse import parse_period
from sop.intake.subject import RawTable

_LEAST = 2
_SHOWN = 6
MONTH = "month"
"""What the column of months is called in the table that comes of it: a header of the contract's own."""


def month_headers(raw: RawTable) -> dict[str, str]:
    """Headers that are months, with the month each is."""
    found = {header: parse_period(header, "dmy") for header in raw.columns}
    return {header: date.month for header, date in found.items() if date is not None}


def turn_months(
    spec: Table, raw: RawTable, mapping: Mapping[str, str], set_values: Mapping[str, str], answer: str | None
) -> RawTable:
    """The file with one row a month where its headers are months and the table wants a month; else as it is.

    `answer`: the column that the figures are. Without one they are the only figure that is required and not
    given; where there are several, that is asked. An empty cell is no row. Each row keeps the line it comes from.
    """
    months = month_headers(raw)
    given = {mapping.get(header, plain_header(header)) for header in raw.columns} | set(set_values)
    if not spec.has_months or MONTH in given or len(months) < _LEAST:
        return raw
    twice = sorted({month for month in months.values() if list(months.values()).count(month) > 1})
    wanted = [c.name for c in spec.columns if c.kind == "number" and c.required and c.name not in given]
    choices = [c.name for c in spec.columns if c.kind == "number" and c.name not in given]
    value = answer if answer in choices else (wanted or choices)[0] if len(wanted or choices) == 1 else None
    if value is None or twice or not choices:
        why = (
            f"the month {twice[0]} stands twice"
            if twice
            else f"nobody says which of {', '.join(choices)} they are"
        )
        ask = "Keep one of them" if twice else f"Answer month_values=COLUMN, for example month_values={choices[0]}"
        rule, level = ("doubled_header", "error") if twice else ("month_values", "question")
        what = f"{len(months)} columns are months, and {why}"
        found = Finding(level, rule, what, ask, spec.name, raw.name, value=", ".join(list(months)[:_SHOWN]))  # type: ignore[arg-type]
        value = choices[0] if choices else spec.columns[-1].name
        return replace(_melted(raw, months, value), findings=(*raw.findings, found))
    turned = _melted(raw, months, value)
    first, last = min(months.values()), max(months.values())
    what = f"{len(months)} columns are months, {first} to {last}: {number(len(raw.frame))} rows are turned into "
    what += f"{number(len(turned.frame))}, one a month, and their figures are taken as {value}"
    others = [name for name in choices if name != value]
    remedy = f"If they are another figure, answer month_values={others[0]}" if others else ""
    note = Finding("warning", "months_turned", what, remedy, spec.name, raw.name, column=value)
    return replace(turned, findings=(*raw.findings, note))


def _melted(raw: RawTable, months: Mapping[str, str], value: str) -> RawTable:
    """One row for each filled cell under a month."""
    keep = [header for header in raw.columns if header not in months]
    cells = raw.frame[list(months)]
    filled = cells.notna().to_numpy(bool)
    rows, columns = filled.nonzero()
    names = list(months)
    frame = raw.frame[keep].iloc[rows].reset_index(drop=True)
    frame[MONTH] = [months[names[i]] for i in columns]
    frame[value] = cells.to_numpy(object)[filled]
    typed = None
    if raw.typed is not None:
        typed = raw.typed[keep].iloc[rows].reset_index(drop=True)
        typed[MONTH] = False
        typed[value] = raw.typed[names].to_numpy(bool)[filled]
    lines = tuple(raw.lines[int(row)] for row in rows)
    return replace(raw, frame=pd.DataFrame(frame, dtype=object), lines=lines, typed=typed)
