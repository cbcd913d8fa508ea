"""Products that the demo company launches in the course of its story: what they sell, and what they take away.

Nothing of them is known before: they have no part in the market's mean, in budgets or in call-offs. Their sales
are not quite what their launch plans promise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.catalogue import CHANNELS, FAMILIES, LINES, PRICE_FACTOR, Catalogue, Family, line_of
from data.demo.generator.timeline import DRAWN, POSITIONS, Timeline

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Newcomer:
    """A product by its launch: on sale from position `at`, `peak` units a month after `ramp` months."""

    launch: str
    number: str
    family: str
    at: int
    peak: float
    ramp: int
    cannibalises: str
    cannibalised: float


NEWCOMERS = (
    Newcomer("Compact Urban", "CO-1215", "Compact", 7, 54.0, 8, "Longtail", 0.25),
    Newcomer("Delivery XL", "HD-1209", "Heavy duty", 14, 6.5, 8, "Fleet", 0.15),
)


def product_of(launch: str, vantage: int) -> str | None:
    """The number of a launch's product, once it is on sale at a vantage."""
    return next((n.number for n in NEWCOMERS if n.launch == launch and n.at <= vantage), None)


def add_newcomers(timeline: Timeline, catalogue: Catalogue) -> Catalogue:
    """The catalogue with the newcomers behind the products that are there; they have no share in any mean."""
    made = [next(f for f in FAMILIES if f.name == newcomer.family) for newcomer in NEWCOMERS]
    rows = [_product(timeline, newcomer, family) for newcomer, family in zip(NEWCOMERS, made, strict=True)]
    line = np.array([line_of(family.name, 0) for family in made])
    plant = np.array([LINES[i].plant for i in line], dtype=object)
    return Catalogue(
        products=pd.concat([catalogue.products, pd.DataFrame(rows)], ignore_index=True),
        family=np.concatenate([catalogue.family, [FAMILIES.index(family) for family in made]]),
        line=np.concatenate([catalogue.line, line]),
        plant=np.concatenate([catalogue.plant, plant]),
        weight=np.concatenate([catalogue.weight, np.zeros(len(made))]),
        lump=np.concatenate([catalogue.lump, np.ones(len(made))]),
        since=np.concatenate([catalogue.since, [newcomer.at for newcomer in NEWCOMERS]]),
    )


def volumes() -> Array:
    """Units a month that each newcomer sells in the mean (newcomer, DRAWN): an S-curve up to its peak."""
    position = POSITIONS[:DRAWN]
    risen = [np.clip((position - newcomer.at + 1) / newcomer.ramp, 0, 1) for newcomer in NEWCOMERS]
    return np.stack([n.peak * x**2 * (3 - 2 * x) for n, x in zip(NEWCOMERS, risen, strict=True)])


def taken_away() -> Array:
    """Units a month that each family sells less for the newcomers (family, DRAWN)."""
    taken = np.zeros((len(FAMILIES), DRAWN))
    names = [family.name for family in FAMILIES]
    for newcomer, units in zip(NEWCOMERS, volumes(), strict=True):
        taken[names.index(newcomer.cannibalises)] += units * newcomer.cannibalised
    return taken


def _product(timeline: Timeline, newcomer: Newcomer, family: Family) -> dict[str, object]:
    """The newcomer's row of the `products` table: at the family's price and margin."""
    factor = sum(s * PRICE_FACTOR[c] for s, c in zip(family.channel_share, CHANNELS, strict=True))
    return {
        "product": newcomer.number,
        "name": newcomer.launch,
        "family": family.name,
        "strategy": family.strategy,
        "unit": "each",
        "price": float(family.list_price),
        "unit_cost": round(family.list_price * factor * (1 - family.gross_margin), 2),
        "status": "launch",
        "launch_date": timeline.month(newcomer.at),
        "standard_lead_time_days": float(family.lead_time_days),
        "target_lead_time_days": float(family.lead_time_days),
        "service_level": family.service_level,
        "volume_per_unit": family.volume,
        "priority": family.priority,
    }
