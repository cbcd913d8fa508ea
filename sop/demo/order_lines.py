"""Order lines with their dates: a month's orders for a product in a region make one line.

Shipments serve the oldest orders first, so that the lines of a month deliver exactly what was shipped.
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

SHOWN_MONTHS = 20
"""Months of orders before the first open one that are shown."""

LATE_IN_MONTH = 0.06
"""Share of lines that come a few days late although in the month they were due."""

STRETCHED_PROMISE_DAYS = 14
"""What sales adds to the date asked for once a family is behind."""


@dataclass(frozen=True)
class OrderLines:
    """Lines in order of their number; arrays are by line. Days count from 1; indices are on the time axis.

    `before` are the units of the same product and region ordered earlier; `shipped` (series, NOW) cumulates.
    """

    number: NDArray[np.object_]
    product: NDArray[np.intp]
    region: NDArray[np.intp]
    ordered_at: NDArray[np.intp]
    due_at: NDArray[np.intp]
    done_at: NDArray[np.intp]
    ordered_day: Units
    requested_day: Units
    stretch: Units
    done_day: Units
    quantity: Units
    before: Units
    shipped: Units


def build_order_lines(catalogue: Catalogue, demand: Demand, supply: Supply, seed: int) -> OrderLines:
    """Lines ordered in the last SHOWN_MONTHS closed months."""
    rng = np.random.default_rng([seed, 6])
    orders, shipped = by_region(demand.orders), by_region(supply.shipments).cumsum(axis=-1)
    opening = _before_history(catalogue, demand)
    cumulative = orders.cumsum(axis=-1) + opening[..., None]
    recent = np.arange(NOW) >= NOW - SHOWN_MONTHS
    at, product, region = np.nonzero(np.moveaxis(orders * recent, -1, 0))
    quantity = orders[product, region, at]
    through = cumulative[product, region, at]
    done_at = (shipped[product, region] < through[:, None]).sum(axis=1)
    lead = np.array([f.lead_months for f in FAMILIES])[catalogue.family[product]]
    due_at = at + lead
    ordered_day = rng.integers(1, 17, len(at))
    requested_day = np.where(lead > 0, ordered_day, ordered_day + rng.integers(3, 8, len(at)))
    behind = by_region(supply.past_due).sum(axis=1)
    behind = np.stack([behind[catalogue.family == f].sum(axis=0) for f in range(len(FAMILIES))])
    monthly = np.stack([orders[catalogue.family == f].sum(axis=(0, 1)) for f in range(len(FAMILIES))])
    stretched = (behind > 0.3 * monthly.clip(1))[catalogue.family[product], at] & (lead > 0)
    on_time = requested_day - rng.integers(0, 3, len(at))
    slipped = requested_day + rng.integers(1, 5, len(at))
    in_month = np.where(rng.random(len(at)) < LATE_IN_MONTH, slipped, on_time)
    late_day = rng.integers(2, 27, len(at))
    return OrderLines(
        number=np.array([f"SO-{100001 + i}" for i in range(len(at))], dtype=object),
        product=product,
        region=region,
        ordered_at=at,
        due_at=due_at,
        done_at=done_at,
        ordered_day=ordered_day,
        requested_day=requested_day,
        stretch=np.where(stretched, STRETCHED_PROMISE_DAYS, 0),
        done_day=np.where(done_at == due_at, np.maximum(in_month, 1), late_day),
        quantity=quantity,
        before=through - quantity,
        shipped=shipped[product, region],
    )


def _before_history(catalogue: Catalogue, demand: Demand) -> Units:
    """Units shipped from orders older than the time axis (product, region)."""
    first = by_region(demand.orders)
    opening = np.zeros(first.shape[:2], dtype=np.int64)
    for f, family in enumerate(FAMILIES):
        rows = catalogue.family == f
        opening[rows] = first[rows, :, : family.lead_months].sum(axis=-1)
    return opening


def deliveries_table(timeline: Timeline, catalogue: Catalogue, lines: OrderLines, vantage: int) -> pd.DataFrame:
    """The lines as known when position `vantage` is the first open month: later deliveries are still open."""
    now = vantage + NOW
    known = lines.ordered_at < now
    done = lines.done_at[known] < now
    delivered = np.clip(lines.shipped[known, now - 1] - lines.before[known], 0, lines.quantity[known])
    requested = _dates(timeline, lines.due_at[known], lines.requested_day[known])
    promised = requested + lines.stretch[known].astype("timedelta64[D]")
    done_on = _dates(timeline, np.minimum(lines.done_at[known], now), lines.done_day[known])
    return pd.DataFrame(
        {
            "order_line": lines.number[known],
            "product": np.array(catalogue.numbers, dtype=object)[lines.product[known]],
            "region": np.array(REGIONS, dtype=object)[lines.region[known]],
            "ordered": _texts(_dates(timeline, lines.ordered_at[known], lines.ordered_day[known])),
            "requested": _texts(requested),
            "promised": _texts(promised),
            "delivered": pd.Series(_texts(done_on)).where(done, None),
            "quantity_ordered": lines.quantity[known].astype(float),
            "quantity_delivered": delivered.astype(float),
        }
    )


def _dates(timeline: Timeline, at: NDArray[np.intp], day: Units) -> NDArray[np.datetime64]:
    months = timeline.months.astype("datetime64[M]").astype("datetime64[D]")
    return months[at] + (day - 1).astype("timedelta64[D]")


def _texts(dates: NDArray[np.datetime64]) -> NDArray[np.object_]:
    return np.datetime_as_string(dates, unit="D").astype(object)
