"""The depth of the new products page in tabs; each is worked out only when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from sop.core.calendar import period_short, worded
from sop.core.inputs import Launch
from sop.portfolio.worth import profit_key
from sop.services.planning.supply_questions import slips_of
from sop.ui.charts import chart_stock, show_chart
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line, legend
from sop.ui.kit.panel import panel, show_sentence, show_tabs
from sop.ui.panels.plans.layout import show_table_panel
from sop.ui.panels.plans.plan_strip import vitality_note
from sop.views.portfolio.gates import slip_table
from sop.views.portfolio.launch_detail import (
    basis_table,
    brings_table,
    like_note,
    like_table,
    pipeline_table,
    ramp_of,
    record_table,
)
from sop.views.portfolio.launches import readiness_table
from sop.views.timeline import PlanContext


def show_launch_depth(visit: Visit, context: PlanContext) -> None:
    """The tabs; the first is readiness, with the vitality of the company's products."""
    shown: Mapping[str, Callable[[Visit, PlanContext], None]] = {
        "Readiness": _readiness,
        "Pipeline": _pipeline,
        "Brings and takes": _brings,
        "Ramp": _ramp,
        "Cost of a slip": _slips,
        "Launches that came": _records,
    }
    show_tabs("launch_depth", shown, visit, context)


def _readiness(visit: Visit, context: PlanContext) -> None:
    show_table_panel(
        visit, readiness_table(context, visit.view.assumptions), vitality_note(visit, context), "launch-readiness"
    )


def _pipeline(visit: Visit, context: PlanContext) -> None:
    note = "✓ passed, with its slip; else expected, and what it was at first; the last gate with the owner's slip"
    show_table_panel(visit, pipeline_table(context.inputs, visit.view.assumptions), note, "launch-pipeline")
    note = worded(f"Money in {visit.money.symbol}; launch cost falls in the launch month, times probability")
    show_table_panel(visit, basis_table(context.inputs, visit.view.assumptions), note, "launch-basis")


def _brings(visit: Visit, context: PlanContext) -> None:
    note = "Expected: times probability; takes: from other families and from products that are replaced"
    table = brings_table(context.inputs, visit.inputs.forecast, context.plan, visit.view.assumptions)
    show_table_panel(visit, table, note, "launch-brings")


def _ramp(visit: Visit, context: PlanContext) -> None:
    launch = _one(context, "launch_ramp")
    ramp = ramp_of(context.inputs, visit.inputs.forecast, launch, visit.view.assumptions)
    with st.grid(2, min_column_width=360):
        with panel(
            f"Ramp of {launch.name}", f"Share of its peak by {context.word} on sale, %", "launch-ramp-share"
        ):
            months = [period_short(month) for month in ramp.months]
            alt = worded(f"{launch.name} reaches {ramp.planned[5]:.0f}% of its peak in month 6 on sale.")
            chart = chart_stock(months, ramp.like, ramp.planned, [None] * len(months), alt=alt)
            show_chart(chart, "chart-ramp-share")
            like = [("actual", f"{ramp.name}, the closest like product, from its own launch")] if ramp.name else []
            st.html(legend([("plan line", "plan"), *like]))
        note = "By price and family: 0 is the same price in the same family"
        show_table_panel(visit, like_table(context.inputs, launch), note, "launch-like")
    st.html(grey_line(like_note(context.inputs, launch)))


def _slips(visit: Visit, context: PlanContext) -> None:
    launch = _one(context, "launch_slip")
    if visit.view.record is not None:
        show_sentence(
            "A slip is valued by planning again, which a frozen plan is not. Choose the working plan above."
        )
        return
    if launch.market_gate is None or launch.market_gate.actual is not None:
        show_sentence(f"{launch.name} has come to market, or has no gate that says when it comes.")
        return
    with st.spinner(worded("Planning again with each month of slip")):
        costs = slips_of(visit.room, visit.inputs, visit.view, "launch_slip_months", launch.name)
    table = slip_table(costs, launch.name, profit_key(visit.view.plan))
    note = (
        f"Against the plan as it stands; demand over the horizon, money of the next "
        f"{context.near_text}; a slip beyond them "
        "takes the launch cost out of them"
    )
    show_table_panel(visit, table, note, "launch-slip")


def _records(visit: Visit, context: PlanContext) -> None:
    note = f"Units since the launch against its ramp as if certain; money in {visit.money.symbol}"
    show_table_panel(visit, record_table(context.inputs, visit.inputs.forecast), note, "launch-record")


def _one(context: PlanContext, key: str) -> Launch:
    """One launch, chosen."""
    launches = {launch.name: launch for launch in context.inputs.launches or ()}
    name = st.selectbox(
        "Launch", list(launches), key=key, label_visibility="collapsed", width=190, persist_state="session"
    )
    return launches[name]
