"""The inventory plan: stock against its target band, days of supply, excess and shortage in money."""

from sop.core.terms import PlanName
from sop.review.plan_views import series
from sop.review.plan_views.inventory import inventory_message, stock_table
from sop.review.plan_views.parts import inventory_part, production_part, sales_part, target_band
from sop.ui.frame import page
from sop.ui.plan_inventory import show_stock_panels
from sop.ui.plan_notes import show_assumptions
from sop.ui.plan_page import (
    choose,
    filter_row,
    money_words,
    read_context,
    require_plan,
    show_lines,
    show_sheet,
    show_table_panel,
)

with page("Inventory") as visit:
    require_plan(visit, PlanName.INVENTORY)
    context = read_context(visit)
    with filter_row(context):
        chosen = choose(context, visit.money)
    family = chosen.family
    message = inventory_message(context, family, money_words(visit.money))
    visit.message(message)

    stock = series.inventory(context, family, chosen.in_money)
    show_stock_panels(visit, context, chosen, stock, target_band(context, family, chosen.in_money), message)
    parts = (
        inventory_part(context, family, chosen.in_money),
        production_part(context, family, chosen.in_money),
        sales_part(context, family, chosen.in_money),
    )
    show_sheet(visit, context, parts, chosen, "inventory")
    note = "Days of supply look forward from the end of the twelfth month; worst month ends, at standard cost"
    show_table_panel(visit, stock_table(context), note, "inventory-families")
    show_assumptions(visit, PlanName.INVENTORY, family)
    show_lines(visit, PlanName.INVENTORY, family)
