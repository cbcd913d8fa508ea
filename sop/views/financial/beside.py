"""Two plans side by side in money: every line of the profit and loss, and the way from one's profit and cash to
the other's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sop.core.calendar import period_name
from sop.core.measures import measure
from sop.core.plan import Plan
from sop.core.present import Figure, PlanTable, TableColumn, difference
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
    months = shown[1].months
    for _, plan in others:
        months = tuple(month for month in months if month in plan.months)
    months = months[: shown[1].calendar.year]
    if not months or not others:
        return None
    walks = []
    (other_name, other), (name, plan) = others[0], shown
    for title, gap in (
        ("EBIT", profit_steps(other, plan, months)),
        (f"Cash at the end of {period_name(months[-1])}", cash_steps(other, plan, months)),
    ):
        if gap is not None:
            walks.append(walk_of(gap, title, other_name, name))
    return Beside(months, _lines(shown, others, months), tuple(walks))


def _lines(shown: Named, others: Sequence[Named], months: Sequence[str]) -> PlanTable:
    """Each line of profit over the months, and balances at their end, in every plan; and the difference to it."""
    plans = (shown[1], *(plan for _, plan in others))
    amounts = [(row.label, measure(row.key).better, row.amounts) for row in compare_profit(plans, months)]
    amounts += [
        (
            f"{measure(key).label}, at the end",
            measure(key).better,
            tuple(line_total(plan, key, months[-1:]) for plan in plans),
        )
        for key in BALANCES
    ]
    known = [row for row in amounts if any(amount is not None for amount in row[2])]
    rows: list[tuple[Figure, ...]] = [
        (label, own, *(figure for then in beside for figure in (then, difference(own, then))))
        for label, _, (own, *beside) in known
    ]
    columns = (
        TableColumn("Line", "text"),
        TableColumn(shown[0], "money"),
        *(
            column
            for name, _ in others
            for column in (TableColumn(name, "money"), TableColumn("Difference", "money", True))
        ),
    )
    title = f"Side by side, {period_name(months[0])} – {period_name(months[-1])}"
    return PlanTable(title, columns, tuple(rows), row_better=tuple(better for _, better, _ in known))
