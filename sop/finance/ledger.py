"""The ledger beside the plan: its gap to the budget, and what of its revenue the sales tables do not have.

Amounts are whole minor units. A month counts only where every side of a comparison knows it; the months that do
not count are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import year_before
from sop.core.inputs import Floats, Inputs, Ledger
from sop.facts.actuals import by_month, sold_amounts

PROFIT_LINES = {"revenue": 1, "cost_of_sales": -1, "operating_cost": -1, "depreciation": -1}
"""Lines of the ledger that make up profit, and whether they add to it."""

DERIVED = {
    "gross_margin": ("revenue", "cost_of_sales"),
    "ebit": ("revenue", "cost_of_sales", "operating_cost", "depreciation"),
}
"""Lines that follow from others."""

Known = Mapping[str, int]
"""Month → amount in minor units, of the months that are known."""


def known_months(ledger: Ledger | None, line: str, side: str = "actual") -> dict[str, int]:
    """Amounts of a line by month, `side` actual or budget; derived lines where all their parts are known.

    A missing depreciation line is taken as none, because many ledgers hold it within operating cost.
    """
    if ledger is None:
        return {}
    if line not in DERIVED:
        return _line(ledger, line, side)
    parts = [part for part in DERIVED[line] if part != "depreciation" or part in getattr(ledger, side)]
    amounts = {part: _line(ledger, part, side) for part in parts}
    months = set.intersection(*(set(found) for found in amounts.values()))
    return {m: sum(PROFIT_LINES[part] * amounts[part][m] for part in parts) for m in sorted(months)}


def _line(ledger: Ledger, line: str, side: str) -> dict[str, int]:
    values: Floats | None = getattr(ledger, side).get(line)
    if values is None:
        return {}
    return {m: round(float(v) * 100) for m, v in zip(ledger.months, values, strict=True) if np.isfinite(v)}


@dataclass(frozen=True)
class LedgerGap:
    """A line's actual against its budget over the closed `months` that have both, minor units.

    `without_budget`: closed months that have an actual and no budget; `without_actual`: the other way round.
    """

    line: str
    months: tuple[str, ...]
    actual: int
    budget: int
    without_budget: tuple[str, ...]
    without_actual: tuple[str, ...]

    @property
    def gap(self) -> int:
        """Actual minus budget."""
        return self.actual - self.budget


def ledger_gaps(inputs: Inputs) -> tuple[LedgerGap, ...]:
    """Every profit line of the ledger against its budget in closed months; lines without a budget are left out."""
    found = (_gap(inputs, line) for line in (*PROFIT_LINES, *DERIVED))
    return tuple(gap for gap in found if gap.months)


def _gap(inputs: Inputs, line: str) -> LedgerGap:
    actual = known_months(inputs.ledger, line)
    budget = {
        m: v for m, v in known_months(inputs.ledger, line, "budget").items() if inputs.calendar.position(m) < 0
    }
    months = tuple(m for m in actual if m in budget)
    return LedgerGap(
        line,
        months,
        sum(actual[m] for m in months),
        sum(budget[m] for m in months),
        tuple(m for m in actual if m not in budget),
        tuple(m for m in budget if m not in actual),
    )


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


def _reconcile(sales: Known, ledger: Known) -> Reconciliation:
    months = tuple(m for m in sales if m in ledger)
    return Reconciliation(
        months,
        tuple(sales[m] for m in months),
        tuple(ledger[m] for m in months),
        tuple(m for m in sales if m not in ledger),
    )


def sold_months(inputs: Inputs, column: str = "revenue") -> dict[str, int]:
    """Revenue (or `cost`) of the sales tables by closed month; left out where that of some sales is not known."""
    known = by_month(inputs.history.months, sold_amounts(inputs, column))
    return {month: round(amount) for month, amount in known.items()}


def sum_known(known: Known, months: Iterable[str]) -> int | None:
    """The sum over some months; None where one of them is not known."""
    wanted = tuple(months)
    return sum(known[m] for m in wanted) if all(m in known for m in wanted) else None


def years_before(months: Iterable[str]) -> tuple[str, ...]:
    """The same months of the year before."""
    return tuple(map(year_before, months))
