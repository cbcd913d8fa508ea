"""Plan changes: a plan against the agreed one (else budget, else prior year), loaded and compared for the page."""

from __future__ import annotations

from sop.analysis.comparison.attribution import Progress
from sop.analysis.comparison.plan_change import PlanChange
from sop.services.acting import reading
from sop.services.analysis.comparison import explain_change
from sop.services.company.settings import names_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.scenarios import read_assumptions
from sop.views.executive.plan_changes import (
    LOADED_SINCE,
    NO_AGREED,
    NOT_REPRODUCED,
    NOT_THE_LAST,
    Changes,
    Notes,
    build_changes,
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


def _notes(room: PlanningRoom, person_id: str, view: View) -> Notes:
    """Why and by whom each value of a plan was set; a frozen plan knows the reason only."""
    with reading(room.store, person_id) as tx:
        if view.record is not None:
            return {place: (reason, "") for place, reason in room.frozen(tx, view.record).reasons.items()}
        entries = read_assumptions(tx, view.scenario.id) if view.scenario else ()
    names = names_of(room.store)
    return {(entry.key, entry.scope): (entry.reason, names.get(entry.by, entry.by)) for entry in entries}
