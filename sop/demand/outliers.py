"""What in one series does not look like demand: single months far off, and a level that changed for good.

Robust seasonal-trend decomposition by statsmodels where there are four seasons, running medians below that. A
level shift is only offered: the planner decides whether to train on the months since then.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sop.core.inputs import Floats

_SUSPECT_MADS, _SUSPECT_SHARE = 3.0, 0.25
"""Scaled MADs beyond which a month is suspect; closer to its expected level than this share of it, it is not."""
_SHORT_MADS, _SHORT_SHARE = 4.0, 0.5
"""The same limits for short series, where less is known and so more is needed."""
SURE_MADS = 5.0
"""Scaled MADs beyond which a suspect month is surely wrong."""
_FEWEST_OTHERS, _SPARSE_TIMES = 4, 5.0
"""Other months with sales that say how large one is in a sparse series, and times the largest of them beyond which
it is none of theirs."""
_LUMPY_FROM = 26
"""Periods of a season from which on they are as short as weeks, in which orders fall now together, now apart: the
spread of such counts grows with their root, and a peak is an outlier only where its root is one."""
_SHORTEST_SIDE = 6
_SHIFT_MADS = 3.0
_STEP_BEATS_TREND = 0.5
_MAD_TO_SIGMA = 1.4826
_SHIFT_SHARE = 0.20
"""A level closer to the old one than this share of it is no shift worth an offer."""


def find_outliers(known: Floats, season_length: int, shift: int | None) -> tuple[Floats, Floats]:
    """The expected value of each month and how many scaled MADs a suspect month lies off it (0: not suspect).

    `known` (n,) has no gaps; months before a level `shift` are judged at the level after it.
    """
    factor = to_level_after(known, shift)
    if len(known) >= 4 * season_length and season_length > 1:
        severe, suspect, share = _stl_severity, _SUSPECT_MADS, _SUSPECT_SHARE
    else:
        severe, suspect, share = _short_severity, _SHORT_MADS, _SHORT_SHARE
    remainder, severity = severe(known * factor, season_length)
    if season_length >= _LUMPY_FROM and known.min() >= 0:
        severity = np.minimum(severity, severe(np.sqrt(known * factor), season_length)[1])
    expected = known - remainder / factor
    if known.min() >= 0:
        expected = np.maximum(expected, 0.0)
    is_suspect = (severity > suspect) & (np.abs(known - expected) > share * np.abs(expected))
    severity = np.where(is_suspect, severity, 0.0)
    for t in np.flatnonzero(severity):
        if _may_be_a_level(known, expected, int(t)):
            severity[t] = min(severity[t], SURE_MADS)
    return expected, severity


def find_sparse_outliers(known: Floats) -> tuple[Floats, Floats]:
    """The same of a series with many empty months, whose zeros and peaks are what demand looks like there.

    Only its last month and its first count, and only several times larger than any other ever was, either way: an
    order that came once, or was taken back, and would rule the forecast. What months with sales usually are is
    expected there; of the rest, what they are.
    """
    expected, severity = known.copy(), np.zeros(len(known))
    for t in (0, len(known) - 1):
        others = np.delete(known, t)
        others = others[others != 0]
        if len(others) >= _FEWEST_OTHERS and abs(known[t]) > _SPARSE_TIMES * np.abs(others).max():
            expected[t], severity[t] = np.median(others), 2 * SURE_MADS
    return expected, severity


def _may_be_a_level(known: Floats, expected: Floats, t: int) -> bool:
    """Whether all months after one, or all before it, lie nearer to it than to what was expected of it.

    So lie those of a product that began slowly, or of a level that holds from now on. Of the last month, and of
    the first, only the one beside it can say.
    """
    last = len(known) - 1
    sides = known[t + 1 :] if t < last else known[t - 1 : t], known[:t] if t else known[1:2]
    return any(bool((np.abs(side - known[t]) < np.abs(side - expected[t])).all()) for side in sides)


def _stl_severity(known: Floats, season_length: int) -> tuple[Floats, Floats]:
    """Remainder of a robust STL and its size in scaled MADs.

    Where all months are positive, the size is the smaller of that in units and that in logarithms: a peak that
    has grown with the level is no outlier, although it is far above the peaks of earlier years.
    """
    remainder, severity = _decompose(known, season_length)
    if known.min() > 0:
        severity = np.minimum(severity, _decompose(np.log(known), season_length)[1])
    return remainder, severity


def _decompose(known: Floats, season_length: int) -> tuple[Floats, Floats]:
    """Remainder of a robust STL with a fixed season, and its size in scaled MADs.

    A robust fit passes too close to ordinary months, so that 3 of its own MADs flag one month in twenty of pure
    noise. The MAD is therefore at least that of the ordinary fit, corrected for the parameters it used.
    """
    robust, ordinary = (_stl(known, season_length, robust) for robust in (True, False))
    parameters = season_length - 1 + len(known) / (2 * season_length)
    freedom = max(len(known) - parameters, len(known) / 4)
    sigma = max(scaled_mad(robust), scaled_mad(ordinary) * float(np.sqrt(len(known) / freedom)))
    return robust, np.abs(robust) / sigma


def _stl(known: Floats, season_length: int, robust: bool) -> Floats:
    """The remainder of an STL whose season is the same in all years and whose trend is slow."""
    # Here, for commands that forecast nothing read this module's rules and should not wait for the library.
    from statsmodels.tsa.seasonal import STL

    whole = 10 * len(known) + 1
    model = STL(
        known, period=season_length, seasonal=whole, seasonal_deg=0, trend=2 * season_length + 1, robust=robust
    )
    return np.asarray(model.fit(inner_iter=2, outer_iter=5 if robust else 0).resid)


def _short_severity(known: Floats, season_length: int) -> tuple[Floats, Floats]:
    """Distance to what is usual around each month or, where smaller, to the same month a year before or after.

    In scaled MADs too, where all months are positive the smaller of that in units and in logarithms: demand that
    varies by a share of itself has peaks that lie far above its median without being wrong.
    """
    remainder = _short_remainder(known, season_length)
    severity = np.abs(remainder) / scaled_mad(remainder)
    if known.min() > 0:
        logs = _short_remainder(np.log(known), season_length)
        severity = np.minimum(severity, np.abs(logs) / scaled_mad(logs))
    return remainder, severity


def _short_remainder(known: Floats, season_length: int) -> Floats:
    nearest = known - running_median(known, 7)
    for lag in (season_length, -season_length):
        if season_length < len(known):
            other = np.full(len(known), np.inf)
            ahead = slice(lag, None) if lag > 0 else slice(None, lag)
            behind = slice(None, -lag) if lag > 0 else slice(-lag, None)
            other[ahead] = known[ahead] - known[behind]
            nearest = np.where(np.abs(other) < np.abs(nearest), other, nearest)
    return nearest


def running_median(values: Floats, size: int) -> Floats:
    """The median of the `size` months around each, at the ends of those that there are.

    Nothing is repeated beyond an end: a last month that stood for the months to come would judge itself.
    """
    before = (size - 1) // 2
    padded = np.pad(values, (before, size - 1 - before), constant_values=np.nan)
    return np.asarray(np.nanmedian(sliding_window_view(padded, size), axis=1))


# -- level shifts


def scaled_mad(remainder: Floats) -> float:
    """Median absolute remainder in standard deviations of a normal distribution; never quite zero."""
    return max(float(_MAD_TO_SIGMA * np.median(np.abs(remainder))), 1e-12)


def find_shift(known: Floats, season_length: int) -> int | None:
    """The month at which one step in level explains the history, far better than a straight line does."""
    side = max(season_length, _SHORTEST_SIDE)
    if len(known) < 2 * side:
        return None
    smooth = running_median(_without_season(known, season_length), 5)
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


def _without_season(known: Floats, season_length: int) -> Floats:
    """The history less its mean seasonal pattern around a centred yearly mean."""
    around = known - running_median(known, season_length)
    phase = np.arange(len(known)) % season_length
    pattern = np.array([np.median(around[phase == position]) for position in range(season_length)])
    return known - (pattern - pattern.mean())[phase]


def _step_error(values: Floats, at: int) -> float:
    return float(values[:at].var() * at + values[at:].var() * (len(values) - at))


def _line_error(values: Floats) -> float:
    months = np.arange(len(values)) - (len(values) - 1) / 2
    slope = (months @ values) / (months @ months)
    return float(np.sum((values - values.mean() - slope * months) ** 2))
