"""Demand as supply sees it: when it falls due, what is owed already, how it strays, what stock looks ahead to."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import Calendar
from sop.core.inputs import Floats, Inputs, Ints
from sop.core.plan import StoredForecast
from sop.core.scores import Z80
from sop.core.units import in_units, on_grid, smallest
from sop.supply.curves import cumulative

_QUARTERS = 3
"""Quarters of history from which on it is told how long what strays goes on."""


def due_of(demand: Ints, lead_months: Floats, not_due: Floats, decimals: Ints | None = None) -> Ints:
    """Units falling due (F, R, T) from consensus demand (F, R, T), lead times (F,) and open orders (F, R).

    Made to order, an order moves by the standard lead time; from stock it is due at once.
    `not_due` are orders on the books at the start that are not yet due; they fall due evenly over the lead
    time. Orders of a month arrive evenly in it, so a lead time of 1.5 months makes half of them due in the
    next month and half in the one after. Running totals are rounded, so that nothing is lost, to the smallest
    unit of families whose unit has `decimals` (F,).

    >>> due_of(np.full((1, 1, 3), 10), np.array([1.0]), np.array([[8.0]])).ravel().tolist()
    [8, 10, 10]
    """
    ordered = np.concatenate([np.zeros((*demand.shape[:2], 1)), np.cumsum(demand, axis=-1)], axis=-1)
    months = np.arange(1, demand.shape[-1] + 1)
    total = np.empty(demand.shape)
    for f, lead in enumerate(lead_months):
        released = np.minimum(months / lead, 1.0) if lead > 0 else np.ones(len(months))
        at = np.maximum(months - lead, 0)
        below = at.astype(int)
        slope = np.take(np.diff(ordered[f], axis=-1, append=ordered[f, :, -1:]), below, axis=-1)
        total[f] = ordered[f][:, below] + slope * (at - below) + not_due[f][:, None] * released
    decimals = np.zeros(len(total), dtype=np.int64) if decimals is None else decimals
    return in_units(np.diff(smallest(total, decimals), axis=-1, prepend=0), decimals)


def opening_past_due(inputs: Inputs) -> Ints:
    """Units past due at the start by family and region (F, R), whole and never below zero."""
    return on_grid(np.maximum(inputs.position.past_due, 0.0), inputs.families.decimals)


def demand_deviation(inputs: Inputs, forecast: StoredForecast, demand: Ints) -> Floats:
    """Standard deviation of a month's demand that stock must cover, by family (F, T), units.

    Stock is one company pool by product. A product strays with its family's calibrated forecast error, by its
    share, and with the mix, independently; its deviation is the root of both squares, and the family's is the
    sum of its products', since one product's stock does not serve another. Both are taken as shares of a year's
    mean month, so that the month in which a plan is made does not move them, and applied to the demand of the
    three months from each month on. Regions are taken as independent.
    """
    sd = (forecast.hi80 - forecast.lo80) / (2 * Z80)
    near = min(inputs.calendar.quarter, forecast.mean.shape[-1])
    error = np.sqrt((sd[..., :near] ** 2).sum(axis=1)).mean(axis=1)
    level = forecast.mean[..., : inputs.calendar.year].sum(axis=1).mean(axis=1)
    family = inputs.products.family
    weight = inputs.position.product_share @ _region_parts(forecast)
    by_product = np.hypot(weight[np.arange(len(family)), family] * error[family], inputs.position.mix_sd)
    total = np.bincount(family, weights=by_product, minlength=len(level))
    share = np.divide(total, level, out=np.zeros_like(total), where=level > 0)
    return (share * persistence(inputs))[:, None] * demand_ahead(demand, inputs.calendar.quarter)


def persistence(inputs: Inputs) -> Floats:
    """How much more what strays adds up over a month than independent periods would, by family (F,).

    A week that sells more than usual is followed by another: the errors of a month of weeks are no root of their
    number. It is told by the spread of what months of weeks add up to against that of weeks, about the mean of a
    quarter; where sales are told by month, weeks of one stray as one. Of months and longer periods it is 1: their
    errors are taken as independent.
    """
    month, told_by = round(inputs.calendar.in_periods(1)), inputs.history.told_by
    if told_by is not None:
        return np.full(len(inputs.families.names), np.sqrt(told_by.mean_days / inputs.calendar.mean_days))
    families, around = len(inputs.families.names), np.ones(inputs.calendar.quarter) / inputs.calendar.quarter
    if month < 2:
        return np.ones(families)
    found = np.ones(families)
    for f, sold in enumerate(np.nan_to_num(inputs.ordered_by_family.sum(axis=1))):
        if len(sold) < _QUARTERS * len(around):
            continue
        usual = np.convolve(sold, around, "valid")
        strays = sold[len(around) // 2 :][: len(usual)] - usual
        summed = np.convolve(strays, np.ones(month), "valid")
        if strays.var() > 0:
            found[f] = np.sqrt(np.clip(summed.var() / (month * strays.var()), 1.0, month))
    return found


def _region_parts(forecast: StoredForecast) -> Floats:
    """Each region's part of a family's forecast, (R, F)."""
    volume = forecast.mean.sum(axis=-1)
    total = volume.sum(axis=1, keepdims=True)
    return np.divide(volume, total, out=np.zeros_like(volume), where=total > 0).T


def cover_units(demand: Ints, days: Floats, calendar: Calendar) -> Floats:
    """Units (F, T) that the stock cover limit in `days` (F,) allows: the mean demand of the next three months."""
    return demand_ahead(demand, calendar.quarter) * days[:, None] / calendar.mean_days


def demand_ahead(demand: Ints, quarter: int) -> Floats:
    """Mean demand a month (F, T) of the three months after each month: what stock targets go by.

    `quarter`: periods in three months. The last months repeat the last mean known.
    """
    total, periods = cumulative(demand.astype(float)), demand.shape[-1]
    start = np.minimum(np.arange(1, periods + 1), max(periods - quarter, 0))
    end = np.minimum(start + quarter, periods)
    return (total[:, end] - total[:, start]) / (end - start)
