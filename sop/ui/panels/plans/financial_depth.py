"""The depth of the financial page in tabs; each is worked out only when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from sop.core.calendar import worded
from sop.core.terms import PlanName
from sop.finance.cost_basis import CostBasis, cost_basis
from sop.services.planning.choices import list_others, read_view
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.edit_form import show_value_form
from sop.ui.kit.panel import panel, show_sentence, show_tabs
from sop.ui.panels.plans.layout import show_table_panel
from sop.ui.panels.plans.plan_walk import show_explained, show_walks
from sop.views.financial.beside import stand_beside
from sop.views.financial.detail import (
    cost_table,
    cost_table_note,
    decisions_table,
    families_table,
    ledger_notes,
    ledger_table,
    reconciliation_note,
    reconciliation_table,
)
from sop.views.financial.statement import statement_table
from sop.views.financial.walks import explain_budget, explain_last_year, explain_plan_year, landings
from sop.views.timeline import PlanContext

MOST_BESIDE = 3


def show_money_depth(visit: Visit, context: PlanContext) -> None:
    """The tabs; the first is the statement of the next twelve months."""
    shown: Mapping[str, Callable[[Visit, PlanContext], None]] = {
        f"Next {context.near_text}": _statement,
        "Full year": _full_year,
        "Gap to budget": _budget,
        "Against last year": _years,
        "Families": _families,
        "Cost of decisions": _decisions,
        "Plans side by side": _beside,
        "Ledger": _ledger,
    }
    show_tabs("money_depth", shown, visit, context)


def _statement(visit: Visit, context: PlanContext) -> None:
    note = f"{visit.money.unit}; balances at the end of the {context.near_text}; green is good for profit or cash"
    show_table_panel(visit, statement_table(context), note, "financial-statement")


def _full_year(visit: Visit, context: PlanContext) -> None:
    note = "Year to date from the books, plan for the rest, against the budget of the whole fiscal year"
    found = landings(context.inputs, context.plan)
    if not found:
        show_sentence("The horizon ends before the fiscal year does.")
    for place, (table, unknown) in enumerate(found):
        show_table_panel(visit, table, f"{note}. {unknown}".rstrip(), f"financial-landing-{place}")


def _budget(visit: Visit, context: PlanContext) -> None:
    note = worded(
        f"Months of the next {context.near_text} that have a budget; volume and mix at budgeted revenue a unit, "
        "price is the rest"
    )
    found = explain_budget(context.inputs, context.plan)
    show_explained(visit, [found], "gap-budget", note)
    if not found.walks:
        _show_ledger_gap(visit, context)


def _years(visit: Visit, context: PlanContext) -> None:
    note = "Volume: had it grown as all units did; mix: its own growth beyond that; currency: rates alone"
    ahead = explain_plan_year(context.inputs, context.plan, visit.view.assumptions)
    show_explained(visit, [ahead, explain_last_year(context.inputs)], "gap-years", note)


def _families(visit: Visit, context: PlanContext) -> None:
    note = "Margin at standard, before period variances; families add up to the company"
    base = None if visit.base is None else visit.base.plan
    show_table_panel(visit, families_table(context.inputs, context.plan, base), note, "financial-families")


def _decisions(visit: Visit, context: PlanContext) -> None:
    note = f"{visit.money.symbol}; what making and buying costs beyond standard; + costs more"
    show_table_panel(visit, decisions_table(context.plan, visit.view.assumptions), note, "financial-decisions")


def _beside(visit: Visit, context: PlanContext) -> None:
    others = list_others(visit.room, visit.person.id, visit.view)
    names = {choice.key: choice.name for choice in others}
    if not names:
        show_sentence("There is no other plan yet: save a scenario, or agree on a plan.")
        return
    chosen = st.multiselect(
        "Plans beside the one shown",
        list(names),
        default=list(names)[:1],
        format_func=lambda key: names.get(key, key),
        max_selections=MOST_BESIDE,
        key="money_beside",
        persist_state="session",
    )
    views = [read_view(visit.room, visit.person.id, choice) for choice in others if choice.key in chosen]
    found = stand_beside((visit.view.name, context.plan), [(view.name, view.plan) for view in views])
    if found is None:
        show_sentence(worded("Choose a plan that shares months with the one shown."))
        return
    note = f"{visit.money.unit}; difference: {visit.view.name} minus the plan beside it"
    show_table_panel(visit, found.lines, note, "financial-beside")
    show_walks(visit, found.walks, "beside")


def _ledger(visit: Visit, context: PlanContext) -> None:
    for sentence in ledger_notes(visit.inputs.inputs):
        st.html(grey_line(sentence))
    basis = cost_basis(visit.inputs.inputs, visit.view.assumptions)
    if not basis.why:
        show_cost_basis(visit, basis)
    _show_ledger_gap(visit, context)
    note = (
        reconciliation_note(visit.inputs.inputs)
        or f"Every closed {context.word} with sales has revenue in the ledger"
    )
    show_table_panel(visit, reconciliation_table(visit.inputs.inputs), note, "financial-reconciliation")


def show_cost_basis(visit: Visit, basis: CostBasis) -> None:
    """Cost and stock by the tables and in the ledger, and the form in which finance chooses which counts."""
    show_table_panel(visit, cost_table(basis), cost_table_note(basis), "financial-cost")
    if basis.why or basis.chosen:
        with panel("Cost that counts", "", "cost-basis"):
            show_value_form(visit, PlanName.FINANCIAL, "cost_basis")


def _show_ledger_gap(visit: Visit, context: PlanContext) -> None:
    note = worded("Closed months that have both an actual and a budget in the ledger")
    show_table_panel(visit, ledger_table(visit.inputs.inputs), note, "financial-ledger")
