"""The ledger beside the plan: its gap to the budget, and what of its revenue the sales tables do not have.

Amounts are whole minor units by month, not-a-number where they are not known. A month counts only where every side
of a comparison knows it; the months that do not count are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sop.core.arrays import Labelled
from sop.core.calendar import year_before
from sop.core.inputs import Bools, Inputs, Ledger
from sop.core.money import MINOR
from sop.facts.actuals import sold_amounts
from sop.facts.stock_value import stock_of_tables

PROFIT_LINES = {"revenue": 1, "cost_of_sales": -1, "operating_cost": -1, "depreciation": -1}
"""Lines of the ledger that make up profit, and whether they add to it."""

DERIVED = {
    "gross_margin": ("revenue", "cost_of_sales"),
    "ebit": ("revenue", "cost_of_sales", "operating_cost", "depreciation"),
}
"""Lines that follow from others."""

NOTHING = Labelled(np.zeros(0), month=())
"""What is known where nothing is loaded."""


def known_months(ledger: Ledger | None, line: str, side: str = "actual") -> Labelled:
    """Amounts of a line by month, `side` actual or budget; derived lines where all their parts are known.

    A missing depreciation line is taken as none, because many ledgers hold it within operating cost.
    """
    if ledger is None:
        return NOTHING
    amounts, unknown = getattr(ledger, side), np.full(len(ledger.months), np.nan)
    parts = [p for p in DERIVED.get(line, ()) if p != "depreciation" or p in amounts]
    signs = {part: PROFIT_LINES[part] for part in parts} or {line: 1}
    total = np.sum([sign * np.rint(amounts.get(part, unknown) * MINOR) for part, sign in signs.items()], axis=0)
    return Labelled(total, month=ledger.months)


def whole_sum(known: Labelled, months: Iterable[str]) -> int | None:
    """The sum over some months; None where one of them is not known."""
    total = float(known.on(month=tuple(months)).values.sum())
    return int(total) if total == total else None


@dataclass(frozen=True)
class LedgerGap:
    """A line's actual against its budget over the closed `months` that have both, minor units.

    `without_budget`: closed months that have an actual and no budget.
    """

    line: str
    months: tuple[str, ...]
    actual: int
    budget: int
    without_budget: tuple[str, ...]

    @property
    def gap(self) -> int:
        """Actual minus budget."""
        return self.actual - self.budget


def ledger_gaps(inputs: Inputs) -> tuple[LedgerGap, ...]:
    """Every profit line of the ledger against its budget in closed months; lines without a budget are left out."""
    found = []
    for line in (*PROFIT_LINES, *DERIVED):
        actual, budget = known_months(inputs.ledger, line), known_months(inputs.ledger, line, "budget")
        closed = np.array([inputs.calendar.position(month) < 0 for month in actual.axes["month"]], dtype=bool)
        has_actual, has_budget = np.isfinite(actual.values), np.isfinite(budget.values) & closed
        both = has_actual & has_budget
        if both.any():
            said, wanted = (int(side.values[both].sum()) for side in (actual, budget))
            without = _those(actual, has_actual & ~has_budget)
            found.append(LedgerGap(line, _those(actual, both), said, wanted, without))
    return tuple(found)


@dataclass(frozen=True)
class Reconciliation:
    """A line in the sales tables and in the ledger by closed month, minor units: sales + difference = ledger.

    `not_in_ledger`: closed months with sales of which the ledger does not have the line.
    """

    months: tuple[str, ...]
    sales: tuple[int, ...]
    ledger: tuple[int, ...]
    not_in_ledger: tuple[str, ...]

    @property
    def difference(self) -> tuple[int, ...]:
        """What the ledger has and the sales tables do not, by month; negative where they have more."""
        return tuple(book - sold for sold, book in zip(self.sales, self.ledger, strict=True))


def reconcile_sales(inputs: Inputs) -> Reconciliation:
    """Revenue of the sales tables against the ledger, over the closed months that both know."""
    return _reconcile(sold_months(inputs), known_months(inputs.ledger, "revenue"))


def reconcile_cost(inputs: Inputs) -> Reconciliation:
    """Cost of sales of the sales tables against the ledger, over the closed months that both know."""
    return _reconcile(sold_months(inputs, "cost"), known_months(inputs.ledger, "cost_of_sales"))


def reconcile_stock(inputs: Inputs) -> Reconciliation:
    """Value of stock: the tables' units at today's standard cost against the ledger's account of inventory.

    Neither is mixed into the other: `sales` are the tables', over the closed months that both know.
    """
    tables = stock_of_tables(inputs)
    return _reconcile(NOTHING if tables is None else tables, known_months(inputs.ledger, "inventory_value"))


def _reconcile(sales: Labelled, ledger: Labelled) -> Reconciliation:
    booked = ledger.on(month=sales.axes["month"])
    sold, known = np.isfinite(sales.values), np.isfinite(booked.values)
    ours, theirs = (tuple(side.values[sold & known].astype(int).tolist()) for side in (sales, booked))
    return Reconciliation(_those(sales, sold & known), ours, theirs, _those(sales, sold & ~known))


def _those(known: Labelled, chosen: Bools) -> tuple[str, ...]:
    """The months that are chosen."""
    return tuple(month for month, flag in zip(known.axes["month"], chosen.tolist(), strict=True) if flag)


def sold_months(inputs: Inputs, column: str = "revenue") -> Labelled:
    """Revenue (or `cost`) of the sales tables by closed month; not known where that of some sales is not."""
    return Labelled(sold_amounts(inputs, column), month=inputs.history.months)


def years_before(months: Iterable[str]) -> tuple[str, ...]:
    """The same months of the year before."""
    return tuple(map(year_before, months))
