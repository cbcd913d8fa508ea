"""The sales plan: consensus demand by its terms, where it is sold, and the owner's overrides."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views import series
from sop.review.plan_views.parts import money_part, sales_part, service_part
from sop.review.plan_views.sales import channels_table, regions_table, sales_message, terms_table
from sop.ui.frame import page
from sop.ui.plan_notes import show_assumptions
from sop.ui.plan_page import (
    choose,
    filter_row,
    money_words,
    monthly_note,
    panel,
    read_context,
    require_plan,
    show_lines,
    show_series,
    show_sheet,
    show_table_panel,
)
from sop.ui.plan_sales import channels, show_override_form, show_terms

with page("Sales") as visit:
    require_plan(visit, PlanName.SALES)
    context = read_context(visit)
    with filter_row(context):
        chosen = choose(context, visit.money)
    family = chosen.family
    message = sales_message(context, family, money_words(visit.money))
    visit.message(message)

    title, read = ("Revenue", series.revenue) if chosen.in_money else ("Demand", series.demand)
    with st.grid(2, min_column_width=360):
        with panel(title, monthly_note(chosen.unit, context), "sales-plan"):
            show_series(read(context, family), context, visit.money, "sales", message)
        with panel("What demand is made of", "Units a month; terms add up to consensus demand", "sales-terms"):
            show_terms(visit, context, family)

    parts = (
        sales_part(context, family, chosen.in_money),
        service_part(context, family),
        money_part(context, family),
    )
    show_sheet(visit, context, parts, chosen, "sales")
    with st.grid(3, min_column_width=330):
        show_table_panel(visit, regions_table(context, family), "Next 12 months", "sales-regions")
        show_table_panel(visit, channels_table(channels(visit, family)), "As shipped", "sales-channels")
        show_table_panel(visit, terms_table(context, family), "Units", "sales-terms-table")
    with st.grid(2, min_column_width=360):
        show_override_form(visit, context, family)
        show_assumptions(visit, PlanName.SALES, family)
    show_lines(visit, PlanName.SALES, family)
