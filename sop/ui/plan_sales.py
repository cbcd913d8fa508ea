"""What only the sales page has: the terms chart, the accuracy of past consensus, and the form for overrides."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sop.access import require_owner
from sop.core.errors import NotAllowed, SopError
from sop.review.message import plain_month
from sop.review.plan_views.sales import demand_terms
from sop.review.plan_views.timeline import PlanContext
from sop.services.plan_pages import channel_sales, consensus_accuracy
from sop.services.scenarios import change_assumption, working_scenario
from sop.ui.cards import grey_line, terms_legend
from sop.ui.charts import chart_terms, show_chart
from sop.ui.format import percent
from sop.ui.frame import Visit
from sop.ui.plan_page import panel, show_sentence
from sop.ui.plan_tables import month_name

OVERRIDES = {"demand_pct": "Percent of the forecast, all months", "demand_units": "Units in one month and region"}


def show_terms(visit: Visit, context: PlanContext, family: str | None) -> None:
    """Consensus demand of the planned months stacked by its terms, and how good past consensus was.

    Terms that are always 0 are left out of the chart.
    """
    terms = demand_terms(context, family)
    drawn = {
        name: values.tolist() for name, values in terms.items() if values.any() or name == "Baseline forecast"
    }
    total = np.sum(list(terms.values()), axis=0).tolist()
    months = [month_name(month) for month in context.plan.months]
    alt = "Consensus demand by month as the sum of its terms; the table of terms has the figures."
    show_chart(chart_terms(months, drawn, total, alt=alt), key="chart-terms")
    st.html(terms_legend(list(drawn)))
    st.html(grey_line(accuracy_note(visit)))


def channels(visit: Visit, family: str | None) -> list[tuple[str, float, float, float, float]]:
    """Sales by channel as plain rows."""
    found = channel_sales(visit.room, visit.person.id, family)
    return [(c.channel, c.units, c.units_before, c.revenue, c.revenue_before) for c in found]


def accuracy_note(visit: Visit) -> str:
    """How good the consensus was one month ahead, in one line."""
    rows = {row.step: row for row in consensus_accuracy(visit.room, visit.inputs.key)}
    consensus = rows.get("Consensus")
    if consensus is None:
        return "No closed month had an agreed plan yet, so accuracy is not known"
    naive = rows["Seasonal naive"]
    return (
        f"One month ahead, all families, {consensus.months} months: consensus missed by {percent(consensus.wape)} "
        f"(WAPE), bias {percent(consensus.bias)}; last year's figure missed by {percent(naive.wape)}"
    )


def show_override_form(visit: Visit, context: PlanContext, family: str | None) -> None:
    """The form with which the owner of demand changes the working plan."""
    note = "Each change is in the working plan at once, with its reason, and every open screen follows"
    with panel("Change demand", note, "sales-override"):
        _form(visit, context, family, working_scenario(visit.room.store, visit.person.id).id)


def _form(visit: Visit, context: PlanContext, family: str | None, scenario_id: int) -> None:
    """The form; whoever does not own demand sees it closed, with the reason."""
    refusal = _refusal(visit)
    if refusal:
        show_sentence(refusal)
    families, regions = context.inputs.families.names, context.inputs.regions
    with st.form("override", border=False):
        with st.grid(4, min_column_width=120):
            name = st.selectbox(
                "Family", families, index=families.index(family) if family else 0, disabled=bool(refusal)
            )
            key = st.selectbox("How", list(OVERRIDES), format_func=OVERRIDES.__getitem__, disabled=bool(refusal))
            region = st.selectbox("Region (units)", regions, disabled=bool(refusal))
            month = st.selectbox(
                "Month (units)", context.plan.months, format_func=plain_month, disabled=bool(refusal)
            )
        value = st.number_input("Change, % or units", value=0.0, step=1.0, disabled=bool(refusal))
        reason = st.text_input(
            "Reason", disabled=bool(refusal), placeholder="What do you know that the forecast does not?"
        )
        sent = st.form_submit_button("Change the working plan", disabled=bool(refusal))
    if sent:
        _send(
            visit, scenario_id, key, f"{name}|{region}|{month}" if key == "demand_units" else name, value, reason
        )


def _send(visit: Visit, scenario_id: int, key: str, scope: str, value: float, reason: str) -> None:
    """Make the change, then show the plan that follows from it; a refusal is one sentence."""
    if not reason.strip():
        st.error("A change of demand needs its reason.", icon=":material/block:")
        return
    number = value / 100 if key == "demand_pct" else value
    try:
        change_assumption(
            visit.room.store, visit.person.id, scenario_id, key, number, scope=scope, reason=reason.strip()
        )
    except SopError as refused:
        st.error(str(refused), icon=":material/block:")
        return
    st.rerun()


def _refusal(visit: Visit) -> str:
    """Why this person may not change demand; empty for its owner."""
    try:
        require_owner(visit.role, "demand_pct")
    except NotAllowed as refused:
        return str(refused)
    if visit.view.scenario is None or visit.view.scenario.kind != "working":
        return f"{visit.view.name} is shown. Choose the working plan above to change it."
    return ""
