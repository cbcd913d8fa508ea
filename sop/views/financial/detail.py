"""The Financial page's tables of families, of what decisions cost, and of the books beside the sales tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sop.core.calendar import period_name, worded
from sop.core.format import does, how_many, percent
from sop.core.inputs import Inputs, Ints
from sop.core.plan import Plan
from sop.core.present import Col, Declared, Figure, PlanTable, difference
from sop.core.register import Assumptions
from sop.core.words import Money
from sop.finance.cost_basis import LEDGER, Compared, CostBasis
from sop.finance.explained import plan_trade
from sop.finance.landing import LINES
from sop.finance.ledger import LedgerGap, ledger_gaps, reconcile_cost, reconcile_sales, reconcile_stock
from sop.finance.side_by_side import decision_costs
from sop.views.financial.walks import COST_LINES, SHOWN_ITEMS, sum_of

SOONEST = 3
"""Months of the plan that stand beside its year where costs of decisions are shown."""


def families_table(inputs: Inputs, plan: Plan, base: Plan | None) -> PlanTable:
    """Units, revenue and margin at standard of each family, next twelve months; they add up to the company."""
    months, names = plan.months[: plan.calendar.year], inputs.families.names
    trade, shape = plan_trade(plan, months), (len(names), len(inputs.regions))
    priced = np.all(np.isfinite(trade.revenue).reshape(shape), axis=1).tolist()
    units, revenue = trade.units.reshape(shape).sum(axis=1), trade.revenue.reshape(shape).sum(axis=1)
    margin = None if trade.cost is None else revenue - trade.cost.reshape(shape).sum(axis=1)
    agreed, everything = _agreed_revenue(base, names, months), range(len(names))

    def earned(at: Sequence[int]) -> int | None:
        return sum_of(revenue, at) if all(priced[f] for f in at) else None

    def margin_of(at: Sequence[int]) -> int | None:
        return None if margin is None or earned(at) is None else sum_of(margin, at)

    def share(at: Sequence[int]) -> float | None:
        of, left = earned(at), margin_of(at)
        return left / of if of and left is not None else None

    def to_agreed(at: Sequence[int]) -> float | None:
        return difference(earned(at), sum_of(agreed, at) if agreed is not None else None)

    return Declared[Sequence[int]](
        f"Families, next {plan.near_text}",
        (
            Col("Family", "text", lambda at: names[at[0]] if at is not everything else "All"),
            # Units of different families are not added up.
            Col("Units shipped", "units", lambda at: float(units[at[0]]) if len(at) == 1 else None),
            Col("Revenue", "money", earned),
            Col("To agreed", "money", to_agreed, signed=True, better=1),
            Col("Margin at standard", "money", margin_of),
            Col("Margin of revenue", "percent", share),
        ),
    ).of([*([f] for f in everything), everything])


def _agreed_revenue(base: Plan | None, names: Sequence[str], months: Sequence[str]) -> Ints | None:
    """Revenue of each family in another plan (F,); None where it does not know that of all months and families."""
    if (
        base is None
        or not base.has_revenue
        or not set(months) <= set(base.months)
        or set(base.names("revenue")) != set(names)
    ):
        return None
    rows = [base.names("revenue").index(name) for name in names]
    columns = [base.months.index(month) for month in months]
    found: Ints = base.by_family("revenue")[np.ix_(rows, columns)].sum(axis=1)
    return found


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
        sums = (sum(amount for name, amount in costs.items() if name != CARRYING) for costs in (near, year))
        rows.append(("Period variances", *sums))
    if CARRYING in year:
        rows.append((f"{CARRYING}, {percent(rate)} a year, not in EBIT", near[CARRYING], year[CARRYING]))
    return PlanTable(
        "What decisions cost",
        (
            Col("Decision", "text"),
            Col(worded(f"Next {SOONEST} months"), "small_money", signed=True, better=-1),
            Col(f"Next {plan.near_text}", "small_money", signed=True, better=-1),
        ),
        tuple(rows),
        FROZEN,
    )


CARRYING = "Carrying stock"

FAR = 0.05
"""Share by which cost of sales may differ between sales tables and ledger without a word."""


def reconciliation_table(inputs: Inputs) -> PlanTable:
    """Revenue of the sales tables and of the ledger, the last twelve months that both know, and the difference."""
    found, near = reconcile_sales(inputs), inputs.calendar.year
    sides = [values[-near:] for values in (found.sales, found.difference, found.ledger)]
    rows: list[tuple[Figure, ...]] = list(zip(map(period_name, found.months[-near:]), *sides, strict=True))
    if rows:
        rows.append(("All", *map(sum, sides)))
    return PlanTable(
        "Sales tables against the ledger",
        (
            Col(worded("Month"), "text"),
            Col("Sales tables", "small_money"),
            Col(LINES["not_in_sales"], "small_money", signed=True),
            Col("Ledger", "small_money"),
        ),
        tuple(rows),
        "The ledger has no revenue.",
    )


def cost_table(basis: CostBasis) -> PlanTable:
    """Cost of sales and stock by the tables and in the ledger, and how far they are apart."""
    return Declared[Compared](
        "Cost and stock by the tables and in the ledger",
        (
            Col("What", "text", lambda each: each.name.capitalize()),
            Col(worded("Months"), "text", lambda each: _span(each.months)),
            Col("Tables", "money", lambda each: each.tables),
            Col("Ledger", "money", lambda each: each.ledger),
            Col("Difference", "money", lambda each: each.difference, signed=True),
            Col("of the tables", "percent", lambda each: each.share, signed=True),
        ),
        "The ledger has neither cost of sales nor the value of stock, or the tables have no unit cost.",
    ).of(each for each in (basis.cost, basis.stock) if each is not None)


def cost_table_note(basis: CostBasis) -> str:
    """What follows from the comparison of cost and stock, in a sentence."""
    if basis.chosen:
        counts = "Those of the ledger count" if basis.chosen == LEDGER else "Those of the tables count"
        return f"{counts}, as finance has chosen"
    if basis.why:
        return (
            f"Apart by more than {percent(basis.tolerance)}: what rests on them is not known until finance chooses"
        )
    return f"The tables count: apart by no more than {percent(basis.tolerance)}"


def reconciliation_note(inputs: Inputs) -> str:
    """Closed months with sales of which the ledger has no revenue; empty where there is none."""
    lost = reconcile_sales(inputs).not_in_ledger
    if not lost or not reconcile_sales(inputs).months:
        return ""
    names = ", ".join(period_name(month) for month in lost[-SHOWN_ITEMS:])
    return f"The ledger has no revenue for {names}."


def ledger_table(inputs: Inputs) -> PlanTable:
    """Lines of the ledger against the ledger's budget, over the closed months that have both."""
    return Declared[LedgerGap](
        "Ledger against its budget",
        (
            Col("Line", "text", lambda gap: LEDGER_NAMES[gap.line]),
            Col(worded("Months"), "text", lambda gap: _span(gap.months)),
            Col("How many", "units", lambda gap: len(gap.months)),
            Col("Actual", "money", lambda gap: gap.actual),
            Col("Budget", "money", lambda gap: gap.budget),
            Col("To budget", "money", lambda gap: gap.gap, signed=True),
        ),
        worded("The ledger has no budget of closed months."),
    ).of(ledger_gaps(inputs), lambda gap: -1 if gap.line in COST_LINES else 1)


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
    return worded(
        f"Cost of sales of the last {how_many(len(cost.months[-near:]), 'months')} that both know is "
        f"{money(sold)} in the "
        f"sales tables and {money(booked)} in the ledger; the plan follows the products' standard cost, as the "
        "sales tables do. Check unit_cost in products and the accounts of cost of sales.",
        counted=True,
    )


