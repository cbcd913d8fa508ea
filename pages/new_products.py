"""The new products plan: launches against their baseline, and what their volume brings."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views.launches import launch_spans, launches_message, launches_table, ramp_series
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
from sop.ui.plan_strip import choose_launch, show_strip

with page("New products") as visit:
    require_plan(visit, PlanName.NEW_PRODUCTS)
    context = read_context(visit)
    message = launches_message(context, money_words(visit.money))
    visit.message(message)

    with st.grid(2, min_column_width=360):
        with panel(
            "Launches against their baseline", "Outlined baseline, solid done, hatched ahead", "launch-strip"
        ):
            show_strip(context, launch_spans(context), "launches", message)
        with panel("Planned volume", "Units a month, times the probability of launching", "launch-ramp"):
            name = choose_launch(context)
            show_series(ramp_series(context, name), context, visit.money, "ramp", message)

    note = "Slip is against the baseline; units, revenue (at the family's net price) and cost times probability"
    show_table_panel(visit, launches_table(context), note, "launches")
    st.page_link("pages/scenarios.py", label="Try another launch month on Scenarios", icon=":material/tune:")
    show_lines(visit, PlanName.NEW_PRODUCTS, None)
