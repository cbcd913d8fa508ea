"""Cleaning of history before it is forecast: outliers corrected, level shifts offered, both reversible.

Nothing is hidden: every correction is a record, the original stays as it was, and a planner restores a month by
naming it. Sparse series are left alone, because their zeros and peaks are what demand looks like there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from statsmodels.tsa.seasonal import STL

from sop.demand.shifts import LevelShift, find_shift, scaled_mad, shift_record, to_level_after

Array = NDArray[np.float64]
Cell = tuple[int, int]

_SUSPECT_MADS, _SURE_MADS = 3.0, 5.0
_SUSPECT_SHARE = 0.25
"""A month closer to its expected level than this share of it is not suspect."""
_SHORT_MADS, _SHORT_SHARE = 6.0, 0.5
"""The same limits for short series, where less is known and so more is needed."""
_SHORTEST = 6
_SPARSE_INTERVAL = 1.32


@dataclass(frozen=True)
class Correction:
    """One month that does not look like demand: its row and column, the value as booked and as used."""

    series: int
    period: int
    was: float
    now: float
    reason: str

    @property
    def cell(self) -> Cell:
        """Row and column, as `restored` and `accepted` name them."""
        return self.series, self.period


@dataclass(frozen=True)
class Cleaned:
    """History (n, T) as it should be forecast; corrections made, suggestions not made, level shifts offered."""

    values: Array
    corrections: tuple[Correction, ...]
    suggestions: tuple[Correction, ...]
    shifts: tuple[LevelShift, ...]


def clean_history(
    values: Array, season_length: int, restored: Collection[Cell] = (), accepted: Collection[Cell] = ()
) -> Cleaned:
    """Correct outliers of each row of `values` (n, T) in units, NaN where missing, and offer level shifts.

    From four seasons on, a month is suspect if its remainder after a robust seasonal-trend decomposition (STL,
    Cleveland 1990) exceeds 3 scaled MADs and a quarter of the expected level, and corrected beyond 5: on real
    series, correcting the milder ones gains nothing. Shorter series, whose season would absorb an outlier,
    use the distance to a running median and to the same month of other years. Cells (series, period) in
    `restored` are left as booked, those in `accepted` corrected where suspect. `values` is not changed.
    """
    cleaned = np.array(values, dtype=float)
    suspects: list[Correction] = []
    sure: set[Cell] = set(accepted)
    shifts: list[LevelShift] = []
    for series, row in enumerate(cleaned.copy()):
        start, known = _known_part(row)
        if len(known) < _SHORTEST or _is_sparse(known):
            continue
        shift = find_shift(known, season_length)
        expected, severity = _outliers(known, season_length, shift)
        severity *= np.isfinite(row[start:])
        shifts += shift_record(series, start, known, shift)
        suspects += _correction_records(series, start, known, expected, severity > 0)
        sure |= {(series, start + int(t)) for t in np.flatnonzero(severity > _SURE_MADS)}
    applied = sure - set(restored)
    corrections = tuple(record for record in suspects if record.cell in applied)
    for record in corrections:
        cleaned[record.cell] = record.now
    suggestions = tuple(record for record in suspects if record.cell not in applied)
    return Cleaned(cleaned, corrections, suggestions, tuple(shifts))


def _known_part(row: Array) -> tuple[int, Array]:
    """First known period and the values from there, gaps interpolated."""
    finite = np.isfinite(row)
    if not finite.any():
        return 0, np.array([])
    start, periods = int(finite.argmax()), np.arange(len(row))
    return start, np.interp(periods, periods[finite], row[finite])[start:]


def _is_sparse(known: Array) -> bool:
    return bool(len(known) > _SPARSE_INTERVAL * np.count_nonzero(known))


def _outliers(known: Array, season_length: int, shift: int | None) -> tuple[Array, Array]:
    """The expected value of each month and how many scaled MADs a suspect month lies off it (0: not suspect)."""
    factor = to_level_after(known, shift)
    if len(known) >= 4 * season_length and season_length > 1:
        remainder, severity = _stl_severity(known * factor, season_length)
        suspect, share = _SUSPECT_MADS, _SUSPECT_SHARE
    else:
        remainder = _short_remainder(known * factor, season_length)
        severity = np.abs(remainder) / scaled_mad(remainder)
        suspect, share = _SHORT_MADS, _SHORT_SHARE
    expected = known - remainder / factor
    if known.min() >= 0:
        expected = np.maximum(expected, 0.0)
    is_suspect = (severity > suspect) & (np.abs(known - expected) > share * np.abs(expected))
    return expected, np.where(is_suspect, severity, 0.0)


def _stl_severity(known: Array, season_length: int) -> tuple[Array, Array]:
    """Remainder of a robust STL and its size in scaled MADs.

    Where all months are positive, the size is the smaller of that in units and that in logarithms: a peak that
    has grown with the level is no outlier, although it is far above the peaks of earlier years.
    """
    remainder, severity = _decompose(known, season_length)
    if known.min() > 0:
        severity = np.minimum(severity, _decompose(np.log(known), season_length)[1])
    return remainder, severity


def _decompose(known: Array, season_length: int) -> tuple[Array, Array]:
    """Remainder of a robust STL with a fixed season, and its size in scaled MADs.

    A robust fit passes too close to ordinary months, so that 3 of its own MADs flag one month in twenty of pure
    noise. The MAD is therefore at least that of the ordinary fit, corrected for the parameters it used.
    """
    robust, ordinary = (_stl(known, season_length, robust) for robust in (True, False))
    parameters = season_length - 1 + len(known) / (2 * season_length)
    freedom = max(len(known) - parameters, len(known) / 4)
    sigma = max(scaled_mad(robust), scaled_mad(ordinary) * float(np.sqrt(len(known) / freedom)))
    return robust, np.abs(robust) / sigma


def _stl(known: Array, season_length: int, robust: bool) -> Array:
    """The remainder of an STL whose season is the same in all years and whose trend is slow."""
    whole = 10 * len(known) + 1
    model = STL(
        known, period=season_length, seasonal=whole, seasonal_deg=0, trend=2 * season_length + 1, robust=robust
    )
    return np.asarray(model.fit(inner_iter=2, outer_iter=5 if robust else 0).resid)


def _short_remainder(known: Array, season_length: int) -> Array:
    """Distance to a running median of seven months or, where smaller, to the same month a year before or after."""
    nearest = known - median_filter(known, size=7, mode="nearest")
    for lag in (season_length, -season_length):
        if season_length < len(known):
            other = np.full(len(known), np.inf)
            ahead = slice(lag, None) if lag > 0 else slice(None, lag)
            behind = slice(None, -lag) if lag > 0 else slice(-lag, None)
            other[ahead] = known[ahead] - known[behind]
            nearest = np.where(np.abs(other) < np.abs(nearest), other, nearest)
    return nearest


def _correction_records(
    series: int, start: int, known: Array, expected: Array, suspect: NDArray[np.bool_]
) -> list[Correction]:
    return [
        Correction(series, start + int(t), float(known[t]), float(expected[t]), _reason(known[t], expected[t]))
        for t in np.flatnonzero(suspect)
    ]


def _reason(was: float, now: float) -> str:
    side = "above" if was > now else "below"
    return f"{was:,.0f} is far {side} the {now:,.0f} that season and trend let expect"
