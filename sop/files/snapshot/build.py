"""Make a snapshot: one zip that a stranger can check years later without this app."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from textwrap import dedent
from typing import Any

from sop.core.errors import BadInput
from sop.core.spreadsheet import Sheet
from sop.core.words import sha256_hex
from sop.files.archive import write_archive
from sop.files.export import lines_csv, write_workbook
from sop.files.export_layout import LAYOUT, rulings
from sop.files.keys import KeyRecord, SigningKey, parse_utc
from sop.files.snapshot.canonical import PLAN_SHAPE, canonical_bytes, canonical_plan, parse_json, require_shape
from sop.files.snapshot.envelope import MANIFEST_TYPE, PLAN_TYPE, build_envelope, encode_for_signing

MANIFEST_SCHEMA = "accord-manifest/1"
MANIFEST_FILES = ("manifest.json", "manifest.pae", "manifest.sig")


def build_snapshot(
    content: dict[str, Any],
    signatures: Sequence[Mapping[str, Any]],
    provenance: Mapping[str, Any],
    key: SigningKey,
    previous_keys: Sequence[KeyRecord] = (),
    extra_files: Mapping[str, bytes] | None = None,
    beside: Sequence[Sheet] = (),
) -> bytes:
    """The snapshot of a plan as zip bytes; the same arguments always give the same bytes.

    `content`: the plan (schema accord-plan/1). `signatures`: records with function, name, role, meaning,
    comment, signed_at, authentication and digest_shown. `provenance`: app_version, created_at (ISO, UTC) and
    audit_chain_head. `previous_keys`: the records of older keys, oldest first, so that whoever trusts one of
    them can trust `key`. `extra_files`: further copies for reading (a board pack), listed in the manifest.
    `beside`: sheets of the workbook that compare the plan with what it does not hold.

    Raises `BadInput` where a signature was given for another digest, a value has no exact form, or the key
    was not valid or is revoked at `created_at`.
    """
    payload, digest = canonical_plan(
        {"content": content, "signatures": list(signatures), "provenance": dict(provenance)}
    )
    plan = parse_json(payload)
    require_shape(plan, PLAN_SHAPE)
    _require_same_digest(plan["signatures"], digest)
    _require_valid_key(key, plan["provenance"])
    encoded = encode_for_signing(PLAN_TYPE, payload)
    created = parse_utc(plan["provenance"]["created_at"])
    files = {
        "plan.json": payload,
        "plan.dsse.json": build_envelope(PLAN_TYPE, payload, key),
        "plan.pae": encoded,
        "plan.sig": key.sign(encoded),
        "signer.pem": key.record.public_pem.encode("ascii"),
        "keys.json": canonical_bytes([asdict(record) for record in (*previous_keys, key.record)]),
        "lines.csv": lines_csv(plan["content"]),
        "plan.xlsx": write_workbook(
            plan["content"], plan["signatures"], digest, created, beside, plan["provenance"]
        ),
        **(extra_files or {}),
    }
    files["README.txt"] = write_readme(plan, digest, key.key_id, [*files, *MANIFEST_FILES], len(payload))
    return write_archive({**files, **_manifest(files, key)})


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


MEANING = {
    "plan.json": "what was signed: the plan, the signatures, and where it was made (RFC 8785 JSON)",
    "plan.dsse.json": "the same bytes with their signature in one file (DSSE envelope)",
    "plan.pae": "the exact bytes that were signed: plan.json behind one short prefix",
    "plan.sig": "the Ed25519 signature of plan.pae",
    "signer.pem": "the public key of the installation that signed",
    "keys.json": "earlier keys of that installation, each endorsing the next",
    "lines.csv": "every plan line, for a spreadsheet or a database",
    "plan.xlsx": "the seven plans as a workbook for reading",
    "minutes.txt": "the minutes of the meeting: decisions, owners, dates, conditions and dissent",
    "board-pack.pdf": "the board pack on paper: two pages of summary, then a page for each subject",
    "board-pack.pptx": "the board pack as slides with charts that can be edited",
    "manifest.json": "SHA-256 of every other file",
    "manifest.pae": "the exact bytes of the manifest that were signed",
    "manifest.sig": "the Ed25519 signature of manifest.pae",
}

TEXT = dedent("""\
    {company}{fictional}
    Executive S&OP review: plan of cycle {cycle}, revision {revision}

    THE PLAN'S DIGEST (SHA-256 of the content that people were shown and signed)
      {digest}
    The snapshot before it
      {previous}

    SIGNATURES
    {signatures}{decided}

    WHAT THE SIGNATURE PROVES, AND WHAT NOT
      The signing key is held by the server. The signature proves that this installation recorded
      these approvals of this content. It is not a personal key of each signer: who each person was
      rests on how the installation had them sign in, stated above for each signature.

    MADE
      at {created_at} (UTC) by app version {app_version}
      signing key (fingerprint): {key_id}
      head of the audit chain:   {chain_head}
      Keep the last two lines somewhere else as well, on paper or in a mail. If the database is ever
      rewritten, its chain will no longer contain this head.

    CHECK IT WITH THE APP
      python -m sop verify THIS.zip --key signer.pem
      Use a signer.pem that came to you by another way than this zip. With only the key from inside
      the zip, a check finds damage but not a forger who signed everything again with another key.

    CHECK IT WITHOUT THE APP (OpenSSL 3)
      openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in plan.pae -sigfile plan.sig
      openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.pae -sigfile manifest.sig
      Both must answer "Signature Verified Successfully". Then plan.json and manifest.json must be the
      ends of plan.pae and manifest.pae, and every other file must have the SHA-256 that manifest.json lists:
      tail -c {plan_bytes} plan.pae | cmp - plan.json
      sha256sum {copies}

    FILES
    {files}
    """)


def write_readme(
    plan: Mapping[str, Any], digest: str, key_id: str, names: Sequence[str], plan_bytes: int
) -> bytes:
    """README.txt for a plan {content, signatures, provenance} in a snapshot of the files `names`."""
    content, provenance = plan["content"], plan["provenance"]
    company = content["company"]
    text = TEXT.format(
        company=_one_line(company["name"]),
        fictional=" (a fictional company)" if company.get("fictional") else "",
        cycle=content["cycle"],
        revision=content["revision"],
        digest=digest,
        previous=content.get("previous") or "none: this is the first",
        signatures="\n".join(map(_signature_line, plan["signatures"])) or "  none: nobody has signed this plan",
        decided="".join(f"\n  {_one_line(reason)}" for reason in rulings(provenance)),
        created_at=provenance["created_at"],
        app_version=provenance.get("app_version", "not recorded"),
        key_id=key_id,
        chain_head=provenance.get("audit_chain_head", "not recorded"),
        plan_bytes=plan_bytes,
        copies=" ".join(name for name in names if name.endswith((".csv", ".xlsx", ".pdf", ".pptx"))),
        files="\n".join(f"  {name:<16}{MEANING.get(name, 'a copy for reading')}" for name in names),
    )
    return text.encode("utf-8")


def _signature_line(signature: Mapping[str, Any]) -> str:
    said = f': "{_one_line(signature["comment"])}"' if signature.get("comment") else ""
    who = f"{signature.get('function')}: {signature.get('name')} ({signature.get('role')})"
    how = f"{signature.get('meaning')} at {signature.get('signed_at')}, by {signature.get('authentication')}"
    return f"  {_one_line(who)}, {_one_line(how)}{said}"


def _one_line(text: str) -> str:
    """A name or comment on one line, so that it cannot pass for a line of this file."""
    return " ".join(str(text).split())
