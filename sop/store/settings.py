"""Company settings, a JSON value per key with a version that detects concurrent edits; and people and their roles.

Every change is in the audit chain with what it was and is now: ground rules have a history.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from sop.core.errors import BadInput, Conflict
from sop.core.terms import Role
from sop.store.audit import audit
from sop.store.cycles import bump_open_cycles
from sop.store.schema import AuditRow, PersonRow, SettingRow
from sop.store.transaction import Transaction, as_record, read_once, require_row

_SET = "setting_changed"
_SAVED = "person_saved"
"""The audit trail's words for a setting changed, and for a person added or changed."""


@dataclass(frozen=True)
class Setting:
    """One setting; `version` counts its edits from 1."""

    key: str
    value: Any
    version: int


def read_settings(tx: Transaction) -> dict[str, Setting]:
    """Every stored setting by key; a key that was never set is absent."""
    return {row.key: as_record(Setting, row) for row in tx.session.exec(select(SettingRow))}


def read_setting(tx: Transaction, key: str, default: Any = None) -> Any:
    """The value of one setting, or `default` where it was never set."""
    row = tx.session.get(SettingRow, key)
    return default if row is None else row.value


def read_setting_at(tx: Transaction, key: str, at: str) -> Any:
    """The value of one setting at an instant (UTC text), as the audit chain tells it; None where it had none."""
    query = select(AuditRow).where(col(AuditRow.action) == _SET, col(AuditRow.at) > at).order_by(col(AuditRow.seq))
    later = next((row for row in tx.session.exec(query) if row.detail["key"] == key), None)
    return read_setting(tx, key) if later is None else later.detail.get("was")


def save_setting(tx: Transaction, key: str, value: Any, expected_version: int | None = None) -> Setting:
    """Store a setting. With `expected_version` (0 for a new key) a change in between raises Conflict."""
    row = tx.session.get(SettingRow, key)
    version = row.version if row else 0
    if expected_version is not None and expected_version != version:
        raise Conflict(f"the setting '{key}' was changed meanwhile", remedy="Look at it again, then save")
    detail = {"key": key, "now": value} | ({"was": row.value} if row else {})
    row = row or SettingRow(key=key, version=0, value=None)
    row.value, row.version = value, version + 1
    audit(tx, _SET, detail)
    tx.session.add(row)
    bump_open_cycles(tx)
    tx.session.flush()
    return as_record(Setting, row)


@dataclass(frozen=True)
class Person:
    """A person; `id` is the name they sign in with, `role` a value of `sop.core.terms.Role`."""

    id: str
    name: str
    role: str
    active: bool


@read_once
def read_people(tx: Transaction) -> tuple[Person, ...]:
    """Everybody, in order of id, with those who may no longer sign in."""
    rows = tx.session.exec(select(PersonRow).order_by(col(PersonRow.id)))
    return tuple(as_record(Person, row) for row in rows)


@read_once
def read_person(tx: Transaction, person_id: str) -> Person:
    """One person as stored at this moment. Raises NotFound."""
    remedy = "An administrator adds people in Settings"
    return as_record(Person, require_row(tx, PersonRow, person_id, f"person '{person_id}'", remedy))


@read_once
def find_person(tx: Transaction, person_id: str) -> Person | None:
    """One person as stored at this moment; None where there is none."""
    row = tx.session.get(PersonRow, person_id)
    return None if row is None else as_record(Person, row)


def had_role(tx: Transaction, person_id: str, role: str) -> bool:
    """Whether somebody has or ever had a role, as the audit trail knows."""
    entries = tx.session.exec(select(AuditRow).where(AuditRow.action == _SAVED))
    return any(entry.detail.get("id") == person_id and entry.detail.get("role") == role for entry in entries)


def save_person(tx: Transaction, person_id: str, name: str, role: str, active: bool = True) -> Person:
    """Add a person or change name, role or access. Raises BadInput on a role that does not exist."""
    if role not in list(Role):
        raise BadInput(f"'{role}' is not a role", remedy=f"Roles are: {', '.join(Role)}")
    row = tx.session.merge(PersonRow(id=person_id, name=name, role=str(role), active=active))
    tx.session.flush()
    audit(tx, _SAVED, {"id": person_id, "name": name, "role": str(role), "active": active})
    return as_record(Person, row)
