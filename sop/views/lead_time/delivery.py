"""Delivery on time in full by family: by the day promised, by the day asked for, over a year, and as planned."""

from __future__ import annotations

import numpy as np

from sop.analysis.headline import on_time_parts, values_of
from sop.core.calendar import worded
from sop.core.present import Col, Declared, Form, PlanTable
from sop.facts.closed import OnTime
from sop.views.timeline import PlanContext

TITLE = "On time in full by family"
NO_DELIVERIES = "No deliveries are loaded. The table deliveries unlocks this."
NO_YEAR = "Order lines were not promised for twelve closed months yet, and fewer are not told as a year."


def on_time_table(context: PlanContext) -> PlanTable:
    """What was promised for the last twelve months by family, the share on time in full by either day, and the
    share that the plan keeps in the next twelve."""
    promised, asked, year = context.facts.promised, context.facts.requested, context.year
    if promised is None or asked is None:
        return PlanTable(TITLE, (), (), NO_DELIVERIES)
    _, due = promised.of_year(year)
    last, before, wanted = _shares(promised, year), _shares(promised, year, 2), _shares(asked, year)
    planned = planned_shares(context)
    names = context.inputs.families.names
    form: Form = "money" if promised.in_money else "units"
    return Declared[int](
        TITLE,
        (
            Col("Family", "text", names.__getitem__),
            Col(worded("Promised, last 12 months"), form, lambda at: float(due[at])),
            Col("As promised", "service", lambda at: float(last[at])),
            Col(
                "Against the year before, % points",
                "percent",
                lambda at: float(last[at] - before[at]),
                signed=True,
                better=1,
            ),
            Col("As asked for", "service", lambda at: float(wanted[at])),
            Col(f"Planned, next {context.near_text}", "service", lambda at: float(planned[at])),
        ),
        worded(NO_YEAR),
    ).of(at for at in range(len(names)) if due[at])


def planned_shares(context: PlanContext) -> np.ndarray:
    """The share (F,) of what falls due in the next twelve months that the plan delivers whole by its date."""
    names = context.inputs.families.names
    parts, found = on_time_parts(values_of(context.plan)), np.full(len(names), np.nan)
    if parts is None:
        return found
    kept, due = (part[:, : context.year].sum(axis=1) for part in parts)
    for at, name in enumerate(context.plan.names("on_time_share")):
        if name in names and due[at]:
            found[names.index(name)] = kept[at] / due[at]
    return found


def _shares(lines: OnTime, year: int, back: int = 1) -> np.ndarray:
    """The share (F,) of the last twelve months (1), or of the twelve before them (2)."""
    kept, due = lines.of_year(year, back)
    return np.divide(kept, due, out=np.full(len(due), np.nan), where=due > 0)
