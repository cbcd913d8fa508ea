"""Make a snapshot: one zip that a stranger can check years later without this app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sop.core.errors import BadInput
from sop.core.words import sha256_hex
from sop.files.export import lines_csv, write_workbook
from sop.files.export_layout import LAYOUT
from sop.files.keys import KeyRecord, SigningKey, parse_utc
from sop.files.snapshot.archive import write_archive
from sop.files.snapshot.canonical import canonical_bytes, canonical_plan, parse_json
from sop.files.snapshot.envelope import MANIFEST_TYPE, PLAN_TYPE, build_envelope, encode_for_signing
from sop.files.snapshot.readme import write_readme
from sop.files.snapshot.shape import require_plan

MANIFEST_SCHEMA = "accord-manifest/1"
MANIFEST_FILES = ("manifest.json", "manifest.pae", "manifest.sig")


def build_snapshot(
    content: dict[str, Any],
    signatures: Sequence[Mapping[str, Any]],
    provenance: Mapping[str, Any],
    key: SigningKey,
    previous_keys: Sequence[KeyRecord] = (),
    extra_files: Mapping[str, bytes] | None = None,
) -> bytes:
    """The snapshot of a plan as zip bytes; the same arguments always give the same bytes.

    `content`: the plan (schema accord-plan/1). `signatures`: records with function, name, role, meaning,
    comment, signed_at, authentication and digest_shown. `provenance`: app_version, created_at (ISO, UTC) and
    audit_chain_head. `previous_keys`: the records of older keys, oldest first, so that whoever trusts one of
    them can trust `key`. `extra_files`: further copies for reading (a board pack), listed in the manifest.

    Raises `BadInput` where a signature was given for another digest, a value has no exact form, or the key
    was not valid or is revoked at `created_at`.
    """
    payload, digest = canonical_plan(
        {"content": content, "signatures": list(signatures), "provenance": dict(provenance)}
    )
    plan = parse_json(payload)
    require_plan(plan)
    _require_same_digest(plan["signatures"], digest)
    _require_valid_key(key, plan["provenance"])
    encoded = encode_for_signing(PLAN_TYPE, payload)
    files = {
        "plan.json": payload,
        "plan.dsse.json": build_envelope(PLAN_TYPE, payload, key),
        "plan.pae": encoded,
        "plan.sig": key.sign(encoded),
        "signer.pem": key.record.public_pem.encode("ascii"),
        "keys.json": canonical_bytes([asdict(record) for record in (*previous_keys, key.record)]),
        "lines.csv": lines_csv(plan["content"]),
        "plan.xlsx": _workbook(plan, digest),
        **(extra_files or {}),
    }
    files["README.txt"] = write_readme(plan, digest, key.key_id, [*files, *MANIFEST_FILES], len(payload))
    return write_archive({**files, **_manifest(files, key)})


def _workbook(plan: dict[str, Any], digest: str) -> bytes:
    created = parse_utc(plan["provenance"]["created_at"])
    return write_workbook(plan["content"], plan["signatures"], digest, created)


def _manifest(files: Mapping[str, bytes], key: SigningKey) -> dict[str, bytes]:
    """The list of all other files by SHA-256, signed like the plan."""
    listed = {name: {"sha256": sha256_hex(data), "bytes": len(data)} for name, data in files.items()}
    manifest = canonical_bytes({"schema": MANIFEST_SCHEMA, "workbook_layout": LAYOUT, "files": listed})
    encoded = encode_for_signing(MANIFEST_TYPE, manifest)
    return dict(zip(MANIFEST_FILES, (manifest, encoded, key.sign(encoded)), strict=True))


def _require_same_digest(signatures: Sequence[Mapping[str, Any]], digest: str) -> None:
    for signature in signatures:
        if signature.get("digest_shown") != digest:
            raise BadInput(
                f"the signature of {signature.get('name')} is for digest {signature.get('digest_shown')}",
                where="snapshot",
                why=f"the content has digest {digest}",
                remedy="Load the content that was signed",
            )


def _require_valid_key(key: SigningKey, provenance: Mapping[str, Any]) -> None:
    created_at = provenance["created_at"]
    if key.record.revoked_at or not key.record.is_valid_at(parse_utc(created_at)):
        raise BadInput(
            f"the signing key {key.key_id[:16]} may not sign at {created_at}",
            where="snapshot",
            why=f"it is valid {key.record.created_at} to {key.record.valid_until}"
            + (f" and was revoked: {key.record.revoked_reason}" if key.record.revoked_at else ""),
            remedy="Rotate the signing key",
        )
