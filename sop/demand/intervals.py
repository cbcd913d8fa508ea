"""Honest intervals: half-widths calibrated on backtests, by kind of method and step.

A model's own intervals are too narrow (80% ones cover about 72% of real months). So each backtest error is
divided by a yardstick known at its origin, the geometric mean of the model's own spread and the error of the
naive forecast, and the quantiles of these ratios, pooled over series and origins, scale today's yardstick.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop.core.inputs import Floats
from sop.core.scores import deviations
from sop.demand.ladder import SeriesForecast

LEVELS = (0.80, 0.95)
"""The coverage of the two intervals."""

_NORMAL = {level: deviations(level) for level in LEVELS}
_ENOUGH = 30
_NEIGHBOURS = 2
_UNKNOWN_ERROR = 0.5


def half_widths(forecasts: Sequence[SeriesForecast], history: Floats) -> dict[float, Floats]:
    """Half-widths (n, h) in units by coverage level, never narrower at a later step relative to the yardstick.

    Kinds of method with too few backtests share those of all; without any, the normal distribution is assumed.
    """
    yardsticks = _yardsticks(forecasts)
    kinds = np.array([forecast.kind for forecast in forecasts])
    ratios = [_ratios(forecast, row) for forecast, row in zip(forecasts, history, strict=True)]
    widths = {level: np.zeros_like(yardsticks) for level in LEVELS}
    for kind in np.unique(kinds):
        of_kind = _stack([ratio for ratio, own in zip(ratios, kinds, strict=True) if own == kind], yardsticks)
        pool = of_kind if len(of_kind) >= _ENOUGH else _stack(ratios, yardsticks)
        for level in LEVELS:
            rows = kinds == kind
            widths[level][rows] = yardsticks[rows] * _multipliers(pool, level)
    return widths


def _yardstick(forecast: SeriesForecast) -> Floats:
    """Geometric mean of the model's spread, made to rise with the step, and the naive forecast's error (h,)."""
    return np.sqrt(_rising(forecast.path.spread) * forecast.scale)


def _yardsticks(forecasts: Sequence[SeriesForecast]) -> Floats:
    """Yardsticks (n, h); a series too short to have one borrows the batch's median error relative to its level."""
    own = np.array([_yardstick(forecast) for forecast in forecasts])
    levels = np.array([np.abs(forecast.path.mean).mean() for forecast in forecasts])
    known = np.isfinite(own).all(axis=1) & (levels > 0)
    relative = np.median(own[known].mean(axis=1) / levels[known]) if known.any() else _UNKNOWN_ERROR
    return np.where(np.isfinite(own), own, levels[:, None] * relative)


def _ratios(forecast: SeriesForecast, history: Floats) -> Floats:
    """Absolute backtest errors over their yardsticks (origins, h), NaN beyond the last closed month."""
    ratios = np.full((len(forecast.backtests), len(forecast.path.mean)), np.nan)
    for row, (held_back, past) in zip(ratios, forecast.backtests.items(), strict=True):
        actual = history[len(history) - held_back :][: len(row)]
        yardstick = _yardstick(past)[: len(actual)]
        error = np.abs(actual - past.path.mean[: len(actual)])
        np.divide(error, yardstick, out=row[: len(actual)], where=yardstick > 0)
    return ratios


def _stack(ratios: Sequence[Floats], like: Floats) -> Floats:
    stacked = np.concatenate([np.empty((0, like.shape[1])), *[ratio for ratio in ratios if ratio.size]])
    return stacked[np.isfinite(stacked).any(axis=1)]


def _multipliers(ratios: Floats, level: float) -> Floats:
    """Yardsticks per step (h,) that cover `level` of past errors: rising, growing beyond the last step seen."""
    if len(ratios) < _ENOUGH:
        return np.full(ratios.shape[1], _NORMAL[level])
    steps = np.arange(ratios.shape[1])
    counts = np.isfinite(ratios).sum(axis=0)
    # Steps between that nothing is known of, as of quiet weeks, are told by those beside them.
    seen = int(np.flatnonzero(counts >= _ENOUGH // 2).max(initial=0)) + 1
    near = [ratios[:, max(t - _NEIGHBOURS, 0) : t + _NEIGHBOURS + 1] for t in steps[:seen]]
    quantiles = [np.nanquantile(window, level) for window in near]
    rising = _rising(quantiles, np.maximum(counts[:seen], 1))
    growth = np.sqrt((steps[seen:] + 1) / seen)
    return np.concatenate([rising, rising[-1] * growth])


def _rising(values: Sequence[float] | Floats, weights: Floats | None = None) -> Floats:
    """The nearest steps (h,) that never fall, by isotonic least squares."""
    # Two tenths of a second to load, and no page needs it before something is forecast.
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(values, weights=weights).x)
