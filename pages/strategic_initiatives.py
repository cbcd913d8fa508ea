"""The strategic initiatives plan: goals, initiatives with their milestones and money, and what they change."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views.initiatives import (
    HEALTH_RULE,
    effects_table,
    initiatives_message,
    initiatives_table,
    realised_table,
    spend_series,
)
from sop.ui.frame import page
from sop.ui.plan_notes import show_assumptions
from sop.ui.plan_page import (
    money_words,
    panel,
    read_context,
    require_plan,
    show_lines,
    show_series,
    show_table_panel,
)
from sop.ui.plan_strip import show_strip

with page("Strategic initiatives") as visit:
    require_plan(visit, PlanName.STRATEGIC_INITIATIVES)
    context, assumptions = read_context(visit), visit.view.assumptions
    message = initiatives_message(context, assumptions, money_words(visit.money))
    visit.message(message)

    with st.grid(2, min_column_width=360):
        show_strip(visit, context, "Initiative", message)
        with panel("Planned spend", f"{visit.money.unit} a month, all initiatives", "initiative-spend"):
            show_series(spend_series(context), context, visit.money, "spend", message)

    show_table_panel(
        visit, initiatives_table(context, assumptions), f"Health by rule: {HEALTH_RULE}", "initiatives"
    )
    note = "Planned: promised benefit × confidence × how far it has ramped up"
    show_table_panel(visit, effects_table(context), note, "initiative-effects")
    note = "Closed months against the plan signed at the time, in the measure's own unit"
    show_table_panel(visit, realised_table(context), note, "initiative-realised")
    show_assumptions(visit, PlanName.STRATEGIC_INITIATIVES)
    show_lines(visit, PlanName.STRATEGIC_INITIATIVES, None)
