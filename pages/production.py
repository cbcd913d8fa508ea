"""The production plan: what is made on which line, what limits it, people, materials and outside supply."""

from sop.core.terms import PlanName
from sop.core.words import resource_names
from sop.ui.frame.page import page
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.panels.plans.layout import (
    choose,
    choose_resource,
    filter_row,
    read_context,
    require_plan,
    show_findings,
    show_how_far,
    show_lines,
    show_sheet,
)
from sop.ui.panels.plans.plan_limits import read_limits
from sop.ui.panels.plans.plan_notes import show_assumptions
from sop.ui.panels.plans.plan_production import show_production, show_production_depth
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.ui.panels.review.executive import show_grey
from sop.views.people_words import people_message
from sop.views.plan_findings import supply_findings
from sop.views.production.limits import bottleneck_of
from sop.views.production.production_plan import limits_message, released_nowhere
from sop.views.production.resources import build_resources, resources_of
from sop.views.sheet_blocks import backlog_part, inventory_part, production_part, resource_part

SUPPLY_KEYS = ("capacity_pct", "overtime_share", "people_pct", "releases_allowed", "subcontract_pct", "supply_pct")

with page("Production") as visit:
    require_plan(visit, PlanName.PRODUCTION)
    context = read_context(visit)
    every = build_resources(context)
    with filter_row(context):
        chosen = choose(context, visit.money)
        resources = resources_of(every, chosen.family)
        line = choose_resource(resources)
    family = chosen.family
    limits = read_limits(visit, family) if every else None
    message = limits_message(
        context,
        family,
        resources[0] if resources else None,
        bottleneck_of(limits.limits) if limits else None,
        visit.money.words,
    )
    visit.message(message)
    show_comments(visit, "production", usual_things(visit))
    show_how_far(visit, PlanName.PRODUCTION)
    show_grey(people_message(context.plan, visit.money.words, released_nowhere(context.plan)))
    show_findings(supply_findings(visit.view.plan, resource_names(visit.inputs.inputs)), "supply data")

    show_production(visit, context, chosen, line, resources, limits, message)
    parts = (
        production_part(context, family, chosen.in_money),
        resource_part(line),
        inventory_part(context, family, chosen.in_money),
        backlog_part(context, family, chosen.in_money),
    )
    show_sheet(visit, context, parts, chosen, "production")
    show_production_depth(visit, context, family, resources, limits)
    show_assumptions(visit, PlanName.PRODUCTION, family)
    show_edit_form(visit, PlanName.PRODUCTION, SUPPLY_KEYS, "Change supply", line.key if line else "")
    show_lines(visit, PlanName.PRODUCTION, family)
