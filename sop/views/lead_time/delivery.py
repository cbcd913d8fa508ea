"""Delivery on time in full by family: by the day promised and by the day asked for, over a year."""

from __future__ import annotations

from sop.core.present import Col, Declared, PlanTable
from sop.facts.closed import OnTime
from sop.views.timeline import PlanContext

TITLE = "On time in full by family"


def on_time_table(context: PlanContext) -> PlanTable:
    """Order lines of the last twelve months by family, and the share on time in full by either day."""
    promised, asked, year = context.facts.promised, context.facts.requested, context.year
    empty = "No deliveries are loaded. The table deliveries unlocks this."
    if promised is None or asked is None:
        return PlanTable(TITLE, (), (), empty)

    def lines(at: int) -> float:
        return float(promised.of([at]).due[-year:].sum())

    def as_promised(at: int, back: int = 1) -> float:
        return _share(promised.of([at]), year, back)

    names = context.inputs.families.names
    return Declared[int](
        TITLE,
        (
            Col("Family", "text", names.__getitem__),
            Col("Lines promised", "units", lines),
            Col("As promised", "percent", as_promised),
            Col(
                "Against the year before, % points",
                "percent",
                lambda at: as_promised(at) - as_promised(at, 2),
                signed=True,
                better=1,
            ),
            Col("As asked for", "percent", lambda at: _share(asked.of([at]), year)),
        ),
        empty,
    ).of(at for at in range(len(names)) if lines(at))


def _share(lines: OnTime, year: int, back: int = 1) -> float:
    """The share of the last twelve months (1), or of the twelve before them (2); `year`: periods in a year."""
    closed = len(lines.due)
    span = slice(-year * back, closed - year * (back - 1))
    asked = float(lines.due[span].sum()) if closed >= year * back else 0.0
    return float(lines.kept[span].sum()) / asked if asked else float("nan")
