"""Cleaning of history before it is forecast: outliers and stock-outs corrected, level shifts offered, reversibly.

Nothing is hidden: every correction is a record, the original stays as it was, and a planner restores a month by
naming it. Sparse series are left alone, because their zeros and peaks are what demand looks like there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Bools, Floats
from sop.demand.outliers import find_outliers
from sop.demand.shifts import LevelShift, find_shift, shift_record
from sop.demand.words import units_words

Cell = tuple[int, int]

_SURE_MADS = 5.0
_SHORTEST = 6
_SPARSE_INTERVAL = 1.32
_CUT_SHORT = 0.10
"""A month in which stock ran out was cut short if it sold less than expected by more than this share."""


@dataclass(frozen=True)
class Correction:
    """One month that does not look like demand: its row and column, the value as booked and as used.

    `cut_short`: stock ran out, so that the value booked is what could be sold and not what was wanted.
    """

    series: int
    period: int
    was: float
    now: float
    reason: str
    cut_short: bool = False

    @property
    def cell(self) -> Cell:
        """Row and column, as `restored` and `accepted` name them."""
        return self.series, self.period


@dataclass(frozen=True)
class Cleaned:
    """History (n, T) as it should be forecast; corrections made, suggestions not made, level shifts offered.

    `gaps`: months without a figure between others, with what stands in for them; `values` keeps them missing.
    """

    values: Floats
    corrections: tuple[Correction, ...]
    suggestions: tuple[Correction, ...]
    shifts: tuple[LevelShift, ...]
    gaps: tuple[Correction, ...] = ()


def clean_history(
    values: Floats,
    season_length: int,
    restored: Collection[Cell] = (),
    accepted: Collection[Cell] = (),
    stock_ran_out: Bools | None = None,
) -> Cleaned:
    """Correct outliers of each row of `values` (n, T) in units, NaN where missing, and offer level shifts.

    From four seasons on, a month is suspect if its remainder after a robust seasonal-trend decomposition (STL,
    Cleveland 1990) exceeds 3 scaled MADs and a quarter of the expected level, and corrected beyond 5: on real
    series, correcting the milder ones gains nothing. Shorter series, whose season would absorb an outlier,
    use the distance to a running median and to the same month of other years. A month in which stock ran out
    (`stock_ran_out`, (n, T)) says what could be sold, not what was wanted: it is left out of the fit and raised
    to what the others let expect. Cells (series, period) in `restored` are left as booked, those in `accepted`
    corrected where suspect. `values` is not changed.
    """
    cleaned = np.array(values, dtype=float)
    cut_short = np.zeros(cleaned.shape, bool) if stock_ran_out is None else stock_ran_out
    found = [
        _examine(series, row, cut, season_length)
        for series, (row, cut) in enumerate(zip(cleaned.copy(), cut_short, strict=True))
    ]
    suspects = [record for one in found for record in one.suspects]
    sure = set(accepted).union(*(one.sure for one in found)) - set(restored)
    corrections = tuple(record for record in suspects if record.cell in sure)
    for record in corrections:
        cleaned[record.cell] = record.now
    return Cleaned(
        cleaned,
        corrections,
        tuple(record for record in suspects if record.cell not in sure),
        tuple(shift for one in found for shift in one.shifts),
        tuple(gap for one in found for gap in one.gaps),
    )


@dataclass(frozen=True)
class _Findings:
    """What one series shows: suspect months, those of them that are surely wrong, level shifts and gaps."""

    suspects: Sequence[Correction] = ()
    sure: Collection[Cell] = ()
    shifts: Sequence[LevelShift] = ()
    gaps: Sequence[Correction] = ()


def _examine(series: int, row: Floats, ran_out: Bools, season_length: int) -> _Findings:
    """Look through one series; too short or too sparse a one shows only its gaps."""
    start, booked = _known_part(row)
    gaps = _gap_records(series, start, row, booked)
    if len(booked) < _SHORTEST or _is_sparse(booked):
        return _Findings(gaps=gaps)
    ran_out = ran_out[start:] & np.isfinite(row[start:])
    known = _without(booked, ran_out)
    shift = find_shift(known, season_length)
    expected, severity = find_outliers(known, season_length, shift)
    severity *= np.isfinite(row[start:]) & ~ran_out
    suspects = _correction_records(series, start, known, expected, severity > 0)
    cut_short = ran_out & (booked < (1 - _CUT_SHORT) * expected)
    censored = [_censored(series, start + int(t), booked[t], expected[t]) for t in np.flatnonzero(cut_short)]
    sure = {(series, start + int(t)) for t in np.flatnonzero((severity > _SURE_MADS) | cut_short)}
    return _Findings([*suspects, *censored], sure, shift_record(series, start, known, shift), gaps)


def _without(known: Floats, left_out: Bools) -> Floats:
    """The history with some months replaced by what lies between their neighbours."""
    if left_out.all():
        return known
    periods = np.arange(len(known))
    return np.interp(periods, periods[~left_out], known[~left_out])


def _gap_records(series: int, start: int, row: Floats, known: Floats) -> list[Correction]:
    reason = "no figure for this month: what lies between its neighbours stands in for it"
    gaps = np.flatnonzero(~np.isfinite(row[start:])) if len(known) else np.array([], dtype=int)
    return [Correction(series, start + int(t), np.nan, float(known[t]), reason) for t in gaps]


def _censored(series: int, period: int, was: float, now: float) -> Correction:
    sold, expected = units_words(was), units_words(now)
    reason = f"stock ran out: {sold} is what could be sold, {expected} what season and trend let expect"
    return Correction(series, period, float(was), float(now), reason, cut_short=True)


def _known_part(row: Floats) -> tuple[int, Floats]:
    """First known period and the values from there, gaps interpolated."""
    finite = np.isfinite(row)
    if not finite.any():
        return 0, np.array([])
    start, periods = int(finite.argmax()), np.arange(len(row))
    return start, np.interp(periods, periods[finite], row[finite])[start:]


def _is_sparse(known: Floats) -> bool:
    return bool(len(known) > _SPARSE_INTERVAL * np.count_nonzero(known))


def _correction_records(
    series: int, start: int, known: Floats, expected: Floats, suspect: Bools
) -> list[Correction]:
    return [
        Correction(series, start + int(t), float(known[t]), float(expected[t]), _reason(known[t], expected[t]))
        for t in np.flatnonzero(suspect)
    ]


def _reason(was: float, now: float) -> str:
    side = "above" if was > now else "below"
    return f"{units_words(was)} is far {side} the {units_words(now)} that season and trend let expect"
