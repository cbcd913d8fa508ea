"""The financial plan: profit and loss by month, quarter and year, cash, and where the fiscal year lands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.calendar import month_index, shift_month
from sop.core.inputs import Floats
from sop.core.measures import measure
from sop.core.money import MINOR
from sop.core.terms import PlanName
from sop.review.family_sheet import SheetLine, SheetPart, compared_lines
from sop.review.message import plain_month
from sop.review.plan_views import series
from sop.review.plan_views.series import PlanSeries
from sop.review.plan_views.table import Figure, PlanTable, TableColumn, difference, known
from sop.review.plan_views.timeline import PlanContext, sum_known
from sop.review.plan_views.words import Money, against, joined

COSTS = ("launch_spend", "initiative_cost", "operating_cost", "depreciation")
CASH_LINES = ("stock_value", "receivables", "payables", "capital_spending")
LEDGER_OF = {"stock_value": "inventory_value", "total_revenue": "revenue"}
NO_VARIANCES = "Variances by name are known for plans computed now, not for frozen ones."
SOLD = {"revenue": "revenue", "cost_of_sales": "cost"}
VARIANCE_NAMES = {
    "labour": "Labour not absorbed",
    "overtime": "Overtime",
    "routing": "Dearer routes",
    "subcontract": "Subcontract above standard",
    "hiring": "Hiring",
    "release": "Releases",
    "relief": "Spot material and hours bought outside",
}


def money_series(context: PlanContext, key: str) -> PlanSeries:
    """A line of the financial plan in minor units: ledger actuals where there are some, then the plan.

    Revenue of closed months is that of the sales tables; its difference to the ledger is a line of its own.
    """
    if key == "total_revenue":
        return series.revenue(context, None)
    entry, now = measure(key), context.whole(context.plan, key)
    past = ledger_line(context, key, context.months)
    now[: context.past] = past[: context.past]
    return PlanSeries(
        entry.label,
        entry.unit,
        "stock" if entry.kind == "stock" else "flow",
        entry.better,
        context.past,
        now,
        context.whole_compared(key),
        context.whole(context.last_cycle, key),
        budget_line(context, key, context.months),
        ledger_line(context, key, tuple(shift_month(month, -12) for month in context.months)),
    )


def ledger_line(context: PlanContext, key: str, months: tuple[str, ...]) -> Floats:
    """Actuals of a line in some months, minor units; profit is computed from its parts."""
    return _ledger(context, key, months, "actual")


def budget_line(context: PlanContext, key: str, months: tuple[str, ...]) -> Floats:
    """The budget of a line in some months, minor units: of the budget table, else of the ledger's budget."""
    budget = context.inputs.budget
    column = {"total_revenue": "revenue", "gross_margin": "gross_margin"}.get(key)
    if budget is not None and column and getattr(budget, column) is not None:
        values = getattr(budget, column)
        total = np.where(np.isfinite(values).any(axis=(0, 1)), np.nansum(values, axis=(0, 1)), np.nan)
        return _on(total, budget.months, months) * MINOR
    return _ledger(context, key, months, "budget")


def _ledger(context: PlanContext, key: str, months: tuple[str, ...], side: str) -> Floats:
    if key == "gross_margin":
        return _account(context, "revenue", months, side) - _account(context, "cost_of_sales", months, side)
    if key == "ebit":
        spent = _account(context, "operating_cost", months, side)
        depreciation = np.nan_to_num(_account(context, "depreciation", months, side))
        return _ledger(context, "gross_margin", months, side) - spent - depreciation
    return _account(context, LEDGER_OF.get(key, key), months, side)


def _account(context: PlanContext, name: str, months: tuple[str, ...], side: str) -> Floats:
    """A line of the ledger; without cost of sales in it, revenue and cost are those of the sales tables."""
    ledger = context.inputs.ledger
    lines = getattr(ledger, side) if ledger is not None else {}
    if side == "actual" and name in SOLD and "cost_of_sales" not in lines:
        return _sold(context, SOLD[name], months)
    if ledger is None or name not in lines:
        return np.full(len(months), np.nan)
    return _on(lines[name], ledger.months, months) * MINOR


def _sold(context: PlanContext, column: str, months: tuple[str, ...]) -> Floats:
    """Revenue or cost of sales of the sales tables, minor units; not-a-number where they do not bring it."""
    if getattr(context.inputs.history, column) is None:
        return np.full(len(months), np.nan)
    values, own = series.sold(context, column)
    return _on(sum_known(values, axis=0), own, months) * MINOR


def _on(values: Floats, own: tuple[str, ...], months: tuple[str, ...]) -> Floats:
    at = {month: place for place, month in enumerate(own)}
    return np.array([values[at[month]] if month in at else np.nan for month in months], dtype=float)


