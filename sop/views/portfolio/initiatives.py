"""The strategic initiatives plan: goals, the initiatives that serve them, and what they change in the plan."""

from __future__ import annotations

import numpy as np

from sop.analysis.decisions.health import initiative_health
from sop.core.inputs import Benefit, Floats
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.present import PlanTable, TableColumn, known
from sop.core.register import Assumptions
from sop.core.words import Money
from sop.views.portfolio.gates import next_gate, passed, slip_text
from sop.views.series import PlanSeries
from sop.views.timeline import PlanContext

HEALTH_RULE = (
    "late: a milestone is overdue, or the last is 2 months behind its baseline · at risk: any slip, milestones "
    "out of order, or more spent than budgeted or done · on track: else"
)
"""How health follows from the figures, in words."""

MEASURE_NAMES = {
    "capacity_hours": "Capacity",
    "unit_cost": "Standard cost",
    "price": "Net price",
    "demand": "Demand",
    "lead_time": "Lead time",
    "inventory_target": "Stock target",
    "supply": "Material supply",
}


def initiatives_message(context: PlanContext, assumptions: Assumptions, money: Money) -> str:
    """How many initiatives stand how, what is spent of their budget, and what the next twelve months will take."""
    items = context.inputs.initiatives or ()
    states = [health.state for health in initiative_health(context.inputs, assumptions)]
    words = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states)))
    spent, budget = sum(item.spent for item in items) * MINOR, sum(item.budget for item in items) * MINOR
    ahead = float(np.nansum([_of(context.plan, "initiative_spend", item.name)[: context.year] for item in items]))
    return (
        f"{len(items)} {'initiative' if len(items) == 1 else 'initiatives'}: {words}; {money(spent)} of "
        f"{money(budget)} is spent and {money(ahead)} is planned for the next 12 months."
    )


def initiatives_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Initiatives under their goals with owner, money, confidence, slip and health."""
    health = {state.initiative: state for state in initiative_health(context.inputs, assumptions)}
    rows = []
    for item in sorted(context.inputs.initiatives or (), key=lambda item: (item.goal, item.name)):
        ahead, state = next_gate(item.milestones), health[item.name]
        rows.append(
            (
                item.name,
                item.goal,
                item.owner,
                item.budget * MINOR,
                item.spent * MINOR,
                known(_of(context.plan, "initiative_spend", item.name)[: context.year].sum()),
                assumptions.value("initiative_confidence", item.name, item.confidence),
                f"{passed(item.milestones)}" + (f"; next {ahead.name}" if ahead else ""),
                slip_text(state.slip_months),
                ": ".join(filter(None, (state.state, "; ".join(state.reasons)))),
            )
        )
    columns = (
        TableColumn("Initiative", "text"),
        TableColumn("Goal", "text"),
        TableColumn("Owner", "text"),
        TableColumn("Budget", "money"),
        TableColumn("Spent", "money"),
        TableColumn("Planned, 12 months", "money"),
        TableColumn("Confidence", "percent"),
        TableColumn("Milestones", "text"),
        TableColumn("Slip", "text"),
        TableColumn("Health", "text"),
    )
    return PlanTable("Initiatives", columns, tuple(rows))


def spend_series(context: PlanContext) -> PlanSeries:
    """Planned spend of all initiatives by month, minor units, beside the agreed plan."""
    nothing = np.full(len(context.months), np.nan)
    now = context.whole(context.plan, "initiative_spend")
    agreed = context.whole(context.base, "initiative_spend")
    return PlanSeries(
        "Initiative spend",
        "currency",
        "flow",
        -1,
        context.past,
        context.year,
        now,
        agreed,
        nothing,
        nothing,
        nothing,
    )


def amount_text(benefit: Benefit) -> str:
    """What a benefit promises at full effect: '−3%', '+30 a month'."""
    amount = f"{benefit.amount * 100:+.0f}%" if benefit.unit == "pct" else f"{benefit.amount:+,.0f} a month"
    return amount.replace("-", "−")


def _of(plan: Plan, key: str, name: str) -> Floats:
    if name not in plan.names(key):
        return np.full(len(plan.months), np.nan)
    return plan[key][plan.names(key).index(name)].astype(float)
