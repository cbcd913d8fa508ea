"""Who looks, in tests of screens without a browser: these have no connection that a session could come with.

`app.session_state["person"]` names the persona; everything behind it (guard, roles, services) is as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import streamlit as st

from sop.services.access.mode import DEMO_PERSONA
from sop.store import Store
from sop.store.sign_in import Session


@contextmanager
def personas_in_session_state() -> Iterator[None]:
    """As long as it lasts, the session of a page is what its test put into session state."""
    with (
        patch("sop.ui.frame.page.current_session", _session),
        patch("sop.ui.frame.page.act_as", _act_as),
    ):
        yield


def _session(_: Store) -> Session:
    return Session("", st.session_state.get("person"), DEMO_PERSONA, "", "", None)


def _act_as(_: Store, person_id: str) -> None:
    st.session_state["person"] = person_id