def profit_part(context: PlanContext) -> tuple[SheetPart, ...]:
    """Revenue, costs, gross margin, spend and EBIT, as far as the plan goes."""
    return (
        SheetPart("Revenue", compared_lines(money_series(context, "total_revenue"))),
        SheetPart("Cost of sales", _plain_lines(context, ("cost_of_sales", "period_variance"))),
        SheetPart("Gross margin", _compared(context, "gross_margin")),
        SheetPart("Below gross margin", (*_unreconciled(context), *_plain_lines(context, COSTS))),
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
    loaded = {"launch_spend": context.inputs.launches, "initiative_cost": context.inputs.initiatives}
    found = (money_series(context, key) for key in keys if key in context.plan and loaded.get(key, True))
    return tuple(SheetLine(item.name, "currency", item.now, item.kind) for item in found)


def _unreconciled(context: PlanContext) -> tuple[SheetLine, ...]:
    """Revenue that the ledger has and the sales tables do not, as a named line."""
    sold = money_series(context, "total_revenue").actual
    gap = ledger_line(context, "total_revenue", context.months) - sold
    return (SheetLine("Ledger revenue not in sales tables", "currency", gap),)


# -- cash and variances


def lowest_cash(context: PlanContext) -> tuple[float, str] | None:
    """The lowest month-end cash of the next twelve months and its month; None where cash is not planned."""
    if "cash" not in context.plan:
        return None
    cash = context.plan["cash"][:12]
    return float(cash.min()), context.plan.months[int(cash.argmin())]


def variances_table(context: PlanContext) -> PlanTable:
    """Period variances by name, next twelve months: what making and buying costs beyond standard."""
    found = context.plan.detail.get("variances") or {}
    rows = [(VARIANCE_NAMES[name], float(values[:12].sum())) for name, values in found.items()]
    total = sum(amount for _, amount in rows)
    kept = sorted((row for row in rows if row[1]), key=lambda row: -abs(row[1]))
    columns = (TableColumn("Variance", "text"), TableColumn("Beyond standard", "money", signed=True, better=-1))
    shown = (*kept, ("All variances", float(total))) if rows else ()
    return PlanTable("Variances, next 12 months", columns, shown, NO_VARIANCES)


# -- landing


@dataclass(frozen=True)
class Landing:
    """Where a measure lands in a fiscal year: actual to date plus plan for the rest, minor units."""

    actual: float
    plan: float
    budget: float
    prior_year: float

    @property
    def total(self) -> float:
        """Actual plus plan."""
        return self.actual + self.plan


def fiscal_years(context: PlanContext) -> tuple[tuple[str, ...], ...]:
    """Fiscal years that begin before the horizon ends and end within it."""
    calendar = context.plan.calendar
    first, found = calendar.fiscal_year(calendar.first_open), []
    while month_index(first[-1]) <= month_index(calendar.months[-1]):
        found.append(first)
        first = tuple(shift_month(month, 12) for month in first)
    return tuple(found)


def landing(context: PlanContext, key: str, year: tuple[str, ...]) -> Landing | None:
    """Landing of a flow in a fiscal year; None where an actual or planned month is not known."""
    if key not in context.plan:
        return None
    closed = tuple(month for month in year if context.plan.calendar.position(month) < 0)
    ahead = tuple(month for month in year if month in context.plan.months)
    actual = _actual(context, key, closed).sum()
    planned = _on(context.plan.total(key).astype(float), context.plan.months, ahead).sum()
    before = tuple(shift_month(month, -12) for month in year)
    found = Landing(actual, planned, budget_line(context, key, year).sum(), _actual(context, key, before).sum())
    return found if np.isfinite(found.total) else None


def landing_table(context: PlanContext) -> PlanTable:
    """Revenue, gross margin and EBIT of each fiscal year: actual, plan, landing, budget, prior year.

    A year whose prior year is still running is compared with where that one lands.
    """
    rows: list[tuple[Figure, ...]] = []
    landed: dict[str, float] = {}
    for year in fiscal_years(context):
        for key in ("total_revenue", "gross_margin", "ebit"):
            found = landing(context, key, year)
            if found is not None:
                budget = known(found.budget)
                prior = known(found.prior_year) or landed.get(key)
                gaps = difference(found.total, budget), difference(found.total, prior)
                label = f"{year_name(year)} {measure(key).label}"
                rows.append((label, found.actual or None, found.plan, found.total, budget, *gaps))
                landed[key] = found.total
    columns = (
        TableColumn("Fiscal year", "text"),
        TableColumn("Actual", "money"),
        TableColumn("Plan", "money"),
        TableColumn("Landing", "money"),
        TableColumn("Budget", "money"),
        TableColumn("To budget", "money", signed=True, better=1),
        TableColumn("To prior year", "money", signed=True, better=1),
    )
    empty = "The horizon ends before the fiscal year does."
    return PlanTable("Landing of the fiscal year", columns, tuple(rows), empty)


def year_name(year: tuple[str, ...]) -> str:
    """A fiscal year's name: '2026', or '2026/27' where it is not the calendar year."""
    first, last = year[0][:4], year[-1][:4]
    return first if first == last else f"{first}/{last[2:]}"


def _actual(context: PlanContext, key: str, months: tuple[str, ...]) -> Floats:
    """Closed months of a flow: revenue of the sales tables, the rest of the ledger."""
    if key != "total_revenue":
        return ledger_line(context, key, months)
    return _sold(context, "revenue", months)


# -- message


def financial_message(context: PlanContext, money: Money) -> str:
    """Revenue and the lowest profit line of the next twelve months against the agreed plan, and the cash low."""
    key = next((k for k in ("ebit", "gross_margin") if k in context.plan), "")
    text = _against_agreed(context, "total_revenue", money)
    if key:
        text += f"; {_against_agreed(context, key, money)}"
    low = lowest_cash(context)
    if low is not None:
        return f"Next 12 months: {text}; cash is lowest in {plain_month(low[1])} with {money(low[0])}."
    why = context.plan.availability[PlanName.FINANCIAL].why
    reason = why.split(": ", 1)[-1]
    return f"Next 12 months: {text}" + (f"; it stops there: {reason}." if why else ".")


def _against_agreed(context: PlanContext, key: str, money: Money) -> str:
    item = money_series(context, key)
    now = item.next_year(item.now)
    agreed = against(now, item.next_year(item.agreed), "agreed", money, "more than", "less than")
    return joined(f"{item.name if item.name == 'EBIT' else item.name.lower()} {money(now)}", agreed)
