"""How a cycle is run, as it is kept: tasks, comments, agenda, delegations, submissions, meeting, minutes.

Every change is in the audit chain and wakes the other screens. Who may do what, and what a change means, is
decided by the services and `sop.agreement`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlmodel import col, select

from sop.agreement.process_records import (
    AgendaItem,
    Comment,
    Delegation,
    Meeting,
    MinutesRecord,
    Submission,
    Task,
)
from sop.core.errors import Conflict
from sop.store.audit import add_sealed, audit
from sop.store.cycles import bump_open_cycles
from sop.store.process_rows import AgendaRow, CommentRow, DelegationRow, MeetingRow, SubmissionRow, TaskRow
from sop.store.schema import MinutesRow, NumberedRow
from sop.store.transaction import Transaction, as_record, read_once, require_row

Found = TypeVar("Found")
Kept = TypeVar("Kept", bound=NumberedRow)


# -- tasks


def add_task(
    tx: Transaction,
    cycle: str,
    title: str,
    owner: str,
    due: str,
    *,
    kind: str = "task",
    about: str = "",
    note: str = "",
) -> Task:
    """Give somebody a task in the name of whoever acts."""
    row = TaskRow(
        cycle=cycle, title=title, owner=owner, due=due, kind=kind, about=about, note=note, by=tx.by, at=tx.at,
        changed_by=tx.by, changed_at=tx.at,
    )  # fmt: skip
    _keep(tx, row, "task_given", {"title": title, "owner": owner, "due": due})
    return as_record(Task, row)


@read_once
def read_tasks(tx: Transaction) -> tuple[Task, ...]:
    """Every task of every cycle, the first due first."""
    rows = tx.session.exec(select(TaskRow).order_by(col(TaskRow.due), col(TaskRow.id)))
    return tuple(as_record(Task, row) for row in rows)


def read_task(tx: Transaction, task_id: int) -> Task:
    """One task. Raises NotFound."""
    return as_record(Task, require_row(tx, TaskRow, task_id, f"task {task_id}"))


def save_task(tx: Transaction, task_id: int, expected_version: int, changes: Mapping[str, Any]) -> Task:
    """Change a task's owner, due date, state or note. Raises Conflict where somebody changed it meanwhile."""
    row = require_row(tx, TaskRow, task_id, f"task {task_id}")
    if row.version != expected_version:
        raise Conflict(
            f"{row.changed_by} changed the task '{row.title}' meanwhile ({row.state}, due {row.due})",
            why="two people cannot both be right about it unseen",
            remedy="Look at it as it stands now, then change it",
        )
    was = {name: getattr(row, name) for name in changes}
    row.changed_by, row.changed_at = tx.by, tx.at
    _change(tx, row, "task_changed", {"title": row.title, **changes}, changes, was)
    return as_record(Task, row)


# -- comments


def add_comment(
    tx: Transaction, cycle: str, about: str, comment: str, mentions: Iterable[str], thread: int | None = None
) -> Comment:
    """Keep a comment of whoever acts."""
    row = CommentRow(
        cycle=cycle, about=about, thread=thread, comment=comment, mentions=list(mentions), by=tx.by, at=tx.at
    )
    _keep(tx, row, "comment_added", {"about": about, "comment": comment[:200], "mentions": row.mentions})
    return _comment(row)


@read_once
def read_comments(tx: Transaction, cycle: str | None = None) -> tuple[Comment, ...]:
    """The comments of a cycle, of all where none is named, oldest first."""
    query = select(CommentRow).order_by(col(CommentRow.id))
    if cycle is not None:
        query = query.where(CommentRow.cycle == cycle)
    return tuple(map(_comment, tx.session.exec(query)))


def read_comment(tx: Transaction, comment_id: int) -> Comment:
    """One comment. Raises NotFound."""
    return _comment(require_row(tx, CommentRow, comment_id, f"comment {comment_id}"))


