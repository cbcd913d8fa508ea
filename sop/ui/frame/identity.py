"""Who uses this browser: the session that the guard found for the page's connection, asked anew at every run.

Nothing about a person is kept in session state: whoever gets hold of a Streamlit session gets nobody's identity.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sop.services.access.sessions import choose_persona, find_session
from sop.services.access.uploads import offer_upload
from sop.store import Store
from sop.store.sign_in import Session

HEADER = "x-accord-session"


def session_key() -> str:
    """The key of the session that this connection was opened with; empty where there is none.

    The header is the guard's own: it strips what comes from outside.
    """
    return str(st.context.headers.get(HEADER) or "")


def current_session(store: Store) -> Session | None:
    """The session as it holds now; None where it has ended or there is none."""
    return find_session(store, session_key())


def allow_uploads(allowed: bool) -> None:
    """Let this browser upload to the page that is being drawn, or let nobody."""
    context = get_script_run_ctx()
    if context is not None:
        offer_upload(context.session_id, session_key() if allowed else "")


def act_as(store: Store, person_id: str) -> None:
    """In a demo: use this browser as somebody else."""
    choose_persona(store, session_key(), person_id)