def stock_note(inputs: Inputs, money: Money) -> str:
    """That the ledger values stock otherwise than its units at standard cost; empty where they are close."""
    stock = reconcile_stock(inputs)
    if not stock.months or abs(stock.difference[-1]) <= FAR * abs(stock.sales[-1]):
        return ""
    return (
        f"Stock at the end of {period_name(stock.months[-1])} is {money(stock.sales[-1])} as units at standard "
        f"cost and {money(stock.ledger[-1])} in the ledger; the plan goes on from the units. Check unit_cost in "
        "products and the accounts of inventory."
    )


def operating_cost_note(plan: Plan) -> str:
    """Which way other operating cost is planned, and why; empty where it is not, or the plan was read back."""
    way = plan.detail.ways.get("operating_cost", "")
    return f"Other operating cost: {way[0].lower()}{way[1:]}" if way and "operating_cost" in plan else ""


def ledger_notes(inputs: Inputs) -> Iterator[str]:
    """What the ledger cannot tell: months without a budget, and accounts that have no line."""
    gap = next((gap for gap in ledger_gaps(inputs) if gap.line == "revenue"), None)
    if gap is not None and gap.without_budget:
        yield worded(
            f"{how_many(len(gap.without_budget), 'closed months', 'have')} no budget in the ledger and "
            f"are not compared.",
            counted=True,
        )
    unmapped = inputs.ledger.unmapped if inputs.ledger is not None else ()
    if unmapped:
        names = ", ".join(unmapped[:5]) + (" …" if len(unmapped) > 5 else "")
        yield (
            f"{how_many(len(unmapped), 'accounts', 'have')} no line and {does(len(unmapped), 'count')} nowhere: "
            f"{names}. Map them on the Data page, table account_map."
        )
