"""What a browser session knows: the shared planning room, and who is using the page.

Session state is never the record: it holds a persona and choices of view, everything else is in the database.
"""

from __future__ import annotations

import os

import streamlit as st

from sop.services.planning import PlanningRoom
from sop.services.workspace import open_workspace, workspace_folder

PERSON = "person"


def planning_room() -> PlanningRoom:
    """The planning room of this process's workspace, shared by all sessions."""
    return _room(str(workspace_folder()), os.environ.get("SOP_DATABASE_URL"))


@st.cache_resource(show_spinner="Opening the workspace")
def _room(folder: str, url: str | None) -> PlanningRoom:
    return PlanningRoom(open_workspace(folder))


def current_person() -> str | None:
    """The id of who uses this session; None when nobody has been chosen."""
    return st.session_state.get(PERSON)


def choose_person(person_id: str | None) -> None:
    """Use the page as somebody (demo mode only; the page guard checks that the mode allows it)."""
    st.session_state[PERSON] = person_id
