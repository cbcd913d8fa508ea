"""Signing a plan: the signer signs exactly what they were shown, or the signature is refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from sqlmodel import col, select

from sop.core.errors import BadInput, Conflict, NotAllowed, NotFound
from sop.core.terms import Function
from sop.store.audit import add_sealed
from sop.store.cycles import bump_version
from sop.store.people import read_person
from sop.store.plans import Plan, read_plan, read_plans
from sop.store.schema import PlanRow, SignatureRow
from sop.store.transaction import Transaction, as_record

Meaning = Literal["approve", "conditional", "dissent"]


@dataclass(frozen=True)
class Signature:
    """One function's signature: who signed in which role, what it means, and the digest they were shown."""

    id: int
    plan_id: int
    function: str
    person: str
    name: str
    role: str
    meaning: str
    comment: str
    at: str
    auth_method: str
    digest_shown: str


def sign_plan(
    tx: Transaction,
    plan_id: int,
    function: Function,
    *,
    meaning: Meaning,
    auth_method: str,
    digest_shown: str,
    digest_of: Callable[[bytes], str],
    comment: str = "",
) -> Signature:
    """Sign for a function in the name of whoever acts; name and role are read at this moment.

    `digest_of` computes the digest of the canonical content again. The plan row stays locked until the
    transaction ends. Raises Conflict where the plan is not up for signing, was replaced by a newer revision,
    differs from what was shown, or the function signed already; NotAllowed where the person may not sign in;
    BadInput where a condition or a dissent has no words.
    """
    _require_words(meaning, comment)
    person = read_person(tx, tx.by)
    if not person.active:
        raise NotAllowed(f"{person.name} may no longer sign in")
    plan = _locked(tx, plan_id, digest_of)
    _require_signable(tx, plan, digest_shown)
    _require_unsigned(tx, plan, function)
    row = SignatureRow(
        plan_id=plan_id,
        function=Function(function).value,
        person=person.id,
        name=person.name,
        role=person.role,
        meaning=meaning,
        comment=comment,
        at=tx.at,
        auth_method=auth_method,
        digest_shown=digest_shown,
    )
    add_sealed(tx, row, "plan_signed", {"function": row.function, "meaning": meaning, "digest": digest_shown})
    bump_version(tx, plan.cycle)
    return as_record(Signature, row)


def read_signatures(tx: Transaction, plan_id: int) -> tuple[Signature, ...]:
    """The signatures under a plan in the order in which they were given."""
    query = select(SignatureRow).where(SignatureRow.plan_id == plan_id).order_by(col(SignatureRow.id))
    return tuple(as_record(Signature, row) for row in tx.session.exec(query))


def _locked(tx: Transaction, plan_id: int, digest_of: Callable[[bytes], str]) -> Plan:
    """The plan, locked, after its stored content was checked against its digest."""
    query = select(PlanRow).where(PlanRow.id == plan_id).with_for_update()
    row = tx.session.exec(query).first()
    if row is None:
        raise NotFound(f"there is no plan {plan_id}")
    if digest_of(zlib.decompress(row.content)) != row.digest:
        raise Conflict(
            f"the stored content of revision {row.revision} does not match its digest",
            why="the database was altered",
            remedy="Restore a backup and check the audit chain",
        )
    return read_plan(tx, plan_id)


def _require_words(meaning: str, comment: str) -> None:
    if meaning not in get_args(Meaning):
        raise BadInput(f"'{meaning}' is not a meaning of a signature", remedy="approve, conditional or dissent")
    if meaning != "approve" and not comment.strip():
        raise BadInput("a condition or a dissent needs its words", remedy="Write them in the comment")


def _require_signable(tx: Transaction, plan: Plan, digest_shown: str) -> None:
    newest = read_plans(tx, plan.cycle)[-1]
    if newest.id != plan.id:
        raise Conflict(
            f"{newest.prepared_by} prepared revision {newest.revision} at {newest.created_at}, "
            f"revision {plan.revision} cannot be signed any more",
            remedy="Look at the new revision and sign that",
        )
    if plan.state != "proposed":
        raise Conflict(f"revision {plan.revision} is {plan.state}, it is not up for signing")
    if plan.digest != digest_shown:
        raise Conflict(
            "the plan is not the one that was shown",
            why=f"its digest is {plan.digest[:12]}… and {digest_shown[:12]}… was shown",
            remedy="Open the sign-off page again",
        )


def _require_unsigned(tx: Transaction, plan: Plan, function: str) -> None:
    for signature in read_signatures(tx, plan.id):
        if signature.function == function:
            raise Conflict(f"{signature.name} signed for {function} at {signature.at}")
