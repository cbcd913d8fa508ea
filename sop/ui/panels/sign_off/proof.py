"""Proving again who one is, before a signature: by password, or where the company signs in; a persona cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from sop.services.access.mode import METHODS, Access
from sop.services.access.passwords import LONGEST, confirm_password
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import Form

_WORDS = {
    METHODS[Access.DEMO]: (
        "Demo mode: whoever sits at this machine chose the persona, and each signature says so "
        "(authentication “demo persona”)."
    ),
    METHODS[Access.LOCAL]: "Your password proves that it is you who signs.",
}
_ELSEWHERE = "It counts for five minutes after you confirmed who you are."


def ask_for_proof(visit: Visit, form: Form) -> None:
    """What a signature needs beside its words: a password, or a link to where one signs in."""
    if visit.session.method == METHODS[Access.LOCAL]:
        form.field(st.text_input, "password", "Your password", type="password", max_chars=LONGEST)
    elif visit.session.method != METHODS[Access.DEMO]:
        st.html('<a href="/sign-in/confirm?next=/sign_off" target="_self">Confirm who you are</a>')


def proof_words(visit: Visit) -> str:
    """How a signature knows its signer, in a sentence."""
    return _WORDS.get(visit.session.method, _ELSEWHERE)


def with_proof(visit: Visit, act: Callable[..., Any], *place: Any, password: str = "", **said: Any) -> Any:
    """Prove by a password where one was asked for, then act under the session."""
    store, session = visit.room.store, visit.session
    if session.method == METHODS[Access.LOCAL]:
        for key in [key for key in st.session_state if str(key).endswith("_password")]:
            st.session_state[key] = ""  # no password outlives its use
        confirm_password(store, session.key, password)
    return act(store, visit.person.id, *place, session=session.key, **said)
