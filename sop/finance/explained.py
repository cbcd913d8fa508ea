"""Which gaps a company can explain: plan against budget, plan against last year, and last year against before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import worded
from sop.core.inputs import Budget, Floats, Inputs, Ints
from sop.core.money import to_minor
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.finance.currency import plan_rates, rate_effect
from sop.finance.gap import Gap, ItemGaps, Trade, explain_items, explain_margin
from sop.finance.ledger import known_months, whole_sum
from sop.finance.pnl import build_cost_of_sales


@dataclass(frozen=True)
class BudgetGap:
    """A plan against the budget over the `months` that both have, minor units.

    `items`: revenue by family and region. `profit` is explained down to `profit_name` (gross margin or EBIT), None
    where the budget stops at revenue.
    `without_budget`: planned months asked for that have none. `why` says what is not known.
    """

    months: tuple[str, ...]
    items: ItemGaps
    profit: Gap | None
    profit_name: str
    without_budget: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def revenue(self) -> Gap:
        """The gap of all revenue."""
        return self.items.gap


def budget_gap(inputs: Inputs, plan: Plan, months: Sequence[str]) -> BudgetGap | None:
    """The gap to the budget over planned `months`, by family and region.

    None where none of them has a budget by family and in units of all that is sold, or the plan's revenue is not
    known.
    """
    budget = inputs.budget
    have = () if budget is None else tuple(m for m in months if m in _budgeted(budget))
    if budget is None or not (budget.by_family and budget.is_whole) or not have or not plan.has_revenue:
        return None
    at = [budget.months.index(month) for month in have]
    if (np.isfinite(budget.revenue[..., at]) & ~np.isfinite(budget.quantity[..., at])).any():
        return None
    now, base = plan_trade(plan, have), budget_trade(budget, have)
    items = explain_items(_repeated(inputs.families.names, inputs), now, base)
    profit, name, why = _profit(inputs, plan, _margin(plan, now, base, have), have)
    if now.cost is None and profit is not None:
        why = (*why, "the plan keeps no cost by family, so that volume, mix and price are told of revenue alone")
    if inputs.exchange is not None:
        why = (*why, "the budget states no exchange rates, so currency is within price")
    return BudgetGap(have, items, profit, name, tuple(m for m in months if m not in have), why)


def _budgeted(budget: Budget) -> set[str]:
    """Months of which revenue is budgeted, and not of some families alone."""
    some = np.any(np.isfinite(budget.revenue), axis=(0, 1)).tolist()
    return {month for month, here in zip(budget.months, some, strict=True) if here} - {*budget.partial}


def plan_trade(plan: Plan, months: Sequence[str]) -> Trade:
    """What a plan sells over some of its months by family and region (F·R,); cost where the plan knows it."""
    at = [plan.months.index(month) for month in months]
    units, unit_cost = plan["shipments"][..., at], plan.detail.unit_cost
    cost = None
    if unit_cost is not None and "cost_of_sales" in plan:
        cost = build_cost_of_sales(units, np.nan_to_num(unit_cost[:, at]))
    return Trade(
        _flat(units).astype(float), _flat(plan["revenue"][..., at]), None if cost is None else _flat(cost)
    )


def budget_trade(budget: Budget, months: Sequence[str]) -> Trade:
    """What is budgeted over some months by family and region (F·R,); cost where a gross margin is budgeted."""
    at = [budget.months.index(month) for month in months]
    revenue = _minor(budget.revenue[..., at])
    margin = budget.gross_margin
    cost = None
    if margin is not None and np.isfinite(margin[..., at])[np.isfinite(budget.revenue[..., at])].all():
        cost = _flat(revenue - _minor(margin[..., at]))
    return Trade(_flat(np.nan_to_num(budget.quantity[..., at])), _flat(revenue), cost)


def _margin(plan: Plan, now: Trade, base: Trade, months: Sequence[str]) -> Gap | None:
    """The gap of the margin at standard; of revenue and cost as a whole where the plan keeps no cost by family."""
    if base.cost is None or "cost_of_sales" not in plan:
        return None
    if now.cost is not None:
        return explain_margin(now, base)
    cost = int(plan["cost_of_sales"][[plan.months.index(month) for month in months]].sum())
    steps = {"Revenue": int(now.revenue.sum() - base.revenue.sum()), "Cost": int(base.cost.sum()) - cost}
    return Gap(int(base.margin.sum()), int(now.revenue.sum()) - cost, steps)


def _profit(
    inputs: Inputs, plan: Plan, margin: Gap | None, months: tuple[str, ...]
) -> tuple[Gap | None, str, tuple[str, ...]]:
    """From the margin at standard to gross margin and, where the ledger budgets it, to EBIT."""
    if margin is None:
        return None, "", ("no gross margin is budgeted or planned",)
    gross = _revalued(_onward(margin, plan, months, {"period_variance": 0}), plan, months)
    operating = whole_sum(known_months(inputs.ledger, "operating_cost", "budget"), months)
    if operating is None or "ebit" not in plan:
        return gross, "gross margin", (worded("no operating cost is budgeted for all of these months"),)
    depreciation = whole_sum(known_months(inputs.ledger, "depreciation", "budget"), months) or 0
    below = {"launch_spend": 0, "initiative_cost": 0, "operating_cost": operating, "depreciation": depreciation}
    gap = _onward(gross, plan, months, below)
    spends = any(gap.steps[NAMES[key]] for key in ("launch_spend", "initiative_cost"))
    return gap, "EBIT", (WITHIN_OPERATING,) if spends else ()


WITHIN_OPERATING = (
    "the budget names no spend on launches and initiatives: what it has for them is in operating cost"
)


NAMES = {
    "period_variance": "Variances",
    "launch_spend": "Launch spend",
    "initiative_cost": "Initiative spend",
    "operating_cost": "Operating cost",
    "depreciation": "Depreciation",
}


def _onward(gap: Gap, plan: Plan, months: Sequence[str], costs: dict[str, int]) -> Gap:
    """A gap carried below further costs: plan line → what is budgeted for it over the months."""
    at = [plan.months.index(month) for month in months]
    planned = {key: int(plan[key][at].sum()) if key in plan else 0 for key in costs}
    steps = {NAMES[key]: budgeted - planned[key] for key, budgeted in costs.items()}
    return Gap(gap.base - sum(costs.values()), gap.now - sum(planned.values()), {**gap.steps, **steps})


def _revalued(gap: Gap, plan: Plan, months: Sequence[str]) -> Gap:
    """A gap carried on by the revaluation of stock, which nobody budgets; as it is where the plan has none."""
    if "revaluation" not in plan:
        return gap
    amount = int(plan["revaluation"][[plan.months.index(month) for month in months]].sum())
    steps = {**gap.steps, "Revaluation of stock": amount}
    return Gap(gap.base, gap.now + amount, steps)


# -- years


def plan_year_items(inputs: Inputs, plan: Plan, assumptions: Assumptions) -> ItemGaps | None:
    """Revenue of the plan's next year against the same months of the year before, by family and region.

    None where the history is shorter than a year, or revenue is not known on both sides.
    """
    year = min(plan.calendar.year, plan.calendar.horizon)
    start = len(inputs.history.months) - plan.calendar.year
    before = slice(start, start + year)
    if not inputs.knows_years() or not plan.has_revenue or inputs.revenue_lost[..., before].any():
        return None
    now, effect = plan["revenue"][..., :year], None
    if inputs.exchange is not None:
        rates = plan_rates(inputs.exchange, assumptions)[:, :year]
        effect = _flat(rate_effect(now, inputs.exchange.rate_history[:, before], rates))
    base = Trade(
        _flat(np.nan_to_num(inputs.shipped_by_family[..., before])),
        _flat(_minor(inputs.revenue_by_family[..., before])),
    )
    trade = Trade(_flat(plan["shipments"][..., :year]).astype(float), _flat(now))
    return explain_items(_repeated(inputs.families.names, inputs), trade, base, effect)


def actual_year_gap(inputs: Inputs) -> Gap | None:
    """Revenue of the last twelve closed months against the twelve before, as `actual_year_items` has it."""
    items = actual_year_items(inputs)
    return None if items is None else items.gap


def actual_year_items(inputs: Inputs) -> ItemGaps | None:
    """Revenue of the last twelve closed months against the twelve before, by product and region.

    None where the history is shorter than two years, or some of its revenue is not known.
    """
    history, year = inputs.history, inputs.calendar.year
    if not inputs.knows_years(2) or inputs.revenue_lost[..., -2 * year :].any():
        return None
    now, before = slice(-year, None), slice(-2 * year, -year)
    revenue, effect = _minor(history.revenue[..., now]), None
    if inputs.exchange is not None:
        rates = inputs.exchange.rate_history
        effect = _flat(rate_effect(revenue, rates[:, before], rates[:, now]))
    trade = Trade(_flat(np.nan_to_num(history.shipped[..., now])), _flat(revenue))
    base = Trade(_flat(np.nan_to_num(history.shipped[..., before])), _flat(_minor(history.revenue[..., before])))
    return explain_items(_repeated(_product_labels(inputs), inputs), trade, base, effect)


def _product_labels(inputs: Inputs) -> tuple[str, ...]:
    """Products by name, with the number where several have the same one."""
    products = inputs.products
    often = Counter(products.names)
    return tuple(
        name if often[name] == 1 else f"{name} ({number})"
        for name, number in zip(products.names, products.numbers, strict=True)
    )


def _repeated(names: Sequence[str], inputs: Inputs) -> tuple[str, ...]:
    """Each name once for every region, in the order of flattened (name, region)."""
    return tuple(name for name in names for _ in inputs.regions)


def _minor(values: Floats) -> Ints:
    """Currency as minor units; what is not known counts as nothing."""
    return to_minor(np.nan_to_num(values))


def _flat(values: np.ndarray) -> np.ndarray:
    """Months added up and the other axes made one: (…, T) → (n,)."""
    return values.sum(axis=-1).ravel()
