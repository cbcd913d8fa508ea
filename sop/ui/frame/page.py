"""The frame of every page: the guard, the context row, the message, and following what others change.

    with page("Performance") as visit:
        visit.message("...")

`page` is each page's first statement. It stops the script for whoever may not see the page, turns a refusal of
a service into one sentence on screen, and never shows a traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from typing import Any, NoReturn, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from sop.access import may
from sop.agreement.cycle_steps import step_title
from sop.agreement.plan_states import SignOff
from sop.core.calendar import MONTH, bucket_of, period_name, speak_in
from sop.core.errors import CannotPlan
from sop.core.format import MoneyFormat, use_style
from sop.core.memory import settle_memory
from sop.core.terms import Function, Role
from sop.services.access.mode import DEMO_PERSONA, Access, access_of
from sop.services.acting import read_actor
from sop.services.agreement.frozen_plans import current_proposal, read_sign_off
from sop.services.analysis.jobs import wait_for_answers
from sop.services.background import FOREGROUND
from sop.services.company.cycle import CompanySettings, read_company, require_cycle, steps_in_use
from sop.services.company.settings import list_people
from sop.services.company.workspace import has_database
from sop.services.faults import explain
from sop.services.planning.choices import Choice, View, list_bases, list_views, read_view
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.live_changes import STEP, pulse_of
from sop.store.cycles import Cycle, read_current_cycle
from sop.store.settings import Person
from sop.store.sign_in import Session
from sop.ui.charts import current_theme
from sop.ui.frame import following
from sop.ui.frame.changes import show_changes
from sop.ui.frame.fill import show_fill_links
from sop.ui.frame.first_start import show_first_start
from sop.ui.frame.following import (
    FOLLOWING,
    begin_page,
    follow,
    note_moment,
    part,
    seen_version,
    tell_changes,
)
from sop.ui.frame.forecast_progress import await_forecast
from sop.ui.frame.fragments import drawn_for, fragment
from sop.ui.frame.identity import act_as, allow_uploads, current_session
from sop.ui.frame.links import address, begin_address, from_address, to_address
from sop.ui.frame.live import follow_live
from sop.ui.frame.state import forget_widgets, no_traceback, planning_room, show_outcome
from sop.ui.frame.style import show_large_type, show_style
from sop.ui.frame.text import literal
from sop.ui.frame.tour import show_tour

T = TypeVar("T")


@dataclass(frozen=True)
class Visit:
    """One run of a page by one person."""

    room: PlanningRoom
    person: Person
    company: CompanySettings
    session: Session

    @cached_property
    def cycle(self) -> Cycle:
        """The open cycle, which is there before any table is loaded."""
        with self.room.store.read() as tx:
            return require_cycle(tx)

    @property
    def word(self) -> str:
        """What the company calls a period: month, week, period or quarter."""
        return bucket_of(self.cycle.first_open).word

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The steps by which this company's cycles move; none where it plans and signs in one."""
        with self.room.store.read() as tx:
            return steps_in_use(tx)

    @cached_property
    def inputs(self) -> InputSet:
        """What the open cycle's plans are built from."""
        found = await_forecast(self.room)
        settle_memory()
        return found

    @cached_property
    def views(self) -> tuple[Choice, ...]:
        """What can be shown."""
        return list_views(self.room, self.person.id)

    @cached_property
    def bases(self) -> tuple[Choice, ...]:
        """What it can be compared with."""
        return list_bases(self.room, self.person.id)

    @cached_property
    def view(self) -> View:
        """The plan that is shown, as chosen in the context row."""
        choice = _chosen("view", self.views)
        inputs = None if choice.frozen else await_forecast(self.room, self.room.assumptions(choice.number))
        return read_view(self.room, self.person.id, choice, inputs)

    @cached_property
    def base(self) -> View | None:
        """The plan it is compared with; None before the first agreed plan."""
        return read_view(self.room, self.person.id, _chosen("base", self.bases)) if self.bases else None

    @cached_property
    def money(self) -> MoneyFormat:
        """Money as text in the company's currency and in the scale of the plan that is shown.

        Missing everywhere where that plan is in units.
        """
        return self.view.plan.money

    @cached_property
    def corner(self) -> DeltaGenerator:
        """Where the context row keeps room for what belongs to the whole page, such as its comments."""
        return st.container(width="content")

    @property
    def role(self) -> Role:
        """The person's role."""
        return Role(self.person.role)

    def may(self, act: str) -> bool:
        """Whether the person may do an act (services check again)."""
        return may(self.role, act)

    def call(self, service: Callable[..., T], *args: Any, **options: Any) -> Callable[..., T]:
        """A use case on behalf of this person; whoever calls it gives the rest of its arguments."""
        return partial(service, self.room.store, self.person.id, *args, **options)

    def message(self, text: str) -> None:
        """The page's one-sentence message, shown as it is."""
        st.title(literal(text), anchor=False)


