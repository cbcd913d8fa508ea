"""The gate before proposing and before each signature: what it finds, what is waived, what stops."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sop.agreement.gate import check_gate, red
from sop.core.calendar import is_month
from sop.core.errors import BadInput, Conflict
from sop.core.findings import Finding
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.services.acting import acting
from sop.store import Store, Transaction
from sop.store.data import read_heads, read_versions
from sop.store.plans import Plan as PlanRecord
from sop.store.plans import Waiver, add_waiver, read_plan_content, read_waivers


def find_for_gate(tx: Transaction, plan: Plan, inputs: Inputs, sources: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the gate finds for a plan: identities, findings of the tables it rests on, plans that are missing.

    `sources`: digest by table. The same plan and tables always give the same findings.
    """
    opening = {"inventory": inputs.position.inventory, "past_due": inputs.position.past_due.sum(axis=1)}
    return check_gate(plan, opening, [*inputs.findings, *stored_findings(tx, sources)])


def stored_findings(tx: Transaction, sources: Mapping[str, str]) -> list[Finding]:
    """Warnings under which tables were imported, by table; those of the first import of the same content."""
    found = []
    for name, digest in sorted(sources.items()):
        versions = [version for version in read_versions(tx, name) if version.sha256 == digest]
        first = versions[-1].findings if versions else []
        found += [_named_short(row) for row in first if row.get("level") == "warning"]
    return found


def _named_short(row: Mapping[str, Any]) -> Finding:
    """A stored finding without the folder in which its file lay: what is signed names no machine's folders."""
    name = str(row.get("file", "")).replace("\\", "/").rpartition("/")[2]
    return Finding(**{**row, "level": "warning", "file": name})


def waive(store: Store, person_id: str, cycle: str, rule: str, reason: str, expiry: str) -> Waiver:
    """Accept a red finding of the gate by name, with a reason, until a month or a day.

    Raises NotAllowed, and BadInput without a reason or where the end is neither month nor day.
    """
    if (expiry and not is_month(expiry[:7])) or len(expiry) not in (0, 7, 10):
        raise BadInput(f"'{expiry}' is neither a month nor a day", remedy="Write YYYY-MM or YYYY-MM-DD")
    with acting(store, person_id, "waive_finding") as tx:
        return add_waiver(tx, cycle, rule, reason, expiry)


def valid_waivers(tx: Transaction, cycle: str) -> tuple[Waiver, ...]:
    """The cycle's waivers that have not expired today."""
    today = datetime.now(UTC).date().isoformat()
    return tuple(waiver for waiver in read_waivers(tx, cycle) if waiver.expiry >= today[: len(waiver.expiry)])


def require_gate(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> None:
    """Raises Conflict where a red finding is not waived."""
    waived = {waiver.rule for waiver in waivers}
    stopping = [finding for finding in red(findings) if finding.rule not in waived]
    if stopping:
        raise Conflict(
            f"the gate is red: {stopping[0]}",
            why=f"{len(stopping)} finding(s) stop it",
            remedy="Mend them, or have the CEO waive them with reason and expiry",
        )


def require_waived(tx: Transaction, record: PlanRecord) -> None:
    """Raises Conflict where a red finding that was frozen with a plan has no waiver that holds today."""
    content = json.loads(read_plan_content(tx, record.id))
    waived = {waiver.rule for waiver in valid_waivers(tx, record.cycle)}
    stopping = [f for f in content["gate"]["findings"] if f["level"] == "error" and f["rule"] not in waived]
    if stopping:
        raise Conflict(
            f"the gate is red: {stopping[0]['text']}",
            why="its waiver has expired",
            remedy="Have the CEO waive it again, or propose a new revision",
        )


def tables_since(tx: Transaction, content: Mapping[str, Any]) -> tuple[str, ...]:
    """Tables whose content is not the one any more that a plan was made from."""
    then = {row["table"]: row["sha256"] for row in content["inputs"]}
    now = {name: head.sha256 for name, head in read_heads(tx).items()}
    return tuple(sorted(name for name in {*then, *now} if then.get(name) != now.get(name)))


def plain_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What the gate found, as it is frozen with a plan."""
    return [{"level": f.level, "rule": f.rule, "text": str(f), "count": f.count} for f in findings]


def plain_waivers(waivers: Iterable[Waiver]) -> list[dict[str, Any]]:
    """Waivers, as they are frozen with a plan."""
    return [{"rule": w.rule, "by": w.by, "reason": w.reason, "expiry": w.expiry} for w in waivers]
