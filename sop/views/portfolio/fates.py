"""Go, slip or stop: what each would do, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from sop.analysis.decisions.decisions import Decision
from sop.core.calendar import period_short
from sop.core.present import Cell, Col, Declared, PlanTable

FATES = Declared[Decision](
    "Go, slip or stop",
    (
        Col("Decision", "text", lambda row: Cell(row.move.title, strong=True)),
        Col("Decide by", "text", lambda row: period_short(row.last_month)),
        Col("Owner", "text", lambda row: row.move.owner),
        Col("Revenue, 12 months", "money", lambda row: row.revenue, signed=True, better=1),
        Col("EBIT, 12 months", "money", lambda row: row.effect.ebit_12_months, signed=True, better=1),
        Col("to the horizon", "money", lambda row: row.effect.ebit_horizon, signed=True, better=1),
        Col("Lowest cash", "money", lambda row: row.effect.cash_low, signed=True, better=1),
    ),
    "Nothing has a gate to pass that is not decided in this cycle.",
)


def fates_table(decisions: Sequence[Decision]) -> PlanTable:
    """What going on, slipping and stopping would do, those of one thing together."""
    return FATES.of(sorted(decisions, key=lambda each: (each.last_month, each.move.name)))
