"""Two plans side by side: on their common months, measure by measure, and in headline measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sop.analysis.headline import read_headline
from sop.core.inputs import Inputs
from sop.core.measures import MEASURES
from sop.core.plan import Block, Plan
from sop.facts.actuals import budget_of

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
    near, order = plan.calendar.year, np.array([name in made_to_order for name in names])
    return read_headline(values_on(plan, months[:near]), order, near)


def near_months(plan: Plan) -> tuple[str, ...]:
    """The months that headlines cover."""
    return plan.months[: plan.calendar.year]


def headline_of_base(plan: Plan, base: Plan | None, made_to_order: Sequence[str]) -> Headline:
    """Headline measures of the base plan on this plan's next twelve months; empty where it does not cover them.

    Cash is compared only where both count the same: after taxes and financing, or before them; service where this
    plan counts it as today.
    """
    if base is None or not set(near_months(plan)) <= set(base.months):
        return {}
    found = headline_on(base, near_months(plan), made_to_order)
    unlike = (
        plan.counted_otherwise if base.cash_is_whole is plan.cash_is_whole else ("cash", *plan.counted_otherwise)
    )
    return {key: None if key in unlike else value for key, value in found.items()}


def headline_of_budget(inputs: Inputs, *, months: Sequence[str] | None = None, cash: bool = True) -> Headline:
    """Headline measures of the budget for twelve months, the next unless `months` says which; None where it does
    not cover them all.

    Budgeted cash is after all that is paid: without `cash`, for a plan of operating cash, it is left out.
    """
    months = inputs.calendar.months[: inputs.calendar.year] if months is None else months
    lines = {"revenue": "total_revenue", "gross_margin": "gross_margin", "ebit": "ebit"}
    year = {headline: _whole(budget_of(inputs, key, months).sum()) for headline, key in lines.items()}
    return {**year, "cash": _whole(budget_of(inputs, "cash", months).min()) if cash else None}


def _whole(amount: float) -> int | None:
    """Whole minor units; None for what is not known."""
    return round(amount) if np.isfinite(amount) else None


def _as_coarse_as(base: Plan, plan: Plan) -> Plan:
    """A plan whose regions and lines are added up where the base plan, agreed elsewhere, does not name them."""
    coarse = {
        key: Block(plan[key].sum(axis=1, keepdims=True), (plan.names(key), base.names(key, 1)))
        for key, block in base.blocks.items()
        if key in plan and len(block.names) == 2 and block.names[1] == ("",)
    }
    return replace(plan, blocks={**plan.blocks, **coarse}) if coarse else plan


def compare_plans(plan: Plan, base: Plan) -> pd.DataFrame:
    """Every line of two plans on their common months.

    Columns: plan, measure, label, unit, family, region, resource, month, agreed, proposed, difference. Money in
    currency. A line that only one plan has counts as zero in the other where that plan has the measure and it is
    a flow (a new family sells nothing in the old plan); otherwise it is left empty. What the base plan has for all
    regions or lines together is compared with their sum.
    """
    plan = _as_coarse_as(base, plan)
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
