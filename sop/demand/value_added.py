"""Accuracy and value added of every step of the forecast, by family, region and lag, over closed months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sop.demand.accuracy import Score, ValueAdded, bias, forecast_value_added, tracking_signal, wape

Array = NDArray[np.float64]
ALL = ""
"""The name under which all families, or all regions, are taken together."""


@dataclass(frozen=True)
class StepAccuracy:
    """How good one step's forecast was at a lag, for a family and region (`ALL` where empty).

    Fractions, measured at family × region and added up without netting. `added`: WAPE saved over the step
    before it, with an interval; None for the first step.
    """

    step: str
    family: str
    region: str
    lag: int
    wape: Score
    bias: Score
    tracking_signal: Score
    added: ValueAdded | None


def said_at_lag(vintages: Array, first: Sequence[int], months: int, lag: int) -> Array:
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


def seasonal_naive(actual: Array, season_length: int) -> Array:
    """The same month a season earlier (F, R, months), NaN in the first season; the same at every lag up to one."""
    return np.concatenate([np.full((*actual.shape[:-1], season_length), np.nan), actual], axis=-1)[
        ..., : actual.shape[-1]
    ]


def summarise_accuracy(
    steps: Mapping[str, Mapping[int, Array]], actual: Array, families: Sequence[str], regions: Sequence[str]
) -> list[StepAccuracy]:
    """Every step at every lag, for all, each family and each region.

    `steps`: name of each step, in the order of the process, to its forecasts by lag (F, R, months) as
    `said_at_lag` gives them; `actual` (F, R, months), NaN where not known. A cell counts at a lag only where
    every step has said something about it, so that all steps are judged on the same months.
    """
    lags = sorted(set.intersection(*(set(said) for said in steps.values()))) if steps else []
    rows: list[StepAccuracy] = []
    for lag in lags:
        known = np.all([np.isfinite(said[lag]) for said in steps.values()], axis=0)
        came = np.where(known, actual, np.nan)
        for family, region, cells in _parts(families, regions):
            said = {name: forecast[lag][cells] for name, forecast in steps.items()}
            rows += _rows(said, came[cells], family, region, lag)
    return rows


def _parts(families: Sequence[str], regions: Sequence[str]) -> Iterator[tuple[str, str, tuple[slice, slice]]]:
    """All, then each family over all regions, then each region over all families."""
    everything = slice(None)
    yield ALL, ALL, (everything, everything)
    yield from ((name, ALL, (slice(i, i + 1), everything)) for i, name in enumerate(families))
    yield from ((ALL, name, (everything, slice(i, i + 1))) for i, name in enumerate(regions))


def _rows(said: Mapping[str, Array], came: Array, family: str, region: str, lag: int) -> Iterator[StepAccuracy]:
    before: Array | None = None
    for name, forecast in said.items():
        added = None if before is None else forecast_value_added(before, forecast, came)
        scores = wape(forecast, came), bias(forecast, came), tracking_signal(forecast, came)
        yield StepAccuracy(name, family, region, lag, *scores, added)
        before = forecast
