"""Gates and milestones in words: what is done, what comes next, how late it is, and what a slip costs."""

from __future__ import annotations

from collections.abc import Sequence

from sop.core.calendar import period_name, shift_period
from sop.core.inputs import Gate
from sop.core.present import PlanTable, TableColumn
from sop.portfolio.slips import SlipCost

SOONEST = 6
"""Open gates that are listed."""


def next_gate(gates: Sequence[Gate]) -> Gate | None:
    """The first gate that is still open."""
    waiting = [gate for gate in gates if gate.actual is None]
    return min(waiting, key=lambda gate: gate.forecast) if waiting else None


def passed(gates: Sequence[Gate]) -> str:
    """'2 of 4 passed'."""
    return f"{sum(gate.actual is not None for gate in gates)} of {len(gates)} passed"


def slip_text(months: int) -> str:
    """A slip against the baseline in words: '+3 months', 'on date', '−1 month'."""
    if not months:
        return "on date"
    return f"{'+' if months > 0 else '−'}{abs(months)} {'month' if abs(months) == 1 else 'months'}"


def open_gates_table(named: Sequence[tuple[str, Sequence[Gate]]], first_open: str, what: str) -> PlanTable:
    """The six gates or milestones that come next, with their slip against the baseline."""
    waiting = [(gate.forecast, name, gate) for name, gates in named for gate in gates if gate.actual is None]
    rows = tuple(
        (
            name,
            gate.name,
            period_name(shift_period(first_open, gate.baseline)),
            period_name(shift_period(first_open, gate.forecast)),
            slip_text(gate.slip_months),
        )
        for _, name, gate in sorted(waiting, key=lambda item: item[:2])[:SOONEST]
    )
    titles = (what, "Next", "Baseline", "Forecast", "Slip")
    return PlanTable("What comes next", tuple(TableColumn(title, "text") for title in titles), rows)


def slip_table(costs: Sequence[SlipCost], name: str, profit_line: str) -> PlanTable:
    """What each further month of slip changes: demand over the horizon, money of the next twelve months.

    `profit_line`: the headline that the plan's profit ends with, `ebit` or `gross_margin`.
    """
    profit = "EBIT" if profit_line == "ebit" else "Gross margin"
    rows = tuple((slip_text(c.months), c.units, c.revenue, c.profit, c.cash_low) for c in costs)
    columns = (
        TableColumn("Slip further by", "text"),
        TableColumn("Demand, units", signed=True, better=1),
        TableColumn("Revenue", "money", True, 1),
        TableColumn(profit, "money", True, 1),
        TableColumn("Lowest cash", "money", True, 1),
    )
    empty = "It slips as far as the register allows."
    return PlanTable(f"What a slip of {name} costs", columns, rows, empty)
