"""Text cells to a typed frame in contract order; whatever cannot be read stays missing for the rules to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sop.core.calendar import bucket_of, is_open, shift_period
from sop.core.errors import BadInput
from sop.core.tables import Column, Table
from sop.intake.coded import coded
from sop.intake.gather import add_up, gather_rows
from sop.intake.headers import Headers, map_headers, plain_header
from sop.intake.parse import Settled, mixed_marks, parse_date, parse_number, settle
from sop.intake.subject import Mode, RawTable, Reading, Subject, conform, staying
from sop.intake.totals import nameless_rows, proven_totals, tell_left_out, total_rows

SERIES = ["plant", "product"]
"""What stock is kept by."""


def read_subject(
    spec: Table,
    raw: RawTable,
    mapping: Mapping[str, str],
    set_values: Mapping[str, str],
    tables: Mapping[str, pd.DataFrame],
    first_open: str,
    until: str | None,
    answers: Mapping[str, str],
    mode: Mode,
) -> tuple[Subject, Headers]:
    """The file as the rules see it, and how its headers were understood.

    Cells that the file itself types as numbers have a decimal point. A set value fills its whole column, and a
    stock that is not given opens as the month before closed.
    """
    headers = map_headers(spec, raw, mapping, set_values)
    theirs = {ours: header for header, ours in headers.mapping.items()}
    empty = alike(None, raw.frame.index, object)
    columns = {
        name: raw.frame[theirs[name]] if name in theirs
        else empty if set_values.get(name) is None
        else alike(set_values[name], raw.frame.index, object)
        for name in spec.column_names
    }  # fmt: skip
    # No column is copied, here and below: a long table would be held many times over.
    cells = pd.DataFrame(columns, index=raw.frame.index, copy=False)
    typed: dict[str, np.ndarray] = {}
    if raw.typed is not None:
        typed = {ours: raw.typed[header].to_numpy(bool) for ours, header in theirs.items()}
    told = cells.assign(**{name: cells[name].mask(plain) for name, plain in typed.items()}) if typed else cells
    decimal = _settle_decimal(spec, told, raw.delimiter, answers.get("decimal"))
    order = _settle_order(_texts(spec, cells, "month", "date"), answers.get("date_order"))
    late = answers.get("late_hours") == "next"
    reading = Reading(decimal, order, answers.get("time_zone"), bucket_of(first_open), late)
    given = {*theirs, *(name for name, value in set_values.items() if value is not None)}
    nothing = alike(np.nan, raw.frame.index, float)
    columns = {
        column.name: _values(column, cells[column.name], typed.get(column.name), reading)
        if column.name in given or column.kind not in ("number", "text")
        else (nothing if column.kind == "number" else empty)
        for column in spec.columns
    }
    values = pd.DataFrame(columns, index=cells.index, copy=False)
    totals = total_rows(spec, cells, raw.frame)
    proven = proven_totals(spec, cells, values, totals.where(totals.notna(), nameless_rows(spec, cells)))
    headers = replace(headers, findings=(*headers.findings, *tell_left_out(spec, raw, proven)))
    told_rows = raw.frame
    if proven.any():
        cells, values, told_rows = cells[~proven], values[~proven], raw.frame[~proven]
    totals = totals[~proven].notna()
    later = pd.Series(False, index=values.index)
    if until is not None and spec.dated_by:
        after = shift_period(until, 1)
        later = pd.Series(coded(values[spec.dated_by]).where(lambda text: is_open(text, after)), values.index)
        if "scenario" in values:
            # A budget speaks of months to come: only actuals of them are set aside.
            later &= values["scenario"].ne("budget")
    gathered = gather_rows(spec, cells, values, told_rows, _days(spec, cells, reading))
    frame = values[~later] if later.any() else values
    if answers.get("duplicates") == "drop":
        frame = frame[~gathered.copies]
    if adds_up(spec, answers):
        frame = add_up(spec, frame, gathered)
    if spec.name == "inventory":
        stored = tables.get("inventory")
        kept = staying(spec, None if stored is None else conform(spec, stored), frame, mode)
        for rows in (values, frame := frame.copy()):
            given = cells.loc[rows.index, "opening"].notna()
            rows["opening"] = rows["opening"].where(given, previous_closing(frame, kept, rows))
    subject = Subject(
        spec=spec,
        raw=raw,
        cells=cells,
        values=values,
        frame=frame,
        set_aside=values[later],
        reading=reading,
        tables=tables,
        first_open=first_open,
        answers=answers,
        mode=mode,
        gathered=gathered,
        totals=totals,
    )
    return subject, headers


def alike(value: object, index: pd.Index, kind: type) -> pd.Series:
    """A column whose every cell is the same, held once; not to be written into."""
    return pd.Series(np.broadcast_to(np.array(value, dtype=kind), len(index)), index, copy=False)


def adds_up(spec: Table, answers: Mapping[str, str]) -> bool:
    """Whether rows of one key are added up. Raises BadInput in a table in which nothing can be."""
    asked = answers.get("same_key") == "sum" or answers.get("duplicates") == "add"
    if asked and not spec.added_columns:
        raise BadInput(
            f"rows of {spec.name} cannot be added up",
            why="it has no column of quantities or amounts",
            remedy="Keep one row for each key",
        )
    return asked


def _days(spec: Table, cells: pd.DataFrame, reading: Reading) -> pd.Series | None:
    """The day that each row's month cell tells; None where it, or the whole file, tells months alone."""
    if not spec.has_months:
        return None
    found = coded(cells["month"])
    days = [date.day if (date := reading.date(text)) else None for text in found.texts]
    if not any(days):
        return None
    return pd.Series(_array([*days, None], object)[found.codes], cells.index, dtype=object)


