"""Forecast models for one series: the only place that calls the forecast library.

Each function takes a finite history (n,), oldest first, and returns a `Path`. A model that fails or runs away
is left out; `naive_path` always answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsforecast import models as library

Array = NDArray[np.float64]

_NORMAL_80 = 1.2815515655446004
_RUNAWAY = 2.0
_NEAR_ZERO = 0.05
_COMFORTABLE_LEVEL = 1000.0
_FAILURES = (ValueError, ArithmeticError, IndexError, RuntimeError, np.linalg.LinAlgError)


@dataclass(frozen=True)
class Path:
    """One forecast: mean (h,) and the model's own standard deviation per step, spread (h,), in units."""

    mean: Array
    spread: Array

    def times(self, profile: Array) -> Path:
        """The path with a seasonal profile (h,) put back on."""
        return Path(self.mean * profile, self.spread * np.abs(profile))


LevelModel = Callable[[Array, int], Path]
"""A forecast without a season: history (n,) and horizon in, path out."""


def combination_path(history: Array, horizon: int, season_length: int) -> Path:
    """Mean of Theta, DynamicOptimizedTheta and MSTL, for histories of two seasons and more.

    The equal-weight mean of good and unlike models is hard to beat (M3 and M4 competitions). MSTL enters with
    two trends, damped and Theta, and where the history is well above zero in logarithms too, because seasons
    grow with the level. The members were chosen on three origins in the training parts of M3 monthly, where
    Theta in place of AutoTheta did as well at an eighth of its cost.
    """
    models = [library.Theta(season_length), library.DynamicOptimizedTheta(season_length)]
    if season_length > 1:
        damped = library.MSTL(season_length, trend_forecaster=library.AutoETS(model="AAN", damped=True))
        theta = library.MSTL(season_length, trend_forecaster=library.DynamicOptimizedTheta(1))
        growing = [_InLogarithms(damped), _InLogarithms(theta), theta]
        models += growing if _well_above_zero(history) else [damped, theta]
    return _mean_of(models, history, horizon)


def short_path(history: Array, horizon: int) -> Path:
    """Simple exponential smoothing, with a damped trend from Theta where there is a year's worth of points."""
    level = _last_value_path(history, horizon, _smoothed_level(history))
    if len(history) < 12:
        return level
    theta = _mean_of([library.DynamicOptimizedTheta(1)], history, horizon)
    return Path((level.mean + theta.mean) / 2, level.spread)


def sparse_paths(history: Array, horizon: int, season_length: int) -> dict[str, Path]:
    """Every candidate for sparse demand by its name: IMAPA, TSB and, after a season, seasonal naive."""
    spread = np.full(horizon, history.std())
    candidates = {"imapa": library.IMAPA(), "tsb": library.TSB(alpha_d=0.1, alpha_p=0.1)}
    paths = {
        name: Path(model.forecast(y=history, h=horizon)["mean"], spread) for name, model in candidates.items()
    }
    if len(history) >= season_length:
        paths["seasonal_naive"] = Path(np.resize(history[-season_length:], horizon), spread)
    return {name: path for name, path in paths.items() if _plausible(path, history)}


def naive_path(history: Array, horizon: int) -> Path:
    """The mean of the last three values, held."""
    return _last_value_path(history, horizon, float(history[-3:].mean()))


@dataclass(frozen=True)
class _InLogarithms:
    """A model of the library applied to logarithms."""

    model: Any

    def forecast(self, y: Array, h: int, level: list[int]) -> dict[str, Array]:
        answer = self.model.forecast(y=np.log(y), h=h, level=level)
        return {name: np.exp(values) for name, values in answer.items()}


def _well_above_zero(history: Array) -> bool:
    return bool(history.min() > _NEAR_ZERO * history.mean() > 0)


def _mean_of(models: Iterable[Any], history: Array, horizon: int) -> Path:
    found = [path for model in models if (path := _try(model, history, horizon)) is not None]
    if not found:
        return naive_path(history, horizon)
    return Path(np.mean([path.mean for path in found], axis=0), np.mean([path.spread for path in found], axis=0))


def _try(model: Any, history: Array, horizon: int) -> Path | None:
    """One model's path, or nothing where it fails or leaves the plausible range.

    The history is brought to one level first, so that the unit of measure never changes the forecast.
    """
    unit = np.abs(history).mean() / _COMFORTABLE_LEVEL
    try:
        with np.errstate(all="ignore"):
            answer = model.forecast(y=history / unit, h=horizon, level=[80])
    except _FAILURES:
        return None
    spread = (answer["hi-80"] - answer["lo-80"]) / (2 * _NORMAL_80)
    path = Path(np.asarray(answer["mean"] * unit, float), np.asarray(spread * unit, float))
    return path if _plausible(path, history) else None


def _plausible(path: Path, history: Array) -> bool:
    """Finite and within twice the history's range below its lowest and above its highest value."""
    low, high = history.min(), history.max()
    reach = _RUNAWAY * max(high - low, abs(high), abs(low))
    inside = (path.mean >= low - reach) & (path.mean <= high + reach)
    return bool(inside.all() and np.isfinite(path.spread).all())


def _smoothed_level(history: Array) -> float:
    return float(library.SimpleExponentialSmoothingOptimized().forecast(y=history, h=1)["mean"][0])


def _last_value_path(history: Array, horizon: int, level: float) -> Path:
    return Path(np.full(horizon, level), np.full(horizon, history.std()))
