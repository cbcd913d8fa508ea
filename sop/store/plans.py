"""Proposed and agreed plans: immutable contents, events that say what became of each, waivers and signatures.

A plan's state is its last event; a plan without one is a draft. An edit never changes a plan: it makes the
next revision of the cycle. Who may sign what, and which state may follow which, is decided in `sop.agreement`.
"""

import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlmodel import col, func, select

from sop.agreement.acts import SignatureGiven
from sop.agreement.records import DRAFT, PlanEvent, PlanRecord, Signature, Waiver
from sop.core.errors import NotFound
from sop.store.audit import add_sealed
from sop.store.cycles import bump_version
from sop.store.faults import readable
from sop.store.schema import PlanEventRow, PlanRow, SignatureRow, WaiverRow
from sop.store.transaction import Transaction, as_record, read_once, read_records


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
) -> PlanRecord:
    """Keep a plan as the next revision of its cycle, prepared by whoever acts. `content`: canonical JSON bytes."""
    last = select(func.max(PlanRow.revision)).where(PlanRow.cycle == cycle)
    row = PlanRow(
        cycle=cycle,
        revision=(tx.session.exec(last).one() or 0) + 1,
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
    return as_record(PlanRecord, row, state=DRAFT)


def read_plan(tx: Transaction, plan_id: int) -> PlanRecord:
    """One plan. Raises NotFound."""
    plans = [plan for plan in read_plans(tx) if plan.id == plan_id]
    if not plans:
        raise NotFound(f"there is no plan {plan_id}")
    return plans[0]


@read_once
def read_plans(tx: Transaction, cycle: str | None = None, state: str | None = None) -> tuple[PlanRecord, ...]:
    """Plans in the order in which they were prepared, of one cycle or state where those are named."""
    return _read_plans(tx, _read_states(tx), cycle, state)


def _read_plans(
    tx: Transaction, events: Sequence[tuple[int, str]], cycle: str | None = None, state: str | None = None
) -> tuple[PlanRecord, ...]:
    states, of_cycle = dict(events), () if cycle is None else (PlanRow.cycle == cycle,)
    plans = read_records(
        tx, PlanRecord, PlanRow, *of_cycle, order_by=(PlanRow.id,), state=lambda row: states.get(row.id, DRAFT)
    )
    return tuple(plan for plan in plans if state in (None, plan.state))


@read_once
def _read_states(tx: Transaction) -> Sequence[tuple[int, str]]:
    """Every plan and state that it came to, in the order of events."""
    return tx.session.exec(select(PlanEventRow.plan_id, PlanEventRow.state).order_by(col(PlanEventRow.id))).all()


def read_plan_content(tx: Transaction, plan_id: int, *, lock: bool = False) -> bytes:
    """The canonical JSON bytes of a plan; `lock` keeps its row until the transaction ends. Raises NotFound."""
    query = select(PlanRow.content).where(PlanRow.id == plan_id)
    content = tx.session.exec(query.with_for_update() if lock else query).first()
    if content is None:
        raise NotFound(f"there is no plan {plan_id}")
    with readable(f"plan {plan_id}"):
        return zlib.decompress(content)


def read_plan_by_digest(tx: Transaction, digest: str) -> PlanRecord | None:
    """The latest plan with this digest; None where there is none."""
    plans = [plan for plan in read_plans(tx) if plan.digest == digest]
    return plans[-1] if plans else None


def read_agreed_plan(tx: Transaction) -> PlanRecord | None:
    """The plan in force: the last one that became agreed; None before the first."""
    agreed = read_agreed_plans(tx)
    return agreed[-1] if agreed else None


@read_once
def read_agreed_plans(tx: Transaction) -> tuple[PlanRecord, ...]:
    """Every plan that was ever agreed, in force or superseded, in the order of agreement."""
    events = _read_states(tx)
    plans = {plan.id: plan for plan in _read_plans(tx, events)}
    return tuple(plans[plan_id] for plan_id, state in events if state == "agreed")


def add_plan_event(tx: Transaction, plan_id: int, state: str, reason: str = "") -> PlanEvent:
    """Keep that a plan's state changed; which state may follow which is decided in `sop.agreement`."""
    plan = read_plan(tx, plan_id)
    row = PlanEventRow(plan_id=plan_id, state=state, by=tx.by, at=tx.at, reason=reason)
    detail: dict[str, Any] = {"cycle": plan.cycle, "revision": plan.revision, "digest": plan.digest}
    add_sealed(tx, row, f"plan_{state}", {**detail, "reason": reason})
    bump_version(tx, plan.cycle)
    return as_record(PlanEvent, row)


@read_once
def read_plan_events(tx: Transaction, plan_id: int) -> tuple[PlanEvent, ...]:
    """What became of a plan, oldest first."""
    query = select(PlanEventRow).where(PlanEventRow.plan_id == plan_id).order_by(col(PlanEventRow.id))
    return tuple(as_record(PlanEvent, row) for row in tx.session.exec(query))


def add_waiver(
    tx: Transaction, cycle: str, rule: str, reason: str, expiry: str, plan_id: int | None = None
) -> Waiver:
    """Keep that whoever acts accepts a red finding until `expiry` (a month or a day)."""
    row = WaiverRow(cycle=cycle, plan_id=plan_id, rule=rule, by=tx.by, reason=reason, expiry=expiry, at=tx.at)
    add_sealed(tx, row, "waiver_given", {"cycle": cycle, "rule": rule})
    bump_version(tx, cycle)
    return as_record(Waiver, row)


@read_once
def read_waivers(tx: Transaction, cycle: str) -> tuple[Waiver, ...]:
    """The waivers of a cycle, oldest first, expired ones included."""
    query = select(WaiverRow).where(WaiverRow.cycle == cycle).order_by(col(WaiverRow.id))
    return tuple(as_record(Waiver, row) for row in tx.session.exec(query))


def add_signature(tx: Transaction, given: SignatureGiven) -> Signature:
    """Keep a signature. Raises NotFound; the database itself refuses a second one for the same function."""
    plan = read_plan(tx, given.plan_id)
    row = SignatureRow(**asdict(given), at=tx.at)
    detail = {"function": given.function, "meaning": given.meaning, "digest": given.digest_shown}
    add_sealed(tx, row, "plan_signed", detail)
    bump_version(tx, plan.cycle)
    return as_record(Signature, row)


@read_once
def read_signatures(tx: Transaction, plan_id: int) -> tuple[Signature, ...]:
    """The signatures under a plan in the order in which they were given."""
    query = select(SignatureRow).where(SignatureRow.plan_id == plan_id).order_by(col(SignatureRow.id))
    return tuple(as_record(Signature, row) for row in tx.session.exec(query))