def save_resolved(tx: Transaction, comment_id: int, resolved: bool) -> Comment:
    """Settle a thread, or open it again."""
    row = require_row(tx, CommentRow, comment_id, f"comment {comment_id}")
    changes = {"resolved_by": tx.by if resolved else None, "resolved_at": tx.at if resolved else None}
    action = "comment_resolved" if resolved else "comment_reopened"
    _change(tx, row, action, {"about": row.about}, changes)
    return _comment(row)


def _comment(row: CommentRow) -> Comment:
    return as_record(Comment, row, mentions=tuple(row.mentions))


# -- the agenda


def add_item(
    tx: Transaction, cycle: str, position: int, kind: str, title: str, minutes: int, *,
    ref: str = "", message: str = "", owner: str = "",
) -> AgendaItem:  # fmt: skip
    """Put an item on a cycle's agenda."""
    row = AgendaRow(
        cycle=cycle, position=position, kind=kind, ref=ref, title=title, message=message, owner=owner,
        minutes=minutes,
    )  # fmt: skip
    _keep(tx, row, "agenda_added", {"title": title, "position": position})
    return as_record(AgendaItem, row)


@read_once
def read_items(tx: Transaction, cycle: str) -> tuple[AgendaItem, ...]:
    """A cycle's agenda in its order."""
    query = select(AgendaRow).where(AgendaRow.cycle == cycle).order_by(col(AgendaRow.position), col(AgendaRow.id))
    return tuple(as_record(AgendaItem, row) for row in tx.session.exec(query))


def save_item(
    tx: Transaction, item_id: int, changes: Mapping[str, Any], expected_version: int | None = None
) -> AgendaItem:
    """Change an item. Raises Conflict with what stands where somebody changed it since `expected_version`."""
    row = require_row(tx, AgendaRow, item_id, f"agenda item {item_id}")
    if expected_version is not None and row.version != expected_version:
        raise Conflict(
            f"somebody changed '{row.title}' meanwhile; it says now: “{row.outcome or row.message}”",
            remedy="What you typed still stands in its field: add to what is there, then save again",
        )
    _change(tx, row, "agenda_changed", {"title": row.title, **changes}, changes)
    return as_record(AgendaItem, row)


def remove_item(tx: Transaction, item_id: int) -> None:
    """Take an item off the agenda. Raises NotFound."""
    row = require_row(tx, AgendaRow, item_id, f"agenda item {item_id}")
    audit(tx, "agenda_removed", {"title": row.title, "outcome": row.outcome})
    tx.session.delete(row)
    bump_open_cycles(tx)
    tx.session.flush()


# -- who enters for whom, and who is done


def add_delegation(tx: Transaction, person: str, function: str, family: str, region: str) -> Delegation:
    """Let somebody enter overrides in the name of a function."""
    row = DelegationRow(person=person, function=function, family=family, region=region, by=tx.by, at=tx.at)
    _keep(tx, row, "delegated", {"person": person, "function": function, "family": family, "region": region})
    return as_record(Delegation, row)


@read_once
def read_delegations(tx: Transaction) -> tuple[Delegation, ...]:
    """The delegations that hold."""
    query = select(DelegationRow).where(col(DelegationRow.ended_at).is_(None)).order_by(col(DelegationRow.id))
    return tuple(as_record(Delegation, row) for row in tx.session.exec(query))


def end_delegation(tx: Transaction, delegation_id: int) -> Delegation:
    """End a delegation. Raises NotFound."""
    row = require_row(tx, DelegationRow, delegation_id, f"delegation {delegation_id}")
    _change(tx, row, "delegation_ended", {"person": row.person, "family": row.family, "region": row.region},
            {"ended_at": tx.at})  # fmt: skip
    return as_record(Delegation, row)


