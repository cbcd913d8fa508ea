"""The way to the first plan: the two tables that it needs, one after the other, and then the plan itself."""

from __future__ import annotations

import streamlit as st

from sop.core.calendar import worded
from sop.core.format import how_many, number
from sop.core.tables import MINIMUM
from sop.services.agreement.frozen_plans import list_plans
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.views.loaded_tables import DataState, LoadedTable

DONE, NEXT, LATER = ":material/check_circle:", ":material/arrow_circle_right:", ":material/radio_button_unchecked:"


def next_needed(state: DataState, but: str = "") -> str | None:
    """The next table without which there is no plan; None where all `but` one are loaded."""
    wanting = {each.state.table for each in state.missing if each.state.needed} - {but}
    return next((name for name in MINIMUM if name in wanting), None)


def show_first_plan(visit: Visit, state: DataState) -> None:
    """Three steps, until a plan has been proposed."""
    if visit.call(list_plans)():
        return
    coming = next_needed(state)
    tables = {each.state.table: each for each in state.tables}
    with st.container(border=True, key="card_first_plan"):
        st.header("To the first plan", anchor=False)
        with st.grid(3, min_column_width=240):
            for step, name in enumerate(MINIMUM, 1):
                _show_step(step, tables[name], is_next=name == coming)
            with st.container(gap=None):
                st.markdown(f"{LATER if coming else NEXT} **3 · The plan**")
                if coming:
                    st.html(grey_line("Made as soon as both tables are in"))
                else:
                    st.page_link(
                        "pages/executive_review.py", label="Open the first plan", icon=":material/insights:"
                    )
        if coming:
            st.html(grey_line("Choose the table below, drop a file as it is, answer what it leaves open, import."))


def _show_step(step: int, table: LoadedTable, *, is_next: bool) -> None:
    loaded = table.state.loaded
    with st.container(gap=None):
        st.markdown(f"{DONE if loaded else NEXT if is_next else LATER} **{step} · {table.state.table}**")
        rows = how_many(number(table.state.rows), "rows") if loaded else worded(table.state.meaning)
        st.html(grey_line(rows))
