"""The strategic initiatives plan: goals, the initiatives that serve them, and what they change in the plan."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import shift_month
from sop.core.inputs import Floats
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.review.benefits import realised_benefits
from sop.review.health import initiative_health
from sop.review.message import plain_month
from sop.review.plan_views.gates import next_gate, passed, slip_text
from sop.review.plan_views.series import PlanSeries
from sop.review.plan_views.table import PlanTable, TableColumn, known
from sop.review.plan_views.timeline import PlanContext
from sop.review.plan_views.words import Money

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
    ahead = float(np.nansum([_of(context.plan, "initiative_spend", item.name)[:12] for item in items]))
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
                known(_of(context.plan, "initiative_spend", item.name)[:12].sum()),
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
        "Initiative spend", "currency", "flow", -1, context.past, now, agreed, nothing, nothing, nothing
    )


def effects_table(context: PlanContext) -> PlanTable:
    """What each initiative changes: promised, and the share of it that the plan counts on now and in a year."""
    rows, first_open = [], context.plan.calendar.first_open
    for item in context.inputs.initiatives or ():
        share = _of(context.plan, "initiative_effect", item.name)
        for benefit in item.benefits:
            scope = benefit.scope or "whole company"
            amount = (
                f"{benefit.amount * 100:+.0f}%" if benefit.unit == "pct" else f"{benefit.amount:+,.0f} a month"
            )
            rows.append(
                (
                    item.name,
                    f"{MEASURE_NAMES.get(benefit.measure, benefit.measure)}, {scope}",
                    amount.replace("-", "−"),
                    plain_month(shift_month(first_open, benefit.start)),
                    known(share[0]),
                    known(share[min(11, len(share) - 1)]),
                )
            )
    columns = (
        TableColumn("Initiative", "text"),
        TableColumn("Changes", "text"),
        TableColumn("Promised", "text"),
        TableColumn("From", "text"),
        TableColumn("Planned this month", "percent"),
        TableColumn("Planned in 12 months", "percent"),
    )
    return PlanTable("What they change in the plan", columns, tuple(rows))


def realised_table(context: PlanContext) -> PlanTable:
    """Benefits that signed plans counted on in closed months, and what came of them."""
    rows = []
    for found in realised_benefits(context.inputs, context.agreed, context.closed):
        name = f"{MEASURE_NAMES.get(found.measure, found.measure)}, {found.scope or 'whole company'}"
        said = found.why or (f"{len(found.months)} months" if found.months else "no signed plan counted on it yet")
        rows.append((found.initiative, name, found.promised, found.realised, found.share, said))
    columns = (
        TableColumn("Initiative", "text"),
        TableColumn("Changes", "text"),
        TableColumn("Promised"),
        TableColumn("Realised"),
        TableColumn("Share", "percent"),
        TableColumn("Measured over", "text"),
    )
    return PlanTable("Benefits realised", columns, tuple(rows))


def _of(plan: Plan, key: str, name: str) -> Floats:
    if name not in plan.names(key):
        return np.full(len(plan.months), np.nan)
    return plan[key][plan.names(key).index(name)].astype(float)
