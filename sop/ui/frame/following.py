"""What of a page is drawn again when something moved: nothing, the parts that show it, or the whole page.

An act that moves one kind of thing alone, such as a comment, draws the parts that say they show that kind, and the
pages whose body shows it. Anything else draws every page. `tests/pages/test_following.py` holds the table to what
pages read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from sop.services.scenarios.live_changes import (
    COMMENTS,
    DECISIONS,
    MEETING,
    STEP,
    TASKS,
    Moment,
    changes_since,
    kinds_moved,
    moment_of,
    only_edited,
    read_moment,
)
from sop.store import Store, Transaction
from sop.ui.charts import current_theme
from sop.ui.frame.fragments import fragment
from sop.ui.frame.text import literal

Args = ParamSpec("Args")

_GATE = {"Cycle", "Meeting", "Executive review", "Sign-off", "Settings"}
BODIES = {
    COMMENTS: frozenset({"Settings"}),
    TASKS: frozenset(_GATE),
    STEP: frozenset(_GATE),
    DECISIONS: frozenset({*_GATE, "Decisions"}),
    MEETING: frozenset(_GATE),
}
"""The pages that show a kind of thing elsewhere than in parts; Settings lists every act."""
FOLLOWING, ANY = "following", "any"
_SEEN, _DRAWN, _THEME = "seen", "seen_once_drawn", "seen_theme"
_TOLD, _PARTS, _HURRY = "changes_to_tell", "parts", "following_hurry"


def part(kind: str) -> Callable[[Callable[Args, None]], Callable[Args, None]]:
    """A part of a page that shows a kind of thing, or `ANY`, and is drawn again alone when such a thing moved."""

    def decorate(draw: Callable[Args, None]) -> Callable[Args, None]:
        key = f"{kind}_{draw.__name__}"
        drawn = fragment(key=key)(draw)

        @wraps(draw)
        def noted(*args: Args.args, **options: Args.kwargs) -> None:
            st.session_state[_PARTS][key] = kind
            drawn(*args, **options)

        return noted

    return decorate


def note_moment(tx: Transaction, cycle: str) -> None:
    """Note what the page that is about to be drawn shows: call it where the first of it is read."""
    st.session_state[_SEEN] = moment_of(tx, cycle)
    st.session_state.pop(_DRAWN, None)


def begin_page() -> bool:
    """Begin what follows, and tell what brought the page here; whether it only follows what moved."""
    tell_changes()
    st.session_state[_PARTS] = {}
    st.session_state[_THEME] = current_theme()
    return bool(st.session_state.pop(_HURRY, False))


def tell_changes() -> None:
    """Tell what others changed, once."""
    for change in st.session_state.pop(_TOLD, ()):
        st.toast(literal(change), icon=":material/sync:")


def note_own_change(store: Store, cycle: str, person_id: str) -> None:
    """For a fragment that shows edits of assumptions: the page need not run again after one's own alone."""
    seen: Moment = st.session_state[_SEEN]
    now = read_moment(store, cycle)
    if now != seen and only_edited(store, person_id, seen, now):
        st.session_state[_SEEN] = now


def seen_version() -> int:
    """The version that the page shows, once the parts that had moved are drawn: call it after them."""
    st.session_state[_SEEN] = st.session_state.pop(_DRAWN, st.session_state[_SEEN])
    seen: Moment = st.session_state[_SEEN]
    return seen.version


def follow(store: Store, cycle: str, person_id: str, title: str) -> None:
    """Something moved: draw again what shows it. For a callback, which says what runs after it."""
    try:
        keys = _to_draw(store, cycle, person_id, title)
    except Exception:  # noqa: BLE001 - whatever is wrong is told by the page
        keys = None
    if keys is None:
        st.session_state[_HURRY] = True
        st.rerun()
    # What tells the browser that the page follows comes last: by then all of it is there.
    st.rerun([*keys, FOLLOWING])


def _to_draw(store: Store, cycle: str, person_id: str, title: str) -> list[str] | None:
    """The keys of the parts; None for the whole page."""
    seen: Moment = st.session_state[_SEEN]
    now = read_moment(store, cycle)
    kinds = kinds_moved(store, seen, now) if now != seen else frozenset[str]()
    st.session_state[_TOLD] = changes_since(store, person_id, seen.entry)
    if current_theme() != st.session_state[_THEME] or kinds is None or any(title in BODIES[k] for k in kinds):
        return None
    # It counts as seen once the parts are drawn: where that is cut short, they are asked for again.
    st.session_state[_DRAWN] = now
    parts: dict[str, str] = st.session_state[_PARTS]
    return [key for key, kind in parts.items() if kind in kinds or (kind == ANY and kinds)]
