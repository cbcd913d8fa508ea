"""Order lines with their dates: a month's orders for a product and region, split by the month of shipment.

Shipments serve the oldest orders first, so that the lines delivered in a month add up to what was shipped. What
is open of an order when its facts end is one line; as the story goes on it is split where it is shipped in parts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.catalogue import FAMILIES, REGIONS, Catalogue
from data.demo.generator.chance import Chance
from data.demo.generator.demand_history import Demand
from data.demo.generator.records import by_region
from data.demo.generator.supply_history import Supply
from data.demo.generator.timeline import END, NOW, Timeline

Units = NDArray[np.int64]
Places = NDArray[np.intp]

SHOWN_MONTHS = 20
"""Months of orders before the first open one from which on they are shown."""

LATE_IN_MONTH = 0.06
"""Share of lines that come a few days late although in the month they were due."""

BEHIND_MONTHS, STRETCHED_PROMISE_DAYS = 0.3, 14
"""Months of orders past due from which a family is behind, and the days that sales then adds to its promise."""


@dataclass(frozen=True)
class OrderLines:
    """Lines by order and part of it (from 1), arrays by line. `…_at` are indices of the time axis, `done_at` the
    one where facts end for a line that is still open; `…_day` are days of that month, from 1; `stretch` are days
    between the date asked for and the one promised."""

    order: Places
    part: Places
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


@dataclass(frozen=True)
class OrderBook:
    """Lines whose facts end with the first open month (`told`), and the same and more to the story's end."""

    told: OrderLines
    story: OrderLines


def build_order_lines(catalogue: Catalogue, demand: Demand, supply: Supply, seed: int) -> OrderBook:
    """Lines ordered from SHOWN_MONTHS before the first open month on."""
    chance = Chance(seed, 6)
    told = _lines(chance.told, catalogue, demand, supply, NOW)
    return OrderBook(told, _as_told(told, _lines(chance.later, catalogue, demand, supply, END)))


def _as_told(told: OrderLines, story: OrderLines) -> OrderLines:
    """The story's lines with the days that were told of them; a new part of an order follows its open line."""
    first, end = (np.searchsorted(told.order, story.order, side) for side in ("left", "right"))
    known = end > first
    source = np.minimum(first + story.part - 1, end - 1)[known]
    done = known & (story.done_at < NOW)

    def days(name: str, same: NDArray[np.bool_]) -> Units:
        values: Units = getattr(story, name).copy()
        values[same] = getattr(told, name)[source[same[known]]]
        return values

    return replace(
        story,
        ordered_day=days("ordered_day", known),
        requested_day=days("requested_day", known),
        stretch=days("stretch", known),
        done_day=days("done_day", done),
    )


def _lines(rng: np.random.Generator, catalogue: Catalogue, demand: Demand, supply: Supply, end: int) -> OrderLines:
    """The lines of orders and shipments before index `end` of the time axis."""
    order, ordered_at, product, region, done_at, quantity = _split(catalogue, demand, supply, end)
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
        order=order,
        part=_parts(order),
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
    catalogue: Catalogue, demand: Demand, supply: Supply, end: int
) -> tuple[Places, Places, Places, Places, Places, Units]:
    """Order, month ordered, product, region, month shipped (`end`: open) and units of every line."""
    orders = by_region(demand.orders)[..., :end]
    shipped = by_region(supply.shipments)[..., :end].cumsum(axis=-1)
    through = orders.cumsum(axis=-1) + _older_orders(catalogue, orders)[..., None]
    recent = np.arange(end) >= NOW - SHOWN_MONTHS
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
    """Whether a family had more than BEHIND_MONTHS of orders past due at a month end (family, END)."""
    late, orders = supply.past_due.sum(axis=1), demand.orders.sum(axis=1)
    rows = [catalogue.family == f for f in range(len(FAMILIES))]
    return np.stack([late[r].sum(axis=0) > BEHIND_MONTHS * orders[r].sum(axis=0) for r in rows])


def deliveries_table(timeline: Timeline, catalogue: Catalogue, book: OrderBook, vantage: int) -> pd.DataFrame:
    """The lines as known when position `vantage` is the first open month: later deliveries are still open."""
    lines = book.story if vantage > 0 else book.told
    known = lines.ordered_at < vantage + NOW
    done = lines.done_at[known] < vantage + NOW
    requested = _dates(timeline, lines.due_at[known], lines.requested_day[known])
    promised = requested + lines.stretch[known].astype("timedelta64[D]")
    delivered = pd.Series(_texts(_dates(timeline, lines.done_at[known], lines.done_day[known])))
    quantity = lines.quantity[known].astype(float)
    return pd.DataFrame(
        {
            "order_line": _numbers(lines, known),
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


def _numbers(lines: OrderLines, known: NDArray[np.bool_]) -> NDArray[np.object_]:
    pairs = zip(lines.order[known], lines.part[known], strict=True)
    return np.array([f"SO-{100001 + order}-{part}" for order, part in pairs], dtype=object)


def _dates(timeline: Timeline, at: Places, day: Units) -> NDArray[np.datetime64]:
    months = timeline.months.astype("datetime64[M]").astype("datetime64[D]")
    return months[at] + (day - 1).astype("timedelta64[D]")


def _texts(dates: NDArray[np.datetime64]) -> NDArray[np.object_]:
    return np.datetime_as_string(dates, unit="D").astype(object)
