"""The strip of launches or initiatives against their baseline, what comes next, and the choice of one launch."""

from __future__ import annotations

import streamlit as st

from sop.core.calendar import first_day, worded
from sop.core.format import percent
from sop.services.planning.plan_context import young_revenue
from sop.ui.charts import chart_strip, show_chart
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel
from sop.ui.kit.tables import show_table
from sop.ui.panels.review.executive_acts import strip_item
from sop.views.portfolio.gates import open_gates_table
from sop.views.portfolio.strip import Kind, build_strands
from sop.views.timeline import PlanContext

ALL_LAUNCHES = "All launches"


def show_strip(visit: Visit, context: PlanContext, kind: Kind, alt: str) -> None:
    """One row per launch or initiative that is not finished, and under it the gates that come next."""
    strands = build_strands(context.inputs, visit.view.assumptions, {})
    shown = [strand for strand in strands if strand.kind == kind]
    note = "Agreed span outlined, done solid, ahead hatched, expected end ◆ · slip against the baseline"
    with panel("Against the baseline", note, f"strip-{kind}"):
        if shown:
            today = first_day(context.plan.calendar.first_open)
            show_chart(
                chart_strip([strip_item(s, visit.money) for s in shown], today=today, alt=alt), f"strip-{kind}"
            )
        else:
            st.html(grey_line("No open gates or milestones are loaded."))
        table = open_gates_table(_gates(context, kind), context.plan.calendar, kind)
        show_table(table.without_empty_columns(), visit.money)


def _gates(context: PlanContext, kind: Kind) -> list[tuple[str, tuple]]:
    if kind == "Launch":
        return [(launch.name, launch.gates) for launch in context.inputs.launches or ()]
    return [(item.name, item.milestones) for item in context.inputs.initiatives or ()]


def choose_launch(context: PlanContext) -> str | None:
    """One launch, or None for all."""
    name = st.selectbox(
        "Launch",
        [ALL_LAUNCHES, *(launch.name for launch in context.inputs.launches or ())],
        key="plan_launch",
        label_visibility="collapsed",
        width=190,
        persist_state="session",
    )
    return None if name in (None, ALL_LAUNCHES) else name


def vitality_note(visit: Visit, context: PlanContext) -> str:
    """Revenue share of products launched in the last three years, as it was and as planned, each with its span."""
    was, planned = young_revenue(visit.room, visit.view)
    if was is None or planned is None:
        return "How much young products bring is not known."
    return worded(
        f"Vitality: products launched in the last three years brought {percent(was)} of revenue in the last "
        f"{context.last_text} and bring {percent(planned)} in the next {context.near_text}."
    )
