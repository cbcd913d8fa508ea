"""What only the financial page has: the landing in words, profit by month, and cash against its minimum."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sop.core.money import MINOR
from sop.finance.cost_basis import LEDGER, cost_basis
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.panels.plans.layout import monthly_note, show_difference, show_series, show_stock
from sop.views.financial.detail import cost_note, operating_cost_note, stock_note
from sop.views.financial.statement import money_series
from sop.views.financial.walks import landing_sentence
from sop.views.series import PlanSeries
from sop.views.timeline import PlanContext


def show_landing(visit: Visit, context: PlanContext) -> None:
    """Where the fiscal year lands, and what the books say otherwise.

    What the books say otherwise stands here where the plan follows the tables: where it stops, or follows the
    ledger, the reconciliation says it.
    """
    words, books = visit.money.words, visit.inputs.inputs
    lands, otherwise = landing_sentence(context.inputs, context.plan, words), ("", "")
    basis = cost_basis(books, visit.view.assumptions)
    if not basis.why and basis.chosen != LEDGER:
        otherwise = cost_note(books, words), stock_note(books, words)
    if lands:
        show_sentence(lands)
    for note in filter(None, otherwise):
        st.html(grey_line(note))


def show_operating_cost(context: PlanContext) -> None:
    """How operating cost goes on, and how far that is to be trusted."""
    note = operating_cost_note(context.plan)
    if note:
        st.html(grey_line(note))


def show_money_panels(visit: Visit, context: PlanContext, lines: Sequence[PlanSeries], message: str) -> None:
    """Each line of profit that the plan reaches, and cash where it is planned."""
    with st.grid(2, min_column_width=360):
        for line in lines:
            with panel(line.name, monthly_note(visit.money.unit, context), line.name):
                show_series(line, context, visit.money, line.name, message)
        if "cash" in context.plan:
            _show_cash(visit, context, message)


def _show_cash(visit: Visit, context: PlanContext, message: str) -> None:
    least = visit.view.assumptions.value("minimum_cash")
    minimum = "dotted, the minimum" if least else "no minimum is set"
    before = "" if context.plan.cash_is_whole else "before taxes, interest and dividends; "
    below = "; below, the difference to the agreed plan" if context.base is not None else ""
    note = f"{visit.money.unit} at {context.word} end; {before}{minimum}{below}"
    with panel(context.plan.label("cash"), note, "cash"):
        limit, cash = visit.money.value(least * MINOR) if least else None, money_series(context, "cash")
        show_stock(
            cash,
            context,
            visit.money,
            "cash",
            message,
            limit=limit,
            limit_name="minimum cash",
        )
        show_difference(cash, context, visit.money, "cash")
