"""A slider on a plan page that tries one change on the plan shown: its path in words, the headline, keeping it.

Nothing is stored until somebody keeps it; only the owner may in the working plan, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from sop.analysis.decisions.levers import Lever
from sop.core.calendar import worded
from sop.core.format import MoneyFormat
from sop.core.plan import Plan
from sop.core.register import assumption
from sop.core.words import in_sentence
from sop.services.planning.supply_questions import try_value
from sop.services.scenarios.register import Edit, read_edit
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, refusals
from sop.ui.frame.state import tell_on_page
from sop.ui.frame.text import literal
from sop.ui.kit.acts import ask
from sop.ui.kit.cards import grey_line, headline_change, kpi_card
from sop.ui.kit.edit_form import change_with_reason
from sop.ui.kit.panel import panel
from sop.views.assumption_words import (
    in_shown_units,
    shown_scale,
    with_unit,
)
from sop.views.executive.scenario_compare import differences
from sop.views.measure_columns import headline_text, headline_unit


def show_trial(visit: Visit, names: Mapping[str, Sequence[str]], title: str, key: str) -> None:
    """A panel to try one of the assumptions; `names`: what each can be set for, such as launches."""
    with panel(title, f"Tried on {visit.view.name}; nothing is stored before you keep it", f"trial-{key}"):
        _trial(visit, names, key)


@fragment()
def _trial(visit: Visit, names: Mapping[str, Sequence[str]], key: str) -> None:
    with refusals():
        left, right = st.columns([26, 74], gap="medium")
        with left:
            edit, value = _choose(visit, names, key)
        with right:
            _show(visit, edit.lever, value)
        tell_on_page()


def _choose(visit: Visit, names: Mapping[str, Sequence[str]], key: str) -> tuple[Edit, float]:
    """What is tried, for whom, and where its slider stands."""
    what = next(iter(names))
    if len(names) > 1:
        what = st.selectbox(
            "What",
            list(names),
            format_func=lambda name: assumption(name).label,
            key=f"trial_what_{key}",
            label_visibility="collapsed",
        )
    scope = st.selectbox("For", list(names[what]), key=f"trial_for_{key}", label_visibility="collapsed")
    edit = read_edit(visit.room, visit.person, visit.inputs, visit.view, what, scope)
    return edit, _slider(visit, edit)


def _slider(visit: Visit, edit: Edit) -> float:
    """Where the slider stands, and under it the form to keep that: closed with the reason for whoever may not."""
    entry, scale = edit.lever.entry, shown_scale(edit.lever.entry)
    place = f"{entry.key}_{edit.lever.scope}_{edit.version}_{visit.view.choice.key}"
    shown = st.slider(
        with_unit(literal(entry.label), entry, visit.money.currency),
        min_value=float(entry.low * scale),
        max_value=float(entry.high * scale),
        value=float(in_shown_units(entry, edit.lever.value)),
        step=float(entry.step * scale),
        format="%.0f",
        key=f"trial_{place}",
        help=f"{worded(entry.meaning)}.",
    )
    value = round(shown / scale, 8)
    if edit.locked:
        st.html(grey_line(edit.locked))
        return value
    with ask(f"keep_{place}") as form:
        form.fields["value"] = f"trial_{place}"
        form.field(st.text_input, "reason", "Reason", placeholder="Why?")
        act = change_with_reason(visit, edit, f"{edit.lever.scope}: {in_sentence(entry.label)}")
        form.button(f"Keep in {literal(visit.view.name)}", *act, disabled=abs(value - edit.lever.value) < 1e-9)
    return value


def _show(visit: Visit, lever: Lever, value: float) -> None:
    """The path of the change and the headline with it; where nothing is moved, how to begin."""
    if abs(value - lever.value) < 1e-9:
        st.html(grey_line("Move the slider to see its path through demand, supply, customers and money."))
        _cards(visit.view.plan, visit.view.plan, visit.money)
        return
    trial = try_value(
        visit.room, visit.inputs, visit.view, (lever.entry.key, lever.scope), value, visit.money.labelled
    )
    st.html(grey_line(trial.path))
    _cards(trial.now, trial.then, visit.money)


def _cards(now: Plan, then: Plan, money: MoneyFormat) -> None:
    """One card for each headline measure with the change, and what it differs from the plan that is shown."""
    change = differences(then.headline, now.headline)
    known = [entry for entry in then.headline_measures if then.headline.get(entry.key) is not None]
    with st.grid(max(len(known), 4), min_column_width=110, gap="xsmall"):
        for entry in known:
            changes = [] if now is then else [headline_change(entry, change[entry.key], "shown", money)]
            value, unit = headline_text(entry, then.headline.get(entry.key), money), headline_unit(entry, money)
            with st.container(border=True, height="stretch", key=f"kpi_trial_{entry.key}"):
                st.html(kpi_card(entry.label, value, unit, changes))
