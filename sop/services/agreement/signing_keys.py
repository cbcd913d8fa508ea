"""The installation's signing keys and what the audit chain knows of them: a key that was used is never replaced
in silence.

The chain holds the id of every key that has signed, so a file that was lost, swapped or copied from elsewhere is
noticed before anybody signs a plan. Whoever runs the installation restores the file, or declares the key lost.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sop.core.errors import BadInput, Conflict, SetupError
from sop.core.words import short_digest
from sop.files.keys import KEY_FILE, KeyRecord, KeyRing, read_keys, renew_keys, revoke_key, rotate_key
from sop.services.company.workspace import keys_folder
from sop.store import Store, Transaction
from sop.store.audit import audit, latest_time, read_audit

KNOWN, LOST, REVOKED = "key_known", "key_lost", "key_revoked"
"""The audit chain's words: a key that signs from now on, one whose file is gone for good, one that is revoked."""
_EVERY = 100_000
_CLOCK_SLACK_SECONDS = 300


def keys_of(store: Store) -> Path:
    """Where the signing keys of an open store are: beside its own file, else in the workspace folder."""
    own = None if os.environ.get("SOP_DATABASE_URL") else store.file
    return own.parent / "keys" if own is not None else keys_folder()


def require_signing(tx: Transaction, folder: Path) -> None:
    """Raises SetupError where the key that the chain knows is not there, or the clock of this server went back:
    then nothing is signed, and nothing is recorded as signed."""
    latest = latest_time(tx)
    if latest and _seconds(latest) - _seconds(tx.at) > _CLOCK_SLACK_SECONDS:
        raise SetupError(
            "nothing is signed while the clock of this server is wrong",
            why=f"it says {tx.at}, and the last entry of the audit trail is of {latest}",
            remedy="Set the clock of the server, then sign again",
        )
    known = known_keys(tx)
    if known:
        _require_known(known, find_ring(folder), folder)
    elif folder.parent.is_dir():
        # From the first signature on there is a key, so that one which is gone later is missed.
        _make_known(tx, renew_keys(folder, datetime.now(UTC)), known)


def signing_ring(store: Store, folder: Path, now: datetime) -> KeyRing:
    """The keys to sign a snapshot with: made where this is the first, renewed where the newest runs out.

    Raises SetupError where a key that has signed before is missing.
    """
    with store.write() as tx:
        known = known_keys(tx)
        if known:
            _require_known(known, find_ring(folder), folder)
        ring = renew_keys(folder, now)
        _make_known(tx, ring, known)
    return ring


def known_keys(tx: Transaction) -> tuple[str, ...]:
    """The ids of the keys that the chain knows and nobody declared lost, oldest first."""
    entries = (*read_audit(tx, _EVERY, KNOWN), *read_audit(tx, _EVERY, LOST))
    known: list[str] = []
    for entry in sorted(entries, key=lambda each: each.seq):
        if entry.action == KNOWN:
            known.append(entry.detail["key"])
        else:
            known = [key for key in known if key not in entry.detail["keys"]]
    return tuple(known)


def find_ring(folder: Path) -> KeyRing | None:
    """The keys of a folder; None where there are none. Raises SetupError for a file that cannot be used."""
    return read_keys(folder) if (folder / KEY_FILE).exists() else None


def _make_known(tx: Transaction, ring: KeyRing, known: Sequence[str]) -> None:
    """Have the chain know the keys that it does not."""
    for record in ring.records:
        if record.key_id not in known:
            audit(tx, KNOWN, {"key": record.key_id, "endorsed_by": record.endorsed_by})


def _missing(known: Sequence[str], ring: KeyRing | None) -> tuple[str, ...]:
    """The ids of known keys that are not there."""
    have = {record.key_id for record in ring.records} if ring else set()
    return tuple(key for key in known if key not in have)


def _require_known(known: Sequence[str], ring: KeyRing | None, folder: Path) -> None:
    missing = _missing(known, ring)
    if missing:
        raise SetupError(
            f"the signing key {short_digest(missing[-1])}… is missing, nothing is signed without it",
            where=str(folder / KEY_FILE),
            why="a new key in its place would be unknown to everybody who trusts the old one",
            remedy=(
                "Restore the file from a backup; where it is lost for good, run `python -m sop keys rotate --lost "
                "REASON` and hand out the new public key"
            ),
        )


# -- what whoever runs the installation does


def list_keys(store: Store, folder: Path) -> tuple[tuple[KeyRecord, ...], tuple[str, ...]]:
    """The keys that are there, oldest first, and the ids of those that the chain knows and that are missing."""
    ring = find_ring(folder)
    with store.read() as tx:
        known = known_keys(tx)
    return ring.records if ring else (), _missing(known, ring)


def rotate(store: Store, folder: Path, lost: str = "") -> KeyRecord:
    """Add a key, endorsed by the newest one, and have the chain know it.

    `lost`: why the keys that are missing are gone for good; the new one then stands on its own. Raises SetupError
    where keys are missing and no reason is given, and Conflict where none is missing and one is given.
    """
    now = datetime.now(UTC)
    with store.write() as tx:
        known, ring = known_keys(tx), find_ring(folder)
        missing = _missing(known, ring)
        if missing and not lost.strip():
            _require_known(known, ring, folder)
        if lost.strip() and not missing:
            raise Conflict("no signing key is missing", remedy="Rotate without --lost")
        if missing:
            audit(tx, LOST, {"keys": list(missing), "reason": lost.strip()})
        new = rotate_key(folder, now) if ring else renew_keys(folder, now).keys[-1]
        _make_known(tx, read_keys(folder), known)
    return new.record


def revoke(store: Store, folder: Path, key: str, reason: str) -> KeyRecord:
    """Revoke the key whose id begins so. Raises BadInput without a reason or where the beginning names none or
    several."""
    if not reason.strip():
        raise BadInput("a revocation needs its reason", remedy="Say what happened to the key")
    record = one_key(read_keys(folder).records, key)
    with store.write() as tx:
        revoke_key(folder, record.key_id, datetime.now(UTC), reason.strip())
        audit(tx, REVOKED, {"key": record.key_id, "reason": reason.strip()})
    return one_key(read_keys(folder).records, record.key_id)


def one_key(records: Sequence[KeyRecord], beginning: str) -> KeyRecord:
    """The key whose id begins so. Raises BadInput where none or several do."""
    found = [record for record in records if beginning and record.key_id.startswith(beginning.lower())]
    if len(found) != 1:
        what = "no signing key begins" if not found else f"{len(found)} signing keys begin"
        raise BadInput(f"{what} with {beginning!r}", remedy="`python -m sop keys list` shows them")
    return found[0]


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
