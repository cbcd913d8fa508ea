"""Which files of a received snapshot were altered, added or taken away, and what in each of them changed.

The signed manifest says which bytes each file had. What a changed file said before is made again from the
signed plan, so the change itself can be named; where the manifest is damaged the same comparison stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sop.core.errors import BadInput
from sop.core.words import sha256_hex
from sop.files.export import lines_csv
from sop.files.export_layout import LAYOUT, build_sheets
from sop.files.keys import key_id_of, read_public_key
from sop.files.snapshot.canonical import manifest_digests, parse_json
from sop.files.snapshot.differences import plan_differences, text_differences, workbook_differences
from sop.files.snapshot.envelope import (
    MANIFEST_TYPE,
    PLAN_TYPE,
    decode_signed,
    encode_for_signing,
    read_envelope,
)
from sop.files.snapshot.evidence import Proven, SignedPlan
from sop.files.snapshot.report import SnapshotFinding

ALTERED = "was altered"
AS_SIGNED = {
    "plan.xlsx": ", outside the signed cells (format, properties or hidden parts): the cells are as signed",
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
        return manifest_digests(parse_json(manifest.payload))
    except (ValueError, BadInput):
        return None


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
        sheets = build_sheets(signed.tables["content"], signed.tables["signatures"], signed.digest)
        return [f"{ALTERED}, {change}" for change in workbook_differences(data, sheets)]
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
