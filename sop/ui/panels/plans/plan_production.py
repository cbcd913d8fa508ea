"""What only the production page has: the load chart of a line, what limits the plan, and the depth in tabs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from sop.analysis.people import people_moves
from sop.analysis.supply.limits import PlanLimits
from sop.core.calendar import period_short, worded
from sop.core.format import MoneyFormat
from sop.ui.charts import Chart, Series, chart_load, show_chart
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_tabs
from sop.ui.panels.plans.layout import (
    Chosen,
    has_figures,
    monthly_note,
    show_difference,
    show_series,
    show_table_panel,
)
from sop.ui.panels.plans.plan_limits import show_limits, show_relief
from sop.ui.panels.plans.plan_refine import show_refine
from sop.ui.panels.plans.plan_strategies import show_strategies
from sop.views import series
from sop.views.production.production_plan import (
    lines_table,
    materials_table,
    people_moves_table,
    people_table,
    subcontract_table,
)
from sop.views.production.requirements import horizons_text, load_table, needs_table, units_table, work_table
from sop.views.production.resources import ResourceLoad
from sop.views.series import display
from sop.views.timeline import PlanContext


def show_production(
    visit: Visit,
    context: PlanContext,
    chosen: Chosen,
    line: ResourceLoad | None,
    resources: tuple[ResourceLoad, ...],
    limits: PlanLimits | None,
    message: str,
) -> None:
    """Load of a line and what limits the plan; where no capacity is loaded, what is made by month."""
    made = series.production(context, chosen.family, chosen.in_money)
    if line is None:
        note = monthly_note(chosen.unit, context)
        with panel(f"Production: {chosen.name}", note, "production-plan"):
            show_series(made, context, visit.money, "production", message)
        return
    left, right = st.columns(2)
    with left:
        note = f"Hours a {context.word} · solid actual, hatched planned, dotted not made · number: utilisation, %"
        with panel(f"{line.name}: load against capacity", note, "production-load"):
            show_chart(_load_chart(context, line, visit.money, message), key="chart-load")
            if line.past_unknown:
                st.html(grey_line(_unknown_note(line)))
            unit = chosen.unit if chosen.in_money else "units"
            st.html(grey_line(f"{chosen.name}: production minus agreed plan, {unit} a {context.word}"))
            show_difference(made, context, visit.money, "production")
    with right, panel("What limits the plan", "", "production-limits"):
        show_limits(visit, limits, resources)


def _load_chart(context: PlanContext, line: ResourceLoad, money: MoneyFormat, alt: str) -> Chart:
    hours = display(line.load, "hours", money)
    not_made: Series = display(line.not_made, "hours", money)
    return chart_load(
        [period_short(month) for month in context.months],
        [value if place < context.past else None for place, value in enumerate(hours)],
        [value if place >= context.past else None for place, value in enumerate(hours)],
        display(line.capacity, "hours", money),
        [None if value != value else float(value) for value in line.utilisation],
        not_made if has_figures(not_made) else None,
        alt=alt,
    )


def _unknown_note(line: ResourceLoad) -> str:
    return (
        f"Past load of this line is not known: {line.past_unknown} is made on several lines of {line.plant}, "
        "and actual production is loaded by plant."
    )


def show_production_depth(
    visit: Visit,
    context: PlanContext,
    family: str | None,
    resources: tuple[ResourceLoad, ...],
    limits: PlanLimits | None,
) -> None:
    """The tabs; each is worked out only when it is opened."""
    shown: dict[str, Callable[[], None]] = {}
    if resources:
        shown["Lines and people"] = lambda: _lines(visit, context, resources)
    shown["Materials and outside supply"] = lambda: _bought(visit, context)
    shown["Requirements"] = lambda: _requirements(visit, context, resources)
    shown["Strategies"] = lambda: show_strategies(visit, context)
    if resources:
        shown["Relief"] = lambda: show_relief(visit, limits, family)
        shown["Refine"] = lambda: show_refine(visit)
    show_tabs("production_depth", shown)


def _lines(visit: Visit, context: PlanContext, resources: tuple[ResourceLoad, ...]) -> None:
    moves = people_moves(context.plan, context.inputs, visit.view.assumptions)
    # That nobody moves is one sentence, which needs no half of the page.
    with st.grid(2 if moves else 1, min_column_width=360):
        note = "Hours against demonstrated capacity; full is 99.5% or more"
        show_table_panel(visit, lines_table(resources, context.near_text), note, "production-lines")
        note = worded("All plants and months; decide by: before the lead time to hire, or the notice period")
        show_table_panel(visit, people_moves_table(moves), note, "production-people-moves")
    note = "All families; not worked: regular hours that are paid all the same"
    show_table_panel(visit, people_table(context), note, "production-people")


def _bought(visit: Visit, context: PlanContext) -> None:
    with st.grid(2, min_column_width=360):
        note = "Units, all families; tightest first"
        show_table_panel(visit, materials_table(context), note, "production-materials")
        show_table_panel(visit, subcontract_table(context), "Units", "production-subcontract")


def _requirements(visit: Visit, context: PlanContext, resources: tuple[ResourceLoad, ...]) -> None:
    """What supply has to provide by horizon."""
    tables = [(units_table(context), f"{horizons_text(context)}; all families")]
    if resources:
        tables += [
            (load_table(context, resources), "Hours, and their share of demonstrated capacity"),
            (work_table(context), "People at the end of each span, hires, releases and overtime in it"),
        ]
    tables.append((needs_table(context), "Units, and their share of what suppliers state"))
    with st.grid(2, min_column_width=520):
        for table, note in tables:
            show_table_panel(visit, table, note, f"requirements-{table.name.lower().replace(' ', '-')}")
