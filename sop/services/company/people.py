"""The people of a workspace."""

from __future__ import annotations

from sop.core.terms import Role
from sop.services.acting import acting
from sop.store import Store
from sop.store.people import Person, read_people, save_person


def list_people(store: Store) -> tuple[Person, ...]:
    """Everybody who may sign in, in the order of roles."""
    with store.read() as tx:
        people = [person for person in read_people(tx) if person.active]
    order = list(Role)
    return tuple(sorted(people, key=lambda person: (order.index(Role(person.role)), person.name)))


def names_of(store: Store) -> dict[str, str]:
    """The name on screen of everybody who may sign in, by id."""
    return {person.id: person.name for person in list_people(store)}


def set_person(
    store: Store, person_id: str, *, changed: str, name: str, role: Role, active: bool = True
) -> Person:
    """Add a person or change name, role or access of one; `changed` is that person's id. Raises NotAllowed."""
    with acting(store, person_id, "manage_people") as tx:
        return save_person(tx, changed, name, role.value, active)
