"""Stock above its cover limit and below safety stock, in money: by month, and by family with what it costs."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import period_name
from sop.core.inputs import Floats
from sop.core.present import Col, Declared, PlanTable
from sop.views.timeline import PlanContext

NO_BREAK = "\u00a0"


def beyond_band(context: PlanContext, family: str | None, key: str) -> Floats:
    """Excess (`excess_units`) or shortage (`shortage_units`) by planned month at standard cost, minor units."""
    return context.total(context.new_plan(key), family, context.unit_cost)[context.past :]


def worst_beyond(context: PlanContext, family: str | None, key: str) -> tuple[float, str]:
    """The largest excess or shortage of the next twelve months and its month; no month where there is none."""
    year = beyond_band(context, family, key)[: context.year]
    if not np.isfinite(year).any():
        return float("nan"), ""
    worst = int(np.nanargmax(year))
    return float(year[worst]), period_name(context.plan.months[worst]) if year[worst] > 0 else ""


def excess_table(context: PlanContext, carrying_rate: float) -> PlanTable:
    """By family and for all: the worst month end, the mean of twelve months and the cost to carry it a year."""

    def mean(family: str | None) -> float:
        return float(beyond_band(context, family, "excess_units")[: context.year].mean())

    def month(family: str | None, key: str) -> str:
        return worst_beyond(context, family, key)[1].replace(" ", NO_BREAK)

    def short_months(family: str | None) -> int | None:
        shortage = beyond_band(context, family, "shortage_units")[: context.year]
        return int((shortage > 0).sum()) if np.isfinite(shortage).all() else None

    names = context.inputs.families.names
    return Declared[str | None](
        "Excess and shortage by family",
        (
            Col("Family", "text", lambda family: family or "All families"),
            Col("Worst excess", "money", lambda family: worst_beyond(context, family, "excess_units")[0]),
            Col("in", "text", lambda family: month(family, "excess_units")),
            Col("Excess, mean", "money", mean),
            Col("to carry a year", "small_money", lambda family: mean(family) * carrying_rate),
            Col("Worst shortage", "money", lambda family: worst_beyond(context, family, "shortage_units")[0]),
            Col("in ", "text", lambda family: month(family, "shortage_units")),
            Col("Short in", "months", short_months),
        ),
    ).of((*names, None) if len(names) > 1 else names)
