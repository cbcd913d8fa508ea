"""What of a page is drawn again when something moved: its table against what pages read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import event
from sqlmodel import Session as Database
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from sop.services.access.sessions import person_of
from sop.services.process.comments import say
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.services.scenarios.live_changes import (
    COMMENTS,
    DECISIONS,
    KINDS,
    MEETING,
    STEP,
    TASKS,
    only_edited,
    read_moment,
)
from sop.store import Store
from sop.store.cycles import Cycle
from sop.store.process_rows import AgendaRow, CommentRow, MeetingRow, TaskRow
from sop.store.schema import DecidedRow, MinutesRow, table_of
from sop.store.sign_in import Session
from sop.ui.frame import following, fragments
from sop.ui.frame.following import ANY, BODIES, note_moment, seen_version
from tests.companies import FIRST_OPEN
from tests.pages.screens import open_page
from tests.pages.workspaces import room_of

ROWS = {
    COMMENTS: (CommentRow,),
    TASKS: (TaskRow,),
    DECISIONS: (DecidedRow,),
    MEETING: (AgendaRow, MeetingRow, MinutesRow),
}
"""The tables in which a kind of thing is kept; the step is a column of a table that every page reads."""
KIND_OF = {table_of(row).name: kind for kind, rows in ROWS.items() for row in rows}
TITLES = {
    path.stem: found[1]
    for path in sorted((Path(__file__).parents[2] / "pages").glob("*.py"))
    if (found := re.search(r'with page\(\s*"([^"]+)"', path.read_text("utf-8")))
}


def in_part(kind: str) -> bool:
    """Whether what runs now was called by a part of a page that is drawn when that kind of thing moves."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == following.__file__:
            if frame.f_code.co_name == "follow":
                return True
            if frame.f_code.co_name == "noted":
                return frame.f_locals["kind"] in (kind, ANY)
        frame = frame.f_back
    return False


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The kinds of things that pages have read since, but in the parts that say they show them."""
    found: set[str] = set()

    def note(state: object) -> None:
        names = {mapper.local_table.name for mapper in state.all_mappers}  # type: ignore[attr-defined]
        found.update(kind for name in names & KIND_OF.keys() if not in_part(kind := KIND_OF[name]))

    def step_of(cycle: Cycle) -> str:
        if not in_part(STEP):
            found.add(STEP)
        return str(vars(cycle)["step"])

    event.listen(Database, "do_orm_execute", note)
    monkeypatch.setattr(
        Cycle, "step", property(step_of, lambda cycle, step: vars(cycle).update(step=step)), raising=False
    )
    yield found
    event.remove(Database, "do_orm_execute", note)


@pytest.mark.parametrize("name", TITLES)
def test_a_page_whose_body_reads_what_moved_is_drawn_again(name: str, in_small: Path, read: set[str]) -> None:
    for person in ("executive", "coordinator", "head_of_sales"):
        app = open_page(name, person)
        assert not app.exception
    missing = {kind for kind in read if TITLES[name] not in BODIES[kind]}
    assert not missing, f"{TITLES[name]} shows {sorted(missing)} and would stand still when one moves"


def test_every_kind_and_page_is_known() -> None:
    assert all("Settings" in titles for titles in BODIES.values()), "it lists the audit trail"
    assert set(KINDS.values()) == set(BODIES)
    assert {title for titles in BODIES.values() for title in titles} <= set(TITLES.values())


def test_what_counts_as_seen_is_what_was_drawn(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is cut short before its parts are drawn leaves them to be asked for again."""
    room = room_of(workspace)
    state: dict[str, Any] = {"seen_theme": "light", following._PARTS: {"comments__popover": COMMENTS}}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(following, "current_theme", lambda: "light")
    with room.store.read() as tx:
        note_moment(tx, FIRST_OPEN)
    before = seen_version()
    say(room.store, "head_of_sales", "plan", "sales", "Is spring in?")
    for _ in range(2):
        assert following._to_draw(room.store, FIRST_OPEN, "viewer", "Sales") == ["comments__popover"]
    assert seen_version() == before + 1
    assert following._to_draw(room.store, FIRST_OPEN, "viewer", "Sales") == []
    room.store.close()


def move_demand(store: Store, who: str, share: float) -> None:
    change_assumption(store, who, working_scenario(store, who).id, "demand_pct", share)


