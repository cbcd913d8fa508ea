"""Proposed and agreed plans: immutable contents, and events that say what became of each.

A plan's state is its last event; a plan without one is a draft. An edit never changes a plan: it makes the
next revision of the cycle.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import col, func, select

from sop.core.errors import BadInput, Conflict, NotFound
from sop.store.audit import add_sealed
from sop.store.cycles import bump_version
from sop.store.schema import PlanEventRow, PlanRow, WaiverRow
from sop.store.transaction import Transaction, as_record

DRAFT = "draft"
NEXT_STATES: dict[str, tuple[str, ...]] = {
    DRAFT: ("proposed",),
    "proposed": ("returned", "withdrawn", "agreed", "superseded"),
    "agreed": ("superseded",),
}
"""What may follow a state; a plan in any other state is closed."""


@dataclass(frozen=True)
class Plan:
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


def add_plan(
    tx: Transaction,
    cycle: str,
    content: bytes,
    digest: str,
    *,
    label: str,
    software_version: str,
    previous_digest: str | None = None,
    scenario_id: int | None = None,
) -> Plan:
    """Keep a plan as the next revision of its cycle, prepared by whoever acts. `content`: canonical JSON bytes."""
    row = PlanRow(
        cycle=cycle,
        revision=_last_revision(tx, cycle) + 1,
        label=label,
        digest=digest,
        content=zlib.compress(content, 9),
        prepared_by=tx.by,
        created_at=tx.at,
        previous_digest=previous_digest,
        scenario_id=scenario_id,
        software_version=software_version,
    )
    add_sealed(tx, row, "plan_prepared", {"cycle": cycle, "digest": digest})
    bump_version(tx, cycle)
    return as_record(Plan, row, state=DRAFT)


def read_plan(tx: Transaction, plan_id: int) -> Plan:
    """One plan. Raises NotFound."""
    plans = [plan for plan in read_plans(tx) if plan.id == plan_id]
    if not plans:
        raise NotFound(f"there is no plan {plan_id}")
    return plans[0]


def read_plans(tx: Transaction, cycle: str | None = None, state: str | None = None) -> tuple[Plan, ...]:
    """Plans in the order in which they were prepared, of one cycle or state where those are named."""
    query = select(PlanRow).options(defer(PlanRow.content)).order_by(col(PlanRow.id))  # type: ignore[arg-type]
    if cycle is not None:
        query = query.where(PlanRow.cycle == cycle)
    states = _states(tx)
    plans = (as_record(Plan, row, state=states.get(row.id, DRAFT)) for row in tx.session.exec(query))
    return tuple(plan for plan in plans if state in (None, plan.state))


def read_plan_content(tx: Transaction, plan_id: int) -> bytes:
    """The canonical JSON bytes of a plan. Raises NotFound."""
    content = tx.session.exec(select(PlanRow.content).where(PlanRow.id == plan_id)).first()
    if content is None:
        raise NotFound(f"there is no plan {plan_id}")
    return zlib.decompress(content)


def read_plan_by_digest(tx: Transaction, digest: str) -> Plan | None:
    """The latest plan with this digest; None where there is none."""
    plans = [plan for plan in read_plans(tx) if plan.digest == digest]
    return plans[-1] if plans else None


def read_agreed_plan(tx: Transaction) -> Plan | None:
    """The plan in force: the last one that became agreed; None before the first."""
    query = select(PlanEventRow.plan_id).where(PlanEventRow.state == "agreed")
    plan_id = tx.session.exec(query.order_by(col(PlanEventRow.id).desc())).first()
    return None if plan_id is None else read_plan(tx, plan_id)


def read_agreed_plans(tx: Transaction) -> tuple[Plan, ...]:
    """Every plan that was ever agreed, in force or superseded, in the order of agreement."""
    query = select(PlanEventRow.plan_id).where(PlanEventRow.state == "agreed").order_by(col(PlanEventRow.id))
    plans = {plan.id: plan for plan in read_plans(tx)}
    return tuple(plans[plan_id] for plan_id in tx.session.exec(query))


def add_plan_event(tx: Transaction, plan_id: int, state: str, reason: str = "") -> PlanEvent:
    """Change a plan's state. Raises Conflict where that state cannot follow the present one."""
    plan = read_plan(tx, plan_id)
    if state not in NEXT_STATES.get(plan.state, ()):
        raise Conflict(f"revision {plan.revision} of {plan.cycle} is {plan.state}, it cannot become {state}")
    row = PlanEventRow(plan_id=plan_id, state=state, by=tx.by, at=tx.at, reason=reason)
    detail: dict[str, Any] = {"cycle": plan.cycle, "revision": plan.revision, "digest": plan.digest}
    add_sealed(tx, row, f"plan_{state}", {**detail, "reason": reason})
    bump_version(tx, plan.cycle)
    return as_record(PlanEvent, row)


def read_plan_events(tx: Transaction, plan_id: int) -> tuple[PlanEvent, ...]:
    """What became of a plan, oldest first."""
    query = select(PlanEventRow).where(PlanEventRow.plan_id == plan_id).order_by(col(PlanEventRow.id))
    return tuple(as_record(PlanEvent, row) for row in tx.session.exec(query))


def add_waiver(
    tx: Transaction, cycle: str, rule: str, reason: str, expiry: str, plan_id: int | None = None
) -> Waiver:
    """Accept a red finding in the name of whoever acts. Raises BadInput without a reason or an end."""
    if not reason.strip() or not expiry:
        raise BadInput(f"the waiver of {rule} lacks its reason or its expiry", remedy="Give both")
    row = WaiverRow(cycle=cycle, plan_id=plan_id, rule=rule, by=tx.by, reason=reason, expiry=expiry, at=tx.at)
    add_sealed(tx, row, "waiver_given", {"cycle": cycle, "rule": rule})
    bump_version(tx, cycle)
    return as_record(Waiver, row)


def read_waivers(tx: Transaction, cycle: str) -> tuple[Waiver, ...]:
    """The waivers of a cycle, oldest first, expired ones included."""
    query = select(WaiverRow).where(WaiverRow.cycle == cycle).order_by(col(WaiverRow.id))
    return tuple(as_record(Waiver, row) for row in tx.session.exec(query))


def _last_revision(tx: Transaction, cycle: str) -> int:
    return tx.session.exec(select(func.max(PlanRow.revision)).where(PlanRow.cycle == cycle)).one() or 0


def _states(tx: Transaction) -> dict[int | None, str]:
    rows = tx.session.exec(select(PlanEventRow).order_by(col(PlanEventRow.id)))
    return {row.plan_id: row.state for row in rows}
