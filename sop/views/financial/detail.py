"""The Financial page's tables of families, of what decisions cost, and of the books beside the sales tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sop.core.calendar import period_name
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.present import Figure, PlanTable, TableColumn, difference
from sop.core.register import Assumptions
from sop.core.words import Money
from sop.finance.explained import plan_trade
from sop.finance.landing import LINES
from sop.finance.ledger import ledger_gaps, reconcile_cost, reconcile_sales
from sop.finance.side_by_side import decision_costs
from sop.views.financial.walks import COST_LINES, SHOWN_ITEMS, sum_of

SOONEST = 3
"""Months of the plan that stand beside its year where costs of decisions are shown."""


def families_table(inputs: Inputs, plan: Plan, base: Plan | None) -> PlanTable:
    """Units, revenue and margin at standard of each family, next twelve months; they add up to the company."""
    months = plan.months[: plan.calendar.year]
    trade = plan_trade(plan, months)
    names, regions = inputs.families.names, len(inputs.regions)
    shape = (len(names), regions)
    units, revenue = trade.units.reshape(shape).sum(axis=1), trade.revenue.reshape(shape).sum(axis=1)
    cost = None if trade.cost is None else trade.cost.reshape(shape).sum(axis=1)
    agreed = _agreed_revenue(base, names, months)
    rows = []
    for name, at in (*((name, [f]) for f, name in enumerate(names)), ("All", list(range(len(names))))):
        earned, margin = sum_of(revenue, at), None if cost is None else sum_of(revenue - cost, at)
        then = None if agreed is None else sum(agreed[f] for f in at)
        share = margin / earned if margin is not None and earned else None
        rows.append((name, float(units[at].sum()), earned, difference(earned, then), margin, share))
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Units shipped"),
        TableColumn("Revenue", "money"),
        TableColumn("To agreed", "money", True, 1),
        TableColumn("Margin at standard", "money"),
        TableColumn("Margin of revenue", "percent"),
    )
    return PlanTable("Families, next 12 months", columns, tuple(rows))


def _agreed_revenue(base: Plan | None, names: Sequence[str], months: Sequence[str]) -> list[int] | None:
    """Revenue of each family in another plan (F,); None where it does not cover the months and families."""
    if base is None or not set(months) <= set(base.months) or set(base.names("revenue")) != set(names):
        return None
    values = base.by_family("revenue")[:, [base.months.index(month) for month in months]].sum(axis=1)
    return [int(values[base.names("revenue").index(name)]) for name in names]


FROZEN = "What decisions cost is known for plans computed now, not for frozen ones."


def decisions_table(plan: Plan, assumptions: Assumptions) -> PlanTable:
    """What the plan's decisions cost beyond standard, the dearest first; all of it is the plan's period variance.

    Carrying stock stands below the sum: it is no line of the profit and loss.
    """
    rate = assumptions.value("carrying_rate")
    near, year = (decision_costs(plan, plan.months[:months], rate) for months in (SOONEST, plan.calendar.year))
    beyond = sorted((name for name in year if name != CARRYING), key=lambda name: -abs(year[name]))
    rows: list[tuple[Figure, ...]] = [(name, near[name], year[name]) for name in beyond]
    if year:
        rows.append(("Period variances", _beyond(near), _beyond(year)))
    if CARRYING in year:
        rows.append((f"{CARRYING}, {rate:.0%} a year, not in EBIT", near[CARRYING], year[CARRYING]))
    columns = (
        TableColumn("Decision", "text"),
        TableColumn(f"Next {SOONEST} months", "small_money", True, -1),
        TableColumn("Next 12 months", "small_money", True, -1),
    )
    return PlanTable("What decisions cost", columns, tuple(rows), FROZEN)


CARRYING = "Carrying stock"

FAR = 0.05
"""Share by which cost of sales may differ between sales tables and ledger without a word."""


def _beyond(costs: Mapping[str, int]) -> int:
    return sum(amount for name, amount in costs.items() if name != CARRYING)


def reconciliation_table(inputs: Inputs) -> PlanTable:
    """Revenue of the sales tables and of the ledger, the last twelve months that both know, and the difference."""
    found, near = reconcile_sales(inputs), inputs.calendar.year
    sides = [values[-near:] for values in (found.sales, found.difference, found.ledger)]
    rows: list[tuple[Figure, ...]] = list(zip(map(period_name, found.months[-near:]), *sides, strict=True))
    if rows:
        rows.append(("All", *map(sum, sides)))
    columns = (
        TableColumn("Month", "text"),
        TableColumn("Sales tables", "small_money"),
        TableColumn(LINES["not_in_sales"], "small_money", True),
        TableColumn("Ledger", "small_money"),
    )
    return PlanTable("Sales tables against the ledger", columns, tuple(rows), "The ledger has no revenue.")


def reconciliation_note(inputs: Inputs) -> str:
    """Closed months with sales of which the ledger has no revenue; empty where there is none."""
    lost = reconcile_sales(inputs).not_in_ledger
    if not lost or not reconcile_sales(inputs).months:
        return ""
    names = ", ".join(period_name(month) for month in lost[-SHOWN_ITEMS:])
    return f"The ledger has no revenue for {names}."


def ledger_table(inputs: Inputs) -> PlanTable:
    """Lines of the ledger against the ledger's budget, over the closed months that have both."""
    found = ledger_gaps(inputs)
    rows = tuple(
        (LEDGER_NAMES[gap.line], _span(gap.months), len(gap.months), gap.actual, gap.budget, gap.gap)
        for gap in found
    )
    columns = (
        TableColumn("Line", "text"),
        TableColumn("Months", "text"),
        TableColumn("How many"),
        TableColumn("Actual", "money"),
        TableColumn("Budget", "money"),
        TableColumn("To budget", "money", True),
    )
    better = tuple(-1 if gap.line in COST_LINES else 1 for gap in found)
    empty = "The ledger has no budget of closed months."
    return PlanTable("Ledger against its budget", columns, rows, empty, better)


LEDGER_NAMES = {**LINES, "cost_of_sales": "Cost of sales", "operating_cost": "Operating cost"}


def _span(months: Sequence[str]) -> str:
    first, last = period_name(months[0]), period_name(months[-1])
    return first if first == last else f"{first} – {last}"


def cost_note(inputs: Inputs, money: Money) -> str:
    """That the ledger's cost of sales is another than that of the sales tables; empty where they are close."""
    cost, near = reconcile_cost(inputs), inputs.calendar.year
    sold, booked = sum(cost.sales[-near:]), sum(cost.ledger[-near:])
    if abs(booked - sold) <= FAR * abs(sold):
        return ""
    return (
        f"Cost of sales of the last {len(cost.months[-near:])} months that both know is {money(sold)} in the "
        f"sales tables and {money(booked)} in the ledger; the plan follows the products' standard cost, as the "
        "sales tables do. Check unit_cost in products and the accounts of cost of sales."
    )


def ledger_notes(inputs: Inputs) -> Iterator[str]:
    """What the ledger cannot tell: months without a budget, and accounts that have no line."""
    gap = next((gap for gap in ledger_gaps(inputs) if gap.line == "revenue"), None)
    if gap is not None and gap.without_budget:
        yield f"{len(gap.without_budget)} closed months have no budget in the ledger and are not compared."
    unmapped = inputs.ledger.unmapped if inputs.ledger is not None else ()
    if unmapped:
        names = ", ".join(unmapped[:5]) + (" …" if len(unmapped) > 5 else "")
        yield (
            f"{len(unmapped)} accounts have no line and count nowhere: {names}. Map them on the Data page, "
            "table account_map."
        )
