"""The customer lead time plan: how long customers wait against the target, what is late, and delivery on time."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views.lead_time import lead_time_message, made_to_order_table, made_to_stock_table
from sop.review.plan_views.parts import backlog_part, production_part, sales_part, service_part
from sop.ui.frame import page
from sop.ui.plan_notes import show_assumptions
from sop.ui.plan_page import (
    choose,
    filter_row,
    read_context,
    require_plan,
    show_lines,
    show_sheet,
    show_table_panel,
)
from sop.ui.plan_quote import show_quote
from sop.ui.plan_stock import show_waiting_panels

with page("Customer lead time") as visit:
    require_plan(visit, PlanName.CUSTOMER_LEAD_TIME)
    context = read_context(visit)
    with filter_row(context):
        chosen = choose(context, visit.money, units=False)
    family = chosen.family
    message = lead_time_message(context, family)
    visit.message(message)

    show_waiting_panels(visit, context, chosen, message)
    with st.grid(2, min_column_width=420):
        show_table_panel(visit, made_to_order_table(context), "Next 12 months; lead time in days", "lead-mto")
        show_quote(visit, chosen)
    show_table_panel(visit, made_to_stock_table(context), "Share of due units served in their month", "lead-mts")
    parts = (
        backlog_part(context, family),
        service_part(context, family),
        sales_part(context, family),
        production_part(context, family),
    )
    show_sheet(visit, context, parts, chosen, "lead-time")
    show_assumptions(visit, PlanName.CUSTOMER_LEAD_TIME, family)
    show_lines(visit, PlanName.CUSTOMER_LEAD_TIME, family)
