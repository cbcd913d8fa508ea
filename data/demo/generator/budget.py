"""The budget by family, region and month: what was hoped for before each fiscal year began."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.catalogue import FAMILIES, REGIONS, Catalogue, mean_unit_cost
from data.demo.generator.demand_history import budget_mean
from data.demo.generator.prices import COST_RISE, LIST_RISE, budget_price, risen
from data.demo.generator.timeline import POSITIONS, Timeline

Array = NDArray[np.float64]

HOPE = {
    "Front box": 1.015,
    "Longtail": 1.03,
    "Trike": 1.05,
    "Compact": 1.05,
    "Fleet": 1.03,
    "Heavy duty": 1.04,
    "Accessories": 1.01,
    "Spare parts": 1.01,
}
"""What the budget hopes for a year ahead against what the market wants in the mean."""

FIRST_YEAR_BACK = 2
"""Calendar years before that of the first open month from which the budget is shown."""


@dataclass(frozen=True)
class DemoBudget:
    """Arrays over the time axis: `quantity` units, `revenue` and `cost` EUR, each (family, region, T)."""

    quantity: Array
    revenue: Array
    cost: Array


def build_budget(timeline: Timeline, catalogue: Catalogue) -> DemoBudget:
    """Units delivered, at the net prices and standard costs of each fiscal year, in whole units and cents."""
    hope = np.array([HOPE[f.name] for f in FAMILIES])[:, None, None]
    # The further ahead, the more was hoped for.
    share = np.clip((POSITIONS + 18) / 24, 0.3, 1.0)
    quantity = np.rint(budget_mean(timeline) * (1 + (hope - 1) * share))
    price = budget_price(catalogue)[:, :, None] * risen(LIST_RISE)
    cost = mean_unit_cost(catalogue)[:, None, None] * risen(COST_RISE)
    return DemoBudget(quantity, np.round(quantity * price, 2), np.round(quantity * cost, 2))


def budget_span(timeline: Timeline, vantage: int) -> NDArray[np.bool_]:
    """Months of the axis whose budget is known: up to the fiscal year after the vantage's."""
    years = timeline.years_from_now
    vantage_year = years[timeline.index(vantage)]
    return (years >= -FIRST_YEAR_BACK) & (years <= vantage_year + 1)


def budget_table(timeline: Timeline, budget: DemoBudget, vantage: int) -> pd.DataFrame:
    """The budget table as known when position `vantage` is the first open month."""
    span = budget_span(timeline, vantage)
    count = int(span.sum())
    margin = budget.revenue - budget.cost
    return pd.DataFrame(
        {
            "month": np.tile(timeline.months[span], len(FAMILIES) * len(REGIONS)),
            "family": np.repeat([f.name for f in FAMILIES], len(REGIONS) * count),
            "region": np.tile(np.repeat(REGIONS, count), len(FAMILIES)),
            "quantity": budget.quantity[:, :, span].ravel(),
            "revenue": budget.revenue[:, :, span].ravel(),
            "gross_margin": np.round(margin[:, :, span], 2).ravel(),
        }
    )
