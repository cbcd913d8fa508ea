"""The customer lead time plan: how long customers wait against the target, what is late, quotes."""

from sop.analysis.supply.waiting import waiting_of
from sop.core.terms import PlanName
from sop.ui.frame.page import page
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.panels.plans.layout import choose, filter_row, read_context, require_plan, show_lines, show_sheet
from sop.ui.panels.plans.plan_notes import show_assumptions
from sop.ui.panels.plans.plan_quote import show_quote
from sop.ui.panels.plans.plan_waiting import read_causes, show_waiting_depth, show_waiting_panels
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.views.lead_time.waiting import lead_time_message
from sop.views.sheet_blocks import backlog_part, production_part, service_part

KEYS = ("standard_lead_time_days", "lead_time_target_days")

with page("Customer lead time") as visit:
    require_plan(visit, PlanName.CUSTOMER_LEAD_TIME)
    context = read_context(visit)
    with filter_row(context):
        chosen = choose(context, visit.money)
    family, causes = chosen.family, read_causes(visit)
    message = lead_time_message(context, family, causes)
    visit.message(message)
    show_comments(visit, "customer_lead_time", usual_things(visit))

    show_waiting_panels(visit, context, chosen, message)
    show_waiting_depth(visit, context, family, waiting_of(context.plan), causes)
    show_quote(visit, chosen)
    parts = (
        backlog_part(context, family, chosen.in_money),
        service_part(context, family),
        production_part(context, family, chosen.in_money),
    )
    show_sheet(visit, context, parts, chosen, "lead-time")
    show_assumptions(visit, PlanName.CUSTOMER_LEAD_TIME, family)
    note = "Supply owns the promise, sales the target"
    show_edit_form(visit, PlanName.CUSTOMER_LEAD_TIME, KEYS, "Change promise or target", family or "", note)
    show_lines(visit, PlanName.CUSTOMER_LEAD_TIME, family)
