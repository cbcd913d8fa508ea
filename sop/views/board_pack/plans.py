"""The seven plans in the board pack: each says its page's message, with its chart and its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.analysis.supply.limits import LimitWorth
from sop.core.format import MoneyFormat, how_many
from sop.core.paper import PaperChart, Slide
from sop.core.present import PlanTable, plain
from sop.core.register import Assumptions
from sop.core.terms import PlanName
from sop.core.words import load_words
from sop.views import series
from sop.views.board_pack.charts import series_chart, with_limit
from sop.views.financial.detail import families_table
from sop.views.financial.statement import financial_message, money_series, statement_table
from sop.views.inventory.stock_plan import inventory_message, stock_table
from sop.views.lead_time.delivery import on_time_table
from sop.views.lead_time.waiting import lead_time_message, waited_days
from sop.views.portfolio.initiatives import initiatives_message, initiatives_table, spend_series
from sop.views.portfolio.launches import launches_message, launches_table, ramp_series
from sop.views.production.production_plan import lines_table, made_table, production_message
from sop.views.production.resources import build_resources
from sop.views.sales.sales_plan import sales_message
from sop.views.sheet_blocks import lead_time
from sop.views.timeline import PlanContext

MOST_ROWS = 10
"""Rows of a table that a slide holds; the workbook has them all."""


@dataclass(frozen=True)
class PlanWords:
    """What the messages of plan pages rest on beside the plan: assumptions, why units are late, the bottleneck."""

    assumptions: Assumptions
    causes: Mapping[str, str]
    bottleneck: LimitWorth | None


def plan_slides(context: PlanContext, words: PlanWords) -> tuple[Slide, ...]:
    """A slide for each of the seven plans; one that is not available says why and what would unlock it."""
    money = context.plan.money
    return tuple(
        make(context, words, money) if context.plan.availability[name].available else _missing(context, name)
        for name, make in _SLIDES.items()
    )


def shorter(table: PlanTable, most: int = MOST_ROWS) -> tuple[PlanTable, tuple[str, ...]]:
    """A table's first rows with, where it goes on, the sentence that says so; a row of all stays."""
    left = len(table.rows) - most
    if left <= 0:
        return table, ()
    last = table.rows[-1:] if plain(table.rows[-1][0]) == "All" else ()
    kept = (*table.rows[: most - len(last)], *last)
    better = table.row_better and (*table.row_better[: most - len(last)], *table.row_better[-1:][: len(last)])
    return replace(table, rows=kept, row_better=better), (
        f"{how_many(left, 'more rows', 'are')} in the workbook.",
    )


def _missing(context: PlanContext, name: PlanName) -> Slide:
    state = context.plan.availability[name]
    unlock = f" {load_words(state.unlock)} to unlock it." if state.unlock else ""
    return Slide(name.value, name.title, f"The {name.title.lower()} plan is not available: {state.why}.{unlock}")


def _chart(
    item: series.PlanSeries, context: PlanContext, money: MoneyFormat, name: str, unit: str
) -> PaperChart | None:
    """A chart of all families; none in units of several, which are not added up."""
    in_units = item.unit != "currency" and context.several(None)
    return None if in_units else series_chart(item, context, money, name, unit)


def _slide(name: PlanName, message: str, chart: PaperChart | None, table: PlanTable | None) -> Slide:
    if table is None:
        return Slide(name.value, name.title, message, chart=chart)
    kept, notes = shorter(table.without_empty_columns() if table.rows else table)
    return Slide(name.value, name.title, message, chart=chart, tables=(kept,), notes=notes)


def _sales(context: PlanContext, words: PlanWords, money: MoneyFormat) -> Slide:
    in_money = money.known and context.plan.has_revenue
    item = series.revenue(context, None) if in_money else series.demand(context, None)
    unit = f"{money.unit} a {context.word}" if in_money else f"units a {context.word}"
    chart = _chart(item, context, money, "Revenue" if in_money else "Demand", unit)
    message = sales_message(context, None, money.words)
    known = context.plan.has_revenue
    table = families_table(context.inputs, context.plan, context.base) if known else None
    return _slide(PlanName.SALES, message, chart, table)


