"""Signatures under plans, kept as they were given; who may sign what is decided in `sop.agreement`."""

from __future__ import annotations

from dataclasses import asdict

from sqlmodel import col, select

from sop.agreement.acts import SignatureGiven
from sop.agreement.records import Signature
from sop.store.audit import add_sealed
from sop.store.cycles import bump_version
from sop.store.plans import read_plan
from sop.store.schema import SignatureRow
from sop.store.transaction import Transaction, as_record


def add_signature(tx: Transaction, given: SignatureGiven) -> Signature:
    """Keep a signature. Raises NotFound; the database itself refuses a second one for the same function."""
    plan = read_plan(tx, given.plan_id)
    row = SignatureRow(**asdict(given), at=tx.at)
    detail = {"function": given.function, "meaning": given.meaning, "digest": given.digest_shown}
    add_sealed(tx, row, "plan_signed", detail)
    bump_version(tx, plan.cycle)
    return as_record(Signature, row)


def read_signatures(tx: Transaction, plan_id: int) -> tuple[Signature, ...]:
    """The signatures under a plan in the order in which they were given."""
    query = select(SignatureRow).where(SignatureRow.plan_id == plan_id).order_by(col(SignatureRow.id))
    return tuple(as_record(Signature, row) for row in tx.session.exec(query))
