"""How the demo company served its orders: production, shipments, stock and what was left past due.

Stock families are made to a forward cover, as far as their line's hours go; order families are made when due.
Heavy duty falls behind: from DRIFT_FROM on its line lacks welders, and what is left over waits, until a rebuilt
robot adds hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.generator.catalogue import FAMILIES, LINES, PAINT_HOURS, TIGHT_LINE, Catalogue, hours_per_unit
from data.demo.generator.chance import Chance
from data.demo.generator.demand_history import Demand, autoregressive
from data.demo.generator.timeline import END, NOW, POSITIONS
from sop.core.calendar import MONTH
from sop.core.money import largest_remainder, largest_remainder_rows

Array = NDArray[np.float64]
Units = NDArray[np.int64]

LATE_FAMILY, DRIFT_FROM, LATE_MONTHS = "Heavy duty", -11, 1.15
"""From DRIFT_FROM on Heavy duty's past due grows to LATE_MONTHS months of demand at the last closed month."""

OVERSTOCKED_FAMILY, OVERSTOCK_MONTHS = "Trike", 5.3
OVERSTOCK_FROM, OVERSTOCKED_BY, OVERSTOCK_SOLD = -20, -10, 10
"""Trike stock grows to OVERSTOCK_MONTHS of cover by OVERSTOCKED_BY and is kept there, as signed plans say, for a
tender that never came. It is down to its usual cover at position OVERSTOCK_SOLD."""

SUBCONTRACTED_FAMILY, SUBCONTRACT_FROM, SUBCONTRACTED_UNITS = "Fleet", -6, 4
"""Fleet units bought from a partner each month since SUBCONTRACT_FROM."""

SHORT_OF_WELDERS, WELDERS_BACK = 0.885, 10
"""Share of the tight line's hours that is manned from the first open month until position WELDERS_BACK."""

MISJUDGED, MISJUDGED_FOR = 0.32, 0.75
"""Spread of the planners' view of a product around its family, and the part of it kept from month to month."""

BUSIEST = 0.99
"""Share of its hours that a line can be loaded with."""


@dataclass(frozen=True)
class Supply:
    """Units over the months that can be told (END): by product, or by product and region × channel."""

    production: Units
    subcontract: Units
    adjustments: Units
    closing: Units
    shipments: Units
    past_due: Units


def build_supply(catalogue: Catalogue, demand: Demand, line_hours: Array, seed: int) -> Supply:
    """Serve the orders month by month. `line_hours` (line, T): hours that were offered."""
    chance = Chance(seed, 3)
    due = _due(catalogue, demand)
    products, cells, months = due.shape
    hours = line_hours[:, :END] * BUSIEST
    hours[tight_line()] *= _welders(catalogue, due, line_hours) / BUSIEST
    flat: Units = np.zeros((products, months), dtype=np.int64)
    production, subcontract, closing = flat.copy(), flat.copy(), flat.copy()
    adjustments = flat.copy()
    adjustments[: catalogue.always] = -chance.months(
        lambda rng, count: rng.binomial(1, 0.02, (catalogue.always, count))
    )
    shipments, past_due = np.zeros_like(due), np.zeros_like(due)
    view = _view(chance.told, catalogue, demand.expected)
    target = _target_stock(catalogue, view)
    stocked = ~_to_order(catalogue)
    stock = np.where(stocked, np.rint(target[:, 0]), 0).astype(np.int64)
    late = np.zeros((products, cells), dtype=np.int64)
    for t in range(months):
        open_units = (late + due[:, :, t]).sum(axis=1)
        expected = late.sum(axis=1) + view[:, t]
        wanted = np.where(stocked, expected + target[:, t] - stock, open_units)
        subcontract[:, t] = _bought(catalogue, open_units, t)
        wanted = np.clip(wanted - subcontract[:, t], 0, None)
        production[:, t] = _within_hours(catalogue, wanted, hours[:, t])
        available = stock + production[:, t] + subcontract[:, t]
        adjustments[:, t] = np.where(stocked & (available - open_units > 3), adjustments[:, t], 0)
        shipped = np.minimum(available + adjustments[:, t], open_units)
        shipments[:, :, t] = _oldest_first(shipped, late, due[:, :, t])
        late = late + due[:, :, t] - shipments[:, :, t]
        stock = available + adjustments[:, t] - shipped
        past_due[:, :, t], closing[:, t] = late, stock
    return Supply(production, subcontract, adjustments, closing, shipments, past_due)


def made_hours(catalogue: Catalogue, production: Units) -> Array:
    """Machine hours that production took by line and shared resource (line, END)."""
    own = hours_per_unit(catalogue)[:, None] * production
    shared = np.array([PAINT_HOURS.get(f.name, 0.0) for f in FAMILIES])[catalogue.family] @ production
    return np.stack(
        [shared if line.shared else own[catalogue.line == i].sum(axis=0) for i, line in enumerate(LINES)]
    )


def _to_order(catalogue: Catalogue) -> NDArray[np.bool_]:
    return np.array([f.strategy == "MTO" for f in FAMILIES])[catalogue.family]


