"""The Strategic initiatives page in depth: strategy run through to the plan, milestones, spend, benefits."""

from __future__ import annotations

from collections.abc import Sequence

from sop.analysis.decisions.health import initiative_health
from sop.analysis.performance.benefits import RealisedBenefit, realised_benefits
from sop.core.calendar import period_name, worded
from sop.core.inputs import Benefit, Floats, Gate, Initiative, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.present import Col, Declared, Figure, PlanTable, known, texts
from sop.core.register import Assumptions
from sop.portfolio.effects import planned_confidence
from sop.portfolio.worth import InitiativeWorth
from sop.views.portfolio.gates import slip_text
from sop.views.portfolio.initiatives import MEASURE_NAMES, amount_text, spend_of
from sop.views.series import row_of
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
    ordered = sorted(context.inputs.initiatives or (), key=lambda item: (item.goal, item.name))
    rows = (
        (item.goal, item.name, states[item.name], *_promise(context, item, benefit))
        for item in ordered
        for benefit in item.benefits or (None,)
    )
    columns = (
        *texts("Goal", "Initiative", "Health", "Changes", "Promised"),
        Col(f"Counted on in {context.near_text}", "percent"),
        Col("Where in the plan", "text"),
    )
    return PlanTable("Execution of strategy", columns, tuple(rows))


def _promise(context: PlanContext, item: Initiative, benefit: Benefit | None) -> tuple[Figure, ...]:
    if benefit is None:
        return "nothing in the plan: no benefit is loaded", None, None, None
    lines = [LINE_NAMES[key] for key in TOUCHED.get(benefit.measure, ()) if key in context.plan]
    return (
        _changes(benefit),
        f"{amount_text(benefit)} from {period_name(context.plan.calendar.at(benefit.start))}",
        known(_counted_on(context, item)),
        "; ".join(lines) or "not planned: its plan is not available",
    )


def _changes(benefit: Benefit) -> str:
    return f"{MEASURE_NAMES.get(benefit.measure, benefit.measure)}, {benefit.scope or WHOLE}"


def _counted_on(context: PlanContext, item: Initiative) -> float:
    """Share of a benefit that the plan counts on in twelve months, or at its end."""
    share = effect_of(context.plan, item.name)
    return float(share[min(context.year, len(share)) - 1])


def effect_of(plan: Plan, name: str) -> Floats:
    """Share of an initiative's benefit that the plan counts on by month (T,); not-a-number where it has none."""
    return row_of(plan, "initiative_effect", name, plan.months)


# -- milestones


def milestones_table(inputs: Inputs, assumptions: Assumptions) -> PlanTable:
    """Every milestone with the one before it, baseline, expected or actual month, and its slip.

    What is open is expected with the owner's slip.
    """

    def added(item: Initiative, gate: Gate) -> int:
        return 0 if gate.actual is not None else item.slip(assumptions.value("initiative_slip_months", item.name))

    def expected(item: Initiative, gate: Gate) -> str | None:
        return None if gate.actual is not None else month(gate.forecast + added(item, gate))

    def slip(item: Initiative, gate: Gate) -> str:
        overdue = gate.actual is None and gate.forecast + added(item, gate) < 0
        return slip_text(gate.slip_months + added(item, gate)) + (", overdue" if overdue else "")

    def month(position: int) -> str:
        return period_name(inputs.calendar.at(position))

    rows = (
        (
            item.name,
            gate.name,
            gate.after or None,
            month(gate.baseline),
            expected(item, gate),
            None if gate.actual is None else month(gate.actual),
            slip(item, gate),
        )
        for item in inputs.initiatives or ()
        for gate in sorted(item.milestones, key=lambda gate: (gate.baseline, gate.forecast))
    )
    titles = ("Initiative", "Milestone", "After", "Baseline", "Expected", "Done", "Slip")
    return PlanTable("Milestones", texts(*titles), tuple(rows))


# -- spend