def _texts(spec: Table, cells: pd.DataFrame, *kinds: str) -> list[str]:
    """The different texts in columns of some kinds."""
    return sorted({text for c in spec.columns if c.kind in kinds for text in cells[c.name].dropna().unique()})


def _settle_decimal(spec: Table, cells: pd.DataFrame, delimiter: str, answer: str | None) -> Settled:
    """The decimal mark of text numbers: the answer, else what the texts themselves settle.

    Commas in a comma-delimited file would have to be quoted, so there a file without any settles the point. A
    column that holds both 1,234 and 1.234 settles nothing, whatever other numbers say.
    """
    if answer in (".", ","):
        return Settled(answer)
    for column in spec.columns:
        if column.kind == "number" and (pair := mixed_marks(sorted(cells[column.name].dropna().unique()))):
            return Settled(None, pair)
    texts = _texts(spec, cells, "number")
    if delimiter == "," and not any("," in text for text in texts):
        return Settled(".")
    return settle(texts, (".", ","), parse_number)


def _settle_order(texts: list[str], answer: str | None) -> Settled:
    """Whether day or month comes first: the answer, else what the texts themselves settle."""
    if answer in ("dmy", "mdy"):
        return Settled(answer)
    return settle(texts, ("dmy", "mdy"), lambda text, order: (found := parse_date(text, order)) and found[:2])


def _values(column: Column, cells: pd.Series, plain: np.ndarray | None, reading: Reading) -> pd.Series:
    """A column as floats, `YYYY-MM`, `YYYY-MM-DD`, choices or texts; what cannot be read is missing.

    `plain`: by row, whether the file itself says that its cell is a number; None where no cell is.
    """
    if column.kind == "text":
        return cells
    found = coded(cells)
    kind: type = float if column.kind == "number" else object
    missing = np.nan if column.kind == "number" else None

    def read(plain: bool) -> np.ndarray:
        values = [
            missing if (value := _value(text, column, plain, reading)) is None else value for text in found.texts
        ]
        return _array([*values, missing], kind)[found.codes]

    if column.kind != "number" or plain is None or not plain.any():
        return pd.Series(read(False), cells.index)
    return pd.Series(np.where(plain, read(True), read(False)), cells.index)


def _array(values: list[Any], kind: type) -> np.ndarray:
    result: np.ndarray = np.empty(len(values), dtype=kind)
    result[:] = values
    return result


def _value(text: str, column: Column, plain: bool, reading: Reading) -> str | float | None:
    """What a text is in a column; None where the column cannot hold it. `plain`: typed as a number by the file."""
    if column.kind == "number":
        return parse_number(text, "." if plain else reading.decimal.choice or ".")
    if column.kind == "choice":
        return chosen(text, column)
    found = reading.date(text)
    return found and (found.month if column.kind == "month" else found.day)


def chosen(text: str, column: Column) -> str | None:
    """The choice that a text is, by its own name or by what it is called elsewhere; None where it is none."""
    meant = text.lower().replace(" ", "_").replace("-", "_")
    own = next((choice for choice in column.choices if choice.lower() == meant), None)
    return own or dict(column.words).get(plain_header(text))


def previous_closing(
    values: pd.DataFrame, stored: pd.DataFrame | None, of: pd.DataFrame | None = None
) -> pd.Series:
    """The closing stock of the month before for each row of `of` (the `values` themselves where it is not given).

    Not-a-number where there is none; `stored` rows count too.
    """
    of = values if of is None else of
    key = ["month", *SERIES]
    rows = [frame[[*key, "closing"]] for frame in (values, stored) if frame is not None and len(frame)]
    known = pd.concat(rows or [values[[*key, "closing"]]]).dropna(subset=["month", "closing"]).drop_duplicates(key)
    later = {month: shift_period(month, 1) for month in known["month"].unique()}
    following = known.assign(month=known["month"].map(later.__getitem__))
    merged = of[key].merge(following, how="left", on=key)
    return pd.Series(merged["closing"].to_numpy(float), index=of.index)
