"""The production plan: what is made on which line, what limits it, people, materials and outside supply."""

import streamlit as st

from sop.core.terms import PlanName
from sop.review.plan_views.parts import backlog_part, inventory_part, production_part, resource_part, sales_part
from sop.review.plan_views.production import (
    lines_table,
    materials_table,
    people_table,
    production_message,
    subcontract_table,
)
from sop.review.plan_views.resources import build_resources, resources_of
from sop.ui.frame import page
from sop.ui.plan_edit import show_edit_form
from sop.ui.plan_notes import show_assumptions
from sop.ui.plan_page import (
    choose,
    choose_resource,
    filter_row,
    read_context,
    require_plan,
    show_how_far,
    show_lines,
    show_sheet,
    show_table_panel,
)
from sop.ui.plan_production import show_production

SUPPLY_KEYS = ("capacity_pct", "overtime_share", "people_pct", "subcontract_pct", "supply_pct")

with page("Production") as visit:
    require_plan(visit, PlanName.PRODUCTION)
    context = read_context(visit)
    every = build_resources(context)
    with filter_row(context):
        chosen = choose(context, visit.money)
        resources = resources_of(every, chosen.family)
        line = choose_resource(resources)
    family = chosen.family
    message = production_message(context, family, resources[0] if resources else None)
    visit.message(message)
    show_how_far(visit, PlanName.PRODUCTION)

    show_production(visit, context, chosen, line, resources, message)
    parts = (
        production_part(context, family, chosen.in_money),
        resource_part(line),
        sales_part(context, family, chosen.in_money),
        inventory_part(context, family, chosen.in_money),
        backlog_part(context, family),
    )
    show_sheet(visit, context, parts, chosen, "production")

    left, right = st.columns(2)
    with left:
        if resources:
            show_table_panel(visit, lines_table(resources), "Hours; full is 99.5% or more", "production-lines")
            show_table_panel(visit, people_table(context), "Hours, all families", "production-people")
        show_table_panel(visit, subcontract_table(context), "Units", "production-subcontract")
    with right:
        show_table_panel(
            visit, materials_table(context), "Units, all families; tightest first", "production-materials"
        )
    with st.grid(2, min_column_width=360):
        show_edit_form(visit, PlanName.PRODUCTION, SUPPLY_KEYS, "Change supply", line.key if line else "")
        show_assumptions(visit, PlanName.PRODUCTION, family)
    show_lines(visit, PlanName.PRODUCTION, family)
