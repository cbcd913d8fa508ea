"""Actuals of closed months and the budget, by measure: by family, and headline measures of the company.

Money of the headline measures is in minor units, lead time in days, on time a fraction. Every page reads actuals
and the budget here, so that a figure on one is the figure on another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sop.core.arrays import Labelled, sum_known
from sop.core.inputs import Floats, Inputs, OrderHistory
from sop.core.money import MINOR, to_minor
from sop.facts.closed import ClosedFacts
from sop.facts.stock_value import stock_of_tables

Monthly = Mapping[str, float]
"""Values by month, only where they are known."""

LEDGER_OF = {"stock_value": "inventory_value", "total_revenue": "revenue"}
"""Names in the ledger of measures that the plan calls by another."""
_SOLD = {"revenue": "revenue", "cost_of_sales": "cost"}
"""Columns of the sales tables that stand for a line of the ledger."""

_PAST: Mapping[str, Callable[[Inputs], Floats]] = {
    "ordered": lambda inputs: inputs.ordered_by_family,
    "shipped": lambda inputs: inputs.shipped_by_family,
    "revenue": lambda inputs: inputs.revenue_by_family,
    "cost": lambda inputs: inputs.cost_by_family,
}
"""Columns of the sales tables, added up by family."""


def sold_by_family(inputs: Inputs, column: str) -> Labelled:
    """Sales by family and closed month: `ordered` or `shipped` in units, `revenue` or `cost` in currency.

    Revenue is not-a-number where that of something shipped is not known.
    """
    values = sum_known(_PAST[column](inputs), axis=1)
    if column == "revenue":
        values = np.where(inputs.revenue_lost.any(axis=1), np.nan, values)
    return Labelled(values, family=inputs.families.names, month=inputs.history.months)


def orders_by_family(inputs: Inputs, orders: OrderHistory, column: str) -> Labelled:
    """Open orders by family at each month end: `quantity`, or what of it is `past_due`, units.

    Past due that is derived is no actual: not known.
    """
    total = sum_known(getattr(orders, column), axis=1)
    if column == "past_due" and orders.derived:
        total = np.full_like(total, np.nan)
    return Labelled(total, family=inputs.families.names, month=orders.months)


@dataclass(frozen=True)
class DeliveryHistory:
    """What customers saw in closed months: `on_time` as a fraction, `lead_days` of the family that is told."""

    on_time: Monthly = field(default_factory=dict)
    lead_days: Monthly = field(default_factory=dict)


def actual_months(inputs: Inputs, deliveries: DeliveryHistory) -> dict[str, Monthly]:
    """Headline measures of closed months from sales, ledger, stock and deliveries, where each is known."""
    months = inputs.history.months
    booked = {key: by_month(months, actual_of(inputs, key, months)) for key in ("gross_margin", "ebit", "cash")}
    found = {
        "revenue": revenue_by_month(inputs),
        **booked,
        "inventory": by_month(months, actual_of(inputs, "stock_value", months)),
        "lead_time": deliveries.lead_days,
        "on_time": deliveries.on_time,
    }
    return {key: values for key, values in found.items() if values}


def revenue_by_month(inputs: Inputs) -> Monthly:
    """Revenue of closed months from the sales tables, minor units: what the plan's revenue goes on from."""
    return by_month(inputs.history.months, sold_amounts(inputs, "revenue"))


def sold_amounts(inputs: Inputs, column: str) -> Floats:
    """`revenue` or `cost` of the sales tables (H,), minor units; not-a-number where some of it is not known."""
    amounts, months = getattr(inputs.history, column), len(inputs.history.months)
    if amounts is None:
        return np.full(months, np.nan)
    lost = (~np.isfinite(amounts) & (np.nan_to_num(inputs.history.shipped) != 0)).any(axis=(0, 1))
    return np.where(lost, np.nan, _whole_money(amounts))


def actual_of(inputs: Inputs, key: str, months: Sequence[str]) -> Floats:
    """Actuals of a line of the financial plan in some months, minor units; not-a-number where it has none.

    They are the ledger's; profit is computed from its parts, EBIT without depreciation where none is booked. Stock
    is the tables' at standard cost, which the plan goes on from, and the ledger's only where none is loaded.
    """
    if key == "stock_value" and (found := stock_of_tables(inputs)) is not None:
        return found.on(month=months).values
    if key == "gross_margin":
        return _booked(inputs, "revenue", months) - _booked(inputs, "cost_of_sales", months)
    if key == "ebit":
        depreciation = np.nan_to_num(_booked(inputs, "depreciation", months))
        return actual_of(inputs, "gross_margin", months) - _booked(inputs, "operating_cost", months) - depreciation
    return _booked(inputs, LEDGER_OF.get(key, key), months)


