"""How good a forecast was, at a stated lag and level, and what each step of the process added.

Forecasts and actuals are arrays of equal shape in units, NaN where there is none. A month counts only where
every figure it needs is known. A measure that cannot be formed is NaN with the reason in words.

>>> forecast, actual = np.array([110.0, 90.0]), np.array([100.0, 100.0])
>>> wape(forecast, actual).value, bias(forecast, actual).value
(0.1, 0.0)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from scipy.special import stdtrit

from sop.core.calendar import worded
from sop.core.format import how_many
from sop.core.inputs import Floats
from sop.core.scores import ALL, Score, StepAccuracy, ValueAdded

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
        return Score(
            np.nan,
            len(a),
            worded(f"no history of more than {how_many(season_length, 'months')} to compare with", counted=True),
        )
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
        return ValueAdded(
            value,
            np.nan,
            np.nan,
            len(saved),
            worded(f"fewer than {_FEWEST} months give no interval", counted=True),
        )
    reach = stdtrit(len(saved) - 1, (1 + confidence) / 2) * saved.std(ddof=1) * np.sqrt(len(saved)) / total
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


# -- every step of the process, by family, region and lag


def said_at_lag(vintages: Floats, first: Sequence[int], months: int, lag: int) -> Floats:
    """What was said `lag` months ahead about each closed month (F, R, months), from vintages (cycles, F, R, h).

    `first` is the column of each cycle's first open month among the closed ones, possibly beyond them. Lag =
    target month − first open month + 1. NaN where no cycle said anything.
    """
    said = np.full((*vintages.shape[1:3], months), np.nan)
    for vintage, start in zip(vintages, first, strict=True):
        month = start + lag - 1
        if 0 <= month < months and lag <= vintage.shape[-1]:
            said[..., month] = vintage[..., lag - 1]
    return said


def seasonal_naive(actual: Floats, season_length: int) -> Floats:
    """The same month a season earlier (F, R, months), NaN in the first season; the same at every lag up to one."""
    return np.concatenate([np.full((*actual.shape[:-1], season_length), np.nan), actual], axis=-1)[
        ..., : actual.shape[-1]
    ]


def summarise_accuracy(
    steps: Mapping[str, Mapping[int, Floats]],
    actual: Floats,
    families: Sequence[str],
    regions: Sequence[str],
    season_length: int | None = None,
) -> list[StepAccuracy]:
    """Every step at every lag, for all, each family and each region.

    `steps`: name of each step, in the order of the process, to its forecasts by lag (F, R, months) as
    `said_at_lag` gives them; `actual` (F, R, months), NaN where not known. A cell counts at a lag only where
    every step has said something about it, so that all steps are judged on the same months; what no step has said
    anything about has no rows. MASE is scaled by the seasonal naive forecast of the months before the first that
    is judged, and is missing without a `season_length`.
    """
    lags = sorted(set.intersection(*(set(said) for said in steps.values()))) if steps else []
    rows: list[StepAccuracy] = []
    for lag in lags:
        known = np.isfinite(actual) & np.all([np.isfinite(said[lag]) for said in steps.values()], axis=0)
        for family, region, cells in _parts(families, regions):
            judged = known[cells]
            if judged.any():
                came = np.where(judged, actual[cells], np.nan)
                first = int(judged.any(axis=(0, 1)).argmax())
                said = {name: forecast[lag][cells] for name, forecast in steps.items()}
                rows += _rows(said, came, actual[cells][..., :first], season_length, (family, region, lag))
    return rows


def _parts(families: Sequence[str], regions: Sequence[str]) -> Iterator[tuple[str, str, tuple[slice, slice]]]:
    """All, then each family over all regions, then each region over all families."""
    everything = slice(None)
    yield ALL, ALL, (everything, everything)
    yield from ((name, ALL, (slice(i, i + 1), everything)) for i, name in enumerate(families))
    yield from ((ALL, name, (everything, slice(i, i + 1))) for i, name in enumerate(regions))


def _rows(
    said: Mapping[str, Floats], came: Floats, history: Floats, season: int | None, place: tuple[str, str, int]
) -> Iterator[StepAccuracy]:
    months = int(np.isfinite(came).any(axis=(0, 1)).sum())
    before: Floats | None = None
    for name, forecast in said.items():
        added = None if before is None else forecast_value_added(before, forecast, came)
        scores = wape(forecast, came), bias(forecast, came), tracking_signal(*_by_month(forecast, came))
        scaled = mase(forecast, came, history, season) if season else Score(np.nan, 0, "no season is known")
        yield StepAccuracy(name, *place, months, *scores, scaled, added)
        before = forecast


def _by_month(forecast: Floats, came: Floats) -> tuple[Floats, Floats]:
    """Forecasts and actuals of the judged cells added up by month, so that the signal tells a steady lean."""
    judged = np.isfinite(came)
    known = judged.any(axis=(0, 1))
    said, actual = (np.where(judged, values, 0.0).sum(axis=(0, 1)) for values in (forecast, came))
    return np.where(known, said, np.nan), np.where(known, actual, np.nan)
