"""The people who may open the app, and the role that decides what each may do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from sop.core.errors import BadInput
from sop.core.terms import Role
from sop.store.audit import audit
from sop.store.schema import PersonRow
from sop.store.transaction import Transaction, as_record, require_row


@dataclass(frozen=True)
class Person:
    """A person; `id` is the name they sign in with, `role` a value of `sop.core.terms.Role`."""

    id: str
    name: str
    role: str
    active: bool


def read_people(tx: Transaction) -> tuple[Person, ...]:
    """Everybody, in order of id, with those who may no longer sign in."""
    rows = tx.session.exec(select(PersonRow).order_by(col(PersonRow.id)))
    return tuple(as_record(Person, row) for row in rows)


def read_person(tx: Transaction, person_id: str) -> Person:
    """One person as stored at this moment. Raises NotFound."""
    remedy = "An administrator adds people in Settings"
    return as_record(Person, require_row(tx, PersonRow, person_id, f"person '{person_id}'", remedy))


def save_person(tx: Transaction, person_id: str, name: str, role: str, active: bool = True) -> Person:
    """Add a person or change name, role or access. Raises BadInput on a role that does not exist."""
    if role not in list(Role):
        raise BadInput(f"'{role}' is not a role", remedy=f"Roles are: {', '.join(Role)}")
    row = tx.session.merge(PersonRow(id=person_id, name=name, role=str(role), active=active))
    tx.session.flush()
    audit(tx, "person_saved", {"id": person_id, "name": name, "role": str(role), "active": active})
    return as_record(Person, row)
