"""Pooled seasonal profiles: what short series borrow from their family.

A profile is a factor per season position around 1. Histories share their last column (the last closed month),
so a season position is counted back from the end: position 0 is the first month of the horizon.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sop.core.inputs import Bools, Floats


def pooled_profiles(
    history: Floats, groups: NDArray[np.intp], season_length: int, borrowers: Bools | None = None
) -> Floats:
    """One profile per group (groups, season_length) from the sum of its series that cover two seasons.

    A group without such series borrows the profile of all series; without any, the profile is flat. Where
    `borrowers` (n,) is given, groups that have none are left flat.
    """
    profiles = np.ones((int(groups.max(initial=-1)) + 1, season_length))
    wanted = np.unique(groups if borrowers is None else groups[borrowers])
    everyone = _profile(_total(history, season_length), season_length) if len(wanted) else None
    if everyone is None:
        return profiles
    for group in wanted:
        own = _profile(_total(history[groups == group], season_length), season_length)
        profiles[group] = everyone if own is None else own
    return profiles


def along_history(profile: Floats, months: int) -> Floats:
    """The profile's factors for the last `months` of history, oldest first."""
    return np.resize(profile[::-1], months)[::-1]


def along_horizon(profile: Floats, horizon: int) -> Floats:
    """The profile's factors for the months of the horizon."""
    return np.resize(profile, horizon)


def _total(history: Floats, season_length: int) -> Floats:
    """The sum of the series that cover two seasons without a gap, over the span that half of them cover."""
    lengths = np.isfinite(history[:, ::-1]).cumprod(axis=1).sum(axis=1)
    usable = lengths[lengths >= 2 * season_length]
    if not len(usable):
        return np.array([])
    span = int(np.median(usable))
    return _capped(history[lengths >= span][:, -span:]).sum(axis=0)


def _capped(history: Floats) -> Floats:
    """Series cut at three times their usual month, so that one wild value does not make the family's season."""
    usual = np.ma.median(np.ma.masked_less_equal(history, 0.0), axis=1).filled(0.0)
    return np.minimum(history, 3.0 * usual[:, None])


def _profile(total: Floats, season_length: int) -> Floats | None:
    """Mean ratio to the centred moving average by season position, shrunk towards 1 by its own noise.

    Shrinkage: the share of the profile's variance that is not sampling noise (James–Stein), so that a family
    without a season gets a flat profile.
    """
    ratio = _ratio_to_trend(total, season_length)
    if ratio is None:
        return None
    padded = np.pad(ratio, (-len(ratio) % season_length, 0), constant_values=np.nan)
    by_season = padded.reshape(-1, season_length)
    count = np.isfinite(by_season).sum(axis=0)
    index = np.nansum(by_season, axis=0) / count
    index /= index.mean()
    noise = np.nansum((by_season - index) ** 2) / max(count.sum() - season_length, 1) / count.mean()
    keep = max(0.0, 1.0 - noise / max(float(index.var()), 1e-12))
    return np.maximum(1.0 + keep * (index - 1.0), 0.0)


def _ratio_to_trend(total: Floats, season_length: int) -> Floats | None:
    """Values over their centred moving average, NaN at the edges; nothing where no positive trend exists."""
    if season_length < 2 or len(total) < 2 * season_length:
        return None
    weights = np.ones(season_length + 1)
    weights[[0, -1]] = 0.5
    if season_length % 2:
        weights = np.ones(season_length)
    trend = np.convolve(total, weights / weights.sum(), "valid")
    if (trend <= 0).any():
        return None
    edge = len(weights) // 2
    return np.pad(total[edge : len(total) - edge] / trend, edge, constant_values=np.nan)
