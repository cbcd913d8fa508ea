"""Scenarios: private drafts, saved ones and the working plan that all share."""

from collections.abc import Iterable, Mapping

import sop
from sop.access import owns, require_owner
from sop.core.calendar import is_period, worded, written
from sop.core.errors import BadInput, NotAllowed
from sop.core.register import Assumptions, Entry, Place, Start, as_assumptions, assumption, require_valid
from sop.core.words import sha256_hex
from sop.services.acting import acting, reading, require_now
from sop.services.company.cycle import require_cycle, require_in_time
from sop.services.scenarios.scopes import require_scope
from sop.store import Store, Transaction
from sop.store.data import read_digests
from sop.store.plans import read_agreed_plan
from sop.store.scenarios import (
    Scenario,
    add_scenario,
    read_assumptions,
    read_scenario,
    read_scenarios,
    read_working_scenario,
    remove_assumption,
    save_assumption,
    save_scenario,
)

DRAFT_NAME = "My scenario"
Entries = Mapping[Place, Entry]
"""The values set in a scenario, by key and scope."""


def list_scenarios(store: Store, person_id: str) -> tuple[Scenario, ...]:
    """The open cycle's working plan, its saved scenarios, and the person's own drafts."""
    with reading(store, person_id) as tx:
        return visible_scenarios(tx, person_id)


def visible_scenarios(tx: Transaction, person_id: str) -> tuple[Scenario, ...]:
    """`list_scenarios` within a transaction."""
    found = read_scenarios(tx, require_cycle(tx).first_open)
    return tuple(s for s in found if s.kind != "draft" or s.owner == person_id)


def working_scenario(store: Store, person_id: str) -> Scenario:
    """The open cycle's working plan."""
    with reading(store, person_id) as tx:
        return read_working_scenario(tx, require_cycle(tx).first_open)


def own_draft(store: Store, person_id: str) -> Scenario:
    """The person's draft, which starts from the working plan; made when there is none."""
    for scenario in list_scenarios(store, person_id):
        if scenario.kind == "draft":
            return scenario
    with acting(store, person_id, "run_scenario") as tx:
        cycle = require_cycle(tx)
        # Somebody who opens it in two windows at once has one draft all the same.
        for scenario in read_scenarios(tx, cycle.first_open):
            if (scenario.kind, scenario.owner) == ("draft", person_id):
                return scenario
        working = read_working_scenario(tx, cycle.first_open)
        return add_scenario(tx, cycle.first_open, DRAFT_NAME, "draft", copy_of=working.id)


def entries(store: Store, person_id: str, scenario_id: int) -> tuple[Entry, ...]:
    """The values set in a scenario with owner, reason and version."""
    with reading(store, person_id) as tx:
        return read_assumptions(tx, _readable(tx, scenario_id, person_id).id)


def change_assumption(
    store: Store,
    person_id: str,
    scenario_id: int,
    key: str,
    value: float,
    *,
    scope: str = "",
    reason: str = "",
    expected_version: int | None = None,
    expiry: str | None = None,
) -> Entry:
    """Set one assumption. It is in the database, with its version, before this returns.

    In the working plan only the assumption's owner may; in a draft of one's own anything may change. Raises
    NotAllowed, BadInput outside the register's range, and Conflict when somebody changed it since
    `expected_version` (None: whatever stands there now); in a draft of one's own, which may be open in several
    windows, the last move counts. `expiry`: the last month for which it is meant.
    """
    with acting(store, person_id, "run_scenario") as tx:
        require_editable(tx, scenario_id, person_id, [key])
        number = require_valid(key, value)
        require_scope(tx, assumption(key), scope)
        if expiry is not None and not is_period(expiry):
            raise BadInput(
                worded(f"'{expiry}' is no month for the expiry"),
                remedy=f"Write it as {written()}, or leave it empty",
            )
        version = _version(tx, scenario_id, key, scope, expected_version)
        return save_assumption(
            tx,
            scenario_id,
            key,
            number,
            expected_version=version,
            scope=scope,
            reason=reason,
            owner=assumption(key).owner.value,
            expiry=expiry,
        )


def reset_assumption(
    store: Store,
    person_id: str,
    scenario_id: int,
    key: str,
    scope: str = "",
    *,
    expected_version: int | None = None,
) -> None:
    """Take one value back to its default. Raises NotAllowed and Conflict as changing it does."""
    with acting(store, person_id, "run_scenario") as tx:
        require_editable(tx, scenario_id, person_id, [key])
        version = _version(tx, scenario_id, key, scope, expected_version)
        remove_assumption(tx, scenario_id, key, expected_version=version, scope=scope)


def reset_draft(store: Store, person_id: str) -> Scenario:
    """Put the person's draft back to the working plan. Raises NotAllowed."""
    draft = own_draft(store, person_id)
    with acting(store, person_id, "run_scenario") as tx:
        working = by_place(tx, read_working_scenario(tx, draft.cycle).id)
        bring_values(tx, draft.id, _values(working), by_place(tx, draft.id), like=working)
        return read_scenario(tx, draft.id)


def save_as(
    store: Store, person_id: str, scenario_id: int, name: str, description: str = "", expiry: str = ""
) -> Scenario:
    """A saved, shared copy of a scenario under a name; it says on which data and code it stood.

    `description`: the question that it answers; `expiry`: the last cycle in which it is kept, the open one where
    empty. Raises BadInput without a name or with an end that is past, Conflict when the name is taken.
    """
    with acting(store, person_id, "run_scenario") as tx:
        return saved_copy(tx, person_id, scenario_id, name, description, expiry)


