"""The compact form with which owners change their assumptions on a plan page: `show_edit_form`.

    show_edit_form(visit, PlanName.PRODUCTION, ["capacity_pct", "overtime_share"], "Change supply")

Everything comes from the register: label, unit, range, step, choices and owner. The form shows the value that
stands in the plan shown, who set it and why; whoever may not change it sees it closed with the reason. A change
of the working plan needs its reason. It is refused where somebody else changed the value since it was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sop.analysis.decisions.levers import Lever
from sop.core.calendar import period_name
from sop.core.register import Assumption
from sop.core.terms import PlanName
from sop.services.scenarios.drafts import change_assumption, reset_assumption
from sop.services.scenarios.register import Edit, edit_keys, edit_scopes, read_edit
from sop.ui.frame.page import Visit, literal, refusals
from sop.ui.frame.state import REFUSAL, attempt, tell_on_page
from sop.ui.kit.cards import grey_line
from sop.ui.panels.plans.layout import panel
from sop.ui.panels.scenarios.sliders import choice_names, lever_name, shown_scale, unit_word, value_text

OPEN_ENDED = "No end"


def show_edit_form(
    visit: Visit, plan: PlanName, keys: Sequence[str], title: str, scope: str = "", note: str = ""
) -> None:
    """A panel with a form for one of the assumptions `keys`, where the company has data that they act on.

    `scope` is the family, line or plant that the page looks at: the form begins with it. Nothing is drawn where
    none of the assumptions can move this company's plan.
    """
    found = edit_keys(visit.inputs.inputs, keys)
    if found:
        # Two forms may stand on one page.
        name = f"{plan}-{found[0].key}"
        with panel(title, note, f"edit-{name}"):
            _form(visit, name, found, scope)


@st.fragment
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
    _value_form(visit, name, edit)


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


def _value_form(visit: Visit, name: str, edit: Edit) -> None:
    """The form for a value; what its buttons did is told once the whole page runs again."""
    lever, closed = edit.lever, bool(edit.locked)
    place = f"{name}_{lever.entry.key}_{lever.scope}_{edit.scenario_id}_{edit.version}"
    with st.form(f"edit_{name}_{lever.entry.key}", border=False):
        if choice_names(lever.entry):
            _choice_field(lever, f"edit_value_{place}", closed)
        with st.grid(3, min_column_width=110, gap="small"):
            if not choice_names(lever.entry):
                _number_field(lever, f"edit_value_{place}", closed)
            months = [OPEN_ENDED, *visit.inputs.inputs.calendar.months]
            st.selectbox(
                "Meant until",
                months,
                months.index(edit.expiry) if edit.expiry in months else 0,
                format_func=lambda month: month if month == OPEN_ENDED else period_name(month),
                key=f"edit_until_{place}",
                disabled=closed,
            )
            st.text_input("Reason", key=f"edit_reason_{place}", disabled=closed, placeholder="Why?")
        with st.container(horizontal=True):
            st.form_submit_button(
                f"Change {literal(visit.view.name.lower() if _is_working(visit) else visit.view.name)}",
                disabled=closed,
                on_click=_send,
                args=(visit, edit, place),
            )
            st.form_submit_button(
                "Back to the default",
                type="tertiary",
                disabled=closed or not lever.is_set,
                on_click=_reset,
                args=(visit, edit),
            )


def _choice_field(lever: Lever, key: str, closed: bool) -> None:
    """The choices side by side, one of them chosen."""
    names = choice_names(lever.entry)
    st.segmented_control(
        literal(lever.entry.label),
        list(range(len(names))),
        format_func=names.__getitem__,
        default=round(lever.value),
        required=True,
        key=key,
        disabled=closed,
    )


def _number_field(lever: Lever, key: str, closed: bool) -> None:
    """The field for a number in shown units, within the register's range."""
    entry, scale = lever.entry, shown_scale(lever.entry)
    label = literal(f"{entry.label}, {unit_word(entry)}".rstrip(", "))
    low, high = round(entry.low * scale, 6), round(entry.high * scale, 6)
    value = min(max(round(lever.value * scale, 6), low), high)
    st.number_input(label, low, high, value, round(entry.step * scale, 6), key=key, disabled=closed)


def _standing(edit: Edit, currency: str) -> str:
    """Where the value stands, who set it and why, what it is without an entry, and its range."""
    lever, entry = edit.lever, edit.lever.entry
    now = f"Now {value_text(entry, lever.value, currency)}"
    if edit.by:
        now += f", set by {edit.by}"
        now += f": {edit.reason}" if edit.reason else ""
        now += f" (until {period_name(edit.expiry)})" if edit.expiry else ""
    else:
        now += f" ({entry.source})"
    without = f"; without an entry {value_text(entry, lever.default, currency)}" if edit.by else ""
    low, high = (value_text(entry, value, currency) for value in (entry.low, entry.high))
    span = "" if choice_names(entry) else f"; from {low} to {high}"
    wins = f"; {lever.narrower} narrower set, which win" if lever.narrower else ""
    return f"{entry.meaning}. {now}{without}{span}{wins}. Owner: {entry.owner.title}"


def _is_working(visit: Visit) -> bool:
    return visit.view.scenario is not None and visit.view.scenario.kind == "working"


def _send(visit: Visit, edit: Edit, place: str) -> None:
    """Write what the form holds."""
    lever, state = edit.lever, st.session_state
    until = state[f"edit_until_{place}"]
    value = round(state[f"edit_value_{place}"] / shown_scale(lever.entry), 8)
    done = f"{lever_name(lever)} is now {value_text(lever.entry, value, visit.money.symbol)}."
    send_value(visit, edit, value, state[f"edit_reason_{place}"], done, None if until == OPEN_ENDED else until)


def send_value(visit: Visit, edit: Edit, value: float, reason: str, done: str, expiry: str | None = None) -> None:
    """Set a value on behalf of a button, in the working plan only with a reason; `done` is told if it was set."""
    entry, reason = edit.lever.entry, reason.strip()
    if _is_working(visit) and not reason:
        st.session_state[REFUSAL] = f"A change of {entry.label.lower()} in the working plan needs its reason."
        return
    attempt(
        done,
        change_assumption,
        visit.room.store,
        visit.person.id,
        edit.scenario_id,
        entry.key,
        value,
        scope=edit.lever.scope,
        reason=reason,
        expected_version=edit.version,
        expiry=expiry,
    )


def _reset(visit: Visit, edit: Edit) -> None:
    """Take the value back to what it is without an entry."""
    attempt(
        f"{edit.lever.entry.label} is back at its default.",
        reset_assumption,
        visit.room.store,
        visit.person.id,
        edit.scenario_id,
        edit.lever.entry.key,
        edit.lever.scope,
        expected_version=edit.version,
    )
