"""Level shifts: the month from which a series runs at another level for good.

A shift is only offered: the planner decides whether to train on the months since then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from sop.core.inputs import Floats
from sop.demand.words import units_words

_SHORTEST_SIDE = 6
_SHIFT_MADS = 3.0
_STEP_BEATS_TREND = 0.5
_MAD_TO_SIGMA = 1.4826
_SHIFT_SHARE = 0.20
"""A level closer to the old one than this share of it is no shift worth an offer."""


@dataclass(frozen=True)
class LevelShift:
    """An offer to train on the months from `period` on only, because the level changed there."""

    series: int
    period: int
    before: float
    after: float
    reason: str


def scaled_mad(remainder: Floats) -> float:
    """Median absolute remainder in standard deviations of a normal distribution; never quite zero."""
    return max(float(_MAD_TO_SIGMA * np.median(np.abs(remainder))), 1e-12)


def find_shift(known: Floats, season_length: int) -> int | None:
    """The month at which one step in level explains the history, far better than a straight line does."""
    side = max(season_length, _SHORTEST_SIDE)
    if len(known) < 2 * side:
        return None
    smooth = median_filter(_without_season(known, season_length), size=5, mode="nearest")
    at = min(range(side, len(known) - side + 1), key=lambda split: _step_error(smooth, split))
    before, after = smooth[:at].mean(), smooth[at:].mean()
    sigma = scaled_mad(smooth - np.where(np.arange(len(smooth)) < at, before, after))
    jump = abs(after - before)
    large = jump > _SHIFT_MADS * sigma and jump > _SHIFT_SHARE * max(abs(before), abs(after))
    return at if large and _step_error(smooth, at) < _STEP_BEATS_TREND * _line_error(smooth) else None


def to_level_after(known: Floats, shift: int | None) -> Floats:
    """Factors that bring the months before a shift to the level after it; 1 without a shift."""
    factor = np.ones(len(known))
    if shift is not None:
        before, after = np.median(known[:shift]), np.median(known[shift:])
        factor[:shift] = after / before if before * after > 0 else 1.0
    return factor


def shift_record(series: int, start: int, known: Floats, shift: int | None) -> list[LevelShift]:
    """The offer for a shift found in `known`, whose first month is column `start`; none without a shift."""
    if shift is None:
        return []
    before, after = float(np.median(known[:shift])), float(np.median(known[shift:]))
    reason = f"the usual month went from {units_words(before)} to {units_words(after)} and stayed there"
    return [LevelShift(series, start + shift, before, after, reason)]


def _without_season(known: Floats, season_length: int) -> Floats:
    """The history less its mean seasonal pattern around a centred yearly mean."""
    around = known - median_filter(known, size=season_length, mode="nearest")
    phase = np.arange(len(known)) % season_length
    pattern = np.array([np.median(around[phase == position]) for position in range(season_length)])
    return known - (pattern - pattern.mean())[phase]


def _step_error(values: Floats, at: int) -> float:
    return float(values[:at].var() * at + values[at:].var() * (len(values) - at))


def _line_error(values: Floats) -> float:
    months = np.arange(len(values)) - (len(values) - 1) / 2
    slope = (months @ values) / (months @ months)
    return float(np.sum((values - values.mean() - slope * months) ** 2))