def _production(context: PlanContext, words: PlanWords, money: MoneyFormat) -> Slide:
    resources = build_resources(context)
    tightest = resources[0] if resources else None
    message = production_message(context, None, tightest, words.bottleneck, money.words)
    at_cost = context.several(None) and money.known and context.costs_known
    if context.several(None) and not at_cost:
        # Units of different families are not added up: each is told for itself.
        return _slide(PlanName.PRODUCTION, message, None, made_table(context))
    unit = f"{money.unit} at standard cost" if at_cost else "units"
    made = series.production(context, None, at_cost)
    chart = series_chart(made, context, money, "Production", f"{unit} a {context.word}")
    return _slide(PlanName.PRODUCTION, message, chart, lines_table(resources, context.plan.near_text))


def _inventory(context: PlanContext, words: PlanWords, money: MoneyFormat) -> Slide:
    stock = series.inventory(context, None, in_money=True)
    in_money = money.known and bool(np.isfinite(stock.now).any())
    item = stock if in_money else series.inventory(context, None)
    unit = f"{money.unit} at {context.word} end" if in_money else f"units at {context.word} end"
    chart = _chart(item, context, money, "Inventory", unit)
    return _slide(PlanName.INVENTORY, inventory_message(context, None, money.words), chart, stock_table(context))


def _lead_time(context: PlanContext, words: PlanWords, money: MoneyFormat) -> Slide:
    planned = np.arange(len(context.months)) >= context.past
    days = np.where(planned, lead_time(context, None), waited_days(context, None))
    compared = context.compared("customer_lead_time")
    agreed = context.total(compared, context.waiting) if context.waiting else days * np.nan
    item = replace(series.plain_series(context, "Lead time", "days", -1, days, agreed), kind="stock")
    title = f"Lead time: {context.waiting}" if context.waiting else "Lead time"
    target = lead_time(context, None, "lead_time_target")[context.past]
    chart = with_limit(series_chart(item, context, money, title, "days"), "Target", float(target))
    message = lead_time_message(context, None, words.causes)
    return _slide(PlanName.CUSTOMER_LEAD_TIME, message, chart, on_time_table(context))


def _launches(context: PlanContext, words: PlanWords, money: MoneyFormat) -> Slide:
    message = launches_message(context, words.assumptions, money.words)
    ramp = ramp_series(context, None)
    unit = f"{money.unit} at net price" if ramp.unit == "currency" else "units"
    chart = series_chart(ramp, context, money, "Planned volume", f"{unit} a {context.word}")
    return _slide(PlanName.NEW_PRODUCTS, message, chart, launches_table(context, words.assumptions))


def _initiatives(context: PlanContext, words: PlanWords, money: MoneyFormat) -> Slide:
    message = initiatives_message(context, words.assumptions, money.words)
    chart = series_chart(spend_series(context), context, money, "Planned spend", f"{money.unit} a {context.word}")
    return _slide(PlanName.STRATEGIC_INITIATIVES, message, chart, initiatives_table(context, words.assumptions))


def _financial(context: PlanContext, words: PlanWords, money: MoneyFormat) -> Slide:
    key = next((key for key in ("ebit", "gross_margin") if key in context.plan), "total_revenue")
    item = money_series(context, key)
    chart = series_chart(item, context, money, item.name, f"{money.unit} a {context.word}")
    minimum = words.assumptions.value("minimum_cash")
    message, table = (
        financial_message(context, money.words, minimum),
        statement_table(context).without_empty_columns(),
    )
    return Slide(PlanName.FINANCIAL.value, PlanName.FINANCIAL.title, message, chart=chart, tables=(table,))


_SLIDES: Mapping[PlanName, Callable[[PlanContext, PlanWords, MoneyFormat], Slide]] = {
    PlanName.SALES: _sales,
    PlanName.PRODUCTION: _production,
    PlanName.INVENTORY: _inventory,
    PlanName.CUSTOMER_LEAD_TIME: _lead_time,
    PlanName.NEW_PRODUCTS: _launches,
    PlanName.STRATEGIC_INITIATIVES: _initiatives,
    PlanName.FINANCIAL: _financial,
}
