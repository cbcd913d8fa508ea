"""What a unit of each family is worth today, so that unlike families are added up in money and in nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.arrays import Labelled
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.facts.stock_value import standard_cost

AT_COST = (
    "production", "subcontract", "inventory", "adjustments", "safety_stock", "excess_units", "shortage_units",
)  # fmt: skip
"""Measures in units that are told at standard cost; the others are told at net price."""

Worth = Mapping[str, float]
"""Minor units for one of each name today; not-a-number where that is not known."""

WorthByMonth = Mapping[str, Floats]
"""The same by planned month (T,)."""


@dataclass(frozen=True)
class UnitWorth:
    """What one of each family sells for and costs in each of a plan's `months`, what one launch sells for and one
    material costs: the figures by which the pages of the plans tell several families in money."""

    months: tuple[str, ...]
    price: WorthByMonth
    cost: WorthByMonth
    launch: WorthByMonth
    material: WorthByMonth

    def of(self, key: str, months: Sequence[str]) -> tuple[str, WorthByMonth]:
        """In words at what a measure in units is told in money, and at how much for each name in some months."""
        words, found = self._of(key)
        at = [self.months.index(month) for month in months]
        return words, {name: each[at] for name, each in found.items()}

    def _of(self, key: str) -> tuple[str, WorthByMonth]:
        if key == "material_need":
            return "at its price", self.material
        if key == "launch_volume":
            return "at net price", self.launch
        return ("at standard cost", self.cost) if key in AT_COST else ("at net price", self.price)


def unit_worth(inputs: Inputs, plan: Plan) -> UnitWorth:
    """The worth of units in a plan, by which it and what it is compared with are told."""
    families, materials, count = inputs.families.names, inputs.materials, len(plan.months)
    price = dict(zip(families, planned_net_price(inputs, plan), strict=True))
    return UnitWorth(
        months=plan.months,
        price=price,
        cost=dict(zip(families, standard_cost(inputs, plan) * MINOR, strict=True)),
        launch={launch.name: price[families[launch.family]] for launch in inputs.launches or ()},
        material={}
        if materials is None
        else {
            name: np.full(count, each * MINOR)
            for name, each in zip(materials.names, materials.price.tolist(), strict=True)
        },
    )


def planned_net_price(inputs: Inputs, plan: Plan) -> Floats:
    """What a unit of each family sells for in a plan (F, T), minor units; today's price where it ships nothing."""
    names, today = (inputs.families.names,), net_price_today(inputs)[:, None] * MINOR
    if "revenue" not in plan or "shipments" not in plan:
        return np.repeat(today, len(plan.months), axis=1)
    found = (
        Labelled(plan.by_family(key).astype(float), family=plan.names(key), month=plan.months) for key in _SOLD
    )
    revenue, shipped = (each.on(family=names[0], month=plan.months).values for each in found)
    own = price_of_sales(revenue, shipped)
    return np.where(np.isfinite(own), own, today)


def price_of_sales(revenue: Floats, shipped: Floats) -> Floats:
    """What a unit of each family sells for (F, T): its `revenue` over what is `shipped`.

    In months without any it is what it does over all of them, and not-a-number where that is nothing.
    """
    sold = np.where(np.isfinite(revenue) & (shipped > 0), shipped, np.nan)
    units, earned = np.nansum(sold, axis=1), np.nansum(np.where(np.isfinite(sold), revenue, np.nan), axis=1)
    whole = np.divide(earned, units, out=np.full(len(units), np.nan), where=units > 0)
    return np.where(np.isfinite(sold), revenue / sold, whole[:, None])


_SOLD = ("revenue", "shipments")


def _by_name(names: Sequence[str], currency: Floats) -> Worth:
    return dict(zip(names, (currency * MINOR).tolist(), strict=True))


def net_price_today(inputs: Inputs) -> Floats:
    """Mean net price by family (F,), weighted by recent sales; currency per unit, not-a-number where not known.

    Sold 3 at 10 in the north and 1 at 14 in the south: 11.
    """
    shipped = np.nan_to_num(inputs.shipped_by_family[..., -inputs.calendar.year :]).sum(axis=-1)
    price = inputs.position.price
    weight = np.where(np.isfinite(price), shipped + 1e-9, 0.0)
    total = weight.sum(axis=1)
    return np.divide(
        (np.nan_to_num(price) * weight).sum(axis=1), total, out=np.full_like(total, np.nan), where=total > 0
    )


def added_up(names: Sequence[str], units: Floats, worth: Worth | None) -> float:
    """Units (n,) of names added up by what one of each is worth; as units without a worth.

    Not-a-number where something is there whose worth is not known.
    """
    if worth is None:
        return float(units.sum())
    return float(np.where(units == 0, 0.0, units * weights(worth, names)).sum())


def weights(worth: Worth, names: Sequence[str]) -> Floats:
    """Minor units for one of each of some names; not-a-number where nobody knows."""
    return np.array([worth.get(name, np.nan) for name in names])


def prices_of_several(inputs: Inputs) -> Worth | None:
    """What one of each family sells for, by which several are added up; None for one family, and where the price
    of any is not known, whose units alone are there."""
    price = _by_name(inputs.families.names, net_price_today(inputs))
    return price if len(price) > 1 and np.isfinite([*price.values()]).all() else None
