"""Go, slip or stop, and what can be done about the outside: what each would do, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.fates import Fated
from sop.core.calendar import period_short, worded
from sop.core.format import MoneyFormat
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.views.executive.decision_words import recommendation

TITLES: Mapping[Fated, str] = {
    "launch": "Go, slip or stop",
    "initiative": "Go, slip or stop",
    "outside": "What can be done about the outside",
}
_NOTHING: Mapping[Fated, str] = {
    "launch": "Nothing has a gate to pass that is not decided in this cycle.",
    "initiative": "Nothing has a gate to pass that is not decided in this cycle.",
    "outside": "No event of the register has a mitigation that is not decided in this cycle.",
}


def fates_table(decisions: Sequence[Decision], of: Fated, money: MoneyFormat) -> PlanTable:
    """What each would do, those of one thing together; of the outside also what is taken for granted."""
    told = (
        (Col[Decision]("Recommended", "text", lambda row: recommendation(row, money)),) if of == "outside" else ()
    )
    declared = Declared[Decision](
        TITLES[of],
        (
            Col("Decision", "text", lambda row: Cell(row.move.title, strong=True)),
            *told,
            Col("Decide by", "text", lambda row: period_short(row.last_month)),
            Col("Owner", "text", lambda row: row.move.owner),
            Col("Costs", "money", lambda row: row.cost),
            Col(worded("Revenue, 12 months"), "money", lambda row: row.revenue, signed=True, better=1),
            Col(worded("EBIT, 12 months"), "money", lambda row: row.effect.ebit_12_months, signed=True, better=1),
            Col("to the horizon", "money", lambda row: row.effect.ebit_horizon, signed=True, better=1),
            Col("Lowest cash", "money", lambda row: row.effect.cash_low, signed=True, better=1),
        ),
        _NOTHING[of],
    )
    return declared.of(sorted(decisions, key=lambda each: (each.last_month, each.move.name)))
