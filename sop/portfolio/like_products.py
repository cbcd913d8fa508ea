"""Which products a launch may resemble: proposed by price and family, chosen by the launch's owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sop.core.inputs import RAMP_RECORD, Inputs, Launch
from sop.portfolio.ramps import ramp_of_record, record_since_launch

OTHER_FAMILY = 1.0
"""A product of another family counts as far away as one at e (2.7) times the price."""


@dataclass(frozen=True)
class LikeProduct:
    """A product whose ramp a launch could follow: `distance` in price and family, 0 for the closest.

    `months_to_peak`: months on sale until its own ramp reached its highest level.
    """

    number: str
    name: str
    family: str
    price_ratio: float
    distance: float
    months_to_peak: int


def propose_like_products(inputs: Inputs, launch: Launch, count: int = 3) -> tuple[LikeProduct, ...]:
    """The products closest to a launch among those whose first months on sale are known, closest first.

    Distance = |ln(price / the launch's price)| + 1 for another family. The launch's price is its own product's
    list price, else its family's; where a price is not known, only the family counts.
    """
    found = sorted(_candidates(inputs, launch), key=lambda like: (like.distance, like.number))
    return tuple(found[:count])


def _candidates(inputs: Inputs, launch: Launch) -> Iterator[LikeProduct]:
    products, families = inputs.products, inputs.families
    price = _price(inputs, launch)
    for n, number in enumerate(products.numbers):
        record = record_since_launch(inputs, n)
        if number == launch.product or len(record) < RAMP_RECORD or not record.any():
            continue
        ratio = float(products.list_price[n] / price) if price > 0 else float("nan")
        apart = abs(float(np.log(ratio))) if ratio > 0 else 0.0
        other = 0.0 if products.family[n] == launch.family else OTHER_FAMILY
        peak = int(np.argmax(ramp_of_record(record) >= 1.0)) + 1
        family = families.names[products.family[n]]
        yield LikeProduct(number, products.names[n], family, ratio, round(apart + other, 6), peak)


def _price(inputs: Inputs, launch: Launch) -> float:
    products = inputs.products
    own = products.numbers.index(launch.product) if launch.product in products.numbers else None
    price = np.nan if own is None else products.list_price[own]
    return float(price if np.isfinite(price) else inputs.families.list_price[launch.family])
