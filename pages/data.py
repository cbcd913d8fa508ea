"""Data: what is loaded, how fresh and complete it is, what each missing table would unlock; import and undo."""

import streamlit as st

from sop.core.calendar import period_short
from sop.core.terms import Role
from sop.services.data.exports import export_inputs
from sop.services.data.imports import read_data_state
from sop.ui.frame.page import page, refusals
from sop.ui.kit.cards import grey_line
from sop.ui.kit.downloads import download_button
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.accounts import show_accounts
from sop.ui.panels.process.data import show_findings
from sop.ui.panels.process.demo_month import show_demo_month
from sop.ui.panels.process.effort import show_effort
from sop.ui.panels.process.first_plan import show_first_plan
from sop.ui.panels.process.importing import show_import, show_undo
from sop.ui.panels.process.sources import show_sources
from sop.views.loaded_tables import LOADED, NOT_LOADED, data_message

with page("Data", choose=False, uploads=True) as visit:
    state = read_data_state(visit.room.store, visit.person.id)
    visit.message(data_message(state))

    show_first_plan(visit, state)
    with st.container(border=True, key="card_import"):
        st.header("Import", anchor=False)
        if visit.may("import_data"):
            st.html(grey_line("All of a file or nothing · checked before it counts · every import can be undone"))
            with refusals():
                show_import(visit, state)
            show_undo(visit, state)
        else:
            st.caption(f"The {Role.COORDINATOR.title.lower()} imports data; you see all of it.")

    with refusals():
        show_sources(visit)
    show_demo_month(visit)
    if state.loaded:
        with st.container(border=True, key="card_loaded"):
            st.header("What is loaded", anchor=False)
            st.html(grey_line(f"Actuals are up to date when they reach {period_short(state.last_closed)}"))
            show_table(LOADED.of(state.loaded))
            if visit.may("export"):
                download_button(
                    "Download the tables to work on (xlsx)",
                    visit.call(export_inputs),
                    f"inputs-{visit.cycle.first_open}.xlsx",
                    "application/octet-stream",
                    key="download_inputs",
                    icon=":material/download:",
                )
            show_findings(state)
    show_effort(visit, state)
    show_accounts(visit)
    if state.missing:
        with st.container(border=True, key="card_missing"):
            st.header("What is missing", anchor=False)
            st.html(grey_line("Each table unlocks what is named next to it; nothing else has to be there"))
            show_table(NOT_LOADED.of(state.missing))
