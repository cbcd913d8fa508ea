"""Who changed what, as a list that stays; and taking back a change of one's own that nobody built on since."""

from dataclasses import dataclass

from sop.core.errors import Conflict, NotAllowed, NotFound
from sop.core.override_scopes import UNIT_OVERRIDES
from sop.core.register import assumption
from sop.services.acting import acting, reading
from sop.services.company.cycle import require_cycle
from sop.services.scenarios.drafts import by_place, require_editable
from sop.services.scenarios.live_changes import change_sentence
from sop.store import Store, Transaction
from sop.store.audit import AuditEntry, read_audit
from sop.store.scenarios import read_working_scenario, remove_assumption, save_assumption
from sop.store.settings import read_people

LISTED = 25
_LOOKED_AT = 400
_SET, _REMOVED = "assumption_set", "assumption_removed"


@dataclass(frozen=True)
class OwnChange:
    """One change in words; `entry`: its number in the audit trail, `reason`: as it was given.

    `undoable`: whether it is one's own, of one value of the open working plan, and still stands.
    """

    entry: int
    at: str
    own: bool
    text: str
    reason: str
    undoable: bool


def list_changes(store: Store, person_id: str) -> tuple[OwnChange, ...]:
    """What anybody changed lately, the newest first. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        names = {person.id: person.name for person in read_people(tx)}
        told: dict[str, OwnChange] = {}
        for entry in read_audit(tx, _LOOKED_AT):
            text = change_sentence(entry, names)
            # An override is one sentence, however many months it has.
            if text and (text not in told or entry.at != told[text].at):
                undoable = entry.who == person_id and _still_stands(tx, entry)
                reason = str(entry.detail.get("reason") or "")
                told[text if text not in told else f"{text} {entry.seq}"] = OwnChange(
                    entry.seq, entry.at, entry.who == person_id, text, reason, undoable
                )
            if len(told) == LISTED:
                break
    return tuple(told.values())


def undo_change(store: Store, person_id: str, entry: int) -> str:
    """Put a value back to what it was before one's own change; the label of what was put back.

    Raises NotFound, NotAllowed for another's change or who may no longer make it, and Conflict where the value was
    changed since or the change is not of one value.
    """
    with acting(store, person_id, "change_working_plan") as tx:
        found = next((each for each in read_audit(tx, _LOOKED_AT) if each.seq == entry), None)
        if found is None or found.action not in (_SET, _REMOVED):
            raise NotFound("there is no such change any more", remedy="Look at the list of changes again")
        if found.who != person_id:
            raise NotAllowed("somebody else made this change", remedy="Ask them, or change the value yourself")
        key, scope = str(found.detail["key"]), str(found.detail.get("scope") or "")
        label = assumption(key).label
        if not _still_stands(tx, found):
            raise Conflict(
                f"{label} cannot be put back by this",
                why="it was changed since, belongs to a decision or an override, or its cycle is closed",
                remedy="Change it where it stands",
            )
        working = read_working_scenario(tx, require_cycle(tx).first_open).id
        require_editable(tx, working, person_id, [key])
        now = by_place(tx, working).get((key, scope))
        version = now.version if now else 0
        if "was" not in found.detail:
            remove_assumption(tx, working, key, expected_version=version, scope=scope)
        else:
            save_assumption(
                tx, working, key, found.detail["was"], expected_version=version, scope=scope,
                reason="Put back to what it was", owner=assumption(key).owner.value,
            )  # fmt: skip
        return label


def _still_stands(tx: Transaction, entry: AuditEntry) -> bool:
    """Whether a change of one value of the open working plan is what stands there now."""
    detail = entry.detail
    if entry.action not in (_SET, _REMOVED) or detail["key"] in UNIT_OVERRIDES or detail.get("start"):
        return False
    cycle = require_cycle(tx).first_open
    if detail.get("cycle") != cycle or read_working_scenario(tx, cycle).id != detail.get("scenario"):
        return False
    now = by_place(tx, detail["scenario"]).get((str(detail["key"]), str(detail.get("scope") or "")))
    if entry.action == _REMOVED:
        return now is None
    return now is not None and now.by == entry.who and now.value == detail["now"] and now.at == entry.at
