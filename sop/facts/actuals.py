"""Actuals of closed months by measure: sales and open orders by family, headline measures of the company.

Money of the headline measures is in minor units, lead time in days, on time a fraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sop.core.arrays import Labelled, sum_known
from sop.core.inputs import Floats, Inputs, OrderHistory
from sop.core.money import MINOR
from sop.facts.budget import LEDGER_OF
from sop.facts.on_time import days_waited, promises_of

Monthly = Mapping[str, float]
"""Values by month, only where they are known."""

_SOLD = {"revenue": "revenue", "cost_of_sales": "cost"}
"""Columns of the sales tables that stand for a line of the ledger."""


def sold_by_family(inputs: Inputs, column: str) -> Labelled:
    """Sales by family and closed month: `ordered` or `shipped` in units, `revenue` or `cost` in currency."""
    total = sum_known(inputs.by_family(getattr(inputs.history, column)), axis=1)
    return Labelled(total, family=inputs.families.names, month=inputs.history.months)


def orders_by_family(inputs: Inputs, orders: OrderHistory, column: str) -> Labelled:
    """Open orders by family at each month end: `quantity`, or what of it is `past_due`, units."""
    total = sum_known(getattr(orders, column), axis=1)
    return Labelled(total, family=inputs.families.names, month=orders.months)


@dataclass(frozen=True)
class DeliveryHistory:
    """What customers saw in closed months: `on_time` as a fraction, `lead_days` of what is made to order."""

    on_time: Monthly = field(default_factory=dict)
    lead_days: Monthly = field(default_factory=dict)


def actual_months(inputs: Inputs, deliveries: DeliveryHistory) -> dict[str, Monthly]:
    """Headline measures of closed months from sales, ledger, stock and deliveries, where each is known.

    Gross margin and EBIT come from the ledger's lines; without them gross margin is revenue less the cost that
    the sales history brings. Inventory is the ledger's, else closing stock at standard cost.
    """
    found = {
        "revenue": revenue_by_month(inputs),
        "gross_margin": _ledger_sum(inputs, ("revenue",), ("cost_of_sales",)) or _history_margin(inputs),
        "ebit": _ledger_sum(inputs, ("revenue",), ("cost_of_sales", "operating_cost", "depreciation")),
        "cash": _ledger_sum(inputs, ("cash",), ()),
        "inventory": _ledger_sum(inputs, ("inventory_value",), ()) or _stock_value(inputs),
        "lead_time": deliveries.lead_days,
        "on_time": deliveries.on_time,
    }
    return {key: values for key, values in found.items() if values}


def revenue_by_month(inputs: Inputs) -> Monthly:
    """Revenue of closed months from the sales history, minor units."""
    return by_month(inputs.history.months, np.nansum(inputs.history.revenue, axis=(0, 1)) * MINOR)


def _history_margin(inputs: Inputs) -> Monthly:
    history = inputs.history
    if history.cost is None:
        return {}
    return by_month(history.months, np.nansum(history.revenue - history.cost, axis=(0, 1)) * MINOR)


def _ledger_sum(inputs: Inputs, plus: Sequence[str], minus: Sequence[str]) -> Monthly:
    """Ledger lines added and taken away, for months in which all are known; empty where a line is not kept."""
    ledger = inputs.ledger
    if ledger is None or not {*plus, *minus} <= set(ledger.actual):
        return {}
    total = sum(ledger.actual[line] for line in plus) - sum(ledger.actual[line] for line in minus)
    return by_month(ledger.months, np.asarray(total, dtype=float) * MINOR)


def _stock_value(inputs: Inputs) -> Monthly:
    stock, cost = inputs.stock, inputs.position.unit_cost
    if stock is None or not np.isfinite(cost).all():
        return {}
    return by_month(stock.months, (stock.closing * cost[:, None]).sum(axis=0) * MINOR)


def actual_of(inputs: Inputs, key: str, months: Sequence[str]) -> Floats:
    """Actuals of a line of the financial plan in some months, minor units; not-a-number where it has none.

    They are the ledger's; profit is computed from its parts, EBIT without depreciation where none is booked.
    """
    if key == "gross_margin":
        return _booked(inputs, "revenue", months) - _booked(inputs, "cost_of_sales", months)
    if key == "ebit":
        depreciation = np.nan_to_num(_booked(inputs, "depreciation", months))
        return actual_of(inputs, "gross_margin", months) - _booked(inputs, "operating_cost", months) - depreciation
    return _booked(inputs, LEDGER_OF.get(key, key), months)


def _booked(inputs: Inputs, line: str, months: Sequence[str]) -> Floats:
    """A line of the ledger; without cost of sales in it, revenue and cost are those of the sales tables."""
    ledger = inputs.ledger
    lines = ledger.actual if ledger is not None else {}
    if line in _SOLD and "cost_of_sales" not in lines:
        return _sold(inputs, _SOLD[line], months)
    if ledger is None or line not in lines:
        return np.full(len(months), np.nan)
    return Labelled(lines[line], month=ledger.months).on(month=months).values * MINOR


def _sold(inputs: Inputs, column: str, months: Sequence[str]) -> Floats:
    """Revenue or cost of the sales tables, minor units; not-a-number where they do not bring it."""
    if getattr(inputs.history, column) is None:
        return np.full(len(months), np.nan)
    return sold_by_family(inputs, column).over("family").on(month=months).values * MINOR


def delivery_history(inputs: Inputs, deliveries: pd.DataFrame) -> DeliveryHistory:
    """On time and lead time of closed months from delivery lines.

    On time: of the units promised for a month, the share delivered by its end. Lead time: days from order to
    delivery of what is made to order, by the month of delivery, weighted by units.
    """
    months = inputs.calendar.history(inputs.calendar.year)
    promised = promises_of(inputs, deliveries, months)
    due, kept = promised.due.sum(axis=0), promised.on_time.sum(axis=0)
    share = np.divide(kept, due, out=np.full(len(months), np.nan), where=due > 0)
    return DeliveryHistory(by_month(months, share), _lead_days(inputs, deliveries))


def _lead_days(inputs: Inputs, deliveries: pd.DataFrame) -> Monthly:
    order = inputs.families.made_to_order[inputs.products.family]
    numbers = [number for number, flag in zip(inputs.products.numbers, order, strict=True) if flag]
    lines = deliveries[deliveries["product"].isin(numbers) & deliveries["delivered"].notna()]
    units = lines["quantity_delivered"].astype(float)
    rows = pd.DataFrame({"days": days_waited(lines) * units, "units": units})
    sums = rows.groupby(lines["delivered"].str[:7].to_numpy()).sum()
    sums = sums[sums["units"] > 0]
    return {str(month): float(value) for month, value in (sums["days"] / sums["units"]).items()}


def by_month(months: Sequence[str], values: NDArray[Any]) -> Monthly:
    """Values (H,) by month, without those that are not known."""
    pairs = zip(months, values.tolist(), strict=True)
    return {month: float(value) for month, value in pairs if value == value}
