"""What a page shows that was open before there is any workspace: the way to begin, which the guard leads to."""

from __future__ import annotations

import streamlit as st


def show_first_start() -> None:
    """A link to the start page."""
    st.title("There is no workspace yet", anchor=False)
    st.html('<a href="/start" target="_self">Start here</a>')
