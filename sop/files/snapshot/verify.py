"""Check a snapshot offline: valid, or which file was altered and, while the signed plan is intact, what in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sop.core.errors import BadInput, NotFound
from sop.files.keys import parse_utc, trusted_key_ids
from sop.files.snapshot.altered import altered_files
from sop.files.snapshot.archive import SNAPSHOT_LIMITS, read_archive
from sop.files.snapshot.canonical import canonical_bytes, parse_json, plan_digest
from sop.files.snapshot.evidence import Evidence, gather_evidence
from sop.files.snapshot.report import SnapshotFinding, VerificationReport
from sop.files.snapshot.shape import require_plan

NO_OUTSIDE_KEY = (
    "The public key was not given from outside: it comes from the file itself. This check finds damage, but "
    "not a forger who signed everything again with another key. Compare the key's fingerprint, or give a key."
)
DAMAGED = (
    "the signed payload is damaged: no copy of the plan in this file fits any signature and key in it, so "
    "nothing in it can be relied on (damaged, or the keys were exchanged)"
)
UNPROVEN_LIST = (
    "the signed list of files is damaged: it fits no signature and key in this file; the other files are "
    "compared with the signed plan instead"
)


def verify_snapshot(
    source: bytes | str | Path, trusted_key: bytes | None = None, revoked: Mapping[str, str] | None = None
) -> VerificationReport:
    """Check a snapshot, given as zip bytes or as a path, without database or network.

    `trusted_key`: the PEM of a public key that came by another way; without it a warning says what the
    answer is then worth. `revoked`: key id → UTC time of revocation. A file that is hostile, damaged or no
    snapshot is an answer, not an error. Raises `NotFound` for a path that does not exist and `BadInput` for
    a `trusted_key` that is no key.
    """
    try:
        files = read_archive(_read(source))
    except BadInput as refusal:
        return VerificationReport((SnapshotFinding("the whole file", refusal.sentence),))
    evidence = gather_evidence(files, trusted_key)
    plan = _open(evidence)
    digest = plan_digest(plan["content"]) if plan else ""
    findings = [
        *_plan_findings(evidence, plan),
        *_manifest_findings(evidence),
        *altered_files(files, evidence, plan),
        *(_signature_findings(plan, digest) if plan else ()),
        *(_key_findings(evidence, plan, revoked or {}) if plan else ()),
    ]
    return VerificationReport(
        findings=tuple(findings),
        warnings=tuple(_warnings(evidence, plan, revoked or {})),
        plan=plan,
        plan_digest=digest,
        key_id=evidence.plan.key_id if evidence.plan else "",
        key_is_trusted=_is_trusted(evidence, revoked or {}),
        files=tuple(files),
    )


def _read(source: bytes | str | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    path = Path(source)
    if not path.is_file():
        raise NotFound("there is no such file", where=str(path), remedy="Give the path of a snapshot (zip)")
    with path.open("rb") as file:
        return file.read(SNAPSHOT_LIMITS.archive_bytes + 1)


def _open(evidence: Evidence) -> dict[str, Any] | None:
    """The signed plan as tables; None where nothing is proven or the proven bytes are not a plan."""
    if evidence.plan is None:
        return None
    try:
        plan = parse_json(evidence.plan.payload)
        require_plan(plan)
        return plan if canonical_bytes(plan) == evidence.plan.payload else None
    except (ValueError, BadInput):
        return None


def _plan_findings(evidence: Evidence, plan: object) -> list[SnapshotFinding]:
    if evidence.plan is None:
        return [SnapshotFinding("plan", DAMAGED)]
    if plan is None:
        return [SnapshotFinding("plan", "the signature holds, but the signed bytes are not a plan of this app")]
    return []


def _manifest_findings(evidence: Evidence) -> list[SnapshotFinding]:
    if evidence.manifest is None:
        return [SnapshotFinding("manifest.json", UNPROVEN_LIST)]
    if evidence.plan and evidence.plan.key_id != evidence.manifest.key_id:
        return [SnapshotFinding("manifest.json", "it was signed with another key than the plan")]
    return []


def _signature_findings(plan: Mapping[str, Any], digest: str) -> list[SnapshotFinding]:
    """Every signer must have been shown exactly this content's digest."""
    return [
        SnapshotFinding(
            "plan.json",
            f"{signature.get('name')} ({signature.get('function')}) signed digest "
            f"{signature.get('digest_shown')}, but the content has digest {digest}",
        )
        for signature in plan["signatures"]
        if signature.get("digest_shown") != digest
    ]


def _key_findings(
    evidence: Evidence, plan: Mapping[str, Any], revoked: Mapping[str, str]
) -> list[SnapshotFinding]:
    key_id = evidence.plan.key_id if evidence.plan else ""
    made = plan["provenance"]["created_at"]
    found: list[str] = []
    if evidence.trusted_key_id and not _is_trusted(evidence, revoked):
        found.append(
            f"it was signed with key {key_id}, which is neither the given key {evidence.trusted_key_id} "
            "nor a later key that this one endorsed"
        )
    record = next((record for record in evidence.records if record.key_id == key_id), None)
    if record and not record.is_valid_at(parse_utc(made)):
        found.append(f"the key was valid {record.created_at} to {record.valid_until}, the snapshot is of {made}")
    if key_id in revoked and parse_utc(made) >= parse_utc(revoked[key_id]):
        found.append(f"the key was revoked at {revoked[key_id]}, before this snapshot was made ({made})")
    return [SnapshotFinding("signer.pem", what) for what in found]


def _is_trusted(evidence: Evidence, revoked: Mapping[str, str]) -> bool:
    if not evidence.trusted_key_id or evidence.plan is None:
        return False
    return evidence.plan.key_id in trusted_key_ids(evidence.records, evidence.trusted_key_id, tuple(revoked))


def _warnings(evidence: Evidence, plan: Mapping[str, Any] | None, revoked: Mapping[str, str]) -> list[str]:
    warnings = [] if evidence.trusted_key_id else [NO_OUTSIDE_KEY]
    if plan is not None and not plan["signatures"]:
        warnings.append("Nobody has signed this plan: it is a proposal or a draft.")
    if evidence.plan and evidence.plan.key_id in revoked:
        warnings.append(
            f"The key was revoked at {revoked[evidence.plan.key_id]}. The snapshot says it is older, but whoever "
            "stole the key could write any date: compare it with a copy received before that day."
        )
    return warnings
