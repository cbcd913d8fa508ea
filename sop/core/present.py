"""One table, declared once and drawn as screen, frame and CSV: what each column holds and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from sop.core.calendar import worded
from sop.core.format import (
    MISSING,
    Effect,
    MoneyFormat,
    effect,
    is_missing,
    number,
    percent_number,
    points_signed,
    signed,
    unit_decimals,
)

Row = TypeVar("Row")
Form = Literal[
    "text",
    "units",
    "money",
    "small_money",
    "percent",
    "service",
    "days",
    "months",
    "hours",
    "people",
    "turns",
]
Figure = str | float | int | None
Tone = Literal["good", "bad", "neutral"]


@dataclass(frozen=True)
class Col(Generic[Row]):
    """One column and how it is read off a record; without `get` the table brings its figures.

    `signed` marks a difference, coloured by `better`: +1 more is good, −1 less, 0 neither; a `quiet` one of
    nothing at all stays blank. Money is in minor units, percent a fraction, with one decimal as a level of
    `service`; `decimals` stand in place of the form's own. Units stand in the header when the table is shown,
    `suffix` after them: 'M€ low'; a `bare` one, such as a month among others, leaves its unit to the table's
    note. A `worded` title calls periods as a plan of another calendar does. A `bar` shows each figure against
    the largest of its column. A text in a column of figures is shown as it is.
    """

    title: str
    form: Form = "units"
    get: Callable[[Row], Figure | Cell] | None = None
    signed: bool = False
    better: int = 0
    decimals: int | None = None
    quiet: bool = False
    suffix: str = ""
    bar: bool = False
    width: str = ""
    bare: bool = False
    worded: bool = False


@dataclass(frozen=True)
class Cell:
    """A figure that is read otherwise than its column says.

    `like` is the column it is read like, where a row has a unit of its own; without a figure it is that column's
    header, which heads such a row. `note` stands under the figure in grey and `beside` it a difference; `strong`
    gives it weight and `tone` a colour in place of the column's.
    """

    figure: Figure
    like: Col[Any] | None = None
    note: str = ""
    beside: float | None = None
    strong: bool = False
    tone: Tone | None = None


TableRow = tuple[Figure | Cell, ...]


@dataclass(frozen=True)
class PlanTable:
    """Rows of figures under columns; a figure that is not known is None.

    `name` tells what the table holds, `empty` why it holds nothing and what would fill it. `row_better` says row
    by row, in place of the columns, whether more is good: for revenue and costs in one table.
    """

    name: str
    columns: tuple[Col[Any], ...]
    rows: tuple[TableRow, ...]
    empty: str = "There is nothing to show yet."
    row_better: tuple[int, ...] = ()

    def without_empty_columns(self) -> PlanTable:
        """The same table without columns that hold no figure at all; the first always stays."""
        kept = [
            at
            for at in range(len(self.columns))
            if at == 0 or any(_is_told(row[at], self.columns[at]) for row in self.rows)
        ]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[at] for at in kept), rows=rows)

    def without_money(self) -> PlanTable:
        """The same table without its columns of money, for a plan in units."""
        kept = [at for at, column in enumerate(self.columns) if column.form not in ("money", "small_money")]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[at] for at in kept), rows=rows)

    def figure(self, row: str, column: str) -> Figure:
        """The figure in the row that begins with a name, for reading back what a sentence says."""
        place = [entry.title for entry in self.columns].index(column)
        return next(plain(cells[place]) for cells in self.rows if plain(cells[0]) == row)


@dataclass(frozen=True)
class Declared(Generic[Row]):
    """A table before it has records: its name, its columns, and what is said where it stays empty."""

    name: str
    columns: tuple[Col[Row], ...]
    empty: str = "There is nothing to show yet."

    def of(self, records: Iterable[Row], better: Callable[[Row], int] | None = None) -> PlanTable:
        """The table of some records, a row each; not-a-number is not known."""
        found = tuple(records)
        rows = tuple(tuple(_known(column.get(each)) for column in self.columns if column.get) for each in found)
        return PlanTable(self.name, self.columns, rows, self.empty, tuple(map(better, found)) if better else ())


def _is_told(content: Figure | Cell, column: Col[Any]) -> bool:
    """Whether a cell holds something: a figure, or in a column of words the header that heads its row."""
    if isinstance(content, Cell) and content.figure is None and column.form != "text":
        return False
    return _known(plain(content)) is not None


def _known(value: Figure | Cell) -> Figure | Cell:
    return None if isinstance(value, float) and value != value else value


def plain(content: Figure | Cell) -> Figure:
    """A cell's figure by itself; the header that a row is headed by without its unit."""
    if not isinstance(content, Cell):
        return content
    return content.like.title if content.figure is None and content.like is not None else content.figure


