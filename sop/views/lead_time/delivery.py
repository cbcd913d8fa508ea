"""Delivery on time in full by family: by the day promised and by the day asked for, over a year."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.core.present import Col, Declared, PlanTable
from sop.views.timeline import PlanContext

TITLE = "On time in full by family"


def on_time_table(context: PlanContext) -> PlanTable:
    """Order lines of the last twelve months by family, and the share on time in full by either day."""
    facts, year = context.facts, context.year
    promised, kept = facts.lines_due, facts.lines_in_full
    asked, as_asked = facts.lines_requested, facts.lines_as_requested
    empty = "No deliveries are loaded. The table deliveries unlocks this."
    if promised is None or kept is None or asked is None or as_asked is None:
        return PlanTable(TITLE, (), (), empty)

    def lines(at: int) -> float:
        return float(np.nansum(promised[at, -year:]))

    def as_promised(at: int, back: int = 1) -> float:
        return _share(kept[at], promised[at], year, back)

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
            Col("As asked for", "percent", lambda at: _share(as_asked[at], asked[at], year)),
        ),
        empty,
    ).of(at for at in range(len(names)) if lines(at))


def _share(kept: Floats, due: Floats, year: int, back: int = 1) -> float:
    """The share of the last twelve months (1), or of the twelve before them (2); `year`: periods in a year."""
    span = slice(-year * back, len(due) - year * (back - 1))
    asked = float(np.nansum(due[span])) if len(due) >= year * back else 0.0
    return float(np.nansum(kept[span])) / asked if asked else float("nan")
