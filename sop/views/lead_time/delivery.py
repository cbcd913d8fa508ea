"""Delivery on time in full by family: by the day promised and by the day asked for, over a year."""

from __future__ import annotations

from sop.core.present import PlanTable, TableColumn, known
from sop.facts.closed import OnTime
from sop.views.timeline import PlanContext


def on_time_table(context: PlanContext) -> PlanTable:
    """Order lines of the last twelve months by family, and the share on time in full by either day."""
    promised, asked, rows = context.facts.promised, context.facts.requested, []
    if promised is not None and asked is not None:
        for at, name in enumerate(context.inputs.families.names):
            own = promised.of([at])
            now, before = (_share(own, context.year, back) for back in (1, 2))
            lines = float(own.due[-context.year :].sum())
            if lines:
                wanted = _share(asked.of([at]), context.year)
                rows.append((name, lines, known(now), known(now - before), known(wanted)))
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Lines promised"),
        TableColumn("As promised", "percent"),
        TableColumn("Against the year before, % points", "percent", signed=True, better=1),
        TableColumn("As asked for", "percent"),
    )
    empty = "No deliveries are loaded. The table deliveries unlocks this."
    return PlanTable("On time in full by family", columns, tuple(rows), empty)


def _share(lines: OnTime, year: int, back: int = 1) -> float:
    """The share of the last twelve months (1), or of the twelve before them (2); `year`: periods in a year."""
    closed = len(lines.due)
    span = slice(-year * back, closed - year * (back - 1))
    asked = float(lines.due[span].sum()) if closed >= year * back else 0.0
    return float(lines.kept[span].sum()) / asked if asked else float("nan")
