"""How good a forecast was, at a stated lag and level, and what each step of the process added.

Forecasts and actuals are arrays of equal shape in units, NaN where there is none. A month counts only where
every figure it needs is known. A measure that cannot be formed is NaN with the reason in words.

>>> forecast, actual = np.array([110.0, 90.0]), np.array([100.0, 100.0])
>>> wape(forecast, actual).value, bias(forecast, actual).value
(0.1, 0.0)
"""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from sop.core.accuracy import Score, ValueAdded
from sop.core.inputs import Floats

_NO_ACTUALS = "no month has both a forecast and an actual"
_ZERO_ACTUALS = "the actuals add up to no demand"


_FEWEST = 3
"""Months from which an interval is given."""


def wape(forecast: Floats, actual: Floats) -> Score:
    """Weighted absolute percentage error, a fraction: Σ|F − A| / ΣA."""
    f, a = _known(forecast, actual)
    return _ratio(np.abs(f - a).sum(), a)


def bias(forecast: Floats, actual: Floats) -> Score:
    """Σ(F − A) / ΣA, a fraction; positive is over-forecast."""
    f, a = _known(forecast, actual)
    return _ratio((f - a).sum(), a)


def tracking_signal(forecast: Floats, actual: Floats) -> Score:
    """Σ(F − A) in mean absolute deviations; beyond ±4 the forecast is off one way too long to be luck."""
    f, a = _known(forecast, actual)
    if not len(a):
        return Score(np.nan, 0, _NO_ACTUALS)
    deviation = np.abs(f - a).mean()
    return Score(float((f - a).sum() / deviation) if deviation > 0 else 0.0, len(a))


def mase(forecast: Floats, actual: Floats, history: Floats, season_length: int) -> Score:
    """Mean absolute error over that of the seasonal naive forecast within `history` (Hyndman and Koehler 2006).

    Arrays are (..., periods) with the same leading axes; the scale is pooled over them. Below 1 the forecast
    beats seasonal naive.
    """
    f, a = _known(forecast, actual)
    if not len(a):
        return Score(np.nan, 0, _NO_ACTUALS)
    steps = np.abs(history[..., season_length:] - history[..., :-season_length])
    steps = steps[np.isfinite(steps)]
    if not steps.size:
        return Score(np.nan, len(a), f"no history of more than {season_length} months to compare with")
    if steps.mean() == 0:
        return Score(np.nan, len(a), "the history repeats itself exactly, so there is no error to compare with")
    return Score(float(np.abs(f - a).mean() / steps.mean()), len(a))


def forecast_value_added(
    previous: Floats, forecast: Floats, actual: Floats, confidence: float = 0.90
) -> ValueAdded:
    """WAPE of the previous step minus WAPE of this one, over cells (..., months) that have all three figures.

    The interval is Student's t on the paired differences of absolute errors by month: families and regions of
    one month err together, so that they count as one. With fewer than three months, or none with actuals, value
    or interval is NaN with the reason.
    """
    before, after, a = np.broadcast_arrays(*(np.asarray(f, float) for f in (previous, forecast, actual)))
    known = np.isfinite(before) & np.isfinite(after) & np.isfinite(a)
    if not known.any():
        return ValueAdded(np.nan, np.nan, np.nan, 0, _NO_ACTUALS)
    by_cell = np.where(known, np.abs(before - a) - np.abs(after - a), 0.0).reshape(-1, a.shape[-1])
    saved = by_cell.sum(axis=0)[known.reshape(by_cell.shape).any(axis=0)]
    total = a[known].sum()
    if total <= 0:
        return ValueAdded(np.nan, np.nan, np.nan, len(saved), _ZERO_ACTUALS)
    value = float(saved.sum() / total)
    if len(saved) < _FEWEST:
        return ValueAdded(value, np.nan, np.nan, len(saved), f"fewer than {_FEWEST} months give no interval")
    reach = student.ppf((1 + confidence) / 2, len(saved) - 1) * saved.std(ddof=1) * np.sqrt(len(saved)) / total
    return ValueAdded(value, float(value - reach), float(value + reach), len(saved))


def _known(*figures: Floats) -> tuple[Floats, ...]:
    """The figures, flattened, where all of them are known."""
    flat = [np.asarray(figure, dtype=float).ravel() for figure in np.broadcast_arrays(*figures)]
    complete = np.isfinite(flat).all(axis=0)
    return tuple(figure[complete] for figure in flat)


def _ratio(error: float, actual: Floats) -> Score:
    if not len(actual):
        return Score(np.nan, 0, _NO_ACTUALS)
    if actual.sum() <= 0:
        return Score(np.nan, len(actual), _ZERO_ACTUALS)
    return Score(float(error / actual.sum()), len(actual))
