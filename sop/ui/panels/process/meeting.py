"""Meeting mode: full screen, one item a screen, the same on every screen; what is captured is there at once."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import partial
from html import escape

import streamlit as st

from sop.agreement.decisions import latest, move_name
from sop.agreement.process_records import AgendaItem, Meeting
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.valuation import Valuation
from sop.core.calendar import period_short
from sop.core.format import how_many
from sop.services.agreement.decision_acts import list_decisions, undecided
from sop.services.analysis.decisions import valuation_job, value_fates
from sop.services.company.settings import names_of
from sop.services.process.agenda import record_outcome
from sop.services.process.meeting import begin_meeting, end_meeting, go_to_item
from sop.ui.charts import chart_plan, show_chart
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.frame.timer import show_timer
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.panel import show_sentence
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.agenda import AGENDA, make_button
from sop.ui.panels.process.tasks import task_form
from sop.ui.panels.review.executive_acts import decision_form
from sop.views.executive.decision_words import recommendation
from sop.views.process.meeting_item import chart_of, place_of

_FULL = """<style>
[data-testid=stHeader],[data-testid=stToolbar],.st-key-context{display:none!important}
.stMainBlockContainer{padding-top:20px;max-width:1500px}
.stMainBlockContainer [data-testid=stHeading] h1{font-size:40px;line-height:46px}
.st-key-meeting p{font-size:20px;line-height:29px}
.st-key-meeting p.sop-grey{font-size:15px}
.st-key-meeting button p{font-size:17px;line-height:24px}
.sop-meeting{display:flex;gap:24px;align-items:baseline;color:var(--mute);font-size:16px}
.sop-meeting b{color:var(--ink)}
[data-testid=stMain]:focus-visible::before{box-shadow:none}
</style>"""


def show_opening(visit: Visit, items: Sequence[AgendaItem], ended: Meeting | None) -> None:
    """Before the meeting and after it: what is on the agenda, and the button of who leads."""
    if ended is not None:
        show_sentence(
            "The meeting has ended. Decisions stand in the working plan, which the coordinator proposes next."
        )
        with st.container(horizontal=True):
            st.page_link("pages/sign_off.py", label="Propose and sign", icon=":material/draw:")
            st.page_link("pages/cycle.py", label="Agenda, tasks and minutes", icon=":material/event_note:")
    if items:
        show_table(AGENDA.of(items))
    elif visit.may("lead_meeting"):
        make_button(visit, items)
    if visit.may("lead_meeting") and items:
        label = "Begin another meeting" if ended else "Begin the meeting"
        act_button(
            label, visit.call(begin_meeting), "The meeting has begun; every screen shows its item.", type="primary"
        )


def show_meeting(visit: Visit, meeting: Meeting, items: Sequence[AgendaItem]) -> None:
    """The item at which the meeting is."""
    st.html(_FULL)
    at = place_of(items, meeting.item)
    item = items[at]
    with st.container(key="meeting"):
        _head(visit, meeting, items, at)
        visit.message(item.title)
        left, right = st.columns([58, 42], gap="large")
        with left:
            if item.message:
                show_sentence(item.message)
            _chart(visit, item)
        with right:
            _decide(visit, item)
            _outcome(visit, item)
            if visit.may("give_task"):
                task_form(visit, f"meeting_task_{item.id}", item.ref)
        _steer(visit, meeting, items, at)


def _head(visit: Visit, meeting: Meeting, items: Sequence[AgendaItem], at: int) -> None:
    names = names_of(visit.room.store)
    here = ", ".join(names.get(each, each) for each in meeting.present)
    item = items[at]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="sop-meeting"><b>Item {at + 1} of {len(items)}</b><span>{escape(item.owner)}</span>'
            f"<span>Present: {escape(here)}</span></div>",
            width="stretch",
        )
        show_timer(meeting.item_since, item.minutes)


def _chart(visit: Visit, item: AgendaItem) -> None:
    inputs = visit.inputs
    plan = visit.room.plan(visit.room.assumptions(), inputs)
    agreed = inputs.agreed.plan if inputs.agreed else None
    found = chart_of(item, plan, agreed, plan.money)
    if found is None:
        return
    st.html(
        grey_line(
            f"{found.title}, {found.unit} a {visit.word} · hatched: the working plan · ticks: the agreed plan"
        )
    )
    months = [period_short(month) for month in found.months]
    none = [None] * len(months)
    chart = chart_plan(
        months,
        none,
        found.plan,
        found.agreed,
        height=360,
        decimals=1,
        alt=f"{found.title} by {visit.word}, plan and agreed plan",
    )
    show_chart(chart, key="meeting_chart")


def _decide(visit: Visit, item: AgendaItem) -> None:
    """The decision of the item, taken already or its form; of the outside, what can be done about it."""
    if item.kind == "outside":
        _mitigate(visit, item)
    if item.kind != "decision" or _taken(visit, {item.ref}):
        return
    found = valuation_job(visit.room, visit.inputs, visit.room.assumptions())
    if not isinstance(found, Valuation):
        st.html(grey_line("It is valued by planning again with it; the form comes as soon as that is done."))
        follow_job(lambda: valuation_job(visit.room, visit.inputs, visit.room.assumptions()), "Planning again")
        return
    decision = _decision_of(found, item.ref)
    if decision is None:
        st.html(grey_line("The working plan moved on: this is no longer among what is worth deciding."))
    elif visit.may("decide"):
        decision_form(visit, f"meeting_{item.id}", decision)


def _mitigate(visit: Visit, item: AgendaItem) -> None:
    """What can be done about an outside event, each taken already or with its form."""
    if not visit.view.plan.has_revenue:
        return
    every = value_fates(visit.room, visit.inputs, visit.room.assumptions(), "outside")
    name = item.ref.partition("|")[2]
    keys = ("event_use", "event_probability")
    _taken(visit, {move_name(key, name) for key in keys})
    mine = [each for each in every if each.move.name == name]
    for place, decision in enumerate(undecided(visit.room, mine, visit.cycle.first_open)):
        worth = visit.money.signed(decision.effect.ebit_horizon, 2)
        told = f"EBIT to the horizon {worth} {visit.money.unit} · {recommendation(decision, visit.money)}"
        st.html(grey_line(f"{decision.move.title}: {told}"))
        if visit.may("decide"):
            decision_form(visit, f"meeting_{item.id}_{place}", decision)


def _taken(visit: Visit, moves: Container[str]) -> bool:
    """Say what was decided about some moves in this cycle; whether anything was."""
    names = names_of(visit.room.store)
    records = latest(list_decisions(visit.room.store, visit.person.id))
    taken = [
        r for r in records if r.move in moves and r.cycle == visit.cycle.first_open and r.state != "taken back"
    ]
    for record in taken:
        note = f": {record.note}" if record.note else ""
        st.success(
            literal(f"{record.state.capitalize()} by {names.get(record.by, record.by)}{note}"),
            icon=":material/gavel:",
        )
    return bool(taken)


def _decision_of(found: Valuation, ref: str) -> Decision | None:
    return next((d for d in found.decisions if move_name(d.move.key, d.move.scope) == ref), None)


def _outcome(visit: Visit, item: AgendaItem) -> None:
    """What was said and agreed; kept as it is typed by whoever writes, never over another's words unseen."""
    if not visit.may("give_task"):
        if item.outcome:
            show_sentence(item.outcome)
        return
    seen_key = f"outcome_{item.id}_seen"
    field = f"outcome_{item.id}"
    seen = st.session_state.setdefault(seen_key, item.version) if field in st.session_state else item.version
    st.session_state[seen_key] = seen
    st.session_state.setdefault(field, item.outcome)
    if seen != item.version:
        st.warning(
            literal(f"Changed meanwhile; it says now: “{item.outcome}”. Yours stays below."),
            icon=":material/edit:",
        )
        act_button("Take what is there", partial(_forget, item.id), key=f"take_theirs_{item.id}")
    st.text_area("Outcome", key=field, height=110, max_chars=4_000, placeholder="What was said and agreed")
    save = visit.call(record_outcome, item.id, expected_version=item.version)
    act_button(
        "Keep the outcome",
        save,
        "Kept.",
        {"outcome": field},
        then=partial(_forget, item.id),
        key=f"keep_{item.id}",
    )