def _chosen(key: str, choices: tuple[Choice, ...]) -> Choice:
    """The choice that the session remembers, else the first."""
    chosen = st.session_state.get(key)
    return next((choice for choice in choices if choice.key == chosen), choices[0])


@contextmanager
def page(
    title: str,
    *,
    act: str = "read_plans",
    context: bool = True,
    choose: bool = True,
    sign_off: bool = False,
    uploads: bool = False,
) -> Iterator[Visit]:
    """The guard and frame of a page; whoever may not `act` sees why and nothing else.

    `context`: whether the row with cycle, plan shown and sign-off stands above the page; `choose`: whether that
    row lets people choose the plan that is shown and what it is compared with; `sign_off`: whether a button
    leads to signing; `uploads`: whether the page has an uploader.
    """
    require_navigation(title)
    forget_widgets()
    begin_address()
    show_style(current_theme())
    with refusals():
        visit = _admit(act)
        if visit.company.large_type:
            show_large_type()
        allow_uploads(uploads and visit.may("import_data"))
        st.set_page_config(page_title=f"{title} · {visit.company.name}")
        cycle = visit.cycle.first_open
        wait_for_answers(not begin_page())
        if context:
            _context_row(visit, choose, sign_off)
        show_outcome()
        # What a page cannot show yet may be there after the next change: it follows all the same.
        with refusals(), suppress(_PageEnds), FOREGROUND.work():
            yield visit
        _follow(visit.room, cycle, visit.person.id, title)


class _PageEnds(Exception):
    """A page has shown all that there is."""


def end_page() -> NoReturn:
    """Show no more of a page; it still follows what others change, which `st.stop` would keep it from."""
    raise _PageEnds


