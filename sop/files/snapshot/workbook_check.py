"""Which cells of a received workbook differ from the signed plan.

A received workbook is a stranger's file: it is a zip in the zip, checked against limits that follow from the
signed plan's own size, and read row by row no further than a little beyond the signed cells.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from sop.core.errors import BadInput
from sop.files.export_layout import Sheet
from sop.files.snapshot.archive import MEGABYTE, ArchiveLimits, require_limits
from sop.files.snapshot.differences import shorten, shown

BYTES_PER_CELL, TAGS_PER_CELL = 200, 12
SPARE_TAGS = 60_000
"""XML tags that a workbook may hold beyond its cells: styles, properties, drawing; Excel writes a few thousand."""
CHUNK = 2**18
ROWS_BEYOND, COLUMNS_BEYOND = 100, 20
DAMAGE = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, SyntaxError,
    ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, RecursionError,
)  # fmt: skip
"""What openpyxl raises on a workbook that is not well formed; it has no error class of its own for that."""


def workbook_differences(data: bytes, sheets: Sequence[Sheet]) -> list[str]:
    """Every cell that differs from the signed `sheets`, as 'sheet X, cell B7: was 5, is 6'.

    An empty list means that all signed cells are as signed. Missing, added and hidden sheets are named; a
    workbook that cannot be read, or is far larger than the signed one, is said to be so.
    """
    try:
        require_limits(data, _limits(sheets))
        _require_few_tags(data, sheets)
        return shorten(_compare(data, sheets))
    except BadInput as refusal:
        return [f"not opened: {refusal.what}, because {refusal.why}"]
    except DAMAGE as error:
        return [f"damaged: it cannot be read as a workbook ({type(error).__name__})"]


def _limits(sheets: Sequence[Sheet]) -> ArchiveLimits:
    room = 4 * MEGABYTE + BYTES_PER_CELL * _cells(sheets)
    return ArchiveLimits(archive_bytes=room, entries=200, entry_bytes=room, total_bytes=2 * room)


def _cells(sheets: Sequence[Sheet]) -> int:
    return sum(len(row.cells) for sheet in sheets for row in sheet.rows)


def _require_few_tags(data: bytes, sheets: Sequence[Sheet]) -> None:
    """Refuse XML with far more tags than the signed cells need: every tag becomes an object in memory."""
    room = SPARE_TAGS + TAGS_PER_CELL * _cells(sheets)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                while chunk := part.read(CHUNK):
                    room -= chunk.count(b"<")
                    if room < 0:
                        raise BadInput("it holds far more than the signed cells", why="reading it would cost much")


def _compare(data: bytes, sheets: Sequence[Sheet]) -> list[str]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        signed = [sheet.name for sheet in sheets]
        found = [f"sheet {name}: was not there, is added" for name in book.sheetnames if name not in signed]
        for sheet in sheets:
            found += _sheet_differences(book, sheet)
        return found
    finally:
        book.close()


def _sheet_differences(book: Any, sheet: Sheet) -> list[str]:
    if sheet.name not in book.sheetnames:
        return [f"sheet {sheet.name}: is missing"]
    received = book[sheet.name]
    hidden = [] if received.sheet_state == "visible" else [f"sheet {sheet.name}: is hidden"]
    return [*hidden, *_cell_differences(received, sheet)]


def _cell_differences(received: Any, sheet: Sheet) -> Iterator[str]:
    width = max(len(row.cells) for row in sheet.rows)
    last_row, last_column = len(sheet.rows) + ROWS_BEYOND, width + COLUMNS_BEYOND
    rows = received.iter_rows(min_row=1, max_row=last_row, min_col=1, max_col=last_column, values_only=True)
    signed_rows = (row.cells for row in sheet.rows)
    for number, (was, now) in enumerate(zip_longest(signed_rows, rows, fillvalue=()), start=1):
        for column, (left, right) in enumerate(zip_longest(was, now), start=1):
            if not _same(left, right):
                place = f"{get_column_letter(column)}{number}"
                yield f"sheet {sheet.name}, cell {place}: was {shown(left)}, is {shown(right)}"


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, str) and isinstance(now, str):
        return _unescaped(was) == _unescaped(now)
    if isinstance(was, bool) or isinstance(now, bool):
        return was is now
    return bool(was == now)


def _unescaped(text: str) -> str:
    """Text without the mark that XLSX puts before text that looks like its own escape (_x0041_)."""
    return text.replace("x005F_", "")
