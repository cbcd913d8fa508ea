"""A short table as figures: what each column holds and in which unit, for the screen and for a download alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Form = Literal["text", "units", "money", "small_money", "percent", "service", "days", "months", "hours", "people"]
Figure = str | float | int | None


@dataclass(frozen=True)
class TableColumn:
    """One column. `signed` marks a difference, coloured by `better`: +1 more is good, −1 less, 0 neither.

    Money is in minor units and percent a fraction, shown with one decimal as a level of `service`; units stand in
    the header when the table is shown.
    """

    title: str
    form: Form = "units"
    signed: bool = False
    better: int = 0


@dataclass(frozen=True)
class PlanTable:
    """Rows of figures under columns; a figure that is not known is None.

    `name` tells what the table holds, `empty` why it holds nothing and what would fill it. `row_better` says row
    by row, in place of the columns, whether more is good: for revenue and costs in one table.
    """

    name: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Figure, ...], ...]
    empty: str = "There is nothing to show yet."
    row_better: tuple[int, ...] = ()

    def without_empty_columns(self) -> PlanTable:
        """The same table without columns that hold no figure at all; the first always stays."""
        kept = [at for at in range(len(self.columns)) if at == 0 or any(row[at] is not None for row in self.rows)]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[at] for at in kept), rows=rows)

    def figure(self, row: str, column: str) -> Figure:
        """The figure in the row that begins with a name, for reading back what a sentence says."""
        place = [entry.title for entry in self.columns].index(column)
        return next(cells[place] for cells in self.rows if cells[0] == row)


def known(value: float) -> float | None:
    """A figure, or None where it is not known."""
    return float(value) if value == value else None


def difference(now: float | None, then: float | None) -> float | None:
    """What changed, or None where one of both is not known."""
    return None if now is None or then is None else now - then
