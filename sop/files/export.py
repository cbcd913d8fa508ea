"""A plan as files that people open: the workbook of all seven plans, lines.csv, and tables from a page.

Names come from strangers' files, so every text is written as text: in the workbook no cell is ever a formula,
and in CSV a text that a spreadsheet would run gets an apostrophe in front (OWASP, "CSV Injection").
"""

import csv
import io
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from sop.core.errors import BadInput
from sop.core.format import how_many, number
from sop.core.spreadsheet import Formula, Sheet, SheetCell, SheetChart, WorkbookRow
from sop.files.export_layout import GATE, NUMBER_FORMATS, build_sheets

LINES_HEADER = ("plan", "measure", "family", "region", "resource", "month", "value", "unit", "currency")
AS_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""How workbooks are written: what somebody typed stays text, whatever it looks like."""
RISKY_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
COMPARED, READABLE, WIDEST = 2, 18, 60
"""Columns of words of a sheet that compares, columns that a page holds, and letters of the widest column."""
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LINE = "#DCE1E7"
CHART_COLOURS = ("#35414E", "#8FB4DA", "#AEB8C3", "#5A6672")
FIRST_CREATED = datetime(1980, 1, 1, tzinfo=UTC)


def write_workbook(
    content: Mapping[str, Any],
    signatures: Sequence[Mapping[str, Any]] = (),
    digest: str = "",
    created: datetime = FIRST_CREATED,
    beside: Sequence[Sheet] = (),
    provenance: Mapping[str, Any] | None = None,
) -> bytes:
    """The plan as XLSX: Summary, one sheet for each of the seven plans, registers, gate and inputs.

    `beside`: sheets that stand after the summary and compare the plan with what it does not hold. The same
    arguments give the same bytes: `created` is the only time in the file. Raises `BadInput` where a sheet would
    be larger than Excel holds.
    """
    import xlsxwriter  # loaded by whoever writes a workbook, and by no page

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, AS_TEXT)
    book.set_properties(
        {"title": "Executive S&OP review", "created": created.astimezone(UTC).replace(tzinfo=None)}
    )
    formats = _formats(book)
    summary, *others = build_sheets(content, signatures, digest, provenance)
    for sheet in (summary, *beside, *others):
        _require_room(sheet)
        _write_sheet(book, book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return buffer.getvalue()


def lines_csv(content: Mapping[str, Any]) -> bytes:
    """Every plan line as one CSV row with its exact value, unit and currency."""
    rows = ([line.get(column) for column in LINES_HEADER] for line in content.get("lines") or ())
    return csv_bytes(LINES_HEADER, rows)


def csv_of(frame: pd.DataFrame) -> bytes:
    """A table from a page as CSV for a spreadsheet; missing values stay empty."""
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return csv_bytes([str(column) for column in frame.columns], rows)


def neutral_text(value: Any) -> Any:
    """A CSV cell that no spreadsheet runs: risky text gets an apostrophe in front, numbers stay numbers.

    >>> neutral_text("=1+1"), neutral_text("-5.20"), neutral_text("@home")
    ("'=1+1", '-5.20', "'@home")
    """
    if not isinstance(value, str) or PLAIN_NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.startswith(RISKY_START) else value


def csv_bytes(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> bytes:
    """CSV in UTF-8 with a byte order mark, so that Excel shows every name rightly."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral_text(name) for name in header])
    writer.writerows([neutral_text(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _require_room(sheet: Sheet) -> None:
    if len(sheet.rows) > LAST_ROW or sheet.width > LAST_COLUMN:
        raise BadInput(
            f"it needs {how_many(number(len(sheet.rows)), 'rows')} and {how_many(number(sheet.width), 'columns')}",
            where=f"sheet {sheet.name}",
            why="Excel holds 1,048,576 rows and 16,384 columns",
            remedy="Use lines.csv",
        )


def _formats(book: Any) -> dict[str, Any]:
    """A format for each kind of row and form of number, and those of texts."""
    kinds = {"body": {}, "strong": {"bold": True, "top": 1, "top_color": LINE}}
    formats = {
        f"{kind} {name}": book.add_format({"num_format": code, **look})
        for kind, look in kinds.items()
        for name, code in NUMBER_FORMATS.items()
    }
    formats["title"] = book.add_format({"bold": True, "font_size": 13})
    formats["note"] = book.add_format({"italic": True, "font_color": "#5A6472"})
    formats["header"] = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "text_wrap": True})
    formats["header over figures"] = book.add_format(
        {"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "text_wrap": True, "align": "right"}
    )
    formats["block"] = book.add_format({"bold": True, "bg_color": "#F4F6F8"})
    formats["strong"] = book.add_format({"bold": True, "top": 1, "top_color": LINE})
    formats["header after figures"] = book.add_format(
        {"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "text_wrap": True, "indent": 1}
    )
    formats["text"] = book.add_format()
    formats["text after figures"] = book.add_format({"indent": 1})
    formats["risky text"] = book.add_format({"quote_prefix": True})
    return formats


def _write_sheet(book: Any, target: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for index, row in enumerate(sheet.rows):
        figures = _figure_columns(sheet, index) if row.kind == "header" else frozenset()
        for column, cell in enumerate(row.cells):
            _write_cell(target, index, column, cell, row, formats)
            if row.kind == "header" and isinstance(cell, str) and not cell.startswith(RISKY_START):
                side = "over" if column in figures else "after" if column - 1 in figures else ""
                if side:
                    target.write_string(index, column, cell, formats[f"header {side} figures"])
        if row.kind == "block":
            target.set_row(index, None, formats["block"])
    header = sheet.header
    if header is not None and sheet.fixed_columns:
        target.freeze_panes(header + 1, sheet.fixed_columns)
        target.repeat_rows(header)
        if sheet.filters and len(sheet.rows) > header + 1:
            target.autofilter(header, 0, len(sheet.rows) - 1, len(sheet.rows[header].cells) - 1)
    for chart in sheet.charts:
        _write_chart(book, target, sheet, chart)
    _set_up_print(target, sheet)


def _below(sheet: Sheet, header: int) -> tuple[WorkbookRow, ...]:
    """The rows under a header, to the next one."""
    later = itertools.takewhile(lambda row: row.kind not in ("header", "title"), sheet.rows[header + 1 :])
    return tuple(row for row in later if row.kind in ("body", "strong"))


def _figure_columns(sheet: Sheet, header: int) -> frozenset[int]:
    """The columns under a header that hold figures alone."""
    below = [row.cells for row in _below(sheet, header)]
    told = {at for cells in below for at, cell in enumerate(cells) if isinstance(cell, str) and cell}
    held = {at for cells in below for at, cell in enumerate(cells) if not isinstance(cell, str | None)}
    return frozenset(held - told)


def _text_widths(sheet: Sheet) -> dict[int, int]:
    """Letters of the longest text of each column of a list, so that none is cut by what stands to its right."""
    found: dict[int, int] = {}
    for row in _below(sheet, sheet.header) if sheet.header is not None else ():
        for at, cell in enumerate(row.cells):
            if isinstance(cell, str):
                found[at] = min(max(found.get(at, 0), len(cell)), WIDEST)
    return found


def _write_cell(
    target: Any, row: int, column: int, cell: SheetCell, source: WorkbookRow, formats: dict[str, Any]
) -> None:
    """Type decides how a cell is written; text never passes through a guess about formulas or links."""
    number = f"{'strong' if source.kind == 'strong' else 'body'} {source.number_format}"
    if isinstance(cell, str):
        style: str = source.kind if source.kind != "body" else "text"
        if style == "text" and column and isinstance(source.cells[column - 1], int | float | Formula):
            # Figures stand at the right of their column: a text beside them begins with room.
            style = "text after figures"
        style = "risky text" if cell.startswith(RISKY_START) else style
        target.write_string(row, column, cell, formats[style])
    elif isinstance(cell, Formula):
        target.write_formula(row, column, cell.text, formats[number], cell.value)
    elif cell is not None:
        target.write_number(row, column, cell, formats[number])


def _write_chart(book: Any, target: Any, sheet: Sheet, chart: SheetChart) -> None:
    """A native chart of some rows of the sheet; months are its axis, and rows its series by their names."""
    made = book.add_chart({"type": chart.form})
    first, last = chart.span
    for at, row in enumerate(chart.rows):
        look = {"color": CHART_COLOURS[at % len(CHART_COLOURS)]}
        made.add_series(
            {
                "name": [sheet.name, row, 0],
                "categories": [sheet.name, chart.header, first, chart.header, last],
                "values": [sheet.name, row, first, row, last],
                **({"fill": look, "gap": 60} if chart.form == "column" else {"line": {**look, "width": 2}}),
            }
        )
    made.set_title({"name": chart.title, "name_font": {"size": 11}, "overlay": False})
    made.set_legend({"position": "top"})
    made.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": LINE}}, "line": {"none": True}})
    made.set_size({"width": 760, "height": 260})
    target.insert_chart(*chart.at, made)


def _set_up_print(target: Any, sheet: Sheet) -> None:
    """Widths, and A4 across: as many pages as stay readable, with the words repeated on each."""
    labels = max(sheet.fixed_columns, 1)
    target.set_column(0, 0, 30)
    target.set_column(1, max(labels - 1, 1), 12 if labels == COMPARED else 18)
    target.set_column(max(labels, 2), max(labels, sheet.width - 1, 4), 13)
    if sheet.filters or sheet.name == GATE:
        least = {0: 30} | dict.fromkeys(range(1, max(labels, 2)), 18)
        for column, letters in _text_widths(sheet).items():
            if letters > least.get(column, 13):
                target.set_column(column, column, letters)
    target.set_landscape()
    target.set_paper(9)
    target.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    if sheet.fixed_columns > 1:
        target.repeat_columns(0, labels - 1)
    target.fit_to_pages(math.ceil(sheet.width / READABLE), 0)
    target.set_footer("&L&A&RPage &P of &N")
    target.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
