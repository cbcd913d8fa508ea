"""Stock above its cover limit and below safety stock, in money: by month, and by family with what it costs."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import period_name
from sop.core.inputs import Floats
from sop.core.money import MINOR
from sop.core.present import PlanTable, TableColumn, known
from sop.views.timeline import PlanContext

NO_BREAK = "\u00a0"


def beyond_band(context: PlanContext, family: str | None, key: str) -> Floats:
    """Excess (`excess_units`) or shortage (`shortage_units`) by planned month at standard cost, minor units."""
    cost = context.inputs.position.unit_cost * MINOR
    return context.total(context.new_plan(key), family, cost)[context.past :]


def excess_table(context: PlanContext, carrying_rate: float) -> PlanTable:
    """By family and for all: the worst month end, the mean of twelve months and the cost to carry it a year."""
    rows = [_row(context, name, carrying_rate) for name in context.inputs.families.names]
    if len(rows) > 1:
        rows.append(_row(context, None, carrying_rate))
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Worst excess", "money"),
        TableColumn("in", "text"),
        TableColumn("Excess, mean", "money"),
        TableColumn("to carry a year", "small_money"),
        TableColumn("Worst shortage", "money"),
        TableColumn("in ", "text"),
        TableColumn("Short in", "months"),
    )
    return PlanTable("Excess and shortage by family", columns, tuple(rows))


def _row(context: PlanContext, family: str | None, carrying_rate: float) -> tuple[str | float | int | None, ...]:
    excess, shortage = (
        beyond_band(context, family, key)[: context.year] for key in ("excess_units", "shortage_units")
    )
    mean = float(excess.mean())
    return (
        family or "All families",
        known(float(excess.max())),
        _worst(excess, context),
        known(mean),
        known(mean * carrying_rate),
        known(float(shortage.max())),
        _worst(shortage, context),
        int((shortage > 0).sum()) if np.isfinite(shortage).all() else None,
    )


def _worst(values: Floats, context: PlanContext) -> str:
    """The month of the largest figure; nothing where there is none."""
    if not np.nan_to_num(values).max() > 0:
        return ""
    return period_name(context.plan.months[int(np.nanargmax(values))]).replace(" ", NO_BREAK)
