"""Delimited text that holds a table and nothing else, read by columns: millions of rows in little memory.

Whatever is odd (titles above the header, a footer, a row of another width, quotation marks within a text, a column
without a name) is not read here but row by row, where every oddity is named with its line. What both read is the
same.
"""

import csv
import re
from collections.abc import Collection

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as columns_of

from sop.files.readers.header import find_header, is_caption
from sop.files.readers.limits import Limits
from sop.files.readers.stacked import Row, is_label_row

_LEAST_ROWS = 200
"""Shorter files are read row by row: there is nothing to gain."""
_HEAD = 30
"""Rows among which the header is looked for, and some."""
_BLOCK = 8_000_000

Plain = tuple[pd.DataFrame, range]
"""Cells as texts, and the source line of each row."""


def read_plain(text: str, delimiter: str, name: str, wanted: Collection[str], limits: Limits) -> Plain | None:
    """The table of a text; None where it holds anything beside. Equal cells of a column are one text in memory.

    Raises BadInput beyond the limits.
    """
    rows = text.count("\n") + (not text.endswith("\n"))
    if rows < _LEAST_ROWS or text[:4].lower() == "sep=" or not _is_regular(text, delimiter):
        return None
    lines = text[: _end(text, _HEAD)].removesuffix("\n").split("\n")
    head: list[Row] = [(i + 1, cells) for i, cells in enumerate(_cells(lines, delimiter))]
    names = [str(cell) for cell in head[0][1] if cell]
    width = len(head[0][1])
    whole = all(len(cells) == width and any(cells) for _, cells in head)
    if not whole or width < 2 or len(set(names)) < width or not is_label_row(names):
        return None
    header = find_header(head, wanted)
    if (header.line, header.rows) != (1, 1) or is_caption(head[1:]):
        return None
    limits.require_shape(rows, width, name)
    columns = _read_columns(text, delimiter, width, limits)
    if columns is None or len(columns[0]) != rows or _is_odd(columns):
        return None
    data = {name: column[1:] for name, column in zip(names, columns, strict=True)}
    return pd.DataFrame(data, dtype=object, index=range(rows - 1), copy=False), range(2, rows + 1)


def _end(text: str, lines: int) -> int:
    """Where the first lines of a text end."""
    end = -1
    for _ in range(lines):
        end = text.find("\n", end + 1)
        if end < 0:
            return len(text)
    return end + 1


def _is_regular(text: str, delimiter: str) -> bool:
    """Whether every line ends alike and every quotation mark opens or closes a cell of one line."""
    if text.count("\r") != text.count("\r\n"):
        return False
    if '"' not in text:
        return True
    mark = re.escape(delimiter)
    return '"' not in re.sub(rf'(?:(?<=[{mark}\n])|\A)"[^"\r\n]*"(?=[{mark}\r\n]|\Z)', "", text)


def _cells(lines: list[str], delimiter: str) -> list[list[str | None]]:
    """The cells of regular lines."""
    rows = csv.reader((line.removesuffix("\r") for line in lines), delimiter=delimiter)
    return [[cell.strip() or None for cell in row] for row in rows]


def _read_columns(text: str, delimiter: str, width: int, limits: Limits) -> list[np.ndarray] | None:
    """Each column's cells with the header's; None where rows are of another width or a cell is too long."""
    names = [str(i) for i in range(width)]
    kind = pa.dictionary(pa.int32(), pa.utf8())
    try:
        table = columns_of.read_csv(
            pa.BufferReader(pa.py_buffer(text.encode())),
            columns_of.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names),
            columns_of.ParseOptions(delimiter=delimiter, newlines_in_values=False, ignore_empty_lines=False),
            columns_of.ConvertOptions(
                column_types=dict.fromkeys(names, kind), null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowException:
        return None
    table = table.unify_dictionaries()
    columns: list[np.ndarray] = []
    for name in names:
        chunks = table.column(name).chunks
        texts = chunks[0].dictionary.to_pylist()
        if any(len(each) > limits.cell_characters for each in texts):
            return None
        cells = np.array([text.strip() or None for text in texts], dtype=object)
        columns.append(cells[np.concatenate([chunk.indices.to_numpy(zero_copy_only=False) for chunk in chunks])])
        table = table.drop_columns([name])
    pa.default_memory_pool().release_unused()
    return columns


def _is_odd(columns: list[np.ndarray]) -> bool:
    """Whether a row is empty or repeats the header, or the last one may be a line below the table."""
    empty = np.ones(len(columns[0]), dtype=bool)
    again = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        empty &= pd.isna(column)
        again &= column == column[0]
    filled = sum(column[-1] is not None for column in columns)
    return bool(empty.any() or again.sum() > 1 or filled == 1)
