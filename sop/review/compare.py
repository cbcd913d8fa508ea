"""Two plans side by side: on their common months, measure by measure, and in headline measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sop.core.inputs import Budget, Inputs
from sop.core.measures import MEASURES, NEAR
from sop.core.money import to_minor
from sop.core.plan import Plan
from sop.review.headline import read_headline

Headline = Mapping[str, float | int | None]


def common_months(plan: Plan, base: Plan) -> tuple[str, ...]:
    """Months that both plans cover, in order."""
    return tuple(month for month in plan.months if month in set(base.months))


def values_on(plan: Plan, months: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Every measure of a plan on some of its months."""
    at = [plan.months.index(month) for month in months]
    return {key: block.values[..., at] for key, block in plan.blocks.items()}


def headline_on(plan: Plan, months: Sequence[str], made_to_order: Sequence[str]) -> Headline:
    """Headline measures of a plan over the first twelve of `months`, which it must cover."""
    names = plan.names("consensus_demand")
    return read_headline(values_on(plan, months[:NEAR]), np.array([name in made_to_order for name in names]))


def near_months(plan: Plan) -> tuple[str, ...]:
    """The months that headlines cover."""
    return plan.months[:NEAR]


def headline_of_base(plan: Plan, base: Plan | None, made_to_order: Sequence[str]) -> Headline:
    """Headline measures of the base plan on this plan's next twelve months; empty where it does not cover them."""
    if base is None or not set(near_months(plan)) <= set(base.months):
        return {}
    return headline_on(base, near_months(plan), made_to_order)


def headline_of_budget(inputs: Inputs) -> Headline:
    """Headline measures of the budget for the next twelve months; None where it does not cover them all."""
    months = inputs.calendar.months[:NEAR]
    return {
        "revenue": _budget_sum(inputs.budget, "revenue", months),
        "gross_margin": _budget_sum(inputs.budget, "gross_margin", months),
        "ebit": _ledger_ebit(inputs, months),
        "cash": _ledger_low(inputs, "cash", months),
    }


def budget_by_month(inputs: Inputs, months: Sequence[str]) -> NDArray[np.float64]:
    """Budget revenue of each month in currency; not-a-number where the budget has no such month."""
    budget = inputs.budget
    if budget is None:
        return np.full(len(months), np.nan)
    total = np.where(np.isfinite(budget.revenue).any(axis=(0, 1)), np.nansum(budget.revenue, axis=(0, 1)), np.nan)
    at = dict(zip(budget.months, total, strict=True))
    return np.array([at.get(month, np.nan) for month in months])


def _budget_sum(budget: Budget | None, column: str, months: Sequence[str]) -> int | None:
    values = getattr(budget, column) if budget is not None else None
    if budget is None or values is None or not set(months) <= set(budget.months):
        return None
    at = [budget.months.index(month) for month in months]
    known = values[..., at]
    return int(to_minor(np.nansum(known))) if np.isfinite(known).any(axis=(0, 1)).all() else None


def _ledger_budget(inputs: Inputs, line: str, months: Sequence[str]) -> NDArray[np.float64] | None:
    ledger = inputs.ledger
    if ledger is None or line not in ledger.budget or not set(months) <= set(ledger.months):
        return None
    values = ledger.budget[line][[ledger.months.index(month) for month in months]]
    return values if np.isfinite(values).all() else None


def _ledger_ebit(inputs: Inputs, months: Sequence[str]) -> int | None:
    """Budgeted revenue less cost of sales, operating cost and depreciation, where the ledger budgets them all."""
    revenue, cost, operating = (
        _ledger_budget(inputs, line, months) for line in ("revenue", "cost_of_sales", "operating_cost")
    )
    if revenue is None or cost is None or operating is None:
        return None
    depreciation = _ledger_budget(inputs, "depreciation", months)
    return int(to_minor((revenue - cost - operating - (0 if depreciation is None else depreciation)).sum()))


def _ledger_low(inputs: Inputs, line: str, months: Sequence[str]) -> int | None:
    values = _ledger_budget(inputs, line, months)
    return None if values is None else int(to_minor(values.min()))


def compare_plans(plan: Plan, base: Plan) -> pd.DataFrame:
    """Every line of two plans on their common months.

    Columns: plan, measure, label, unit, family, region, resource, month, agreed, proposed, difference. Money in
    currency. A line that only one plan has counts as zero in the other where that plan has the measure and it is
    a flow (a new family sells nothing in the old plan); otherwise it is left empty.
    """
    keys = ["plan", "measure", "family", "region", "resource", "month", "unit"]
    months = set(common_months(plan, base))
    now = plan.frame[plan.frame["month"].isin(months)].rename(columns={"value": "proposed"})
    was = base.frame[base.frame["month"].isin(months)].rename(columns={"value": "agreed"})
    both = was.merge(now, on=keys, how="outer")
    flows = both["measure"].isin([entry.key for entry in MEASURES if entry.kind == "flow"])
    for column, side in (("agreed", base), ("proposed", plan)):
        known = flows & both["measure"].isin(list(side.blocks))
        both[column] = both[column].where(both[column].notna() | ~known, 0.0)
    both["difference"] = both["proposed"] - both["agreed"]
    labels = {entry.key: entry.label for entry in MEASURES}
    both.insert(2, "label", both["measure"].map(labels))
    order = {entry.key: i for i, entry in enumerate(MEASURES)}
    both["_order"] = both["measure"].map(order)
    return (
        both.sort_values(["_order", "family", "region", "resource", "month"])
        .drop(columns="_order")
        .reset_index(drop=True)
    )
