"""The installation's signing keys: Ed25519 keys in one private file of the workspace.

Every key has an id (the SHA-256 of its public half), a period of validity and an endorsement: the first key
signs its own statement, each later one is endorsed by the key before it. Whoever trusts an old key can
therefore trust its successors. A revoked key signs nothing more and endorses nobody.
"""

import base64
import binascii
import json
import os
import stat
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import rfc8785
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sop.core.errors import BadInput, NotFound, SetupError
from sop.core.faults import explain_os_error
from sop.core.words import sha256_hex

KEY_FILE = "signing-keys.json"
VALID_DAYS = 730
"""How long a new key signs: two years, then it is rotated. What it signed stays valid."""

RENEW_DAYS = 60


@dataclass(frozen=True)
class KeyRecord:
    """The public half of a key: id, PEM, period of validity (UTC), who endorsed it, and any revocation."""

    key_id: str
    public_pem: str
    created_at: str
    valid_until: str
    endorsed_by: str
    endorsement: str
    revoked_at: str = ""
    revoked_reason: str = ""

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The key itself. Raises `BadInput` where the PEM is not an Ed25519 public key."""
        return read_public_key(self.public_pem.encode("ascii", "replace"))

    def has_own_id(self) -> bool:
        """Whether the id is really this key's fingerprint; a forged record could name a trusted one."""
        try:
            return self.key_id == key_id_of(self.public_key)
        except BadInput:
            return False

    def statement(self) -> bytes:
        """What the endorser signs: this key's id and validity."""
        fields = {name: getattr(self, name) for name in ("key_id", "created_at", "valid_until", "endorsed_by")}
        return b"accord-key/1\n" + rfc8785.dumps(fields)

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the period of validity covers `moment`, both ends included."""
        return parse_utc(self.created_at) <= moment <= parse_utc(self.valid_until)


@dataclass(frozen=True)
class SigningKey:
    """A key that can sign: its public record and its private half."""

    record: KeyRecord
    private_key: Ed25519PrivateKey

    @property
    def key_id(self) -> str:
        """The fingerprint: SHA-256 (hex) of the public key's DER form."""
        return self.record.key_id

    def sign(self, data: bytes) -> bytes:
        """The 64-byte Ed25519 signature of `data`; the same data always give the same signature."""
        return self.private_key.sign(data)


@dataclass(frozen=True)
class KeyRing:
    """All keys of an installation, oldest first."""

    keys: tuple[SigningKey, ...]

    @property
    def records(self) -> tuple[KeyRecord, ...]:
        """The public halves, oldest first."""
        return tuple(key.record for key in self.keys)

    def current(self, now: datetime) -> SigningKey:
        """The newest key that may sign at `now`. Raises `SetupError` where none may."""
        for key in reversed(self.keys):
            if not key.record.revoked_at and key.record.is_valid_at(now):
                return key
        if any(not key.record.revoked_at and now < parse_utc(key.record.created_at) for key in self.keys):
            raise SetupError(
                "no signing key is valid now",
                where=KEY_FILE,
                why="the clock of this server is before the key was made",
                remedy="Set the clock of the server",
            )
        remedy = "Rotate the signing key: `python -m sop keys rotate`"
        raise SetupError("no signing key is valid now", where=KEY_FILE, remedy=remedy)


def create_key(now: datetime, endorser: SigningKey | None = None, valid_days: int = VALID_DAYS) -> SigningKey:
    """A new key, valid from `now`; endorsed by `endorser`, or by itself where it is the first."""
    private_key = Ed25519PrivateKey.generate()
    key_id = key_id_of(private_key.public_key())
    record = KeyRecord(
        key_id=key_id,
        public_pem=public_pem(private_key.public_key()).decode("ascii"),
        created_at=utc_text(now),
        valid_until=utc_text(now + timedelta(days=valid_days)),
        endorsed_by=endorser.key_id if endorser else key_id,
        endorsement="",
    )
    signer = endorser.private_key if endorser else private_key
    endorsement = base64.b64encode(signer.sign(record.statement())).decode("ascii")
    return SigningKey(replace(record, endorsement=endorsement), private_key)


def load_or_create_keys(folder: Path, now: datetime) -> KeyRing:
    """The keys of a workspace folder; a first key is made where there is none yet.

    Safe when two processes start at once: the first to finish writes the file, the other reads it.
    """
    path = folder / KEY_FILE
    if not path.exists():
        _write_first(path, KeyRing((create_key(now),)))
    return read_keys(folder)


def read_keys(folder: Path) -> KeyRing:
    """The keys of a workspace folder. Raises `NotFound` or `SetupError` (open to others, damaged)."""
    path = folder / KEY_FILE
    if not path.exists():
        raise NotFound("there are no signing keys", where=str(path), remedy="Start the app once to make them")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SetupError(
            "other users of this computer may read the signing keys",
            where=str(path),
            remedy=f"Run: chmod 600 {path}",
        )
    try:
        entries = json.loads(path.read_text("utf-8"))
        return KeyRing(tuple(_key_from(entry) for entry in entries["keys"]))
    except (ValueError, KeyError, TypeError, UnsupportedAlgorithm) as error:
        remedy = "Restore it from a backup; a new key would be unknown to those who trust the old one"
        raise SetupError("the signing keys cannot be read", where=str(path), remedy=remedy) from error


