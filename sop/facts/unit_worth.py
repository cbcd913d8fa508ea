"""What a unit of each family is worth today, so that unlike families are added up in money and in nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.facts.stock_value import cost_today

AT_COST = (
    "production", "subcontract", "inventory", "adjustments", "safety_stock", "excess_units", "shortage_units",
)  # fmt: skip
"""Measures in units that are told at standard cost; the others are told at net price."""

Worth = Mapping[str, float]
"""Minor units for one of each name; not-a-number where that is not known."""


@dataclass(frozen=True)
class UnitWorth:
    """What one of each family sells for and costs today, what one launch sells for and one material costs."""

    price: Worth
    cost: Worth
    launch: Worth
    material: Worth

    def of(self, key: str) -> tuple[str, Worth]:
        """In words at what a measure in units is told in money, and at how much for each name."""
        if key == "material_need":
            return "at its price", self.material
        if key == "launch_volume":
            return "at net price", self.launch
        return ("at standard cost", self.cost) if key in AT_COST else ("at net price", self.price)


def unit_worth(inputs: Inputs, plan: Plan) -> UnitWorth:
    """The worth of a unit of each family, launch and material as a plan opens, for all plans that are compared."""
    families, materials = inputs.families.names, inputs.materials
    price = _by_name(families, net_price_today(inputs))
    return UnitWorth(
        price=price,
        cost=_by_name(families, cost_today(inputs, plan)),
        launch={launch.name: price[families[launch.family]] for launch in inputs.launches or ()},
        material={} if materials is None else _by_name(materials.names, materials.price),
    )


def _by_name(names: Sequence[str], currency: Floats) -> Worth:
    return dict(zip(names, (currency * MINOR).tolist(), strict=True))


def net_price_today(inputs: Inputs) -> Floats:
    """Mean net price by family (F,), weighted by recent sales; currency per unit, not-a-number where not known.

    Sold 3 at 10 in the north and 1 at 14 in the south: 11.
    """
    shipped = np.nan_to_num(inputs.by_family(inputs.history.shipped)[..., -inputs.calendar.year :]).sum(axis=-1)
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
