"""Sheets of a workbook as plain cells, before they are a file: texts, numbers, and formulas with their worth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sop.core.terms import PLAN_TITLES

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")
LONGEST_TEXT = 32_000


@dataclass(frozen=True)
class Formula:
    """A live cell: what a spreadsheet works out ('=SUM(B2:B4)'), and the figure that the plan has there."""

    text: str
    value: float | int


SheetCell = str | int | float | Formula | None
Kind = Literal["title", "note", "header", "block", "strong", "body"]


@dataclass(frozen=True)
class WorkbookRow:
    """One row of a sheet: what kind of row it is, its cells, and how its numbers are shown."""

    kind: Kind
    cells: tuple[SheetCell, ...]
    number_format: str = "exact"


@dataclass(frozen=True)
class SheetChart:
    """A chart of some rows: columns or lines, over the header row, each row named by its first cell.

    Rows and columns count from 0; `span` is the first and last column of the figures, `at` where it is placed.
    """

    title: str
    form: Literal["column", "line"]
    header: int
    rows: tuple[int, ...]
    span: tuple[int, int]
    at: tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows from the top, and how many columns stay in view.

    `filters`: whether its header row filters what is below.
    """

    name: str
    rows: tuple[WorkbookRow, ...]
    fixed_columns: int = 0
    filters: bool = False
    charts: tuple[SheetChart, ...] = ()

    @property
    def width(self) -> int:
        """How many columns its rows fill."""
        return max(len(row.cells) for row in self.rows)

    @property
    def header(self) -> int | None:
        """The position of its first header row."""
        return next((at for at, row in enumerate(self.rows) if row.kind == "header"), None)


def clean_text(text: str) -> str:
    """Text that a cell can hold: one kind of line end, no control characters, at most 32,000 characters."""
    text = UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " … (cut; whole in plan.json)"


def sheet_name(plan: str, taken: Iterable[str]) -> str:
    """A sheet name that Excel takes, made from a plan's name and different from those in `taken`."""
    stem = FORBIDDEN_IN_NAME.sub(" ", clean_text(plan).replace("_", " ")).strip("' ").capitalize()[:27] or "Plan"
    used = {name.lower() for name in taken}
    names = (stem if number == 1 else f"{stem} {number}" for number in range(1, 1000))
    return next(name for name in names if name.lower() not in used)


def family_sheet_names(families: Sequence[str]) -> tuple[str, ...]:
    """The names of the sheets that stand beside the plan's own: the statement, all families, and each of them.

    Where there are more families than `MOST_SHEETS`, one sheet holds them all.
    """
    if len(families) > MOST_SHEETS:
        return STATEMENT, ALL_FAMILIES, EACH_FAMILY
    names = [STATEMENT, ALL_FAMILIES]
    for family in families:
        names.append(sheet_name(family, (*names, *PLAN_SHEETS)))
    return tuple(names)


STATEMENT, ALL_FAMILIES, EACH_FAMILY = "Profit to cash", "All families", "Each family"
PLAN_SHEETS = (
    "Summary", *PLAN_TITLES.values(), "Assumptions", "Launches", "Initiatives", "Events", "Decisions", "Inputs",
    "Gate",
)  # fmt: skip
"""The sheets of a plan's own, whose names no family's sheet may have."""
MOST_SHEETS = 40
"""Families that have a sheet of their own."""


def column_letters(at: int) -> str:
    """The name of a column that counts from 0: 'A', 'Z', 'AA'."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place(row: int, column: int) -> str:
    """A cell's address; row and column count from 0."""
    return f"{column_letters(column)}{row + 1}"


def live(text: str, value: float, worth: float, decimals: int = 2) -> SheetCell:
    """A formula where what it comes to (`worth`) is the plan's `value` to the last decimal, else the value itself.

    None where the value is not known: a formula never puts a figure where the plan has none.
    """
    if value != value:
        return None
    if worth == worth and abs(worth - value) < 0.5 * 10**-decimals:
        return Formula(text, value)
    return value
