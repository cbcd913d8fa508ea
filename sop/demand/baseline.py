"""The baseline forecast of many series: point forecast, intervals, method and reason for each.

>>> history = np.array([[10.0, 12.0, 11.0, 9.0, 10.0, 12.0, 11.0, 9.0], [0.0] * 8])
>>> forecast = forecast_baseline(history, horizon=4, season_length=4)
>>> forecast.method
('combination', 'dead')
>>> forecast.listed
(1,)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sop.core.errors import BadInput
from sop.core.format import how_many
from sop.core.inputs import Bools, Floats
from sop.demand.intervals import half_widths
from sop.demand.ladder import Ladder, SeriesForecast, SeriesTask, forecast_series
from sop.demand.profiles import pooled_profiles

Runner = Callable[[Callable[[SeriesTask], SeriesForecast], Iterable[SeriesTask]], Iterable[SeriesForecast]]

_NO_QUANTITY = 1e15
"""What is this large is no quantity of goods but an error; it counts as missing."""

_LONGEST_TEST = 18
_ZERO_METHODS = ("retired", "dead", "no_history")


@dataclass(frozen=True)
class BaselineForecast:
    """Forecast of n series over h months, in units, with 80% and 95% intervals (lo ≤ mean ≤ hi).

    `past` (origins, n, h): what the same method said when the last `held_back` months were not known yet,
    not-a-number beyond them and for series that were not backtested.
    """

    mean: Floats
    lo80: Floats
    hi80: Floats
    lo95: Floats
    hi95: Floats
    method: tuple[str, ...]
    why: tuple[str, ...]
    held_back: tuple[int, ...] = ()
    past: Floats = field(default_factory=lambda: np.empty((0, 0, 0)), repr=False)

    @property
    def listed(self) -> tuple[int, ...]:
        """The series that are forecast as 0, to be shown with their reason."""
        return tuple(i for i, method in enumerate(self.method) if method in _ZERO_METHODS)


@dataclass(frozen=True)
class Batch:
    """Series that are forecast together: their short ones share seasons, their intervals past errors.

    `history` (n, T) in units, NaN where missing, last column the last closed month. `groups` (n,) is the family
    whose pooled season short series borrow; `retired` (n,) are forecast as 0. `calibration_series`: long series
    that are backtested for the intervals.
    """

    history: Floats
    horizon: int
    season_length: int = 12
    groups: Sequence[int] | NDArray[np.intp] | None = None
    retired: Sequence[bool] | Bools | None = None
    calibration_series: int = 120

    @cached_property
    def table(self) -> Floats:
        """The history; what is too large to be a quantity is missing."""
        table = np.array(self.history, dtype=float, ndmin=2)
        return np.where(np.abs(table) < _NO_QUANTITY, table, np.nan)

    @cached_property
    def held_back(self) -> tuple[int, ...]:
        """Months to hold back in backtests: a third, two thirds and the whole of the reach that is tested.

        The reach is the horizon, but at least a season, so that no season is judged by another's errors, and at
        most 18 months, so that enough history is left.
        """
        return _thirds(max(self.season_length, min(self.horizon, _LONGEST_TEST)))

    def held_back_of(self, months: int) -> tuple[int, ...]:
        """The same for a series of so many months that is too short for a season of its own.

        A forecast that knew less than was asked of it errs more than today's: no origin holds back more than it
        leaves. Where that leaves none, a third of the reach is tested in thirds.
        """
        fits, near = (
            tuple(held for held in reach if held <= months - held)
            for reach in (self.held_back, _thirds(self.held_back[0]))
        )
        return fits or near

    def tasks(self) -> list[SeriesTask]:
        """A task for each series. Raises BadInput where horizon or season is below 1.

        Series too short to have a season of their own borrow one. Of the long series, whose models are costly,
        only a sample is backtested, drawn by a checksum of each history, so that one new series does not change
        who is drawn.
        """
        if self.horizon < 1 or self.season_length < 1:
            what = f"a forecast over {how_many(self.horizon, 'months')} with a season of {self.season_length}"
            raise BadInput(what, remedy="Both must be at least 1")
        ladder, history, count = Ladder(self.horizon, self.season_length), self.table, len(self.table)
        group_of = np.asarray(np.zeros(count) if self.groups is None else self.groups, dtype=np.intp)
        retired = np.asarray(np.zeros(count) if self.retired is None else self.retired, dtype=bool)
        known = np.isfinite(history).sum(axis=1)
        short = known < ladder.long_from
        profiles = pooled_profiles(history, group_of, ladder.season_length, borrowers=short)
        lent = np.where(short[:, None], profiles[group_of], 1.0)
        long = np.flatnonzero(~short)
        drawn = np.argsort([crc32(history[row].tobytes()) for row in long], kind="stable")
        skipped = set(long[drawn[self.calibration_series :]])

        def origins(i: int) -> tuple[int, ...]:
            if short[i]:
                return self.held_back_of(int(known[i]))
            return () if i in skipped else self.held_back

        return [SeriesTask(history[i], lent[i], bool(retired[i]), ladder, origins(i)) for i in range(count)]


def forecast_baseline(
    history: Floats,
    *,
    horizon: int,
    season_length: int = 12,
    groups: Sequence[int] | NDArray[np.intp] | None = None,
    retired: Sequence[bool] | Bools | None = None,
    calibration_series: int = 120,
    run: Runner = map,
) -> BaselineForecast:
    """Forecast one batch of series, each a row of `history` (n, T); see `Batch` and `forecast_batches`."""
    batch = Batch(history, horizon, season_length, groups, retired, calibration_series)
    return forecast_batches([batch], run)[0]


def forecast_batches(batches: Sequence[Batch], run: Runner = map) -> list[BaselineForecast]:
    """Forecast several batches of series in one go, so that progress counts all of them.

    `run` is `map` or anything that behaves like it (a process pool's map); the numbers are the same. Bad series
    never raise: they fall to a simpler rung and `why` says so. Raises BadInput where horizon or season is below 1.
    """
    tasks = [batch.tasks() for batch in batches]
    done = iter(run(forecast_series, [task for some in tasks for task in some]))
    return [
        _with_intervals(list(islice(done, len(some))), batch) for some, batch in zip(tasks, batches, strict=True)
    ]


def backtest_wape(forecast: BaselineForecast, history: Floats) -> tuple[float | None, ...]:
    """Each series' sum of absolute backtest errors over what came, over all origins; None where nothing did.

    `history` (n, T) as it was forecast.
    """
    error, came = np.zeros(len(history)), np.zeros(len(history))
    for held_back, said in zip(forecast.held_back, forecast.past, strict=True):
        if held_back <= history.shape[1]:
            actual = history[:, history.shape[1] - held_back :][:, : said.shape[1]]
            missed = actual - said[:, : actual.shape[1]]
            known = np.isfinite(missed)
            error += np.where(known, np.abs(missed), 0.0).sum(axis=1)
            came += np.where(known, np.abs(actual), 0.0).sum(axis=1)
    return tuple(round(float(e / c), 4) if c > 0 else None for e, c in zip(error, came, strict=True))


def _thirds(reach: int) -> tuple[int, ...]:
    """A third, two thirds and all of some months, rounded up."""
    return tuple(sorted({-(-reach * part // 3) for part in (1, 2, 3)}))


def _with_intervals(forecasts: list[SeriesForecast], batch: Batch) -> BaselineForecast:
    mean = np.array([forecast.path.mean for forecast in forecasts]).reshape(-1, batch.horizon)
    floor = np.where(np.nanmin(batch.table, axis=1, initial=0.0) < 0, -np.inf, 0.0)[:, None]
    widths = half_widths(forecasts, batch.table) if forecasts else dict.fromkeys((0.80, 0.95), mean)
    held_back = tuple(sorted({*batch.held_back, *(months for each in forecasts for months in each.backtests)}))
    said = np.full((len(held_back), *mean.shape), np.nan)
    for i, forecast in enumerate(forecasts):
        for months, past in forecast.backtests.items():
            steps = min(months, batch.horizon)
            said[held_back.index(months), i, :steps] = past.path.mean[:steps]
    return BaselineForecast(
        mean,
        np.maximum(mean - widths[0.80], floor),
        mean + widths[0.80],
        np.maximum(mean - widths[0.95], floor),
        mean + widths[0.95],
        tuple(forecast.method for forecast in forecasts),
        tuple(forecast.why for forecast in forecasts),
        held_back,
        said,
    )
