"""The inventory plan: stock against its target band, what it covers, what is too much or too little in money."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import period_name
from sop.core.present import Col, Declared, PlanTable
from sop.core.words import Money, against, joined, units_text, who
from sop.views import series
from sop.views.inventory.cover import cover_days
from sop.views.inventory.excess import worst_beyond
from sop.views.sheet_blocks import target_band
from sop.views.timeline import PlanContext


def inventory_message(context: PlanContext, family: str | None, money: Money) -> str:
    """Stock in money a year ahead against today and the agreed plan, and what of it is too much at the worst.

    Of one family in units, and without the worst, where nobody knows what stock is worth; of several no sum then.
    """
    stock = series.inventory(context, family, in_money=True)
    in_money = bool(np.isfinite(stock.next_year(stock.now)))
    if not in_money and family is None and len(context.inputs.families.names) > 1:
        return "All families: stock is shown by family, as no cost of its units counts."
    if not in_money:
        money, stock = units_text, series.inventory(context, family)
    end, today = stock.next_year(stock.now), stock.actual[context.past - 1]
    month = period_name(context.plan.months[min(context.year, len(context.plan.months)) - 1])
    was = against(end, today, "today", money, "more than", "less than")
    agreed = against(end, stock.next_year(stock.agreed), "agreed", money, "more than", "less than")
    text = joined(f"{who(family)}: {money(end)} of stock in {month}", was, agreed)
    if not in_money:
        return f"{text}."
    above, missing = (
        "nothing" if money(worst) == money(0.0) else money(worst)
        for worst in (worst_beyond(context, family, key)[0] for key in ("excess_units", "shortage_units"))
    )
    return f"{text}; at worst {above} above the cover limit and {missing} below safety stock."


def stock_table(context: PlanContext) -> PlanTable:
    """By family: stock today and a year ahead, days of supply against target, the worst excess and shortage."""
    end = min(context.past + context.year, len(context.months)) - 1

    def in_a_year(name: str, in_money: bool = False) -> float:
        stock = series.inventory(context, name, in_money)
        return stock.next_year(stock.now)

    return Declared[str](
        "Stock by family",
        (
            Col("Family", "text", str),
            Col("Stock today", "units", lambda name: float(series.inventory(context, name).now[context.past - 1])),
            Col(f"Stock in {context.near_text}", "units", in_a_year),
            Col(f"Value in {context.near_text}", "money", lambda name: in_a_year(name, in_money=True)),
            Col("Days of supply", "days", lambda name: float(cover_days(context, name)[end])),
            Col("Safety stock", "units", lambda name: float(target_band(context, name)[0][end])),
            Col("Cover limit", "units", lambda name: float(target_band(context, name)[1][end])),
            Col("Worst excess", "money", lambda name: worst_beyond(context, name, "excess_units")[0]),
            Col("in", "text", lambda name: worst_beyond(context, name, "excess_units")[1]),
            Col("Worst shortage", "money", lambda name: worst_beyond(context, name, "shortage_units")[0]),
            Col("in ", "text", lambda name: worst_beyond(context, name, "shortage_units")[1]),
        ),
    ).of(context.inputs.families.names)
