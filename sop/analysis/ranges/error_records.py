"""What the past says of a company's errors: backtests of its total and of who shares in it, and signed plans.

The total is taken by value at today's prices. Families share in the total and cells (family × region) in their
family, so that an error of a part is one of its share: what all have in common is the total's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sop.analysis.ranges.error_sizes import Record, log_error, usual_of
from sop.core.calendar import shift_period
from sop.core.inputs import Bools, Floats, Inputs, Ints
from sop.demand.rolling import rolling_forecasts

_MOST_ORIGINS = 36
_SPANS = (1, 3, 6, 12, 24)
"""Months whose sums are tested, beside those left of the fiscal year."""


@dataclass(frozen=True)
class PastDemand:
    """What a signed plan said of demand from `first_open` on: units (F, R, T), families and regions as today."""

    first_open: str
    units: Floats


@dataclass(frozen=True)
class Levels:
    """Closed months of a company by value: `cells` (F·R, H), not-a-number where not known, family by family."""

    cells: Floats
    families: int

    @property
    def regions(self) -> int:
        """How many cells a family has."""
        return len(self.cells) // self.families

    @cached_property
    def family_of(self) -> Ints:
        """The family of each cell (F·R,)."""
        return np.repeat(np.arange(self.families), self.regions)

    @cached_property
    def known(self) -> Bools:
        """The months (H,) of which any figure is known."""
        return np.asarray(np.isfinite(self.cells).any(axis=0))

    @cached_property
    def first(self) -> int:
        """The first month of which anything is known; all months where nothing is."""
        return int(self.known.argmax()) if self.known.any() else len(self.known)

    @cached_property
    def series(self) -> tuple[Floats, Floats, Floats]:
        """The total (1, H), the families' shares (F, H) and the cells' (F·R, H), from the first known month on.

        Not-a-number in months of which nothing is known and before the first in which any of it was sold.
        """
        cells, known = self.cells[:, self.first :], self.known[self.first :]
        started = np.maximum.accumulate(np.nan_to_num(cells) != 0, axis=1)
        begun = (started.any(axis=0), self._by_family(started) > 0, started)
        return tuple(
            np.where(seen & known, level, np.nan)
            for seen, level in zip(begun, self.split(np.nan_to_num(cells)), strict=True)
        )  # type: ignore[return-value]

    def split(self, cells: Floats) -> tuple[Floats, Floats, Floats]:
        """Values (F·R, T) as the total (1, T), shares of families (F, T) and of cells in their family (F·R, T)."""
        cells = np.maximum(cells, 0.0)
        family = self._by_family(cells)
        total = family.sum(axis=0, keepdims=True)
        return total, _ratio(family, total), _ratio(cells, family[self.family_of])

    def _by_family(self, cells: Floats) -> Floats:
        return np.asarray(cells.reshape(self.families, self.regions, -1).sum(axis=1))


def levels_of(inputs: Inputs) -> Levels:
    """A company's closed months by value at today's prices; by units where there are no prices."""
    history = inputs.ordered_by_family * prices_of(inputs)
    return Levels(history.reshape(-1, history.shape[-1]), len(history))


def prices_of(inputs: Inputs) -> Floats:
    """Today's prices (F, R, 1); ones where there are none."""
    price = np.nan_to_num(inputs.position.price)[..., None]
    return price if price.any() else np.ones_like(price)


