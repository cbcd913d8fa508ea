"""Profit and loss from volumes: rounded once at family, region and month; every total is an integer sum."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sop.core.calendar import Calendar
from sop.core.inputs import Floats, Ints, Ledger
from sop.core.money import to_minor
from sop.core.register import Assumptions


def build_revenue(shipments: Ints, price: Floats) -> Ints:
    """Revenue (F, R, T) in minor units from shipments (F, R, T) and net price (F, R, T) in currency."""
    return to_minor(shipments * np.nan_to_num(price))


def build_cost_of_sales(shipments: Ints, unit_cost: Floats) -> Ints:
    """Cost of sales at standard (F, R, T) in minor units; `unit_cost` (F, T) in currency, known for all."""
    return to_minor(shipments * unit_cost[:, None, :])


def build_stock_value(opening: Floats, receipts: Ints, shipments: Ints, unit_cost: Floats) -> Ints:
    """Inventory value (F, T) in minor units: moves by receipts minus shipments at standard cost.

    `opening` (F,) units, valued at the first month's cost; receipts and shipments (F, T) units.
    """
    start = to_minor(opening * unit_cost[:, 0])
    flows = to_minor(receipts * unit_cost) - to_minor(shipments * unit_cost)
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
    revenue: Ints,
    cost_of_sales: Ints | None,
    variances: Mapping[str, Ints],
    launch_spend: Ints,
    initiative_cost: Ints,
    ledger: Ledger | None,
    assumptions: Assumptions,
    calendar: Calendar,
) -> dict[str, Ints]:
    """Lines of the profit and loss by month (T,), as far as the inputs go.

    Stops at revenue without a standard cost, at gross margin without operating cost in the ledger.
    """
    periods = revenue.shape[-1]
    lines: dict[str, Ints] = {"total_revenue": revenue.sum(axis=(0, 1))}
    if cost_of_sales is None:
        return lines
    lines["cost_of_sales"] = cost_of_sales.sum(axis=(0, 1))
    lines["period_variance"] = sum(variances.values(), np.zeros(periods, dtype=np.int64))
    lines["gross_margin"] = lines["total_revenue"] - lines["cost_of_sales"] - lines["period_variance"]
    lines["launch_spend"], lines["initiative_cost"] = launch_spend, initiative_cost
    change = assumptions.value("operating_cost_pct")
    operating = trailing_cost(ledger, "operating_cost", calendar, change)
    if operating is None:
        return lines
    nothing = np.zeros(periods, dtype=np.int64)
    depreciation = trailing_cost(ledger, "depreciation", calendar)
    capital = trailing_cost(ledger, "capital_spending", calendar)
    lines["operating_cost"] = operating
    lines["depreciation"] = nothing if depreciation is None else depreciation
    lines["capital_spending"] = nothing if capital is None else capital
    spend = lines["launch_spend"] + lines["initiative_cost"]
    lines["ebit"] = lines["gross_margin"] - spend - operating - lines["depreciation"]
    return lines
