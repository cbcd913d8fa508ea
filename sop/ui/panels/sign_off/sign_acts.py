"""What people do on the Sign-off page: propose, sign, decide, return, withdraw, waive, download.

Every button calls a service, which checks the permission again and compares the digest that was on screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sop.agreement.gate import red
from sop.agreement.records import PlanRecord
from sop.core.terms import Role
from sop.core.words import short_digest
from sop.services.agreement.frozen_plans import export_snapshot, working_gate
from sop.services.agreement.gate_findings import waive
from sop.services.agreement.plan_acts import decide_over_dissent, return_plan, sign, withdraw_plan
from sop.services.agreement.proposing import propose_plan
from sop.services.company.workspace import keys_folder
from sop.services.data.exports import export_lines, export_workbook
from sop.services.scenarios.bench import list_choices, scenario_name
from sop.ui.frame.page import Visit
from sop.ui.frame.state import attempt
from sop.ui.kit.cards import grey_line
from sop.ui.panels.sign_off.signing import DEMO_PERSONA, MEANINGS, STATES, role_signs_for, show_findings
from sop.views.executive.proposal import Proposal, frozen_name


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
    function = role_signs_for(visit.role, proposal)
    if function is None:
        st.caption(_why_no_form(visit, proposal))
    else:
        with st.form("sign", border=False):
            st.radio(
                f"For {function.title}",
                list(MEANINGS),
                format_func=lambda meaning: MEANINGS[meaning],
                horizontal=True,
                key="sign_meaning",
            )
            st.text_area(
                "In words", key="sign_comment", height=68, placeholder="Needed for a condition or a dissent"
            )
            st.form_submit_button(
                f"Sign for {function.title}",
                type="primary",
                on_click=_sign_now,
                args=(visit, proposal.record.id, proposal.record.digest),
            )
        st.caption(
            f"You sign the digest {short_digest(proposal.record.digest)}… that stands on this page. {DEMO_PERSONA}"
        )
    if proposal.state.chair_decides and visit.role is Role.EXECUTIVE:
        _decide_form(visit, proposal)


def _why_no_form(visit: Visit, proposal: Proposal) -> str:
    state = proposal.state
    if state.record.state != "proposed":
        return "This plan is not up for signing."
    if visit.role.function is None:
        return f"{visit.role.title} does not sign."
    if visit.role.function.value not in state.required:
        return f"The ground rules do not ask {visit.role.function.title} to sign."
    return f"{visit.role.function.title} has signed; a signature is never taken back, only recorded as withdrawn."


def _sign_now(visit: Visit, plan_id: int, digest: str) -> None:
    meaning, comment = st.session_state["sign_meaning"], st.session_state["sign_comment"]
    attempt(
        "Your signature is recorded.",
        sign,
        visit.room.store,
        visit.person.id,
        plan_id,
        digest,
        meaning=meaning,
        comment=comment,
    )


def _decide_form(visit: Visit, proposal: Proposal) -> None:
    with st.form("decide", border=False):
        st.text_input("Why the plan holds in spite of the dissent", key="decide_why")
        args = (visit, proposal.record.id, proposal.record.digest)
        st.form_submit_button(
            "Decide as chair: the plan is agreed", type="primary", on_click=_decide_now, args=args
        )


def _decide_now(visit: Visit, plan_id: int, digest: str) -> None:
    why = st.session_state["decide_why"]
    done = "Decided; the dissent stays on record."
    attempt(done, decide_over_dissent, visit.room.store, visit.person.id, plan_id, digest, why)


def show_send_back(visit: Visit, proposal: Proposal) -> None:
    """Return a proposal with a reason, or withdraw what one prepared or signed."""
    if proposal.record.state != "proposed" or not visit.may("return_plan"):
        return
    involved = visit.person.id in (
        proposal.record.prepared_by,
        *(signature.person for signature in proposal.state.signatures),
    )
    verb, act = ("Withdraw", withdraw_plan) if involved else ("Return", return_plan)
    with st.popover(f"{verb} this plan"), st.form("send_back", border=False):
        st.text_input("Reason", key="send_back_why")
        st.form_submit_button(verb, on_click=_send_back_now, args=(visit, proposal.record.id, verb, act))


def _send_back_now(visit: Visit, plan_id: int, verb: str, act: object) -> None:
    assert callable(act)
    why = st.session_state["send_back_why"]
    attempt(f"{verb} recorded.", act, visit.room.store, visit.person.id, plan_id, why)


def show_propose(visit: Visit) -> None:
    """Freeze the working plan or a saved scenario for signature (the coordinator)."""
    if not visit.may("propose_plan"):
        return
    shared = [scenario for scenario in list_choices(visit.room, visit.person) if scenario.kind != "draft"]
    names = {scenario.id: scenario_name(scenario) for scenario in shared}
    with st.container(border=True, key="card_propose"), st.form("propose", border=False):
        st.subheader("Propose a plan for signature", anchor=False)
        st.selectbox("From", list(names), format_func=lambda key: names.get(key, str(key)), key="propose_from")
        st.text_input("Label", key="propose_label", placeholder="December plan with the second welding robot")
        st.form_submit_button("Freeze and propose", type="primary", on_click=_propose_now, args=(visit,))
        st.caption("It is planned anew from nothing, checked by the gate, frozen, and its digest shown to all.")


def _propose_now(visit: Visit) -> None:
    scenario, label = st.session_state["propose_from"], st.session_state["propose_label"]
    if attempt("Proposed for signature.", propose_plan, visit.room, visit.person.id, scenario, label):
        st.session_state.pop("frozen", None)


def show_working_gate(visit: Visit) -> None:
    """What the gate would say to the working plan now; the CEO can waive what is red."""
    findings, waivers = working_gate(visit.room, visit.person.id, visit.inputs)
    waived = {waiver.rule for waiver in waivers}
    with st.container(border=True, key="card_working_gate", height="stretch"):
        st.subheader("The working plan at the gate", anchor=False)
        st.html(grey_line("What the gate would say if it were proposed now"))
        show_findings([(finding.level, str(finding), finding.count) for finding in findings])
        for waiver in waivers:
            st.html(grey_line(f"{waiver.rule} is waived until {waiver.expiry}: {waiver.reason}"))
        rules = sorted({finding.rule for finding in red(findings)} - waived)
        if rules and visit.may("waive_finding"):
            _waive_form(visit, rules)


def _waive_form(visit: Visit, rules: list[str]) -> None:
    cycle = visit.inputs.cycle.first_open
    with st.popover("Waive a red finding"), st.form("waive", border=False, clear_on_submit=True):
        st.selectbox("Rule", rules, key="waive_rule")
        st.text_input("Reason", key="waive_why")
        st.text_input("Until (YYYY-MM or YYYY-MM-DD)", key="waive_until")
        st.form_submit_button("Waive", on_click=_waive_now, args=(visit, cycle))


def _waive_now(visit: Visit, cycle: str) -> None:
    rule, why, until = (st.session_state[key] for key in ("waive_rule", "waive_why", "waive_until"))
    attempt(f"{rule} is waived.", waive, visit.room.store, visit.person.id, cycle, rule, why, until)


def show_downloads(visit: Visit, proposal: Proposal) -> None:
    """The snapshot, the workbook and the plan lines; each is made when it is asked for."""
    store, person, record = visit.room.store, visit.person.id, proposal.record
    stem = f"plan_{record.cycle}_rev{record.revision}"
    files = (
        ("Snapshot", "zip", "application/zip", partial(export_snapshot, store, person, record.id, keys_folder())),
        ("Workbook", "xlsx", "application/octet-stream", partial(export_workbook, store, person, record)),
        ("Lines", "csv", "text/csv", partial(export_lines, store, person, record)),
    )
    for name, ending, kind, make in files:
        st.download_button(
            f"{name} ({ending})",
            data=make,
            file_name=f"{stem}.{ending}",
            mime=kind,
            on_click="ignore",
            key=f"download_{ending}",
            icon=":material/download:",
        )
