"""How far demand may come out from its forecast: one joint error of the company, its families and their cells.

The company's total is wrong by a level, a drift and a growth that all its months share, and by something in each.
Families and cells (family × region) share out that total otherwise than was forecast: their own errors move the
parts and leave the sum. So the range of a sum is the one that was measured on sums, whatever the parts do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import gammaincinv, ndtr

from sop.analysis.ranges.error_records import (
    Levels,
    PastDemand,
    backtest,
    levels_of,
    prices_of,
    signed_errors,
)
from sop.analysis.ranges.error_sizes import (
    DEGREES,
    UNKNOWN_VARIATION,
    ErrorSize,
    Record,
    sizes_of,
    variation_of,
    widening,
)
from sop.core.calendar import MONTHS_A_YEAR
from sop.core.format import percent
from sop.core.inputs import Floats, Inputs
from sop.core.plan import StoredForecast

_COMMON = 3
"""Normals that all months of a node share: of its level, its drift and its growth."""
_NOISE_DIMS = 128
"""Normals from which the own noise of every cell and month is mixed: it averages out, so nobody stratifies it."""
_NOISE_SEED = 13
_NOTHING = "nothing sold so far says how much may come"
_NOTICEABLY = 1.1
_FURTHEST = 3.0
"""The largest log error that a draw may hold: twenty times, or a twentieth of, the forecast."""


@dataclass(frozen=True)
class DemandErrors:
    """The joint error of demand: what the company's total, families and cells may be wrong by.

    `company` (1,), `family` (F,) and `cell` (F·R,) sizes; `value` (F, R, T) of the forecast, by which parts are
    weighed; `degrees` of freedom of the tails, which all parts share; `year`: periods in twelve months. `why`: in
    words what makes the range wide; `known` false where nothing was ever sold, so that no range can be told: then
    why not.
    """

    company: ErrorSize
    family: ErrorSize
    cell: ErrorSize
    value: Floats
    degrees: float
    year: int
    why: str
    known: bool = True

    @property
    def dims(self) -> int:
        """Independent normals that one draw takes."""
        families, regions, months = self.value.shape
        return 1 + _COMMON * (1 + families + families * regions) + months + _NOISE_DIMS

    def wider(self, factor: float) -> DemandErrors:
        """The same with every error larger by a factor."""
        company, family, cell = (size.times(factor) for size in (self.company, self.family, self.cell))
        return replace(self, company=company, family=family, cell=cell)

    def facts(self) -> dict[str, Any]:
        """What was measured as plain data, to be kept: all but `value`, which is the forecast's."""
        sizes = {"company": self.company, "family": self.family, "cell": self.cell}
        told = {name: getattr(self, name) for name in ("degrees", "year", "why", "known")}
        return told | {name: size.facts() for name, size in sizes.items()}

    def factors(self, normals: Floats) -> Floats:
        """What demand is multiplied with (n, F, R, T) in n draws, from standard normals (n, `dims`); median one.

        Raises ValueError where `normals` have another width.
        """
        families, regions, months = self.value.shape
        if normals.ndim != 2 or normals.shape[1] != self.dims:
            raise ValueError(f"{normals.shape} normals; {self.dims} a draw are needed")
        cells, n = families * regions, len(normals)
        ends = np.cumsum([1, _COMMON, months, _COMMON * families, _COMMON * cells])
        tail, common, by_month, of_family, of_cell, noise = np.split(normals, ends, axis=1)
        tails = self._tails(tail[:, 0])[:, None]
        years = (np.arange(months) + 0.5) / self.year
        whole = _path(self.company, common[:, None, :], years)[:, 0] + self.company.month * by_month
        family = _path(self.family, of_family.reshape(n, families, _COMMON), years)
        cell = _path(self.cell, of_cell.reshape(n, cells, _COMMON), years)
        # Not by `@`: how BLAS rounds hangs on how many threads it has, and workers elsewhere have others.
        mixed = np.einsum("nk,kc->nc", noise, _mixing(cells * months))
        own = mixed.reshape(n, cells, months) * self.cell.month[:, None]
        parts = np.repeat(family, regions, axis=1) + cell + own
        parts = np.exp(np.clip(parts * tails[..., None], -_FURTHEST, _FURTHEST))
        share = _shares(self.value.reshape(cells, months))
        parts /= (parts * share).sum(axis=1, keepdims=True)
        total = np.exp(np.clip(whole * tails, -_FURTHEST, _FURTHEST))
        return np.asarray((parts * total[:, None, :]).reshape(n, families, regions, months))

    def _tails(self, normals: Floats) -> Floats:
        """By what all errors of a draw are larger or smaller than usual (n,): what makes a normal a t."""
        if not np.isfinite(self.degrees):
            return np.ones(len(normals))
        chi_square = 2 * gammaincinv(self.degrees / 2, ndtr(-normals))
        return np.asarray(np.sqrt(self.degrees / chi_square))


