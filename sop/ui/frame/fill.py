"""From a page that lacks something to what would fill it: links to the Data page with the table chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from sop.core.words import table_title
from sop.ui.frame.text import literal

TABLE, _ASKED = "table", "data_asked"
"""The address's word for the table to import, and the session's for the one that it asked for last."""


def show_fill_links(tables: Sequence[str]) -> None:
    """A link for each table that would fill the page; to the Data page as it stands where none is named."""
    st.session_state.pop(_ASKED, None)
    with st.container(horizontal=True):
        for name in tables:
            st.page_link(
                "pages/data.py",
                label=literal(f"Import {table_title(name)}"),
                icon=":material/upload_file:",
                query_params={TABLE: name},
                width="content",
            )
        if not tables:
            st.page_link("pages/data.py", label="Open the Data page", icon=":material/database:", width="content")


def table_asked_for(names: Collection[str]) -> str | None:
    """The table that a link has asked for; None where none has, and once it has been told."""
    asked = st.query_params.get(TABLE)
    if asked not in names or asked == st.session_state.get(_ASKED):
        return None
    st.session_state[_ASKED] = asked
    return asked
