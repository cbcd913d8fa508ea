"""Forecast models for one series: the only place that calls the forecast library.

The libraries take a second and more to load, so the first series that is forecast loads them: planning does not.

Each function takes a finite history (n,), oldest first, and returns a `Path`. A model that fails or runs away
is left out; `naive_path` always answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sop.core.inputs import Floats
from sop.core.scores import Z80

_RUNAWAY = 2.0
_NEAR_ZERO = 0.05
_COMFORTABLE_LEVEL = 1000.0
"""The mean to which a history is brought, so that the unit of measure never changes the forecast."""
_MANY_PLACES = 26
"""Periods of a season, from which on its places are too many for the seasons there are: weeks have them."""
_NEIGHBOURS = 7
"""Weeks that a slow wave of such a season is the weighted mean of."""
_SEASONS_ALIKE = 11
"""Seasons over which a seasonal pattern is smoothed (the default of MSTL)."""
_FAILURES = (ValueError, ArithmeticError, IndexError, RuntimeError, np.linalg.LinAlgError)


@dataclass(frozen=True)
class Path:
    """One forecast: mean (h,) and the model's own standard deviation per step, spread (h,), in units."""

    mean: Floats
    spread: Floats

    def times(self, profile: Floats) -> Path:
        """The path with a seasonal profile (h,) put back on."""
        return Path(self.mean * profile, self.spread * np.abs(profile))


LevelModel = Callable[[Floats, int], Path]
"""A forecast without a season: history (n,) and horizon in, path out."""


def combination_path(history: Floats, horizon: int, season_length: int) -> Path:
    """Mean of DynamicOptimizedTheta, AutoTheta and STL with two trends, for histories of two seasons and more.

    An equal-weight mean of good and unlike models is hard to beat (M3 and M4 competitions). The two Thetas find
    the season themselves; a damped trend and a Theta trend continue the history without its season, in logarithms
    where it is well above zero, because seasons grow with the level. On three origins in the training parts of
    M3 monthly no other choice of up to eight members was better by more than the choice of origin. Seasons of many
    places the Thetas do not find in noise: then all is told of the history without them.
    """
    library = _library()
    unit = np.abs(history).mean() / _COMFORTABLE_LEVEL
    scaled = history / unit
    members = []
    if season_length < _MANY_PLACES:
        members += [
            _Member(library.DynamicOptimizedTheta(season_length), scaled),
            _Member(library.AutoTheta(season_length), scaled),
        ]
    if season_length > 1:
        members += _on_season(scaled, horizon, season_length)
    return _mean_of(members, scaled, horizon).times(np.full(horizon, unit))


def short_path(history: Floats, horizon: int) -> Path:
    """Simple exponential smoothing, with a damped trend from Theta where there is a year's worth of points."""
    library = _library()
    smoothed = library.SimpleExponentialSmoothingOptimized().forecast(y=history, h=1)["mean"]
    level = _last_value_path(history, horizon, float(smoothed[0]))
    if len(history) < 12:
        return level
    theta = _mean_of([_Member(library.DynamicOptimizedTheta(1), history)], history, horizon)
    return Path((level.mean + theta.mean) / 2, level.spread)


def sparse_paths(history: Floats, horizon: int, season_length: int) -> dict[str, Path]:
    """Every candidate for sparse demand by its name: IMAPA, TSB and, after a season, seasonal naive."""
    spread = np.full(horizon, history.std())
    paths = {}
    if (history > 0).any():
        library = _library()
        candidates = {"imapa": library.IMAPA(), "tsb": library.TSB(alpha_d=0.1, alpha_p=0.1)}
        paths = {
            name: Path(model.forecast(y=history, h=horizon)["mean"], spread) for name, model in candidates.items()
        }
    if len(history) >= season_length:
        paths["seasonal_naive"] = Path(np.resize(history[-season_length:], horizon), spread)
    return {name: path for name, path in paths.items() if _plausible(path, history)}


