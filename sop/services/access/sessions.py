"""Sessions: who a browser is signed in as, kept in the database and ended everywhere at once.

The browser holds a random secret in a cookie; the database holds its SHA-256, which is the session's key and is of
no use in a cookie. What a session may do is asked of the database at every request and every run of a page.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from sop.core.errors import NotAllowed
from sop.core.words import sha256_hex
from sop.services.access.mode import METHODS, Access, access_of
from sop.services.company.cycle import read_company
from sop.store import Store, Transaction
from sop.store.audit import audit
from sop.store.settings import Person, find_person
from sop.store.sign_in import (
    Session,
    add_session,
    drop_expired,
    end_session,
    read_keys,
    read_session,
    save_persona,
    save_seen,
)
from sop.store.transaction import time_after

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""A session ends after so long without use, and after so long in any case."""
CONFIRMED = timedelta(minutes=5)
"""How long a proof of who one is counts for a signature."""
FAILED = timedelta(minutes=15)
"""How long wrong passwords are remembered."""
_SEEN_EVERY = timedelta(minutes=1)


def key_of(secret: str) -> str:
    """The key of the session or invitation that a secret opens."""
    return sha256_hex(secret)


def begin_session(store: Store, person_id: str | None, access: Access) -> str:
    """Sign a browser in; the secret for its cookie. Who they are has been proved by the caller."""
    secret = secrets.token_urlsafe(32)
    person = person_of(store, person_id)
    with store.write(*_by(person)) as tx:
        now = tx.at
        drop_expired(tx, time_after(now, -IDLE), time_after(now, -LONGEST), time_after(now, -FAILED))
        add_session(tx, key_of(secret), person_id, METHODS[access])
        if access is not Access.DEMO:
            audit(tx, "signed_in", {"method": METHODS[access]})
    return secret


def begin_for(store: Store, person_id: str, access: Access) -> str:
    """Sign in whom somebody else has vouched for. Raises NotAllowed for who is unknown here or has no access."""
    person = person_of(store, person_id)
    if person is None or not person.active:
        raise NotAllowed("you are not known here", remedy="Ask an administrator to add you")
    return begin_session(store, person.id, access)


def _by(person: Person | None) -> tuple[str, str]:
    return (person.id, person.role) if person else ("accord", "system")


def person_of(store: Store, person_id: str | None) -> Person | None:
    """A person by id; None where there is none."""
    with store.read() as tx:
        return find_person(tx, person_id or "")


def find_session(store: Store, key: str, *, used: bool = True) -> Session | None:
    """The session of a key as it holds at this moment; None where it ended, expired or its person may not sign in.

    A session that began in another way than people sign in by now does not hold either. `used`: somebody does
    something in it, which keeps it from expiring.
    """
    with store.read() as tx:
        found = live_session(tx, key)
        now = tx.at
    if used and found is not None and found.seen_at < time_after(now, -_SEEN_EVERY):
        with store.write() as tx:
            save_seen(tx, key)
    return found


def read_session_keys(store: Store) -> dict[str, str | None]:
    """Whose session each key opens, of all sessions that nobody ended."""
    with store.read() as tx:
        return read_keys(tx)


def names_of_present(store: Store, people: frozenset[str]) -> list[str]:
    """The names of who looks at the plan now, in their order."""
    with store.read() as tx:
        found = [find_person(tx, person) for person in people]
    return sorted(person.name for person in found if person is not None)


def live_session(tx: Transaction, key: str) -> Session | None:
    """`find_session` within a transaction, without noting that it is in use."""
    found = read_session(tx, key) if key else None
    if found is None or found.method != METHODS[access_of(read_company(tx))]:
        return None
    if found.seen_at < time_after(tx.at, -IDLE) or found.started_at < time_after(tx.at, -LONGEST):
        return None
    if found.person is None:
        return found
    person = find_person(tx, found.person)
    return found if person is not None and person.active else None


def sign_out(store: Store, key: str) -> None:
    """End a session; its cookie is worth nothing from now on."""
    with store.read() as tx:
        found = read_session(tx, key)
    if found is None:
        return
    person = person_of(store, found.person)
    with store.write(*_by(person)) as tx:
        end_session(tx, key)
        if person is not None and found.method != METHODS[Access.DEMO]:
            audit(tx, "signed_out")


def choose_persona(store: Store, key: str, person_id: str | None) -> Session:
    """In a demo, let this browser act as somebody else. Raises NotAllowed where people sign in."""
    with store.write() as tx:
        found = live_session(tx, key)
        if found is None or found.method != METHODS[Access.DEMO]:
            raise NotAllowed("personas are chosen in a demo alone", remedy="Sign in")
        save_persona(tx, key, person_id)
        return replace(found, person=person_id)


def method_of_signature(tx: Transaction, person_id: str, session: str) -> str:
    """How who signs was authenticated: in a demo as a persona, else as their session says.

    `session`: its key. Raises NotAllowed where it is not the person's, or where they have not proved within
    `CONFIRMED` who they are.
    """
    if access_of(read_company(tx)) is Access.DEMO:
        return METHODS[Access.DEMO]
    found = live_session(tx, session)
    if found is None or found.person != person_id:
        raise NotAllowed("who signs must be signed in", remedy="Sign in, then sign")
    if (found.confirmed_at or "") < time_after(tx.at, -CONFIRMED):
        raise NotAllowed("a signature needs a fresh proof of who you are", remedy="Confirm it, then sign")
    return found.method
