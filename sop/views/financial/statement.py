"""The financial plan: profit and loss, working capital and cash by month and year, beside what holds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from sop.core.calendar import period_name, year_before
from sop.core.measures import BELOW_EBIT, measure
from sop.core.money import MINOR
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.terms import PlanName
from sop.core.words import Money, against, in_sentence, joined
from sop.facts.actuals import actual_of, budget_of
from sop.finance.landing import LINES
from sop.views import series
from sop.views.family_sheet import SheetLine, SheetPart, compared_lines
from sop.views.series import PlanSeries
from sop.views.timeline import PlanContext

COSTS = ("launch_spend", "initiative_cost", "operating_cost", "depreciation")
CASH_LINES = ("stock_value", "receivables", "payables", "capital_spending", *BELOW_EBIT)


def money_series(context: PlanContext, key: str) -> PlanSeries:
    """A line of the financial plan in minor units: ledger actuals where there are some, then the plan.

    Revenue of closed months is that of the sales tables; its difference to the ledger is a line of its own.
    Operating cash has no budget: that is after all that is paid.
    """
    if key == "total_revenue":
        return series.revenue(context, None)
    entry, now = measure(key), context.whole(context.plan, key)
    past, budget = (read(context.inputs, key, context.months) for read in (actual_of, budget_of))
    now[: context.past] = past[: context.past]
    return PlanSeries(
        context.plan.label(key),
        entry.unit,
        "stock" if entry.kind == "stock" else "flow",
        entry.better,
        context.past,
        context.year,
        now,
        context.whole_compared(key),
        context.whole(context.last_cycle, key),
        budget if key != "cash" or context.plan.cash_is_whole else budget * np.nan,
        actual_of(context.inputs, key, tuple(map(year_before, context.months))),
    )


def profit_part(context: PlanContext) -> tuple[SheetPart, ...]:
    """Revenue, costs, gross margin, spend and EBIT, as far as the plan goes."""
    return (
        SheetPart("Revenue", (*compared_lines(money_series(context, "total_revenue")), *_unreconciled(context))),
        SheetPart("Cost of sales", _plain_lines(context, ("cost_of_sales", "period_variance", "revaluation"))),
        SheetPart("Gross margin", _compared(context, "gross_margin")),
        SheetPart("Below gross margin", _plain_lines(context, COSTS)),
        SheetPart("EBIT", _compared(context, "ebit")),
    )


def cash_part(context: PlanContext) -> tuple[SheetPart, ...]:
    """Cash and what moves it: stock, receivables, payables, capital spending."""
    return (
        SheetPart("Cash", _compared(context, "cash")),
        SheetPart("What moves cash", _plain_lines(context, CASH_LINES)),
    )


def _compared(context: PlanContext, key: str) -> tuple[SheetLine, ...]:
    return compared_lines(money_series(context, key)) if key in context.plan else ()


def _plain_lines(context: PlanContext, keys: tuple[str, ...]) -> tuple[SheetLine, ...]:
    loaded = {"launch_spend": context.inputs.launches, "initiative_cost": "initiative_spend" in context.plan}
    found = (money_series(context, key) for key in keys if key in context.plan and loaded.get(key, True))
    return tuple(SheetLine(item.name, "currency", item.now, item.kind) for item in found)


def _unreconciled(context: PlanContext) -> tuple[SheetLine, ...]:
    """Revenue that the ledger has and the sales tables do not, as a named line."""
    item = not_in_sales(context)
    return (SheetLine(item.name, "currency", item.actual),)


def not_in_sales(context: PlanContext) -> PlanSeries:
    """What the ledger books as revenue beyond the sales tables, minor units; nothing in planned months.

    Margins of closed months are the ledger's, so without this line they are not what revenue less costs comes to.
    """
    sold = money_series(context, "total_revenue")
    before = tuple(map(year_before, context.months))
    booked, earlier = (actual_of(context.inputs, "total_revenue", months) for months in (context.months, before))
    unknown = np.full(len(context.months), np.nan)
    now = np.where(np.arange(len(unknown)) < context.past, booked - sold.actual, 0.0)
    return replace(
        sold,
        name=LINES["not_in_sales"],
        now=now,
        agreed=unknown,
        last_cycle=unknown,
        budget=unknown,
        prior_year=earlier - sold.prior_year,
    )


# -- cash


def lowest_cash(context: PlanContext) -> tuple[float, str] | None:
    """The lowest month-end cash of the next twelve months and its month; None where cash is not planned."""
    if "cash" not in context.plan:
        return None
    cash = context.plan["cash"][: context.year]
    return float(cash.min()), context.plan.months[int(cash.argmin())]


# -- the statement of a year

STATEMENT = (
    "total_revenue", "cost_of_sales", "period_variance", "revaluation", "gross_margin", "launch_spend",
    "initiative_cost", "operating_cost", "depreciation", "ebit", "stock_value", "receivables", "payables",
    "capital_spending", *BELOW_EBIT, "cash",
)  # fmt: skip
"""Lines of the statement in their order: profit and loss, then what moves cash."""
_CENT = 1.0
TOTALS = ("total_revenue", "gross_margin", "ebit", "cash")
"""Those that the others lead to."""


def statement_series(context: PlanContext) -> dict[str, PlanSeries]:
    """The lines of the statement that the plan knows, by key; with what the ledger and the sales tables are apart
    by in the months shown, where that is anything."""
    found = {key: money_series(context, key) for key in STATEMENT if key in context.plan}
    apart = not_in_sales(context)
    if not (np.abs(np.nan_to_num([apart.actual, apart.prior_year])) > _CENT).any():
        return found
    revenue = {"total_revenue": found.pop("total_revenue")} if "total_revenue" in found else {}
    return {**revenue, "not_in_sales": apart, **found}


def statement_table(context: PlanContext) -> PlanTable:
    """Profit and loss, working capital and cash of the next twelve months beside agreed, budget and prior year.

    Flows are added up, balances are those of the last month. The budget of revenue and gross margin is that of
    the budget table, else the ledger's, as for all other lines.
    """

    totals = {context.plan.label(key) for key in TOTALS if key in context.plan}

    def year(values: Literal["agreed", "budget", "prior_year"]) -> Callable[[PlanSeries], float]:
        return lambda item: item.next_year(getattr(item, values))

    def gap(values: Literal["agreed", "budget", "prior_year"]) -> Callable[[PlanSeries], float]:
        return lambda item: item.next_year(item.now) - item.next_year(getattr(item, values))

    return Declared[PlanSeries](
        "Profit and loss, working capital and cash",
        (
            Col(
                f"Next {context.near_text}",
                "text",
                lambda item: Cell(_called(item), strong=item.name in totals),
            ),
            Col("Plan", "money", lambda item: Cell(item.next_year(item.now), strong=item.name in totals)),
            Col("Agreed", "money", year("agreed")),
            Col("To agreed", "money", gap("agreed"), signed=True),
            Col("Budget", "money", year("budget")),
            Col("To budget", "money", gap("budget"), signed=True),
            Col("Prior year", "money", year("prior_year")),
            Col("To prior year", "money", gap("prior_year"), signed=True),
        ),
    ).of(statement_series(context).values(), lambda item: item.better)


def _called(item: PlanSeries) -> str:
    return item.name if item.kind == "flow" else f"{item.name}, at the end"


# -- message


def financial_message(context: PlanContext, money: Money, minimum: float = 0.0) -> str:
    """Revenue and the lowest profit line of the next twelve months against the agreed plan, and the cash low.

    `minimum` of cash in currency, which is told where cash after all that is paid falls below it.
    """
    if not context.plan.has_revenue:
        return f"Next {context.near_text}: revenue is not known: {context.plan.why_unknown('revenue')}."
    key = next((k for k in ("ebit", "gross_margin") if k in context.plan), "")
    text = _against_agreed(context, "total_revenue", money)
    if key:
        text += f"; {_against_agreed(context, key, money)}"
    low = lowest_cash(context)
    if low is not None:
        least = minimum * MINOR
        short = f", below the minimum of {money(least)}" if context.plan.cash_is_whole and low[0] < least else ""
        lowest = f"cash is lowest in {period_name(low[1])} with {money(low[0])}{short}"
        return f"Next {context.near_text}: {text}; {lowest}."
    # The figures behind the reason stand in the line below.
    reason = context.plan.availability[PlanName.FINANCIAL].reason.split("; ")[0].split(" (")[0]
    return f"Next {context.near_text}: {text}" + (f"; it stops there: {reason}." if reason else ".")


def _against_agreed(context: PlanContext, key: str, money: Money) -> str:
    item = money_series(context, key)
    now = item.next_year(item.now)
    agreed = against(now, item.next_year(item.agreed), "agreed", money, "more than", "less than")
    return joined(f"{in_sentence(item.name)} {money(now)}", agreed)
