"""What changed between the signed plan and an altered copy, in sentences: plan lines first, was and is."""

import difflib
import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from sop.core.errors import BadInput
from sop.core.spreadsheet import Formula, Sheet
from sop.files.archive import MEGABYTE, ArchiveLimits, chunks_of, require_limits
from sop.files.snapshot.canonical import Path, path_text

MOST_NAMED = 40
"""How many differences are written out; the rest are counted."""
ALIGNED_LINES = 2_000
PLACE = ("plan", "measure", "family", "region", "resource", "month")
ABSENT = object()


def plan_differences(was: Any, now: Any) -> list[str]:
    """Every difference of a plan {content, signatures, provenance}, each plan line by name with was and is."""
    lines_was, rest_was = _without_lines(was)
    lines_now, rest_now = _without_lines(now)
    return shorten([*_line_differences(lines_was, lines_now), *_value_differences(rest_was, rest_now)])


def text_differences(was: str, now: str) -> list[str]:
    """Every line of text that differs, by its number in the signed file, with was and is."""
    lines_was, lines_now = was.splitlines(), now.splitlines()
    start = _common_start(lines_was, lines_now)
    end = _common_start(lines_was[start:][::-1], lines_now[start:][::-1])
    middle_was, middle_now = lines_was[start : len(lines_was) - end], lines_now[start : len(lines_now) - end]
    return shorten(_aligned(middle_was, middle_now, start + 1))


def shorten(sentences: Iterable[str]) -> list[str]:
    """The first sentences in full and the number of those left out."""
    sentences = list(sentences)
    left = len(sentences) - MOST_NAMED
    return sentences if left <= 0 else [*sentences[:MOST_NAMED], f"and {left:,} more differences"]


def shown(value: Any) -> str:
    """A value for a sentence: text in quotes, long ones cut, a null as 'nothing'."""
    if value is ABSENT or value is None:
        return "not there" if value is ABSENT else "nothing"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 120 else text[:120] + "…"


def _without_lines(plan: Any) -> tuple[list[Any], Any]:
    """A plan's lines and everything else; a plan of a wrong shape has no lines, only the rest."""
    content = plan.get("content") if isinstance(plan, Mapping) else None
    content = content if isinstance(content, Mapping) else {}
    lines = content.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        return [], plan
    return lines, {**plan, "content": {**content, "lines": []}}


def _line_differences(was: Sequence[Any], now: Sequence[Any]) -> Iterator[str]:
    lines_was, lines_now = _by_place(was), _by_place(now)
    for place, line in lines_was.items():
        other = lines_now.get(place)
        if other is None:
            yield f"plan line {_named(line)}: was {_quantity(line)}, is missing"
        elif changes := list(_value_differences(line, other)):
            was_now = f"was {_quantity(line)}, is {_quantity(other)}"
            is_said = _quantity(line) != _quantity(other)
            yield f"plan line {_named(line)}: {was_now if is_said else '; '.join(changes)}"
    for place, line in lines_now.items():
        if place not in lines_was:
            yield f"plan line {_named(line)}: was not there, is {_quantity(line)}"
    if lines_now.keys() == lines_was.keys() and list(lines_was) != list(lines_now):
        yield "the plan lines stand in another order"


def _by_place(lines: Sequence[Any]) -> dict[tuple[str, ...], Any]:
    """Lines by what they are about; the second line of the same place is kept apart by its turn."""
    turns: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], Any] = {}
    for line in lines:
        place = tuple(str(line.get(column)) for column in PLACE)
        turns[place] += 1
        found[(*place, str(turns[place]))] = line
    return found


def _named(line: Mapping[str, Any]) -> str:
    return ", ".join(str(line[column]) for column in PLACE if line.get(column) is not None)


def _quantity(line: Mapping[str, Any]) -> str:
    """Value, unit, currency, and whatever else stands in the line."""
    others = {key: value for key, value in line.items() if key not in (*PLACE, "value", "unit", "currency")}
    parts = [str(line.get("value")), str(line.get("unit", "")), str(line.get("currency") or "")]
    text = " ".join(part for part in parts if part)
    return f"{text} {shown(others)}" if others else text


def _value_differences(was: Any, now: Any, path: Path = ()) -> Iterator[str]:
    if type(was) is not type(now):
        yield _changed(path, was, now)
    elif isinstance(was, dict):
        for key in [*was, *(key for key in now if key not in was)]:
            yield from _value_differences(was.get(key, ABSENT), now.get(key, ABSENT), (*path, key))
    elif isinstance(was, list):
        for index, (left, right) in enumerate(zip_longest(was, now, fillvalue=ABSENT)):
            yield from _value_differences(left, right, (*path, index))
    elif was != now:
        yield _changed(path, was, now)


def _changed(path: Path, was: Any, now: Any) -> str:
    return f"{path_text(path)}: was {shown(was)}, is {shown(now)}"


def _common_start(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(left), len(right)))


def _aligned(was: Sequence[str], now: Sequence[str], first: int) -> Iterator[str]:
    """Differences of two blocks of lines; very large blocks are compared line against line."""
    if max(len(was), len(now)) > ALIGNED_LINES or len(was) == len(now):
        yield from _pairs(was, now, first)
        return
    for kind, a, b, c, d in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _pairs(was[a:b], now[c:d], first + a)


def _pairs(was: Sequence[str], now: Sequence[str], first: int) -> Iterator[str]:
    for number, (left, right) in enumerate(zip_longest(was, now), start=first):
        if left is None:
            yield f"after line {first + len(was) - 1}: was nothing, is {shown(right)}"
        elif right is None:
            yield f"line {number}: was {shown(left)}, is missing"
        elif left != right:
            yield f"line {number}: was {shown(left)}, is {shown(right)}"


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
