"""Check a snapshot offline: valid, or which file was altered and, while the signed plan is intact, what in it.

The signed manifest says which bytes each file had. What a changed file said before is made again from the signed
plan, so the change itself can be named; where the manifest is damaged the same comparison stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop.core.errors import BadInput, NotFound
from sop.core.words import literal, sha256_hex
from sop.files.archive import SNAPSHOT_LIMITS, read_archive
from sop.files.export import lines_csv
from sop.files.export_layout import LAYOUT, build_sheets, rulings, sheets_beside
from sop.files.keys import key_id_of, parse_utc, read_public_key, trusted_key_ids
from sop.files.snapshot.canonical import MANIFEST_SHAPE, parse_json, require_shape
from sop.files.snapshot.differences import plan_differences, text_differences
from sop.files.snapshot.envelope import (
    MANIFEST_TYPE,
    PLAN_TYPE,
    Evidence,
    Proven,
    SignedPlan,
    decode_signed,
    encode_for_signing,
    gather_evidence,
    open_plan,
    read_envelope,
)

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
    return VerificationReport(
        findings=tuple(_findings(files, evidence, signed, gone)),
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


def _findings(
    files: Mapping[str, bytes], evidence: Evidence, signed: SignedPlan | None, revoked: Mapping[str, str]
) -> Iterator[SnapshotFinding]:
    """Everything that is wrong: what is not proven, what was altered, which signatures may not be relied on."""
    if evidence.plan is None:
        yield SnapshotFinding("plan", DAMAGED)
    elif signed is None:
        yield SnapshotFinding("plan", "the signature holds, but the signed bytes are not a plan of this app")
    if evidence.manifest is None:
        yield SnapshotFinding("manifest.json", UNPROVEN_LIST)
    elif read_list(evidence.manifest) is None:
        yield SnapshotFinding("manifest.json", "the signature holds, but the signed bytes are no list of files")
    elif evidence.plan and evidence.plan.key_id != evidence.manifest.key_id:
        yield SnapshotFinding("manifest.json", "it was signed with another key than the plan")
    yield from altered_files(files, evidence.manifest, signed)
    if signed is None:
        return
    for signature in signed.tables["signatures"]:
        # Every signer must have been shown exactly this content's digest.
        if signature["digest_shown"] != signed.digest:
            who = f"{signature['name']} ({signature['function']})"
            what = f"{who} signed digest {signature['digest_shown']}, but the content has digest {signed.digest}"
            yield SnapshotFinding("plan.json", what)
    for what in _key_faults(evidence, signed, revoked):
        yield SnapshotFinding("signer.pem", what)


def _key_faults(evidence: Evidence, signed: SignedPlan, revoked: Mapping[str, str]) -> Iterator[str]:
    """Why the key may not be relied on: not trusted, not valid when the snapshot was made, or revoked before."""
    key_id, made = signed.proof.key_id, str(signed.tables["provenance"]["created_at"])
    if evidence.trusted_key_id and not _is_trusted(evidence, signed, revoked):
        yield (
            f"it was signed with key {key_id}, which is neither the given key {evidence.trusted_key_id} "
            "nor a later key that this one endorsed"
        )
    record = next((record for record in evidence.records if record.key_id == key_id), None)
    if record and not record.is_valid_at(parse_utc(made)):
        yield f"the key was valid {record.created_at} to {record.valid_until}, the snapshot is of {made}"
    if key_id in revoked and parse_utc(made) >= parse_utc(revoked[key_id]):
        yield f"the key was revoked at {revoked[key_id]}, before this snapshot was made ({made})"


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


@dataclass(frozen=True)
class SnapshotFinding:
    """One thing that is wrong: the file in the snapshot and what about it, in a plain sentence."""

    file: str
    what: str

    def __str__(self) -> str:
        return literal(f"{self.file}: {self.what}")


@dataclass(frozen=True)
class VerificationReport:
    """The answer: findings make a snapshot invalid, warnings limit what its validity means.

    `plan` is the signed {content, signatures, provenance} where its signature holds, else None: it may be
    opened even where another file of the snapshot was altered.
    """

    findings: tuple[SnapshotFinding, ...]
    warnings: tuple[str, ...] = ()
    plan: dict[str, Any] | None = None
    plan_digest: str = ""
    key_id: str = ""
    key_is_trusted: bool = False
    files: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """True where nothing was found."""
        return not self.findings

    def text(self) -> str:
        """The report for a terminal, the answer first."""
        told, signed = "no plan in this file carries a signature that holds", []
        if self.plan is not None:
            content, chain = self.plan["content"], self.plan["provenance"].get("audit_chain_head", "not recorded")
            told = f"{content['company']['name']}, cycle {content['cycle']}, revision {content['revision']}"
            told += _overruled(self.plan["signatures"])
            signed = [
                *map(_signature_words, self.plan["signatures"]),
                *(f"  decided: {reason}" for reason in rulings(self.plan["provenance"])),
                f"  plan digest: {self.plan_digest}",
                f"  signing key: {self.key_id}",
                f"  audit chain: {chain}",
            ]
        lines = [
            f"{'VALID' if self.valid else 'NOT VALID'}: {told}",
            *(f"  error: {finding}" for finding in self.findings),
            *(f"  warning: {warning}" for warning in self.warnings),
        ]
        return "\n".join(literal(line) for line in [*lines, *signed])

    def fields(self) -> dict[str, Any]:
        """The report for a program, without the plan itself."""
        return {
            "valid": self.valid,
            "findings": [{"file": finding.file, "what": finding.what} for finding in self.findings],
            "warnings": list(self.warnings),
            "plan_digest": self.plan_digest,
            "positions": [
                {name: signature.get(name, "") for name in ("function", "name", "meaning", "comment")}
                for signature in (self.plan or {}).get("signatures", ())
            ],
            "decided": list(rulings((self.plan or {}).get("provenance", {}))),
            "key_id": self.key_id,
            "key_is_trusted": self.key_is_trusted,
            "files": list(self.files),
        }


POSITIONS = {"approve": "approves", "conditional": "approves on a condition", "dissent": "DISSENTS"}
"""What a signature says, by its meaning."""


def _signature_words(signature: Mapping[str, Any]) -> str:
    """Who signed for what, how, when and in which words."""
    position = POSITIONS.get(str(signature.get("meaning", "")), str(signature.get("meaning", "")))
    said = str(signature.get("comment") or "").strip()
    words = f": “{' '.join(said.split())}”" if said else ""
    who = f"{signature['name']} ({signature['function']})"
    return f"  signed by {who} at {signature['signed_at']}, {position}{words}"


def _overruled(signatures: Sequence[Mapping[str, Any]]) -> str:
    """Who dissents from the plan or holds it to a condition, for the first line of the answer."""
    of = {
        meaning: [str(s["function"]) for s in signatures if s.get("meaning") == meaning]
        for meaning in ("dissent", "conditional")
    }
    parts = [
        f"{', '.join(who)} {word}"
        for who, word in ((of["dissent"], "dissents"), (of["conditional"], "on a condition"))
        if who
    ]
    return f" ({'; '.join(parts)})" if parts else ""


ALTERED = "was altered"
AS_SIGNED = {
    "plan.xlsx": ", outside the signed cells (sheets beside the plan, format, properties or hidden parts): "
    "the cells are as signed",
    "lines.csv": ", but its lines are as signed (line ends or encoding)",
    "plan.dsse.json": ", but the plan in it is as signed",
}
"""What is added where a file was altered although everything in it that can be compared is as signed."""
PLAN_COPIES = ("plan.json", "plan.pae", "plan.dsse.json", "plan.sig")
LIST_FILES = ("manifest.json", "manifest.pae", "manifest.sig")
NEEDED = ("plan.json", "plan.dsse.json", "plan.pae", "plan.sig", "signer.pem")


def altered_files(
    files: Mapping[str, bytes], manifest: Proven | None, signed: SignedPlan | None
) -> list[SnapshotFinding]:
    """A finding for every file that is missing, added or altered; each names what in it was and is."""
    listed = read_list(manifest)
    expected = [*(listed or NEEDED), *LIST_FILES]
    found = [SnapshotFinding(name, "is missing") for name in expected if name not in files]
    if listed is not None:
        found += [SnapshotFinding(name, "was added") for name in files if name not in expected]
    found += _manifest_copies(files, manifest)
    # A workbook that another version laid out cannot be compared cell by cell.
    stated = None if manifest is None or listed is None else parse_json(manifest.payload).get("workbook_layout")
    same_layout = listed is None or stated == LAYOUT
    for name, data in files.items():
        is_other = listed is not None and name in listed and sha256_hex(data) != listed[name]
        if is_other or listed is None or name in PLAN_COPIES:
            changes = _changes(name, data, signed, same_layout) if signed else None
            # No change could be named: the file was compared and is equal, or it cannot be compared.
            unnamed = ALTERED if changes is None else ALTERED + AS_SIGNED.get(name, "")
            found += [SnapshotFinding(name, change) for change in changes or ([unnamed] if is_other else [])]
    return found


def read_list(manifest: Proven | None) -> Mapping[str, str] | None:
    """File name → SHA-256 as signed; None where the manifest is not proven or is none."""
    if manifest is None:
        return None
    try:
        stated = parse_json(manifest.payload)
        require_shape(stated, MANIFEST_SHAPE)
    except (ValueError, BadInput):
        return None
    return {name: entry["sha256"] for name, entry in stated["files"].items()}


def _manifest_copies(files: Mapping[str, bytes], manifest: Proven | None) -> list[SnapshotFinding]:
    if manifest is None:
        return []
    encoded = encode_for_signing(MANIFEST_TYPE, manifest.payload)
    signed = dict(zip(LIST_FILES, (manifest.payload, encoded, manifest.signature), strict=True))
    return [SnapshotFinding(name, ALTERED) for name in LIST_FILES if files.get(name, signed[name]) != signed[name]]


def _changes(name: str, data: bytes, signed: SignedPlan, same_layout: bool) -> list[str] | None:
    """What differs in this file from what the signed plan says; None where that cannot be said."""
    if name == "plan.sig":
        return [] if data == signed.proof.signature else [ALTERED]
    if name in PLAN_COPIES:
        return _payload_changes(name, data, signed)
    if name == "signer.pem":
        is_signer = _key_id(data) == signed.proof.key_id
        return [] if is_signer else ["was exchanged: it is not the key that signed"]
    if name == "lines.csv":
        return _csv_changes(data, signed.tables["content"])
    if name == "plan.xlsx" and same_layout:
        # What reads workbooks takes a while to load; a snapshot that nobody altered needs none of it.
        from sop.files.snapshot.workbook_differences import workbook_differences

        sheets = build_sheets(
            signed.tables["content"], signed.tables["signatures"], signed.digest, signed.tables["provenance"]
        )
        beside, cells = sheets_beside(signed.tables["content"])
        return [f"{ALTERED}, {change}" for change in workbook_differences(data, sheets, beside, cells)]
    return None


def _key_id(pem: bytes) -> str:
    try:
        return key_id_of(read_public_key(pem))
    except BadInput:
        return ""


def _payload_changes(name: str, data: bytes, signed: SignedPlan) -> list[str]:
    """Compare one copy of the signed plan with the proven one."""
    copy = _payload_in(name, data)
    if copy == signed.proof.payload:
        return []
    if copy is None:
        return [f"{ALTERED} or damaged: it no longer holds a plan; the other copies are intact"]
    try:
        now = parse_json(copy)
    except ValueError:
        return [f"{ALTERED} or damaged: the plan in it is not readable; the other copies are intact"]
    changes = plan_differences(signed.tables, now) or [
        "it says the same in other bytes (spaces, order or spelling)"
    ]
    return [f"{ALTERED}, {change}" for change in changes]


def _payload_in(name: str, data: bytes) -> bytes | None:
    if name == "plan.pae":
        return decode_signed(PLAN_TYPE, data)
    if name == "plan.dsse.json":
        envelope = read_envelope(data)
        return envelope.payload if envelope and envelope.payload_type == PLAN_TYPE else None
    return data


def _csv_changes(data: bytes, content: Mapping[str, Any]) -> list[str]:
    signed = lines_csv(content).decode("utf-8-sig")
    try:
        received = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [f"{ALTERED} or damaged: byte {error.start + 1} is not text in UTF-8"]
    return [f"{ALTERED}, {change}" for change in text_differences(signed, received)]
