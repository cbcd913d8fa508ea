"""The meeting: where it is stands in the database, so that no browser is needed to go on; its minutes are kept."""

from collections.abc import Mapping
from typing import Any

from sop.agreement.decisions import latest
from sop.agreement.process_records import AgendaItem, Meeting, MinutesRecord
from sop.core.errors import Conflict
from sop.services.acting import acting, reading
from sop.services.company.cycle import read_company, require_cycle
from sop.store import Store, Transaction
from sop.store.decisions import read_decisions
from sop.store.plans import read_signatures
from sop.store.process import (
    add_meeting,
    add_minutes,
    read_items,
    read_meeting,
    read_minutes,
    read_tasks,
    save_meeting,
)
from sop.store.settings import read_people
from sop.views.process.minutes import minutes_text


def current_meeting(store: Store, person_id: str) -> Meeting | None:
    """The open cycle's meeting, the last where there were several; None before the first. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        return read_meeting(tx, require_cycle(tx).first_open)


def begin_meeting(store: Store, person_id: str) -> Meeting:
    """Begin the open cycle's meeting at the first item, or join the one that is on.

    Raises NotAllowed, and Conflict where nothing is on the agenda.
    """
    with acting(store, person_id, "lead_meeting") as tx:
        cycle = require_cycle(tx).first_open
        found, items = read_meeting(tx, cycle), read_items(tx, cycle)
        if found is not None and found.is_on:
            return found
        if not items:
            raise Conflict("there is nothing on the agenda", remedy="Make the agenda first, on the Cycle page")
        return add_meeting(tx, cycle, items[0].id)


def attend(store: Store, person_id: str) -> None:
    """Note that somebody is in the meeting; once. Nothing where none is on. Raises NotAllowed."""
    with reading(store, person_id, "comment") as tx:
        found = read_meeting(tx, require_cycle(tx).first_open)
    if found is None or not found.is_on or person_id in found.present:
        return
    with acting(store, person_id, "comment") as tx:
        meeting = _on(tx)
        if person_id not in meeting.present:
            save_meeting(tx, meeting.id, "meeting_joined", {"present": (*meeting.present, person_id)})


def go_to_item(store: Store, person_id: str, item_id: int, seen: int | None = None) -> Meeting:
    """Show an item on every screen; whoever may lead goes on where another stopped.

    `seen`: the item from which to move; where the meeting has moved on from it already, it stays where it is.
    Raises NotAllowed, Conflict where no meeting is on or the item is gone.
    """
    with acting(store, person_id, "lead_meeting") as tx:
        meeting = _on(tx)
        if item_id not in {item.id for item in read_items(tx, meeting.cycle)}:
            raise Conflict("this item is not on the agenda any more", remedy="Look at the agenda again")
        if seen is not None and meeting.item != seen:
            return meeting
        changes = {"item": item_id, "item_since": tx.at, "led_by": person_id}
        return save_meeting(tx, meeting.id, "meeting_moved", changes)


def end_meeting(store: Store, person_id: str) -> MinutesRecord:
    """End the meeting and keep its minutes. Raises NotAllowed, Conflict where none is on."""
    with acting(store, person_id, "lead_meeting") as tx:
        meeting = _on(tx)
        save_meeting(tx, meeting.id, "meeting_ended", {"ended_at": tx.at})
        return add_minutes(tx, meeting.cycle, _facts(tx, meeting))


def list_minutes(store: Store, person_id: str, cycle: str) -> tuple[MinutesRecord, ...]:
    """The minutes of a cycle's meetings, oldest first. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        return read_minutes(tx, cycle)


def export_minutes(store: Store, person_id: str, cycle: str) -> bytes:
    """The minutes of a cycle as a text file, before a plan is proposed. Raises NotAllowed."""
    with reading(store, person_id, "export") as tx:
        return minutes_file(tx, cycle) or b""


def minutes_file(tx: Transaction, cycle: str, plan_id: int | None = None, digest: str = "") -> bytes | None:
    """The minutes of a cycle as a file that names the plan's digest and who dissents; None without any."""
    found = read_minutes(tx, cycle)
    if not found:
        return None
    signatures = read_signatures(tx, plan_id) if plan_id is not None else ()
    return minutes_text(found, read_company(tx).name, signatures, digest).encode("utf-8")


def _on(tx: Transaction) -> Meeting:
    found = read_meeting(tx, require_cycle(tx).first_open)
    if found is None or not found.is_on:
        raise Conflict("no meeting is on", remedy="Begin it from the Cycle page")
    return found


def _facts(tx: Transaction, meeting: Meeting) -> Mapping[str, Any]:
    """What the minutes hold: who was there, every item with its outcome, decisions, tasks."""
    names = {person.id: person.name for person in read_people(tx)}
    decisions = [r for r in latest(read_decisions(tx, meeting.cycle)) if r.state != "taken back"]
    tasks = [task for task in read_tasks(tx) if task.cycle == meeting.cycle or task.is_open]
    return {
        "began": meeting.started_at,
        "ended": tx.at,
        "present": [names.get(each, each) for each in meeting.present],
        "led_by": names.get(meeting.led_by, meeting.led_by),
        "items": [_item_facts(item) for item in read_items(tx, meeting.cycle)],
        "decisions": [
            {
                "title": record.facts["title"],
                "state": record.state,
                "by": names.get(record.by, record.by),
                "owner": record.facts["owner"],
                "over_owner": bool(record.facts["ruling"]),
                "until": record.until,
                "note": record.note,
            }
            for record in reversed(decisions)
        ],
        "tasks": [
            {
                "title": task.title,
                "owner": names.get(task.owner, task.owner),
                "due": task.due,
                "state": task.state,
                "note": task.note,
            }
            for task in tasks
        ],
    }


def _item_facts(item: AgendaItem) -> dict[str, Any]:
    return {"title": item.title, "message": item.message, "owner": item.owner, "outcome": item.outcome}
