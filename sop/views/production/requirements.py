"""What supply has to provide over the short, medium and long horizon: units, hours, people and materials.

The short horizon is scheduled, the medium one is met by overtime, hiring, suppliers and subcontract, the long one
by capacity. Shares are of what is demonstrated or stated for the same months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sop.analysis.people import PlantPeople, people_of, total
from sop.core.calendar import worded
from sop.core.inputs import Floats
from sop.core.present import Col, Form, PlanTable
from sop.views.production.production_plan import material_supply
from sop.views.production.resources import ResourceLoad
from sop.views.timeline import PlanContext


def horizons_of(context: PlanContext) -> dict[str, slice]:
    """Short, medium and long horizon, a quarter, to a year and beyond, as far as the plan reaches."""
    short, year = _ends(context)
    spans = slice(0, short), slice(short, year), slice(year, None)
    names = _from_first(short), f"{short + 1}–{year}", f"{year + 1}+"
    return {name: span for name, span in zip(names, spans, strict=True) if span.start < len(context.plan.months)}


def horizons_text(context: PlanContext) -> str:
    """What is done about each horizon, in the periods of the plan: 'Months 1–3 are scheduled, 4–12 …'."""
    short, year = _ends(context)
    told = worded(
        "Month {} is scheduled" if short == 1 else "Months {} are scheduled", bucket=context.plan.calendar.bucket
    )
    later = f"{short + 1}–{year} staffed and bought for, {year + 1} and later built for"
    return f"{told.format(_from_first(short))}, {later}"


def _ends(context: PlanContext) -> tuple[int, int]:
    """The last period of the short and of the medium horizon: a quarter and a year."""
    return max(context.year // 4, 1), context.year


def _from_first(last: int) -> str:
    return "1" if last == 1 else f"1–{last}"


def units_table(context: PlanContext) -> PlanTable:
    """Units due, to make and to buy outside by family and horizon."""
    plan, spans = context.plan, horizons_of(context)
    due, made = plan.by_family("due"), plan.by_family("production")
    bought = plan["subcontract"] if "subcontract" in plan else np.zeros_like(made)
    return PlanTable(
        "Units",
        _columns("Family", spans, ("due", "units"), ("make", "units"), ("buy", "units")),
        tuple(
            (name, *(float(each[at, span].sum()) for span in spans.values() for each in (due, made, bought)))
            for at, name in enumerate(context.inputs.families.names)
        ),
    )


def load_table(context: PlanContext, resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Hours needed of each line and their share of demonstrated capacity by horizon."""
    spans = horizons_of(context)
    return PlanTable(
        "Line hours",
        _columns("Line", spans, ("hours", "hours"), ("load", "percent")),
        tuple(
            (line.name, *_used(spans, line.load[line.past :], line.capacity[line.past :])) for line in resources
        ),
        "No capacity is loaded.",
    )


def work_table(context: PlanContext) -> PlanTable:
    """People at the end of each horizon, hires, releases and overtime in it by plant."""
    plan, spans = context.plan, horizons_of(context)

    def worked(at: int, each: PlantPeople) -> Iterator[float | None]:
        for span in spans.values():
            yield from (each.planned[span][-1], total(each.hires[span]), total(each.releases[span]))
            yield float(plan["overtime_hours"][at, span].sum())

    kinds: tuple[tuple[str, Form], ...] = (
        ("people", "people"), ("hires", "people"), ("releases", "people"), ("overtime", "hours"),
    )  # fmt: skip
    plants = people_of(plan) if "people" in plan else ()
    rows = tuple((each.plant, *worked(at, each)) for at, each in enumerate(plants))
    return PlanTable("People", _columns("Plant", spans, *kinds), rows, "No workforce is loaded.")


def needs_table(context: PlanContext) -> PlanTable:
    """Material needed and its share of what suppliers state by horizon."""
    plan, spans = context.plan, horizons_of(context)
    return PlanTable(
        "Material needs",
        _columns("Material", spans, ("need", "units"), ("of supply", "percent")),
        tuple(
            (name, *_used(spans, plan["material_need"][at].astype(float), material_supply(context, name)))
            for at, name in enumerate(plan.names("material_need"))
        ),
        "No materials are loaded.",
    )


def _used(spans: Mapping[str, slice], load: Floats, most: Floats) -> Iterator[float | None]:
    """By horizon what is needed in all, and its share of the limit where there is one in every month."""
    for span in spans.values():
        needed = float(np.nansum(load[span])) if np.isfinite(load[span]).any() else None
        limit = float(most[span].sum())
        yield needed
        yield needed / limit if np.isfinite(limit) and limit > 0 and needed is not None else None


def _columns(first: str, spans: Mapping[str, slice], *each: tuple[str, Form]) -> tuple[Col[Any], ...]:
    named = (Col[Any](f"{name} {title}", form) for name in spans for title, form in each)
    return Col(first, "text"), *named
