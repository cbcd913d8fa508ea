"""What changed since the agreed plan (else budget, else prior year), and why: for Plan changes and the executive
review. What was signed is read back, and planned again in parts."""

from collections.abc import Mapping

from sop.analysis.comparison.attribution import Progress
from sop.analysis.comparison.bridge import Bridge, bridge_to_itself, bridge_to_plan, bridge_without_plan
from sop.analysis.comparison.plan_change import PlanChange, bridge_of_causes
from sop.analysis.headline import waiting_family
from sop.analysis.performance.kpis import Kpi, build_kpis
from sop.analysis.performance.tracks import build_tracks, performance_message
from sop.core.calendar import period_name
from sop.core.register import Note
from sop.facts.actuals import delivery_history
from sop.finance.cost_basis import books_that_count
from sop.services.acting import reading
from sop.services.agreement.frozen_plans import agreed_plans
from sop.services.analysis.comparison import change_job, explain_change, explain_group
from sop.services.background import BackgroundJob
from sop.services.company.settings import names_of
from sop.services.planning.choices import View, once_of, told_values
from sop.services.planning.elsewhere import plans_elsewhere, with_elsewhere
from sop.services.planning.plan_context import read_facts
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.audit import read_audit
from sop.store.data import read_heads
from sop.views.executive.plan_changes import (
    NO_AGREED,
    NOT_REPRODUCED,
    NOT_THE_LAST,
    Changes,
    Notes,
    OpenedGroup,
    build_changes,
    loaded_since,
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
    elsewhere = base is not None and base.choice.elsewhere
    reference = reference_of(inputs.inputs, base, elsewhere=elsewhere)
    if reference is None:
        return None
    change, why = _explain(room, inputs, view, base, progress)
    notes = _notes(room, person_id, view) if base and not elsewhere else {}
    return build_changes(view, reference, inputs.inputs, change, why, notes)


def _explain(
    room: PlanningRoom, inputs: InputSet, view: View, base: View | None, progress: Progress
) -> tuple[PlanChange | None, str]:
    """The causes, or the reason why only differences can be shown."""
    if base is None:
        return None, NO_AGREED
    if base.choice.elsewhere:
        return None, base.said
    if not is_last_agreed(inputs, base):
        return None, NOT_THE_LAST
    if view.record is not None and room.plan(view.assumptions, inputs).headline != view.plan.headline:
        with room.store.read() as tx:
            frozen = room.frozen(tx, view.record)
        return None, loaded_since(_loaded(room, frozen.sources))
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
    return open_group(
        change, found, _notes(room, person_id, view), _loaded(room, inputs.agreed.sources if inputs.agreed else {})
    )


def _notes(room: PlanningRoom, person_id: str, view: View) -> Notes:
    """Who set each value of a plan or took it back, when and why; a frozen plan knows the reason only."""
    now = told_values(room, person_id, view)
    return now if view.record is not None else _taken_back(room, person_id, view) | now


_GONE = {"assumption_removed": "taken back", "assumption_expired": "expired"}
_MOST_ENTRIES = 1000
"""How many entries of the audit trail are looked through for who took an assumption back."""


def _taken_back(room: PlanningRoom, person_id: str, view: View) -> dict[tuple[str, str], Note]:
    names, found = names_of(room.store), {}
    with reading(room.store, person_id) as tx:
        gone = [entry for action in _GONE for entry in read_audit(tx, _MOST_ENTRIES, action)]
    for entry in sorted(gone, key=lambda entry: entry.seq):
        if view.scenario and entry.detail.get("scenario") == view.scenario.id:
            place = entry.detail["key"], entry.detail["scope"]
            found[place] = Note(names.get(entry.who, entry.who), entry.at, _GONE[entry.action])
    return found


def _loaded(room: PlanningRoom, then: Mapping[str, str]) -> dict[str, Note]:
    """Who loaded each table that a plan does not rest on, when, and from which file.

    `then`: digests of the plan's tables.
    """
    names = names_of(room.store)
    with room.store.read() as tx:
        heads = read_heads(tx)
    return {
        table: Note(names.get(head.by, head.by), head.imported_at, f"loaded from {head.file_name}")
        for table, head in heads.items()
        if then.get(table) != head.sha256
    }


def read_kpis(room: PlanningRoom, inputs: InputSet, view: View, base: View | None) -> tuple[Kpi, ...]:
    """The cards: the plan shown against the compared plan and the budget, with twelve closed months."""

    def make() -> tuple[Kpi, ...]:
        waiting = waiting_family(view.plan, inputs.inputs.families.made_to_order_names)
        seen = delivery_history(inputs.inputs, read_facts(room, inputs), waiting)
        books = books_that_count(inputs.inputs, view.assumptions)
        return build_kpis(view.plan, base.plan if base else None, books, seen)

    return once_of(room, "kpis", inputs, (view, base), make)


def last_month(room: PlanningRoom, inputs: InputSet) -> str:
    """Whether the last closed month went as agreed, in one sentence."""
    month = inputs.inputs.calendar.last_closed
    plans = with_elsewhere(agreed_plans(room), plans_elsewhere(room))
    return performance_message(build_tracks(inputs.inputs, [month], plans))


def read_bridge(
    room: PlanningRoom,
    inputs: InputSet,
    view: View,
    base: View | None,
    progress: Progress = lambda share: None,
) -> Bridge | None:
    """What changed: causes against the last agreed plan, differences by family against anything else.

    None where revenue is not known on both sides.
    """
    asked = _asks_for_causes(inputs, view, base)
    change = explain_change(room, inputs, view.assumptions, progress) if asked else None
    return _bridge(inputs, view, base, change)


def bridge_job(
    room: PlanningRoom, inputs: InputSet, view: View, base: View | None
) -> Bridge | BackgroundJob[PlanChange | None] | None:
    """The same where its causes are kept, else the job that finds them. Raises what planning raised."""
    change = change_job(room, inputs, view.assumptions) if _asks_for_causes(inputs, view, base) else None
    return change if isinstance(change, BackgroundJob) else _bridge(inputs, view, base, change)


def _asks_for_causes(inputs: InputSet, view: View, base: View | None) -> bool:
    """Whether a plan is compared with the one agreed last, by whose causes it can be explained."""
    if base is None or not (view.plan.has_revenue and base.plan.has_revenue):
        return False
    return not _is_itself(view, base) and is_last_agreed(inputs, base)


def _is_itself(view: View, base: View) -> bool:
    return view.record is not None and base.record is not None and view.record.id == base.record.id


def _bridge(inputs: InputSet, view: View, base: View | None, change: PlanChange | None) -> Bridge | None:
    if not view.plan.has_revenue or (base is not None and not base.plan.has_revenue):
        return None
    if base is None:
        return bridge_without_plan(view.plan, inputs.inputs, view.name)
    if _is_itself(view, base):
        return bridge_to_itself(base.plan, base.name, view.name)
    causes = None if change is None else bridge_of_causes(change, view, base.name)
    if causes is not None:
        return causes
    where = " elsewhere" if base.choice.elsewhere else ""
    reference = f"plan agreed{where} for {period_name(base.plan.calendar.first_open)}"
    return bridge_to_plan(view.plan, base.plan, base.name, reference, view.name)
