"""The Strategic initiatives page in depth: strategy run through to the plan, milestones, spend, benefits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sop.analysis.decisions.health import initiative_health
from sop.analysis.performance.benefits import realised_benefits
from sop.core.calendar import period_name, shift_period
from sop.core.inputs import Benefit, Gate, Initiative, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.present import Figure, PlanTable, TableColumn, known
from sop.core.register import Assumptions
from sop.portfolio.initiatives import planned_confidence
from sop.portfolio.worth import InitiativeWorth
from sop.views.portfolio.gates import slip_text
from sop.views.portfolio.initiatives import MEASURE_NAMES, amount_text
from sop.views.timeline import PlanContext

WHOLE = "whole company"
TOUCHED: dict[str, tuple[str, ...]] = {
    "demand": ("consensus_demand", "revenue"),
    "price": ("revenue",),
    "capacity_hours": ("capacity_hours",),
    "unit_cost": ("cost_of_sales",),
    "inventory_target": ("safety_stock", "inventory"),
    "lead_time": ("customer_lead_time",),
    "supply": ("material_need",),
}
"""Lines of the plan on which a benefit's measure acts first."""

LINE_NAMES = {
    "consensus_demand": "demand in the sales plan",
    "revenue": "revenue in the financial plan",
    "capacity_hours": "hours in the production plan",
    "cost_of_sales": "cost of sales in the financial plan",
    "safety_stock": "safety stock in the inventory plan",
    "inventory": "stock in the inventory plan",
    "customer_lead_time": "lead time in the customer lead time plan",
    "material_need": "materials in the production plan",
}


# -- execution of strategy: goal → initiatives → measures → plan


def strategy_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """A row for each benefit by goal: the initiative with its health, what it changes, and in which plan."""
    states = {health.initiative: health.state for health in initiative_health(context.inputs, assumptions)}
    rows: list[tuple[Figure, ...]] = []
    for item in sorted(context.inputs.initiatives or (), key=lambda item: (item.goal, item.name)):
        for benefit in item.benefits or (None,):
            rows.append((item.goal, item.name, states[item.name], *_promise(context, item, benefit)))
    titles = ("Goal", "Initiative", "Health", "Changes", "Promised", YEAR_ON, "Where in the plan")
    columns = tuple(TableColumn(title, "percent" if title == YEAR_ON else "text") for title in titles)
    return PlanTable("Execution of strategy", columns, tuple(rows))


YEAR_ON = "Counted on in 12 months"


def _promise(context: PlanContext, item: Initiative, benefit: Benefit | None) -> tuple[Figure, ...]:
    if benefit is None:
        return "nothing in the plan: no benefit is loaded", None, None, None
    share = effect_of(context.plan, item.name)
    lines = [LINE_NAMES[key] for key in TOUCHED.get(benefit.measure, ()) if key in context.plan]
    start = period_name(shift_period(context.plan.calendar.first_open, benefit.start))
    return (
        f"{MEASURE_NAMES.get(benefit.measure, benefit.measure)}, {benefit.scope or WHOLE}",
        f"{amount_text(benefit)} from {start}",
        known(share[min(context.year, len(share)) - 1]),
        "; ".join(lines) or "not planned: its plan is not available",
    )


def effect_of(plan: Plan, name: str) -> np.ndarray:
    """Share of an initiative's benefit that the plan counts on by month (T,); not-a-number where it has none."""
    if name not in plan.names("initiative_effect"):
        return np.full(len(plan.months), np.nan)
    return plan["initiative_effect"][plan.names("initiative_effect").index(name)].astype(float)


# -- milestones


def milestones_table(inputs: Inputs, assumptions: Assumptions) -> PlanTable:
    """Every milestone with the one before it, baseline, expected or actual month, and its slip.

    What is open is expected with the owner's slip.
    """
    rows = tuple(row for item in inputs.initiatives or () for row in _milestones(inputs, item, assumptions))
    titles = ("Initiative", "Milestone", "After", "Baseline", "Expected", "Done", "Slip")
    return PlanTable("Milestones", tuple(TableColumn(title, "text") for title in titles), rows)


def _milestones(inputs: Inputs, item: Initiative, assumptions: Assumptions) -> Iterable[tuple[Figure, ...]]:
    added = round(assumptions.value("initiative_slip_months", item.name))
    for gate in sorted(item.milestones, key=lambda gate: (gate.baseline, gate.forecast)):
        slip = gate.slip_months + (0 if gate.actual is not None else added)
        yield (
            item.name,
            gate.name,
            gate.after or None,
            _month(inputs, gate.baseline),
            None if gate.actual is not None else _month(inputs, gate.forecast + added),
            None if gate.actual is None else _month(inputs, gate.actual),
            slip_text(slip) + (", overdue" if _overdue(gate, added) else ""),
        )


