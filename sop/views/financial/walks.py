"""What the Financial page shows in depth: where the year lands, why it misses its budget, what decisions cost.

Every table and walk here reads the explanations of `sop.finance`, which add up to the cent; nothing is computed
anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from sop.core.calendar import period_name, worded
from sop.core.format import how_many
from sop.core.inputs import Inputs, Ints
from sop.core.plan import Plan
from sop.core.present import Col, Declared, PlanTable, difference
from sop.core.register import Assumptions
from sop.core.words import Money
from sop.finance.explained import (
    actual_year_items,
    budget_gap,
    plan_year_items,
)
from sop.finance.gap import Gap, ItemGaps
from sop.finance.landing import Landing, LandingLine, full_year_landings

SHOWN_ITEMS = 12
"""Products or families that a table names; the others are one line."""


@dataclass(frozen=True)
class Walk:
    """From one amount over named steps to another, minor units: `start` + all `steps` = `total`, to the cent."""

    name: str
    start: tuple[str, int]
    steps: tuple[tuple[str, int], ...]
    end: str

    @property
    def total(self) -> int:
        """The amount that the steps lead to."""
        return self.start[1] + sum(amount for _, amount in self.steps)


def walk_of(gap: Gap, name: str, start: str, end: str) -> Walk:
    """The walk of a gap; steps of nothing are left out."""
    steps = tuple((step, amount) for step, amount in gap.steps.items() if amount)
    return Walk(name, (start, gap.base), steps, end)


def walk_table(walk: Walk) -> PlanTable:
    """A walk as a table: what each step does, and the level that it leads to."""
    levels = accumulate((amount for _, amount in walk.steps), initial=walk.start[1])
    steps: list[tuple[str, int | None]] = [(walk.start[0], None), *walk.steps]
    rows = [(name, amount, level) for (name, amount), level in zip(steps, levels, strict=True)]
    return PlanTable(
        walk.name,
        (Col("Step", "text"), Col("Effect", "money", signed=True, better=1), Col("Level", "money")),
        (*rows, (walk.end, walk.total - walk.start[1], walk.total)),
    )


# -- where the fiscal year lands


def landings(inputs: Inputs, plan: Plan) -> tuple[tuple[PlanTable, str], ...]:
    """A table for each fiscal year that ends within the horizon, with a note on months that are not known."""
    return tuple((_landing_table(found), _unknown(found)) for found in full_year_landings(inputs, plan))


def _landing_table(found: Landing) -> PlanTable:
    return Declared[LandingLine](
        f"Fiscal year {year_name(found.months)}",
        (
            Col("Line", "text", lambda line: line.label),
            Col(
                worded(f"Actual, {found.closed} {'month' if found.closed == 1 else 'months'}", counted=True),
                "money",
                lambda line: line.actual if found.closed else None,
            ),
            Col("Plan", "money", lambda line: line.plan),
            Col("Landing", "money", lambda line: line.total),
            Col("Budget", "money", lambda line: line.budget),
            Col("To budget", "money", lambda line: line.gap_to_budget, signed=True),
            Col("Prior year", "money", lambda line: line.prior_year),
            Col("To prior year", "money", lambda line: difference(line.total, line.prior_year), signed=True),
        ),
    ).of(
        (line for line in found.lines if (line.total, line.budget, line.prior_year) != (None, None, None)),
        lambda line: -1 if line.key in COST_LINES else 1,
    )


COST_LINES = ("cost_of_sales", "operating_cost", "depreciation")


def _unknown(found: Landing) -> str:
    """What is not known of a fiscal year: the first line without a landing with its months, and the budget."""
    told: list[str] = []
    for line in found.lines:
        if line.unknown and line.key in ("revenue", "cost_of_sales", "ebit") and not told:
            more = " …" if len(line.unknown) > 3 else ""
            months = ", ".join(map(period_name, line.unknown[:3])) + more
            told.append(f"{line.label} has no landing: {months} is not known from books or plan.")
    if not any(line.budget for line in found.lines):
        told.append(worded("No budget covers all its months, so there is no gap to it."))
    return " ".join(told)


def landing_sentence(inputs: Inputs, plan: Plan, money: Money) -> str:
    """Where the fiscal year that is under way lands, against its budget; empty where it does not end in view."""
    found = next(iter(full_year_landings(inputs, plan)), None)
    if found is None:
        return ""
    parts = []
    for name, line in (("revenue", found.line("revenue")), ("EBIT", found.line("ebit"))):
        if line.total is not None:
            gap = line.gap_to_budget
            side = "" if gap is None else f", {money(abs(gap))} {'above' if gap > 0 else 'below'} budget"
            parts.append(f"{name} of {money(line.total)}{side}")
    return f"Fiscal year {year_name(found.months)} lands with {' and '.join(parts)}." if parts else ""


def year_name(year: Sequence[str]) -> str:
    """A fiscal year's name: '2026', or '2026/27' where it is not the calendar year."""
    first, last = year[0][:4], year[-1][:4]
    return first if first == last else f"{first}/{last[2:]}"