def texts(*titles: str) -> tuple[Col[Any], ...]:
    """Columns of words, for a table that brings its rows."""
    return tuple(Col(title, "text") for title in titles)


def known(value: float) -> float | None:
    """A figure, or None where it is not known."""
    return float(value) if value == value else None


def difference(now: float | None, then: float | None) -> float | None:
    """What changed, or None where one of both is not known."""
    return None if now is None or then is None else now - then


# -- a figure as its column reads it

_DECIMALS = {"money": 2, "service": 1, "turns": 1}
_PERCENT = ("percent", "service")
_UNITS = {"percent": "%", "service": "%", "days": "days", "months": "months", "hours": "hours"}


def unit_text(column: Col[Any], money: MoneyFormat) -> str:
    """The unit of a column's figures with what follows it: 'M€ low', 'days peak', '%'; empty for plain numbers."""
    return f"{_unit(column.form, money)} {column.suffix}".strip()


def _unit(form: Form, money: MoneyFormat) -> str:
    return {"money": money.unit, "small_money": money.symbol}.get(form, worded(_UNITS.get(form, "")))


def header(column: Col[Any], money: MoneyFormat) -> str:
    """A column's title with its unit, where the title does not name it already."""
    title = column.title if column.worded else worded(column.title)
    if column.bare:
        return title
    is_named = _unit(column.form, money) in title.lower().split()
    unit = column.suffix if is_named else unit_text(column, money)
    return f"{title}, {unit}" if unit else title


def figure_text(figure: Figure, column: Col[Any], money: MoneyFormat) -> str:
    """A figure as its column reads it, without the unit; an en dash where it is not known."""
    if isinstance(figure, str) or figure is None or is_missing(figure):
        return MISSING if figure is None or not isinstance(figure, str) else figure
    decimals = _DECIMALS.get(column.form, 0) if column.decimals is None else column.decimals
    if column.form == "units" and column.decimals is None:
        decimals = unit_decimals(figure)
    if column.form == "money":
        return (money.signed if column.signed else money.text)(figure, decimals)
    if column.form in _PERCENT:
        return (points_signed if column.signed else percent_number)(figure, decimals)
    return (signed if column.signed else number)(figure / _scale(column.form, money), decimals)


def _scale(form: Form, money: MoneyFormat) -> float:
    return {"small_money": money.minor_per_unit}.get(form, 1)


# -- a table as text, for whatever draws it

GOOD: dict[int, bool | None] = {1: True, -1: False, 0: None}
"""Whether more is good, by the sign that columns and measures carry it with."""


@dataclass(frozen=True)
class CellText:
    """A cell as it is read: its text, a note under it, a difference beside it, its effect and its weight."""

    text: str
    note: str = ""
    beside: str = ""
    effect: Effect = "neutral"
    strong: bool = False


def cell_text(content: Figure | Cell, column: Col[Any], money: MoneyFormat, better: int | None = None) -> CellText:
    """A cell of a column as text; `better` stands in place of the column's own, as in `PlanTable.row_better`."""
    cell = content if isinstance(content, Cell) else Cell(content)
    like = cell.like or column
    if cell.figure is None and cell.like is not None and column.form == "text":
        text = header(cell.like, money)
    else:
        text = figure_text(cell.figure, like, money)
    good = GOOD[like.better if better is None else better]
    tone = effect(text, good) if like.signed else "neutral"
    beside = "" if cell.beside is None else figure_text(cell.beside, replace(like, signed=True), money)
    if beside:
        tone = effect(beside, good)
    quiet = "" if like.quiet and text.startswith("±") else text
    return CellText(quiet, cell.note, beside, cell.tone or tone, cell.strong)


def table_texts(table: PlanTable, money: MoneyFormat) -> tuple[tuple[str, ...], tuple[tuple[CellText, ...], ...]]:
    """A table's headers with their units, and its rows as text; without money where that is not known."""
    table = table if money.known else table.without_money()
    better = table.row_better or [None] * len(table.rows)
    rows = (
        tuple(cell_text(content, column, money, side) for content, column in zip(row, table.columns, strict=True))
        for row, side in zip(table.rows, better, strict=True)
    )
    return tuple(header(column, money) for column in table.columns), tuple(rows)
