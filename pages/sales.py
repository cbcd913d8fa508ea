"""The sales plan: consensus demand by its terms, what each function expects, overrides, and how good it was."""

import streamlit as st

from sop.core.calendar import worded
from sop.core.override_scopes import UNIT_OVERRIDES
from sop.core.terms import PlanName
from sop.ui.frame.page import Visit, page
from sop.ui.kit.cards import grey_line
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.kit.panel import panel, show_tabs
from sop.ui.panels.plans.layout import (
    Chosen,
    choose,
    filter_row,
    monthly_note,
    read_context,
    require_plan,
    show_lines,
    show_series,
    show_sheet,
    show_table_panel,
)
from sop.ui.panels.plans.plan_accuracy import show_accuracy
from sop.ui.panels.plans.plan_history import show_history
from sop.ui.panels.plans.plan_notes import show_assumptions
from sop.ui.panels.plans.plan_overrides import show_overrides
from sop.ui.panels.plans.plan_sales import channels, jumps, show_terms
from sop.ui.panels.plans.plan_streams import show_streams
from sop.ui.panels.process.cadence import show_cadences
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.views import series
from sop.views.jump_words import jump_sentence, jump_table
from sop.views.price_words import elasticity_words
from sop.views.sales.sales_plan import (
    channels_note,
    channels_table,
    regions_note,
    regions_table,
    sales_message,
    terms_table,
)
from sop.views.sheet_blocks import money_part, sales_part, service_part
from sop.views.timeline import PlanContext

PERCENT_KEYS = ("demand_pct", "price_pct", "price_elasticity")


def charts(visit: Visit, context: PlanContext, chosen: Chosen, message: str) -> None:
    """Demand or revenue by month, and what demand is made of."""
    title, read = ("Revenue", series.revenue) if chosen.in_money else ("Demand", series.demand)
    with st.grid(2, min_column_width=360):
        with panel(title, monthly_note(chosen.unit, context), "sales-plan"):
            show_series(read(context, chosen.family), context, visit.money, "sales", message)
        at = " at net price" if chosen.in_money else ""
        note = worded(f"{chosen.unit} a month{at}; terms add up to consensus demand")
        with panel("What demand is made of", note, "sales-terms"):
            show_terms(visit, context, chosen.family, chosen.in_money)


def plan_view(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    """The family sheet, where it is sold, and the terms."""
    family = chosen.family
    sold = channels(visit, family)
    parts = (
        sales_part(context, family, chosen.in_money),
        service_part(context, family),
        money_part(context, family),
    )
    show_sheet(visit, context, parts, chosen, "sales")
    together = chosen.in_money and context.several(family)
    note = "At the net price planned of each family" if together else "Units"
    with st.grid(2, min_column_width=330):
        show_table_panel(visit, regions_table(context, family, together), regions_note(context), "sales-regions")
        show_table_panel(
            visit, channels_table(sold, context.last_text, together), channels_note(sold), "sales-channels"
        )
        show_table_panel(visit, terms_table(context, family, together), note, "sales-terms-table")
        show_table_panel(
            visit, jump_table(jumps(visit), family, together), "Parts add up exactly", "sales-last-year"
        )
    show_lines(visit, PlanName.SALES, family)


def overrides_view(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    """Overrides in units at any level, percent and price for all months, and what stands behind the plan."""
    show_overrides(visit, context, chosen.family)
    show_assumptions(visit, PlanName.SALES, chosen.family, UNIT_OVERRIDES)
    note = elasticity_words(context.inputs, visit.view.assumptions, chosen.family)
    show_edit_form(visit, PlanName.SALES, PERCENT_KEYS, worded("For all months"), chosen.family or "", note)


def history_view(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    """The history behind the forecast, its methods and drivers, and how often to plan the family."""
    show_history(visit, chosen.family)
    show_cadences(visit, chosen.family)


VIEWS = {
    "Plan": plan_view,
    "Streams": show_streams,
    "Overrides": overrides_view,
    "Accuracy": show_accuracy,
    "History": history_view,
}

with page("Sales") as visit:
    require_plan(visit, PlanName.SALES)
    context = read_context(visit)
    with filter_row(context):
        chosen = choose(context, visit.money)
    message = sales_message(context, chosen.family, visit.money.words)
    visit.message(message)
    if apart := jump_sentence(jumps(visit), chosen.family, visit.view.plan.currency):
        st.html(grey_line(apart))
    show_comments(visit, "sales", usual_things(visit))
    charts(visit, context, chosen, message)
    show_tabs("sales_view", VIEWS, visit, context, chosen)
