"""DSSE: what exactly is signed, and the envelope that carries payload and signature in one file.

Source: Dead Simple Signing Envelope v1 (github.com/secure-systems-lab/dsse), protocol.md and envelope.md.
The signature is Ed25519 over the pre-authentication encoding (PAE), which binds the payload to its type.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sop.files.keys import SigningKey
from sop.files.snapshot.canonical import canonical_bytes, parse_json

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
