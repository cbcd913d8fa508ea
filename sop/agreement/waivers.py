"""Waivers: what is red at the gate may pass where somebody accepts it by name, with a reason, until an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sop.agreement.gate import red
from sop.agreement.records import Waiver
from sop.core.calendar import is_period
from sop.core.errors import BadInput, Conflict
from sop.core.findings import Finding


@dataclass(frozen=True)
class Waive:
    """A rule of the gate that is to be waived until a month or a day."""

    rule: str
    reason: str
    expiry: str

    def require_complete(self) -> None:
        """Raises BadInput without a reason or an end, or where the end is neither a month nor a day."""
        if (self.expiry and not is_period(self.expiry[:7])) or len(self.expiry) not in (0, 7, 10):
            raise BadInput(f"'{self.expiry}' is neither a month nor a day", remedy="Write YYYY-MM or YYYY-MM-DD")
        if not self.reason.strip() or not self.expiry:
            raise BadInput(f"the waiver of {self.rule} lacks its reason or its expiry", remedy="Give both")


def valid_on(day: str, waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Waivers that have not expired on an ISO day; one until a month holds to the month's end."""
    return tuple(waiver for waiver in waivers if waiver.expiry >= day[: len(waiver.expiry)])


def require_gate(findings: Iterable[Finding], valid: Iterable[Waiver]) -> None:
    """Raises Conflict where a red finding is not waived."""
    waived = {waiver.rule for waiver in valid}
    stopping = [finding for finding in red(findings) if finding.rule not in waived]
    if stopping:
        raise Conflict(
            f"the gate is red: {stopping[0]}",
            why=f"{len(stopping)} finding(s) stop it",
            remedy="Mend them, or have the CEO waive them with reason and expiry",
        )


def require_still_waived(frozen: Iterable[Mapping[str, Any]], valid: Iterable[Waiver]) -> None:
    """Raises Conflict where a red finding that was frozen with a plan has no waiver that still holds."""
    waived = {waiver.rule for waiver in valid}
    stopping = [found for found in frozen if found["level"] == "error" and found["rule"] not in waived]
    if stopping:
        raise Conflict(
            f"the gate is red: {stopping[0]['text']}",
            why="its waiver has expired",
            remedy="Have the CEO waive it again, or propose a new revision",
        )


def gate_content(findings: Iterable[Finding], valid: Iterable[Waiver]) -> dict[str, list[dict[str, Any]]]:
    """What the gate found and what was waived, as it is frozen with a plan."""
    return {
        "findings": plain_findings(findings),
        "waivers": [{"rule": w.rule, "by": w.by, "reason": w.reason, "expiry": w.expiry} for w in valid],
    }


def plain_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What the gate found, as it is frozen with a plan."""
    return [{"level": f.level, "rule": f.rule, "text": str(f), "count": f.count} for f in findings]
