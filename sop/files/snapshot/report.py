"""What a check of a snapshot found, for a screen, a terminal or a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sop.core.words import literal


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
    files: tuple[str, ...] = field(default=())

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
            signed = [
                *(
                    f"  signed by {signature['name']} ({signature['function']}) at {signature['signed_at']}"
                    for signature in self.plan["signatures"]
                ),
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
            "key_id": self.key_id,
            "key_is_trusted": self.key_is_trusted,
            "files": list(self.files),
        }
