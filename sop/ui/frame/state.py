"""What a browser session knows: the shared planning room, and what came of the last button.

Session state is never the record: it holds choices of view; who somebody is, and all else, is in the database.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sop.services.analysis.review_ahead import AHEAD
from sop.services.company.workspace import open_workspace, workspace_folder
from sop.services.faults import explain
from sop.services.planning.forecasting import KeptForecasts
from sop.services.planning.room import PlanningRoom
from sop.ui.frame.text import literal

REFUSAL, DONE, TOLD = "refusal", "done", "told"


def planning_room() -> PlanningRoom:
    """The planning room of this process's workspace, shared by all sessions."""
    return _room(str(workspace_folder()), os.environ.get("SOP_DATABASE_URL"))


@st.cache_resource(show_spinner="Opening the workspace")
def _room(folder: str, url: str | None) -> PlanningRoom:
    store = open_workspace(folder)
    return AHEAD.serve(PlanningRoom(store, KeptForecasts(store)))


def forget_widgets() -> None:
    """Have the session forget the widgets that are gone, before a page draws its own.

    Streamlit keeps what calls a widget back, and with it the plan that was shown, as long as the session; and a
    slider is another widget whenever anything else moved its value.
    """
    run = get_script_run_ctx()
    if run is not None:
        with run.session_state._lock:
            state = run.session_state._state
            drawn = state._new_widget_state
            for gone in drawn.widget_metadata.keys() - drawn.states.keys() - state._old_state.keys():
                del drawn.widget_metadata[gone]


def attempt(act: Callable[[], Any], done: str | Callable[[Any], str] = "") -> bool:
    """Act on behalf of a button; whether it was done. What came of it is told by `show_outcome`."""
    try:
        result = act()
    except Exception as error:  # noqa: BLE001 - the last boundary of a button
        st.session_state[REFUSAL] = explain(error, "this").sentence
        return False
    said = done(result) if callable(done) else done
    if said:
        st.session_state[DONE] = said
    return True


@contextmanager
def no_traceback(doing: str = "showing this page") -> Iterator[None]:
    """The last boundary of what is drawn: a refusal or a fault is one sentence in its place."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the last boundary of a page
        st.error(literal(explain(error, doing).sentence), icon=":material/block:")


def tell(sentence: str) -> None:
    """Have the next page that is drawn tell something that stays until it is read, as a refusal does."""
    st.session_state[TOLD] = sentence


def tell_on_page() -> None:
    """Run the whole page again after a button of a fragment, so that the page tells what came of it."""
    if REFUSAL in st.session_state or DONE in st.session_state:
        st.rerun()


def show_outcome() -> None:
    """Tell once what came of the last button: a refusal as one sentence, else a short note."""
    refusal, done = st.session_state.pop(REFUSAL, None), st.session_state.pop(DONE, None)
    told = st.session_state.pop(TOLD, None)
    # The place is kept where nothing is refused: what comes and goes above a page would scroll it.
    place = st.empty()
    if told:
        st.info(literal(told), icon=":material/info:")
    if refusal:
        # Whoever pressed a button far down the page sees why nothing came of it: the style keeps it in sight.
        with place.container(key="refused"):
            st.error(literal(refusal), icon=":material/block:")
    elif done:
        st.toast(literal(done), icon=":material/check:")