@pytest.mark.parametrize(
    ("act", "alone"),
    [
        (lambda room, who: move_demand(room.store, who, 0.05), True),
        (lambda room, who: say(room.store, who, "plan", "sales", "Mine, in another window"), False),
        (lambda room, who: say(room.store, "viewer", "plan", "sales", "Somebody's"), False),
    ],
)  # fmt: skip
def test_a_fragment_takes_for_shown_only_ones_own_edits(workspace: Path, act: Any, alone: bool) -> None:
    room = room_of(workspace)
    before = read_moment(room.store, FIRST_OPEN)
    act(room, "head_of_sales")
    now = read_moment(room.store, FIRST_OPEN)
    assert now != before and only_edited(room.store, "head_of_sales", before, now) is alone
    room.store.close()


def test_more_than_is_looked_at_is_never_taken_for_ones_own(workspace: Path) -> None:
    room = room_of(workspace)
    before = read_moment(room.store, FIRST_OPEN)
    say(room.store, "head_of_supply", "plan", "sales", "Before all these edits")
    for at in range(50):
        move_demand(room.store, "head_of_sales", 0.01 if at % 2 else 0.02)
    assert not only_edited(room.store, "head_of_sales", before, read_moment(room.store, FIRST_OPEN))
    room.store.close()


def test_every_fragment_and_dialog_asks_for_whom_it_runs() -> None:
    root = Path(__file__).parents[2]
    for file in (*(root / "sop").rglob("*.py"), *(root / "pages").glob("*.py"), root / "screens.py"):
        text = file.read_text("utf-8")
        assert "st.fragment(" not in text or file.name == "fragments.py", f"{file.name}: take frame/fragments.py"
        assert len(re.findall(r"@st\.dialog", text)) == len(re.findall(r"@st\.dialog\(.*\)\n@held", text)), (
            file.name
        )


@pytest.mark.parametrize("person", [None, "viewer", "head_of_sales"])
def test_a_fragment_runs_alone_only_for_whom_the_page_was_drawn(
    workspace: Path, person: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, drawn = room_of(workspace), []
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(fragments, "_runs_alone", lambda: True)
    found = None if person is None else Session("", person, "password", "", "", None)
    monkeypatch.setattr(fragments, "current_session", lambda _: found)
    now = person_of(room.store, "head_of_sales")
    assert now is not None
    fragments.drawn_for(now)
    again: list[bool] = []
    monkeypatch.setattr(st, "rerun", lambda: again.append(True))
    fragments.held(lambda: drawn.append(person))()
    assert (drawn, again) == ((["head_of_sales"], []) if person == "head_of_sales" else ([], [True]))
    # A role that was taken away ends it, too, and what fails is told by the page.
    fragments.drawn_for(replace(now, role="executive"))
    fragments.held(lambda: drawn.append("no more"))()
    fragments.drawn_for(now)
    fragments.held(lambda: [][0])()
    assert "no more" not in drawn and again[-1]
    room.store.close()


@pytest.mark.parametrize("person", [None, "viewer", "head_of_sales"])
def test_a_callback_draws_ahead_as_part_of_no_fragment_only_for_whom_the_page_was_drawn(
    workspace: Path, person: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_of(workspace)
    monkeypatch.setattr(st, "session_state", {})
    found = None if person is None else Session("", person, "password", "", "", None)
    monkeypatch.setattr(fragments, "current_session", lambda _: found)
    now = person_of(room.store, "head_of_sales")
    assert now is not None
    fragments.drawn_for(now)
    owners: list[str | None] = []

    def draw() -> None:
        with fragments.of_no_fragment():
            owners.append(ThreadState.get().fragment_id)

    def fail() -> None:
        raise OSError

    def moved() -> tuple[bool, bool, str | None]:
        ThreadState.initialize(fragment_id="lever")
        drawn = fragments.drawn_ahead(draw)
        return drawn, fragments.drawn_ahead(fail), ThreadState.get().fragment_id

    theirs = person == "head_of_sales"
    assert copy_context().run(moved) == (theirs, False, "lever"), "what fails is told by the run that follows"
    assert owners == ([None] if theirs else [])
    room.store.close()


def test_parts_that_run_together_are_asked_for_once_and_each_run_anew(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, asked, run = room_of(workspace), list[object](), [SimpleNamespace(), SimpleNamespace()]
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(fragments, "_runs_alone", lambda: True)
    monkeypatch.setattr(st, "rerun", lambda: None)
    found = Session("", "head_of_sales", "password", "", "", None)
    person = person_of(room.store, "head_of_sales")
    assert person is not None
    fragments.drawn_for(person)
    for now, session, expected in (
        (run[0], found, 1),
        (run[0], found, 1),
        (run[1], None, 2),
        (run[1], found, 3),
    ):
        monkeypatch.setattr(fragments, "get_script_run_ctx", lambda now=now: now)
        monkeypatch.setattr(fragments, "current_session", lambda _, session=session: asked.append(1) or session)
        fragments.held(lambda: None)()
        assert len(asked) == expected, "a refusal is never kept"
    room.store.close()
