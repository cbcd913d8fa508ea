"""Sign-off: what exactly is signed, by whom, what it commits the company to, and every plan ever proposed."""

import streamlit as st

from sop.services.agreement.frozen_plans import list_frozen, read_proposal
from sop.services.company.settings import list_people
from sop.ui.frame.page import end_page, page
from sop.ui.kit.panel import show_opened
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.comments import show_comments
from sop.ui.panels.review.board_pack import show_board_pack
from sop.ui.panels.sign_off.gate import show_gate, show_working_gate
from sop.ui.panels.sign_off.sign_acts import (
    choose_plans,
    show_downloads,
    show_propose,
    show_send_back,
    show_sign_form,
    show_what_next,
)
from sop.ui.panels.sign_off.signing import (
    HELD_BY_SERVER,
    show_commitments,
    show_content,
    show_lines,
    show_signatures,
)
from sop.views.executive.sign_off_tables import plans_table
from sop.views.executive.sign_off_words import sign_off_message

with page("Sign-off", choose=False) as visit:
    cycle = visit.inputs.cycle.first_open
    plans = list_frozen(visit.room, visit.person.id, cycle)
    if not plans:
        visit.message("No plan has been proposed yet; the coordinator freezes the working plan for signature.")
        show_propose(visit)
        show_working_gate(visit)
        end_page()
    top = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with top:
        chosen, against = choose_plans(plans)
    proposal = read_proposal(visit.room, visit.person.id, chosen, visit.inputs, against)
    with top:
        st.space("stretch")
        show_board_pack(visit, proposal.record)
        show_downloads(visit, proposal)
    visit.message(sign_off_message(proposal, cycle))
    show_comments(visit, "Sign-off")
    show_what_next(visit, proposal)
    left, right = st.columns([55, 45], gap="small")
    with left:
        show_content(proposal, visit.money)
    with right, st.container(border=True, key="card_signatures", height="stretch"):
        st.header("Who has signed", anchor=False)
        show_signatures(proposal)
        show_sign_form(visit, proposal)
        show_send_back(visit, proposal)
    show_commitments(proposal, visit.money)
    is_open = proposal.record.cycle == cycle
    if is_open:
        show_gate(proposal)
    show_propose(visit)
    show_working_gate(visit)
    if not is_open:
        show_opened("The gate, as it was signed with this plan", "signed_gate", show_gate, proposal)
    with st.container(border=True, key="card_plans"):
        st.header("Every plan ever proposed", anchor=False)
        people = {person.id: person.name for person in list_people(visit.room.store)}
        shown = next((at for at, plan in enumerate(plans) if plan.id == proposal.record.id), None)
        show_table(plans_table(plans, people), selected=shown)
        st.caption(f"Anyone checks a snapshot offline with `python -m sop verify` or openssl. {HELD_BY_SERVER}")
    show_lines(proposal)
