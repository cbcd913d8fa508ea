"""Who is signed in: sessions, passwords, one-time invitations, and wrong passwords of the last minutes.

Secrets never come here: a cookie's and a link's as their SHA-256, a password's as its argon2id hash.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func
from sqlmodel import col, select

from sop.store.schema import FailureRow, InvitationRow, PasswordRow, SessionRow
from sop.store.transaction import Transaction, as_record, read_once


@dataclass(frozen=True)
class Session:
    """A browser that is signed in; `key`: SHA-256 of the cookie's secret, `method`: how the person was known.

    `person` is None in a demo where no persona has been chosen. Times are UTC text; `confirmed_at`: when the
    person last proved who they are.
    """

    key: str
    person: str | None
    method: str
    started_at: str
    seen_at: str
    confirmed_at: str | None


def add_session(tx: Transaction, key: str, person: str | None, method: str) -> Session:
    """Begin a session, confirmed at this moment."""
    row = SessionRow(key=key, person=person, method=method, started_at=tx.at, seen_at=tx.at, confirmed_at=tx.at)
    tx.session.add(row)
    tx.session.flush()
    return as_record(Session, row)


@read_once
def read_session(tx: Transaction, key: str) -> Session | None:
    """A session, expired or not; None where there is none."""
    row = tx.session.get(SessionRow, key)
    return None if row is None else as_record(Session, row)


def read_keys(tx: Transaction) -> dict[str, str | None]:
    """Whose session each key opens, of all that were not ended."""
    return dict(tx.session.exec(select(SessionRow.key, SessionRow.person)).all())


def save_seen(tx: Transaction, key: str) -> None:
    """Note that a session is in use."""
    _change(tx, key, seen_at=tx.at)


def save_confirmed(tx: Transaction, key: str) -> None:
    """Note that the person proved again who they are."""
    _change(tx, key, confirmed_at=tx.at)


def save_persona(tx: Transaction, key: str, person: str | None) -> None:
    """Let a session of a demo act as somebody else."""
    _change(tx, key, person=person)


def _change(tx: Transaction, key: str, **values: str | None) -> None:
    row = tx.session.get(SessionRow, key)
    if row is not None:
        for name, value in values.items():
            setattr(row, name, value)
        tx.session.add(row)
        tx.session.flush()


def end_session(tx: Transaction, key: str) -> None:
    """End one session."""
    tx.session.execute(delete(SessionRow).where(col(SessionRow.key) == key))


def end_sessions(tx: Transaction, person: str) -> None:
    """End every session of somebody."""
    tx.session.execute(delete(SessionRow).where(col(SessionRow.person) == person))


def end_all_sessions(tx: Transaction) -> None:
    """End every session: of a database that was restored, whose cookies may be anywhere."""
    tx.session.execute(delete(SessionRow))


def drop_expired(tx: Transaction, seen_before: str, started_before: str, failed_before: str) -> None:
    """Forget sessions, failures and invitations that are over."""
    over = (col(SessionRow.seen_at) < seen_before) | (col(SessionRow.started_at) < started_before)
    tx.session.execute(delete(SessionRow).where(over))
    tx.session.execute(delete(FailureRow).where(col(FailureRow.at) < failed_before))
    tx.session.execute(delete(InvitationRow).where(col(InvitationRow.expires_at) < tx.at))


def save_password(tx: Transaction, person: str, hashed: str) -> None:
    """Keep the hash of somebody's password."""
    tx.session.merge(PasswordRow(person=person, hash=hashed, set_at=tx.at))
    tx.session.flush()


def read_password(tx: Transaction, person: str) -> str | None:
    """The hash of somebody's password; None where none was set."""
    row = tx.session.get(PasswordRow, person)
    return None if row is None else row.hash


def add_invitation(tx: Transaction, key: str, person: str, expires_at: str) -> None:
    """Keep an invitation in place of the earlier ones of the person."""
    drop_invitations(tx, person)
    tx.session.add(InvitationRow(key=key, person=person, expires_at=expires_at))
    tx.session.flush()


def read_invited(tx: Transaction, key: str) -> str | None:
    """The person whom an invitation is for; None where it was used, replaced, has expired or never was."""
    row = tx.session.get(InvitationRow, key)
    return None if row is None or row.expires_at < tx.at else row.person


def drop_invitations(tx: Transaction, person: str) -> None:
    """No invitation of the person holds any more."""
    tx.session.execute(delete(InvitationRow).where(col(InvitationRow.person) == person))


def add_failure(tx: Transaction, account: str, address: str) -> None:
    """Note a wrong password."""
    tx.session.add(FailureRow(account=account, address=address, at=tx.at))
    tx.session.flush()


def count_failures(tx: Transaction, since: str, account: str | None = None, address: str | None = None) -> int:
    """Wrong passwords since a time, of an account, from an address, or of both."""
    query = select(func.count()).select_from(FailureRow).where(col(FailureRow.at) >= since)
    if account is not None:
        query = query.where(col(FailureRow.account) == account)
    if address is not None:
        query = query.where(col(FailureRow.address) == address)
    return int(tx.session.exec(query).one())


def drop_failures(tx: Transaction, account: str, address: str) -> None:
    """Forget the wrong passwords of an account from an address, after a right one."""
    mine = (col(FailureRow.account) == account) & (col(FailureRow.address) == address)
    tx.session.execute(delete(FailureRow).where(mine))
