"""The compact form with which owners change their assumptions on a plan page: `show_edit_form`.

    show_edit_form(visit, PlanName.PRODUCTION, ["capacity_pct", "overtime_share"], "Change supply")

Everything comes from the register: label, unit, range, step, choices and owner. The form shows the value that
stands in the plan shown, who set it and why; whoever may not change it sees it closed with the reason. A change
of the working plan needs its reason. It is refused where somebody else changed the value since it was drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st

from sop.analysis.decisions.levers import Lever
from sop.core.calendar import period_name, worded
from sop.core.errors import BadInput, Conflict
from sop.core.register import Assumption, Entry
from sop.core.terms import PlanName
from sop.core.words import in_sentence
from sop.services.scenarios.bench import why_locked
from sop.services.scenarios.drafts import change_assumption, reset_assumption
from sop.services.scenarios.register import Edit, edit_keys, edit_scopes, read_edit, read_edit_of
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, refusals
from sop.ui.frame.state import tell_on_page
from sop.ui.frame.text import literal
from sop.ui.kit.acts import Form, act_button, ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_opened
from sop.views.assumption_words import (
    in_shown_units,
    lever_name,
    shown_scale,
    source_words,
    value_text,
    with_unit,
)

OPEN_ENDED = "No end"


def show_edit_form(
    visit: Visit, plan: PlanName, keys: Sequence[str], title: str, scope: str = "", note: str = ""
) -> None:
    """A panel with a form for one of the assumptions `keys`, where the company has data that they act on.

    Folded for whoever may change none of them here, and where a frozen plan is shown.
    `scope` is the family, line or plant that the page looks at: the form begins with it. Nothing is drawn where
    none of the assumptions can move this company's plan.
    """
    found = edit_keys(visit.inputs.inputs, keys)
    if found:
        # Two forms may stand on one page.
        name, scenario = f"{plan}-{found[0].key}", visit.view.scenario
        locked = {entry.key: scenario is None or why_locked(visit.person, scenario, entry.key) for entry in found}
        # What somebody may change comes first.
        found = tuple(sorted(found, key=lambda entry: bool(locked[entry.key])))
        if all(locked.values()):
            show_opened(title, f"closed-{name}", _noted_form, note, visit, name, found, scope)
            return
        with panel(title, note, f"edit-{name}"):
            _form(visit, name, found, scope)


def _noted_form(note: str, *form: Any) -> None:
    if note:
        st.html(grey_line(note))
    _form(*form)


@fragment()
def _form(visit: Visit, name: str, found: tuple[Assumption, ...], looked_at: str) -> None:
    """Choose what to change and for what; then the form for its value."""
    with refusals():
        entry, scope = _choose(visit, name, found, looked_at)
        show_value_form(visit, name, entry.key, scope)
        tell_on_page()


def show_value_form(visit: Visit, name: str, key: str, scope: str = "") -> None:
    """Where one assumption stands, and the form for its value, closed with the reason for whoever may not.

    `name` tells the form from others on the page.
    """
    edit = read_edit(visit.room, visit.person, visit.inputs, visit.view, key, scope)
    st.html(grey_line(_standing(edit, visit.money.symbol)))
    if edit.locked:
        st.html(grey_line(edit.locked))
    lever, closed = edit.lever, bool(edit.locked)
    months = [OPEN_ENDED, *visit.inputs.inputs.calendar.months]
    place = f"edit_{name}_{lever.entry.key}_{lever.scope}_{edit.scenario_id}"
    drawn = version_drawn(place, edit, visit.person.name)
    if drawn != edit.version:
        show_crossing(place, edit, visit.money.symbol)
    fresh = partial(begin_anew, place)
    with ask(f"{place}_{drawn}") as form:
        if lever.entry.choice_names:
            _choice_field(form, lever, closed)
        with st.grid(3, min_column_width=110, gap="small"):
            if not lever.entry.choice_names:
                number_field(
                    form,
                    with_unit(literal(lever.entry.label), lever.entry, visit.money.currency),
                    lever,
                    disabled=closed,
                )
            form.field(
                st.selectbox,
                "until",
                "Meant until",
                months,
                months.index(edit.expiry) if edit.expiry in months else 0,
                format_func=lambda month: month if month == OPEN_ENDED else period_name(month),
                disabled=closed,
            )
            form.field(st.text_input, "reason", "Reason", disabled=closed, placeholder="Why?")
        with st.container(horizontal=True):
            shown = visit.view.name.lower() if _is_working(visit) else visit.view.name
            form.button(f"Change {literal(shown)}", *change_with_reason(visit, edit), disabled=closed, then=fresh)
            back = f"{lever.entry.label} is back at its default."
            no_way = closed or not lever.is_set
            back_button(visit, edit, "Back to the default", back, type="tertiary", disabled=no_way, then=fresh)


# -- an edit that crosses another's


def version_drawn(place: str, edit: Edit, own: str) -> int:
    """The version with which the form was drawn, as long as it stands and only others changed the value since.

    What somebody types into a form is known to the browser alone until it is sent, so the form stays as it is.
    """
    key = f"{place}_seen"
    drawn = st.session_state.get(key)
    if drawn is None or edit.by == own or f"{place}_{drawn}_reason" not in st.session_state:
        drawn = st.session_state[key] = edit.version
    return int(drawn)


def show_crossing(place: str, edit: Edit, currency: str) -> None:
    """Who changed the value while the form was open, to what and why; and the way to begin from theirs."""
    now = value_text(edit.lever.entry, edit.lever.value, currency)
    what = f"{edit.by} set it to {now}" if edit.by else f"Somebody put it back to its default, {now}"
    reason = f" (“{edit.reason}”)" if edit.reason else ""
    told = (
        f"{what}{reason} while this form was open. What you typed stays; to save it puts yours in place of theirs."
    )
    st.warning(literal(told), icon=":material/call_merge:")
    act_button("Begin from theirs", partial(begin_anew, place), key=f"{place}_theirs", type="tertiary")


def begin_anew(place: str) -> None:
    """Have the form at a place begin from what stands there now."""
    st.session_state.pop(f"{place}_seen", None)


def _choose(visit: Visit, name: str, found: tuple[Assumption, ...], looked_at: str) -> tuple[Assumption, str]:
    """The assumption and the scope that are looked at."""
    labels = {entry.key: entry for entry in found}
    with st.grid(2, min_column_width=150, gap="small"):
        key = st.selectbox("What", list(labels), format_func=lambda k: labels[k].label, key=f"edit_what_{name}")
        scopes = edit_scopes(visit.inputs.inputs, labels[key])
        start = list(scopes).index(looked_at) if looked_at in scopes else 0
        scope = st.selectbox(
            "For",
            list(scopes),
            start,
            format_func=lambda scope: scopes.get(scope, scope),
            key=f"edit_for_{name}_{key}_{looked_at}",
        )
    return labels[key], scope


def _choice_field(form: Form, lever: Lever, closed: bool) -> None:
    """The choices side by side, one of them chosen."""
    names = lever.entry.choice_names
    form.field(
        st.segmented_control,
        "value",
        literal(lever.entry.label),
        list(range(len(names))),
        format_func=names.__getitem__,
        default=round(lever.value),
        required=True,
        disabled=closed,
    )


def number_field(form: Form, label: str, lever: Lever, **look: Any) -> None:
    """The field for a number in shown units, within the register's range."""
    entry, scale = lever.entry, shown_scale(lever.entry)
    low, high = round(entry.low * scale, 6), round(entry.high * scale, 6)
    known = lever.value == lever.value
    value = min(max(in_shown_units(entry, lever.value), low), high) if known else None
    form.field(st.number_input, "value", label, low, high, value, round(entry.step * scale, 6), **look)


