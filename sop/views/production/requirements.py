"""What supply has to provide over the short, medium and long horizon: units, hours, people and materials.

The short horizon is scheduled, the medium one is met by overtime, hiring, suppliers and subcontract, the long one
by capacity. Shares are of what is demonstrated or stated for the same months.
"""

from __future__ import annotations

import numpy as np

from sop.analysis.people import people_of, total
from sop.core.inputs import Floats
from sop.core.present import Figure, Form, PlanTable, TableColumn
from sop.views.production.resources import ResourceLoad
from sop.views.timeline import PlanContext


def horizons_of(context: PlanContext) -> dict[str, slice]:
    """Short, medium and long horizon, a quarter, to a year and beyond, as far as the plan reaches."""
    year = context.year
    short = max(year // 4, 1)
    spans = slice(0, short), slice(short, year), slice(year, None)
    names = f"1–{short}", f"{short + 1}–{year}", f"{year + 1}+"
    return {name: span for name, span in zip(names, spans, strict=True) if span.start < len(context.plan.months)}


def units_table(context: PlanContext) -> PlanTable:
    """Units due, to make and to buy outside by family and horizon."""
    plan, spans = context.plan, horizons_of(context)
    due, made = plan.by_family("due"), plan.by_family("production")
    bought = plan["subcontract"] if "subcontract" in plan else np.zeros_like(made)
    rows: list[tuple[Figure, ...]] = [
        (name, *(float(each[at, span].sum()) for span in spans.values() for each in (due, made, bought)))
        for at, name in enumerate(context.inputs.families.names)
    ]
    columns = _columns("Family", spans, (("due", "units"), ("make", "units"), ("buy", "units")))
    return PlanTable("Units", columns, tuple(rows))


def load_table(context: PlanContext, resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Hours needed of each line and their share of demonstrated capacity by horizon."""
    spans = horizons_of(context)
    rows = []
    for resource in resources:
        load, hours = resource.load[resource.past :], resource.capacity[resource.past :]
        rows.append((resource.name, *(x for span in spans.values() for x in _used(load[span], hours[span]))))
    columns = _columns("Line", spans, (("hours", "hours"), ("load", "percent")))
    return PlanTable("Line hours", columns, tuple(rows), "No capacity is loaded.")


def work_table(context: PlanContext) -> PlanTable:
    """People at the end of each horizon, hires, releases and overtime in it by plant."""
    plan, spans, rows = context.plan, horizons_of(context), []
    for at, each in enumerate(people_of(plan) if "people" in plan else ()):
        figures: list[Figure] = []
        for span in spans.values():
            figures += [each.planned[span][-1], total(each.hires[span]), total(each.releases[span])]
            figures.append(float(plan["overtime_hours"][at][span].sum()))
        rows.append((each.plant, *figures))
    kinds: tuple[tuple[str, Form], ...] = (
        ("people", "people"), ("hires", "people"), ("releases", "people"), ("overtime", "hours"),
    )  # fmt: skip
    return PlanTable("People", _columns("Plant", spans, kinds), tuple(rows), "No workforce is loaded.")


def needs_table(context: PlanContext) -> PlanTable:
    """Material needed and its share of what suppliers state by horizon."""
    plan, spans, materials = context.plan, horizons_of(context), context.inputs.materials
    rows = []
    for at, name in enumerate(plan.names("material_need") if "material_need" in plan else ()):
        need = plan["material_need"][at].astype(float)
        supply = np.full(len(need), np.inf)
        if materials is not None and name in materials.names:
            supply = materials.supply[materials.names.index(name)]
        rows.append((name, *(x for span in spans.values() for x in _used(need[span], supply[span]))))
    columns = _columns("Material", spans, (("need", "units"), ("of supply", "percent")))
    return PlanTable("Material needs", columns, tuple(rows), "No materials are loaded.")


def _used(load: Floats, most: Floats) -> tuple[float | None, float | None]:
    """What is needed in all, and its share of the limit where there is one in every month."""
    needed = float(np.nansum(load)) if np.isfinite(load).any() else None
    limited = bool(np.isfinite(most).all()) and float(most.sum()) > 0
    return needed, needed / float(most.sum()) if limited and needed is not None else None


def _columns(first: str, spans: dict[str, slice], each: tuple[tuple[str, Form], ...]) -> tuple[TableColumn, ...]:
    named = [TableColumn(f"{name} {title}", form) for name in spans for title, form in each]
    return TableColumn(first, "text"), *named
