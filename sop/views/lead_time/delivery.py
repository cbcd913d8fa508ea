"""Delivery on time in full by family: by the day promised and by the day asked for, over a year."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.core.present import PlanTable, TableColumn, known
from sop.views.timeline import PlanContext


def on_time_table(context: PlanContext) -> PlanTable:
    """Order lines of the last twelve months by family, and the share on time in full by either day."""
    facts, rows = context.facts, []
    promised, kept = facts.lines_due, facts.lines_in_full
    asked, as_asked = facts.lines_requested, facts.lines_as_requested
    if promised is not None and kept is not None and asked is not None and as_asked is not None:
        for at, name in enumerate(context.inputs.families.names):
            now, before = (
                _share(kept[at], promised[at], context.year),
                _share(kept[at], promised[at], context.year, 2),
            )
            lines = float(np.nansum(promised[at, -context.year :]))
            if lines:
                wanted = _share(as_asked[at], asked[at], context.year)
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


def _share(kept: Floats, due: Floats, year: int, back: int = 1) -> float:
    """The share of the last twelve months (1), or of the twelve before them (2); `year`: periods in a year."""
    span = slice(-year * back, len(due) - year * (back - 1))
    asked = float(np.nansum(due[span])) if len(due) >= year * back else 0.0
    return float(np.nansum(kept[span])) / asked if asked else float("nan")
