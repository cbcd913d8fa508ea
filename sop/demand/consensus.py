"""Consensus demand: the baseline and every change to it, each kept in units.

The terms are applied in the order of `TERMS`; each is an array (family, region, period) in units, so that it
can be shown, valued and compared alone. Their sum is the consensus. Whole units come last, by `round_terms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sop.core.calendar import worded
from sop.core.errors import BadInput
from sop.core.inputs import Floats, Ints
from sop.core.money import round_cumulative, snap
from sop.core.units import in_units, scaled, smallest

TERMS = (
    "baseline",
    "overrides",
    "launches",
    "cannibalisation",
    "events",
    "initiatives",
    "price_effect",
    "floor",
)
"""The terms of consensus demand in the order in which they are applied."""
_AS_ENTERED = 1e-9
"""How little an override counts among the terms that may take up what rounding leaves."""


@dataclass(frozen=True)
class ConsensusDemand:
    """Consensus demand in units (float) with its terms; the terms, added in order, are the total."""

    terms: Mapping[str, Floats]
    total: Floats

    def times(self, factor: Floats | float) -> ConsensusDemand:
        """The same demand with every term in proportion."""
        if isinstance(factor, float) and factor == 1.0:
            return self
        terms = {name: values * factor for name, values in self.terms.items()}
        return ConsensusDemand(terms, _sum_in_order(terms))


@dataclass(frozen=True)
class WholeDemand:
    """Consensus demand in whole units; in every cell the terms sum exactly to the total."""

    total: Ints
    exact: ConsensusDemand
    decimals: Ints

    @cached_property
    def terms(self) -> Mapping[str, Ints]:
        """The terms: a running total each, the largest of a cell with what is left of the total."""
        exact = np.stack([scaled(self.exact.terms[name], self.decimals) for name in TERMS])
        whole = round_cumulative(exact)
        size = np.abs(exact).sum(axis=-1)
        size[TERMS.index("overrides")] *= _AS_ENTERED
        carrier = size.argmax(axis=0)[None, ..., None]
        is_carrier = np.arange(len(TERMS)).reshape(-1, 1, 1, 1) == carrier
        total = smallest(self.total, self.decimals)
        whole += np.where(is_carrier, total - whole.sum(axis=0), 0)
        return {name: in_units(term, self.decimals) for name, term in zip(TERMS, whole, strict=True)}


def build_consensus(
    baseline: Floats,
    *,
    overrides: Floats | None = None,
    launches: Floats | None = None,
    cannibalisation: Floats | None = None,
    events: Floats | None = None,
    events_pct: Floats | float = 0.0,
    initiatives: Floats | None = None,
    initiatives_pct: Floats | float = 0.0,
    elasticity: Floats | float = 0.0,
    price_change: Floats | float = 0.0,
) -> ConsensusDemand:
    """Add the terms to the baseline (family, region, period), in units, never below zero.

    `cannibalisation` is the volume displaced, as a positive number; at most the demand that is left is taken.
    `events` and `initiatives` are units weighted with their probability or confidence; their `_pct` twins are
    weighted fractions of the sum so far. Price effect = elasticity × price change (a fraction) × the sum so
    far. What lifts a negative sum to zero is the term `floor`. Raises BadInput where a number is missing.

    >>> cell = np.full((1, 1, 1), 100.0)
    >>> demand = build_consensus(cell, overrides=cell * 0.1, elasticity=-1.5, price_change=0.02)
    >>> demand.total.item(), round(demand.terms["price_effect"].item(), 2)
    (106.7, -3.3)
    """
    zero = np.zeros(np.shape(baseline))

    def units(given: Floats | None) -> Floats:
        return zero if given is None else zero + given

    def open_demand() -> Floats:
        return np.maximum(_sum_in_order(terms), 0.0)

    terms = {"baseline": units(baseline), "overrides": units(overrides), "launches": units(launches)}
    terms["cannibalisation"] = -np.minimum(units(cannibalisation), open_demand())
    terms["events"] = units(events) + events_pct * open_demand()
    terms["initiatives"] = units(initiatives) + initiatives_pct * open_demand()
    terms["price_effect"] = elasticity * price_change * open_demand()
    terms["floor"] = np.maximum(-_sum_in_order(terms), 0.0)
    for name, values in terms.items():
        if not np.isfinite(values).all():
            raise BadInput(
                f"the term '{name}' of consensus demand has a missing or infinite number",
                why="missing is not zero",
                remedy=worded("Give a value, or a true zero, for every family, region and month"),
            )
    return ConsensusDemand(terms, _sum_in_order(terms))


def round_terms(demand: ConsensusDemand, decimals: Ints | None = None) -> WholeDemand:
    """The same demand in whole units, by family, region and period, without drift.

    Of a family whose unit has `decimals` (F,) it is whole smallest units that are told as units.

    Each family's running total is the exact one to the nearest unit; its regions share the month's units by
    what each is still owed. Every term is rounded on its running total too, and the largest term of a cell
    takes what is left, so that the terms sum to the total and a term that is zero stays zero. Overrides take it
    only where there is nothing else, so that they stay as they were entered.
    """
    decimals = np.zeros(len(demand.total), dtype=np.int64) if decimals is None else decimals
    total = _share_between_regions(scaled(demand.total, decimals))
    return WholeDemand(in_units(total, decimals), demand, decimals)


def _sum_in_order(terms: Mapping[str, Floats]) -> Floats:
    return np.asarray(sum(terms.values()), dtype=float)


def _share_between_regions(exact: Floats) -> Ints:
    """Whole units (family, region, period) whose families follow their exact running total."""
    months = round_cumulative(exact.sum(axis=1))
    owed_until = snap(np.cumsum(exact, axis=-1))
    given = np.zeros(exact.shape[:2], dtype=np.int64)
    whole = np.zeros(exact.shape, dtype=np.int64)
    for t in range(exact.shape[-1]):
        whole[..., t] = _apportion(months[:, t], owed_until[..., t] - given)
        given += whole[..., t]
    return whole


def _apportion(units: Ints, owed: Floats) -> Ints:
    """Whole units of each family over its regions: first what is owed in full, then the largest remainder.

    `owed` (family, region) may be slightly negative after an earlier rounding up; nobody gets less than zero.
    """
    share = np.floor(np.maximum(owed, 0.0)).astype(np.int64)
    left = units - share.sum(axis=1)
    if not left.any():
        return share
    order = np.argsort(np.argsort(-(owed - share), axis=1, kind="stable"), axis=1, kind="stable")
    share += order < left[:, None]
    for family in np.flatnonzero(left < 0):
        share[family] -= _take_back(-int(left[family]), share[family], owed[family])
    return share


def _take_back(units: int, share: Ints, owed: Floats) -> Ints:
    """The units to take back from regions that have some, one at a time from the least owed."""
    taken = np.zeros_like(share)
    for _ in range(units):
        has_some = share > taken
        taken[np.where(has_some, owed - share + taken, np.inf).argmin()] += 1
    return taken
