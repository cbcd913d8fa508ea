"""What planners decide about demand: overrides at any level, entered and taken back in one piece, and months of
the history behind the forecast."""

from sop.core.calendar import is_period, period_name, worded
from sop.core.errors import BadInput, Conflict
from sop.core.register import Entry, as_assumptions, assumption, require_valid
from sop.demand.cleaning import RESTORED, clean_company
from sop.demand.override_effect import OverrideEffect, WantedOverride, preview_override
from sop.demand.override_effect import names_of as places_named
from sop.services.acting import acting, reading
from sop.services.company.settings import names_of
from sop.services.planning.choices import View
from sop.services.planning.room import PlanningRoom
from sop.services.process.contributing import override_key, require_override
from sop.services.scenarios.bench import why_locked
from sop.services.scenarios.drafts import change_assumption, entries, reset_assumption
from sop.services.scenarios.scopes import require_scope
from sop.store import Store, Transaction
from sop.store.scenarios import read_assumptions, read_scenario, remove_assumption, save_assumption
from sop.store.settings import Person
from sop.views.sales.history import ForecastHistory, HistoryRow, history_behind
from sop.views.sales.overrides import Override, group_overrides, signed_overrides


def enter_override(
    room: PlanningRoom,
    person: Person,
    scenario_id: int,
    wanted: WantedOverride,
    reason: str,
    expiry: str | None = None,
) -> OverrideEffect:
    """Put an override into a scenario, all of it or nothing, and tell what it does.

    Its units are shared over the months in proportion to the baseline forecast, to the unit; families and regions
    share them whenever a plan is built. Raises NotAllowed, BadInput without reason or effect, and Conflict where
    somebody changed the scenario in this very moment.
    """
    key = override_key(room.store, person)
    if not reason.strip():
        raise BadInput(
            "a change of demand needs its reason", remedy="Write what you know that the forecast does not"
        )
    found = entries(room.store, person.id, scenario_id)
    assumptions = as_assumptions(found)
    planner = room.input_set(assumptions).planner
    _require_expiry(expiry, planner.inputs.calendar.first_open)
    effect = preview_override(planner, assumptions, key, wanted)
    if not effect.entries:
        raise BadInput("this override changes nothing", remedy="Enter another figure")
    with acting(room.store, person.id, "contribute") as tx:
        require_override(tx, scenario_id, person.id, key, wanted.family, wanted.region)
        _require_same(tx, scenario_id, found)
        for scope, units in effect.entries.items():
            require_scope(tx, assumption(key), scope)
            save_assumption(
                tx, scenario_id, key, require_valid(key, units), expected_version=0, scope=scope,
                reason=reason.strip(), owner=assumption(key).owner.value, expiry=expiry,
            )  # fmt: skip
    return effect


def take_back(store: Store, person_id: str, scenario_id: int, override: Override) -> None:
    """Take one override out again, all of it or nothing. Raises NotAllowed and Conflict."""
    with acting(store, person_id, "contribute") as tx:
        require_override(tx, scenario_id, person_id, override.key, override.family, override.region, override.by)
        stored = {(entry.key, entry.scope): entry.version for entry in read_assumptions(tx, scenario_id)}
        if any(stored.get((override.key, scope)) != version for scope, version in override.places):
            raise Conflict(
                f"the override for {override.place} was changed or taken back meanwhile, nothing was saved",
                remedy="Look at the overrides in force again",
            )
        for scope, version in override.places:
            remove_assumption(tx, scenario_id, override.key, expected_version=version, scope=scope)


def overrides_in_force(room: PlanningRoom, person_id: str, scenario_id: int) -> tuple[Override, ...]:
    """The overrides of a scenario as they were entered, the newest first. Raises NotAllowed."""
    found = entries(room.store, person_id, scenario_id)
    chosen = room.input_set(as_assumptions(found))
    return group_overrides(found, chosen.forecast.mean, places_named(chosen.inputs), chosen.inputs.calendar)


def overrides_frozen(room: PlanningRoom, person_id: str, view: View) -> tuple[Override, ...]:
    """The overrides that a frozen plan was made with, beside the forecast it keeps. Raises NotAllowed."""
    if view.record is None:
        return ()
    with reading(room.store, person_id) as tx:
        return signed_overrides(view.plan, room.frozen(tx, view.record).content["assumptions"])


def _require_expiry(expiry: str | None, first_open: str) -> None:
    """Raises BadInput unless the last cycle in which an override counts is this or a later one."""
    if expiry is not None and (not is_period(expiry) or expiry < first_open):
        raise BadInput(
            worded(f"'{expiry}' is no month from {period_name(first_open)} on"),
            remedy=worded("Choose a later month"),
        )


def _require_same(tx: Transaction, scenario_id: int, seen: object) -> None:
    """Raises Conflict where the scenario is no longer the one from which the override was computed."""
    if read_assumptions(tx, scenario_id) != seen:
        changed = read_scenario(tx, scenario_id)
        raise Conflict(
            f"{changed.updated_by} changed '{changed.name}' in this moment, nothing was saved",
            remedy="Look at the plan again, then enter the override",
        )


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