def _standing(edit: Edit, currency: str) -> str:
    """Where the value stands, who set it and why, what it is without an entry, and its range."""
    lever, entry = edit.lever, edit.lever.entry
    now = f"Now {value_text(entry, lever.value, currency)}"
    if edit.by:
        now += f", set by {edit.by}"
        now += f": {edit.reason}" if edit.reason else ""
        now += f" (until {period_name(edit.expiry)})" if edit.expiry else ""
    else:
        now += f" ({source_words(entry, currency)})"
    without = f"; without an entry {value_text(entry, lever.default, currency)}" if edit.by else ""
    low, high = (value_text(entry, value, currency) for value in (entry.low, entry.high))
    span = "" if entry.choice_names else f"; from {low} to {high}"
    wins = f"; {lever.narrower} narrower set, which win" if lever.narrower else ""
    return f"{worded(entry.meaning)}. {now}{without}{span}{wins}. Owner: {entry.owner.title}"


def _is_working(visit: Visit) -> bool:
    return visit.view.scenario is not None and visit.view.scenario.kind == "working"


# -- acts on one assumption


def change_act(visit: Visit, edit: Edit, kept: str = "") -> Callable[..., Entry]:
    """Sets the value of an assumption, given in shown units, with its reason and the last month it holds for.

    `kept`: what becomes of it where it crosses another's change; as forms keep it where nothing is said.
    """

    def change(value: float, reason: str = "", until: str = OPEN_ENDED) -> Entry:
        entry, stored = edit.lever.entry, round(value / shown_scale(edit.lever.entry), 8)
        with _crossing(visit, edit, value_text(entry, stored, visit.money.symbol), reason, kept):
            return change_assumption(
                visit.room.store,
                visit.person.id,
                edit.scenario_id,
                entry.key,
                stored,
                scope=edit.lever.scope,
                reason=reason.strip(),
                expected_version=edit.version,
                expiry=None if until == OPEN_ENDED else until or None,
            )

    return change


