"""The customer lead time plan: how long customers wait against the target, what is late, and what stock serves."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.review.message import plain_month
from sop.review.plan_views import series
from sop.review.plan_views.parts import lead_time
from sop.review.plan_views.table import PlanTable, TableColumn, known
from sop.review.plan_views.timeline import PlanContext
from sop.review.plan_views.words import joined, units_text, who


def lead_time_message(context: PlanContext, family: str | None) -> str:
    """The longest lead time of the next twelve months against its target, and the orders past due then."""
    days, target = lead_time(context, family), lead_time(context, family, "lead_time_target")
    year = slice(context.past, context.past + 12)
    if not np.isfinite(days[year]).any():
        return f"{who(family)}: how long customers wait is not known."
    worst = context.past + int(np.nanargmax(days[year]))
    when = plain_month(context.months[worst])
    side = "over" if days[worst] > target[worst] else "under"
    gap = f"{abs(days[worst] - target[worst]):.0f} days {side} the target"
    peak = f"{who(family)}: customers wait up to {days[worst]:.0f} days in {when}"
    late = series.past_due(context, family).now
    text = joined(peak, gap if round(abs(days[worst] - target[worst])) else "on target")
    return f"{text}; {units_text(late[worst])} are past due then."


def waited_days(context: PlanContext, family: str | None) -> Floats:
    """Mean days from order to delivery of closed months (P + T,), made to order where no family is chosen."""
    facts = context.facts
    if facts.wait_days is None or facts.lines_delivered is None:
        return np.full(len(context.months), np.nan)
    rows = _rows(context, family)
    days, lines = (
        np.nansum(context.closed_values(values, facts.delivery_months)[rows], axis=0)
        for values in (facts.wait_days, facts.lines_delivered)
    )
    return np.divide(days, lines, out=np.full(len(days), np.nan), where=lines > 0)


def made_to_order_table(context: PlanContext) -> PlanTable:
    """By family made to order: lead time now, at its peak and against target, open orders and what is late."""
    rows = []
    for at in np.flatnonzero(context.inputs.families.made_to_order):
        name = context.inputs.families.names[at]
        days, target = lead_time(context, name), lead_time(context, name, "lead_time_target")
        year = slice(context.past, context.past + 12)
        peak, over = _peak(days[year]), int((days[year] > target[year] + 0.5).sum())
        late, book = series.past_due(context, name), series.order_book(context, name)
        rows.append(
            (
                name,
                known(target[context.past]),
                known(days[context.past]),
                peak,
                None
                if peak is None
                else plain_month(context.months[context.past + int(np.nanargmax(days[year]))]).replace(
                    " 20", "\u00a0"
                ),
                over,
                known(book.actual[context.past - 1]),
                known(late.actual[context.past - 1]),
                _peak(late.now[year]),
            )
        )
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Target", "days"),
        TableColumn("Now", "days"),
        TableColumn("Peak", "days"),
        TableColumn("in", "text"),
        TableColumn("Over", "months"),
        TableColumn("Open orders"),
        TableColumn("Past due"),
        TableColumn("at peak"),
    )
    return PlanTable("Made to order", columns, tuple(rows))


def made_to_stock_table(context: PlanContext) -> PlanTable:
    """By family made to stock: what falls due in the next twelve months and the share served in its month."""
    due, on_time = context.new_plan("due"), context.new_plan("due_on_time")
    lost, rows = context.new_plan("lost_sales"), []
    for at in np.flatnonzero(~context.inputs.families.made_to_order):
        year = slice(context.past, context.past + 12)
        asked = due[at, year].sum()
        share = on_time[at, year].sum() / asked if asked else float("nan")
        late = _peak(context.new_plan("past_due")[at, year])
        rows.append(
            (context.inputs.families.names[at], known(asked), known(share), late, known(lost[at, year].sum()))
        )
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Due, next 12 months"),
        TableColumn("Served from stock", "percent"),
        TableColumn("Past due at peak"),
        TableColumn("Lost"),
    )
    return PlanTable("Made to stock", columns, tuple(rows))


def _rows(context: PlanContext, family: str | None) -> list[int]:
    families = context.inputs.families
    if family is not None:
        return [families.names.index(family)]
    chosen = families.made_to_order if families.made_to_order.any() else np.ones(len(families.names), dtype=bool)
    return [int(at) for at in np.flatnonzero(chosen)]


def _peak(values: Floats) -> float | None:
    return float(np.nanmax(values)) if np.isfinite(values).any() else None
