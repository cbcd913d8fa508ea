"""The register of assumptions on screen: the table, and the form of whoever owns some of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from sop.analysis.decisions.levers import scope_title
from sop.core.calendar import worded, written
from sop.core.format import day_text
from sop.core.present import Cell, Col, PlanTable, texts
from sop.core.register import assumption
from sop.core.terms import Function
from sop.core.words import first_of
from sop.services.scenarios.register import WHOLE, Register, RegisterRow, read_edit_of, settable
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.edit_form import (
    back_button,
    begin_anew,
    change_act,
    number_field,
    show_crossing,
    version_drawn,
)
from sop.ui.kit.panel import panel
from sop.ui.kit.tables import show_table
from sop.views.assumption_words import source_words, value_text, with_unit

_COLUMNS = (
    Col("Assumption", "text", width="30%"),
    Col("Applies to", "text", width="14%"),
    *texts("Owner"),
    Col("In force"),
    Col("Default"),
    Col("Reason", "text", width="20%"),
    *texts("Set by"),
    Col("Since", "text", width="6.5rem"),
    *texts("Until"),
)


def choose_rows(register: Register) -> list[RegisterRow]:
    """The rows to look at: of some owners or all."""
    owners = st.pills(
        "Owner",
        list(Function),
        format_func=lambda function: function.title,
        selection_mode="multi",
        key="register_owners",
        label_visibility="collapsed",
        persist_state="session",
    )
    return [row for row in register.rows if not owners or row.owner in owners]


def set_table(rows: Sequence[RegisterRow], currency: str) -> PlanTable:
    """What people set among these rows."""
    table = register_table([row for row in rows if row.entry], currency)
    return replace(table, name="Set by people", empty="Nobody has set anything: tables and defaults hold.")


def unset_table(register: Register) -> PlanTable:
    """What the plan rests on that nobody has set, and the remedy."""
    return PlanTable(
        "What nobody has set",
        texts("What the plan rests on", "To do"),
        tuple((found.what[:1].upper() + found.what[1:], found.remedy) for found in register.unset),
        "No rate that the plan pays rests on a default that nobody has set, and none is 0.",
    )


def defaults_table(register: Register, currency: str) -> PlanTable:
    """Every default that counts in the plan because no table says it and nobody set it."""
    return PlanTable(
        "Defaults that count",
        (
            Col("Assumption", "text", width="30%"),
            Col("Applies to", "text", width="30%"),
            *texts("Owner"),
            Col("In force"),
        ),
        tuple(
            (
                Cell(found.entry.label, note=worded(found.entry.meaning)),
                first_of(found.names) or WHOLE,
                found.entry.owner.title,
                value_text(found.entry, found.entry.default or 0.0, currency),
            )
            for found in register.defaults
        ),
        "No default counts: the tables or somebody say everything.",
    )


def show_all(rows: Sequence[RegisterRow], currency: str) -> None:
    """The whole register, strong where somebody set it, else what the tables or the default say."""
    show_table(register_table(rows, currency))


def register_table(rows: Sequence[RegisterRow], currency: str) -> PlanTable:
    """The register as a table; what is set stands strong, what has expired is marked.

    What an assumption means and where its default comes from is told once.
    """
    first = {row.lever.entry.key: row for row in reversed(rows)}.values()
    return PlanTable("Register of assumptions", _COLUMNS, tuple(_row(row, currency, row in first) for row in rows))


def _row(row: RegisterRow, currency: str, explained: bool) -> tuple[str | Cell, ...]:
    lever, entry = row.lever, row.entry
    meaning = worded(f"{lever.entry.meaning}; default: {source_words(lever.entry, currency)}")
    spread = "mean of the tables" if lever.mixed and not entry else ""
    until = (entry.expiry if entry else None) or ""
    return (
        Cell(lever.entry.label, note=meaning if explained else ""),
        row.scope,
        row.owner.title,
        Cell(value_text(lever.entry, lever.value, currency), note=spread, strong=entry is not None),
        value_text(lever.entry, lever.default, currency),
        entry.reason if entry else "",
        row.by,
        day_text(entry.at) if entry else "",
        Cell(f"{until} expired", tone="bad") if row.expired else until,
    )


def show_edit(visit: Visit, register: Register) -> None:
    """Set one assumption of one's own function in the working plan, or take it back to its default."""
    owner = visit.role.function
    if owner is None or not visit.may("change_working_plan"):
        st.html(grey_line(f"{visit.role.title} owns no assumptions; anyone may try others in a private scenario."))
        return
    inputs, scopes = visit.inputs.inputs, settable(visit.inputs.inputs, owner)
    if not scopes:
        st.html(grey_line(f"Nothing that is loaded hangs on an assumption of {owner.title} yet."))
        return
    section = panel(f"Change what {owner.title} owns, for everybody", "", "edit")
    with section, st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "Assumption", list(scopes), format_func=lambda k: assumption(k).label, key="edit_key", width=240
        )
        entry = assumption(key)
        scope = st.selectbox(
            "Applies to",
            scopes[key],
            format_func=lambda s: scope_title(inputs, entry, s) or WHOLE,
            key=f"edit_scope_{key}",
            width=200,
        )
        _edit_form(visit, register, key, scope)


def _edit_form(visit: Visit, register: Register, key: str, scope: str) -> None:
    edit = read_edit_of(visit.room, visit.person, visit.inputs, register.scenario.id, key, scope)
    place, now = f"edit_{key}_{scope}", edit.lever
    drawn = version_drawn(place, edit, visit.person.name)
    if drawn != edit.version:
        show_crossing(place, edit, visit.money.symbol)
    fresh = partial(begin_anew, place)
    with ask(f"{place}_{drawn}", row=True) as form:
        names = now.entry.choice_names
        if names:
            places = list(range(len(names)))
            look = {"format_func": names.__getitem__, "width": 150}
            form.field(st.selectbox, "value", "Value", places, index=round(now.value), **look)
        else:
            number_field(form, with_unit("Value", now.entry, visit.money.currency), now, width=130)
        form.field(st.text_input, "reason", "Reason", width=300)
        form.field(st.text_input, "until", f"Until ({written()}, may stay empty)", width=200)
        form.button("Set", change_act(visit, edit), "Set in the working plan.", type="primary", then=fresh)
        if now.is_set:
            back_button(visit, edit, "Back to default", "Back to its default.", then=fresh)