def naive_path(history: Floats, horizon: int) -> Path:
    """The mean of the last three values, held."""
    return _last_value_path(history, horizon, float(history[-3:].mean()))


def _library() -> Any:
    """The models of the forecast library."""
    from statsforecast import models

    return models


@dataclass(frozen=True)
class _Member:
    """A model, the form of the history that it is given, and how its figures become units again."""

    model: Any
    values: Floats
    back: Callable[[Floats], Floats] = np.asarray


def _on_season(history: Floats, horizon: int, season_length: int) -> list[_Member]:
    """Trends on the history without its season (MSTL), which is taken off once for both of them."""
    library = _library()
    trends = library.AutoETS(model="AAN", damped=True), library.DynamicOptimizedTheta(1)
    if history.min() > _NEAR_ZERO * history.mean() > 0:
        logs, ahead = _without_season(np.log(history), horizon, season_length)
        return [_Member(trend, logs, lambda values: np.exp(values + ahead)) for trend in trends]
    level, ahead = _without_season(history, horizon, season_length)
    return [_Member(trend, level, lambda values: values + ahead) for trend in trends]


def _without_season(values: Floats, horizon: int, season_length: int) -> tuple[Floats, Floats]:
    """The values less their season, and the last season held over the horizon."""
    from statsmodels.tsa.seasonal import STL

    found = STL(values, season_length, seasonal=_SEASONS_ALIKE, seasonal_deg=0).fit()
    season = np.asarray(found.seasonal)
    if season_length >= _MANY_PLACES:
        season = _without_noise(season, float(np.var(found.resid)) / max(len(values) / season_length - 1, 1.0))
    return values - season, np.resize(season[-season_length:], horizon)


def _without_noise(season: Floats, noise: float) -> Floats:
    """A long season (n,) less what is noise in it: its slow waves, and apart from them each place by itself.

    `noise`: the variance that is left in one place, of which a mean of neighbours has so much less. What remains
    of each is the part of its variance that is none of noise (James and Stein).
    """
    weights = np.bartlett(_NEIGHBOURS + 2)[1:-1]
    weights /= weights.sum()
    reach = _NEIGHBOURS // 2
    slow = np.convolve(np.pad(season, reach, mode="reflect"), weights, "valid")
    calm = float((weights**2).sum())

    def kept(part: Floats, its_noise: float) -> Floats:
        return part * max(0.0, 1.0 - its_noise / max(float(np.var(part)), 1e-12))

    return kept(slow, noise * calm) + kept(season - slow, noise * (1 - calm))


def _mean_of(members: Iterable[_Member], history: Floats, horizon: int) -> Path:
    found = [path for member in members if (path := _try(member, history, horizon)) is not None]
    if not found:
        return naive_path(history, horizon)
    return Path(np.mean([path.mean for path in found], axis=0), np.mean([path.spread for path in found], axis=0))


def _try(member: _Member, history: Floats, horizon: int) -> Path | None:
    """One member's path, or nothing where it fails or leaves the plausible range."""
    try:
        with np.errstate(all="ignore"):
            answer = member.model.forecast(y=member.values, h=horizon, level=[80])
            mean, lo, hi = (member.back(np.asarray(answer[name], float)) for name in ("mean", "lo-80", "hi-80"))
    except _FAILURES:
        return None
    path = Path(mean, (hi - lo) / (2 * Z80))
    return path if _plausible(path, history) else None


def _plausible(path: Path, history: Floats) -> bool:
    """Finite and within twice the history's range below its lowest and above its highest value."""
    low, high = history.min(), history.max()
    reach = _RUNAWAY * max(high - low, abs(high), abs(low))
    inside = (path.mean >= low - reach) & (path.mean <= high + reach)
    return bool(inside.all() and np.isfinite(path.spread).all())


def _last_value_path(history: Floats, horizon: int, level: float) -> Path:
    return Path(np.full(horizon, level), np.full(horizon, history.std()))