def spend_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Budget, spent, still planned and where spending ends, beside what of the milestones is done."""
    items = context.inputs.initiatives or ()
    progress = {health.initiative: health.progress for health in initiative_health(context.inputs, assumptions)}

    def budget(some: Sequence[Initiative]) -> float:
        return sum(item.budget for item in some) * MINOR

    def spent(some: Sequence[Initiative]) -> float:
        return sum(item.spent for item in some) * MINOR

    def ahead(some: Sequence[Initiative]) -> float:
        return sum(float(spend_of(context, item.name).sum()) for item in some)

    return Declared[Sequence[Initiative]](
        "Spend against budget",
        (
            Col("Initiative", "text", lambda some: some[0].name if len(some) == 1 else "All"),
            Col("Budget", "small_money", budget),
            Col("Spent", "small_money", spent),
            Col("Budget spent", "percent", lambda some: spent(some) / budget(some) if budget(some) else None),
            Col("Milestones done", "percent", lambda some: progress[some[0].name] if len(some) == 1 else None),
            Col("Still planned", "small_money", ahead),
            Col("At the end", "small_money", lambda some: spent(some) + ahead(some)),
            Col(
                "To budget",
                "small_money",
                lambda some: spent(some) + ahead(some) - budget(some),
                signed=True,
                better=-1,
            ),
        ),
    ).of([*((item,) for item in items), *((items,) if len(items) > 1 else ())])


# -- benefits


def benefits_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Each benefit as promised, as the plan counts on it, and as it came against the plan signed at the time."""
    came = {
        (found.initiative, found.measure, found.scope): found
        for found in realised_benefits(context.inputs, context.agreed, context.closed)
    }

    def over(found: RealisedBenefit) -> str:
        return found.why or worded(
            f"{len(found.months)} {'month' if len(found.months) == 1 else 'months'}", counted=True
        )

    return Declared[tuple[Initiative, Benefit, RealisedBenefit]](
        "Benefits: promised, planned, realised",
        (
            Col("Initiative", "text", lambda each: each[0].name),
            Col("Changes", "text", lambda each: _changes(each[1])),
            Col("Promised", "text", lambda each: amount_text(each[1])),
            Col("Confidence", "percent", lambda each: planned_confidence(each[0], assumptions)),
            Col(
                f"Planned this {context.word}",
                "percent",
                lambda each: float(effect_of(context.plan, each[0].name)[0]),
            ),
            Col(f"Planned in {context.near_text}", "percent", lambda each: _counted_on(context, each[0])),
            Col("Counted on so far", "units", lambda each: each[2].promised),
            Col("Came", "units", lambda each: each[2].realised),
            Col("Came of it", "percent", lambda each: each[2].share),
            Col("Measured over", "text", lambda each: over(each[2])),
        ),
    ).of(
        (item, benefit, came[item.name, benefit.measure, benefit.scope])
        for item in context.inputs.initiatives or ()
        for benefit in item.benefits
    )


# -- worth


def worth_table(found: Sequence[InitiativeWorth], near: str) -> PlanTable:
    """What each initiative brings in the `near` span of the headlines; most at risk first."""
    return Declared[InitiativeWorth](
        "Worth of each initiative",
        (
            Col("Initiative", "text", lambda worth: worth.initiative),
            Col("Promised", "small_money", lambda worth: worth.promised),
            Col("In the plan", "small_money", lambda worth: worth.in_plan),
            Col("At risk", "small_money", lambda worth: worth.at_risk, signed=True, better=-1),
            Col("Spend", "small_money", lambda worth: worth.spend),
            Col("Net in the plan", "small_money", lambda worth: worth.net, signed=True, better=1),
            Col(f"Cash after {near}", "small_money", lambda worth: worth.cash, signed=True, better=1),
        ),
        "What an initiative brings is not known, because the plan's profit is not.",
    ).of(sorted(found, key=lambda worth: (-(worth.at_risk or 0), -(worth.in_plan or 0), worth.initiative)))