def renew_keys(folder: Path, now: datetime) -> KeyRing:
    """The keys of a workspace folder, with a successor added where the newest runs out within 60 days.

    A revoked key gets no successor by itself: that is an administrator's decision (`rotate_key`). Call it
    under the store's write lock, so that two processes do not both add one.
    """
    ring = load_or_create_keys(folder, now)
    newest = ring.keys[-1].record
    if not newest.revoked_at and parse_utc(newest.valid_until) - now < timedelta(days=RENEW_DAYS):
        rotate_key(folder, now)
    return read_keys(folder)


def rotate_key(folder: Path, now: datetime, valid_days: int = VALID_DAYS) -> SigningKey:
    """Add a new key, endorsed by the newest one unless that is revoked; returns the new key.

    After a revocation the new key stands on its own and its public half must be handed out anew.
    """
    ring = load_or_create_keys(folder, now)
    newest = ring.keys[-1]
    new = create_key(now, None if newest.record.revoked_at else newest, valid_days)
    _replace(folder / KEY_FILE, KeyRing((*ring.keys, new)))
    return new


def revoke_key(folder: Path, key_id: str, now: datetime, reason: str) -> None:
    """Mark a key as revoked, with the reason. Raises `NotFound` for an unknown id."""
    ring = read_keys(folder)
    if key_id not in {key.key_id for key in ring.keys}:
        raise NotFound(f"there is no signing key {key_id}", where=str(folder / KEY_FILE))
    gone = {"revoked_at": utc_text(now), "revoked_reason": reason}
    keys = (replace(key, record=replace(key.record, **gone)) if key.key_id == key_id else key for key in ring.keys)
    _replace(folder / KEY_FILE, KeyRing(tuple(keys)))


def public_pem(public_key: Ed25519PublicKey) -> bytes:
    """The public key as PEM, as openssl reads it."""
    return public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """The Ed25519 public key in a PEM. Raises `BadInput` for anything else."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInput("this is not a public key in PEM form", remedy="Give the file signer.pem") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput("this public key is not an Ed25519 key", remedy="Give the file signer.pem")
    return key


def key_id_of(public_key: Ed25519PublicKey) -> str:
    """A key's id: SHA-256 (hex) of its public half in DER form (SubjectPublicKeyInfo)."""
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return sha256_hex(der)


def trusted_key_ids(records: Sequence[KeyRecord], anchor: str, revoked: Collection[str] = ()) -> set[str]:
    """The ids that trust in the key `anchor` reaches: itself and every key endorsed from there on.

    A key in `revoked` endorses nobody: whoever stole it could endorse a key of their own.
    """
    known = {record.key_id: record for record in records if record.has_own_id()}
    trusted = {anchor}
    for record in known.values():
        endorser = known.get(record.endorsed_by)
        if endorser and endorser.key_id in trusted - set(revoked) and is_endorsed(record, endorser):
            trusted.add(record.key_id)
    return trusted


def is_endorsed(record: KeyRecord, endorser: KeyRecord) -> bool:
    """Whether `endorser` signed this record's id and validity."""
    try:
        signature = base64.b64decode(record.endorsement, validate=True)
        endorser.public_key.verify(signature, record.statement())
    except (InvalidSignature, BadInput, binascii.Error, ValueError):
        return False
    return True


def utc_text(moment: datetime) -> str:
    """A moment as UTC text to the second: '2025-03-01T09:30:00Z'. A moment without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_utc(text: str) -> datetime:
    """The moment in an ISO 8601 text with a zone. Raises `ValueError` otherwise."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment


def _key_from(entry: dict[str, str]) -> SigningKey:
    fields = dict(entry)
    private_key = serialization.load_pem_private_key(fields.pop("private_pem").encode("ascii"), password=None)
    if not isinstance(private_key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return SigningKey(KeyRecord(**fields), private_key)


def _write_first(path: Path, ring: KeyRing) -> None:
    temporary = _temporary_copy(path, ring.keys)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first; its keys are the installation's keys
    finally:
        temporary.unlink()


def _replace(path: Path, ring: KeyRing) -> None:
    _temporary_copy(path, ring.keys).replace(path)


def _temporary_copy(path: Path, keys: Iterable[SigningKey]) -> Path:
    """The keys in a new file beside `path`, private from its first moment and safely on the disk.

    Raises SetupError where it cannot be written; nothing of it is left then.
    """
    kind = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    entries = [
        {**asdict(k.record), "private_pem": k.private_key.private_bytes(*kind).decode("ascii")} for k in keys
    ]
    draft: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".keys-", dir=path.parent)
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"keys": entries}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if draft is not None:
            draft.unlink(missing_ok=True)  # half a private key is nobody's
        what = "the signing key cannot be written"
        raise explain_os_error(error, what, str(path), "nothing is signed") from error
    return draft
