"""The strategic initiatives plan: strategy run through to the plan, milestones, money, benefits and worth."""

import streamlit as st

from sop.core.calendar import worded
from sop.core.terms import PlanName
from sop.ui.frame.page import page
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.kit.panel import panel, show_opened
from sop.ui.panels.plans.initiative_depth import show_goals, show_initiative_depth
from sop.ui.panels.plans.layout import (
    read_context,
    require_plan,
    show_lines,
    show_series,
    show_table_panel,
)
from sop.ui.panels.plans.plan_fates import show_fates
from sop.ui.panels.plans.plan_notes import show_assumptions
from sop.ui.panels.plans.plan_strip import show_strip
from sop.ui.panels.plans.plan_trial import show_trial
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.views.portfolio.initiative_detail import strategy_table
from sop.views.portfolio.initiatives import (
    HEALTH_RULE,
    initiatives_message,
    initiatives_table,
    spend_series,
)

OWNED = ("initiative_confidence", "initiative_slip_months")

with page("Strategic initiatives") as visit:
    require_plan(visit, PlanName.STRATEGIC_INITIATIVES)
    context, assumptions = read_context(visit), visit.view.assumptions
    message = initiatives_message(context, assumptions, visit.money.words)
    visit.message(message)
    show_comments(visit, "strategic_initiatives", usual_things(visit))

    note = "Each goal with its initiatives, what they change, and how much of it the plan counts on"
    show_table_panel(visit, strategy_table(context, assumptions), note, "strategy")
    note = worded(
        "Share of the full benefit that each cycle's signed plan counted on for its next "
        f"{context.plan.near_text}, the last month by the plan shown · of what was counted on in closed months, "
        "what came"
    )
    show_opened("Goals by cycle: promised, realised, and in money", "goals", show_goals, visit, context, note)
    with st.grid(2, min_column_width=360):
        show_strip(visit, context, "Initiative", message)
        with panel("Planned spend", worded(f"{visit.money.unit} a month, all initiatives"), "initiative-spend"):
            show_series(spend_series(context), context, visit.money, "spend", message)

    note = f"Health by rule: {HEALTH_RULE}"
    show_table_panel(visit, initiatives_table(context, assumptions), note, "initiatives")
    names = [item.name for item in context.inputs.initiatives or ()]
    show_trial(
        visit, dict.fromkeys(OWNED, names), "What if an initiative stops, brings less, or slips?", "initiative"
    )
    show_fates(visit, "initiative")
    show_initiative_depth(visit, context)
    show_edit_form(visit, PlanName.STRATEGIC_INITIATIVES, OWNED, "Change an initiative", next(iter(names), ""))
    show_assumptions(visit, PlanName.STRATEGIC_INITIATIVES)
    show_lines(visit, PlanName.STRATEGIC_INITIATIVES, None)
