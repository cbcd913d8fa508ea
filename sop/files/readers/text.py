"""Delimited text: encoding, delimiter and rows, every cell kept as its text."""

import codecs
import csv
import io
from collections import Counter

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.files.readers.limits import Limits, too_large
from sop.files.readers.table import Row

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 60
_SAMPLE_BYTES = 2_000
"""A third of zero bytes among these means two-byte Unicode without a mark."""


def decode(data: bytes, name: str, encoding: str | None) -> tuple[str, list[Finding]]:
    """The text, and a question when the bytes do not say how they are encoded.

    A byte-order mark decides; else text without errors in UTF-8 is UTF-8; anything else is asked, and decoded as
    Windows-1252 so that the preview can show what the answer would be. Raises BadInput on binary data.
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _decode_as(data[len(bom) :], codec, name), []
    if encoding:
        return _decode_as(data, encoding, name), []
    if data[:_SAMPLE_BYTES].count(0) > len(data[:_SAMPLE_BYTES]) // 3:
        return _decode_as(data, "utf-16-be" if data[:1] == b"\x00" else "utf-16-le", name), []
    try:
        return _decode_as(data, "utf-8", name), []
    except BadInput:
        undefined = any(byte in data for byte in b"\x81\x8d\x8f\x90\x9d")
        text = _decode_as(data, "latin-1" if undefined else "cp1252", name)
        return text, [_encoding_question(data, text, name)]


def _decode_as(data: bytes, codec: str, name: str) -> str:
    try:
        text = data.decode(codec)
    except LookupError as error:
        raise BadInput(
            f"'{codec}' is no known encoding", where=name, remedy="Answer utf-8, cp1252, cp1250 or utf-16"
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput(
            f"the bytes from position {error.start} are not {codec}", where=name, remedy="Save the file as UTF-8"
        ) from error
    if "\x00" in text:
        raise BadInput("this is not a text file", where=name, remedy="Bring CSV, Excel (.xlsx) or Parquet")
    return text


def _encoding_question(data: bytes, text: str, name: str) -> Finding:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sample = text.splitlines()[line - 1][:80]
    return Finding(
        "question",
        "encoding",
        "the file is not UTF-8 and does not say how its letters are encoded",
        "Answer encoding=cp1252 if this line reads right (Windows, Western Europe), else name the encoding",
        file=name,
        line=line,
        value=sample,
    )


def find_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most columns of equal number; comma when none does.

    An Excel `sep=;` line decides.
    """
    lines = text[:200_000].splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].rstrip("\r\n")) == 5:
        return lines[0][4]
    scores = {mark: _score("".join(lines[:_SAMPLE_LINES]), mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: scores[mark])


def _score(sample: str, mark: str) -> tuple[float, int]:
    """(share of rows that have the commonest width, that width); nothing for a single column."""
    try:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if row)
    except csv.Error:
        return (0.0, 0)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return (0.0, 0)
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    return (round(count / sum(widths.values()), 1), width)


def read_rows(text: str, delimiter: str, name: str, limits: Limits) -> list[Row]:
    """Rows with the line each starts on; cells trimmed, empty cells None. Raises BadInput beyond the limits."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[Row] = []
    start = 1
    try:
        for cells in reader:
            if not (start == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith("sep=")):
                rows.append((start, [_clean(cell, start, name, limits) for cell in cells]))
            if len(rows) > limits.rows + 1:
                limits.require_shape(len(rows), 1, name)
            start = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(
            f"the row that starts on line {start} cannot be cut into cells ({error})",
            where=name,
            remedy="Close its quotation marks, or double a quotation mark that belongs to the text",
        ) from error
    limits.require_shape(len(rows), max((len(cells) for _, cells in rows), default=0), name)
    return rows


def _clean(cell: str, line: int, name: str, limits: Limits) -> str | None:
    if len(cell) > limits.cell_characters:
        raise too_large(
            f"{name} line {line}", f"a cell has {len(cell):,} characters", f"{limits.cell_characters:,}"
        )
    return cell.strip() or None