def _booked(inputs: Inputs, line: str, months: Sequence[str]) -> Floats:
    """A line of the ledger; without cost of sales in it, revenue and cost are those of the sales tables."""
    if line in _SOLD and not (inputs.ledger and "cost_of_sales" in inputs.ledger.actual):
        return Labelled(sold_amounts(inputs, _SOLD[line]), month=inputs.history.months).on(month=months).values
    return _of_ledger(inputs, "actual", line, months)


def _of_ledger(inputs: Inputs, scenario: Literal["actual", "budget"], line: str, months: Sequence[str]) -> Floats:
    """A line of the ledger in some months, minor units; not-a-number where it has none."""
    values = None if inputs.ledger is None else getattr(inputs.ledger, scenario).get(line)
    if inputs.ledger is None or values is None:
        return np.full(len(months), np.nan)
    return Labelled(values * MINOR, month=inputs.ledger.months).on(month=months).values


def _whole_money(amounts: Floats) -> Floats:
    """Amounts added up over their first two axes, minor units; not-a-number where nothing is known."""
    total = to_minor(np.nan_to_num(amounts)).sum(axis=(0, 1))
    return np.where(np.isfinite(amounts).any(axis=(0, 1)), total, np.nan)


def budget_of(inputs: Inputs, key: str, months: Sequence[str]) -> Floats:
    """The budget of a measure of money in some months, minor units; not-a-number where it has none.

    Cost of sales is what the budget table's revenue leaves above its margin; EBIT is the margin less the ledger's
    budget of operating cost and depreciation, without depreciation where none is budgeted.
    """
    if key == "ebit":
        operating, depreciation = (
            _of_ledger(inputs, "budget", line, months) for line in ("operating_cost", "depreciation")
        )
        return budget_of(inputs, "gross_margin", months) - operating - np.nan_to_num(depreciation)
    revenue, margin = _table(inputs, "revenue", months), _table(inputs, "gross_margin", months)
    if key == "total_revenue" and revenue is not None:
        return revenue
    if key == "gross_margin" and margin is not None:
        return margin
    if key == "gross_margin":
        return budget_of(inputs, "total_revenue", months) - budget_of(inputs, "cost_of_sales", months)
    if key == "cost_of_sales" and revenue is not None and margin is not None:
        return revenue - margin
    return _of_ledger(inputs, "budget", LEDGER_OF.get(key, key), months)


def _table(inputs: Inputs, column: str, months: Sequence[str]) -> Floats | None:
    """A column of the budget table (T,); None where it tells none, or is not of all that the company sells.

    A month counts where some of it is known, and not of some families alone.
    """
    budget = inputs.budget
    values = None if budget is None else getattr(budget, column)
    if budget is None or values is None or not budget.is_whole or not np.isfinite(values).any():
        return None
    found = Labelled(_whole_money(values), month=budget.months).on(month=months).values
    return np.where([month in budget.partial for month in months], np.nan, found)


def delivery_history(inputs: Inputs, facts: ClosedFacts, family: str = "") -> DeliveryHistory:
    """On time and lead time of closed months from delivery lines.

    On time: of the value of lines promised for a month, the share delivered whole by the date promised. Lead time:
    mean days from order to delivery of a unit of the `family` whose wait is told, by the month of delivery.
    """
    if facts.promised is None:
        return DeliveryHistory()
    on_time = facts.promised.of()
    rows = [f for f, name in enumerate(inputs.families.names) if name == family]
    waits = by_month(facts.wait_months, facts.mean_wait(rows)) if rows else {}
    return DeliveryHistory(by_month(on_time.months, on_time.share), waits)


def by_month(months: Sequence[str], values: NDArray[Any]) -> Monthly:
    """Values (H,) by month, without those that are not known."""
    pairs = zip(months, values.tolist(), strict=True)
    return {month: float(value) for month, value in pairs if value == value}
