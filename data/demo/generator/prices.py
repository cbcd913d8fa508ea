"""Net prices and standard costs of the demo company over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.generator.catalogue import CHANNELS, FAMILIES, PRICE_FACTOR, REGIONS, Catalogue
from data.demo.generator.chance import Chance
from data.demo.generator.demand_history import PROMOTION_DISCOUNT, Demand
from data.demo.generator.timeline import END, YEARS

Array = NDArray[np.float64]

LIST_RISE, COST_RISE = 0.016, 0.015
"""Yearly rise of net prices and standard costs, spread over the year, until the first open month."""

REGION_FACTOR = {"Benelux": 1.0, "DACH": 0.99, "Nordics": 1.02}


@dataclass(frozen=True)
class Prices:
    """EUR per unit: `net` (product, region × channel, END) and standard `cost` (product, T)."""

    net: Array
    cost: Array


def build_prices(catalogue: Catalogue, demand: Demand, seed: int) -> Prices:
    """List price less the channel's discount, a promotion's discount and some bargaining."""
    listed = catalogue.products["price"].to_numpy(float)[:, None, None] * risen(LIST_RISE)[:END]
    cell = np.array([REGION_FACTOR[r] * PRICE_FACTOR[c] for r in REGIONS for c in CHANNELS])
    promoted = demand.promoted[catalogue.family][:, None, :END]
    net = listed * cell[None, :, None] * np.where(promoted, 1 - PROMOTION_DISCOUNT, 1.0)
    shape = (catalogue.always, net.shape[1])
    net[: catalogue.always] *= Chance(seed, 5).months(lambda rng, months: rng.normal(1.0, 0.012, (*shape, months)))
    cost = catalogue.unit_cost[:, None] * risen(COST_RISE)
    return Prices(net, cost)


def risen(rate: float) -> Array:
    """Price level against that of the first open month (T,); flat from there on."""
    return (1 + rate) ** np.minimum(YEARS, 0)


def budget_price(catalogue: Catalogue) -> Array:
    """Net price per family unit and region in this year's money (family, region)."""
    listed = np.bincount(catalogue.family, catalogue.weight * catalogue.products["price"].to_numpy(float))
    channel = np.array([sum(s * PRICE_FACTOR[c] for s, c in zip(f.channel_share, CHANNELS, strict=True))
                        for f in FAMILIES])  # fmt: skip
    return (listed * channel)[:, None] * np.array([REGION_FACTOR[r] for r in REGIONS])
