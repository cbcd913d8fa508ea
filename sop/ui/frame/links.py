"""What is looked at stands in the address bar, so that a reload, a link and the way back show it again.

A choice lives in session state under its key; the address carries it by a short name, and only where it is not the
usual one. What an address asks for counts only if it is among what this person may choose. The component that
follows live writes the address in place: `st.query_params` would add a step to the way back.
"""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

_ADDRESS = "address"


def from_address(key: str, name: str, options: Collection[str]) -> None:
    """Before a choice is drawn: begin with what the address asks for, where nothing has been chosen yet.

    What stands is said again: a value that an address chose is forgotten by its widget on the next page otherwise.
    """
    standing = st.session_state.get(key)
    wanted = st.query_params.get(name) if standing is None else standing
    if wanted in options:
        st.session_state[key] = wanted


def to_address(key: str, name: str, usual: str) -> None:
    """After it is drawn: note for the address what is chosen; the page's end puts it there."""
    chosen = st.session_state.get(key)
    if chosen not in (None, usual):
        st.session_state[_ADDRESS][name] = str(chosen)


def begin_address() -> None:
    """A page begins: nothing of it has been chosen yet."""
    st.session_state[_ADDRESS] = {}


def address() -> dict[str, str]:
    """What the address of this page is to say."""
    return dict(st.session_state[_ADDRESS])
