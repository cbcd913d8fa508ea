"""Plan changes: a plan against the agreed one (else budget, else prior year), loaded and compared for the page."""

from __future__ import annotations

from sop.analysis.comparison.attribution import Progress
from sop.analysis.comparison.plan_change import Note, PlanChange
from sop.services.acting import reading
from sop.services.analysis.comparison import explain_change, explain_group
from sop.services.company.settings import names_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.audit import read_audit
from sop.store.data import read_heads
from sop.store.scenarios import read_assumptions
from sop.views.executive.plan_changes import (
    LOADED_SINCE,
    NO_AGREED,
    NOT_REPRODUCED,
    NOT_THE_LAST,
    Changes,
    Notes,
    OpenedGroup,
    build_changes,
    open_group,
    reference_of,
)


def read_changes(
    room: PlanningRoom,
    person_id: str,
    view: View,
    base: View | None,
    progress: Progress = lambda share: None,
) -> Changes | None:
    """What a plan changes and why; None where there is neither an agreed plan nor a year to compare with."""
    inputs = room.input_set()
    reference = reference_of(inputs.inputs, base)
    if reference is None:
        return None
    change, why = _explain(room, inputs, view, base, progress)
    notes = {} if base is None else _notes(room, person_id, view)
    return build_changes(view, reference, inputs.inputs, change, why, notes)


def _explain(
    room: PlanningRoom, inputs: InputSet, view: View, base: View | None, progress: Progress
) -> tuple[PlanChange | None, str]:
    """The causes, or the reason why only differences can be shown."""
    if base is None:
        return None, NO_AGREED
    if not is_last_agreed(inputs, base):
        return None, NOT_THE_LAST
    if view.record is not None and room.plan(view.assumptions, inputs).headline != view.plan.headline:
        return None, LOADED_SINCE
    change = explain_change(room, inputs, view.assumptions, progress)
    return change, "" if change else NOT_REPRODUCED


def is_last_agreed(inputs: InputSet, base: View) -> bool:
    """Whether a plan to compare with is the one that was agreed last."""
    agreed = inputs.agreed
    return agreed is not None and base.record is not None and base.record.id == agreed.record.id


def read_group(
    room: PlanningRoom,
    person_id: str,
    view: View,
    change: PlanChange,
    group: str,
    progress: Progress = lambda share: None,
) -> OpenedGroup:
    """The single changes of a group: what each is worth, and who set or loaded it, when and why.

    `change`: why the plan looked at differs from the agreed one. Raises NotFound where it has no such group.
    """
    inputs = room.input_set()
    found = explain_group(room, inputs, view.assumptions, change, group, progress)
    return open_group(change, found, _notes(room, person_id, view), _loaded(room, inputs))


def _notes(room: PlanningRoom, person_id: str, view: View) -> Notes:
    """Who set each value of a plan, when and why; a frozen plan knows the reason only."""
    names = names_of(room.store)
    with reading(room.store, person_id) as tx:
        if view.record is not None:
            return {place: Note(reason=reason) for place, reason in room.frozen(tx, view.record).reasons.items()}
        entries = read_assumptions(tx, view.scenario.id) if view.scenario else ()
        gone = [entry for action in _GONE for entry in read_audit(tx, _MOST_ENTRIES, action)]
    found = {}
    for entry in sorted(gone, key=lambda entry: entry.seq):
        if view.scenario and entry.detail.get("scenario") == view.scenario.id:
            place = entry.detail["key"], entry.detail["scope"]
            found[place] = Note(names.get(entry.who, entry.who), entry.at, _GONE[entry.action])
    set_now = {(e.key, e.scope): Note(names.get(e.by, e.by), e.at, e.reason) for e in entries}
    return found | set_now


_GONE = {"assumption_removed": "taken back", "assumption_expired": "expired"}
_MOST_ENTRIES = 1000
"""How many entries of the audit trail are looked through for who took an assumption back."""


def _loaded(room: PlanningRoom, inputs: InputSet) -> dict[str, Note]:
    """Who loaded each table that the agreed plan does not rest on, when, and from which file."""
    then = inputs.agreed.sources if inputs.agreed else {}
    names = names_of(room.store)
    with room.store.read() as tx:
        heads = read_heads(tx)
    return {
        table: Note(names.get(head.by, head.by), head.imported_at, f"loaded from {head.file_name}")
        for table, head in heads.items()
        if then.get(table) != head.sha256
    }
