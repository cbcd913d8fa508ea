"""The length ladder: which method forecasts a series, and why.

Two seasons and more: a combination of models. Shorter: a level times the family's pooled profile. Sparse: the
method that did best on the series' own past. Dead or retired: zero. No series may fail or spoil the others.

A series' forecast is kept under the digest of everything it rests on, so that it is forecast again only when its
own history, what it borrows, or the method has changed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from sop.core.format import how_many
from sop.core.inputs import Floats
from sop.demand.models import LevelModel, Path, combination_path, naive_path, short_path, sparse_paths
from sop.demand.profiles import along_history, along_horizon

METHOD = "baseline/7"
"""Raised whenever a change of this package changes numbers, so that nothing kept before is used."""
_LIBRARY = version("statsforecast")
_QUICK = 0.05
_KINDS = {
    "combination": "long",
    "profile": "short",
    "analogue": "short",
    "naive": "sparse",
    "imapa": "sparse",
    "tsb": "sparse",
    "seasonal_naive": "sparse",
}
_LEAST_FACTOR = 0.1
"""A month whose seasonal factor is below this says nothing about the level."""


@dataclass(frozen=True)
class Ladder:
    """Where the rungs lie, in months, and the horizon; the season length comes from the calendar.

    `sparse_interval`: mean months between demands, over the last two seasons, above which demand is sparse
    (Syntetos and Boylan 2005: 1.32).
    `dead_after`: closing zero months after which a series is forecast as 0; None means one season.
    """

    horizon: int
    season_length: int = 12
    short_from: int = 6
    sparse_interval: float = 1.32
    dead_after: int | None = None

    @property
    def long_from(self) -> int:
        """Months from which a series has its own season: two seasons."""
        return max(2 * self.season_length, 8)

    @property
    def dead_months(self) -> int:
        """Closing zero months after which a series is dead."""
        return self.season_length if self.dead_after is None else self.dead_after


@dataclass(frozen=True)
class SeriesTask:
    """One series to forecast: history (T,), NaN where missing, and what it may borrow.

    `origins`: months to hold back, each giving one backtest forecast by the same rung.
    """

    history: Floats
    profile: Floats
    retired: bool
    ladder: Ladder
    origins: tuple[int, ...] = ()


@dataclass(frozen=True)
class SeriesForecast:
    """The forecast of one series, its method and the reason, and its backtest paths by months held back."""

    path: Path
    method: str
    why: str
    scale: float
    backtests: dict[int, SeriesForecast]

    @property
    def kind(self) -> str:
        """The kind of method whose errors are pooled: long, short, sparse or fixed."""
        return _KINDS.get(self.method, "fixed")


def forecast_series(task: SeriesTask) -> SeriesForecast:
    """Forecast one series by the ladder; pure, never raises, never gives NaN."""
    known, gaps = _fill_gaps(task.history)
    forecast = _climb(known, task)
    why = f"{forecast.why}; {_months(gaps)} without a figure interpolated" if gaps else forecast.why
    held_back = {k: _climb(known[:-k], task, k) for k in task.origins if len(known) > k}
    alike = {k: past for k, past in held_back.items() if past.kind == forecast.kind}
    return SeriesForecast(forecast.path, forecast.method, why, forecast.scale, alike)


def _climb(known: Floats, task: SeriesTask, held_back: int = 0) -> SeriesForecast:
    """The rung for a gapless history, without negative forecasts unless the history has negatives."""
    path, method, why = _choose(known, task, held_back)
    if known.min(initial=0.0) >= 0:
        path = Path(np.maximum(path.mean, 0.0), path.spread)
    return SeriesForecast(path, method, why, _naive_error(known, task.ladder.season_length), {})


def _choose(known: Floats, task: SeriesTask, held_back: int) -> tuple[Path, str, str]:
    ladder, n = task.ladder, len(known)
    nothing = Path(np.zeros(ladder.horizon), np.zeros(ladder.horizon))
    if task.retired:
        return nothing, "retired", "retired: forecast 0"
    if not n:
        return nothing, "no_history", "no history: forecast 0, enter a launch"
    if not known[-ladder.dead_months :].any():
        return (
            nothing,
            "dead",
            f"no demand in the last {how_many(min(ladder.dead_months, n), 'months')}: forecast 0",
        )
    if np.ptp(known) == 0 and n >= ladder.short_from:
        return naive_path(known, ladder.horizon), "constant", f"{n} equal months"
    profile = np.roll(task.profile, held_back)
    if n < ladder.short_from:
        return _on_profile(known, profile, ladder, naive_path), "analogue", _borrowed(n, "level", profile)
    recent = known[-ladder.long_from :]
    if len(recent) > ladder.sparse_interval * max(int(np.count_nonzero(recent)), 1):
        return _best_sparse(known, ladder)
    if n < ladder.long_from:
        return _on_profile(known, profile, ladder, short_path), "profile", _borrowed(n, "smoothed level", profile)
    path = combination_path(known, ladder.horizon, ladder.season_length)
    return path, "combination", f"{how_many(n, 'months')}: mean of MSTL, DynamicOptimizedTheta and AutoTheta"


def _months(count: int) -> str:
    return how_many(count, "months")


def _borrowed(months: int, level: str, profile: Floats) -> str:
    season = "without a season to borrow" if np.ptp(profile) == 0 else "times the family's seasonal profile"
    return f"{_months(months)} of history: {level} {season}"


def _on_profile(known: Floats, profile: Floats, ladder: Ladder, level: LevelModel) -> Path:
    """A level forecast of the history without its season, with the season put back on."""
    season = along_history(profile, len(known))
    flat = known / np.maximum(season, _LEAST_FACTOR)
    return level(flat, ladder.horizon).times(along_horizon(profile, ladder.horizon))


def _best_sparse(known: Floats, ladder: Ladder) -> tuple[Path, str, str]:
    """The candidate with the least squared error over up to three past origins; IMAPA where there is no past."""
    paths = sparse_paths(known, ladder.horizon, ladder.season_length)
    if not paths:
        return naive_path(known, ladder.horizon), "naive", "sparse, and no model gave a plausible answer"
    loss = dict.fromkeys(paths, 0.0)
    step = max(len(known) // 6, 1)
    for held_back in (step, 2 * step, 3 * step):
        past = sparse_paths(known[:-held_back], held_back, ladder.season_length)
        for name in loss:
            error = past[name].mean - known[-held_back:] if name in past else np.inf
            loss[name] += float(np.mean(error**2))
    best = min(loss, key=lambda name: loss[name])
    share = np.count_nonzero(known) / len(known)
    return paths[best], best, f"demand in {share:.0%} of months: {best} had the least error in backtests"


def _fill_gaps(history: Floats) -> tuple[Floats, int]:
    """The history from its first to its last known month, gaps interpolated, and the number of gaps.

    A missing end is a gap too: the last known value is held, so that the horizon starts where it should.
    """
    known = np.isfinite(history)
    if not known.any():
        return np.array([]), 0
    values = history[known.argmax() :]
    finite = np.isfinite(values)
    months = np.arange(len(values))
    return np.interp(months, months[finite], values[finite]), int((~finite).sum())


def _naive_error(known: Floats, season_length: int) -> float:
    """Mean absolute error of the seasonal naive forecast in the history; of the naive one below two seasons."""
    lag = season_length if len(known) >= 2 * season_length else 1
    return float(np.abs(known[lag:] - known[:-lag]).mean()) if len(known) > lag else np.nan


# -- as it is kept


def series_key(task: SeriesTask) -> str:
    """The digest (sha256, hex) of a task: method and library, rungs, months held back, history and profile."""
    facts = [METHOD, _LIBRARY, *astuple(task.ladder), bool(task.retired), list(task.origins)]
    digest = hashlib.sha256(json.dumps(facts).encode())
    for figures in (task.history[np.isfinite(task.history).argmax() :], task.profile):
        digest.update(np.ascontiguousarray(figures, dtype="<f8").tobytes())
    return digest.hexdigest()


def fits_of(task: SeriesTask) -> float:
    """What a series costs, in model fits: long ones are fitted once and for each backtest, others are quick."""
    is_long = np.isfinite(task.history).sum() >= task.ladder.long_from and not task.retired
    return 1.0 + len(task.origins) if is_long else _QUICK


def pack_forecast(forecast: SeriesForecast) -> tuple[Floats, dict[str, Any]]:
    """Figures (1 + backtests, 2h + 1) with mean, spread and scale in each row, and the words beside them."""
    rows = [forecast, *forecast.backtests.values()]
    figures = np.array([[*row.path.mean, *row.path.spread, row.scale] for row in rows])
    words = [[row.method, row.why] for row in rows]
    return figures, {"words": words, "held_back": list(forecast.backtests)}


def unpack_forecast(figures: Floats, facts: dict[str, Any]) -> SeriesForecast:
    """The forecast that was packed, number for number."""
    today, *past = (_unpack_row(row, *words) for row, words in zip(figures, facts["words"], strict=True))
    today.backtests.update(zip(facts["held_back"], past, strict=True))
    return today


def _unpack_row(row: Floats, method: str, why: str) -> SeriesForecast:
    steps = (len(row) - 1) // 2
    return SeriesForecast(Path(row[:steps], row[steps:-1]), method, why, float(row[-1]), {})
