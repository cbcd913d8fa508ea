"""The budget of each line of money by month: that of the budget table where it has the line, else the ledger's.

Every page reads the budget here, so that a target on one is the budget on another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop.core.arrays import Labelled
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR, to_minor

LEDGER_OF = {"stock_value": "inventory_value", "total_revenue": "revenue"}
"""Names in the ledger of measures that the plan calls by another."""


def budget_of(inputs: Inputs, key: str, months: Sequence[str]) -> Floats:
    """The budget of a measure of money in some months, minor units; not-a-number where it has none.

    Cost of sales is what the budget table's revenue leaves above its margin; EBIT is the margin less the ledger's
    budget of operating cost and depreciation, without depreciation where none is budgeted.
    """
    if key == "ebit":
        depreciation = np.nan_to_num(_ledger(inputs, "depreciation", months))
        return budget_of(inputs, "gross_margin", months) - _ledger(inputs, "operating_cost", months) - depreciation
    revenue, margin = _table(inputs, "revenue", months), _table(inputs, "gross_margin", months)
    if key == "total_revenue" and revenue is not None:
        return revenue
    if key == "gross_margin" and margin is None:
        return budget_of(inputs, "total_revenue", months) - budget_of(inputs, "cost_of_sales", months)
    if key == "gross_margin" and margin is not None:
        return margin
    if key == "cost_of_sales" and revenue is not None and margin is not None:
        return revenue - margin
    return _ledger(inputs, LEDGER_OF.get(key, key), months)


def _table(inputs: Inputs, column: str, months: Sequence[str]) -> Floats | None:
    """A column of the budget table (T,); None where it is not loaded. A month counts where some of it is known."""
    budget = inputs.budget
    values = None if budget is None else getattr(budget, column)
    if budget is None or values is None:
        return None
    known = np.isfinite(values).any(axis=(0, 1))
    total = to_minor(np.nan_to_num(values)).sum(axis=(0, 1))
    return Labelled(np.where(known, total, np.nan), month=budget.months).on(month=months).values


def _ledger(inputs: Inputs, line: str, months: Sequence[str]) -> Floats:
    ledger = inputs.ledger
    if ledger is None or line not in ledger.budget:
        return np.full(len(months), np.nan)
    return Labelled(ledger.budget[line] * MINOR, month=ledger.months).on(month=months).values
