"""Cleaning of history before it is forecast: outliers and stock-outs corrected, level shifts offered, reversibly.

Nothing is hidden: every correction is a record, the original stays as it was, and a planner restores a month by
naming it. Sparse series are left alone, because their zeros and peaks are what demand looks like there, but for
a first or last month many times larger than all others.

A series that has sold nothing for half a season, or for fewer months than chance explains, is asked about: only a
person knows whether it has ended or is interrupted.

A planner's decision is kept like an assumption, by key and scope: `history_restored` and `history_accepted` with
the scope `family|region|month`, `history_train_since` with the same scope, its month being the first to train on,
`history_ended` and `history_interrupted` with the first silent month. A value of zero takes the decision back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from sop.core.calendar import worded
from sop.core.format import how_many
from sop.core.inputs import Bools, Floats, Inputs
from sop.core.words import units_text
from sop.demand.outliers import SURE_MADS, find_outliers, find_shift, find_sparse_outliers

Cell = tuple[int, int]
Decisions = Mapping[tuple[str, str], float]

RESTORED, ACCEPTED, TRAIN_SINCE = "history_restored", "history_accepted", "history_train_since"
ENDED, INTERRUPTED = "history_ended", "history_interrupted"
DRIVER_USE = "driver_use"
_CORRECTED = (RESTORED, ACCEPTED, TRAIN_SINCE, ENDED, INTERRUPTED)
DECIDED = (*_CORRECTED, DRIVER_USE)
"""Assumptions that the forecast rests on."""
_SHORTEST = 6
_SPARSE_INTERVAL = 1.32
_CUT_SHORT = 0.10
"""A month in which stock ran out was cut short if it sold less than expected by more than this share."""
_DAYS_OF_A_MONTH = 30
_FEWEST_SALES = 3
"""Months with sales below which there is no selling that could have stopped."""
_FEWEST_SILENT, _BY_CHANCE = 2, 0.01
"""Silent months before which they may just be late, and the chance below which so many are no accident."""


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
class LevelShift:
    """An offer to train on the months from `period` on only, because the level changed there."""

    series: int
    period: int
    before: float
    after: float
    reason: str


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
    ran_out = np.zeros(cleaned.shape, bool) if stock_ran_out is None else stock_ran_out
    corrections: list[Correction] = []
    suggestions: list[Correction] = []
    gaps: list[Correction] = []
    shifts: list[LevelShift] = []
    for series, row in enumerate(cleaned.copy()):
        finite = np.isfinite(row)
        if not finite.any():
            continue
        start = int(finite.argmax())
        known, out = finite[start:], ran_out[series, start:]
        booked = _between(row[start:], known)
        missing = worded("no figure for this month: what lies between its neighbours stands in for it")
        gaps += [
            Correction(series, start + int(t), np.nan, float(booked[t]), missing) for t in np.flatnonzero(~known)
        ]
        if len(booked) < _SHORTEST:
            continue
        sold_out = out & known
        cut_short = np.zeros(len(booked), dtype=bool)
        if len(booked) > _SPARSE_INTERVAL * np.count_nonzero(booked):
            expected, severity = find_sparse_outliers(booked)
        else:
            wanted = booked if sold_out.all() else _between(booked, ~sold_out)
            shift = find_shift(wanted, season_length)
            if shift is not None:
                shifts.append(_offer(series, start, wanted, shift))
            expected, severity = find_outliers(wanted, season_length, shift)
            cut_short = sold_out & (booked < (1 - _CUT_SHORT) * expected)
        severity *= known & ~sold_out
        for t in np.concatenate([np.flatnonzero(severity > 0), np.flatnonzero(cut_short)]):
            was, now, cut = float(booked[t]), float(expected[t]), bool(cut_short[t])
            found = Correction(series, start + int(t), was, now, _reason(was, now, cut), cut)
            is_sure = cut or severity[t] > SURE_MADS or found.cell in accepted
            (corrections if is_sure and found.cell not in restored else suggestions).append(found)
    for found in corrections:
        cleaned[found.cell] = found.now
    return Cleaned(cleaned, tuple(corrections), tuple(suggestions), tuple(shifts), tuple(gaps))


def _between(values: Floats, known: Bools) -> Floats:
    """The values with those that are not known replaced by what lies between their neighbours."""
    periods = np.arange(len(values))
    return np.interp(periods, periods[known], values[known])


def _reason(was: float, now: float, cut_short: bool) -> str:
    sold, expected = units_text(was, ""), units_text(now, "")
    if cut_short:
        return f"stock ran out: {sold} is what could be sold, {expected} what season and trend let expect"
    return f"{sold} is far {'above' if was > now else 'below'} the {expected} that season and trend let expect"


def _offer(series: int, start: int, known: Floats, shift: int) -> LevelShift:
    """The offer for a shift found in `known`, whose first month is column `start`."""
    before, after = float(np.median(known[:shift])), float(np.median(known[shift:]))
    reason = worded(
        f"the usual month went from {units_text(before, '')} to {units_text(after, '')} and stayed there"
    )
    return LevelShift(series, start + shift, before, after, reason)


# -- of a company


@dataclass(frozen=True)
class Remark:
    """Something found in the history of a family and region, in words, with the month it is about, units.

    `kind`: `corrected`, `suggested`, `gap` (`was` is None where nothing is booked), `shift` (`was` and `now` are
    the two levels) or `silent` (`was` is the usual month before, `month` the first without sales).
    `cut_short`: stock ran out in the month, so that it shows what could be sold and not what was wanted.
    """

    kind: str
    family: str
    region: str
    month: str
    was: float | None
    now: float
    reason: str
    cut_short: bool = False

    @property
    def scope(self) -> str:
        """The scope under which a decision about it is kept."""
        return f"{self.family}|{self.region}|{self.month}"


@dataclass(frozen=True)
class CompanyHistory:
    """Cleaned demand by family and region (F, R, H), not-a-number where not known, and what was found in it.

    `ended` (F, R): what somebody says is over, and has not sold since. `asked`: silent series of which nobody has
    said whether they have ended.
    """

    values: Floats
    remarks: tuple[Remark, ...] = field(repr=False)
    ended: Bools
    asked: tuple[Remark, ...] = ()

    def of_kind(self, kind: str) -> tuple[Remark, ...]:
        """The remarks of one kind."""
        return tuple(remark for remark in self.remarks if remark.kind == kind)


def decisions_of(values: Decisions) -> Decisions:
    """Those of a scenario's assumptions that the forecast rests on; what was taken back is left out.

    >>> decisions_of({("history_restored", "Bikes|Europe|2026-01"): 1.0, ("price_pct", "Bikes"): 0.02})
    {('history_restored', 'Bikes|Europe|2026-01'): 1.0}
    """
    history = {place: on for place, on in values.items() if place[0] in _CORRECTED and on}
    drivers = {place: on for place, on in values.items() if place[0] == DRIVER_USE}
    return history if all(drivers.values()) else history | drivers


def clean_company(inputs: Inputs, decisions: Decisions | None = None) -> CompanyHistory:
    """Clean the history of every family and region; products that are retired do not count.

    `decisions` may be all assumptions of a scenario: other keys, and names or months that the company does not
    have, change nothing.
    """
    demand, season = booked_demand(inputs), inputs.calendar.season_length
    booked = demand.reshape(-1, demand.shape[-1])
    cells = {key: _cells(inputs, decisions or {}, key) for key in _CORRECTED}
    filled = stand_ins(booked, season, cells[INTERRUPTED])
    found = clean_history(
        np.where(np.isfinite(filled), filled, booked),
        season,
        restored=cells[RESTORED],
        accepted=cells[ACCEPTED],
        stock_ran_out=stock_ran_out(inputs, demand).reshape(booked.shape),
    )
    silent = find_silence(np.where(np.isfinite(filled), booked, found.values), season)
    for series, period in cells[TRAIN_SINCE]:
        found.values[series, :period] = np.nan

    def remark(kind: str, at: Cell, was: float, now: float, reason: str, cut_short: bool = False) -> Remark:
        family, region = divmod(at[0], len(inputs.regions))
        names = inputs.families.names[family], inputs.regions[region], inputs.history.months[at[1]]
        return Remark(kind, *names, None if np.isnan(was) else round(was, 4), round(now, 4), reason, cut_short)

    bridged = [
        Correction(series, t, 0.0, filled[series, t], "interrupted: what it sold a year before stands in for it")
        for series, t in np.argwhere(np.isfinite(filled)).tolist()
    ]
    kinds = {"corrected": found.corrections, "suggested": found.suggestions, "gap": (*found.gaps, *bridged)}
    since = {(series, t) for series, first in silent for t in range(first, booked.shape[1])}
    questions = [
        (at, remark("silent", at, _usual(booked[at[0]], at[1], season), 0.0, _silence(booked.shape[1] - at[1])))
        for at in silent
    ]
    remarks = [
        *(
            remark(kind, one.cell, one.was, one.now, one.reason, one.cut_short)
            for kind in kinds
            for one in kinds[kind]
            if kind != "suggested" or one.cell not in since
        ),
        *(remark("shift", (one.series, one.period), one.before, one.after, one.reason) for one in found.shifts),
        *(asked for _, asked in questions),
    ]
    ended = np.zeros(len(booked), dtype=bool)
    ended[[series for series, first in cells[ENDED] if not np.nan_to_num(booked[series, first:]).any()]] = True
    answered = cells[ENDED] | cells[INTERRUPTED]
    return CompanyHistory(
        found.values.reshape(demand.shape),
        tuple(remarks),
        ended.reshape(demand.shape[:2]),
        tuple(asked for at, asked in questions if at not in answered),
    )


def find_silence(values: Floats, season_length: int) -> list[Cell]:
    """Row and first silent column of each series of `values` (n, T) that sold, and has sold nothing since.

    Silent for longer than ever before, and for half a season or more, or for two months or more that are hardly
    silent by chance, such months being as frequent as before. After two seasons nobody is asked any more.
    """
    found = []
    for series, row in enumerate(values):
        sold = np.flatnonzero(np.nan_to_num(row))
        if len(sold) < _FEWEST_SALES:
            continue
        first = int(sold[-1]) + 1
        quiet, selling = len(row) - first, first - int(sold[0])
        longest = int(np.diff(sold).max()) - 1
        empty = (selling - len(sold) + 1) / (selling + 1)
        no_accident = quiet >= _FEWEST_SILENT and empty**quiet < _BY_CHANCE
        long_enough = quiet > longest and (quiet >= season_length // 2 or no_accident)
        if long_enough and quiet < 2 * season_length and np.isfinite(row[first:]).all():
            found.append((series, first))
    return found


def stand_ins(booked: Floats, season_length: int, interrupted: Collection[Cell]) -> Floats:
    """What stands in for months without sales (n, T), not-a-number elsewhere, from the cells at which they began.

    A month sold what it sold a season before; without one, what a usual month sold.
    """
    filled = np.full(booked.shape, np.nan)
    for series, first in interrupted:
        row = booked[series]
        usual = _usual(row, first, season_length)
        for t in range(first, len(row)):
            if row[t] != 0:
                break
            before = t - season_length
            same = np.nan if before < 0 else filled[series, before] if before >= first else row[before]
            filled[series, t] = same if np.isfinite(same) else usual
    return filled


def _usual(row: Floats, first: int, season_length: int) -> float:
    """The mean month of the season before a column; zero where nothing is known of it."""
    known = row[max(first - season_length, 0) : first]
    known = known[np.isfinite(known)]
    return float(known.mean()) if len(known) else 0.0


def _silence(months: int) -> str:
    return worded(
        f"nothing sold for {how_many(months, 'months')}: has it ended, or is it interrupted?", counted=True
    )


def booked_demand(inputs: Inputs) -> Floats:
    """Demand by family and region as booked (F, R, H), without products that are retired."""
    return inputs.by_family(np.where(inputs.products.retired[:, None, None], np.nan, inputs.history.ordered))


def stock_ran_out(inputs: Inputs, demand: Floats) -> np.ndarray:
    """Where demand (F, R, H) may be cut short: made to stock, and less than a day of it left at the month's end.

    A month whose orders were booked apart from its shipments is not cut short: they are what was asked for. A
    closing stock below zero is a late booking and shows nothing.
    """
    out = np.zeros(demand.shape, dtype=bool)
    if inputs.stock is None:
        return out
    shipped = inputs.shipped_by_family
    for t, month in enumerate(inputs.history.months):
        if month in inputs.stock.months:
            closing = inputs.stock.closing[:, inputs.stock.months.index(month)]
            asked = np.nansum(demand[..., t], axis=1)
            empty = (closing >= 0) & (closing < asked / _DAYS_OF_A_MONTH) & ~inputs.families.made_to_order
            out[..., t] = empty[:, None] & (demand[..., t] <= shipped[..., t])
    return out


def _cells(inputs: Inputs, decisions: Decisions, key: str) -> set[Cell]:
    """Rows (family by family, its regions in order) and columns that decisions of one kind name."""
    families, regions, months = inputs.families.names, inputs.regions, inputs.history.months
    scopes = (scope.split("|") for (own, scope), value in decisions.items() if own == key and value)
    return {
        (families.index(family) * len(regions) + regions.index(region), months.index(month))
        for family, region, month in (parts for parts in scopes if len(parts) == 3)
        if family in families and region in regions and month in months
    }