def saved_copy(
    tx: Transaction, person_id: str, scenario_id: int, name: str, description: str = "", expiry: str = ""
) -> Scenario:
    """`save_as` within a transaction."""
    if not name.strip():
        raise BadInput("a scenario needs a name", remedy="Write one, for example 'Second paint shift'")
    source = _readable(tx, scenario_id, person_id)
    if expiry and (not is_period(expiry) or expiry < source.cycle):
        raise BadInput(
            f"a scenario cannot be kept until '{expiry}'", remedy=worded("Choose this month or a later")
        )
    return add_scenario(
        tx,
        source.cycle,
        name.strip(),
        "saved",
        description,
        copy_of=source.id,
        expiry=expiry or None,
        stands_on=_standing(tx),
    )


def _standing(tx: Transaction) -> str:
    """The code and the data that a scenario stands on now: the version, and a digest of tables and agreed plan."""
    agreed = read_agreed_plan(tx)
    parts = [f"{name} {digest}" for name, digest in sorted(read_digests(tx).items())]
    return f"{sop.__version__} {sha256_hex(' '.join([*parts, agreed.digest if agreed else '']))[:16]}"


def what_moved(tx: Transaction, scenario: Scenario) -> str:
    """What is another by now than when a scenario was saved: 'data', 'code' or both; empty where nothing is."""
    if scenario.stands_on is None:
        return ""
    then, now = scenario.stands_on.split(" "), _standing(tx).split(" ")
    names = zip(("code", "data"), then, now, strict=True)
    return " and ".join(name for name, was, here in names if was != here)


def rename(store: Store, person_id: str, scenario: Scenario, name: str, description: str) -> Scenario:
    """Rename a saved scenario of one's own. Raises NotAllowed for another's and Conflict after a change."""
    with acting(store, person_id, "run_scenario") as tx:
        if read_scenario(tx, scenario.id).owner != person_id:
            raise NotAllowed(f"'{scenario.name}' belongs to {scenario.owner}", remedy="Save a copy")
        return save_scenario(
            tx, scenario.id, scenario.version, name=name, description=description, kind=scenario.kind
        )


def adopt_values(store: Store, person_id: str, scenario_id: int, reason: str) -> int:
    """Bring a scenario's values of one's own function into the working plan; what others own stays as it is.

    What the scenario has back at its default goes back to it as well. Returns how many values moved. Raises
    NotAllowed for somebody who owns no assumptions and BadInput where the scenario changes none of theirs.
    """
    with acting(store, person_id, "change_working_plan") as tx:
        person = require_now(tx, person_id, "change_working_plan")
        require_in_time(tx, person.role)
        working = read_working_scenario(tx, require_cycle(tx).first_open)
        _readable(tx, scenario_id, person_id)
        wanted, present = (
            {place: entry for place, entry in by_place(tx, each).items() if owns(person.role, entry.key)}
            for each in (scenario_id, working.id)
        )
        moved = bring_values(tx, working.id, _values(wanted), present, reason, like=wanted)
        if not moved:
            raise BadInput("this scenario changes nothing that you own", remedy="Change one of your assumptions")
        return len(moved)


def by_place(tx: Transaction, scenario_id: int) -> dict[Place, Entry]:
    """The values set in a scenario by key and scope."""
    return {(entry.key, entry.scope): entry for entry in read_assumptions(tx, scenario_id)}


def bring_values(
    tx: Transaction,
    scenario_id: int,
    wanted: Assumptions,
    present: Entries,
    reason: str = "",
    like: Entries | None = None,
) -> list[Place]:
    """Have a scenario hold what is wanted in place of what is present there; the places that moved.

    `like`: entries whose end, and reason where none is given, go along with their values.
    """
    now = as_assumptions(tuple(present.values()))
    places = [place for place in {**wanted, **now} if _held(wanted, place) != _held(now, place)]
    for place in places:
        key, scope = place
        version = present[place].version if place in present else 0
        if place not in wanted:
            remove_assumption(tx, scenario_id, key, expected_version=version, scope=scope)
            continue
        source = (like or {}).get(place)
        save_assumption(
            tx,
            scenario_id,
            key,
            wanted[place],
            expected_version=version,
            scope=scope,
            reason=reason or (source.reason if source else ""),
            owner=assumption(key).owner.value,
            expiry=source.expiry if source else None,
            start=wanted.starts.get(place),
        )
    return places


def _held(now: Assumptions, place: Place) -> tuple[float | None, Start | None]:
    return now.get(place), now.starts.get(place)


def require_editable(tx: Transaction, scenario_id: int, person_id: str, keys: Iterable[str]) -> None:
    """Raises NotAllowed unless the person may change these assumptions in this scenario."""
    scenario = read_scenario(tx, scenario_id)
    if scenario.kind == "working":
        person = require_now(tx, person_id, "change_working_plan")
        for key in keys:
            require_owner(person.role, key)
        require_in_time(tx, person.role)
    elif scenario.owner != person_id:
        raise NotAllowed(f"'{scenario.name}' belongs to {scenario.owner}", remedy="Save a copy and change that")


def _values(entries: Entries) -> Assumptions:
    return as_assumptions(tuple(entries.values()))


def _readable(tx: Transaction, scenario_id: int, person_id: str) -> Scenario:
    scenario = read_scenario(tx, scenario_id)
    if scenario.kind == "draft" and scenario.owner != person_id:
        raise NotAllowed(f"'{scenario.name}' is a private draft of {scenario.owner}")
    return scenario


def _version(tx: Transaction, scenario_id: int, key: str, scope: str, expected: int | None) -> int:
    """The version that a change is checked against: what was seen, or what stands now where nobody is crossed."""
    if expected is not None and read_scenario(tx, scenario_id).kind != "draft":
        return expected
    found = by_place(tx, scenario_id).get((key, scope))
    return found.version if found else 0
