"""Why revenue differs from the year before: volume, mix, price, new and discontinued products. Exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats, Inputs
from sop.review.attribution import whole_steps

STEP_NAMES = ("Volume", "Mix", "Price", "New products", "Discontinued products")


@dataclass(frozen=True)
class PriceVolumeMix:
    """Revenue of a year against the year before, in minor units: `base` + steps = `now`, to the cent."""

    base: int
    now: int
    steps: dict[str, int]


def price_volume_mix(
    quantity: Floats, revenue: Floats, base_quantity: Floats, base_revenue: Floats
) -> PriceVolumeMix:
    """Revenue against a base at item level (n,), units and currency, every item on the list once.

    Volume: change of total units at the base's mean price. Mix: what the change of each item's units adds
    beyond it, at base prices. Price: new units at the change of price. Items without units in one of the two
    years are steps of their own.

    >>> both = price_volume_mix(np.array([3.0]), np.array([36.0]), np.array([2.0]), np.array([20.0]))
    >>> both.steps["Volume"], both.steps["Price"], both.now - both.base
    (1000, 600, 1600)
    """
    both = (quantity > 0) & (base_quantity > 0)
    base_price = np.divide(base_revenue, base_quantity, out=np.zeros_like(base_revenue), where=both)
    units, base_units = quantity[both].sum(), base_quantity[both].sum()
    mean_price = base_revenue[both].sum() / base_units if base_units else 0.0
    at_base_price = (quantity[both] * base_price[both]).sum()
    volume = (units - base_units) * mean_price
    steps = {
        "Volume": volume,
        "Mix": at_base_price - base_revenue[both].sum() - volume,
        "Price": revenue[both].sum() - at_base_price,
        "New products": revenue[~both].sum(),
        "Discontinued products": -base_revenue[~both].sum(),
    }
    base, now = round(float(base_revenue.sum()) * 100), round(float(revenue.sum()) * 100)
    return PriceVolumeMix(base, now, whole_steps({k: float(v) * 100 for k, v in steps.items()}, now - base))


def year_on_year(inputs: Inputs, family: str | None = None) -> PriceVolumeMix | None:
    """The last twelve closed months against the twelve before, by product; of one family or of all.

    None where the history is shorter than two years.
    """
    history, season = inputs.history, inputs.calendar.season_length
    if len(history.months) < 2 * season:
        return None
    chosen = np.ones(len(inputs.products.numbers), dtype=bool)
    if family is not None:
        chosen = inputs.products.family == inputs.families.names.index(family)

    def over(values: Floats, span: slice) -> Floats:
        return np.nan_to_num(values[chosen][:, :, span]).sum(axis=(1, 2))

    now, before = slice(-season, None), slice(-2 * season, -season)
    return price_volume_mix(
        over(history.shipped, now), over(history.revenue, now),
        over(history.shipped, before), over(history.revenue, before),
    )  # fmt: skip
