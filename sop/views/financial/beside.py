"""Two plans side by side in money: every line of the profit and loss, and the way from one's profit and cash to
the other's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sop.core.calendar import period_name
from sop.core.measures import measure
from sop.core.plan import Plan
from sop.core.present import Col, PlanTable, difference
from sop.finance.side_by_side import cash_steps, compare_profit, line_total, profit_steps
from sop.views.financial.walks import Walk, walk_of

Named = tuple[str, Plan]
"""A plan with its name."""

BALANCES = ("stock_value", "receivables", "payables", "cash")


@dataclass(frozen=True)
class Beside:
    """Other plans beside the one shown, over `months` that all have.

    `lines` of every plan; `walks` of EBIT and cash from the first of the others to the one shown.
    """

    months: tuple[str, ...]
    lines: PlanTable
    walks: tuple[Walk, ...]


def stand_beside(shown: Named, others: Sequence[Named]) -> Beside | None:
    """Other plans against the one shown over their next twelve common months; None without a common month."""
    (name, plan), year = shown, shown[1].calendar.year
    months = tuple(month for month in plan.months if all(month in other.months for _, other in others))[:year]
    if not months or not others:
        return None
    other_name, other = others[0]
    gaps = {
        "EBIT": profit_steps(other, plan, months),
        f"Cash at the end of {period_name(months[-1])}": cash_steps(other, plan, months),
    }
    walks = tuple(walk_of(gap, title, other_name, name) for title, gap in gaps.items() if gap is not None)
    return Beside(months, _lines(shown, others, months), walks)


def _lines(shown: Named, others: Sequence[Named], months: Sequence[str]) -> PlanTable:
    """Each line of profit over the months, and balances at their end, in every plan; and the difference to it."""
    plans = (shown[1], *(plan for _, plan in others))
    lines = [(row.label, measure(row.key).better, row.amounts) for row in compare_profit(plans, months)]
    for entry in map(measure, BALANCES):
        amounts = tuple(line_total(plan, entry.key, months[-1:]) for plan in plans)
        lines.append((f"{entry.label}, at the end", entry.better, amounts))
    known = [line for line in lines if any(amount is not None for amount in line[2])]
    beside = ((Col[Any](name, "money"), Col[Any]("Difference", "money", signed=True)) for name, _ in others)
    return PlanTable(
        f"Side by side, {period_name(months[0])} – {period_name(months[-1])}",
        (Col("Line", "text"), Col(shown[0], "money"), *chain.from_iterable(beside)),
        tuple(
            (label, own, *(figure for then in other for figure in (then, difference(own, then))))
            for label, _, (own, *other) in known
        ),
        row_better=tuple(better for _, better, _ in known),
    )
