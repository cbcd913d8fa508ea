"""DSSE: what exactly is signed, the envelope that carries payload and signature, and what signatures prove.

Source: Dead Simple Signing Envelope v1 (github.com/secure-systems-lab/dsse), protocol.md and envelope.md.
The signature is Ed25519 over the pre-authentication encoding (PAE), which binds the payload to its type.

In a received snapshot the signed bytes stand in several files (plan.json, plan.dsse.json, plan.pae). Any copy that
fits any of the signatures is the signed one; every other copy is then compared with it.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sop.core.errors import BadInput
from sop.files.keys import KeyRecord, SigningKey, key_id_of, parse_utc, read_public_key
from sop.files.snapshot.canonical import PLAN_SHAPE, canonical_bytes, canonical_plan, parse_json, require_shape

PLAN_TYPE = "application/vnd.accord.plan+json"
MANIFEST_TYPE = "application/vnd.accord.manifest+json"


@dataclass(frozen=True)
class Envelope:
    """An opened DSSE envelope: the payload's type, its bytes, and every (key id, signature) on it."""

    payload_type: str
    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]


def encode_for_signing(payload_type: str, payload: bytes) -> bytes:
    """The PAE, the bytes that are signed: 'DSSEv1', type and payload, each with its length in bytes.

    >>> encode_for_signing("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    return _prefix(payload_type, len(payload)) + payload


def decode_signed(payload_type: str, encoded: bytes) -> bytes | None:
    """The payload inside a PAE of this type; None where the bytes are not such a PAE."""
    head = _prefix(payload_type, 0).removesuffix(b"0 ")
    length, _, payload = encoded.removeprefix(head).partition(b" ")
    whole = encoded.startswith(head) and length == str(len(payload)).encode()
    return payload if whole else None


def build_envelope(payload_type: str, payload: bytes, key: SigningKey) -> bytes:
    """A DSSE envelope (JSON) over `payload`, signed with `key`."""
    signature = key.sign(encode_for_signing(payload_type, payload))
    return canonical_bytes(
        {
            "payload": base64.b64encode(payload).decode("ascii"),
            "payloadType": payload_type,
            "signatures": [{"keyid": key.key_id, "sig": base64.b64encode(signature).decode("ascii")}],
        }
    )


def read_envelope(data: bytes) -> Envelope | None:
    """Open a DSSE envelope without judging its signatures; None where it is not one."""
    try:
        fields = parse_json(data)
        return Envelope(
            payload_type=str(fields["payloadType"]),
            payload=base64.b64decode(fields["payload"], validate=True),
            signatures=tuple(
                (str(entry["keyid"]), base64.b64decode(entry["sig"], validate=True))
                for entry in fields["signatures"]
            ),
        )
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None


def is_signed_by(public_key: Ed25519PublicKey, signature: bytes, encoded: bytes) -> bool:
    """Whether `signature` is this key's signature of the PAE `encoded`."""
    try:
        public_key.verify(signature, encoded)
    except InvalidSignature:
        return False
    return True


def _prefix(payload_type: str, length: int) -> bytes:
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %s %d " % (len(kind), kind, length)


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
        require_shape(tables, PLAN_SHAPE)
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
