"""The tables of how a cycle is run: tasks, comments, agenda, delegations, submissions, meetings, minutes."""

from typing import Any

from sqlalchemy import Index

from sop.store.schema import NumberedRow, _json, _text


class TaskRow(NumberedRow, table=True):
    """What somebody is to do until when; `version` detects concurrent edits."""

    __tablename__ = "tasks"
    __table_args__ = (Index(None, "state"),)
    cycle: str = _text(foreign_key="cycles.first_open")
    title: str = _text()
    owner: str = _text(foreign_key="people.id")
    due: str = _text()
    state: str = _text(default="open")
    kind: str = _text(default="task")
    about: str = _text(default="")
    note: str = _text(default="")
    by: str = _text()
    at: str = _text()
    changed_by: str = _text()
    changed_at: str = _text()
    version: int = 1


class CommentRow(NumberedRow, table=True):
    """What somebody said about a thing; `thread` is the comment that it answers."""

    __tablename__ = "comments"
    __table_args__ = (Index(None, "cycle"),)
    cycle: str = _text(foreign_key="cycles.first_open")
    about: str = _text()
    thread: int | None = None
    comment: str = _text()
    mentions: Any = _json()
    by: str = _text()
    at: str = _text()
    resolved_by: str | None = _text(default=None)
    resolved_at: str | None = _text(default=None)


class AgendaRow(NumberedRow, table=True):
    """One item of a cycle's meeting."""

    __tablename__ = "agenda_items"
    __table_args__ = (Index(None, "cycle"),)
    cycle: str = _text(foreign_key="cycles.first_open")
    position: int
    kind: str = _text()
    ref: str = _text(default="")
    title: str = _text()
    message: str = _text(default="")
    owner: str = _text(default="")
    minutes: int
    outcome: str = _text(default="")
    version: int = 1


class DelegationRow(NumberedRow, table=True):
    """Whom a head lets enter overrides, for what; it holds until it is ended."""

    __tablename__ = "delegations"
    person: str = _text(foreign_key="people.id")
    function: str = _text()
    family: str = _text(default="")
    region: str = _text(default="")
    by: str = _text()
    at: str = _text()
    ended_at: str | None = _text(default=None)


class SubmissionRow(NumberedRow, table=True):
    """Who said in which step that their part is done."""

    __tablename__ = "submissions"
    __table_args__ = (Index(None, "cycle"),)
    cycle: str = _text(foreign_key="cycles.first_open")
    step: str = _text()
    function: str = _text()
    person: str = _text(foreign_key="people.id")
    whole: bool
    note: str = _text(default="")
    at: str = _text()
    withdrawn_at: str | None = _text(default=None)


class MeetingRow(NumberedRow, table=True):
    """A cycle's meeting: where it is, and who has been there."""

    __tablename__ = "meetings"
    __table_args__ = (Index(None, "cycle"),)
    cycle: str = _text(foreign_key="cycles.first_open")
    item: int | None = None
    item_since: str = _text()
    led_by: str = _text()
    started_at: str = _text()
    ended_at: str | None = _text(default=None)
    present: Any = _json()
    version: int = 1
