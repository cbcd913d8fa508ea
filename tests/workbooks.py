"""A workbook of rows, as somebody would have saved it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import openpyxl


def workbook_of(rows: Iterable[Sequence[object]]) -> bytes:
    """An .xlsx file with one sheet that holds the rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
