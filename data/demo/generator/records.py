"""From arrays to the tables of closed months: sales, stock movements, order book, deliveries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.catalogue import CHANNELS, FAMILIES, REGIONS, Catalogue
from data.demo.generator.demand_history import Demand
from data.demo.generator.prices import Prices
from data.demo.generator.supply_history import Supply
from data.demo.generator.timeline import END, HISTORY, NOW, Timeline

Units = NDArray[np.int64]

FIRST_SHOWN = NOW - HISTORY


@dataclass(frozen=True)
class Records:
    """Tables of the months that can be told.

    Each has a column `at`, the index on the time axis of the month with which a row is told.
    """

    sales_actuals: pd.DataFrame
    inventory: pd.DataFrame
    order_book: pd.DataFrame

    def known_at(self, vantage: int) -> dict[str, pd.DataFrame]:
        """The rows of months before position `vantage`."""
        tables = {
            "sales_actuals": self.sales_actuals,
            "inventory": self.inventory,
            "order_book": self.order_book,
        }
        return {name: _before(frame, vantage + NOW) for name, frame in tables.items()}


def build_records(
    timeline: Timeline, catalogue: Catalogue, demand: Demand, supply: Supply, prices: Prices
) -> Records:
    """All months that can be told."""
    return Records(
        _sales(timeline, catalogue, demand, supply, prices),
        _inventory(timeline, catalogue, supply),
        _order_book(timeline, catalogue, demand, supply),
    )


def _before(frame: pd.DataFrame, at: int) -> pd.DataFrame:
    return frame[frame["at"] < at].drop(columns="at").reset_index(drop=True)


def _sales(
    timeline: Timeline, catalogue: Catalogue, demand: Demand, supply: Supply, prices: Prices
) -> pd.DataFrame:
    """A row wherever something was ordered or shipped."""
    ordered, shipped = demand.orders, supply.shipments
    place = np.nonzero((ordered + shipped)[:, :, FIRST_SHOWN:])
    product, cell, at = place[0], place[1], place[2] + FIRST_SHOWN
    quantity = shipped[product, cell, at]
    return pd.DataFrame(
        {
            "month": timeline.months[at],
            "product": np.array(catalogue.numbers, dtype=object)[product],
            "region": np.array(REGIONS, dtype=object)[cell // len(CHANNELS)],
            "channel": np.array(CHANNELS, dtype=object)[cell % len(CHANNELS)],
            "quantity": quantity.astype(float),
            "revenue": np.round(quantity * prices.net[product, cell, at], 2),
            "ordered": ordered[product, cell, at].astype(float),
            "cost": np.round(quantity * prices.cost[product, at], 2),
            "at": at,
        }
    )


def _inventory(timeline: Timeline, catalogue: Catalogue, supply: Supply) -> pd.DataFrame:
    """A row per product and month with stock or movement."""
    opening = np.pad(supply.closing, ((0, 0), (1, 0)))[:, :-1]
    shipments = supply.shipments.sum(axis=1)
    moved = opening + supply.production + supply.subcontract + shipments + supply.closing
    product, month = np.nonzero(moved[:, FIRST_SHOWN:])
    at = month + FIRST_SHOWN

    def units(values: Units) -> NDArray[np.float64]:
        return values[product, at].astype(float)

    return pd.DataFrame(
        {
            "month": timeline.months[at],
            "plant": catalogue.plant[product],
            "product": np.array(catalogue.numbers, dtype=object)[product],
            "opening": units(opening),
            "production": units(supply.production),
            "shipments": units(shipments),
            "closing": units(supply.closing),
            "subcontract_receipts": units(supply.subcontract),
            "adjustments": units(supply.adjustments),
            # The stock made ahead of a launch is told with the product.
            "at": np.maximum(at, catalogue.since[product] - 1 + NOW),
        }
    )


def _order_book(timeline: Timeline, catalogue: Catalogue, demand: Demand, supply: Supply) -> pd.DataFrame:
    """Open orders and what of them is past due, by product and region."""
    past_due = by_region(supply.past_due)
    book = past_due + by_region(_not_due(catalogue, demand))
    product, region, month = np.nonzero(book[:, :, FIRST_SHOWN:])
    at = month + FIRST_SHOWN
    return pd.DataFrame(
        {
            "month": timeline.months[at],
            "product": np.array(catalogue.numbers, dtype=object)[product],
            "region": np.array(REGIONS, dtype=object)[region],
            "quantity": book[product, region, at].astype(float),
            "past_due": past_due[product, region, at].astype(float),
            "at": at,
        }
    )


def _not_due(catalogue: Catalogue, demand: Demand) -> Units:
    """Orders at each month end whose standard lead time has not yet passed."""
    not_due = np.zeros_like(demand.orders)
    for f, family in enumerate(FAMILIES):
        rows = catalogue.family == f
        for back in range(family.lead_months):
            not_due[rows, :, back:] += demand.orders[rows, :, : END - back]
    return not_due


def by_region(cells: Units) -> Units:
    """Units by product, region × channel and month, channels added up."""
    products, _, months = cells.shape
    return cells.reshape(products, len(REGIONS), len(CHANNELS), months).sum(axis=2)
