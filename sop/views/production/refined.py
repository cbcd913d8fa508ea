"""The first months of a plan in whole numbers beside the same months as planned."""

from __future__ import annotations

from sop.core.calendar import period_name
from sop.core.present import PlanTable, TableColumn, difference
from sop.supply import RefinedPlan, SupplyPlan


def compare_refined(base: SupplyPlan, refined: RefinedPlan, currency: str) -> tuple[PlanTable, PlanTable]:
    """The refined plan beside the plan of the same months, and what it makes by month."""
    before, after = _figures(base, currency), _figures(refined.plan, currency)
    before["Runs started"], after["Runs started"] = None, float(refined.starts.sum())
    rows = tuple((name, before[name], now, difference(now, before[name])) for name, now in after.items())
    columns = (
        TableColumn("", "text"),
        TableColumn("Plan"),
        TableColumn("In whole numbers"),
        TableColumn("Difference", signed=True),
    )
    plan = refined.plan
    made = tuple((name, *plan.production[f].sum(axis=0).tolist()) for f, name in enumerate(plan.problem.families))
    months = tuple(TableColumn(period_name(month)) for month in plan.problem.periods)
    return (
        PlanTable(f"The first {len(months)} months", columns, rows),
        PlanTable("What is made, in whole numbers", (TableColumn("Family", "text"), *months), made),
    )


def _figures(plan: SupplyPlan, currency: str) -> dict[str, float | None]:
    people = plan.people
    return {
        f"Cost, {currency}": plan.total_cost,
        f"Revenue less cost, {currency}": plan.revenue - plan.total_cost,
        f"Cost with the price of late, lost and broken limits, {currency}": plan.objective,
        "Units made": float(plan.production.sum()),
        "Units bought outside": float(plan.subcontract.sum()),
        "Units late at the end": float(plan.past_due[:, -1].sum()),
        "Units lost": float(plan.lost.sum()),
        "Stock at the end, units": float(plan.inventory[:, -1].sum()),
        "People at the end": float(people[:, -1].sum()) if len(people) else None,
        "Overtime hours": float(plan.overtime_hours.sum()),
    }
