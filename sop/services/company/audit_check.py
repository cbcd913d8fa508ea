"""Holding the audit chain against what was handed out: the heads that snapshots print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sop.core.errors import BadInput
from sop.files.snapshot import verify_snapshot
from sop.store import Store
from sop.store.audit import ChainCheck, verify_chain


def check_chain(store: Store, snapshots: Sequence[Path] = ()) -> ChainCheck:
    """Whether the chain, every sealed row and what changes are as they were written, and whether the chain still
    holds the heads that these snapshots print.

    Raises NotFound for a snapshot that is not there, and BadInput for one that does not verify: its head proves
    nothing.
    """
    printed = {str(path): _printed_head(path) for path in snapshots}
    with store.read() as tx:
        return verify_chain(tx, printed)


def _printed_head(path: Path) -> str:
    report = verify_snapshot(path)
    head = (report.plan or {}).get("provenance", {}).get("audit_chain_head", "")
    if not report.valid or not head:
        why = str(report.findings[0]) if report.findings else "it prints no head"
        raise BadInput(
            "this snapshot proves nothing about the chain", where=str(path), why=why, remedy="Name another one"
        )
    return str(head)
