"""The financial plan: profit and loss, cash against its minimum, variances, and where the fiscal year lands."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views.financial import (
    cash_part,
    financial_message,
    landing_table,
    money_series,
    profit_part,
    variances_table,
)
from sop.ui.frame import page
from sop.ui.plan_money import show_money_panels
from sop.ui.plan_notes import show_assumptions
from sop.ui.plan_page import (
    money_words,
    read_context,
    require_plan,
    show_how_far,
    show_lines,
    show_money_sheet,
    show_table_panel,
)

with page("Financial") as visit:
    require_plan(visit, PlanName.FINANCIAL)
    context = read_context(visit)
    message = financial_message(context, money_words(visit.money))
    visit.message(message)
    show_how_far(visit, PlanName.FINANCIAL)

    keys = [key for key in ("total_revenue", "gross_margin", "ebit") if key in context.plan]
    show_money_panels(visit, context, [money_series(context, key) for key in keys], message)
    show_money_sheet(visit, context, (*profit_part(context), *cash_part(context)), "financial")
    with st.grid(2, min_column_width=420):
        note = "Actual to date plus plan for the rest; revenue of sales tables, margin and EBIT of the ledger"
        show_table_panel(visit, landing_table(context), note, "financial-landing")
        note = "What making and buying costs beyond standard; + costs more"
        show_table_panel(visit, variances_table(context), note, "financial-variances")
    show_assumptions(visit, PlanName.FINANCIAL)
    show_lines(visit, PlanName.FINANCIAL, None)
