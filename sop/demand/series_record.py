"""One series' forecast as it is kept: its key, what it costs, and its figures as one array with a few facts.

The key is the digest of everything the forecast rests on, so that a series is forecast again only when its own
history, what it borrows, or the method has changed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from sop.core.inputs import Floats
from sop.demand.ladder import SeriesForecast, SeriesTask
from sop.demand.models import Path

METHOD = "baseline/7"
"""Raised whenever a change of this package changes numbers, so that nothing kept before is used."""

_QUICK = 0.05


def series_key(task: SeriesTask) -> str:
    """The digest (sha256, hex) of a task: method and library, rungs, months held back, history and profile."""
    facts = [METHOD, _library(), *astuple(task.ladder), bool(task.retired), list(task.origins)]
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


@cache
def _library() -> str:
    return version("statsforecast")
