"""Scenarios and the assumption values in them; no edit is ever overwritten unseen.

Kinds: `working` (one per cycle, the plan that will be proposed), `saved` (named, shared) and `draft` (private;
its slider moves neither enter the audit chain nor wake other screens). A value's `version` is the scenario's
version at its last change, so it never repeats, not even after the value was removed and set again.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from sop.core.errors import BadInput, Conflict, NotFound
from sop.core.register import Entry, Start
from sop.store.audit import audit
from sop.store.cycles import bump_version, read_cycle
from sop.store.schema import AssumptionRow, ScenarioRow, clean_text
from sop.store.transaction import Transaction, as_record, read_once, read_records, require_row

KINDS = ("working", "saved", "draft")


@dataclass(frozen=True)
class Scenario:
    """A named set of assumption values in a cycle; `version` moves at every edit of any of them.

    `description`: the question that it answers. `expiry`: the last cycle in which it is kept, its own where None;
    `stands_on`: code and data with which it was saved.
    """

    id: int
    cycle: str
    name: str
    kind: str
    owner: str
    description: str
    version: int
    created_at: str
    updated_at: str
    updated_by: str
    expiry: str | None = None
    stands_on: str | None = None


def add_scenario(
    tx: Transaction,
    cycle: str,
    name: str,
    kind: str,
    description: str = "",
    copy_of: int | None = None,
    *,
    expiry: str | None = None,
    stands_on: str | None = None,
) -> Scenario:
    """Add a scenario owned by whoever acts, with the values of another where `copy_of` names one.

    Raises Conflict where the cycle has a working scenario already or the owner one of that name.
    """
    _require_open(tx, cycle)
    _require_free(tx, cycle, name, kind)
    row = ScenarioRow(
        cycle=cycle,
        name=name,
        kind=kind,
        owner=tx.by,
        description=description,
        created_at=tx.at,
        updated_at=tx.at,
        updated_by=tx.by,
        expiry=expiry,
        stands_on=stands_on,
    )
    tx.session.add(row)
    tx.session.flush()
    if copy_of is not None:
        _copy_values(tx, copy_of, row)
    _note(tx, row, "scenario_added", {"name": name, "kind": kind, "copy_of": copy_of})
    return as_record(Scenario, row)


def carry_scenarios(tx: Transaction, cycle: str, following: str) -> None:
    """Copy saved scenarios that are to last into the next cycle, with their owners and what they stood on."""
    for kept in read_scenarios(tx, cycle):
        if kept.kind == "saved" and kept.expiry is not None and kept.expiry >= following:
            row = ScenarioRow(**{**vars(kept), "id": None, "cycle": following, "version": 1})
            tx.session.add(row)
            tx.session.flush()
            _copy_values(tx, kept.id, row)
            expire_assumptions(tx, row.id or 0, following)
            _note(tx, row, "scenario_added", {"name": kept.name, "kind": kept.kind, "copy_of": kept.id})


def _copy_values(tx: Transaction, copy_of: int, row: ScenarioRow) -> None:
    for value in read_assumptions(tx, copy_of):
        tx.session.add(AssumptionRow(**{**vars(value), "scenario_id": row.id, "version": row.version}))


@read_once
def read_scenario(tx: Transaction, scenario_id: int) -> Scenario:
    """One scenario. Raises NotFound."""
    return as_record(Scenario, _row(tx, scenario_id))


@read_once
def read_scenarios(tx: Transaction, cycle: str) -> tuple[Scenario, ...]:
    """The scenarios of a cycle in the order in which they were made, drafts of everybody included."""
    return read_records(tx, Scenario, ScenarioRow, ScenarioRow.cycle == cycle, order_by=(ScenarioRow.id,))


def read_working_scenario(tx: Transaction, cycle: str) -> Scenario:
    """The working scenario of a cycle. Raises NotFound where the cycle has none."""
    for scenario in read_scenarios(tx, cycle):
        if scenario.kind == "working":
            return scenario
    raise NotFound(f"the cycle {cycle} has no working scenario")


def save_scenario(
    tx: Transaction, scenario_id: int, expected_version: int, *, name: str, description: str, kind: str
) -> Scenario:
    """Change a scenario's name, description or kind (a draft becomes saved). Raises Conflict."""
    row = _row(tx, scenario_id)
    if row.version != expected_version:
        raise Conflict(
            f"{row.updated_by} changed the scenario '{row.name}' meanwhile, nothing was saved",
            remedy="Look at it again, then save",
        )
    _require_free(tx, row.cycle, name, kind, besides=scenario_id)
    row.name, row.description, row.kind = name, description, kind
    _touch(tx, row)
    _note(tx, row, "scenario_changed", {"name": name, "kind": kind})
    return as_record(Scenario, row)


@read_once
def read_assumptions(tx: Transaction, scenario_id: int) -> tuple[Entry, ...]:
    """Every value set in a scenario, by key and scope; what is not here has its default."""
    of_it, order = AssumptionRow.scenario_id == scenario_id, (AssumptionRow.key, AssumptionRow.scope)
    return read_records(tx, Entry, AssumptionRow, of_it, order_by=order)


