"""Rolling-origin backtests of many series at once, by a quick stand-in for the product's own forecast.

Errors of sums need dozens of origins, and the ladder takes a second for each. Two Thetas, with a season where
a test finds one and with a season always, are forecast for every part and for every sum, and sums are the mean of
their own forecast and of their parts'. On made companies of M3 the errors of twelve months' totals correlate 0.95
with those of the product's forecast and are a tenth larger (`bench/ranges.py` prints both).

>>> quick_forecast(np.full((1, 30), 5.0), 2, 12).tolist()
[[5.0, 5.0]]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop.core.inputs import Bools, Floats

_ALPHAS = np.linspace(0.05, 0.95, 10)
"""Smoothing constants that are tried; the one with the least one-step error is taken."""
_SEASONAL = 1.645
"""Standard errors of the autocorrelation at a season from which a series is called seasonal (Theta's own test)."""
_LEAST_INDEX = 0.01
_FORGET = 0.85
"""What a season counts against the one after it, where a season is always taken."""


def rolling_forecasts(
    parts: Floats, sums: Floats, steps: int, season_length: int, origins: Sequence[int]
) -> tuple[Floats, Floats]:
    """Forecasts (origins, n, steps) of parts (n, T), and (origins, m, steps) of `sums` (m, n) of them.

    An origin is the number of months known at it; histories are finite.
    """
    both = [_on_both_levels(parts[:, :known], sums, steps, season_length) for known in origins]
    if not both:
        return np.zeros((0, len(parts), steps)), np.zeros((0, len(sums), steps))
    of_parts, of_sums = zip(*both, strict=True)
    return np.array(of_parts), np.array(of_sums)


def _on_both_levels(parts: Floats, sums: Floats, steps: int, season_length: int) -> tuple[Floats, Floats]:
    below = quick_forecast(parts, steps, season_length)
    return below, (quick_forecast(sums @ parts, steps, season_length) + sums @ below) / 2


def quick_forecast(history: Floats, steps: int, season_length: int) -> Floats:
    """Forecasts (n, steps) of finite histories (n, T), not below zero where the history is not."""
    if history.shape[1] == 0:
        return np.zeros((len(history), steps))
    index, seasonal = _seasons(history, season_length)
    tested = np.where(seasonal[:, None], index, 1.0)
    found = (_theta(history, index, steps) + _theta(history, tested, steps)) / 2
    return np.where(history.min(axis=1, keepdims=True) < 0, found, np.maximum(found, 0.0))


def _seasons(history: Floats, length: int) -> tuple[Floats, Bools]:
    """Seasonal indices (n, length) by month of the history, the first month first, and whether a test finds any.

    Ratios to a centred moving average over one season, later seasons counting more; ones below two seasons.
    """
    n, months = history.shape
    if length < 2 or months < 2 * length:
        return np.ones((n, length)), np.zeros(n, dtype=bool)
    window = np.full(length + 1, 1.0 / length)
    window[[0, -1]] /= 2
    middle = np.lib.stride_tricks.sliding_window_view(history, length + 1, axis=1) @ window
    half = length // 2
    at = np.arange(half, half + middle.shape[1])
    ratio = np.divide(history[:, at], middle, out=np.ones_like(middle), where=middle > 0)
    weight = _FORGET ** ((at[-1] - at) / length)
    index = np.stack(
        [
            np.average(ratio[:, own], axis=1, weights=weight[own])
            for own in (at % length == np.arange(length)[:, None])
        ],
        axis=1,
    )
    index = np.maximum(index / np.maximum(index.mean(axis=1, keepdims=True), _LEAST_INDEX), _LEAST_INDEX)
    return index, _is_seasonal(history, length)


def _is_seasonal(history: Floats, length: int) -> Bools:
    """Whether the autocorrelation at a season is beyond what chance gives (n,)."""
    apart = history - history.mean(axis=1, keepdims=True)
    variance = np.maximum((apart**2).sum(axis=1), np.finfo(float).tiny)
    found = np.array([(apart[:, lag:] * apart[:, :-lag]).sum(axis=1) / variance for lag in range(1, length + 1)])
    limit = _SEASONAL * np.sqrt((1 + 2 * (found[:-1] ** 2).sum(axis=0)) / history.shape[1])
    return np.asarray(np.abs(found[-1]) > limit)


def _theta(history: Floats, index: Floats, steps: int) -> Floats:
    """The Theta method (n, steps): half the trend line, half what was smoothed around it, season put back."""
    months = history.shape[1]
    season = index.shape[1]
    level = history / index[:, np.arange(months) % season]
    time = np.arange(months) - (months - 1) / 2
    slope = (level @ time) / max(float(time @ time), 1.0)
    mean = level.mean(axis=1)
    doubled = 2 * level - (mean[:, None] + slope[:, None] * time)
    ahead = time[-1] + np.arange(1, steps + 1)
    line = mean[:, None] + slope[:, None] * ahead
    return np.asarray((_smoothed(doubled)[:, None] + line) / 2 * index[:, (months + np.arange(steps)) % season])


def _smoothed(values: Floats) -> Floats:
    """The last exponentially smoothed level (n,) with the constant that missed least a step ahead."""
    level = np.repeat(values[:, :1], len(_ALPHAS), axis=1)
    missed = np.zeros_like(level)
    for now in values.T[1:]:
        error = now[:, None] - level
        missed += error**2
        level += _ALPHAS * error
    return np.asarray(level[np.arange(len(values)), missed.argmin(axis=1)])
