"""The signed plan as one zip that a third party checks offline: build, verify, and the plan's digest."""

from sop.files.snapshot.build import build_snapshot
from sop.files.snapshot.canonical import canonical_bytes, plan_digest
from sop.files.snapshot.verify import SnapshotFinding, VerificationReport, verify_snapshot

__all__ = [
    "SnapshotFinding",
    "VerificationReport",
    "build_snapshot",
    "canonical_bytes",
    "plan_digest",
    "verify_snapshot",
]
