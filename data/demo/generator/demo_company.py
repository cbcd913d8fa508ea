"""The demo company as one object: its tables as they were known at any month of its story."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.budget import DemoBudget, budget_table, build_budget
from data.demo.generator.catalogue import Catalogue, build_catalogue
from data.demo.generator.demand_history import Demand, build_demand
from data.demo.generator.ledger import actual_ledger, budget_ledger, ledger_tables
from data.demo.generator.newcomers import add_newcomers
from data.demo.generator.operations import (
    Operations,
    build_days,
    build_operations,
    offered_hours,
    operations_tables,
    worked_hours,
)
from data.demo.generator.order_lines import OrderBook, build_order_lines, deliveries_table
from data.demo.generator.prices import build_prices
from data.demo.generator.records import Records, build_records
from data.demo.generator.strategy import build_indicators, indicators_table, strategy_tables
from data.demo.generator.supply_history import build_supply
from data.demo.generator.timeline import HISTORY, STORY, Timeline
from sop.core.errors import BadInput

SHORTEST_HISTORY = 24
"""Closed months below which no vantage is offered."""


@dataclass(frozen=True)
class DemoCompany:
    """A fictional company with its whole history; ask it what was known at a month with `tables_known_at`."""

    timeline: Timeline
    catalogue: Catalogue
    demand: Demand
    operations: Operations
    records: Records
    order_book: OrderBook
    budget: DemoBudget
    actual_amounts: dict[str, NDArray[np.float64]]
    budget_amounts: dict[str, NDArray[np.float64]]
    indicators: pd.DataFrame

    @property
    def first_open(self) -> str:
        """The first open month that the company is made for; position 0 of its story."""
        return self.timeline.first_open

    def tables_known_at(self, first_open: str) -> dict[str, pd.DataFrame]:
        """Tables of the data contract by name, as known when `first_open` (`YYYY-MM`) was the first open month.

        Facts end with the month before; forecasts of gates, milestones and capacity are those of that moment.
        A month after the company's own first open one continues the story: what was told before stays. Raises
        BadInput for a month too early for a history or after the end of the story.
        """
        vantage = self._vantage(first_open)
        return {
            "products": self.catalogue.known_at(vantage),
            **self.records.known_at(vantage),
            "deliveries": deliveries_table(self.timeline, self.catalogue, self.order_book, vantage),
            **operations_tables(self.timeline, self.catalogue, self.demand, self.operations, vantage),
            "budget": budget_table(self.timeline, self.budget, vantage),
            **ledger_tables(self.timeline, self.actual_amounts, self.budget_amounts, vantage),
            **strategy_tables(self.timeline, vantage),
            "indicators": indicators_table(self.indicators, vantage),
        }

    def _vantage(self, first_open: str) -> int:
        vantage = self.timeline.position(first_open)
        earliest = SHORTEST_HISTORY - HISTORY
        if not earliest <= vantage <= STORY:
            span = f"{self.timeline.month(earliest)} to {self.timeline.month(STORY)}"
            raise BadInput(f"the demo company has no view from {first_open}", remedy=f"Choose a month in {span}")
        return vantage


def demo_company(first_open: str, seed: int = 7) -> DemoCompany:
    """The demo company whose 48 months of history end before `first_open` (`YYYY-MM`); same seed, same company.

    Raises BadInput where `first_open` is not a month.
    """
    timeline = Timeline(first_open)
    catalogue = add_newcomers(timeline, build_catalogue(timeline, seed))
    demand = build_demand(timeline, catalogue, seed)
    working, shut = build_days(timeline)
    supply = build_supply(catalogue, demand, worked_hours(offered_hours(working, shut)), seed)
    prices = build_prices(catalogue, demand, seed)
    operations = build_operations(catalogue, demand, supply, working, shut, seed)
    budget = build_budget(timeline, catalogue)
    return DemoCompany(
        timeline=timeline,
        catalogue=catalogue,
        demand=demand,
        operations=operations,
        records=build_records(timeline, catalogue, demand, supply, prices),
        order_book=build_order_lines(catalogue, demand, supply, seed),
        budget=budget,
        actual_amounts=actual_ledger(timeline, catalogue, demand, supply, prices, operations, seed),
        budget_amounts=budget_ledger(timeline, budget, operations),
        indicators=build_indicators(timeline, demand.mood, seed),
    )
