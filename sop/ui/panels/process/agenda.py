"""The agenda on the Cycle page: made by itself, edited by who leads, with the way into the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sop.agreement.process_records import AgendaItem
from sop.analysis.agenda import MINUTES
from sop.core.format import how_many
from sop.core.present import Cell, Col, Declared
from sop.services.process.agenda import (
    LONGEST_ITEM,
    add_own_item,
    change_item,
    list_agenda,
    make_agenda,
    move_item,
    read_resting,
    take_off,
)
from sop.services.process.meeting import current_meeting, export_minutes, list_minutes
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.downloads import download_button
from sop.ui.kit.panel import panel
from sop.ui.kit.tables import show_table

KINDS = {
    "outside": "outside",
    "exception": "exception",
    "decision": "decision",
    "condition": "condition",
    "own": "put here by hand",
}
AGENDA = Declared[AgendaItem](
    "Agenda",
    (
        Col("Item", "text", lambda item: Cell(item.title, note=item.message, strong=True)),
        Col("Kind", "text", lambda item: KINDS[item.kind]),
        Col("Owner", "text", lambda item: item.owner),
        Col("Minutes", "units", lambda item: item.minutes),
        Col("Outcome", "text", lambda item: item.outcome),
    ),
    "Nothing is on the agenda yet.",
)


def show_agenda(visit: Visit) -> None:
    """The items in their order, and what who leads may do about them."""
    items = list_agenda(visit.room.store, visit.person.id)
    total = sum(item.minutes for item in items)
    note = (
        f"{how_many(total, 'minutes')}; the outside first"
        if items
        else "Made from outside events, exceptions, decisions, conditions"
    )
    with panel("Agenda", note, "agenda"):
        show_table(AGENDA.of(items))
        if resting := read_resting(visit.room.store, visit.person.id):
            st.html(grey_line(f"Not up this cycle, reviewed each quarter: {', '.join(resting)}"))
        with st.container(horizontal=True, vertical_alignment="center"):
            if visit.may("lead_meeting"):
                _edit(visit, items)
            _ways(visit, items)


def make_button(visit: Visit, items: Sequence[AgendaItem]) -> None:
    """The button that puts on the agenda what is not there yet."""
    make = partial(make_agenda, visit.room, visit.person.id)
    label = "Add what is new" if items else "Make the agenda"
    act_button(
        label, make, lambda made: f"{how_many(len(made), 'items', 'are')} on the agenda.", key="make_agenda"
    )


def _edit(visit: Visit, items: tuple[AgendaItem, ...]) -> None:
    make_button(visit, items)
    with ask("add_item", popover="Add an item", clear=True) as form:
        form.field(st.text_input, "title", "Title")
        form.field(st.text_input, "message", "Message")
        form.field(st.number_input, "minutes", "Minutes", 1, LONGEST_ITEM, MINUTES["own"])
        form.button("Add", visit.call(add_own_item), "It is on the agenda.", type="primary")
    if items:
        with st.popover("Edit an item"):
            _edit_one(visit, {item.id: item for item in items})


def _edit_one(visit: Visit, items: dict[int, AgendaItem]) -> None:
    chosen = st.selectbox("Item", list(items), format_func=lambda key: items[key].title, key="item_to_edit")
    item = items[chosen]
    with ask(f"item_{item.id}_{item.version}") as form:
        form.field(st.text_input, "title", "Title", item.title)
        form.field(st.text_area, "message", "Message", item.message, height=80)
        form.field(st.number_input, "minutes", "Minutes", 1, LONGEST_ITEM, item.minutes)
        act = visit.call(change_item, item.id, expected_version=item.version)
        form.button("Save", act, "The item is changed.", type="primary")
    with st.container(horizontal=True):
        for label, up in (("Up", True), ("Down", False)):
            act_button(label, visit.call(move_item, item.id, up), key=f"item_{label}", type="tertiary")
        act_button("Take it off", visit.call(take_off, item.id), "It is off the agenda.", type="tertiary")


def _ways(visit: Visit, items: tuple[AgendaItem, ...]) -> None:
    """Into the meeting, and to its minutes once it has ended."""
    store, person, cycle = visit.room.store, visit.person.id, visit.cycle.first_open
    found = current_meeting(store, person)
    on = found is not None and found.is_on
    if items or on:
        st.page_link(
            "pages/meeting.py",
            label="Join the meeting" if on else "Open the meeting",
            icon=":material/present_to_all:",
        )
    if visit.may("export") and list_minutes(store, person, cycle):
        download_button(
            "Minutes (txt)", visit.call(export_minutes, cycle), f"minutes-{cycle}.txt", "text/plain",
            key="download_minutes", icon=":material/download:",
        )  # fmt: skip
