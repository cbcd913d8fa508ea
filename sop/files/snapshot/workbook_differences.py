"""What changed between the workbook of a signed plan and a copy of it, cell by cell."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from sop.core.errors import BadInput
from sop.core.spreadsheet import Formula, Sheet
from sop.files.archive import MEGABYTE, ArchiveLimits, chunks_of, require_limits
from sop.files.snapshot.differences import shorten, shown

BYTES_PER_CELL, TAGS_PER_CELL = 200, 12
SPARE_TAGS = 60_000
"""XML tags that a workbook may hold beyond its cells: styles, properties, drawing; Excel writes a few thousand."""
ROWS_BEYOND, COLUMNS_BEYOND = 100, 20
DAMAGE = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, SyntaxError,
    ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, RecursionError,
)  # fmt: skip
"""What openpyxl raises on a workbook that is not well formed; it has no error class of its own for that."""


def workbook_differences(
    data: bytes, sheets: Sequence[Sheet], beside: Sequence[str] = (), more_cells: int = 0
) -> list[str]:
    """Every cell that differs from the signed `sheets`, as 'sheet X, cell B7: was 5, is 6'; sheets `beside` them
    may be there, with so many `more_cells`, and are not compared.

    An empty list means that all signed cells are as signed. Missing, added and hidden sheets are named; a
    workbook that cannot be read, or is far larger than the signed one, is said to be so.
    """
    try:
        cells = _cells(sheets) + more_cells
        require_limits(data, _limits(cells))
        _require_few_tags(data, cells)
        return shorten(_compare(data, sheets, beside))
    except BadInput as refusal:
        return [f"not opened: {refusal.what}, because {refusal.why}"]
    except DAMAGE as error:
        return [f"damaged: it cannot be read as a workbook ({type(error).__name__})"]


def _limits(cells: int) -> ArchiveLimits:
    room = 4 * MEGABYTE + BYTES_PER_CELL * cells
    return ArchiveLimits(archive_bytes=room, entries=200, entry_bytes=room, total_bytes=2 * room)


def _cells(sheets: Sequence[Sheet]) -> int:
    return sum(len(row.cells) for sheet in sheets for row in sheet.rows)


def _require_few_tags(data: bytes, cells: int) -> None:
    """Refuse XML with far more tags than the signed cells need: every tag becomes an object in memory."""
    room = SPARE_TAGS + TAGS_PER_CELL * cells
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for chunk in chain.from_iterable(chunks_of(archive, entry) for entry in archive.infolist()):
            room -= chunk.count(b"<")
            if room < 0:
                raise BadInput("it holds far more than the signed cells", why="reading it would cost much")


def _compare(data: bytes, sheets: Sequence[Sheet], beside: Sequence[str]) -> Iterator[str]:
    with closing(load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)) as book:
        signed = [*(sheet.name for sheet in sheets), *beside]
        yield from (f"sheet {name}: was not there, is added" for name in book.sheetnames if name not in signed)
        for sheet in sheets:
            if sheet.name in book.sheetnames:
                yield from _sheet_differences(book[sheet.name], sheet)
            else:
                yield f"sheet {sheet.name}: is missing"


def _sheet_differences(received: Any, sheet: Sheet) -> Iterator[str]:
    if received.sheet_state != "visible":
        yield f"sheet {sheet.name}: is hidden"
    last_row, last_column = len(sheet.rows) + ROWS_BEYOND, sheet.width + COLUMNS_BEYOND
    rows = received.iter_rows(min_row=1, max_row=last_row, min_col=1, max_col=last_column, values_only=True)
    signed_rows = (row.cells for row in sheet.rows)
    for number, (was, now) in enumerate(zip_longest(signed_rows, rows, fillvalue=()), start=1):
        for column, (left, right) in enumerate(zip_longest(was, now), start=1):
            if not _same(left, right):
                place = f"{get_column_letter(column)}{number}"
                yield f"sheet {sheet.name}, cell {place}: was {shown(left)}, is {shown(right)}"


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, Formula):
        return bool(was.text == now)
    if isinstance(was, str) and isinstance(now, str):
        return _unescaped(was) == _unescaped(now)
    if isinstance(was, bool) or isinstance(now, bool):
        return was is now
    return bool(was == now)


def _unescaped(text: str) -> str:
    """Text without the mark that XLSX puts before text that looks like its own escape (_x0041_)."""
    return text.replace("x005F_", "")
