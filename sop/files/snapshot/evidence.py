"""What in a received snapshot is proven: which copy of plan and manifest a signature holds for, by which key.

The signed bytes stand in several files (plan.json, plan.dsse.json, plan.pae). Any copy that fits any of the
signatures is the signed one; every other copy is then compared with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sop.core.errors import BadInput
from sop.files.keys import KeyRecord, key_id_of, parse_utc, read_public_key
from sop.files.snapshot.canonical import canonical_plan, parse_json, require_plan
from sop.files.snapshot.envelope import (
    MANIFEST_TYPE,
    PLAN_TYPE,
    decode_signed,
    encode_for_signing,
    is_signed_by,
    read_envelope,
)

MOST_KEYS = 64


@dataclass(frozen=True)
class Proven:
    """Bytes whose signature holds, the signature, and the id of the key that made it."""

    payload: bytes
    signature: bytes
    key_id: str


@dataclass(frozen=True)
class SignedPlan:
    """A proven plan that could be opened: its proof, its tables {content, signatures, provenance}, its digest."""

    proof: Proven
    tables: dict[str, Any]
    digest: str


@dataclass(frozen=True)
class Evidence:
    """Everything that signatures prove about a snapshot; None where no copy fits any signature."""

    plan: Proven | None
    manifest: Proven | None
    records: tuple[KeyRecord, ...]
    trusted_key_id: str


def gather_evidence(files: Mapping[str, bytes], trusted_pem: bytes | None) -> Evidence:
    """Try every copy with every signature and key, the key given from outside first.

    Raises `BadInput` where the key given from outside is not an Ed25519 public key.
    """
    records = read_records(files.get("keys.json", b""))
    trusted = [read_public_key(trusted_pem)] if trusted_pem is not None else []
    keys = [*trusted, *_enclosed_keys(files, records)]
    envelope = read_envelope(files.get("plan.dsse.json", b""))
    payloads = [files.get("plan.json"), decode_signed(PLAN_TYPE, files.get("plan.pae", b""))]
    signatures = [files.get("plan.sig")]
    if envelope is not None:
        payloads.append(envelope.payload)
        signatures += [signature for _, signature in envelope.signatures[:4]]
    manifests = [files.get("manifest.json"), decode_signed(MANIFEST_TYPE, files.get("manifest.pae", b""))]
    return Evidence(
        plan=_first_proven(PLAN_TYPE, payloads, signatures, keys),
        manifest=_first_proven(MANIFEST_TYPE, manifests, [files.get("manifest.sig")], keys),
        records=records,
        trusted_key_id=key_id_of(trusted[0]) if trusted else "",
    )


def open_plan(proof: Proven | None) -> SignedPlan | None:
    """The proven plan as tables; None where nothing is proven or the proven bytes are not a plan."""
    if proof is None:
        return None
    try:
        tables = parse_json(proof.payload)
        require_plan(tables)
        payload, digest = canonical_plan(tables)
    except (ValueError, BadInput):
        return None
    return SignedPlan(proof, tables, digest) if payload == proof.payload else None


def read_records(data: bytes) -> tuple[KeyRecord, ...]:
    """The key records of keys.json whose id is their key's fingerprint; none where the file is damaged."""
    try:
        entries = parse_json(data)
        records = [_record(entry) for entry in entries[:MOST_KEYS]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()
    return tuple(record for record in records if record.has_own_id())


def _record(entry: Mapping[str, Any]) -> KeyRecord:
    if not all(isinstance(value, str) for value in entry.values()):
        raise TypeError("a key record holds only text")
    record = KeyRecord(**entry)
    parse_utc(record.created_at), parse_utc(record.valid_until)
    return record


def _enclosed_keys(files: Mapping[str, bytes], records: tuple[KeyRecord, ...]) -> list[Ed25519PublicKey]:
    enclosed = [record.public_key for record in reversed(records)]
    try:
        return [read_public_key(files.get("signer.pem", b"")), *enclosed]
    except BadInput:
        return enclosed


def _first_proven(
    payload_type: str,
    payloads: list[bytes | None],
    signatures: list[bytes | None],
    keys: list[Ed25519PublicKey],
) -> Proven | None:
    for payload in dict.fromkeys(copy for copy in payloads if copy is not None):
        encoded = encode_for_signing(payload_type, payload)
        for signature in dict.fromkeys(copy for copy in signatures if copy is not None):
            key = next((key for key in keys if is_signed_by(key, signature, encoded)), None)
            if key is not None:
                return Proven(payload, signature, key_id_of(key))
    return None
