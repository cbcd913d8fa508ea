"""The strategic initiatives plan: goals, initiatives with their milestones and money, and what they change."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views.initiatives import (
    HEALTH_RULE,
    effects_table,
    initiative_spans,
    initiatives_message,
    initiatives_table,
    spend_series,
)
from sop.ui.frame import page
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
    context = read_context(visit)
    message = initiatives_message(context, money_words(visit.money))
    visit.message(message)

    with st.grid(2, min_column_width=360):
        with panel(
            "Initiatives against their baseline",
            "Outlined baseline, solid done, hatched ahead",
            "initiative-strip",
        ):
            show_strip(context, initiative_spans(context), "initiatives", message)
        with panel("Planned spend", f"{visit.money.unit} a month, all initiatives", "initiative-spend"):
            show_series(spend_series(context), context, visit.money, "spend", message)

    show_table_panel(visit, initiatives_table(context), f"Health by rule: {HEALTH_RULE}", "initiatives")
    note = "Planned: promised benefit × confidence × how far it has ramped up"
    show_table_panel(visit, effects_table(context), note, "initiative-effects")
    show_lines(visit, PlanName.STRATEGIC_INITIATIVES, None)
