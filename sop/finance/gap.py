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


@dataclass(frozen=True)
class ItemGaps:
    """A gap of revenue item by item (n,), minor units: base + all steps = now for each. `names` of the items."""

    names: tuple[str, ...]
    base: Ints
    now: Ints
    steps: Mapping[str, Ints]

    @property
    def gap(self) -> Gap:
        """All items added up."""
        steps = {name: int(amounts.sum()) for name, amounts in self.steps.items()}
        return Gap(int(self.base.sum()), int(self.now.sum()), steps)

    def by_name(self) -> ItemGaps:
        """Items of one name, such as a product in several regions, added up."""
        names = tuple(dict.fromkeys(self.names))
        place = np.array([names.index(name) for name in self.names], dtype=np.int64)

        def added(amounts: Ints) -> Ints:
            total = np.zeros(len(names), dtype=np.int64)
            np.add.at(total, place, amounts)
            return total

        steps = {name: added(amounts) for name, amounts in self.steps.items()}
        return ItemGaps(names, added(self.base), added(self.now), steps)


def explain_items(names: tuple[str, ...], now: Trade, base: Trade, currency: Ints | None = None) -> ItemGaps:
    """The gap of revenue by item: volume, mix, price, currency, and items that only one of both has; `names` (n,).

    >>> now, base = Trade(np.array([3.0]), np.array([3600])), Trade(np.array([2.0]), np.array([2000]))
    >>> dict(explain_items(("Bike",), now, base).gap.steps)
    {'Volume': 1000, 'Mix': 0, 'Price': 600, 'Currency': 0, 'New': 0, 'Discontinued': 0}
    """
    return ItemGaps(names, base.revenue, now.revenue, revenue_steps(now, base, currency))


def revenue_steps(now: Trade, base: Trade, currency: Ints | None = None) -> dict[str, Ints]:
    """What moves the revenue of each item (n,), by step, minor units: base + all steps = now, item by item.

    Volume: what the item would bring more had it grown as all units did; over all items that is the change of
    units at the base's mean revenue a unit. Mix: what its own growth brings beyond it. Currency (n,): the part
    of revenue that rates alone explain. Price: the rest of what units bring more. Items without units on one
    side are new or discontinued, with all their money.
    """
    both = (now.units > SOLD) & (base.units > SOLD)
    at_base = _at_base(now.units, base.units, base.revenue, both)
    volume = _volume(now.units, base.units, base.revenue, both)
    rates = np.zeros(len(both), dtype=np.int64) if currency is None else np.where(both, currency, 0)
    return {
        "Volume": volume,
        "Mix": np.where(both, at_base - base.revenue, 0) - volume,
        "Price": np.where(both, now.revenue - at_base, 0) - rates,
        "Currency": rates,
        "New": np.where(both, 0, now.revenue),
        "Discontinued": np.where(both, 0, -base.revenue),
    }


def explain_margin(now: Trade, base: Trade, currency: Ints | None = None) -> Gap:
    """Margin against a base by item: as revenue, with volume and mix at the base's margin, and cost a unit apart.

    Raises ValueError where a cost of sales is not known.
    """
    if now.cost is None or base.cost is None:
        raise ValueError("margins need the cost of sales of both sides")
    both = (now.units > SOLD) & (base.units > SOLD)
    revenue_at_base = _at_base(now.units, base.units, base.revenue, both)
    cost_at_base = _at_base(now.units, base.units, base.cost, both)
    volume = int(_volume(now.units, base.units, base.margin, both).sum())
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


def _volume(units: Floats, base_units: Floats, base_value: Ints, both: np.ndarray) -> Ints:
    """What each item would bring more had it grown as all units did (n,), minor units.

    Rounded on the running total, so that the items add up to the rounded whole.
    """
    total = base_units[both].sum()
    growth = units[both].sum() / total - 1 if total > 0 else 0.0
    running = np.rint(np.cumsum(np.where(both, base_value * growth, 0.0)))
    return np.diff(running, prepend=0.0).astype(np.int64)
