"""Which cost counts where the tables and the ledger disagree: nobody's, until finance has chosen.

Cost of sales of the last closed year and stock at its end are compared: what the tables say, else units at
standard cost, beside what the ledger has booked. Further apart than the tolerance, what rests on them is not
known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.format import money_format
from sop.core.inputs import Inputs
from sop.core.money import MINOR
from sop.core.register import Assumptions, assumption
from sop.finance.ledger import known_months, sold_months

TABLES, LEDGER = 1, 2
"""Positions of the choices of the assumption `cost_basis`; 0 is that nobody has chosen."""


@dataclass(frozen=True)
class Compared:
    """An amount by the tables and in the ledger, minor units; `months` closed months that both know.

    `at_standard`: the same units at the standard cost that the plan uses.
    """

    name: str
    months: tuple[str, ...]
    tables: float
    ledger: float
    at_standard: float

    @property
    def difference(self) -> float:
        """Ledger minus tables."""
        return self.ledger - self.tables

    @property
    def share(self) -> float:
        """The difference as a share of what the tables say; endless where they say nothing."""
        return self.difference / self.tables if self.tables else float("inf") if self.difference else 0.0


@dataclass(frozen=True)
class CostBasis:
    """Cost of sales and stock compared, each None where one side does not know it, and what finance has chosen."""

    cost: Compared | None
    stock: Compared | None
    tolerance: float
    chosen: int
    currency: str

    @property
    def cost_is_known(self) -> bool:
        """Whether the plan may go below gross margin."""
        return self.chosen != 0 or not self._far(self.cost)

    @property
    def stock_is_known(self) -> bool:
        """Whether the value of stock may be told."""
        return self.chosen != 0 or not self._far(self.stock)

    @property
    def cost_factor(self) -> float:
        """What a unit costs by the ledger against its standard cost; 1 unless the ledger is chosen."""
        cost = self.cost
        chosen = self.chosen == LEDGER and cost is not None and cost.at_standard > 0
        return cost.ledger / cost.at_standard if chosen and cost else 1.0

    @property
    def stock_factor(self) -> float:
        """What a unit in stock is worth by the ledger against its standard cost; 1 unless the ledger is chosen."""
        stock = self.stock
        chosen = self.chosen == LEDGER and stock is not None and stock.at_standard > 0
        return stock.ledger / stock.at_standard if chosen and stock else 1.0

    @property
    def why(self) -> str:
        """What is apart and who decides; empty where nothing is."""
        far = [each for each in (self.cost, self.stock) if each and self._far(each)]
        if self.chosen or not far:
            return ""
        sides = [side for each in far for side in (each.tables, each.ledger)]
        money = money_format(self.currency, *sides).labelled
        said = " and ".join(f"{each.name} {money(each.tables)} against {money(each.ledger)}" for each in far)
        ends = "to gross margin" if not self.cost_is_known else "to EBIT"
        return (
            f"{ends}: the tables and the ledger are apart ({said}); finance chooses which counts, in the "
            f"assumption '{assumption('cost_basis').label}'"
        )

    def _far(self, found: Compared | None) -> bool:
        return found is not None and abs(found.share) > self.tolerance


def compare_costs(inputs: Inputs) -> tuple[Compared | None, Compared | None]:
    """Cost of sales and stock of the tables beside the ledger's, which no assumption moves."""
    return _cost(inputs), _stock(inputs)


def cost_basis(
    inputs: Inputs, assumptions: Assumptions, compared: tuple[Compared | None, Compared | None] | None = None
) -> CostBasis:
    """Cost and stock of the tables beside the ledger's (`compared`, where it is at hand), and which counts."""
    return CostBasis(
        *(compared or compare_costs(inputs)),
        assumptions.value("cost_tolerance"),
        int(assumptions.value("cost_basis")),
        inputs.currency,
    )


def _cost(inputs: Inputs) -> Compared | None:
    """Cost of sales of the last closed year, over the months that both know; None where a unit cost is missing."""
    year, cost = inputs.calendar.year, inputs.position.unit_cost
    months = inputs.history.months[-year:]
    units = np.nan_to_num(inputs.by_family(inputs.history.shipped)[..., -year:].sum(axis=1))
    if not np.isfinite(cost[(units != 0).any(axis=1)]).all():
        return None
    booked = known_months(inputs.ledger, "cost_of_sales").on(month=months).values
    both = np.isfinite(booked)
    if not both.any():
        return None
    standard = (units * np.nan_to_num(cost)[:, None]).sum(axis=0) * MINOR
    said = sold_months(inputs, "cost").on(month=months).values
    tables = np.where(np.isfinite(said), said, standard)
    named = tuple(month for month, here in zip(months, both.tolist(), strict=True) if here)
    return Compared("cost of sales", named, *(float(side[both].sum()) for side in (tables, booked, standard)))


def _stock(inputs: Inputs) -> Compared | None:
    """Stock at the last month end; None where it, or the cost of some of it, is not known on both sides."""
    position = inputs.position
    if position.inventory is None or "inventory_value" not in position.balances:
        return None
    units = np.maximum(position.inventory, 0.0)
    if not np.isfinite(position.unit_cost[units > 0]).all():
        return None
    standard = float((units * np.nan_to_num(position.unit_cost)).sum() * MINOR)
    return Compared("stock", (position.month,), standard, position.balances["inventory_value"] * MINOR, standard)
