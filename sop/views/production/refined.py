"""The first months of a plan in whole numbers beside the same months as planned."""

from __future__ import annotations

from sop.core.calendar import period_name, worded
from sop.core.present import Col, Declared, PlanTable, difference
from sop.supply import RefinedPlan, SupplyPlan


def compare_refined(base: SupplyPlan, refined: RefinedPlan, currency: str) -> tuple[PlanTable, PlanTable]:
    """The refined plan beside the plan of the same months, and what it makes by month."""
    plan = refined.plan
    before: dict[str, float | None] = {**_figures(base, currency), "Runs started": None}
    after = {**_figures(plan, currency), "Runs started": float(refined.starts.sum())}
    months = plan.problem.periods
    return (
        Declared[str](
            worded(f"The first {len(months)} months"),
            (
                Col("", "text", str),
                Col("Plan", "units", before.__getitem__),
                Col("In whole numbers", "units", after.__getitem__),
                Col("Difference", "units", lambda name: difference(after[name], before[name]), signed=True),
            ),
        ).of(after),
        PlanTable(
            "What is made, in whole numbers",
            (Col("Family", "text"), *(Col(period_name(month)) for month in months)),
            tuple(
                (name, *plan.production[f].sum(axis=0).tolist()) for f, name in enumerate(plan.problem.families)
            ),
        ),
    )


def _figures(plan: SupplyPlan, currency: str) -> dict[str, float | None]:
    people = plan.people
    return {
        f"Cost, {currency}": plan.paid,
        f"Revenue less cost, {currency}": plan.revenue - plan.paid,
        "Units made": float(plan.production.sum()),
        "Units bought outside": float(plan.subcontract.sum()),
        "Units late at the end": float(plan.past_due[:, -1].sum()),
        "Units lost": float(plan.lost.sum()),
        "Stock at the end, units": float(plan.inventory[:, -1].sum()),
        "People at the end": float(people[:, -1].sum()) if len(people) else None,
        "Overtime hours": float(plan.overtime_hours.sum()),
    }
