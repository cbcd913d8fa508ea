"""Delimited text to rows, every cell kept as its text, and rows of any file to a table with its header."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Sequence

import pandas as pd

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.files.readers.header import Header, check_title_rows, find_header, take_body
from sop.files.readers.limits import Limits, too_large
from sop.files.readers.stacked import Row

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = (",", ";", "\t", "|")
_LIKELY = ("cp1252", "cp1250", "cp850", "mac_roman")
_AS_TEXT = re.compile(r'^="([^"]*)"$')
_RULED = re.compile(r"^(?:-{3,}|={3,}|_{3,}|[-+]{5,})$")
"""A line that is drawn under a header or a table."""
_WORDS = 4
"""Words with odd letters that are shown as each encoding reads them."""
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
    readings = {codec: _odd_words(data, codec) for codec in _LIKELY}
    shown = "; ".join(f"encoding={codec} reads {words}" for codec, words in readings.items() if words)
    return Finding(
        "question",
        "encoding",
        f"the file is not UTF-8 and does not say how its letters are encoded: {shown}",
        "Answer with the one that reads right, or name another encoding",
        file=name,
        line=line,
        value=sample,
    )


def _odd_words(data: bytes, codec: str) -> str:
    """The first words with letters beyond ASCII, as an encoding reads them; empty where it cannot."""
    words = dict.fromkeys(re.findall(rb"[\w\x80-\xff]*[\x80-\xff][\w\x80-\xff]*", data))
    try:
        return ", ".join(word[:30].decode(codec) for word in list(words)[:_WORDS])
    except UnicodeDecodeError:
        return ""


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
            f"{name} line {line}",
            f"a cell has {number(len(cell))} characters",
            number(limits.cell_characters),
        )
    cell = cell.strip()
    # ="00123" is how a text is written that a spreadsheet shall not take for a number.
    return (match[1].strip() if (match := _AS_TEXT.match(cell)) else cell) or None


def build_frame(
    rows: list[Row], name: str, wanted: Collection[str] = ()
) -> tuple[pd.DataFrame, tuple[int, ...], tuple[int, ...], list[Finding]]:
    """Rows to (frame of text cells, source lines, positions of the kept columns, findings).

    `wanted`: plain names of columns that the file should have, by which its header is known.
    Raises BadInput when there is no header with rows under it.
    """
    filled = [
        (line, cells) for line, cells in rows if any(cell is not None and not _RULED.match(cell) for cell in cells)
    ]
    if not filled:
        raise BadInput("the table is empty", where=name, remedy="Export it again with its header and rows")
    header = find_header(filled, wanted)
    body, findings = take_body(filled, header, name)
    findings = check_title_rows(filled, header, name) + findings
    columns, more = check_headers(header, body, name)
    findings += more + check_ragged_rows(header, body, name)
    data = {header.names[i]: [_cell(cells, i) for _, cells in body] for i in columns}
    frame = pd.DataFrame(data, dtype=object, index=range(len(body)))
    return frame, tuple(line for line, _ in body), columns, findings


def check_headers(header: Header, body: list[Row], name: str) -> tuple[tuple[int, ...], list[Finding]]:
    """Positions of the named columns, and errors for doubled headers and for data under no header."""
    findings: list[Finding] = []
    kept: list[int] = []
    counts = Counter(text for text in header.names if text)
    for i, text in enumerate(header.names):
        if not text:
            row = next((line for line, cells in body if _cell(cells, i) is not None), None)
            if row is not None:
                findings.append(_error("unnamed_column", f"column {i + 1} has values but no header", name, row))
        elif text not in {header.names[j] for j in kept}:
            kept.append(i)
    for text, count in counts.items():
        if count > 1:
            what = f"the header '{text}' stands {how_many(count, 'times')}"
            findings.append(_error("doubled_header", what, name, header.line, text))
    return tuple(kept), findings


def check_ragged_rows(header: Header, body: list[Row], name: str) -> list[Finding]:
    """Errors for rows with values beyond the last header: an unquoted delimiter or decimal comma shifts cells."""
    width = len(header.names)
    return [
        Finding(
            "error",
            "ragged_row",
            f"the row has {how_many(len(cells), 'cells')}, the header {width}",
            "Put quotes around text that holds the delimiter, or export with another delimiter",
            file=name,
            line=line,
        )
        for line, cells in body
        if len(cells) > width and any(cell is not None for cell in cells[width:])
    ]


def _cell(cells: Sequence[str | None], i: int) -> str | None:
    return cells[i] if i < len(cells) else None


def _error(rule: str, what: str, name: str, line: int, column: str = "") -> Finding:
    return Finding(
        "error", rule, what, "Give every column its own header in the file", file=name, line=line, column=column
    )
