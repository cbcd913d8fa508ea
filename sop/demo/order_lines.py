"""Order lines with their dates: a month's orders for a product and region, split by the month of shipment.

Shipments serve the oldest orders first, so that the lines delivered in a month add up to what was shipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sop.demo.catalogue import FAMILIES, REGIONS, Catalogue
from sop.demo.demand_history import Demand
from sop.demo.records import by_region
from sop.demo.supply_history import Supply
from sop.demo.timeline import NOW, Timeline

Units = NDArray[np.int64]
Places = NDArray[np.intp]

SHOWN_MONTHS = 20
"""Months of orders before the first open one that are shown."""

LATE_IN_MONTH = 0.06
"""Share of lines that come a few days late although in the month they were due."""

BEHIND_MONTHS, STRETCHED_PROMISE_DAYS = 0.3, 14
"""Months of orders past due from which a family is behind, and the days that sales then adds to its promise."""


@dataclass(frozen=True)
class OrderLines:
    """Lines in order of their number, arrays by line. `…_at` are indices of the time axis (NOW: still open);
    `…_day` are days of that month, from 1; `stretch` are days between the date asked for and the one promised."""

    number: NDArray[np.object_]
    product: Places
    region: Places
    ordered_at: Places
    due_at: Places
    done_at: Places
    ordered_day: Units
    requested_day: Units
    stretch: Units
    done_day: Units
    quantity: Units


def build_order_lines(catalogue: Catalogue, demand: Demand, supply: Supply, seed: int) -> OrderLines:
    """Lines ordered in the last SHOWN_MONTHS closed months."""
    rng = np.random.default_rng([seed, 6])
    order, ordered_at, product, region, done_at, quantity = _split(catalogue, demand, supply)
    count = len(order)
    lead = np.array([f.lead_months for f in FAMILIES])[catalogue.family[product]]
    due_at = ordered_at + lead
    ordered_day = rng.integers(1, 17, count)
    requested_day = np.where(lead > 0, ordered_day, ordered_day + rng.integers(3, 8, count))
    slipped = rng.random(count) < LATE_IN_MONTH
    days = np.where(slipped, rng.integers(1, 5, count), -rng.integers(0, 3, count))
    done_day = np.where(done_at == due_at, np.maximum(requested_day + days, 1), rng.integers(2, 27, count))
    stretched = _behind(catalogue, demand, supply)[catalogue.family[product], ordered_at] & (lead > 0)
    return OrderLines(
        number=np.array(
            [f"SO-{100001 + o}-{part}" for o, part in zip(order, _parts(order), strict=True)], dtype=object
        ),
        product=product,
        region=region,
        ordered_at=ordered_at,
        due_at=due_at,
        done_at=done_at,
        ordered_day=ordered_day,
        requested_day=requested_day,
        stretch=np.where(stretched, STRETCHED_PROMISE_DAYS, 0),
        done_day=done_day,
        quantity=quantity,
    )


def _split(
    catalogue: Catalogue, demand: Demand, supply: Supply
) -> tuple[Places, Places, Places, Places, Places, Units]:
    """Order, month ordered, product, region, month shipped (NOW: open) and units of every line."""
    orders, shipped = by_region(demand.orders), by_region(supply.shipments).cumsum(axis=-1)
    through = orders.cumsum(axis=-1) + _older_orders(catalogue, orders)[..., None]
    recent = np.arange(NOW) >= NOW - SHOWN_MONTHS
    ordered_at, product, region = np.nonzero(np.moveaxis(orders * recent, -1, 0))
    last = through[product, region, ordered_at]
    first = last - orders[product, region, ordered_at]
    # Open units are shipped in a month of their own behind the closed ones.
    reached = np.concatenate([shipped[product, region], np.full((len(last), 1), np.iinfo(np.int64).max)], axis=1)
    before = np.pad(reached, ((0, 0), (1, 0)))[:, :-1]
    part = np.clip(np.minimum(last[:, None], reached) - np.maximum(first[:, None], before), 0, None)
    order, done_at = np.nonzero(part)
    return order, ordered_at[order], product[order], region[order], done_at, part[order, done_at]


def _older_orders(catalogue: Catalogue, orders: Units) -> Units:
    """Units that were due at the start of the time axis, from orders older than it (product, region)."""
    older = np.zeros(orders.shape[:2], dtype=np.int64)
    for f, family in enumerate(FAMILIES):
        rows = catalogue.family == f
        older[rows] = orders[rows, :, : family.lead_months].sum(axis=-1)
    return older


def _parts(order: Places) -> Places:
    """1, 2, … within each order; `order` ascends."""
    return np.arange(len(order)) - np.searchsorted(order, order) + 1


def _behind(catalogue: Catalogue, demand: Demand, supply: Supply) -> NDArray[np.bool_]:
    """Whether a family had more than BEHIND_MONTHS of orders past due at a month end (family, NOW)."""
    late, orders = supply.past_due.sum(axis=1), demand.orders.sum(axis=1)
    rows = [catalogue.family == f for f in range(len(FAMILIES))]
    return np.stack([late[r].sum(axis=0) > BEHIND_MONTHS * orders[r].sum(axis=0) for r in rows])


def deliveries_table(timeline: Timeline, catalogue: Catalogue, lines: OrderLines, vantage: int) -> pd.DataFrame:
    """The lines as known when position `vantage` is the first open month: later deliveries are still open."""
    known = lines.ordered_at < vantage + NOW
    done = lines.done_at[known] < vantage + NOW
    requested = _dates(timeline, lines.due_at[known], lines.requested_day[known])
    promised = requested + lines.stretch[known].astype("timedelta64[D]")
    delivered = pd.Series(_texts(_dates(timeline, lines.done_at[known], lines.done_day[known])))
    quantity = lines.quantity[known].astype(float)
    return pd.DataFrame(
        {
            "order_line": lines.number[known],
            "product": np.array(catalogue.numbers, dtype=object)[lines.product[known]],
            "region": np.array(REGIONS, dtype=object)[lines.region[known]],
            "ordered": _texts(_dates(timeline, lines.ordered_at[known], lines.ordered_day[known])),
            "requested": _texts(requested),
            "promised": _texts(promised),
            "delivered": delivered.where(done, None),
            "quantity_ordered": quantity,
            "quantity_delivered": np.where(done, quantity, 0.0),
        }
    )


def _dates(timeline: Timeline, at: Places, day: Units) -> NDArray[np.datetime64]:
    months = timeline.months.astype("datetime64[M]").astype("datetime64[D]")
    return months[at] + (day - 1).astype("timedelta64[D]")


def _texts(dates: NDArray[np.datetime64]) -> NDArray[np.object_]:
    return np.datetime_as_string(dates, unit="D").astype(object)
