"""Demand of the demo company: what the market wants in the mean, and what customers ordered.

The mean of a family in a region is volume × region share × season × growth × promotions × a level shift.
Orders are Poisson draws around it, moved by a mood of the market (which a leading indicator shows three
months earlier) and by each region's own noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.generator.catalogue import (
    CHANNELS,
    FAMILIES,
    LAUNCHED,
    LAUNCHED_AT,
    PHASE_OUT_FROM,
    PHASE_OUT_TO,
    PHASED_OUT,
    REGIONS,
    RETIRED,
    RETIRED_AT,
    SEASONS,
    Catalogue,
)
from data.demo.generator.chance import Chance
from data.demo.generator.newcomers import taken_away, volumes
from data.demo.generator.timeline import DRAWN, END, NOW, POSITIONS, YEARS, Timeline
from sop.core.calendar import MONTH
from sop.core.money import round_cumulative

Array = NDArray[np.float64]

OUTLIER = ("Trike", "Nordics", -20, 2.6)
"""A city's one-off purchase: family, region, position, times the usual."""

LEVEL_SHIFT = ("Longtail", "DACH", -13, 0.80)
"""A lost dealer chain: family, region, first position, level afterwards."""

PROMOTED = {"Compact": (8, 2), "Longtail": (2,), "Accessories": (10,)}
"""Calendar months (January is 0) in which a family was promoted, every other year."""

PROMOTION_LIFT, PROMOTION_DISCOUNT = 1.18, 0.06


@dataclass(frozen=True)
class Demand:
    """Demand arrays over the time axis.

    `mean` (family, region, T) and `product_mean` (product, T), all regions: units wanted in the mean, newcomers
    apart; `expected` (product, DRAWN): the same with them; `orders` (product, region × channel, END): units
    ordered; `promoted` (family, T); `mood` (DRAWN,): the logarithm of what the whole market is above its mean.
    """

    mean: Array
    product_mean: Array
    expected: Array
    orders: NDArray[np.int64]
    promoted: NDArray[np.bool_]
    mood: Array


def build_demand(timeline: Timeline, catalogue: Catalogue, seed: int) -> Demand:
    """The mean of every family and region, and the orders drawn around it with the seed."""
    chance = Chance(seed, 2)
    promoted = _promoted(timeline)
    mean = _mean(timeline, promoted)
    share = _product_share(catalogue)
    mood = autoregressive(chance.told, (1,), 0.7, 0.015)[0]
    noise = autoregressive(chance.told, mean.shape[:2], 0.3, 0.03)
    left = 1 - taken_away() / mean.sum(axis=1)[:, :DRAWN]
    level = mean[..., :END] * np.exp(noise + mood)[..., :END] * _outlier(mean.shape)[..., :END]
    level = level * left[:, None, :END]
    old = _orders(chance, catalogue, share[:, :END], level)
    new = _newcomers(chance.later, catalogue, np.exp(noise + mood))
    product_mean = share * mean.sum(axis=1)[catalogue.family]
    expected = product_mean[:, :DRAWN] * left[catalogue.family]
    expected[catalogue.always :] = volumes()
    return Demand(mean, product_mean, expected, np.concatenate([old, new]), promoted, mood)


def budget_mean(timeline: Timeline) -> Array:
    """Units due in the mean (family, region, T) as a budget sees them: no promotions, no shift of its own year."""
    mean = _mean(timeline, np.zeros((len(FAMILIES), len(POSITIONS)), dtype=bool))
    family, place, start, level = LEVEL_SHIFT
    years = timeline.years_from_now
    unknown = (start <= POSITIONS) & (years == years[start + NOW])
    mean[_family(family), REGIONS.index(place), unknown] /= level
    for f, made in enumerate(FAMILIES):
        mean[f] = np.roll(mean[f], made.lead_months, axis=-1)
    return mean


def growth(family_growth: float) -> Array:
    """Volume against that of the first open month (T,) at a steady growth a year."""
    return (1 + family_growth) ** YEARS


def _mean(timeline: Timeline, promoted: NDArray[np.bool_]) -> Array:
    """Units wanted in the mean (family, region, T); made to order by the month of the order."""
    month = timeline.calendar_month
    season = np.stack([np.array(SEASONS[f.season])[(month + f.lead_months) % MONTH.a_year] for f in FAMILIES])
    volume = np.array([f.units_a_month for f in FAMILIES])[:, None] * np.stack(
        [growth(f.growth) for f in FAMILIES]
    )
    region = np.array([f.region_share for f in FAMILIES])
    lift = np.where(promoted, PROMOTION_LIFT, 1.0)
    mean = region[:, :, None] * (volume * season * lift)[:, None, :]
    family, place, start, level = LEVEL_SHIFT
    mean[_family(family), REGIONS.index(place), start + NOW :] *= level
    return mean