def require_navigation(title: str) -> None:
    """On a fresh server a deep link runs a page without screens.py: go there first, and come back by title.

    What the address asks for goes along both ways: after a restart people reload what they looked at.
    """
    if "navigated" not in st.session_state:
        st.session_state["wanted"] = title
        # A page that is run on its own, as tests do, has no screens.py to go to; its guard still holds.
        with suppress(StreamlitAPIException):
            st.switch_page("screens.py", query_params=st.query_params.to_dict())


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what a service refuses, or what fails, into one sentence on screen. Each fragment needs its own."""
    try:
        yield
    except CannotPlan as refusal:
        # Nothing is wrong: something is wanting, and this leads to it.
        st.title("There is no plan yet", anchor=False)
        st.markdown(literal(refusal.sentence))
        show_fill_links(refusal.tables)
    except _PageEnds:
        raise
    except Exception as error:  # noqa: BLE001 - the last boundary of a page
        st.error(literal(explain(error, "showing this page").sentence), icon=":material/block:")


def _admit(act: str) -> Visit:
    """The visit of whoever is signed in; otherwise a way to sign in, and the script stops."""
    if not has_database():
        show_first_start()
        st.stop()
    room = planning_room()
    with room.store.read() as tx:
        company, cycle = read_company(tx), read_current_cycle(tx)
        if cycle is not None:
            note_moment(tx, cycle.first_open)
    use_style(company.number_style)
    speak_in(bucket_of(cycle.first_open) if cycle else MONTH)
    session = current_session(room.store)
    if session is None or session.person is None:
        _sign_in(room, company)
        st.stop()
    person = read_actor(room.store, session.person)
    drawn_for(person)
    visit = Visit(room, person, company, session)
    if not person.active or not may(person.role, act):
        who = literal(f"{person.name} ({Role(person.role).title})")
        st.error(f"{who} may not open this page.", icon=":material/lock:")
        st.page_link("pages/settings.py", label="Open the Settings page", icon=":material/settings:")
        _who_is_looking(visit)
        st.stop()
    return visit


def _sign_in(room: PlanningRoom, company: CompanySettings) -> None:
    """Nobody is signed in: a demo lets choose who one is, everybody else goes to sign in."""
    if access_of(company) is not Access.DEMO:
        st.title("You are signed out", anchor=False)
        st.html('<a href="/sign-in" target="_self">Sign in</a>')
        return
    st.title(literal(f"{company.name}: who are you today?"), anchor=False)
    st.caption(
        "This workspace runs in demo mode: anybody on this machine may choose a persona, and every page and "
        "signature says so."
    )
    with st.grid(3, min_column_width=240):
        for person in list_people(room.store):
            with st.container(border=True):
                st.html(f"<strong>{Role(person.role).title}</strong>")
                st.button(
                    literal(person.name),
                    key=f"persona-{person.id}",
                    on_click=act_as,
                    args=(room.store, person.id),
                    width="stretch",
                )


def _context_row(visit: Visit, choose: bool, sign_off: bool) -> None:
    """Cycle, step, what is shown against what, sign-off state, and who is looking."""
    with st.container(horizontal=True, vertical_alignment="center", key="context"):
        with st.container(width="content"):
            _step(visit)
        if choose:
            _choices(visit)
        if visit.may("read_plans"):
            _sign_off_state(visit)
        st.space("stretch")
        st.html('<span class="sop-here" aria-live="polite"></span>', width="content")
        if visit.may("read_plans"):
            with st.container(width="content"):
                show_changes(visit.room.store, visit.person.id, may_undo=visit.may("change_working_plan"))
        # The first look at it puts it here.
        _ = visit.corner
        if visit.company.fictional:
            show_tour()
        _who_is_looking(visit)
        if sign_off and st.button("Open sign-off", type="primary"):
            st.switch_page("pages/sign_off.py")


def _choices(visit: Visit) -> None:
    """What is shown, against what."""
    _select("view", "Plan shown", visit.views)
    if visit.bases:
        st.markdown("against", width="content")
        _select("base", "Compared with", visit.bases)


def _select(key: str, label: str, choices: tuple[Choice, ...]) -> None:
    names = {choice.key: choice.name for choice in choices}
    from_address(key, key, names)
    st.selectbox(
        label,
        list(names),
        format_func=lambda k: names.get(k, k),
        key=key,
        label_visibility="collapsed",
        width=160,
        persist_state="session",
    )
    to_address(key, key, choices[0].key)


def _sign_off_state(visit: Visit) -> None:
    record = current_proposal(visit.room.store, visit.person.id, visit.cycle.first_open)
    if record is None:
        st.markdown("**not proposed yet**", width="content")
        return
    state = read_sign_off(visit.room.store, visit.person.id, record.id)
    st.markdown(sign_off_text(state), width="content")


def sign_off_text(state: SignOff) -> str:
    """The state of sign-off in one line: 'Sign-off 3 of 6  ✓ Sales …  ○ Finance'."""
    marks = "  ".join(f"{_mark(state, function)} {Function(function).title}" for function in state.required)
    if state.record.state == "agreed":
        return f"**Agreed**  {marks}"
    return f"**Sign-off {state.given} of {state.needed}**  {marks}"


def _mark(state: SignOff, function: str) -> str:
    meaning = next((signature.meaning for signature in state.signatures if signature.function == function), "")
    return {"": "○", "dissent": "✗"}.get(meaning, "✓")


def _who_is_looking(visit: Visit) -> None:
    """Who is looking, with a way to sign out; in a demo, a way to look as somebody else."""
    if visit.session.method != DEMO_PERSONA:
        with st.popover(literal(visit.person.name), width="content"):
            st.html(f"<p>{escape(visit.role.title)}, signed in by {escape(visit.session.method)}</p>")
            st.html('<a href="/sign-in/out" target="_self">Sign out</a>')
        return
    with st.popover(literal(f"{visit.person.name} · demo persona"), width="content"):
        for other in list_people(visit.room.store):
            st.button(
                literal(f"{other.name}, {Role(other.role).title}"),
                key=f"switch-{other.id}",
                on_click=act_as,
                args=(visit.room.store, other.id),
                width="stretch",
                type="tertiary",
                disabled=other.id == visit.person.id,
            )


def note_own_change(visit: Visit) -> None:
    """For a fragment that shows edits of assumptions: the page need not run again after one's own alone."""
    following.note_own_change(visit.room.store, visit.cycle.first_open, visit.person.id)


@part(STEP)
def _step(visit: Visit) -> None:
    """The cycle and, where the company's cycles move by steps, the one that it is in.

    Both in one line of text: a step that is not there leaves no gap.
    """
    with visit.room.store.read() as tx:
        steps, cycle = steps_in_use(tx), require_cycle(tx)
    step = f" \u2002step **{step_title(cycle.step).lower()}**" if steps else ""
    st.markdown(f"Cycle **{period_name(cycle.first_open)}**{step}", width="content")


@fragment(key=FOLLOWING)
def _follow(room: PlanningRoom, cycle: str, person_id: str, title: str) -> None:
    """Listen, and say which version the page shows; when another is told, what shows it is drawn again."""
    with no_traceback("following what others change"):
        tell_changes()
        again = partial(follow, room.store, cycle, person_id, title)
        follow_live(pulse_of(cycle, seen_version()), address(), again)
