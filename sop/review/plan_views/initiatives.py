"""The strategic initiatives plan: goals, the initiatives that serve them, and what they change in the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.calendar import shift_month
from sop.core.inputs import Floats, Initiative
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.review.message import plain_month
from sop.review.plan_views.gates import Span, next_gate, passed, slip_text, span_of
from sop.review.plan_views.series import PlanSeries
from sop.review.plan_views.table import PlanTable, TableColumn, known
from sop.review.plan_views.timeline import PlanContext
from sop.review.plan_views.words import Money

LATE_MONTHS, LOW_CONFIDENCE, AHEAD_OF_WORK = 2, 0.5, 0.25

HEALTH_RULE = (
    "red: last milestone 2 or more months late, or spent above budget · amber: an open milestone late, confidence "
    "under 50%, or spent 25 points ahead of milestones passed · green: else"
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


@dataclass(frozen=True)
class Health:
    """The state of an initiative by rule: 'green', 'amber' or 'red', and why."""

    colour: str
    why: str

    @property
    def text(self) -> str:
        """Colour and reason."""
        return f"{self.colour}: {self.why}" if self.why else self.colour


def health_of(item: Initiative) -> Health:
    """Health by rule, from slip, money and milestones; never by mood.

    >>> health_of(Initiative("A", "", "", 100.0, 120.0, 0.9, (), ())).text
    'red: spent above budget'
    """
    open_slips = [gate.slip_months for gate in item.milestones if gate.actual is None]
    last = max((gate for gate in item.milestones), key=lambda gate: gate.forecast, default=None)
    if item.spent > item.budget:
        return Health("red", "spent above budget")
    if last is not None and last.slip_months >= LATE_MONTHS:
        return Health("red", f"{last.slip_months} months late")
    done = (
        sum(gate.actual is not None for gate in item.milestones) / len(item.milestones) if item.milestones else 1.0
    )
    if max(open_slips, default=0) > 0:
        return Health("amber", f"{slip_text(max(open_slips)).removeprefix('+')} late")
    if item.confidence < LOW_CONFIDENCE:
        return Health("amber", f"confidence {item.confidence:.0%}")
    if item.budget and item.spent / item.budget > done + AHEAD_OF_WORK:
        return Health("amber", f"{item.spent / item.budget:.0%} spent, {done:.0%} of milestones passed")
    return Health("green", "")


def initiatives_message(context: PlanContext, money: Money) -> str:
    """How many initiatives stand how, what is spent of their budget, and what the next twelve months will take."""
    items = context.inputs.initiatives or ()
    colours = [health_of(item).colour for item in items]
    states = ", ".join(f"{colours.count(c)} {c}" for c in ("green", "amber", "red") if c in colours)
    spent, budget = sum(item.spent for item in items) * MINOR, sum(item.budget for item in items) * MINOR
    ahead = known(float(np.nansum([_of(context.plan, "initiative_spend", item.name)[:12] for item in items])))
    return (
        f"{len(items)} initiatives: {states}; {money(spent)} of {money(budget)} is spent and "
        f"{money(ahead or 0.0)} is planned for the next 12 months."
    )


def initiative_spans(context: PlanContext) -> tuple[Span, ...]:
    """Every initiative with milestones, in the order of their goals."""
    first_open = context.plan.calendar.first_open
    items = sorted(context.inputs.initiatives or (), key=lambda item: (item.goal, item.name))
    found = (span_of(item.name, item.milestones, first_open) for item in items)
    return tuple(span for span in found if span)


def initiatives_table(context: PlanContext) -> PlanTable:
    """Initiatives under their goals with owner, money, confidence, slip and health."""
    rows = []
    for item in sorted(context.inputs.initiatives or (), key=lambda item: (item.goal, item.name)):
        ahead, slip = next_gate(item.milestones), span_of(item.name, item.milestones, "2000-01")
        spend = _of(context.plan, "initiative_spend", item.name)
        rows.append(
            (
                item.name,
                item.goal,
                item.owner,
                item.budget * MINOR,
                item.spent * MINOR,
                known(spend[:12].sum()),
                item.confidence,
                f"{passed(item.milestones)}" + (f"; next {ahead.name}" if ahead else ""),
                "" if slip is None else slip_text(slip.slip_months),
                health_of(item).text,
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


def _of(plan: Plan, key: str, name: str) -> Floats:
    if name not in plan.names(key):
        return np.full(len(plan.months), np.nan)
    return plan[key][plan.names(key).index(name)].astype(float)
