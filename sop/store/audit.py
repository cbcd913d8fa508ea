"""The audit chain: who did what and when, each entry sealed by the hash of the one before.

Rows that must never change (plans, their events, signatures, waivers, imported tables) enter the chain with the
SHA-256 of their fields, so a row that was altered, added or removed behind the program's back is found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from sop.core.errors import SetupError
from sop.core.words import sha256_hex
from sop.store.audit_state import state_problems
from sop.store.schema import CHAINED, AuditRow, Row, canonical_json, table_of
from sop.store.transaction import Transaction, as_record, read_once

PROTECTION_RESTORED = "protection_restored"
GENESIS = "0" * 64
"""The hash before the first entry."""

_UNREADABLE = (DBAPIError, ValueError, SetupError)
"""What reading raises where somebody wrote broken text or broken JSON into the file."""


@dataclass(frozen=True)
class AuditEntry:
    """One entry. `detail` is plain JSON; `hash` is SHA-256 over the canonical JSON of every other field."""

    seq: int
    at: str
    who: str
    role: str
    action: str
    detail: dict[str, Any]
    previous_hash: str
    hash: str


AUDIT_FIELDS = tuple(field.name for field in fields(AuditEntry) if field.name != "hash")
"""What the hash of an entry covers."""


@dataclass(frozen=True)
class ChainCheck:
    """What checking the chain found: its length, its head, every problem in words, and what is only odd."""

    entries: int
    head: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Whether nothing was altered, added or removed."""
        return not self.problems


def audit(tx: Transaction, action: str, detail: dict[str, Any] | None = None) -> AuditEntry:
    """Add one entry in the name of whoever acts in the transaction."""
    last = tx.session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    row = AuditRow(
        seq=last.seq + 1 if last else 1,
        at=tx.at,
        who=tx.by,
        role=tx.role,
        action=action,
        detail=detail or {},
        previous_hash=last.hash if last else GENESIS,
        hash="",
    )
    row.hash = _entry_hash(row)
    tx.session.add(row)
    tx.session.flush()
    return as_record(AuditEntry, row)


def add_sealed(tx: Transaction, row: Row, action: str, detail: dict[str, Any] | None = None) -> None:
    """Add an append-only row and, in the same transaction, its digest to the chain."""
    tx.session.add(row)
    tx.session.flush()
    table = table_of(type(row))
    seal = {"table": table.name, "id": _row_id(row), "sha256": _row_hash(row)}
    audit(tx, action, {**(detail or {}), "row": seal})


def chain_head(tx: Transaction) -> str:
    """The hash of the last entry; 64 zeros where there is none. Every snapshot prints it."""
    head = tx.session.exec(select(AuditRow.hash).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    return head or GENESIS


def latest_time(tx: Transaction) -> str:
    """The latest instant (UTC text) that any entry names; empty before the first."""
    return tx.session.exec(select(func.max(AuditRow.at))).one() or ""


@read_once
def read_audit(tx: Transaction, limit: int = 200, action: str | None = None) -> tuple[AuditEntry, ...]:
    """The newest entries first, of one action where that is named."""
    query = select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(limit)
    if action is not None:
        query = query.where(AuditRow.action == action)
    return tuple(as_record(AuditEntry, row) for row in tx.session.exec(query))


def verify_chain(tx: Transaction, printed: Mapping[str, str] | None = None) -> ChainCheck:
    """Check every entry against the one before it, every sealed row against its entry, and people, settings,
    cycles and scenarios against the last entry about them.

    `printed`: heads of the chain that were kept outside, by where they are printed: a chain that was cut or
    written anew as a whole holds together and is found only by them. A table that holds something unreadable is a
    problem too, never an error.
    """
    try:
        entries = tx.session.exec(select(AuditRow).order_by(col(AuditRow.seq))).all()
    except _UNREADABLE:
        return ChainCheck(0, "", ("audit holds an entry that cannot be read",))
    sealed = (entry.detail["row"] for entry in entries if "row" in entry.detail)
    seals = {(seal["table"], seal["id"]): seal["sha256"] for seal in sealed}
    problems = [*_broken_links(entries), *(each for kind in CHAINED for each in _broken_rows(tx, kind, seals))]
    try:
        problems += state_problems(tx, entries)
    except (*_UNREADABLE, KeyError, TypeError):
        problems.append("people, settings, cycles or scenarios hold something that cannot be read")
    problems += _missing_heads(entries, printed or {})
    head = entries[-1].hash if entries else GENESIS
    return ChainCheck(len(entries), head, tuple(problems), tuple(_odd_entries(entries)))


def _missing_heads(entries: Sequence[AuditRow], printed: Mapping[str, str]) -> Iterator[str]:
    held = {GENESIS, *(entry.hash for entry in entries)}
    for where, head in printed.items():
        if head not in held:
            yield f"the head that {where} prints is not in the chain: its tail was cut, or it was written anew"


def _odd_entries(entries: Sequence[AuditRow]) -> Iterator[str]:
    """Entries to look at: protection that was missing, a clock that went back, keys that were lost."""
    latest = ""
    for entry in entries:
        if entry.action == PROTECTION_RESTORED:
            missing = ", ".join(entry.detail["tables"])
            yield f"entry {entry.seq}: the protection of {missing} was missing and was restored at {entry.at}"
        elif entry.action == "key_lost":
            why = entry.detail.get("reason")
            yield f"entry {entry.seq}: the signing key was declared lost at {entry.at}: {why}"
        if entry.at < latest and latest[:16] != entry.at[:16]:
            yield f"entry {entry.seq}: the clock went back from {latest} to {entry.at}"
        latest = max(latest, entry.at)


def _broken_links(entries: Sequence[AuditRow]) -> Iterator[str]:
    previous = GENESIS
    for place, entry in enumerate(entries, start=1):
        if entry.seq != place or entry.previous_hash != previous:
            yield f"audit entry {entry.seq} does not follow the one before it"
        if entry.hash != _entry_hash(entry):
            yield f"audit entry {entry.seq} was altered"
        previous = entry.hash


def _broken_rows(tx: Transaction, kind: type[Row], seals: dict[tuple[str, int], str]) -> list[str]:
    """What is wrong with the rows of one table, compared with the digests that were sealed."""
    name = table_of(kind).name
    try:
        # In batches, because imported tables are large.
        rows = tx.session.exec(select(kind).execution_options(yield_per=20))
        found = {(name, _row_id(row)): _row_hash(row) for row in rows}
    except _UNREADABLE:
        return [f"{name} holds a row that cannot be read"]
    sealed = {key: digest for key, digest in seals.items() if key[0] == name}
    differing = sorted(key for key in sealed.keys() | found.keys() if sealed.get(key) != found.get(key))
    return [f"{name} {key[1]} {_difference(sealed, found, key)}" for key in differing]


def _difference(sealed: dict[Any, str], found: dict[Any, str], key: Any) -> str:
    if key not in found:
        return "was removed"
    return "was altered" if key in sealed else "was added without an audit entry"


def _row_id(row: Row) -> int:
    (column,) = table_of(type(row)).primary_key.columns
    return int(getattr(row, column.name))


def _row_hash(row: Row) -> str:
    values = {column.name: getattr(row, column.name) for column in table_of(type(row)).columns}
    plain = {key: sha256_hex(value) if isinstance(value, bytes) else value for key, value in values.items()}
    return sha256_hex(canonical_json(plain))


def _entry_hash(row: AuditRow) -> str:
    values = {name: getattr(row, name) for name in AUDIT_FIELDS}
    return sha256_hex(canonical_json(values))
