"""The Sign-off page's parts: what is signed, who has signed, commitments, every plan ever."""

from __future__ import annotations

from html import escape

import streamlit as st

from sop.core.calendar import worded
from sop.core.format import MoneyFormat, how_many, number
from sop.core.terms import PlanName
from sop.ui.kit.cards import grey_line
from sop.ui.kit.tables import show_table
from sop.views.executive.proposal import Proposal
from sop.views.executive.sign_off_tables import STATES, commitments_table, headline_table, signatures_table, when

MEANINGS = {
    "approve": "I approve",
    "conditional": "I approve on a condition",
    "dissent": "I dissent",
}
HELD_BY_SERVER = (
    "The signing key is held by this server: a snapshot proves that this installation recorded these approvals "
    "of this content. It is not a personal key of each signer."
)


def show_content(proposal: Proposal, money: MoneyFormat) -> None:
    """What exactly is signed: who prepared it, its digest in full, its message and its headline figures."""
    record, content = proposal.record, proposal.content
    with st.container(border=True, key="card_content", height="stretch"):
        st.header("What is signed", anchor=False)
        prepared = proposal.names.get(record.prepared_by, record.prepared_by)
        label = "" if record.label == f"revision {record.revision}" else f"“{record.label}” · "
        st.html(grey_line(f"{proposal.name} · {label}prepared by {prepared}, {when(record.created_at)}"))
        st.html(f"<p>{escape(content['summary'])}</p>")
        st.html(
            grey_line("Digest: SHA-256 of everything below and of every line, assumption and input of the plan")
        )
        st.code(record.digest, language=None, wrap_lines=True)
        show_table(headline_table(proposal), money)
        st.html(
            grey_line(
                f"{how_many(number(len(proposal.plan.lines)), 'plan lines')}, "
                f"{how_many(len(content['assumptions']), 'assumptions')} set by "
                f"people, {how_many(len(content['inputs']), 'input tables')}, "
                f"{how_many(len(content['launches']), 'launches')}, "
                f"{how_many(len(content['initiatives']), 'initiatives')}, "
                f"{how_many(len(content['events']), 'events')}. "
                f"Figures of {proposal.plan.near_span}, also of the agreed plan that this one follows."
            )
        )


def show_signatures(proposal: Proposal) -> None:
    """Who has signed what when, and who is open."""
    state = proposal.state
    show_table(signatures_table(state))
    for event in state.events:
        if event.state != "proposed" and event.reason:
            who = proposal.names.get(event.by, event.by)
            st.html(grey_line(f"{STATES[event.state].capitalize()} {when(event.at)} by {who}: {event.reason}"))


def show_commitments(proposal: Proposal, money: MoneyFormat) -> None:
    """What signing commits the company to, by month."""
    with st.container(border=True, key="card_commitments", height="stretch"):
        st.header("What signing commits us to", anchor=False)
        if not proposal.commitments:
            st.html("<p>This plan has no people, spending or cash lines: their data are not loaded.</p>")
            return
        st.html(
            grey_line(
                worded(
                    f"By month, next {proposal.near_text}; people who start and who leave, of all plants "
                    "and of each that has any",
                    bucket=proposal.plan.calendar.bucket,
                )
            )
        )
        show_table(commitments_table(proposal.plan, proposal.commitments), money)


def show_lines(proposal: Proposal) -> None:
    """Every line of the plan, one of the seven plans at a time; read when the expander is opened."""
    expander = st.expander("Every line of this plan", key="every_line", on_change="rerun")
    if not expander.open:
        return
    with expander:
        plan = st.segmented_control(
            "Plan", list(PlanName), format_func=lambda name: name.title, default=PlanName.SALES, key="lines_of"
        )
        frame = proposal.plan.frame
        st.dataframe(frame[frame["plan"] == (plan or PlanName.SALES).value], hide_index=True, key="lines")
