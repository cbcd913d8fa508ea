"""Profit and loss from volumes: rounded once at family, region and month; every total is an integer sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import Calendar
from sop.core.inputs import Floats, Ints, Ledger
from sop.core.money import known_minor, to_minor
from sop.core.register import Assumptions


def build_revenue(shipments: Ints, price: Floats) -> NDArray[Any]:
    """Revenue (F, R, T) in minor units from shipments (F, R, T) and net price (F, R, T) in currency.

    Not-a-number where something is shipped at a price that is not known.
    """
    return known_minor(np.where(shipments == 0, 0.0, shipments * price))


def build_cost_of_sales(shipments: Ints, unit_cost: Floats) -> Ints:
    """Cost of sales at standard (F, R, T) in minor units; `unit_cost` (F, T) in currency, known for all."""
    return to_minor(shipments * unit_cost[:, None, :])


def build_stock_value(
    opening: Floats, receipts: Ints, shipments: Ints, unit_cost: Floats, booked: float | None = None
) -> NDArray[Any]:
    """Inventory value (F, T) in minor units: moves by receipts minus shipments at standard cost.

    `opening` (F,) units, valued at the first month's cost, or at their part of what is `booked` in currency;
    receipts and shipments (F, T) units. Not-a-number for a
    family that has stock, or moves any, at a cost that is not known.
    """
    moved = (opening != 0) | (receipts != 0).any(axis=1) | (shipments != 0).any(axis=1)
    cost = np.where(moved[:, None], unit_cost, 0.0)
    worth = opening * cost[:, 0]
    if booked is not None and worth.sum() > 0:
        worth = worth * booked / worth.sum()
    start = known_minor(worth)
    flows = known_minor(receipts * cost) - known_minor(shipments * cost)
    return start[:, None] + np.cumsum(flows, axis=1)


def trailing_cost(ledger: Ledger | None, line: str, calendar: Calendar, change: float = 0.0) -> Ints | None:
    """A ledger line carried forward (T,): the mean of its last twelve known months × (1 + change).

    None where the ledger has no actual of that line.
    """
    if ledger is None or line not in ledger.actual:
        return None
    known = ledger.actual[line][np.isfinite(ledger.actual[line])]
    if not len(known):
        return None
    return np.full(calendar.horizon, to_minor(np.array([known[-calendar.year :].mean() * (1 + change)]))[0])


def build_profit_and_loss(
    revenue: NDArray[Any],
    cost_of_sales: Ints | None,
    variances: Mapping[str, Ints],
    spend: Mapping[str, Ints],
    ledger: Ledger | None,
    assumptions: Assumptions,
    calendar: Calendar,
    *,
    to_margin: bool = False,
) -> dict[str, Ints]:
    """Lines of the profit and loss by month (T,), as far as the inputs go.

    `spend`: on launches and initiatives, where there are any. Nothing where the revenue of something that is sold
    is not known: its cost without it would be no result. Stops at revenue without a standard cost, at gross margin
    without operating cost in the ledger or `to_margin`.
    """
    periods = revenue.shape[-1]
    if not np.isfinite(revenue).all():
        return {}
    lines: dict[str, Ints] = {"total_revenue": revenue.sum(axis=(0, 1))}
    if cost_of_sales is None:
        return lines
    lines["cost_of_sales"] = cost_of_sales.sum(axis=(0, 1))
    lines["period_variance"] = sum(variances.values(), np.zeros(periods, dtype=np.int64))
    lines["gross_margin"] = lines["total_revenue"] - lines["cost_of_sales"] - lines["period_variance"]
    lines |= spend
    change = assumptions.value("operating_cost_pct")
    operating = trailing_cost(ledger, "operating_cost", calendar, change)
    if operating is None or to_margin:
        return lines
    nothing = np.zeros(periods, dtype=np.int64)
    depreciation = trailing_cost(ledger, "depreciation", calendar)
    capital = trailing_cost(ledger, "capital_spending", calendar)
    lines["operating_cost"] = operating
    lines["depreciation"] = nothing if depreciation is None else depreciation
    lines["capital_spending"] = nothing if capital is None else capital
    lines["ebit"] = lines["gross_margin"] - sum(spend.values(), nothing) - operating - lines["depreciation"]
    return lines