BOTH_KEPT = "Yours still stands in the form: save it again to put it in place of theirs, or begin from theirs"


@contextmanager
def _crossing(visit: Visit, edit: Edit, mine: str, reason: str, kept: str) -> Iterator[None]:
    """Where somebody changed the value since it was drawn: both values, both names, both reasons."""
    try:
        yield
    except Conflict as crossed:
        place = (edit.lever.entry.key, edit.lever.scope)
        now = read_edit_of(visit.room, visit.person, visit.inputs, edit.scenario_id, *place)
        if now.version == edit.version:
            raise
        own = f" (“{reason.strip()}”)" if reason.strip() else ""
        said = f"{theirs_sentence(now, visit.money.symbol)} meanwhile; {visit.person.name} wants {mine}{own}"
        raise Conflict(said, remedy=kept or BOTH_KEPT) from crossed


def theirs_sentence(now: Edit, currency: str) -> str:
    """Who set a value to what, and why."""
    why = f" (“{now.reason}”)" if now.reason else ""
    value = value_text(now.lever.entry, now.lever.value, currency)
    if not now.by:
        return f"Somebody put {lever_name(now.lever)} back to its default, {value}"
    return f"{now.by} set {lever_name(now.lever)} to {value}{why}"


def change_with_reason(
    visit: Visit, edit: Edit, name: str = ""
) -> tuple[Callable[..., Entry], Callable[[Entry], str]]:
    """A change on a plan page, in the working plan only with its reason, and what is told of it.

    `name`: what is changed, where its label does not say so.
    """
    lever = edit.lever

    def change(value: float, reason: str, until: str = OPEN_ENDED) -> Entry:
        if _is_working(visit) and not reason.strip():
            raise BadInput(f"A change of {in_sentence(lever.entry.label)} in the working plan needs its reason")
        return change_act(visit, edit)(value, reason, until)

    def told(entry: Entry) -> str:
        value = value_text(lever.entry, entry.value, visit.money.symbol)
        return f"{name or lever_name(lever)} is now {value}."

    return change, told


def reset_act(visit: Visit, edit: Edit, kept: str = "") -> Callable[[], None]:
    """Takes the value back to what it is without an entry; `kept` as for a change."""
    place = (edit.scenario_id, edit.lever.entry.key, edit.lever.scope)

    def reset() -> None:
        with _crossing(visit, edit, "it back at its default", "", kept):
            reset_assumption(visit.room.store, visit.person.id, *place, expected_version=edit.version)

    return reset


def back_button(visit: Visit, edit: Edit, label: str, done: str, **look: Any) -> None:
    """The button of a form that takes the value back."""
    act_button(label, reset_act(visit, edit), done, draw=st.form_submit_button, **look)
