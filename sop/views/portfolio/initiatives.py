"""The strategic initiatives plan: goals, the initiatives that serve them, and what they change in the plan."""

from __future__ import annotations

import numpy as np

from sop.analysis.decisions.health import initiative_health
from sop.core.calendar import worded
from sop.core.format import percent_signed, signed
from sop.core.inputs import Benefit, Floats, Initiative
from sop.core.money import MINOR
from sop.core.present import Col, Declared, PlanTable
from sop.core.register import Assumptions
from sop.core.terms import owner_title
from sop.core.words import Money
from sop.portfolio.effects import planned_confidence
from sop.views.portfolio.gates import passed, slip_text
from sop.views.series import PlanSeries, plain_series, row_of
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
    ahead = float(np.nansum([spend_of(context, item.name)[: context.year] for item in items]))
    text = f"{len(items)} {'initiative' if len(items) == 1 else 'initiatives'}: {words}"
    if not context.plan.has_money:
        return f"{text}."
    near = context.near_text
    return f"{text}; {money(spent)} of {money(budget)} is spent and {money(ahead)} is planned for the next {near}."


def initiatives_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Initiatives under their goals with owner, money, confidence, slip and health."""
    health = {state.initiative: state for state in initiative_health(context.inputs, assumptions)}

    def told(item: Initiative) -> str:
        return ": ".join(filter(None, (health[item.name].state, "; ".join(health[item.name].reasons))))

    return Declared[Initiative](
        "Initiatives",
        (
            Col("Initiative", "text", lambda item: item.name),
            Col("Goal", "text", lambda item: item.goal),
            Col("Owner", "text", lambda item: owner_title(item.owner)),
            Col("Budget", "money", lambda item: item.budget * MINOR),
            Col("Spent", "money", lambda item: item.spent * MINOR),
            Col(
                f"Planned, {context.near_text}",
                "money",
                lambda item: float(spend_of(context, item.name)[: context.year].sum()),
            ),
            Col("Confidence", "percent", lambda item: planned_confidence(item, assumptions)),
            Col("Milestones", "text", lambda item: passed(item.milestones)),
            Col("Slip", "text", lambda item: slip_text(health[item.name].slip_months)),
            Col("Health", "text", told),
        ),
    ).of(sorted(context.inputs.initiatives or (), key=lambda item: (item.goal, item.name)))


def spend_series(context: PlanContext) -> PlanSeries:
    """Planned spend of all initiatives by month, minor units, beside the agreed plan."""
    now, agreed = (context.whole(plan, "initiative_spend") for plan in (context.plan, context.base))
    return plain_series(context, "Initiative spend", "currency", -1, now, agreed)


def amount_text(benefit: Benefit) -> str:
    """What a benefit promises at full effect: '−3%', '+30 a month'."""
    amount = (
        percent_signed(benefit.amount) if benefit.unit == "pct" else worded(f"{signed(benefit.amount)} a month")
    )
    return amount.replace("-", "−")


def spend_of(context: PlanContext, name: str) -> Floats:
    """What the plan still spends on an initiative by month (T,), minor units."""
    return row_of(context.plan, "initiative_spend", name, context.plan.months)
