"""The financial plan: profit and loss, cash, and why they differ from budget, last year and other plans."""

from sop.core.calendar import worded
from sop.core.terms import PlanName
from sop.finance.cost_basis import cost_basis
from sop.ui.frame.page import page
from sop.ui.kit.panel import show_opened
from sop.ui.panels.plans.financial_depth import show_cost_basis, show_money_depth
from sop.ui.panels.plans.layout import (
    read_context,
    require_plan,
    show_findings,
    show_how_far,
    show_lines,
    show_money_sheet,
)
from sop.ui.panels.plans.plan_money import show_landing, show_money_panels, show_operating_cost
from sop.ui.panels.plans.plan_notes import show_assumptions
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.views.financial.statement import cash_part, financial_message, money_series, profit_part
from sop.views.plan_findings import money_findings

with page("Financial") as visit:
    require_plan(visit, PlanName.FINANCIAL)
    context = read_context(visit)
    message = financial_message(context, visit.money.words, visit.view.assumptions.value("minimum_cash"))
    visit.message(message)
    show_comments(visit, "financial", usual_things(visit))
    show_landing(visit, context)
    show_how_far(visit, PlanName.FINANCIAL)
    show_findings(money_findings(visit.view.plan), "ledger")
    basis = cost_basis(visit.inputs.inputs, visit.view.assumptions)
    if basis.why:
        show_cost_basis(visit, basis)

    keys = [key for key in ("total_revenue", "gross_margin", "ebit") if key in context.plan]
    show_money_panels(visit, context, [money_series(context, key) for key in keys], message)
    show_money_depth(visit, context)
    show_operating_cost(context)
    parts = (*profit_part(context), *cash_part(context))
    show_opened(
        worded("Profit and loss, and cash, month by month"),
        "financial_months",
        show_money_sheet,
        visit,
        context,
        parts,
        "financial",
    )
    show_assumptions(visit, PlanName.FINANCIAL)
    show_lines(visit, PlanName.FINANCIAL, None)