def backtest(levels: Levels, inputs: Inputs) -> tuple[Record, Record, Record]:
    """The past errors of the total, of the families' shares and of the cells', for every span that is tested."""
    season, spans = inputs.calendar.season_length, spans_of(inputs)
    cells, known = _filled(levels.cells[:, levels.first :]), levels.known[levels.first :]
    months = cells.shape[1]
    origins = _origins(2 * season, months)
    sums = np.vstack([np.ones((1, len(cells))), np.eye(levels.families)[:, levels.family_of]])
    said_cells, said_sums = rolling_forecasts(cells, sums, int(spans.max()), season, origins)
    sizes = [1, levels.families, len(cells)]
    errors = [np.full((len(origins), len(spans), n), np.nan) for n in sizes]
    usual = [usual_of(series) for series in levels.series]
    for at, origin in enumerate(origins):
        for place, span in enumerate(spans.astype(int)):
            window = slice(origin, origin + span)
            if origin + span > months or not known[window].all():
                continue
            said = said_cells[at, :, :span].sum(axis=1), said_sums[at, :, :span].sum(axis=1)
            came = levels.split(cells[:, window].sum(axis=1)[:, None])
            for error, one, other, mean, scale in zip(
                errors, came, _shares(said, levels), usual, (span, 1, 1), strict=True
            ):
                error[at, place] = log_error(one[:, 0], other, scale * mean)
    return tuple(
        Record(series, error, spans, np.array(origins, dtype=float))
        for series, error in zip(levels.series, errors, strict=True)
    )  # type: ignore[return-value]


def signed_errors(
    levels: Levels, inputs: Inputs, past: Sequence[PastDemand]
) -> Iterator[tuple[float, tuple[Floats, Floats, Floats]]]:
    """For each signed plan the closed periods that it planned and the log errors of their sums on all levels."""
    months, price = inputs.history.months, prices_of(inputs)
    for said in past:
        planned = [shift_period(said.first_open, t) for t in range(said.units.shape[-1])]
        closed = [(t, months.index(month)) for t, month in enumerate(planned) if month in months]
        closed = [(t, place) for t, place in closed if levels.known[place]]
        if not closed:
            continue
        at, places = [t for t, _ in closed], [place for _, place in closed]
        values = (said.units * price).reshape(len(levels.cells), -1)[:, at]
        came = levels.split(np.nan_to_num(levels.cells[:, places]).sum(axis=1)[:, None])
        told = levels.split(values.sum(axis=1)[:, None])
        scales = (len(at), 1, 1)
        usual = [usual_of(series) for series in levels.series]
        yield (
            float(len(at)),
            tuple(
                log_error(one[:, 0], other[:, 0], scale * mean)
                for one, other, scale, mean in zip(came, told, scales, usual, strict=True)
            ),
        )  # type: ignore[misc]


def spans_of(inputs: Inputs) -> Floats:
    """The spans in periods: those of `_SPANS` and to the fiscal year's end, as far as the plan reaches."""
    calendar = inputs.calendar
    rest = calendar.fiscal_year(calendar.first_open)
    left = len(rest) - rest.index(calendar.first_open)
    wanted = {max(round(calendar.in_periods(months)), 1) for months in _SPANS} | {left}
    return np.array(sorted(span for span in wanted if span <= calendar.horizon), dtype=float)


def _origins(first: int, months: int) -> list[int]:
    """Months known at each origin: as many as there are from two seasons on, evenly spread."""
    count = min(months - first, _MOST_ORIGINS)
    return sorted({int(at) for at in np.linspace(first, months - 1, count).round()}) if count > 0 else []


def _filled(cells: Floats) -> Floats:
    """Nothing before a cell's first month, and what lies between its neighbours in months that are not known."""
    known = np.isfinite(cells).any(axis=0)
    values = np.nan_to_num(cells)
    months = np.arange(cells.shape[1])
    if known.all() or not known.any():
        return values
    return np.array([np.interp(months, months[known], row[known]) for row in values])


def _shares(said: tuple[Floats, Floats], levels: Levels) -> tuple[Floats, Floats, Floats]:
    """What forecasts of cells (F·R,) and of the total and families (1 + F,) say on all levels."""
    cells, total, family = np.maximum(said[0], 0.0), said[1][:1], np.maximum(said[1][1:], 0.0)
    in_family = levels.split(cells[:, None])[2][:, 0]
    return total, _ratio(family, np.array(family.sum())), in_family


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(
        np.divide(part, whole, out=np.zeros_like(part), where=np.broadcast_to(whole, part.shape) > 0)
    )
