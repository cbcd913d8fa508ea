"""What is kept of a plan that is signed: the plan without its content, what became of it, signatures, waivers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sop.agreement.acts import SignatureGiven

Meaning = Literal["approve", "conditional", "dissent"]

DRAFT = "draft"
"""The state of a plan to which nothing has happened yet."""


@dataclass(frozen=True)
class PlanRecord:
    """A plan without its content. `digest` is SHA-256 of the canonical content: what people sign."""

    id: int
    cycle: str
    revision: int
    label: str
    digest: str
    prepared_by: str
    created_at: str
    previous_digest: str | None
    scenario_id: int | None
    software_version: str
    state: str


@dataclass(frozen=True)
class PlanEvent:
    """A change of state, by whom, when (UTC) and why."""

    id: int
    plan_id: int
    state: str
    by: str
    at: str
    reason: str


@dataclass(frozen=True)
class Waiver:
    """A red finding accepted by name until `expiry`; `plan_id` None where it holds for the cycle."""

    id: int
    cycle: str
    plan_id: int | None
    rule: str
    by: str
    reason: str
    expiry: str
    at: str


@dataclass(frozen=True)
class Signature(SignatureGiven):
    """One function's signature as it is kept: with its number and when (UTC) it was given."""

    id: int
    at: str


def signature_fields(signature: Signature) -> Mapping[str, Any]:
    """A signature as the snapshot and the workbook write it."""
    return {
        "function": signature.function,
        "name": signature.name,
        "role": signature.role,
        "meaning": signature.meaning,
        "comment": signature.comment,
        "signed_at": signature.at,
        "authentication": signature.auth_method,
        "digest_shown": signature.digest_shown,
    }


def provenance_fields(
    record: PlanRecord, events: Sequence[PlanEvent], *, app_version: str, created_at: str, chain_head: str
) -> dict[str, Any]:
    """Where a snapshot comes from and what became of its plan; not part of what was signed.

    `created_at`: when the snapshot is made (UTC). `chain_head`: hash of the last audit entry.
    """
    return {
        "app_version": app_version,
        "planned_with_version": record.software_version,
        "created_at": created_at,
        "audit_chain_head": chain_head,
        "state": record.state,
        "prepared_by": record.prepared_by,
        "events": [{"state": event.state, "at": event.at, "reason": event.reason} for event in events],
    }


def latest_proposal(plans: Sequence[PlanRecord]) -> PlanRecord | None:
    """Of a cycle's plans, the one that is up for signing or was agreed last; None where nothing was proposed."""
    found = [plan for plan in plans if plan.state in ("proposed", "agreed")]
    return found[-1] if found else None


def first_to_look_at(plans: Sequence[PlanRecord], proposal: PlanRecord | None) -> tuple[PlanRecord, ...]:
    """Plans, newest first, led by the one to look at: the open cycle's proposal, else the one in force."""
    in_force = [plan for plan in plans if plan.state == "agreed"]
    first = [proposal] if proposal else in_force[:1]
    return (*first, *(plan for plan in plans if plan not in first))