# -- why the plan misses its budget, and why it differs from last year


@dataclass(frozen=True)
class GapExplained:
    """A gap told twice: the walk of the whole, and the items behind it; `notes` say what is not known."""

    walks: tuple[Walk, ...]
    items: PlanTable | None
    notes: tuple[str, ...] = ()


def explain_budget(inputs: Inputs, plan: Plan) -> GapExplained:
    """The gap to the budget over the next twelve months: revenue, then profit as far as it is budgeted."""
    found = budget_gap(inputs, plan, plan.months[: plan.calendar.year])
    if found is None:
        return GapExplained((), None, (_why_no_budget(inputs, plan),))
    walks = [walk_of(found.revenue, "Revenue", "Budget", "Plan")]
    if found.profit is not None:
        name = found.profit_name if found.profit_name == "EBIT" else found.profit_name.capitalize()
        walks.append(walk_of(found.profit, name, "Budget", "Plan"))
    without = ", ".join(map(period_name, found.without_budget))
    notes = [f"No budget for {without}: not compared."] if without else []
    notes += [f"{text[0].upper()}{text[1:]}." for text in found.why]
    return GapExplained(tuple(walks), items_table(found.items, "Family", "Budget", "Plan"), tuple(notes))


def _why_no_budget(inputs: Inputs, plan: Plan) -> str:
    """Why no planned month can be held against a budget, with the last month that has one."""
    if inputs.budget is not None and not inputs.budget.is_whole:
        names = ", ".join(inputs.budget.uncovered)
        return (
            f"The budget says nothing of {names}, or not of all their regions, so no gap of the company is told."
        )
    ledger, last = inputs.ledger, ""
    if ledger is not None and "revenue" in ledger.budget:
        known = np.isfinite(ledger.budget["revenue"])
        last = max((month for month, here in zip(ledger.months, known.tolist(), strict=True) if here), default="")
    where = f"; the ledger's budget ends in {period_name(last)}" if last else ""
    first = period_name(plan.months[0])
    return worded(f"No month from {first} on has a budget by family{where}. Load budget on the Data page.")


def explain_plan_year(inputs: Inputs, plan: Plan, assumptions: Assumptions) -> GapExplained:
    """Revenue of the next twelve months against the same months of the year before, by family."""
    found = plan_year_items(inputs, plan, assumptions)
    if found is None:
        return GapExplained((), None, ("There is no full year of sales to compare the plan with.",))
    before, now = plan.calendar.year_before_text.capitalize(), f"Next {plan.near_text}"
    walk = walk_of(found.gap, "Next year against last year", before, now)
    return GapExplained((walk,), items_table(found, "Family", before, now))


def explain_last_year(inputs: Inputs) -> GapExplained:
    """Revenue of the last twelve closed months against the twelve before, by product."""
    found = actual_year_items(inputs)
    if found is None:
        return GapExplained((), None, ("There are no two full years of sales to compare.",))
    walk = walk_of(found.gap, "Last year against the year before", "Year before", worded("Last 12 months"))
    return GapExplained((walk,), items_table(found, "Product", "Year before", worded("Last 12 months")))


def items_table(found: ItemGaps, what: str, before: str, now: str) -> PlanTable:
    """Products or families with their steps, the largest change first; the last line adds up to the whole."""
    items = found.by_name()
    order = sorted(
        range(len(items.names)), key=lambda n: (-abs(int(items.now[n] - items.base[n])), items.names[n])
    )
    shown = [(items.names[n], [n]) for n in order[:SHOWN_ITEMS]]
    if order[SHOWN_ITEMS:]:
        shown.append((how_many(len(order) - SHOWN_ITEMS, "others"), order[SHOWN_ITEMS:]))
    if len(order) > 1:
        shown.append(("All", order))
    moved = {name: amounts for name, amounts in items.steps.items() if amounts.any()}

    def sum_over(amounts: Ints) -> Callable[[tuple[str, list[int]]], int]:
        return lambda row: sum_of(amounts, row[1])

    return Declared[tuple[str, list[int]]](
        f"Revenue by {what.lower()}",
        (
            Col(what, "text", lambda row: row[0]),
            Col(before, "money", sum_over(items.base)),
            Col(now, "money", sum_over(items.now)),
            *(
                Col(name, "money", sum_over(amounts), signed=True, better=1)
                for name, amounts in {"Change": items.now - items.base, **moved}.items()
            ),
        ),
    ).of(shown)


def sum_of(amounts: Ints, at: Sequence[int]) -> int:
    """Some of the amounts (n,) added up."""
    return int(amounts[list(at)].sum())