def save_assumption(
    tx: Transaction,
    scenario_id: int,
    key: str,
    value: Any,
    *,
    expected_version: int,
    scope: str = "",
    reason: str = "",
    owner: str = "",
    expiry: str | None = None,
    start: Start | None = None,
) -> Entry:
    """Set one value, for the whole horizon or from its `start` on.

    `expected_version` is the version that the editor saw, 0 where it was not set. Raises Conflict, naming who
    changed it meanwhile.
    """
    scenario = _row(tx, scenario_id)
    row = _value_row(tx, scenario_id, key, scope)
    _require_unchanged(scenario, row, key, scope, expected_version)
    was = {"was": row.value} if row else {}
    row = row or AssumptionRow(scenario_id=scenario_id, key=key, scope=scope, by="", at="", version=0, value=None)
    _touch(tx, scenario)
    row.value, row.reason, row.owner, row.expiry = value, reason, owner, expiry
    row.start, row.before = (None, None) if start is None else (start.month, start.before)
    row.by, row.at, row.version = tx.by, tx.at, scenario.version
    tx.session.add(row)
    detail = {"key": key, "scope": scope, "now": value, "reason": reason} | was
    _note(tx, scenario, "assumption_set", detail | ({"start": start.month} if start else {}))
    return as_record(Entry, row)


def remove_assumption(
    tx: Transaction, scenario_id: int, key: str, *, expected_version: int, scope: str = ""
) -> None:
    """Go back to the default of one value. Raises Conflict like `save_assumption`."""
    row = _value_row(tx, scenario_id, key, scope)
    _require_unchanged(_row(tx, scenario_id), row, key, scope, expected_version)
    if row is not None:
        _remove(tx, row, "assumption_removed", {})


def expire_assumptions(tx: Transaction, scenario_id: int, first_open: str) -> None:
    """Take out of a scenario what was meant to hold only until a month before `first_open`; each is noted."""
    query = select(AssumptionRow).where(
        AssumptionRow.scenario_id == scenario_id, col(AssumptionRow.expiry) < first_open
    )
    for row in tx.session.exec(query.order_by(col(AssumptionRow.key), col(AssumptionRow.scope))).all():
        _remove(tx, row, "assumption_expired", {"expiry": row.expiry, "by": row.by, "reason": row.reason})


def _remove(tx: Transaction, row: AssumptionRow, action: str, detail: dict[str, Any]) -> None:
    scenario = _row(tx, row.scenario_id)
    tx.session.delete(row)
    _touch(tx, scenario)
    _note(tx, scenario, action, {"key": row.key, "scope": row.scope, "was": row.value, **detail})


def _row(tx: Transaction, scenario_id: int) -> ScenarioRow:
    return require_row(tx, ScenarioRow, scenario_id, f"scenario {scenario_id}")


def _value_row(tx: Transaction, scenario_id: int, key: str, scope: str) -> AssumptionRow | None:
    query = select(AssumptionRow).where(
        AssumptionRow.scenario_id == scenario_id, AssumptionRow.key == key, AssumptionRow.scope == scope
    )
    return tx.session.exec(query).first()


def _require_free(tx: Transaction, cycle: str, name: str, kind: str, besides: int | None = None) -> None:
    if kind not in KINDS:
        raise BadInput(f"'{kind}' is not a kind of scenario", remedy=f"Kinds are: {', '.join(KINDS)}")
    others = [scenario for scenario in read_scenarios(tx, cycle) if scenario.id != besides]
    if kind == "working" and any(other.kind == "working" for other in others):
        raise Conflict(f"the cycle {cycle} has a working scenario already")
    if any(other.name == clean_text(name) and other.owner == tx.by for other in others):
        raise Conflict(f"you have a scenario '{name}' in the cycle {cycle}", remedy="Choose another name")


def _require_unchanged(
    scenario: ScenarioRow, row: AssumptionRow | None, key: str, scope: str, expected_version: int
) -> None:
    if (row.version if row else 0) == expected_version:
        return
    place = f"{key} ({scope})" if scope else key
    if row is None:
        what = f"{place} was removed meanwhile (the last edit is by {scenario.updated_by})"
    else:
        what = f"{row.by} changed {place} meanwhile to {row.value!r}"
    raise Conflict(f"{what}, nothing was saved", remedy="Look at the new value, then decide again")


def _require_open(tx: Transaction, cycle: str) -> None:
    """Raises Conflict where the cycle is closed, and NotFound where there is none."""
    if read_cycle(tx, cycle).closed_at is not None:
        raise Conflict(f"the cycle {cycle} is closed", why="it is history", remedy="Work in the open cycle")


def _touch(tx: Transaction, scenario: ScenarioRow) -> None:
    _require_open(tx, scenario.cycle)
    scenario.version += 1
    scenario.updated_at, scenario.updated_by = tx.at, tx.by
    tx.session.add(scenario)


def _note(tx: Transaction, scenario: ScenarioRow, action: str, detail: dict[str, Any]) -> None:
    """Flush, and unless the scenario is private tell the audit chain and the other screens."""
    tx.session.flush()
    if scenario.kind != "draft":
        audit(tx, action, {"scenario": scenario.id, "cycle": scenario.cycle, **detail})
        bump_version(tx, scenario.cycle)
