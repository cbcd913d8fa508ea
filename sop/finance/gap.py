"""The gap between two years or to the budget, explained: volume, mix, price, currency, cost. Exact to the cent.

Everything is whole minor units: each step is rounded once and the last one of each kind is a difference of
integers, so that the steps add up to the gap with a residual of exactly zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats, Ints

SOLD = 1e-3
"""Units above which an item counts as sold: below, money a unit means nothing."""


@dataclass(frozen=True)
class Trade:
    """What was or is to be sold, by item (n,): units, revenue and cost of sales in minor units.

    `cost` None where it is not known; margins are then not explained.
    """

    units: Floats
    revenue: Ints
    cost: Ints | None = None

    @property
    def margin(self) -> Ints:
        """Revenue minus cost of sales."""
        return self.revenue - (0 if self.cost is None else self.cost)


@dataclass(frozen=True)
class Gap:
    """From `base` over the steps to `now`, minor units; `base` + all steps = `now` to the cent."""

    base: int
    now: int
    steps: Mapping[str, int]

    @property
    def residual(self) -> int:
        """What the steps leave unexplained: always zero."""
        return self.now - self.base - sum(self.steps.values())


def explain_revenue(now: Trade, base: Trade, currency: Ints | None = None) -> Gap:
    """Revenue against a base by item: volume, mix, price, currency, and items that only one of both has.

    Volume: change of all units at the base's mean revenue a unit. Mix: what the change of each item adds beyond
    it. Currency (n,): the part of revenue that rates alone explain. Price: the rest of what units bring more.
    Items without units on one side are new or discontinued, with all their money.

    >>> gap = explain_revenue(Trade(np.array([3.0]), np.array([3600])), Trade(np.array([2.0]), np.array([2000])))
    >>> dict(gap.steps)
    {'Volume': 1000, 'Mix': 0, 'Price': 600, 'Currency': 0, 'New': 0, 'Discontinued': 0}
    """
    both = (now.units > SOLD) & (base.units > SOLD)
    at_base = _at_base(now.units, base.units, base.revenue, both)
    volume = _volume(now.units[both], base.units[both], base.revenue[both])
    rates = 0 if currency is None else int(currency[both].sum())
    steps = {
        "Volume": volume,
        "Mix": int(at_base[both].sum() - base.revenue[both].sum()) - volume,
        "Price": int(now.revenue[both].sum() - at_base[both].sum()) - rates,
        "Currency": rates,
        "New": int(now.revenue[~both].sum()),
        "Discontinued": -int(base.revenue[~both].sum()),
    }
    return Gap(int(base.revenue.sum()), int(now.revenue.sum()), steps)


def explain_margin(now: Trade, base: Trade, currency: Ints | None = None) -> Gap:
    """Margin against a base by item: as revenue, with volume and mix at the base's margin, and cost a unit apart.

    Raises ValueError where a cost of sales is not known.
    """
    if now.cost is None or base.cost is None:
        raise ValueError("margins need the cost of sales of both sides")
    both = (now.units > SOLD) & (base.units > SOLD)
    revenue_at_base = _at_base(now.units, base.units, base.revenue, both)
    cost_at_base = _at_base(now.units, base.units, base.cost, both)
    volume = _volume(now.units[both], base.units[both], base.margin[both])
    rates = 0 if currency is None else int(currency[both].sum())
    steps = {
        "Volume": volume,
        "Mix": int((revenue_at_base - cost_at_base)[both].sum() - base.margin[both].sum()) - volume,
        "Price": int(now.revenue[both].sum() - revenue_at_base[both].sum()) - rates,
        "Currency": rates,
        "Cost": int(cost_at_base[both].sum() - now.cost[both].sum()),
        "New": int(now.margin[~both].sum()),
        "Discontinued": -int(base.margin[~both].sum()),
    }
    return Gap(int(base.margin.sum()), int(now.margin.sum()), steps)


def _at_base(units: Floats, base_units: Floats, base_value: Ints, both: np.ndarray) -> Ints:
    """What each item's units would bring at the base's value a unit (n,), minor units."""
    share = np.divide(units, base_units, out=np.zeros(len(units)), where=both)
    return np.rint(share * base_value).astype(np.int64)


def _volume(units: Floats, base_units: Floats, base_value: Ints) -> int:
    """The change of all units at the base's mean value a unit, minor units."""
    total = base_units.sum()
    return round(float((units.sum() - total) * base_value.sum() / total)) if total > 0 else 0
