"""Parts of a page that run alone: only for whom the page was drawn, which is asked of the database once each run.

The guard in front ends the page of a session that ended; this holds also where somebody became somebody else in
another window, or while a run was on its way. Whatever fails alone is told by the whole page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from sop.services.access.sessions import person_of
from sop.store.settings import Person
from sop.ui.frame.identity import current_session
from sop.ui.frame.state import no_traceback, planning_room

Args = ParamSpec("Args")
_FOR, _ASKED = "drawn_for", "asked_in_run"


def drawn_for(person: Person) -> None:
    """Note whom the page is drawn for: compared only, never believed."""
    st.session_state[_FOR] = person


def fragment(
    *, key: str | None = None, run_every: float | None = None
) -> Callable[[Callable[Args, None]], Callable[Args, None]]:
    """Like `st.fragment`, held to whom the page was drawn for."""

    def decorate(draw: Callable[Args, None]) -> Callable[Args, None]:
        return st.fragment(held(draw), key=key, run_every=run_every)

    return decorate


def held(draw: Callable[Args, None]) -> Callable[Args, None]:
    """What draws a fragment or dialog; where it may not, or fails alone, the whole page runs and tells why."""

    @wraps(draw)
    def drawn(*args: Args.args, **options: Args.kwargs) -> None:
        if not _runs_alone():
            with no_traceback():
                draw(*args, **options)
            return
        try:
            theirs = _is_theirs()
            if theirs:
                draw(*args, **options)
        except Exception:  # noqa: BLE001 - whatever is wrong is told by the page
            theirs = False
        if not theirs:
            st.rerun()

    return drawn


def drawn_ahead(draw: Callable[[], None]) -> bool:
    """Whether what a callback shows, ahead of the run that it asks for, was drawn: into places on screen, for whom
    the page was drawn. What it draws is `of_no_fragment`.
    """
    try:
        theirs = _is_theirs()
        if theirs:
            draw()
    except Exception:  # noqa: BLE001 - the run that the callback asks for tells what is wrong
        return False
    return theirs


@contextmanager
def of_no_fragment() -> Iterator[None]:
    """Draw what is drawn here, now by a run and now by a callback, as part of no fragment.

    What a fragment that runs again drew before, Streamlit does not send any more, or takes off the screen; and a
    chart that another fragment drew a browser builds anew.
    """
    with ThreadState.scoped(fragment_id=None):
        yield


def _runs_alone() -> bool:
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def _is_theirs() -> bool:
    """Whether the session still is that of the person, with the role, whom the page was drawn for.

    Parts that run together are asked for once.
    """
    run = get_script_run_ctx()
    if run is not None and st.session_state.get(_ASKED) is run:
        return True
    store = planning_room().store
    session = current_session(store)
    person = person_of(store, session.person) if session else None
    theirs = person is not None and person == st.session_state.get(_FOR)
    st.session_state[_ASKED] = run if theirs else None
    return theirs
