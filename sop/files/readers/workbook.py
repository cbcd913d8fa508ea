"""Excel workbooks: which sheet is meant, and its cells as the text that they show."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.files.archive import chunks_of, require_modest
from sop.files.readers.counted import unfold_counted
from sop.files.readers.indented import unfold_groups
from sop.files.readers.limits import REMEDY, Limits, check_parts
from sop.files.readers.stacked import Row

_DAMAGE = (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, ParseError, EOFError)
_LAST_ROW = 1_048_576
_SEARCHED = 1_000
"""Rows in which a sheet must hold something to count as filled."""
_KEY_FORMAT = re.compile(r'^(?:"[^"]*"|\\.|[ \-/])*0(?:0|"[^"]*"|\\.|[ \-/])*$')
"""A number format of zeros and fixed characters, as keys have: 00000, 000-000, "A"000."""
_SLASH_DATE = re.compile(r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}$")

CellRow = tuple[int, tuple[Any, ...]]
"""A row's number and its openpyxl cells."""


@dataclass
class SheetRows:
    """A sheet's rows as text, the cells that are numbers, and what is odd about them."""

    title: str
    rows: list[Row] = field(default_factory=list)
    numeric: list[tuple[bool, ...]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_workbook(data: bytes, name: str, sheet: str | None, table: str | None, limits: Limits) -> SheetRows:
    """The rows of the meant sheet. Raises BadInput on hostile, damaged and empty workbooks.

    The meant sheet is `sheet`, else the one named like the contract's `table`, else the only visible one with
    rows; several candidates are a question and the first is shown.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            require_modest(archive.infolist(), limits.zip, name, REMEDY)
            formulas = check_parts(archive, name, limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(data, name, sheet, table, limits, formulas)
    except (*_DAMAGE, InvalidFileException, OverflowError, RecursionError) as error:
        raise BadInput(
            f"the workbook is damaged ({type(error).__name__}: {error})",
            where=name,
            remedy="Open it in Excel and save it again, or save the sheet as CSV",
        ) from error


def _read(
    data: bytes, name: str, sheet: str | None, table: str | None, limits: Limits, formulas: bool
) -> SheetRows:
    book = _open(data, values=True)
    facts = [SheetFacts(s.title, s.sheet_state == "visible", _has_rows(s)) for s in book.worksheets]
    title, findings = choose_sheet(facts, name, sheet, table)
    result = SheetRows(title, findings=findings)
    spaces: dict[int, int] = {}
    kinds: dict[int, dict[str, tuple[int, str]]] = {}  # the first cell of each kind in each column
    for line, cells in _rows(book[title], name, limits):
        for i, cell in enumerate(cells):
            if cell.value is not None:
                kinds.setdefault(i, {}).setdefault(_kind(cell), (line, str(cell.value)))
        result.rows.append((line, [cell_text(cell, f"{name} line {line}", limits) for cell in cells]))
        result.numeric.append(tuple(_kind(cell) == "number" for cell in cells))
        if isinstance(cells[0].value, str):
            spaces[line] = len(cells[0].value) - len(cells[0].value.lstrip(" "))
        limits.require_shape(len(result.rows), len(cells), name)
    result.findings += check_mixed_dates(kinds, name)
    result.findings += fill_merged(result, merged_ranges(data, book[title]), name)
    if formulas:
        original = _rows(_open(data, values=False)[title], name, limits)
        result.findings += check_uncached_formulas(_rows(book[title], name, limits), original, name)
    result.rows, result.numeric, counted = unfold_counted(result.rows, result.numeric, spaces, name)
    result.rows, result.numeric, more = unfold_groups(result.rows, result.numeric, spaces, name)
    result.findings += [*counted, *more]
    return result


def _open(data: bytes, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)


def _rows(sheet: Any, name: str, limits: Limits) -> Iterator[CellRow]:
    """Rows that are not empty, with their number; the declared range is not believed."""
    sheet.reset_dimensions()
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if line > _LAST_ROW:
            raise BadInput(
                f"the sheet has a row below {number(_LAST_ROW)}", where=name, remedy="Save it again in Excel"
            )
        if cells:
            limits.require_shape(1, len(cells), f"{name} line {line}")
            yield line, cells


@dataclass(frozen=True)
class SheetFacts:
    """What tells which sheet is meant."""

    title: str
    visible: bool
    filled: bool


def choose_sheet(
    facts: list[SheetFacts], name: str, sheet: str | None, table: str | None
) -> tuple[str, list[Finding]]:
    """The title of the sheet to read, with notes on hidden ones or a question when several could be meant."""
    sheets = {each.title: each for each in facts}
    if sheet is not None and sheet not in sheets:
        raise BadInput(
            f"the workbook has no sheet '{sheet}'", where=name, remedy=f"Its sheets are: {', '.join(sheets)}"
        )
    filled = [each.title for each in facts if each.filled]
    visible = [title for title in filled if sheets[title].visible]
    hidden = [title for title in filled if title not in visible]
    notes = [Finding("warning", "hidden_sheet", f"the hidden sheet '{h}' is not read", file=name) for h in hidden]
    if sheet is not None:
        return sheet, [note for note in notes if f"'{sheet}'" not in note.what]
    if table in visible:
        left = [title for title in visible if title != table]
        what = f"the sheet named like the table is read; left out: {', '.join(left)}"
        return str(table), notes + ([Finding("note", "other_sheets", what, file=name)] if left else [])
    if not visible:
        raise BadInput("no visible sheet has rows", where=name, remedy="Unhide the sheet that holds the table")
    if len(visible) > 1:
        notes.append(
            Finding(
                "question",
                "sheet",
                f"{len(visible)} sheets have rows: {', '.join(visible)}",
                "Answer sheet=NAME with the one that holds the table",
                file=name,
                value=", ".join(visible),
            )
        )
    return visible[0], notes


def _has_rows(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(value is not None for row in sheet.iter_rows(max_row=_SEARCHED, values_only=True) for value in row)


def _kind(cell: Any) -> str:
    if isinstance(cell.value, date | datetime):
        return "date"
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return "number"
    if isinstance(cell.value, str) and _SLASH_DATE.match(cell.value.strip()):
        return "text date"
    return "other"


def cell_text(cell: Any, where: str, limits: Limits) -> str | None:
    """A cell as the text it shows: 5.0 is 5, a date is ISO, and a number formatted 00000 keeps its zeros."""
    value = cell.value
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, int | float):
        text = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
        return _as_formatted(text, str(cell.number_format)) if text.isdigit() else text
    text = str(value).strip()
    if len(text) > limits.cell_characters:
        raise BadInput(f"a cell has {number(len(text))} characters", where=where, remedy="Shorten it")
    return text or None


def _as_formatted(digits: str, number_format: str) -> str:
    """Digits as a key's number format shows them, with zeros and fixed characters; as they are by any other."""
    form = number_format.split(";")[0]
    if not _KEY_FORMAT.match(form) or form.count("0") < 2:
        return digits
    parts = re.findall(r'"([^"]*)"|\\(.)|(0)|([ \-/])', form)
    rest = digits.zfill(sum(zero == "0" for _, _, zero, _ in parts))
    shown: list[str] = []
    for quoted, escaped, zero, mark in reversed(parts):
        if zero:
            shown.append(rest[-1:])
            rest = rest[:-1]
        else:
            shown.append(quoted or escaped or mark)
    first = next(i for i, part in enumerate(parts) if part[2])
    shown.insert(len(shown) - first, rest)
    return "".join(reversed(shown))


def check_uncached_formulas(values: Iterator[CellRow], originals: Iterator[CellRow], name: str) -> list[Finding]:
    """Errors for formulas whose result was never saved: the file would look empty there."""
    what = "the cell holds a formula whose result is not saved in the file"
    remedy = "Open the workbook in Excel, let it calculate and save it, or paste the values"
    return [
        Finding("error", "uncached_formula", what, remedy, file=name, line=line, column=_letter(i))
        for (line, cells), (_, sources) in zip(values, originals, strict=True)
        for i, (cell, source) in enumerate(zip(cells, sources, strict=True))
        if source.data_type == "f" and cell.value is None and cell.data_type == "n"
    ]


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_MOST_MERGED = 100_000


def merged_ranges(data: bytes, sheet: Any) -> list[tuple[int, int, int]]:
    """(column, first row, last row) of cells that are merged over several rows of one column, counted from 1."""
    found: list[tuple[int, int, int]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.NameToInfo.get(str(getattr(sheet, "_worksheet_path", "")).lstrip("/"))
        rest = b""
        for chunk in chunks_of(archive, entry) if entry else ():
            text = rest + chunk
            for match in _MERGED.finditer(text):
                left, top, right, bottom = range_boundaries(match[1].decode())
                if left == right and bottom > top and len(found) < _MOST_MERGED:
                    found.append((left, top, bottom))
            rest = text[text.rfind(b"<") :]
    return found


def fill_merged(sheet: SheetRows, ranges: list[tuple[int, int, int]], name: str) -> list[Finding]:
    """Fill each row of cells that are merged over several rows with their text; figures stay in the first row."""
    at = {line: i for i, (line, _) in enumerate(sheet.rows)}
    filled: list[str] = []
    for column, top, bottom in ranges:
        i = at.get(top)
        cells = sheet.rows[i][1] if i is not None else ()
        text = cells[column - 1] if column <= len(cells) else None
        if i is None or text is None or sheet.numeric[i][column - 1]:
            continue
        filled.append(f"{_letter(column - 1)}{top}:{_letter(column - 1)}{bottom}")
        for j in range(i + 1, len(sheet.rows)):
            line, below = sheet.rows[j]
            if line > bottom:
                break
            wide = [*below, *[None] * (column - len(below))]
            wide[column - 1] = text
            sheet.rows[j] = line, wide
            sheet.numeric[j] = (*sheet.numeric[j], *[False] * (column - len(sheet.numeric[j])))
    if not filled:
        return []
    shown = ", ".join(filled[:5]) + (", …" if len(filled) > 5 else "")
    what = (
        f"{how_many(len(filled), 'cells', 'are')} merged over several rows, and their text is read "
        f"for each of them ({shown})"
    )
    return [Finding("warning", "merged_cells", what, file=name, count=len(filled))]


def check_mixed_dates(kinds: dict[int, dict[str, tuple[int, str]]], name: str) -> list[Finding]:
    """Errors for columns in which some dates are real and others text: Excel has then swapped day and month."""
    what = "some cells of this column are dates and others text that looks like a date"
    remedy = "Make all of them real dates, or all text as YYYY-MM; check day and month against the source"
    return [
        Finding(
            "error",
            "mixed_dates",
            what,
            remedy,
            file=name,
            line=found["text date"][0],
            column=_letter(i),
            value=found["text date"][1],
        )
        for i, found in kinds.items()
        if "date" in found and "text date" in found
    ]


def _letter(position: int) -> str:
    return str(openpyxl.utils.get_column_letter(position + 1))
