"""Profit and loss from volumes: rounded once at family, region and month; every total is an integer sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import Calendar
from sop.core.inputs import Floats, Ints, Ledger
from sop.core.money import known_minor, to_minor


def build_revenue(shipments: Ints, price: Floats) -> NDArray[Any]:
    """Revenue (F, R, T) in minor units from shipments (F, R, T) and net price (F, R, T) in currency.

    Not-a-number where something is shipped at a price that is not known.
    """
    return known_minor(np.where(shipments == 0, 0.0, shipments * price))


def build_cost_of_sales(shipments: Ints, unit_cost: Floats) -> Ints:
    """Cost of sales at standard (F, R, T) in minor units; `unit_cost` (F, T) in currency, known for all."""
    return to_minor(shipments * unit_cost[:, None, :])


def build_revaluation(opening: Floats, units: Ints, cost_before: Floats, unit_cost: Floats) -> NDArray[Any]:
    """What a change of standard cost adds to the value of stock (F, T) in minor units, on the day it changes.

    `opening` (F,) and month ends `units` (F, T): what is there when a month begins is worth its new cost from then
    on, and so is what comes in and goes out. `cost_before` (F,) and `unit_cost` (F, T) in currency. It is income
    (a write-down where cost falls), and no cash. Not-a-number where something is there whose cost is not known.
    """
    there = np.concatenate([opening[:, None], units[:, :-1]], axis=1)
    change = np.diff(unit_cost, axis=1, prepend=cost_before[:, None])
    return known_minor(np.where(there == 0, 0.0, there * change))


def trailing_cost(ledger: Ledger | None, line: str, calendar: Calendar) -> Ints | None:
    """A ledger line carried forward (T,): the mean of its last twelve known months.

    None where the ledger has no actual of that line.
    """
    if ledger is None or line not in ledger.actual:
        return None
    known = ledger.actual[line][np.isfinite(ledger.actual[line])]
    if not len(known):
        return None
    return np.full(calendar.horizon, to_minor(np.array([known[-calendar.year :].mean()]))[0])


def build_profit_and_loss(
    revenue: NDArray[Any],
    cost_of_sales: Ints | None,
    variances: Mapping[str, Ints] | None,
    spend: Mapping[str, Ints],
    ledger: Ledger | None,
    calendar: Calendar,
    operating: Ints | None,
    revaluation: Ints | None = None,
    *,
    to_margin: bool = False,
) -> dict[str, Ints]:
    """Lines of the profit and loss by month (T,), as far as the inputs go.

    `spend`: on launches and initiatives, where there are any. Nothing where the revenue of something that is sold
    is not known: its cost without it would be no result. Stops at revenue without a standard cost, at cost of
    sales without `variances` (something is bought at a price that is not known), at gross margin without
    `operating` cost (T,) or `to_margin`. `revaluation` (T,) of stock by changes of standard cost, None where
    stock has no value.
    """
    periods = revenue.shape[-1]
    if not np.isfinite(revenue).all():
        return {}
    lines: dict[str, Ints] = {"total_revenue": revenue.sum(axis=(0, 1))}
    if cost_of_sales is None:
        return lines
    lines["cost_of_sales"] = cost_of_sales.sum(axis=(0, 1))
    if variances is None:
        return lines | dict(spend)
    lines["period_variance"] = sum(variances.values(), np.zeros(periods, dtype=np.int64))
    lines["gross_margin"] = lines["total_revenue"] - lines["cost_of_sales"] - lines["period_variance"]
    if revaluation is not None:
        lines["revaluation"] = revaluation
        lines["gross_margin"] = lines["gross_margin"] + revaluation
    lines |= spend
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