def _view(rng: np.random.Generator, catalogue: Catalogue, expected: Array) -> Array:
    """What the planners expect of each product (product, DRAWN), units: they misjudge the mix, not the family."""
    view = expected.copy()
    error = autoregressive(rng, (catalogue.always,), MISJUDGED_FOR, MISJUDGED)
    view[: catalogue.always] *= np.exp(error - MISJUDGED**2 / 2)
    for f in range(len(FAMILIES)):
        rows = catalogue.family == f
        view[rows] *= expected[rows].sum(axis=0) / view[rows].sum(axis=0)
    return view


def _due(catalogue: Catalogue, demand: Demand) -> Units:
    """Orders moved by the family's standard lead time; what was due first is like what was ordered first."""
    due = demand.orders.copy()
    for f, family in enumerate(FAMILIES):
        if family.lead_months:
            rows = catalogue.family == f
            due[rows] = np.roll(demand.orders[rows], family.lead_months, axis=-1)
            due[rows, :, : family.lead_months] = demand.orders[rows, :, : family.lead_months]
    return due


def _target_stock(catalogue: Catalogue, mean: Array) -> Array:
    """Stock to aim for at each month end (product, END): months of cover at the mean of the quarter ahead, as the
    stock plan reckons it."""
    cover = np.array([f.cover_months for f in FAMILIES])[:, None] * np.ones(END)
    grown = np.clip((POSITIONS[:END] - OVERSTOCK_FROM + 1) / (OVERSTOCKED_BY - OVERSTOCK_FROM), 0, 1)
    left = np.clip(1 - POSITIONS[:END] / OVERSTOCK_SOLD, 0, 1)
    row = _family(OVERSTOCKED_FAMILY)
    cover[row] += grown * left * (OVERSTOCK_MONTHS - cover[row])
    cover = cover[catalogue.family]
    ahead = np.mean([mean[:, month : END + month] for month in range(1, MONTH.a_year // 4 + 1)], axis=0)
    return np.asarray(cover * ahead)


def _bought(catalogue: Catalogue, open_units: Units, t: int) -> Units:
    """Units from the partner in month `t`, over the products that have orders."""
    rows = catalogue.family == _family(SUBCONTRACTED_FAMILY)
    bought = np.zeros_like(open_units)
    if t >= SUBCONTRACT_FROM + NOW:
        bought[rows] = np.minimum(largest_remainder(SUBCONTRACTED_UNITS, open_units[rows]), open_units[rows])
    return bought


def _welders(catalogue: Catalogue, due: Units, line_hours: Array) -> Array:
    """Share of the tight line's hours that is manned (END,): all of them until DRIFT_FROM, then what leaves
    LATE_MONTHS months of the late family's demand past due at the last month before the first open one."""
    rows = catalogue.line == tight_line()
    position = POSITIONS[:END]
    drift = (position >= DRIFT_FROM) & (position < 0)
    load = (hours_per_unit(catalogue)[:, None] * due.sum(axis=1))[rows].sum(axis=0)
    late = catalogue.family == _family(LATE_FAMILY)
    late_hours = hours_per_unit(catalogue)[late] @ due[late].sum(axis=1)[:, drift].mean(axis=1) * LATE_MONTHS
    fleet_hours = hours_per_unit(catalogue)[catalogue.family == _family(SUBCONTRACTED_FAMILY)][0]
    bought_hours = SUBCONTRACTED_UNITS * -SUBCONTRACT_FROM * fleet_hours
    manned = (load[drift].sum() - late_hours - bought_hours) / line_hours[tight_line(), :END][drift].sum()
    short = (position >= 0) & (position < WELDERS_BACK)
    return np.select([drift, short], [manned, SHORT_OF_WELDERS], BUSIEST)


def _within_hours(catalogue: Catalogue, wanted: Array, line_hours: Array) -> Units:
    """Whole units wanted; where a line's hours are short, the late family waits, then all in proportion."""
    units = np.rint(wanted)
    hours: Array = hours_per_unit(catalogue)
    waits = catalogue.family == _family(LATE_FAMILY)
    first = np.bincount(catalogue.line, hours * units * ~waits, minlength=len(LINES)).astype(float)
    made = np.floor(units * _share(line_hours, first)[catalogue.line] + 1e-9).astype(np.int64)
    left = int(max(line_hours[tight_line()] - first[tight_line()], 0) // hours[waits][0])
    made[waits] = largest_remainder(min(left, int(units[waits].sum())), units[waits])
    return made


def _share(offered: Array, load: Array) -> Array:
    """The share of each line's load that its hours allow."""
    return np.divide(offered, load, out=np.ones_like(load), where=load > offered)


def _oldest_first(shipped: Units, late: Units, due: Units) -> Units:
    """Units shipped by product over its regions and channels: what is late first, then what is due."""
    to_late = np.minimum(shipped, late.sum(axis=1))
    return _spread(to_late, late) + _spread(shipped - to_late, due)


def _spread(units: Units, wanted: Units) -> Units:
    """Units (product,) over cells in proportion to what is wanted, never more than that."""
    given = np.minimum(largest_remainder_rows(units, wanted.astype(float)), wanted)
    for row in np.flatnonzero(given.sum(axis=1) < units):
        for cell in np.argsort(given[row] - wanted[row], kind="stable"):
            more = min(int(units[row] - given[row].sum()), int(wanted[row, cell] - given[row, cell]))
            given[row, cell] += more
    return given


def _family(name: str) -> int:
    return [f.name for f in FAMILIES].index(name)


def tight_line() -> int:
    """Position of the line that is short of hours."""
    return [line.name for line in LINES].index(TIGHT_LINE)
