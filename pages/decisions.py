"""Decisions: what is due today; what was decided, by whom and why, and what each was expected to bring."""

from functools import partial

import streamlit as st

from sop.agreement.decisions import DecisionRecord
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.valuation import Valuation
from sop.core.calendar import worded
from sop.services.agreement.decision_acts import (
    close_decision,
    list_decisions,
    still_to_decide,
    take_back_decision,
)
from sop.services.analysis.decisions import valuation_job
from sop.services.analysis.realising import realised_job
from sop.services.background import BackgroundJob
from sop.services.company.settings import names_of
from sop.ui.frame.page import Visit, page
from sop.ui.kit.acts import ask
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.panel import show_sentence
from sop.ui.panels.plans.layout import show_table_panel
from sop.ui.panels.process.comments import show_comments
from sop.ui.panels.review.executive_acts import follow_valuation, open_tried, show_decision_rows
from sop.views.executive.decisions_table import decisions_message, decisions_table, realised_message

_BACK = ":material/arrow_back:"


def due_today(visit: Visit) -> tuple[Decision, ...] | None:
    """Recommended decisions that are due in this cycle and that nobody has taken; None while they are valued."""
    if not visit.view.plan.has_revenue:
        return ()
    first_open = visit.cycle.first_open
    found = valuation_job(visit.room, visit.inputs, visit.view.assumptions)
    if not isinstance(found, Valuation):
        return None
    left = still_to_decide(visit.room, found, first_open).decisions
    return tuple(each for each in left if each.recommended and each.last_month <= first_open)


def show_due(visit: Visit, due: tuple[Decision, ...] | None) -> None:
    """What cannot wait for another cycle, each with the form to take it; the rest is on the review."""
    if due is None or due:
        with st.container(border=True, key="card_due"):
            if due is None:
                follow_valuation(visit)
            else:
                st.header("Decide today", anchor=False)
                chosen = show_decision_rows(visit, due)
                if chosen is not None:
                    open_tried(visit, chosen)
    st.page_link("pages/executive_review.py", label="All that can be decided, on the executive review", icon=_BACK)


def show_take_back(visit: Visit, records: tuple[DecisionRecord, ...]) -> None:
    """Undo a decision of this cycle before its plan is signed."""
    mine = {
        record.id: record.facts["title"]
        for record in records
        if record.cycle == visit.cycle.first_open and record.state != "taken back"
    }
    if not mine or not visit.may("decide"):
        return
    with ask("take_back", popover="Take a decision back") as form:
        form.field(st.selectbox, "decision_id", "Decision", list(mine), format_func=mine.__getitem__)
        form.field(st.text_input, "note", "Reason", help="Needed where you decide over the owner")
        done = "Taken back; what it had set in the working plan is as it was before."
        form.button("Take back", partial(take_back_decision, visit.room, visit.person.id), done)


def show_close(visit: Visit, records: tuple[DecisionRecord, ...]) -> None:
    """Close a decision of a closed cycle with one sentence."""
    open_still = {
        record.id: record.facts["title"]
        for record in records
        if record.cycle < visit.cycle.first_open and record.state == "accepted"
    }
    if not open_still or not visit.may("decide"):
        return
    with ask("close", popover="Close a decision") as form:
        form.field(st.selectbox, "decision_id", "Decision", list(open_still), format_func=open_still.__getitem__)
        form.field(st.text_input, "note", "What it brought, in one sentence")
        form.button("Close it", visit.call(close_decision), "Closed; the sentence stays with it.")


with page("Decisions", choose=False) as visit:
    records, near = list_decisions(visit.room.store, visit.person.id), visit.view.plan.near_text
    due = due_today(visit)
    count = None if due is None else len(due)
    visit.message(decisions_message(records, visit.cycle.first_open, count, visit.money.words, near))
    show_comments(
        visit,
        "Decisions",
        {"decision": list(dict.fromkeys(r.facts["title"] for r in records))} if records else None,
    )
    show_due(visit, due)
    found = realised_job(visit.room, visit.inputs)
    brought = {} if isinstance(found, BackgroundJob) else found
    told = realised_message(records, brought, visit.money)
    if told:
        show_sentence(told)
    note = worded(
        "Expected when it was decided, by planning again, net of what it costs · realised: booked profit of "
        "closed months less the same months planned without it, an estimate with its 95% interval"
    )
    table = decisions_table(records, names_of(visit.room.store), near, brought, visit.money)
    show_table_panel(visit, table, note, "decisions")
    if isinstance(found, BackgroundJob):
        follow_job(lambda: realised_job(visit.room, visit.inputs), worded("Planning closed months again"))
    with st.container(horizontal=True):
        show_take_back(visit, records)
        show_close(visit, records)
