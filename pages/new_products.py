"""The new products plan: launches against their baseline, what they need, bring and take, what a slip costs."""

import streamlit as st

from sop.core.calendar import worded
from sop.core.terms import PlanName
from sop.ui.frame.page import page
from sop.ui.kit.cards import grey_line
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.kit.panel import panel
from sop.ui.panels.plans.launch_depth import show_launch_depth
from sop.ui.panels.plans.layout import (
    read_context,
    require_plan,
    show_lines,
    show_series,
    show_table_panel,
)
from sop.ui.panels.plans.plan_fates import show_fates
from sop.ui.panels.plans.plan_notes import show_assumptions
from sop.ui.panels.plans.plan_strip import choose_launch, show_strip
from sop.ui.panels.plans.plan_trial import show_trial
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.views.portfolio.launches import (
    launches_message,
    launches_table,
    launches_to_come,
    of_several,
    ramp_series,
)

OWNED = ("launch_slip_months", "launch_volume_pct", "launch_probability")

with page("New products") as visit:
    require_plan(visit, PlanName.NEW_PRODUCTS)
    context = read_context(visit)
    message = launches_message(context, visit.view.assumptions, visit.money.words)
    visit.message(message)
    show_comments(visit, "new_products", usual_things(visit))

    with st.grid(2, min_column_width=360):
        show_strip(visit, context, "Launch", message)
        with panel("Planned volume", "", "launch-ramp"):
            chosen = choose_launch(context)
            unit = f"{visit.money.unit} at net price" if chosen is None and of_several(context) else "Units"
            st.html(grey_line(worded(f"{unit} a month, times the probability of launching")))
            show_series(ramp_series(context, chosen), context, visit.money, "ramp", message)

    note = "Slip is against the baseline; units, revenue (at the family's net price) and cost times probability"
    show_table_panel(visit, launches_table(context, visit.view.assumptions), note, "launches")
    names = launches_to_come(context)
    if names:
        show_trial(
            visit, dict.fromkeys(OWNED, names), "What if a launch slips, sells less or may not come?", "launch"
        )
    show_fates(visit, "launch")
    show_launch_depth(visit, context)
    note = "The head of product owns these"
    show_edit_form(visit, PlanName.NEW_PRODUCTS, OWNED, "Change a launch", next(iter(names), ""), note)
    show_assumptions(visit, PlanName.NEW_PRODUCTS)
    show_lines(visit, PlanName.NEW_PRODUCTS, None)
