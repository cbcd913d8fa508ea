"""The history behind the forecast that is shown, and deciding about a month of it."""

from __future__ import annotations

from sop.core.errors import BadInput
from sop.core.register import Entry
from sop.demand.cleaning import RESTORED, clean_company
from sop.services.acting import reading
from sop.services.company.settings import names_of
from sop.services.planning.choices import View
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.bench import why_locked
from sop.services.scenarios.drafts import change_assumption, entries, reset_assumption
from sop.store.people import Person
from sop.views.sales.history import ForecastHistory, HistoryRow, history_behind


def read_history(room: PlanningRoom, person: Person, view: View) -> ForecastHistory:
    """The history behind the plan that is shown. Raises NotAllowed."""
    with reading(room.store, person.id):
        chosen = room.input_set(view.assumptions)
    history = room.memo.get(("history", chosen.key), lambda: clean_company(chosen.inputs, chosen.decisions))
    found = entries(room.store, person.id, view.scenario.id) if view.scenario else ()
    frozen = f"{view.name} is frozen. Choose the working plan above to decide about history."
    locked = why_locked(person, view.scenario, RESTORED) if view.scenario else frozen
    return history_behind(chosen.inputs, chosen.forecast, history, found, names_of(room.store), locked)


def decide_history(
    room: PlanningRoom, person_id: str, scenario_id: int, row: HistoryRow, reason: str
) -> Entry | None:
    """Decide about a month, or take back what was decided; the scenario's forecast follows.

    Raises NotAllowed, BadInput without a reason, and Conflict where a decision was taken back meanwhile.
    """
    if row.decided is not None:
        version = row.decided.version
        reset_assumption(room.store, person_id, scenario_id, row.decided.key, row.scope, expected_version=version)
        return None
    if not reason.strip():
        raise BadInput(
            "a decision about history needs its reason", remedy="Write what you know that the rules do not"
        )
    told = reason.strip()
    return change_assumption(room.store, person_id, scenario_id, row.key, 1.0, scope=row.scope, reason=told)
