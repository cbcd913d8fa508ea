"""Templates that a company fills in: the header of each table, and every column's meaning beside it."""

import io

import xlsxwriter

from sop.core.examples import EXAMPLES
from sop.core.present import Col, Declared
from sop.core.tables import Column, Table
from sop.files.export import csv_bytes


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
        _write_example(book, spec, bold)
    return buffer.getvalue()


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
        Col("meaning", "text", lambda column: column.meaning),
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
