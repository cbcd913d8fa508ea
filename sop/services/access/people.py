"""People: adding, changing and inviting them, by an administrator.

Who was ever an administrator keeps out of planning and signing; the last administrator stays; adding somebody
never overwrites; and whoever loses access or changes role is signed out everywhere.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sop.core.errors import BadInput, Conflict, NotFound
from sop.core.names import checked_id, checked_name, normal_id, same_name
from sop.core.terms import Role
from sop.services.access.sessions import key_of
from sop.services.acting import acting
from sop.store import Store, Transaction
from sop.store.audit import audit
from sop.store.settings import Person, find_person, had_role, read_people, save_person
from sop.store.sign_in import add_invitation, drop_invitations, end_sessions
from sop.store.transaction import time_after

INVITED = timedelta(days=7)
"""How long an invitation holds."""
APART = (Role.ADMINISTRATOR, Role.VIEWER)
"""The roles that neither plan nor sign: all that whoever was an administrator may have."""


def add_person(store: Store, person_id: str, added: str, name: str, role: Role, active: bool = True) -> Person:
    """Add somebody. Raises NotAllowed, BadInput for an id or a name that is none, Conflict where it is taken."""
    with acting(store, person_id, "manage_people") as tx:
        new = checked_id(added)
        if find_person(tx, new) is not None:
            raise Conflict(f"there is a person '{new}'", remedy="Change that person, or choose another id")
        return _save(tx, new, name, role, active)


def change_person(store: Store, person_id: str, changed: str, name: str, role: Role, active: bool) -> Person:
    """Change name, role or access. Raises as `add_person`, NotFound, and Conflict where one takes away one's own
    access, the last administrator would go, or an administrator would plan or sign."""
    with acting(store, person_id, "manage_people") as tx:
        was = find_person(tx, normal_id(changed))
        if was is None:
            raise NotFound(f"there is no person '{normal_id(changed)[:80]}'", remedy="Add them first")
        stays = role is Role.ADMINISTRATOR and active
        if was.id == normal_id(person_id) and not stays:
            raise Conflict("nobody takes away their own access", remedy="Ask another administrator")
        if not stays and _is_last_administrator(tx, was):
            raise Conflict("the last administrator stays", remedy="Make another administrator first")
        saved = _save(tx, was.id, name, role, active)
        if was.role != saved.role or not active:
            end_sessions(tx, was.id)
        if not active:
            drop_invitations(tx, was.id)
        return saved


def _is_last_administrator(tx: Transaction, person: Person) -> bool:
    others = (each for each in read_people(tx) if each.id != person.id)
    return person.role == Role.ADMINISTRATOR and not any(
        each.active and each.role == Role.ADMINISTRATOR for each in others
    )


def _save(tx: Transaction, person_id: str, name: str, role: Role, active: bool) -> Person:
    """Keep a person under the rules that hold for whoever is added or changed."""
    called = checked_name(name)
    other = next((each for each in read_people(tx) if each.id != person_id and same_name(each.name, called)), None)
    if other is not None:
        raise Conflict(f"'{other.id}' is called {called} too", remedy="Add what tells the two apart")
    if role not in APART and had_role(tx, person_id, Role.ADMINISTRATOR):
        raise Conflict(
            "who was an administrator neither plans nor signs",
            why="they could have made themselves anybody",
            remedy="Let another person take the role",
        )
    return save_person(tx, person_id, called, Role(role).value, active)


def invite(store: Store, person_id: str, invited: str) -> str:
    """The path of a one-time link by which somebody sets their password; earlier ones hold no more.

    Raises NotAllowed, NotFound, and BadInput for who may not sign in.
    """
    with acting(store, person_id, "manage_people") as tx:
        return _invitation(tx, invited)


def invite_from_here(store: Store, invited: str) -> str:
    """The same on the command line of the installation: for the first administrator, or where nobody gets in."""
    with store.write() as tx:
        return _invitation(tx, invited)


def _invitation(tx: Transaction, invited: str) -> str:
    person = find_person(tx, normal_id(invited))
    if person is None:
        raise NotFound(f"there is no person '{normal_id(invited)[:80]}'", remedy="Add them in Settings first")
    if not person.active:
        raise BadInput(f"{person.name} may not sign in", remedy="Give access first")
    secret = secrets.token_urlsafe(32)
    add_invitation(tx, key_of(secret), person.id, time_after(tx.at, INVITED))
    audit(tx, "invited", {"id": person.id})
    return f"/invitation?link={secret}"