def add_submission(
    tx: Transaction, cycle: str, step: str, function: str, *, whole: bool, note: str = ""
) -> Submission:
    """Keep that whoever acts is done with their part of a step."""
    row = SubmissionRow(cycle=cycle, step=step, function=function, person=tx.by, whole=whole, note=note, at=tx.at)
    _keep(tx, row, "submitted", {"cycle": cycle, "step": step, "function": function, "whole": whole})
    return as_record(Submission, row)


@read_once
def read_submissions(tx: Transaction, cycle: str) -> tuple[Submission, ...]:
    """What was submitted in a cycle and not taken back, oldest first."""
    query = (
        select(SubmissionRow)
        .where(SubmissionRow.cycle == cycle, col(SubmissionRow.withdrawn_at).is_(None))
        .order_by(col(SubmissionRow.id))
    )
    return tuple(as_record(Submission, row) for row in tx.session.exec(query))


def withdraw_submission(tx: Transaction, submission_id: int) -> None:
    """Take a submission back; that it was there stays in the audit trail."""
    row = require_row(tx, SubmissionRow, submission_id, f"submission {submission_id}")
    _change(tx, row, "submission_withdrawn", {"step": row.step, "function": row.function}, {"withdrawn_at": tx.at})


# -- the meeting


def add_meeting(tx: Transaction, cycle: str, item: int | None) -> Meeting:
    """Begin a cycle's meeting at an item."""
    row = MeetingRow(cycle=cycle, item=item, item_since=tx.at, led_by=tx.by, started_at=tx.at, present=[tx.by])
    _keep(tx, row, "meeting_began", {"cycle": cycle})
    return _meeting(row)


@read_once
def read_meeting(tx: Transaction, cycle: str) -> Meeting | None:
    """A cycle's meeting, the last where there were several; None before the first."""
    query = select(MeetingRow).where(MeetingRow.cycle == cycle).order_by(col(MeetingRow.id).desc())
    row = tx.session.exec(query).first()
    return None if row is None else _meeting(row)


def save_meeting(tx: Transaction, meeting_id: int, action: str, changes: Mapping[str, Any]) -> Meeting:
    """Move a meeting on, note who is there, or end it. `action`: the audit trail's word for it."""
    row = require_row(tx, MeetingRow, meeting_id, f"meeting {meeting_id}")
    _change(tx, row, action, {"cycle": row.cycle, **changes}, changes)
    return _meeting(row)


def _meeting(row: MeetingRow) -> Meeting:
    return as_record(Meeting, row, present=tuple(row.present))


def add_minutes(tx: Transaction, cycle: str, facts: Mapping[str, Any]) -> MinutesRecord:
    """Keep the minutes of a meeting."""
    row = MinutesRow(cycle=cycle, by=tx.by, at=tx.at, facts=dict(facts))
    add_sealed(tx, row, "minutes_kept", {"cycle": cycle})
    bump_open_cycles(tx)
    return as_record(MinutesRecord, row)


@read_once
def read_minutes(tx: Transaction, cycle: str) -> tuple[MinutesRecord, ...]:
    """The minutes of a cycle's meetings, oldest first."""
    query = select(MinutesRow).where(MinutesRow.cycle == cycle).order_by(col(MinutesRow.id))
    return tuple(as_record(MinutesRecord, row) for row in tx.session.exec(query))


# -- one way to keep and to change


def _keep(tx: Transaction, row: NumberedRow, action: str, detail: Mapping[str, Any]) -> None:
    tx.session.add(row)
    tx.session.flush()
    audit(tx, action, dict(detail))
    bump_open_cycles(tx)


def _change(
    tx: Transaction, row: NumberedRow, action: str, detail: Mapping[str, Any], changes: Mapping[str, Any],
    was: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    for name, value in changes.items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    if hasattr(row, "version"):
        row.version += 1
    tx.session.add(row)
    tx.session.flush()
    audit(tx, action, {**detail, **({"was": dict(was)} if was else {})})
    bump_open_cycles(tx)
