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

from sop.core.inputs import Floats
from sop.views.series import Kind, PlanSeries, over
from sop.views.telescope import Telescope
from sop.views.timeline import PlanContext

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
class FamilySheet(Telescope):
    """All rows with the spans of their columns: `past` closed months, then months, quarters and the year."""

    parts: tuple[SheetPart, ...]

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
    return FamilySheet(context.months, context.past, found, single=context.single)


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
