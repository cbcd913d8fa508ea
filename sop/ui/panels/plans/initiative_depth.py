"""The depth of the strategic initiatives page in tabs; each is worked out only when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from sop.core.calendar import worded
from sop.portfolio.worth import profit_key
from sop.services.analysis.goals import goals_job
from sop.services.background import BackgroundJob
from sop.services.planning.supply_questions import initiative_worths, slips_of
from sop.ui.frame.page import Visit
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.panel import show_sentence, show_tabs
from sop.ui.panels.plans.layout import show_table_panel
from sop.views.portfolio.gates import slip_table
from sop.views.portfolio.goals import goal_money_table, goal_records, goals_table
from sop.views.portfolio.initiative_detail import benefits_table, milestones_table, spend_table, worth_table
from sop.views.timeline import PlanContext

FROZEN = "It is found by planning again, which a frozen plan is not. Choose the working plan above."


def show_goals(visit: Visit, context: PlanContext, note: str) -> None:
    """Goals by cycle, in part at once and in money as soon as the signed plans were planned again without them."""
    found = None
    if visit.view.record is None and visit.view.plan.has_revenue:
        found = goals_job(visit.room, visit.inputs, visit.view.assumptions)
    promises = None if isinstance(found, BackgroundJob) else found
    records = goal_records(context.inputs, context.agreed, context.plan, promises)
    show_table_panel(visit, goals_table(records), note, "goals")
    if isinstance(found, BackgroundJob):
        follow_job(
            lambda: goals_job(visit.room, visit.inputs, visit.view.assumptions),
            "Planning signed plans again without each goal's initiatives",
        )
    elif found is not None and any(record.money for record in records):
        money_note = (
            f"{visit.money.symbol}: by planning each cycle's plan again without the goal's initiatives; profit "
            "before their spend, cash after it; what came is the measured share of what was due, an estimate; "
            "empty where a benefit cannot be read off actuals"
        )
        show_table_panel(visit, goal_money_table(records), money_note, "goals-money")


def show_initiative_depth(visit: Visit, context: PlanContext) -> None:
    """The tabs; the first tells benefits as promised, planned and realised."""
    shown: Mapping[str, Callable[[Visit, PlanContext], None]] = {
        "Benefits": _benefits,
        "Milestones": _milestones,
        "Spend": _spend,
        "Worth": _worth,
        "Cost of a slip": _slips,
    }
    show_tabs("initiative_depth", shown, visit, context)


def _benefits(visit: Visit, context: PlanContext) -> None:
    note = (
        f"Planned: confidence × how far it has ramped up; counted on and came: closed {context.word}s against the "
        "plan "
        "signed at the time, in the measure's own unit"
    )
    show_table_panel(visit, benefits_table(context, visit.view.assumptions), note, "initiative-benefits")


def _milestones(visit: Visit, context: PlanContext) -> None:
    note = "Slip against the baseline, never against the last forecast; open ones with the owner's slip"
    show_table_panel(
        visit, milestones_table(context.inputs, visit.view.assumptions), note, "initiative-milestones"
    )


def _spend(visit: Visit, context: PlanContext) -> None:
    note = f"{visit.money.symbol}; still planned: what is left of the budget, evenly to the last milestone"
    show_table_panel(visit, spend_table(context, visit.view.assumptions), note, "initiative-spend-table")


def _worth(visit: Visit, context: PlanContext) -> None:
    if visit.view.record is not None:
        show_sentence(FROZEN)
        return
    with st.spinner("Planning without each initiative"):
        table = worth_table(initiative_worths(visit.room, visit.inputs, visit.view), context.near_text)
    note = (
        f"EBIT of the next {context.near_text} before its own spend, {visit.money.symbol}; "
        "promised: on its dates and in "
        "full; at risk: promised minus in the plan"
    )
    show_table_panel(visit, table, note, "initiative-worth")


def _slips(visit: Visit, context: PlanContext) -> None:
    if visit.view.record is not None:
        show_sentence(FROZEN)
        return
    names = [item.name for item in context.inputs.initiatives or ()]
    name = st.selectbox(
        "Initiative",
        names,
        key="initiative_slip",
        label_visibility="collapsed",
        width=230,
        persist_state="session",
    )
    with st.spinner(worded("Planning again with each month of slip")):
        costs = slips_of(visit.room, visit.inputs, visit.view, "initiative_slip_months", name)
    table = slip_table(costs, name, profit_key(visit.view.plan))
    note = f"Against the plan as it stands; spend that moves beyond the {context.near_text} adds to their EBIT"
    show_table_panel(visit, table, note, "initiative-slip")