def _forget(item: int) -> None:
    st.session_state.pop(f"outcome_{item}", None)
    st.session_state.pop(f"outcome_{item}_seen", None)


def _steer(visit: Visit, meeting: Meeting, items: Sequence[AgendaItem], at: int) -> None:
    """Back, next and the end, by button and by key; whoever may lead can."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if not visit.may("lead_meeting"):
            st.caption("The coordinator or the CEO moves on; this screen follows.")
            st.page_link("pages/cycle.py", label="Leave meeting mode", icon=":material/close:")
            return
        go = partial(go_to_item, visit.room.store, visit.person.id, seen=meeting.item)
        for label, to, key in (("Back", at - 1, "Left"), ("Next", at + 1, "Right")):
            inside = 0 <= to < len(items)
            act_button(
                label, partial(go, items[to].id if inside else items[at].id), key=f"meeting_{label}", shortcut=key,
                disabled=not inside, type="primary" if label == "Next" else "secondary",
            )  # fmt: skip
        st.space("stretch")
        st.page_link("pages/cycle.py", label="Leave meeting mode", icon=":material/close:")
        with ask("end_meeting", popover="End the meeting") as form:
            left = sum(not item.outcome.strip() for item in items)
            st.caption(f"{how_many(left, 'items')} without an outcome. The minutes are kept as they are now.")
            form.button(
                "End and keep the minutes", visit.call(end_meeting), "The minutes are kept.", type="primary"
            )
