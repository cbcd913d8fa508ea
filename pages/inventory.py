"""The inventory plan: stock against its target band, days of supply, what service costs, excess, age."""

from sop.core.terms import PlanName
from sop.ui.frame.page import page
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.panels.plans.layout import (
    choose,
    filter_row,
    read_context,
    require_plan,
    show_lines,
    show_sheet,
)
from sop.ui.panels.plans.plan_inventory import show_inventory_depth, show_stock_panels
from sop.ui.panels.plans.plan_notes import show_assumptions
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.views import series
from sop.views.inventory.stock_plan import inventory_message
from sop.views.sheet_blocks import inventory_part, production_part, target_band

KEYS = ("service_level", "service_measure", "replenishment_days", "replenishment_sd_days", "cover_limit_days")

with page("Inventory") as visit:
    require_plan(visit, PlanName.INVENTORY)
    context = read_context(visit)
    with filter_row(context):
        chosen = choose(context, visit.money)
    family = chosen.family
    message = inventory_message(context, family, visit.money.words)
    visit.message(message)
    show_comments(visit, "inventory", usual_things(visit))

    stock = series.inventory(context, family, chosen.in_money)
    show_stock_panels(visit, context, chosen, stock, target_band(context, family, chosen.in_money), message)
    show_inventory_depth(visit, context, chosen)
    parts = (
        inventory_part(context, family, chosen.in_money),
        production_part(context, family, chosen.in_money),
    )
    show_sheet(visit, context, parts, chosen, "inventory")
    show_assumptions(visit, PlanName.INVENTORY, family)
    show_edit_form(visit, PlanName.INVENTORY, KEYS, "Change stock policy", family or "")
    show_lines(visit, PlanName.INVENTORY, family)