def _promoted(timeline: Timeline) -> NDArray[np.bool_]:
    """Months of past promotions (family, T); none is planned yet from the first open month on."""
    other_year = (timeline.years_from_now % 2 == 1) & (POSITIONS < 0)
    rows = [np.isin(timeline.calendar_month, PROMOTED.get(f.name, ())) & other_year for f in FAMILIES]
    return np.stack(rows)


def _product_share(catalogue: Catalogue) -> Array:
    """Each product's share of its family (product, T), following launch, phase-out and retirement."""
    life = np.ones((len(catalogue.family), len(POSITIONS)))
    numbers = catalogue.numbers
    life[numbers.index(LAUNCHED)] = np.clip((POSITIONS - LAUNCHED_AT + 1) / 6, 0, 1)
    span = PHASE_OUT_TO - PHASE_OUT_FROM
    life[numbers.index(PHASED_OUT)] = np.clip((PHASE_OUT_TO - POSITIONS) / span, 0, 1)
    life[numbers.index(RETIRED)] = POSITIONS < RETIRED_AT
    weight = catalogue.weight[:, None] * life
    total = np.stack([np.bincount(catalogue.family, column) for column in weight.T], axis=1)
    return weight / total[catalogue.family]


def _outlier(shape: tuple[int, ...]) -> Array:
    factor = np.ones(shape)
    family, region, position, times = OUTLIER
    factor[_family(family), REGIONS.index(region), position + NOW] = times
    return factor


def autoregressive(rng: np.random.Generator, shape: tuple[int, ...], memory: float, sd: float) -> Array:
    """Noise (…, DRAWN) in which each month keeps a part of the month before; `sd` is its standard deviation."""
    shocks = rng.normal(0.0, sd * np.sqrt(1 - memory**2), (*shape, DRAWN))
    noise = np.zeros_like(shocks)
    for t in range(shocks.shape[-1]):
        noise[..., t] = shocks[..., t] + (memory * noise[..., t - 1] if t else 0.0)
    return noise


def _orders(chance: Chance, catalogue: Catalogue, share: Array, level: Array) -> NDArray[np.int64]:
    """Orders of the products known all the time (product, region × channel, END); each region has its taste."""
    count = catalogue.always
    taste = share[:count, None] * chance.told.gamma(40.0, 1 / 40.0, (count, len(REGIONS), 1))
    told = _draw(chance.told, catalogue, taste[..., :NOW], level[..., :NOW])
    return np.concatenate([told, _draw(chance.later, catalogue, taste[..., NOW:], level[..., NOW:])], axis=-1)


def _newcomers(rng: np.random.Generator, catalogue: Catalogue, luck: Array) -> NDArray[np.int64]:
    """Orders of newcomers (product, region × channel, END); `luck` (family, region, DRAWN) moves their family."""
    family = catalogue.family[catalogue.always :]
    region = np.array([f.region_share for f in FAMILIES])[family]
    channel = np.array([f.channel_share for f in FAMILIES])[family]
    rate = (
        (volumes()[:, None] * luck[family])[:, :, None, :END]
        * region[:, :, None, None]
        * channel[:, None, :, None]
    )
    return rng.poisson(rate).reshape(len(family), len(REGIONS) * len(CHANNELS), END)


def _draw(rng: np.random.Generator, catalogue: Catalogue, taste: Array, level: Array) -> NDArray[np.int64]:
    """Orders (product, region × channel, months) of products wanted by `taste` (product, region, months).

    Stock families are Poisson lumps around the level. Order families come from framework contracts: a region's
    orders follow its level, and only which product is wanted is left to chance.
    """
    products, _, months = taste.shape
    families, lump = catalogue.family[:products], catalogue.lump[:products]
    wanted = taste * rng.gamma(90.0, 1 / 90.0, taste.shape)
    for f in range(len(FAMILIES)):
        wanted[families == f] /= wanted[families == f].sum(axis=0)
    channel = np.array([f.channel_share for f in FAMILIES])[families]
    rate = (wanted * level[families])[:, :, None, :] * channel[:, None, :, None]
    orders = rng.poisson(rate / lump[:, None, None, None]) * lump.astype(int)[:, None, None, None]
    for f, family in enumerate(FAMILIES):
        if family.strategy == "MTO":
            rows = np.flatnonzero(families == f)
            contracts = rng.multinomial(round_cumulative(level[f]), np.moveaxis(wanted[rows], 0, -1))
            orders[rows] = np.moveaxis(contracts, -1, 0)[:, :, None, :] * (channel[rows] > 0)[:, None, :, None]
    return orders.reshape(products, len(REGIONS) * len(CHANNELS), months)


def _family(name: str) -> int:
    return [f.name for f in FAMILIES].index(name)