def _overdue(gate: Gate, added: int) -> bool:
    return gate.actual is None and gate.forecast + added < 0


def _month(inputs: Inputs, position: int) -> str:
    return period_name(shift_period(inputs.calendar.first_open, position))


# -- spend


def spend_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Budget, spent, still planned and where spending ends, beside what of the milestones is done."""
    rows: list[tuple[Figure, ...]] = []
    for item, health in zip(
        context.inputs.initiatives or (), initiative_health(context.inputs, assumptions), strict=True
    ):
        ahead = _spend(context.plan, item.name)
        end = None if ahead is None else item.spent * MINOR + ahead
        rows.append(
            (
                item.name,
                item.budget * MINOR,
                item.spent * MINOR,
                health.spent_share,
                health.progress,
                ahead,
                end,
                None if end is None else end - item.budget * MINOR,
            )
        )
    if len(rows) > 1:
        rows.append(_added(rows))
    columns = (
        TableColumn("Initiative", "text"),
        TableColumn("Budget", "small_money"),
        TableColumn("Spent", "small_money"),
        TableColumn("Budget spent", "percent"),
        TableColumn("Milestones done", "percent"),
        TableColumn("Still planned", "small_money"),
        TableColumn("At the end", "small_money"),
        TableColumn("To budget", "small_money", True, -1),
    )
    return PlanTable("Spend against budget", columns, tuple(rows))


def _spend(plan: Plan, name: str) -> float | None:
    """What the plan still spends on an initiative over its horizon, minor units."""
    if name not in plan.names("initiative_spend"):
        return None
    return float(plan["initiative_spend"][plan.names("initiative_spend").index(name)].sum())


def _added(rows: list[tuple[Figure, ...]]) -> tuple[Figure, ...]:
    """All initiatives; shares are recomputed from their sums, progress has none."""
    total: list[float | None] = []
    for column in (1, 2, 5, 6, 7):
        figures = [float(value) for row in rows if isinstance(value := row[column], int | float)]
        total.append(sum(figures) if len(figures) == len(rows) else None)
    budget, spent, *rest = total
    share = spent / budget if budget and spent is not None else None
    return ("All", budget, spent, share, None, *rest)


# -- benefits


def benefits_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Each benefit as promised, as the plan counts on it, and as it came against the plan signed at the time."""
    realised = {
        (found.initiative, found.measure, found.scope): found
        for found in realised_benefits(context.inputs, context.agreed, context.closed)
    }
    rows: list[tuple[Figure, ...]] = []
    for item in context.inputs.initiatives or ():
        share = effect_of(context.plan, item.name)
        for benefit in item.benefits:
            came = realised[item.name, benefit.measure, benefit.scope]
            said = came.why or f"{len(came.months)} {'month' if len(came.months) == 1 else 'months'}"
            rows.append(
                (
                    item.name,
                    f"{MEASURE_NAMES.get(benefit.measure, benefit.measure)}, {benefit.scope or WHOLE}",
                    amount_text(benefit),
                    planned_confidence(item, assumptions),
                    known(share[0]),
                    known(share[min(context.year, len(share)) - 1]),
                    came.promised,
                    came.realised,
                    came.share,
                    said,
                )
            )
    columns = (
        TableColumn("Initiative", "text"),
        TableColumn("Changes", "text"),
        TableColumn("Promised", "text"),
        TableColumn("Confidence", "percent"),
        TableColumn("Planned this month", "percent"),
        TableColumn("Planned in 12 months", "percent"),
        TableColumn("Counted on so far"),
        TableColumn("Came"),
        TableColumn("Came of it", "percent"),
        TableColumn("Measured over", "text"),
    )
    return PlanTable("Benefits: promised, planned, realised", columns, tuple(rows))


# -- worth


def worth_table(found: Sequence[InitiativeWorth]) -> PlanTable:
    """What each initiative brings in the next twelve months; most at risk first."""
    order = sorted(found, key=lambda worth: (-worth.at_risk, -worth.in_plan, worth.initiative))
    rows = tuple(_worth(worth) for worth in order)
    columns = (
        TableColumn("Initiative", "text"),
        TableColumn("Promised", "small_money"),
        TableColumn("In the plan", "small_money"),
        TableColumn("At risk", "small_money", True, -1),
        TableColumn("Spend", "small_money"),
        TableColumn("Net in the plan", "small_money", True, 1),
        TableColumn("Cash after 12 months", "small_money", True, 1),
    )
    return PlanTable("Worth of each initiative", columns, rows)


def _worth(worth: InitiativeWorth) -> tuple[Figure, ...]:
    net = worth.in_plan - worth.spend
    return worth.initiative, worth.promised, worth.in_plan, worth.at_risk, worth.spend, net, worth.cash
