"""Text cells to a typed frame in contract order; whatever cannot be read stays missing for the rules to find."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sop.core.tables import Column, Table
from sop.intake.headers import Headers, map_headers
from sop.intake.parse import Settled, parse_date, parse_number, settle
from sop.intake.raw import RawTable
from sop.intake.stock import fill_opening
from sop.intake.subject import Mode, Subject

CLOSING_MONTH = {"deliveries": "ordered"}
"""Tables whose rows belong to the month of another column than `month`."""


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
    """The file as the rules see it, and how its headers were understood."""
    headers = map_headers(spec, raw, mapping, set_values)
    cells = build_cells(spec, raw, headers.mapping, set_values)
    decimal = settle_decimal(spec, raw, cells, headers.mapping, answers)
    order = settle_date_order(spec, cells, answers)
    values = read_values(spec, raw, cells, headers.mapping, decimal.choice or ".", order.choice or "dmy")
    if spec.name == "inventory":
        values = fill_opening(values, tables.get("inventory") if mode == "add" else None)
    later = _later_rows(spec, values, until)
    subject = Subject(
        spec,
        raw,
        cells,
        values,
        values[~later],
        values[later],
        decimal,
        order,
        tables,
        first_open,
        until,
        answers,
        mode,
    )
    return subject, headers


def build_cells(
    spec: Table, raw: RawTable, mapping: Mapping[str, str], set_values: Mapping[str, str]
) -> pd.DataFrame:
    """Text cells under the contract's names, in its order; a set value fills its whole column."""
    theirs = {ours: header for header, ours in mapping.items()}
    columns: dict[str, pd.Series | str | None] = {}
    for name in spec.column_names:
        columns[name] = raw.frame[theirs[name]] if name in theirs else set_values.get(name)
    return pd.DataFrame(columns, index=raw.frame.index, dtype=object)


def settle_decimal(
    spec: Table, raw: RawTable, cells: pd.DataFrame, mapping: Mapping[str, str], answers: Mapping[str, str]
) -> Settled:
    """The decimal mark of the file's text numbers: the answer, else what the texts themselves settle.

    Commas in a comma-delimited file would have to be quoted, so there a file without any settles the point.
    """
    if answers.get("decimal") in (".", ","):
        return Settled(answers["decimal"])
    texts: set[str] = set()
    for column in _columns(spec, "number"):
        texts |= set(cells.loc[~_typed(raw, mapping, column.name), column.name].dropna())
    if raw.delimiter == "," and not any("," in text for text in texts):
        return Settled(".")
    return settle(sorted(texts), (".", ","), parse_number)


def settle_date_order(spec: Table, cells: pd.DataFrame, answers: Mapping[str, str]) -> Settled:
    """Whether day or month comes first: the answer, else what the texts themselves settle."""
    if answers.get("date_order") in ("dmy", "mdy"):
        return Settled(answers["date_order"])
    columns = [column.name for column in spec.columns if column.kind in ("month", "date")]
    texts = sorted({text for name in columns for text in cells[name].dropna()})
    return settle(texts, ("dmy", "mdy"), _month_and_day)


def _month_and_day(text: str, order: str) -> tuple[str, str | None] | None:
    found = parse_date(text, order)
    return (found.month, found.day) if found else None


def _date_value(text: str, order: str, kind: str) -> str | None:
    found = parse_date(text, order)
    if found is None:
        return None
    return found.month if kind == "month" else found.day


def read_values(
    spec: Table, raw: RawTable, cells: pd.DataFrame, mapping: Mapping[str, str], decimal: str, order: str
) -> pd.DataFrame:
    """Every contract column typed: float, `YYYY-MM`, `YYYY-MM-DD`, choice or text; unreadable = missing."""
    columns = {}
    for column in spec.columns:
        texts = cells[column.name]
        if column.kind == "number":
            columns[column.name] = _read_numbers(texts, _typed(raw, mapping, column.name), decimal)
        elif column.kind in ("month", "date"):
            known = {text: _date_value(text, order, column.kind) for text in texts.dropna().unique()}
            columns[column.name] = _map(texts, known)
        elif column.kind == "choice":
            columns[column.name] = _map(texts, {text: _choice(text, column) for text in texts.dropna().unique()})
        else:
            columns[column.name] = texts
    return pd.DataFrame(columns, index=cells.index)


def _read_numbers(texts: pd.Series, typed: pd.Series, decimal: str) -> pd.Series:
    result = pd.Series(np.nan, index=texts.index, dtype=float)
    for mask, mark in ((typed, "."), (~typed, decimal)):
        chosen = texts[mask & texts.notna()]
        known = {text: parse_number(text, mark) for text in chosen.unique()}
        result[chosen.index] = chosen.map(known).astype(float)
    return result


def _map(texts: pd.Series, known: Mapping[str, str | None]) -> pd.Series:
    return pd.Series([known.get(text) if text is not None else None for text in texts], texts.index, dtype=object)


def _choice(text: str, column: Column) -> str | None:
    plain = text.lower().replace(" ", "_").replace("-", "_")
    return next((choice for choice in column.choices if choice.lower() == plain), None)


def _columns(spec: Table, kind: str) -> list[Column]:
    return [column for column in spec.columns if column.kind == kind]


def _typed(raw: RawTable, mapping: Mapping[str, str], name: str) -> pd.Series:
    """Which cells of a contract column the file itself types as numbers."""
    header = next((theirs for theirs, ours in mapping.items() if ours == name), None)
    if raw.typed is None or header is None:
        return pd.Series(False, index=raw.frame.index)
    return raw.typed[header]


def month_of_rows(spec: Table, values: pd.DataFrame) -> pd.Series | None:
    """The month each row belongs to, None for tables without one."""
    if spec.name in CLOSING_MONTH:
        return values[CLOSING_MONTH[spec.name]].str[:7] if len(values) else values[CLOSING_MONTH[spec.name]]
    return values["month"] if spec.has_months else None


def _later_rows(spec: Table, values: pd.DataFrame, until: str | None) -> pd.Series:
    months = month_of_rows(spec, values)
    if until is None or months is None:
        return pd.Series(False, index=values.index)
    return (months.fillna("") > until).astype(bool)
