"""Check a snapshot offline: valid, or which file was altered and, while the signed plan is intact, what in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sop.core.errors import BadInput, NotFound
from sop.files.keys import parse_utc, trusted_key_ids
from sop.files.snapshot.altered import altered_files, read_list
from sop.files.snapshot.archive import SNAPSHOT_LIMITS, read_archive
from sop.files.snapshot.evidence import Evidence, SignedPlan, gather_evidence, open_plan
from sop.files.snapshot.report import SnapshotFinding, VerificationReport

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
    signed = open_plan(evidence.plan)
    gone = revoked or {}
    findings = [
        *_plan_findings(evidence, signed),
        *_manifest_findings(evidence),
        *altered_files(files, evidence.manifest, signed),
        *(_signature_findings(signed) if signed else ()),
        *(_key_findings(evidence, signed, gone) if signed else ()),
    ]
    return VerificationReport(
        findings=tuple(findings),
        warnings=tuple(_warnings(evidence, signed, gone)),
        plan=signed.tables if signed else None,
        plan_digest=signed.digest if signed else "",
        key_id=signed.proof.key_id if signed else "",
        key_is_trusted=signed is not None and _is_trusted(evidence, signed, gone),
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


def _plan_findings(evidence: Evidence, signed: SignedPlan | None) -> list[SnapshotFinding]:
    if evidence.plan is None:
        return [SnapshotFinding("plan", DAMAGED)]
    if signed is None:
        return [SnapshotFinding("plan", "the signature holds, but the signed bytes are not a plan of this app")]
    return []


def _manifest_findings(evidence: Evidence) -> list[SnapshotFinding]:
    if evidence.manifest is None:
        return [SnapshotFinding("manifest.json", UNPROVEN_LIST)]
    if read_list(evidence.manifest) is None:
        return [SnapshotFinding("manifest.json", "the signature holds, but the signed bytes are no list of files")]
    if evidence.plan and evidence.plan.key_id != evidence.manifest.key_id:
        return [SnapshotFinding("manifest.json", "it was signed with another key than the plan")]
    return []


def _signature_findings(signed: SignedPlan) -> list[SnapshotFinding]:
    """Every signer must have been shown exactly this content's digest."""
    return [
        SnapshotFinding(
            "plan.json",
            f"{signature['name']} ({signature['function']}) signed digest {signature['digest_shown']}, "
            f"but the content has digest {signed.digest}",
        )
        for signature in signed.tables["signatures"]
        if signature["digest_shown"] != signed.digest
    ]


def _key_findings(evidence: Evidence, signed: SignedPlan, revoked: Mapping[str, str]) -> list[SnapshotFinding]:
    """Whether the key may be relied on: trusted, valid when the snapshot was made, not revoked before."""
    key_id, made = signed.proof.key_id, str(signed.tables["provenance"]["created_at"])
    found: list[str] = []
    if evidence.trusted_key_id and not _is_trusted(evidence, signed, revoked):
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


def _is_trusted(evidence: Evidence, signed: SignedPlan, revoked: Mapping[str, str]) -> bool:
    anchor = evidence.trusted_key_id
    return bool(anchor) and signed.proof.key_id in trusted_key_ids(evidence.records, anchor, tuple(revoked))


def _warnings(evidence: Evidence, signed: SignedPlan | None, revoked: Mapping[str, str]) -> list[str]:
    warnings = [] if evidence.trusted_key_id else [NO_OUTSIDE_KEY]
    if signed and not signed.tables["signatures"]:
        warnings.append("Nobody has signed this plan: it is a proposal or a draft.")
    if signed and signed.proof.key_id in revoked:
        warnings.append(
            f"The key was revoked at {revoked[signed.proof.key_id]}. The snapshot says it is older, but whoever "
            "stole the key could write any date: compare it with a copy received before that day."
        )
    return warnings
