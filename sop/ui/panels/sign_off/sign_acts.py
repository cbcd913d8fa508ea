"""What people do on the Sign-off page: propose, sign, decide, return, withdraw, download.

Every button calls a service, which checks the permission again and compares the digest that was on screen.
"""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sop.agreement.records import PlanRecord
from sop.core.terms import Role
from sop.core.words import short_digest
from sop.services.agreement.plan_acts import decide_over_dissent, propose_plan, return_plan, sign, withdraw_plan
from sop.services.company.workspace import keys_folder
from sop.services.data.board_pack import export_snapshot, export_workbook
from sop.services.data.exports import export_lines
from sop.services.scenarios.bench import list_choices, scenario_name
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import ask
from sop.ui.kit.downloads import download_button
from sop.ui.panels.sign_off.proof import ask_for_proof, proof_words, with_proof
from sop.ui.panels.sign_off.signing import MEANINGS
from sop.views.executive.proposal import Proposal, frozen_name
from sop.views.executive.sign_off_tables import STATES


def choose_plans(plans: Sequence[PlanRecord]) -> tuple[int, int | None]:
    """The frozen plan to look at, and the one it is compared with; None for the agreed plan that it follows."""
    names: dict[int | None, str] = {plan.id: f"{frozen_name(plan)} · {STATES[plan.state]}" for plan in plans}
    shown = st.selectbox(
        "Plan",
        [plan.id for plan in plans],
        format_func=lambda key: names.get(key, str(key)),
        key="frozen",
        width=260,
    )
    names[None] = "the agreed plan before it"
    others = [None, *(plan.id for plan in plans if plan.id != shown)]
    against = st.selectbox(
        "Compared with", others, format_func=lambda key: names.get(key, str(key)), key="frozen_against", width=260
    )
    return shown, against


def show_sign_form(visit: Visit, proposal: Proposal) -> None:
    """The form of whoever can sign this plan now, or one sentence why this person cannot."""
    shown, closed = (proposal.record.id, proposal.record.digest), proposal.state.why_closed(visit.role)
    if closed:
        st.caption(closed)
    elif visit.role.function is not None:
        title = visit.role.function.title
        with ask("sign") as form:
            kinds = list(MEANINGS)
            form.field(
                st.radio, "meaning", f"For {title}", kinds, format_func=MEANINGS.__getitem__, horizontal=True
            )
            needed = "Needed for a condition or a dissent"
            form.field(st.text_area, "comment", "In words", height=68, placeholder=needed)
            ask_for_proof(visit, form)
            sign_now = partial(with_proof, visit, sign, *shown)
            form.button(f"Sign for {title}", sign_now, "Your signature is recorded.", type="primary")
        digest = short_digest(proposal.record.digest)
        st.caption(f"You sign the digest {digest}… that stands on this page. {proof_words(visit)}")
    if proposal.state.chair_decides and visit.role is Role.EXECUTIVE:
        with ask("decide") as form:
            form.field(st.text_input, "reason", "Why the plan holds in spite of the dissent")
            label, done = "Decide as chair: the plan is agreed", "Decided; the dissent stays on record."
            ask_for_proof(visit, form)
            form.button(label, partial(with_proof, visit, decide_over_dissent, *shown), done, type="primary")


def show_send_back(visit: Visit, proposal: Proposal) -> None:
    """Return a proposal with a reason, or withdraw what one prepared or signed."""
    if proposal.record.state != "proposed" or not visit.may("return_plan"):
        return
    involved = visit.person.id in proposal.state.involved
    verb, act = ("Withdraw", withdraw_plan) if involved else ("Return", return_plan)
    with ask("send_back", popover=f"{verb} this plan") as form:
        form.field(st.text_input, "reason", "Reason")
        form.button(verb, visit.call(act, proposal.record.id), f"{verb} recorded.")


def show_propose(visit: Visit) -> None:
    """Freeze the working plan or a saved scenario for signature (the coordinator)."""
    if not visit.may("propose_plan"):
        return
    shared = [scenario for scenario in list_choices(visit.room, visit.person) if scenario.kind != "draft"]
    names = {scenario.id: scenario_name(scenario) for scenario in shared}
    with st.container(border=True, key="card_propose"), ask("propose") as form:
        st.subheader("Propose a plan for signature", anchor=False)
        form.field(
            st.selectbox, "scenario_id", "From", list(names), format_func=lambda key: names.get(key, str(key))
        )
        example = "December plan with the second welding robot"
        form.field(st.text_input, "label", "Label", placeholder=example)
        propose = partial(propose_plan, visit.room, visit.person.id)
        look_at_it = partial(st.session_state.pop, "frozen", None)
        form.button("Freeze and propose", propose, "Proposed for signature.", then=look_at_it, type="primary")
        st.caption("It is planned anew from nothing, checked by the gate, frozen, and its digest shown to all.")


def show_downloads(visit: Visit, proposal: Proposal) -> None:
    """The snapshot, the workbook and the plan lines; each is made when it is asked for."""
    store, person, record = visit.room.store, visit.person.id, proposal.record
    stem = f"plan_{record.cycle}_rev{record.revision}"
    snapshot = partial(export_snapshot, visit.room, person, record.id, keys_folder())
    files = (
        ("Snapshot", "zip", "application/zip", snapshot),
        ("Workbook", "xlsx", "application/octet-stream", partial(export_workbook, visit.room, person, record)),
        ("Lines", "csv", "text/csv", partial(export_lines, store, person, record)),
    )
    for name, ending, kind, make in files:
        download_button(
            f"{name} ({ending})",
            make,
            f"{stem}.{ending}",
            kind,
            key=f"download_{ending}",
            icon=":material/download:",
        )
