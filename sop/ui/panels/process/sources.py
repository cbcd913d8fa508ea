"""Sources on the Data page: all brought up to date with one button, looked at one by one, added and removed."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from sop.core.tables import TABLES
from sop.intake.refresh import RefreshReport
from sop.intake.sources import MONTH, DataSource, SourceKind
from sop.intake.subject import Mode
from sop.services.data.sources import (
    SourcesState,
    add_source,
    look_at_source,
    preview_refresh,
    read_sources_state,
    refresh_sources,
    remove_source,
)
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.panel import panel
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.importing import FETCHED, MODES
from sop.views.sources_tables import changes_table, sources_table

REPORT = "data_refresh"
"""The session's last refresh or dry run."""


def show_sources(visit: Visit) -> None:
    """The section; for whoever may not import, what there is."""
    state = read_sources_state(visit.room.store, visit.person.id)
    if not state.sources and not visit.may("import_data"):
        return
    note = "All of them or none · each can be undone by its table · folders and connections are the operator's"
    with panel("Sources", note, "sources"):
        show_table(sources_table(state.sources, state.names))
        if visit.may("import_data"):
            if state.sources:
                _refresh_buttons(visit)
            if not (state.folders or state.connections):
                st.caption("The operator of the server has not allowed any folder or connection yet.")
            with st.container(horizontal=True):
                _ask_source(visit, state, "file", state.folders)
                _ask_source(visit, state, "query", state.connections)
                if state.sources:
                    _single(visit, state)


def _refresh_buttons(visit: Visit) -> None:
    """A dry run and the refresh itself; what came of the last one stays until the next."""
    with st.container(horizontal=True):
        if st.button("Bring all up to date", type="primary", key="refresh_all"):
            _run(visit, preview=False)
        if st.button("Show what would change", key="refresh_dry"):
            _run(visit, preview=True)
    report: RefreshReport | None = st.session_state.get(REPORT)
    if report is None:
        return
    (st.info if report.accepted else st.error)(literal(report.message))
    # The sentence above tells the first one.
    for why_not in [outcome.why_not for outcome in report.outcomes if outcome.why_not][1:]:
        st.caption(literal(why_not))
    show_table(changes_table(report))


def _run(visit: Visit, preview: bool) -> None:
    st.session_state.pop(REPORT, None)
    with st.spinner("Reading all sources and checking them"):
        st.session_state[REPORT] = visit.call(preview_refresh if preview else refresh_sources)()
    if not preview:
        # What stands above this section was read before.
        st.rerun()


def _ask_source(visit: Visit, state: SourcesState, kind: SourceKind, places: tuple[str, ...]) -> None:
    """The form for a new source of a kind; nothing where the operator allows no place for it."""
    if not places:
        return

    def add(name: str, table: str, place: str, what: str, mode: Mode, owner: str) -> DataSource:
        return add_source(
            visit.room.store, visit.person.id, DataSource(name, table, kind, place, what, owner, mode)
        )

    people = list(state.names)
    own = people.index(visit.person.id) if visit.person.id in people else 0
    file = kind == "file"
    month = f"* stands for what varies, {MONTH} for the last closed {visit.word}: sales_{MONTH}.csv"
    with ask(f"source_{kind}", popover=f"Add a {kind}", clear=True) as form:
        form.field(st.text_input, "name", "Name")
        form.field(st.selectbox, "table", "Table", [spec.name for spec in TABLES])
        form.field(st.selectbox, "place", "Folder" if file else "Connection", places)
        form.field(st.text_input if file else st.text_area, "what", "File" if file else "One SELECT",
                   help=month if file else "Its columns are read as those of a file.")  # fmt: skip
        form.field(st.selectbox, "mode", "What it brings", get_args(Mode), format_func=MODES.__getitem__)
        form.field(st.selectbox, "owner", "Owner", people, own, format_func=state.names.__getitem__)
        form.button("Add", add, lambda source: f"The source {source.name} is added.")


def _single(visit: Visit, state: SourcesState) -> None:
    with st.popover("One source"):
        name = st.selectbox("Source", [source.name for source in state.sources], key="source_chosen")
        st.caption(
            "Look at it by itself to map its columns and to answer its questions, under Import; both are kept for "
            "every refresh."
        )

        def look() -> None:
            st.session_state[FETCHED] = visit.call(look_at_source, name)()

        act_button("Look at it", look, f"{name} is open under Import.")
        act_button("Remove it", visit.call(remove_source, name), f"The source {name} is removed; its data stay.")
