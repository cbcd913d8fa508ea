"""What waiting costs, and what a single change would do, by planning again from the plan that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from sop.analysis.comparison.impact import assumption_words, impact_sentence, trace_impact
from sop.core.plan import Plan
from sop.core.present import PlanTable, TableColumn
from sop.core.words import Money
from sop.portfolio.slips import SlipKey, profit_key, slip_costs
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.views.portfolio.gates import slip_text


def slip_table(room: PlanningRoom, inputs: InputSet, view: View, key: SlipKey, name: str) -> PlanTable:
    """What each further month of slip changes: demand over the horizon, money of the next twelve months."""
    found = slip_costs(key, name, view.assumptions, lambda assumptions: room.plan(assumptions, inputs))
    profit = "EBIT" if profit_key(view.plan) == "ebit" else "Gross margin"
    rows = tuple((slip_text(c.months), c.units, c.revenue, c.profit, c.cash_low) for c in found)
    columns = (
        TableColumn("Slip further by", "text"),
        TableColumn("Demand, units", signed=True, better=1),
        TableColumn("Revenue", "money", True, 1),
        TableColumn(profit, "money", True, 1),
        TableColumn("Lowest cash", "money", True, 1),
    )
    empty = "It slips as far as the register allows."
    return PlanTable(f"What a slip of {name} costs", columns, rows, empty)


@dataclass(frozen=True)
class Trial:
    """A change tried on the plan that is shown: the plan as it stands, with the change, and the path in words."""

    now: Plan
    then: Plan
    path: str


def try_value(
    room: PlanningRoom, inputs: InputSet, view: View, place: tuple[str, str], value: float, money: Money
) -> Trial:
    """The plan with one assumption elsewhere; nothing is stored."""
    changed = view.assumptions.set(*place, value)
    now, then = room.plan(view.assumptions, inputs), room.plan(changed, inputs)
    cause = assumption_words(view.assumptions, changed)
    return Trial(now, then, impact_sentence(trace_impact(now, then, money), cause))
