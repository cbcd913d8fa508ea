"""What people do on the Sign-off page: propose, sign, decide, return, withdraw, download.

Every button calls a service, which checks the permission again and compares the digest that was on screen.
"""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sop.access import may
from sop.agreement.records import Meaning, PlanRecord
from sop.analysis.decisions.valuation import Valuation
from sop.core.calendar import period_name, shift_period
from sop.core.terms import Role
from sop.core.words import short_digest
from sop.services.agreement.decision_acts import still_to_decide
from sop.services.agreement.plan_acts import decide_over_dissent, propose_plan, return_plan, sign, withdraw_plan
from sop.services.analysis.decisions import valuation_job
from sop.services.company.settings import list_people
from sop.services.company.workspace import keys_folder
from sop.services.data.board_pack import export_snapshot, export_workbook
from sop.services.data.exports import export_lines
from sop.services.process.tasks import list_tasks
from sop.services.scenarios.bench import list_choices, scenario_name
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.kit.acts import Form, ask
from sop.ui.kit.downloads import download_button
from sop.ui.kit.panel import show_sentence
from sop.ui.panels.sign_off.proof import ask_for_proof, proof_words, with_proof
from sop.ui.panels.sign_off.signing import MEANINGS
from sop.views.executive.proposal import Proposal, frozen_name
from sop.views.executive.sign_off_tables import STATES
from sop.views.executive.signing_words import commitment_sentence, next_sentence, standing_sentence


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
        st.radio(
            f"For {title}",
            list(MEANINGS),
            None,
            format_func=MEANINGS.__getitem__,
            key="sign_meaning",
            horizontal=True,
        )
        meaning = st.session_state["sign_meaning"]
        if meaning is None:
            st.caption("Choose your position; what you commit to is said again before you sign.")
        else:
            _confirm(visit, proposal, meaning, title)
    if proposal.state.chair_decides and visit.role is Role.EXECUTIVE:
        with ask("decide") as form:
            form.field(st.text_input, "reason", "Why the plan holds in spite of the dissent")
            label, done = "Decide as chair: the plan is agreed", "Decided; the dissent stays on record."
            ask_for_proof(visit, form)
            form.button(label, partial(with_proof, visit, decide_over_dissent, *shown), done, type="primary")


def _confirm(visit: Visit, proposal: Proposal, meaning: Meaning, title: str) -> None:
    """What this position commits to, what is open and who dissents; then its words and the button."""
    record = proposal.record
    show_sentence(commitment_sentence(proposal, visit.money.words))
    show_sentence(standing_sentence(proposal, _due_decisions(visit)))
    with ask(f"sign_{meaning}") as form:
        if meaning != "approve":
            label = "The condition" if meaning == "conditional" else "Why you dissent"
            form.field(st.text_area, "comment", label, height=68)
        if meaning == "conditional":
            _ask_who_meets_it(visit, form, record.cycle)
        ask_for_proof(visit, form)
        sign_now = partial(with_proof, visit, sign, record.id, record.digest, meaning=meaning)
        done = "Your signature is recorded."
        form.button(f"Sign for {title}", sign_now, done, type="primary")
    st.caption(
        f"You sign the digest {short_digest(record.digest)}… that stands on this page. {proof_words(visit)}"
    )


def _ask_who_meets_it(visit: Visit, form: Form, cycle: str) -> None:
    """Who is to meet a condition, and until when."""
    people = {person.id: person.name for person in list_people(visit.room.store) if may(person.role, "do_task")}
    months = [shift_period(cycle, ahead) for ahead in range(13)]
    owners = [visit.person.id, *(each for each in people if each != visit.person.id)]
    form.field(st.selectbox, "owner", "Who is to meet it", owners, format_func=lambda key: people.get(key, key))
    form.field(st.selectbox, "due", "Until", months, 1, format_func=period_name)
    st.caption("It becomes a task that is shown until you or its owner say that it is met.")


def _due_decisions(visit: Visit) -> int | None:
    """Recommended decisions that are due and not taken; None while they are still valued."""
    found = valuation_job(visit.room, visit.inputs, visit.room.assumptions())
    if not isinstance(found, Valuation):
        return None
    first_open = visit.cycle.first_open
    left = still_to_decide(visit.room, found, first_open).decisions
    return sum(each.recommended and each.last_month <= first_open for each in left)


def show_what_next(visit: Visit, proposal: Proposal) -> None:
    """After the last signature: what is done with the plan from here."""
    tasks = list_tasks(visit.room.store, visit.person.id)
    told = next_sentence(proposal, visit.cycle.first_open, [task for task in tasks if task.kind == "condition"])
    if told:
        st.info(literal(told), icon=":material/task_alt:")
        st.page_link("pages/cycle.py", label="Go on with the cycle", icon=":material/arrow_forward:")


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
        st.header("Propose a plan for signature", anchor=False)
        form.field(
            st.selectbox, "scenario_id", "From", list(names), format_func=lambda key: names.get(key, str(key))
        )
        form.field(st.text_input, "label", "Label", placeholder="What sets this plan apart, in a few words")
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
