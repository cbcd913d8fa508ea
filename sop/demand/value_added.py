"""Accuracy and value added of every step of the forecast, by family, region and lag, over closed months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sop.core.accuracy import ALL, Score, StepAccuracy
from sop.core.inputs import Floats
from sop.demand.accuracy import bias, forecast_value_added, mase, tracking_signal, wape


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
