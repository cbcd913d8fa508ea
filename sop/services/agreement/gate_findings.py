"""The gate before proposing and before each signature: what it finds, and what is waived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sop.agreement.gate import Waive, check_gate, import_warnings, valid_on
from sop.agreement.records import Waiver
from sop.core.findings import Finding
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.services.acting import acting
from sop.services.planning.room import InputSet
from sop.store import Store, Transaction
from sop.store.data import read_versions
from sop.store.plans import add_waiver, read_waivers


def find_for_gate(tx: Transaction, plan: Plan, inputs: Inputs, sources: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the gate finds for a plan: identities, findings of the tables it rests on, plans that are missing.

    `sources`: digest by table. The same plan and tables always give the same findings.
    """
    return check_gate(plan, inputs, stored_findings(tx, sources))


def gate_of(tx: Transaction, plan: Plan, inputs: InputSet) -> tuple[Finding, ...]:
    """What the gate finds for a plan of the open cycle."""
    return find_for_gate(tx, plan, inputs.inputs, {row["table"]: row["sha256"] for row in inputs.sources})


def stored_findings(tx: Transaction, sources: Mapping[str, str]) -> list[Finding]:
    """Warnings under which tables were imported, by table; those of the first import of the same content."""
    found = []
    for name, digest in sorted(sources.items()):
        versions = [version for version in read_versions(tx, name) if version.sha256 == digest]
        found += import_warnings(versions[-1].findings if versions else [])
    return found


def waive(store: Store, person_id: str, cycle: str, rule: str, reason: str, expiry: str) -> Waiver:
    """Accept a red finding of the gate by name, with a reason, until a month or a day.

    Raises NotAllowed, and BadInput without a reason or where the end is neither month nor day.
    """
    with acting(store, person_id, "waive_finding") as tx:
        Waive(rule, reason, expiry).require_complete()
        return add_waiver(tx, cycle, rule, reason, expiry)


def valid_waivers(tx: Transaction, cycle: str) -> tuple[Waiver, ...]:
    """The cycle's waivers that have not expired today."""
    return valid_on(today(), read_waivers(tx, cycle))


def today() -> str:
    """The day that a waiver must outlive (UTC, ISO)."""
    return datetime.now(UTC).date().isoformat()
