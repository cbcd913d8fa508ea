"""What of a page is drawn again when something moved: its table against what pages read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from sqlalchemy import event
from sqlmodel import Session

from sop.services.scenarios.live_changes import COMMENTS, DECISIONS, KINDS, MEETING, STEP, TASKS
from sop.store.cycles import Cycle
from sop.store.process_rows import AgendaRow, CommentRow, MeetingRow, TaskRow
from sop.store.schema import DecidedRow, MinutesRow, table_of
from sop.ui.frame import following
from sop.ui.frame.following import BODIES
from tests.pages.workspaces import open_page

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


def in_part() -> bool:
    """Whether what runs now was called by a part of a page."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == following.__file__ and frame.f_code.co_name in ("noted", "follow"):
            return True
        frame = frame.f_back
    return False


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The kinds of things that bodies of pages have read since."""
    found: set[str] = set()

    def note(state: object) -> None:
        names = {mapper.local_table.name for mapper in state.all_mappers}  # type: ignore[attr-defined]
        if not in_part():
            found.update(KIND_OF[name] for name in names & KIND_OF.keys())

    def step_of(cycle: Cycle) -> str:
        if not in_part():
            found.add(STEP)
        return str(vars(cycle)["step"])

    event.listen(Session, "do_orm_execute", note)
    monkeypatch.setattr(
        Cycle, "step", property(step_of, lambda cycle, step: vars(cycle).update(step=step)), raising=False
    )
    yield found
    event.remove(Session, "do_orm_execute", note)


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
