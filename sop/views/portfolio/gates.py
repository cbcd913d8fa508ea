"""Gates and milestones in words: what is done, what comes next, how late it is, and what a slip costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sop.core.calendar import Calendar, period_name, worded
from sop.core.inputs import Gate
from sop.core.present import Col, Declared, PlanTable
from sop.portfolio.worth import SlipCost

SOONEST = 6
"""Open gates that are listed."""
MOST_MOVED = 3
"""Families whose demand a slip is told in; what it moves of others stands in revenue."""


def passed(gates: Sequence[Gate]) -> str:
    """'2 of 4 passed; next Review'."""
    waiting = [gate for gate in gates if gate.actual is None]
    ahead = f"; next {min(waiting, key=lambda gate: gate.forecast).name}" if waiting else ""
    return f"{len(gates) - len(waiting)} of {len(gates)} passed{ahead}"


def slip_text(months: int, *, counted: bool = True) -> str:
    """A slip against the baseline in words: '+3 months', 'on date', '−1 month'."""
    if not months:
        return "on date"
    text = f"{'+' if months > 0 else '−'}{abs(months)} {'month' if abs(months) == 1 else 'months'}"
    return worded(text, counted=counted)


def open_gates_table(named: Sequence[tuple[str, Sequence[Gate]]], calendar: Calendar, what: str) -> PlanTable:
    """The six gates or milestones that come next, with their slip against the baseline."""
    waiting = [(name, gate) for name, gates in named for gate in gates if gate.actual is None]
    return Declared[tuple[str, Gate]](
        "What comes next",
        (
            Col(what, "text", lambda each: each[0]),
            Col("Next", "text", lambda each: each[1].name),
            Col("Baseline", "text", lambda each: period_name(calendar.at(each[1].baseline))),
            Col("Forecast", "text", lambda each: period_name(calendar.at(each[1].forecast))),
            Col("Slip", "text", lambda each: slip_text(each[1].slip_months)),
        ),
    ).of(sorted(waiting, key=lambda each: (each[1].forecast, each[0]))[:SOONEST])


def slip_table(costs: Sequence[SlipCost], name: str, profit_line: str) -> PlanTable:
    """What each further month of slip changes: demand over the horizon of the families that it moves most, and
    money of the next twelve months.

    `profit_line`: the headline that the plan's profit ends with, `ebit` or `gross_margin`.
    """
    last = costs[-1].units if costs else {}
    moved = sorted(last, key=lambda family: -abs(last[family]))[:MOST_MOVED]
    profit = "EBIT" if profit_line == "ebit" else "Gross margin"
    return Declared[SlipCost](
        f"What a slip of {name} costs",
        (
            Col("Slip further by", "text", lambda cost: slip_text(cost.months, counted=False)),
            *(Col(f"{family}, units", "units", _demand_of(family), signed=True, better=1) for family in moved),
            Col("Revenue", "money", lambda cost: cost.revenue, signed=True, better=1),
            Col(profit, "money", lambda cost: cost.profit, signed=True, better=1),
            Col("Lowest cash", "money", lambda cost: cost.cash_low, signed=True, better=1),
        ),
        "It slips as far as the register allows.",
    ).of(costs)


def _demand_of(family: str) -> Callable[[SlipCost], float]:
    return lambda cost: cost.units.get(family, 0.0)
