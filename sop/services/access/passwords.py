"""Signing in by password: the same answer and the same time for whoever is known, unknown, or without access."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sop.core.errors import BadInput, NotAllowed
from sop.core.names import normal_id
from sop.services.access.mode import Access, access_of
from sop.services.access.sessions import begin_session
from sop.services.company.cycle import read_company
from sop.store import Store, Transaction
from sop.store.audit import audit
from sop.store.settings import find_person
from sop.store.sign_in import (
    add_failure,
    count_failures,
    drop_failures,
    drop_invitations,
    end_sessions,
    read_invited,
    read_password,
    read_session,
    save_confirmed,
    save_password,
)
from sop.store.transaction import time_after

SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher()
_TURNS = threading.BoundedSemaphore(2)
"""A hash takes 64 MB and a core for a moment: so many at once."""
_KEPT_OF_ACCOUNT = 120


class _Limit(NamedTuple):
    """So many wrong passwords within a time; what is refused beyond does not count, so that it never lasts."""

    by_account: bool
    by_address: bool
    most: int
    within: timedelta


_LIMITS = (
    _Limit(True, True, 5, timedelta(minutes=5)),
    _Limit(False, True, 30, timedelta(minutes=5)),
    _Limit(True, False, 60, timedelta(minutes=15)),
)


class TooOften(NotAllowed):
    """Too many wrong passwords in a short time; it passes by itself."""


def sign_in(store: Store, account: str, password: str, address: str) -> str:
    """The secret of a new session. Raises NotAllowed for a wrong password, an unknown person, or one without
    access, all alike, and TooOften after many of these."""
    person = _check(store, account, password, address)
    return begin_session(store, person, Access.LOCAL)


def confirm_password(store: Store, session: str, password: str, address: str = "") -> None:
    """Prove again who one is, before signing. Raises as `sign_in` does."""
    with store.read() as tx:
        found = read_session(tx, session)
    person = _check(store, (found and found.person) or "", password, address)
    assert found is not None and found.person == person
    with store.write() as tx:
        save_confirmed(tx, session)


def _check(store: Store, account: str, password: str, address: str) -> str:
    """The id of the person whose password this is."""
    account = normal_id(account)[:_KEPT_OF_ACCOUNT]
    with store.read() as tx:
        if any(_reached(tx, limit, account, address) for limit in _LIMITS):
            raise TooOften("too many wrong passwords", remedy="Wait five minutes, then try again")
        person = find_person(tx, account)
        local = access_of(read_company(tx)) is Access.LOCAL
        known = read_password(tx, account) if person is not None and person.active and local else None
    right = _verify(known or _nobodys(), password)
    if known is not None and right:
        with store.write() as tx:
            drop_failures(tx, account, address)
        return account
    with store.write() as tx:
        add_failure(tx, account, address)
    raise NotAllowed("name or password is wrong", remedy="Try again, or ask an administrator for a new link")


def _reached(tx: Transaction, limit: _Limit, account: str, address: str) -> bool:
    since = time_after(tx.at, -limit.within)
    who, where = account if limit.by_account else None, address if limit.by_address else None
    return count_failures(tx, since, who, where) >= limit.most


def _verify(hashed: str, password: str) -> bool:
    with _TURNS:
        try:
            return _HASHER.verify(hashed, _normal(password))
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    """A hash that costs as much as any other and that no password has."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password[: LONGEST + 1])


def set_password(store: Store, link: str, password: str) -> str:
    """Set a password by an invitation, which is used up; the person's id. Every session of theirs ends.

    `link`: the key of the invitation. Raises NotAllowed where it does not hold, BadInput for a weak password.
    """
    with store.read() as tx:
        person_id = read_invited(tx, link)
        person = find_person(tx, person_id or "")
    if person is None or not person.active:
        raise NotAllowed("this link does not hold any more", remedy="Ask an administrator for a new one")
    require_strong(password, (person.id, person.name))
    with _TURNS:
        hashed = _HASHER.hash(_normal(password))
    with store.write(person.id, person.role) as tx:
        if read_invited(tx, link) != person.id:
            raise NotAllowed("this link does not hold any more", remedy="Ask an administrator for a new one")
        drop_invitations(tx, person.id)
        save_password(tx, person.id, hashed)
        end_sessions(tx, person.id)
        audit(tx, "password_set")
    return person.id


def require_strong(password: str, names: tuple[str, ...]) -> None:
    """Raises BadInput for a password that is too short, or guessed at once by who knows the `names`."""
    plain = _normal(password).casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"a password has {SHORTEST} to {LONGEST} characters",
            remedy="Take four or five words that you remember",
        )
    known = (name.casefold() for name in names if name)
    if len(set(plain)) < 5 or any(name in plain and len(plain) - len(name) < 8 for name in known):
        raise BadInput("this password is guessed at once", remedy="Take four or five words that you remember")