def demand_errors(inputs: Inputs, forecast: StoredForecast, past: Sequence[PastDemand] = ()) -> DemandErrors:
    """The joint error of a company's demand around its forecast, from its history, many others' and signed plans.

    `past`: what signed plans said of months that are closed by now.
    """
    levels, year = levels_of(inputs), inputs.calendar.year
    records = backtest(levels, inputs)
    signed = list(signed_errors(levels, inputs, past))
    sizes, wider = [], []
    for level, record in enumerate(records):
        size = sizes_of(record, year)
        factor = widening([(span, errors[level]) for span, errors in signed], size, year)
        sizes.append(size.times(factor))
        wider.append(float(factor.max()))
    value = _value_of(inputs, forecast)
    _, family, cell = levels.split(value.reshape(len(levels.cells), -1).sum(axis=1)[:, None])
    known = bool(family.any())
    return DemandErrors(
        company=sizes[0],
        family=sizes[1].times(_to_share_out(family[:, 0])),
        cell=sizes[2].times(_to_share_out(cell[:, 0])),
        value=value,
        degrees=DEGREES,
        year=year,
        why=_why(levels, records[0], wider[0], year) if known else _NOTHING,
        known=known,
    )


def errors_of_facts(facts: Mapping[str, Any], inputs: Inputs, forecast: StoredForecast) -> DemandErrors:
    """What `DemandErrors.facts` gave, read back around the forecast that it was measured for."""
    sizes = {name: ErrorSize.of_facts(facts[name]) for name in ("company", "family", "cell")}
    return DemandErrors(**{**facts, **sizes}, value=_value_of(inputs, forecast))


def _value_of(inputs: Inputs, forecast: StoredForecast) -> Floats:
    return np.asarray(forecast.mean * prices_of(inputs))


def _to_share_out(share: Floats) -> Floats:
    """By what a part's own error is larger than that of its share: the sum, which it moves too, is taken off."""
    return np.where(share < 1, 1 / np.sqrt(np.maximum(1 - share, 1e-9)), 0.0)


def _why(levels: Levels, record: Record, widened: float, year: int) -> str:
    """In plain words what makes the range wide; empty where nothing does."""
    months = int(np.isfinite(record.series).sum())
    gaps = int((~levels.known[levels.first :]).sum())
    told = [f"only {_months(months, year)} of sales {_are(months)} known"] if months < 2 * year else []
    told += [f"{_months(gaps, year)} {_are(gaps)} without any figure"] if gaps else []
    varied = float(variation_of(record.series, year)[0])
    told += [f"growth varied by {percent(varied)} a year"] if varied > UNKNOWN_VARIATION else []
    told += ["signed plans missed by more than their past let expect"] if widened > _NOTICEABLY else []
    return "; ".join(told)


def _months(number: int, year: int) -> str:
    period = "month" if year == MONTHS_A_YEAR else "period"
    return f"{number} {period}" if number == 1 else f"{number} {period}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _path(size: ErrorSize, normals: Floats, years: Floats) -> Floats:
    """Log errors by month (n, nodes, T) from a node's normals (n, nodes, 3): of its level, drift and growth."""
    level, drift, growth = (
        (normals[..., place] * own)[..., None] for place, own in enumerate((size.level, size.drift, size.growth))
    )
    return np.asarray(level + drift * np.sqrt(years) + growth * years)


def _shares(value: Floats) -> Floats:
    """The share (cells, T) of each cell in a month's value; equal ones where there is none."""
    total = value.sum(axis=0)
    return np.where(total > 0, value / np.where(total > 0, total, 1.0), 1.0 / len(value))


@lru_cache(maxsize=4)
def _mixing(columns: int) -> Floats:
    """Unit vectors (`_NOISE_DIMS`, columns) by which independent normals become nearly independent noise."""
    vectors = np.random.default_rng(_NOISE_SEED).normal(size=(_NOISE_DIMS, columns))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=0))
