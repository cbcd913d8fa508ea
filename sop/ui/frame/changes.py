"""Who changed what, in the context row of every page: a list that stays, with a way to undo one's own changes."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from sop.core.format import moment_text
from sop.services.scenarios.own_changes import list_changes, undo_change
from sop.store import Store
from sop.ui.frame.following import ANY, part
from sop.ui.frame.state import attempt


@part(ANY)
def show_changes(store: Store, person_id: str, *, may_undo: bool) -> None:
    """A popover with the newest changes; read when it is opened."""
    with st.popover(
        "Changes", key="changes", icon=":material/history:", on_change="rerun", type="tertiary"
    ) as box:
        if not box.open:
            return
        found = list_changes(store, person_id)
        if not found:
            st.html("<p class=sop-grey>Nobody has changed anything yet.</p>")
        for at, change in enumerate(found):
            # Focus inside the popover lets arrow keys scroll it where no change can be undone.
            stop = "" if at else " tabindex=0"
            reason = f"“{escape(change.reason)}” · " if change.reason else ""
            when = moment_text(change.at)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.html(f"<p{stop} style='margin:0'>{escape(change.text)}</p><p class=sop-grey>{reason}{when}</p>")
                if change.undoable and may_undo:
                    undo = partial(_undo, store, person_id, change.entry)
                    st.button("Undo", key=f"undo_{change.entry}", type="tertiary", on_click=undo)


def _undo(store: Store, person_id: str, entry: int) -> None:
    attempt(partial(undo_change, store, person_id, entry), lambda label: f"{label} is as it was before.")
    # The page tells what came of it.
    st.rerun()
