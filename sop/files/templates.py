"""Templates that a company fills in: the header of each table, and every column's meaning beside it."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from sop.core.tables import Column, Table

_NOTES = "notes"
_NOTE_HEADERS = ("column", "must be filled", "kind", "unit", "limits or choices", "default", "meaning")


def template_csv(spec: Table) -> bytes:
    """The table's header as CSV in UTF-8 with a byte-order mark, so that Excel reads its letters right."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(spec.column_names)
    return ("\ufeff" + text.getvalue()).encode()


def template_xlsx(spec: Table) -> bytes:
    """A workbook with the header on a sheet named like the table and a sheet of notes on each column.

    Key and identifier columns are text, so that 00123 stays 00123 and 2026-12 is not turned into a date.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": f"Template {spec.name}", "comments": spec.meaning})
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(spec.name)
        sheet.freeze_panes(1, 0)
        for i, column in enumerate(spec.columns):
            sheet.write_string(0, i, column.name, bold)
            sheet.write_comment(0, i, note_text(column))
            sheet.set_column(i, i, max(12, len(column.name) + 2), None if column.kind == "number" else text)
            if column.choices:
                sheet.data_validation(1, i, 9999, i, {"validate": "list", "source": list(column.choices)})
        _write_notes(book, spec, bold)
    return buffer.getvalue()


def note_text(column: Column) -> str:
    """A column's meaning in one line: what it is, its unit, and whether it must be filled."""
    parts = [column.meaning, column.unit, "must be filled" if column.required else "optional", _limits(column)]
    return "; ".join(part for part in parts if part)


def note_rows(spec: Table) -> list[tuple[str, ...]]:
    """One row of notes for each column, under the headers of the notes sheet."""
    return [
        (
            column.name,
            "yes" if column.required else "no",
            column.kind,
            column.unit,
            _limits(column),
            ""
            if column.default is None
            else f"{column.default:g}"
            if isinstance(column.default, float)
            else column.default,
            column.meaning,
        )
        for column in spec.columns
    ]


def _limits(column: Column) -> str:
    if column.choices:
        return " / ".join(column.choices)
    low = "" if column.low is None else f"at least {column.low:g}"
    high = "" if column.high is None else f"at most {column.high:g}"
    return ", ".join(filter(None, [low, high]))


def _write_notes(book: xlsxwriter.Workbook, spec: Table, bold: xlsxwriter.format.Format) -> None:
    notes = book.add_worksheet(_NOTES)
    for i, (header, width) in enumerate(zip(_NOTE_HEADERS, (24, 14, 10, 16, 30, 12, 70), strict=True)):
        notes.write_string(0, i, header, bold)
        notes.set_column(i, i, width)
    for line, row in enumerate(note_rows(spec), start=1):
        for i, text in enumerate(row):
            notes.write_string(line, i, text)
    notes.write_string(len(spec.columns) + 2, 0, f"{spec.meaning}. Key: {', '.join(spec.full_key)}.")
