"""What only the production page has: the load chart of a line, and what limits the plan."""

from __future__ import annotations

import streamlit as st

from sop.review.plan_views import series
from sop.review.plan_views.limits import by_worth, full_lines_table
from sop.review.plan_views.production import limits_sentence
from sop.review.plan_views.resources import ResourceLoad
from sop.review.plan_views.timeline import PlanContext
from sop.ui.cards import grey_line
from sop.ui.charts import Chart, Series, chart_load, show_chart
from sop.ui.format import MoneyFormat
from sop.ui.frame import Visit
from sop.ui.plan_page import (
    Chosen,
    display,
    has_figures,
    monthly_note,
    panel,
    read_limits,
    show_difference,
    show_sentence,
    show_series,
)
from sop.ui.plan_tables import month_name, table_html
from sop.ui.tables import Cell, Column, html_table

SHOWN_LIMITS, SHOWN_CAUSES = 5, 3


def show_production(
    visit: Visit,
    context: PlanContext,
    chosen: Chosen,
    line: ResourceLoad | None,
    resources: tuple[ResourceLoad, ...],
    message: str,
) -> None:
    """Load of a line and what limits the plan; where no capacity is loaded, what is made by month."""
    made = series.production(context, chosen.family, chosen.in_money)
    if line is None:
        note = monthly_note(chosen.unit, context)
        with panel(f"Production: {chosen.name}", note, "production-plan"):
            show_series(made, context, visit.money, "production", message)
        return
    wide, narrow = st.columns([2, 1])
    with wide:
        note = "Hours a month · solid actual, hatched planned, dotted not made · number: utilisation, %"
        with panel(f"{line.name}: load against capacity", note, "production-load"):
            show_chart(_load_chart(context, line, visit.money, message), key="chart-load")
            if line.past_unknown:
                st.html(grey_line(_unknown_note(line)))
            unit = chosen.unit if chosen.in_money else "units"
            st.html(grey_line(f"{chosen.name}: production minus agreed plan, {unit} a month"))
            show_difference(made, context, visit.money, "production")
    with narrow, panel("What limits the plan", "", "production-limits"):
        show_limits(visit, chosen.family, resources)


def _load_chart(context: PlanContext, line: ResourceLoad, money: MoneyFormat, alt: str) -> Chart:
    hours = display(line.load, "hours", money)
    not_made: Series = display(line.not_made, "hours", money)
    return chart_load(
        [month_name(month) for month in context.months],
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


def show_limits(visit: Visit, family: str | None, resources: tuple[ResourceLoad, ...]) -> None:
    """The limits that bind with what relief is worth, and what stops late units; for a frozen plan its lines."""
    found = read_limits(visit, family)
    if found is None:
        st.html(table_html(full_lines_table(resources), visit.money))
        st.html(grey_line("Worth of relief is found by planning again, which a frozen plan is not."))
        return
    kept = by_worth(found.limits)[:SHOWN_LIMITS]
    rows = [
        (
            Cell(limit.label, note=limit.note(visit.money.full), strong=True),
            f"{limit.months}",
            "–" if limit.worth is None else f"up to {visit.money.full(max(limit.worth, 0.0))}",
        )
        for limit in kept
    ]
    columns = [Column("Limit"), Column("Months", True), Column("Worth of one more", True)]
    if rows:
        st.html(html_table(columns, rows, caption="What limits the plan"))
    show_sentence(limits_sentence(found.limits, visit.money.full))
    for cause in found.causes[:SHOWN_CAUSES]:
        show_sentence(cause.sentence)
