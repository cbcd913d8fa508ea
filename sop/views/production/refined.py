"""The first months of a plan in whole numbers beside the same months as planned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sop.core.calendar import period_name, worded
from sop.core.format import how_many
from sop.core.inputs import Floats
from sop.core.present import Col, Declared, PlanTable, difference
from sop.supply import RefinedPlan, SupplyPlan


def compare_refined(
    base: SupplyPlan, refined: RefinedPlan, currency: str
) -> tuple[PlanTable, PlanTable, PlanTable]:
    """The refined plan beside the plan of the same months: all of it, its units by family, and what it makes by
    month."""
    plan = refined.plan
    before: dict[str, float | None] = {**_figures(base, currency), "Runs started": None}
    after = {**_figures(plan, currency), "Runs started": float(refined.starts.sum())}
    months = plan.problem.periods
    return (
        Declared[str](
            worded(f"The first {how_many(len(months), 'months')}"),
            (
                Col("", "text", str),
                Col("Plan", "units", before.__getitem__),
                Col("In whole numbers", "units", after.__getitem__),
                Col("Difference", "units", lambda name: difference(after[name], before[name]), signed=True),
            ),
        ).of(after),
        _by_family(base, plan),
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
        "People at the end": float(people[:, -1].sum()) if len(people) else None,
        "Overtime hours": float(plan.overtime_hours.sum()),
    }


def _by_family(base: SupplyPlan, plan: SupplyPlan) -> PlanTable:
    """Units of each family in both plans; units of different families are not added up."""
    figures: dict[str, Callable[[SupplyPlan], Floats]] = {
        "Made": lambda of: of.production.sum(axis=(1, 2)),
        "Bought outside": lambda of: of.subcontract.sum(axis=1),
        "Late at the end": lambda of: of.past_due[:, -1],
        "Lost": lambda of: of.lost.sum(axis=1),
        "Stock at the end": lambda of: of.inventory[:, -1],
    }
    both = [(title, read(base), read(plan)) for title, read in figures.items()]
    columns: list[Col] = [Col("Family", "text")]
    values: list[list[float]] = []
    for title, was, now in both:
        if np.any(was) or np.any(now):
            columns += [Col(title), Col("in whole numbers")]
            values += [was.tolist(), now.tolist()]
    return PlanTable("Units by family", tuple(columns), tuple(zip(plan.problem.families, *values, strict=True)))
