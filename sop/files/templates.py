"""Templates that a company fills in, and its loaded tables under the same headers to be changed and imported.

Texts are written as texts, whatever they begin with.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from sop.core.calendar import worded
from sop.core.examples import EXAMPLES
from sop.core.format import how_many, number
from sop.core.present import Col, Declared
from sop.core.spreadsheet import clean_text
from sop.core.tables import Column, Table, table
from sop.files.export import AS_TEXT, RISKY_START, csv_bytes

if TYPE_CHECKING:
    import xlsxwriter


def template_csv(spec: Table) -> bytes:
    """The table's header as CSV in UTF-8 with a byte-order mark, so that Excel reads its letters right."""
    return csv_bytes(spec.column_names, ())


def example_csv(spec: Table) -> bytes:
    """Rows of an example company, to copy from."""
    return b"\xef\xbb\xbf" + EXAMPLES[spec.name].encode() + b"\n"


def template_xlsx(spec: Table) -> bytes:
    """A workbook with the header on a sheet named like the table, a sheet of notes on each column, and an example.

    Key and identifier columns are text, so that 00123 stays 00123 and 2026-12 is not turned into a date.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": f"Template {spec.name}", "comments": spec.meaning})
        bold = book.add_format({"bold": True})
        _write_header(book, spec, bold)
        _write_notes(book, spec, bold)
        _write_example(book, spec, bold)
    return buffer.getvalue()


def inputs_xlsx(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """The loaded tables as a workbook to work on: a sheet named like each table, which the import of that table
    reads, with its rows under the template's header.

    A table with more than `MOST_ROWS` rows is left out and named on the first sheet.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, AS_TEXT) as book:
        book.set_properties({"title": "Input tables", "created": datetime(1980, 1, 1)})
        bold, risky = book.add_format({"bold": True}), book.add_format({"quote_prefix": True, "num_format": "@"})
        first = book.add_worksheet(READ_ME)
        first.set_column(0, 0, 28)
        first.set_column(1, 1, 90)
        for line, words in enumerate(HOW_TO):
            first.write_string(line, 0, words)
        at = len(HOW_TO) + 1
        for name, frame in tables.items():
            spec, fits = table(name), len(frame) <= MOST_ROWS
            first.write_string(at, 0, name, bold)
            first.write_string(
                at,
                1,
                spec.meaning if fits else f"left out: {how_many(number(len(frame)), 'rows')}; change its source",
            )
            at += 1
            if fits:
                _write_rows(_write_header(book, spec, bold), spec, frame, risky)
    return buffer.getvalue()


READ_ME, MOST_ROWS = "Read me", 50_000
HOW_TO = (
    "Change what you like and import the sheets you changed: on the Data page choose the table and this workbook,",
    "or: python -m sop import TABLE this.xlsx --dry-run   (without --dry-run it is stored)",
    "Each import reads the sheet named like its table, shows what changes and every finding, and can be undone.",
)


def _write_header(book: xlsxwriter.Workbook, spec: Table, bold: Any) -> Any:
    """A sheet named like the table with its columns, their notes and choices; text columns stay text."""
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(spec.name)
    sheet.freeze_panes(1, 0)
    for i, column in enumerate(spec.columns):
        sheet.write_string(0, i, column.name, bold)
        sheet.write_comment(0, i, note_text(column))
        sheet.set_column(i, i, max(12, len(column.name) + 2), None if column.kind == "number" else text)
        if column.choices:
            sheet.data_validation(1, i, 9999, i, {"validate": "list", "source": list(column.choices)})
    return sheet


def _write_rows(sheet: Any, spec: Table, frame: pd.DataFrame, risky: Any) -> None:
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(spec.columns) - 1)
    for i, name in enumerate(spec.column_names):
        if name not in frame:
            continue
        for row, value in enumerate(frame[name].astype(object).where(frame[name].notna(), None), start=1):
            if value is None:
                continue
            if isinstance(value, int | float):
                sheet.write_number(row, i, value)
            else:
                words = clean_text(str(value))
                sheet.write_string(row, i, words, *((risky,) if words.startswith(RISKY_START) else ()))


def note_text(column: Column) -> str:
    """A column's meaning in one line: what it is, its unit, and whether it must be filled."""
    parts = [column.meaning, column.unit, "must be filled" if column.required else "optional", _limits(column)]
    return "; ".join(part for part in parts if part)


def _limits(column: Column) -> str:
    if column.choices:
        return " / ".join(column.choices)
    return f"{column.low:g} to {column.high:g}" if column.kind == "number" else ""


NOTES: Declared[Column] = Declared(
    "notes",
    (
        Col("column", "text", lambda column: column.name),
        Col("must be filled", "text", lambda column: "yes" if column.required else "no"),
        Col("kind", "text", lambda column: column.kind),
        Col("unit", "text", lambda column: column.unit),
        Col("limits or choices", "text", _limits),
        Col("default", "text", lambda column: _default(column.default)),
        Col("meaning", "text", lambda column: worded(column.meaning)),
    ),
)
_EXAMPLE_ROWS = 20
_WIDTHS = (24, 14, 10, 16, 30, 12, 70)


def _default(value: float | str | None) -> str:
    return f"{value:g}" if isinstance(value, float) else value or ""


def _write_notes(book: xlsxwriter.Workbook, spec: Table, bold: xlsxwriter.format.Format) -> None:
    notes = book.add_worksheet(NOTES.name)
    for i, (column, width) in enumerate(zip(NOTES.columns, _WIDTHS, strict=True)):
        notes.write_string(0, i, column.title, bold)
        notes.set_column(i, i, width)
    for line, row in enumerate(NOTES.of(spec.columns).rows, start=1):
        for i, text in enumerate(row):
            notes.write_string(line, i, str(text))
    notes.write_string(len(spec.columns) + 2, 0, f"{spec.meaning}. Key: {', '.join(spec.full_key)}.")


def _write_example(book: xlsxwriter.Workbook, spec: Table, bold: xlsxwriter.format.Format) -> None:
    """The first rows of the example, every cell as the text that it is in CSV."""
    sheet = book.add_worksheet("example")
    for line, row in enumerate(EXAMPLES[spec.name].splitlines()[: _EXAMPLE_ROWS + 1]):
        for i, cell in enumerate(row.split(",")):
            sheet.write_string(line, i, cell, bold if line == 0 else None)
            sheet.set_column(i, i, 18)
