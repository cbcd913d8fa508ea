"""The inventory plan: stock against its target band, what it covers, what is too much or too little in money."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import period_name
from sop.core.inputs import Floats
from sop.core.money import MINOR
from sop.core.present import PlanTable, TableColumn, known
from sop.core.words import Money, against, joined, who
from sop.views import series
from sop.views.inventory.cover import cover_days
from sop.views.sheet_blocks import target_band
from sop.views.timeline import PlanContext


def inventory_message(context: PlanContext, family: str | None, money: Money) -> str:
    """Stock in money a year ahead against today and the agreed plan, and what of it is too much at the worst."""
    stock = series.inventory(context, family, in_money=True)
    end, today = stock.next_year(stock.now), stock.actual[context.past - 1]
    month = period_name(context.plan.months[min(context.year, len(context.plan.months)) - 1])
    was = against(end, today, "today", money, "more than", "less than")
    agreed = against(end, stock.next_year(stock.agreed), "agreed", money, "more than", "less than")
    text = joined(f"{who(family)}: {money(end)} of stock in {month}", was, agreed)
    excess, shortage = (worst_in_money(context, family, key) for key in ("excess_units", "shortage_units"))
    above, missing = _amount(excess, money), _amount(shortage, money)
    return f"{text}; at worst {above} is above the cover limit and {missing} is missing to safety stock."


def _amount(value: float, money: Money) -> str:
    """Money, or that there is none."""
    return "nothing" if money(value) == money(0.0) else money(value)


def worst_in_money(context: PlanContext, family: str | None, key: str) -> float:
    """The largest month-end excess or shortage of the next twelve months at standard cost, minor units."""
    values = context.total(context.new_plan(key), family, context.inputs.position.unit_cost * MINOR)
    return _peak(values, context)[0]


def stock_table(context: PlanContext) -> PlanTable:
    """By family: stock today and a year ahead, days of supply against target, the worst excess and shortage."""
    cost = context.inputs.position.unit_cost * MINOR
    rows = []
    for at, name in enumerate(context.inputs.families.names):
        units, value = series.inventory(context, name), series.inventory(context, name, in_money=True)
        low, high = target_band(context, name)
        end = min(context.past + 11, len(context.months) - 1)
        excess, when_excess = _peak(context.new_plan("excess_units")[at] * cost[at], context)
        short, when_short = _peak(context.new_plan("shortage_units")[at] * cost[at], context)
        rows.append(
            (
                name,
                known(units.actual[context.past - 1]),
                known(units.next_year(units.now)),
                known(value.next_year(value.now)),
                known(cover_days(context, name)[end]),
                known(low[end]),
                known(high[end]),
                known(excess),
                when_excess,
                known(short),
                when_short,
            )
        )
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Stock today"),
        TableColumn("Stock in 12 months"),
        TableColumn("Value in 12 months", "money"),
        TableColumn("Days of supply", "days"),
        TableColumn("Safety stock"),
        TableColumn("Cover limit"),
        TableColumn("Worst excess", "money"),
        TableColumn("in", "text"),
        TableColumn("Worst shortage", "money"),
        TableColumn("in ", "text"),
    )
    return PlanTable("Stock by family", columns, tuple(rows))


def _peak(values: Floats, context: PlanContext) -> tuple[float, str]:
    """The largest figure of the next twelve months and its month; no month where there is nothing."""
    year = values[context.next_year]
    if not np.isfinite(year).any():
        return float("nan"), ""
    worst = int(np.nanargmax(year))
    return float(year[worst]), period_name(context.plan.months[worst]) if year[worst] > 0 else ""
