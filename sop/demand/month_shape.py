"""What a part of the month brings, for periods that are shorter than one: pay day, month end, deliveries by call.

Months have no whole number of weeks, so no season of weeks holds what comes back each month. Where demand of a
week hangs on the days of the month in it, the week is forecast as what the mean one would sell, as periods of four
and of five weeks are. It is used where it is proven on weeks not fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from sop.core.calendar import MONTH, Calendar, days_in, first_day, last_day, period_of
from sop.core.inputs import Floats

_PARTS = 6
"""Parts of a month, of about five days each."""
_AROUND = 6
"""Weeks to both sides against whose mean a week is held: thirteen are a quarter, which has three of each part."""
_FEWEST = 39
"""Weeks from which a shape is looked for: three quarters, of which the last one is the trial."""
_CONFIDENCE = 0.99
_LEAST_GAIN = 0.05
"""Part of the error that a shape has to take off in the trial."""
_TOWARDS_ONE = 1.0
"""Weeks of no shape at all that are fitted with those seen, so that few weeks say little."""
_BETWEEN = 0.75
"""The power of a quiet period's part by which it strays: 1 were its noise a part of it, a half were it counted."""
LEAST = 0.3
"""A week that is expected to bring less than this part of a mean one says nothing about the level."""


def month_shapes(history: Floats, periods: Sequence[str], calendar: Calendar) -> Floats:
    """How much each period of history and horizon brings against the mean one (F, H + T); 1 where none is proven.

    `history`: demand by family (F, H); `periods`: the H closed and the T planned ones. A family whose own shape is
    not proven takes the company's where that is. Periods as long as a month have none.
    """
    flat = np.ones((len(history), len(periods)))
    closed = history.shape[1]
    if calendar.mean_days >= MONTH.mean_days / 2 or closed < _FEWEST:
        return flat
    parts = _days_by_part(periods)
    ratios = [_over_its_quarter(row) for row in history]
    whole = _proven(_over_its_quarter(np.nansum(history, axis=0)), parts[:closed], 1)
    for row, ratio in zip(flat, ratios, strict=True):
        own = _proven(ratio, parts[:closed], len(history))
        shape = whole if own is None else own
        if shape is not None:
            row[:] = parts @ shape
    return flat


def on_mean(values: Floats, shape: Floats) -> Floats:
    """Demand (…, H) as the mean period would have had it; what says nothing lies between its neighbours.

    `shape` (…, H): how much each period brings against the mean one; below `LEAST` it says nothing.
    """
    shape = np.broadcast_to(shape, values.shape)
    level = np.divide(values, shape, out=np.full(values.shape, np.nan), where=shape >= LEAST)
    silent = (shape < LEAST) & np.isfinite(values)
    rows, quiet = level.reshape(-1, values.shape[-1]), silent.reshape(-1, values.shape[-1])
    at = np.arange(values.shape[-1])
    for row, hushed in zip(rows, quiet, strict=True):
        known = np.isfinite(row)
        if hushed.any() and known.any():
            row[hushed] = np.interp(at[hushed], at[known], row[known])
    return rows.reshape(values.shape)


def in_period(mean: Floats, bound: Floats, shape: Floats) -> Floats:
    """A bound (…, T) of what the mean period would have, as one of each period; `mean` (…, T) as its middle.

    What little a quiet period brings comes by chance more than what a busy one does: between a part of it and the
    root of that, as of a count.
    """
    if (shape == 1.0).all():
        return bound
    moved = mean * shape + (bound - mean) * np.maximum(shape, shape**_BETWEEN)
    return np.where(bound >= 0, np.maximum(moved, 0.0), moved)


def _days_by_part(periods: Sequence[str]) -> Floats:
    """The share of each period's working days in each part of the month (n, parts)."""
    found = np.zeros((len(periods), _PARTS))
    for row, period in zip(found, periods, strict=True):
        days = np.arange(np.datetime64(first_day(period)), np.datetime64(last_day(period)) + 1)
        for day in days[np.is_busday(days)].tolist():
            row[min((day.day - 1) * _PARTS // days_in(period_of(day)), _PARTS - 1)] += 1
    return found / found.sum(axis=1, keepdims=True)


def _over_its_quarter(values: Floats) -> Floats:
    """Each week over the mean of those around it (H,); NaN where there is none, or half a quarter is missing."""
    known = np.isfinite(values)
    window = np.ones(2 * _AROUND + 1)
    total = np.convolve(np.where(known, values, 0.0), window, "same")
    count = np.convolve(known, window, "same")
    # Only a whole quarter has as many weeks of each part of a month.
    full = np.convolve(np.ones(len(values)), window, "same") == len(window)
    fit = full & known & (count > _AROUND) & (total > 0)
    return np.divide(values * count, total, out=np.full(len(values), np.nan), where=fit)


def _proven(ratio: Floats, parts: Floats, alike: int) -> Floats | None:
    """What a mean week of each part brings (parts,), where it errs less than 1 on the last third; else None."""
    known = np.flatnonzero(np.isfinite(ratio))
    tried = len(known) // 3
    if tried < _AROUND:
        return None
    fitted = _fit(ratio[known[:-tried]], parts[known[:-tried]])
    came = ratio[known[-tried:]]
    without, with_it = np.abs(came - 1.0), np.abs(came - parts[known[-tried:]] @ fitted)
    gain = without - with_it
    half = NormalDist().inv_cdf(1 - (1 - _CONFIDENCE) / alike) * gain.std(ddof=1) / np.sqrt(tried)
    if gain.mean() - half <= 0 or gain.sum() < _LEAST_GAIN * without.sum():
        return None
    return _fit(ratio[known], parts[known])


def _fit(ratio: Floats, parts: Floats) -> Floats:
    """Least squares without negative parts, drawn towards 1, whose mean month is 1."""
    # Two tenths of a second to load, and no page needs it before something is forecast.
    from scipy.optimize import nnls

    drawn = np.sqrt(_TOWARDS_ONE) * np.eye(_PARTS)
    shape, _ = nnls(np.vstack([parts, drawn]), np.concatenate([ratio, np.diag(drawn)]))
    mean = float(shape.mean())
    return shape / mean if mean > 0 else np.ones(_PARTS)
