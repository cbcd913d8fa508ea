"""The new products plan: launches against their baseline, what they still need, and what their volume brings."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views.launches import launches_message, launches_table, ramp_series, readiness_table
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
from sop.ui.plan_strip import choose_launch, show_strip, vitality_note

with page("New products") as visit:
    require_plan(visit, PlanName.NEW_PRODUCTS)
    context = read_context(visit)
    message = launches_message(context, money_words(visit.money))
    visit.message(message)

    with st.grid(2, min_column_width=360):
        show_strip(visit, context, "Launch", message)
        with panel("Planned volume", "Units a month, times the probability of launching", "launch-ramp"):
            show_series(ramp_series(context, choose_launch(context)), context, visit.money, "ramp", message)

    note = "Slip is against the baseline; units, revenue (at the family's net price) and cost times probability"
    show_table_panel(visit, launches_table(context), note, "launches")
    show_table_panel(
        visit, readiness_table(context, visit.view.assumptions), vitality_note(visit), "launch-readiness"
    )
    st.page_link("pages/scenarios.py", label="Try another launch month on Scenarios", icon=":material/tune:")
    show_assumptions(visit, PlanName.NEW_PRODUCTS)
    show_lines(visit, PlanName.NEW_PRODUCTS, None)
