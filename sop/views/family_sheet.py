"""The family sheet: closed months, the next twelve, quarters to the horizon and the year, in blocks of rows.

Months add up to quarters and the year, families to the whole: a flow is added, a stock takes the last month, a
peak the highest, a ratio is recomputed from its parts. A figure whose months are not all known is not-a-number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import MONTH, bucket_of, period_in
from sop.core.inputs import Floats
from sop.views.series import Kind, PlanSeries, over
from sop.views.timeline import PlanContext

QUARTERS_A_YEAR = 4
"""The next twelve months are shown one by one, and in quarters after them."""

MOST_SINGLE = 13
"""More periods in a year than these are shown one by one for a quarter only, then by month."""


Compared = Literal["", "agreed", "new", "difference", "running", "prior_year"]


@dataclass(frozen=True)
class SheetLine:
    """One row: figures (P + T,) in `unit`, and how they add up over months.

    A ratio has `top` and `bottom` (P + T,), which are added up before they are divided; `times` (P + T,), added
    up too, multiplies it (days, in open orders × days / shipments). `beyond` (P + T,) marks figures that are a
    minimum.
    `style`: the plan itself is strong, a difference is signed; `budget` (P + T,) stands beside the year.
    `compared`: what the row is among those of one measure.
    """

    name: str
    unit: str
    values: Floats
    kind: Kind | Literal["ratio"] = "flow"
    style: Literal["plain", "strong", "difference"] = "plain"
    better: int = 0
    budget: Floats | None = None
    top: Floats | None = None
    bottom: Floats | None = None
    top_kind: Kind = "flow"
    times: Floats | None = None
    beyond: NDArray[np.bool_] | None = None
    compared: Compared = ""

    def is_beyond(self, span: slice) -> bool:
        """Whether the figure of some months is a minimum, because it reaches beyond the horizon."""
        return self.beyond is not None and bool(self.beyond[span][-1:].any())

    def over(self, span: slice) -> float:
        """The figure of several months."""
        if self.kind != "ratio":
            return over(self.values, span, self.kind)
        if self.top is None or self.bottom is None:
            return float("nan")
        below = over(self.bottom, span, "flow")
        times = 1.0 if self.times is None else over(self.times, span, "flow")
        return over(self.top, span, self.top_kind) * times / below if below else float("nan")


@dataclass(frozen=True)
class SheetPart:
    """Rows under one heading."""

    title: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class FamilySheet:
    """All rows with the spans of their columns: `past` closed months, then months, quarters and the year.

    `single`: planned periods that have a column of their own, as the company set it; 0 as the calendar has it.
    """

    months: tuple[str, ...]
    past: int
    parts: tuple[SheetPart, ...]
    single: int = 0

    @property
    def _is_fine(self) -> bool:
        """Whether months stand between single periods and quarters."""
        return bucket_of(self.months[0]).a_year > MOST_SINGLE

    @property
    def monthly(self) -> slice:
        """Periods that have a column of their own: twelve months, or a quarter where periods are shorter, unless
        the company set it otherwise."""
        usual = bucket_of(self.months[0]).a_year // (QUARTERS_A_YEAR if self._is_fine else 1)
        return slice(0, min(self.past + (self.single or usual), len(self.months)))

    @property
    def by_month(self) -> tuple[slice, ...]:
        """The months, each the periods that have most of it, between single periods and quarters; mostly none."""
        found: list[slice] = []
        for at in range(self.monthly.stop, self.year.stop if self._is_fine else 0):
            month = period_in(self.months[at], MONTH)
            if found and period_in(self.months[found[-1].start], MONTH) == month:
                found[-1] = slice(found[-1].start, at + 1)
            else:
                found.append(slice(at, at + 1))
        return tuple(found)

    @property
    def quarters(self) -> tuple[slice, ...]:
        """Three months each, from where months end to the horizon; the last may be shorter."""
        start = max(self.monthly.stop, self.year.stop if self._is_fine else 0)
        end, step = len(self.months), max(bucket_of(self.months[0]).a_year // QUARTERS_A_YEAR, 1)
        return tuple(slice(at, min(at + step, end)) for at in range(start, end, step))

    @property
    def summed(self) -> tuple[slice, ...]:
        """Columns of several periods after the single ones: months, then quarters."""
        return (*self.by_month, *self.quarters)

    @property
    def year(self) -> slice:
        """The next twelve months."""
        return slice(self.past, min(self.past + bucket_of(self.months[0]).a_year, len(self.months)))

    @property
    def has_budget(self) -> bool:
        """Whether any row has a budget for the whole year."""
        return any(np.isfinite(self.year_budget(line)) for part in self.parts for line in part.lines)

    def year_budget(self, line: SheetLine) -> float:
        """The budget of a row over the next twelve months."""
        if line.budget is None or line.kind == "ratio":
            return float("nan")
        return over(line.budget, self.year, line.kind)

    def line(self, part: str, name: str) -> SheetLine:
        """The row of that name under that heading."""
        return next(line for p in self.parts if p.title == part for line in p.lines if line.name == name)


def build_sheet(context: PlanContext, parts: Sequence[SheetPart]) -> FamilySheet:
    """The sheet of the parts that have any figure, without rows that have none."""
    kept = [SheetPart(part.title, tuple(line for line in part.lines if _has_figures(line))) for part in parts]
    found = tuple(part for part in kept if part.lines)
    return FamilySheet(context.months, context.past, found, context.single)


def _has_figures(line: SheetLine) -> bool:
    return bool(np.isfinite(line.values).any())


def compared_lines(series: PlanSeries, new_name: str = "Actual or new plan") -> tuple[SheetLine, ...]:
    """The classic rows of one measure: agreed, actual or new, difference, running difference, references.

    A stock has no running difference. The change since the last cycle is a row of its own only where the plan
    compared with is another one than the last cycle's.
    """
    unit, kind, better = series.unit, series.kind, series.better
    lines = [
        SheetLine("Agreed plan", unit, series.agreed, kind, compared="agreed"),
        SheetLine(new_name, unit, series.now, kind, "strong", better, series.budget, compared="new"),
        SheetLine("Difference", unit, series.difference, kind, "difference", better, compared="difference"),
    ]
    if kind == "flow":
        running = series.cumulative_difference
        title = "Cumulative difference"
        lines.append(SheetLine(title, unit, running, "stock", "difference", better, compared="running"))
    change = series.plan - series.last_cycle
    lines.append(SheetLine("Change since last cycle", unit, change, kind, "difference", better))
    lines.append(SheetLine("Budget", unit, series.budget, kind))
    lines.append(SheetLine("Prior year", unit, series.prior_year, kind, compared="prior_year"))
    return tuple(lines)


def ratio_line(
    name: str,
    unit: str,
    top: Floats,
    bottom: Floats,
    *,
    top_kind: Kind = "flow",
    times: Floats | None = None,
    better: int = 0,
) -> SheetLine:
    """A ratio recomputed from its parts at every level; not-a-number where nothing stands below the line."""
    above = top if times is None else top * times
    values = np.divide(above, bottom, out=np.full(len(top), np.nan), where=np.isfinite(bottom) & (bottom != 0))
    return SheetLine(name, unit, values, "ratio", "plain", better, None, top, bottom, top_kind, times)
