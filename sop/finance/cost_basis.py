"""Which cost counts where the tables and the ledger disagree: nobody's, until finance has chosen.

Cost of sales of the last closed year and stock at its end are compared: what the tables say, else units at
standard cost, beside what the ledger has booked. Further apart than the tolerance, what rests on them is not
known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sop.core.arrays import Labelled
from sop.core.format import money_format
from sop.core.inputs import Floats, Inputs
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
        return self.chosen != 0 or not self.far(self.cost)

    @property
    def stock_is_known(self) -> bool:
        """Whether the value of stock may be told."""
        return self.chosen != 0 or not self.far(self.stock)

    @property
    def cost_factor(self) -> float:
        """What a unit costs by the ledger against its standard cost; 1 unless the ledger is chosen."""
        cost = self.cost
        chosen = self.chosen == LEDGER and cost is not None and cost.at_standard > 0
        return cost.ledger / cost.at_standard if chosen and cost else 1.0

    @property
    def stock_factor(self) -> float:
        """What a unit in stock is worth against its standard cost: 1 by the tables, else by the ledger where that
        is chosen, and not-a-number until somebody has chosen between two that are apart."""
        if not self.stock_is_known:
            return float("nan")
        stock = self.stock
        chosen = self.chosen == LEDGER and stock is not None and stock.at_standard > 0
        return stock.ledger / stock.at_standard if chosen and stock else 1.0

    @property
    def why(self) -> str:
        """What is apart and who decides; empty where nothing is."""
        far = [each for each in (self.cost, self.stock) if each and self.far(each)]
        if self.chosen or not far:
            return ""
        sides = [side for each in far for side in (each.tables, each.ledger)]
        money = money_format(self.currency, *sides).labelled
        said = " and ".join(f"{each.name} {money(each.tables)} against {money(each.ledger)}" for each in far)
        ends = "gross margin" if not self.cost_is_known else "EBIT"
        return (
            f"the plan ends at {ends}: the tables and the ledger are apart ({said}); finance chooses which "
            f"counts, in the assumption '{assumption('cost_basis').label}'"
        )

    def far(self, found: Compared | None) -> bool:
        """Whether the two sides of an amount are further apart than the tolerance."""
        return found is not None and abs(found.share) > self.tolerance


@dataclass(frozen=True)
class ComparedCosts:
    """Cost of sales and stock of the tables beside the ledger's, which no assumption changes."""

    cost: Compared | None
    stock: Compared | None
    currency: str

    def under(self, assumptions: Assumptions) -> CostBasis:
        """Which of them counts."""
        tolerance, chosen = assumptions.value("cost_tolerance"), int(assumptions.value("cost_basis"))
        return CostBasis(self.cost, self.stock, tolerance, chosen, self.currency)


def compare_costs(inputs: Inputs) -> ComparedCosts:
    """Cost of sales of the last closed year and stock at its end, by the tables and in the ledger."""
    return ComparedCosts(_cost(inputs), _stock(inputs), inputs.currency)


def cost_basis(inputs: Inputs, assumptions: Assumptions) -> CostBasis:
    """Cost and stock of the tables beside the ledger's, and which of them counts."""
    return compare_costs(inputs).under(assumptions)


def books_that_count(inputs: Inputs, assumptions: Assumptions) -> Inputs:
    """The inputs with closed months at the cost that counts: a plan beside them compares like with like.

    Until finance has chosen between costs that are apart, cost of sales and the value of stock of closed months
    are not known, as they are not in the plan; where the tables count, closed cost of sales is the tables'; where
    the ledger does, stock is worth what it is in the ledger.
    """
    basis, ledger, position = cost_basis(inputs, assumptions), inputs.ledger, inputs.position
    if not any(basis.far(found) for found in (basis.cost, basis.stock)):
        return inputs
    if ledger is not None and basis.far(basis.cost) and basis.chosen != LEDGER:
        said = cost_by_tables(inputs).on(month=ledger.months).values / MINOR
        cost = said if basis.cost_is_known else np.full(len(ledger.months), np.nan)
        ledger = replace(ledger, actual={**ledger.actual, "cost_of_sales": cost})
    position = replace(position, stock_cost=position.unit_cost * basis.stock_factor)
    return replace(inputs, ledger=ledger, position=position)


def cost_by_tables(inputs: Inputs) -> Labelled:
    """Cost of sales of closed months as the sales tables say it, else units at standard cost; minor units."""
    months = inputs.history.months
    said = sold_months(inputs, "cost").on(month=months).values
    return Labelled(np.where(np.isfinite(said), said, _at_standard(inputs)), month=months)


def _at_standard(inputs: Inputs) -> Floats:
    """What was shipped in closed months (H,) at today's standard cost, minor units; unknown where a cost is."""
    units = np.nan_to_num(inputs.shipped_by_family).sum(axis=1)
    cost = inputs.position.unit_cost[:, None]
    return np.asarray(np.where(units == 0, 0.0, units * cost).sum(axis=0) * MINOR)


def _cost(inputs: Inputs) -> Compared | None:
    """Cost of sales of the last closed year, over the months that both know; None where a unit cost is missing."""
    months = inputs.history.months[-inputs.calendar.year :]
    standard, tables = _at_standard(inputs)[-len(months) :], cost_by_tables(inputs).on(month=months).values
    if not np.isfinite(standard).all():
        return None
    booked = known_months(inputs.ledger, "cost_of_sales").on(month=months).values
    both = np.isfinite(booked)
    if not both.any():
        return None
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
