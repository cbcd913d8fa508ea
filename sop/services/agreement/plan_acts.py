"""Sign, decide, return, withdraw: what people do about a frozen plan.

Each act loads where the plan stands, asks `sop.agreement` what the act brings about, and saves that with its
audit entries in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from sop.agreement.acts import (
    Act,
    Actor,
    Decide,
    Return,
    Sign,
    SignatureGiven,
    SignOffEvent,
    Withdraw,
    permission_for,
    require_may,
)
from sop.agreement.plan_states import SignOff, Standing, apply
from sop.agreement.records import Meaning, PlanRecord
from sop.core.terms import Role
from sop.services.acting import acting, read_actor, require_now
from sop.services.agreement.frozen_plans import sign_off_of
from sop.services.agreement.gate_findings import today
from sop.services.company.profile import require_cycle
from sop.store import Store, Transaction
from sop.store.plans import (
    add_plan_event,
    add_signature,
    lock_plan_content,
    read_agreed_plan,
    read_plans,
    read_waivers,
)


def sign(
    store: Store,
    person_id: str,
    plan_id: int,
    digest_shown: str,
    *,
    meaning: Meaning = "approve",
    comment: str = "",
    auth_method: str = "demo persona",
) -> SignOff:
    """Sign for one's own function what was shown. The last signature makes the plan agreed.

    Raises NotAllowed for who cannot sign or prepared the plan, Conflict where the plan is not what was shown or
    the gate is red by now, BadInput where a condition or dissent has no words.
    """
    return _do(store, person_id, plan_id, Sign(digest_shown, meaning, comment), auth_method)


def decide_over_dissent(store: Store, person_id: str, plan_id: int, digest_shown: str, reason: str) -> SignOff:
    """The chair makes a plan agreed that a function dissents from, in words that are kept with the dissent.

    Without it the plan agreed last stands. Raises NotAllowed for anybody but the CEO, Conflict where nothing is
    to be decided, where the plan is not what was shown, or without words.
    """
    return _do(store, person_id, plan_id, Decide(digest_shown, reason))


def return_plan(store: Store, person_id: str, plan_id: int, reason: str) -> PlanRecord:
    """Send a proposed plan back. Raises Conflict without a reason or where it is not proposed."""
    return _do(store, person_id, plan_id, Return(reason)).record


def withdraw_plan(store: Store, person_id: str, plan_id: int, reason: str) -> PlanRecord:
    """Take back a proposal that one prepared or signed, before it is agreed; what was signed stays on record.

    Raises NotAllowed for who did neither, Conflict without a reason or where the plan is not proposed.
    """
    return _do(store, person_id, plan_id, Withdraw(reason)).record


def _do(store: Store, person_id: str, plan_id: int, act: Act, auth_method: str = "") -> SignOff:
    """Have somebody act on a plan: all that the act brings about is kept, or nothing."""
    permission = permission_for(act, read_actor(store, person_id).role)
    with acting(store, person_id, permission) as tx:
        by = actor_of(tx, person_id, permission, auth_method)
        require_may(act, by)
        save_events(tx, apply(standing_of(tx, plan_id), act, by))
        return sign_off_of(tx, plan_id)


def actor_of(tx: Transaction, person_id: str, permission: str, auth_method: str = "") -> Actor:
    """Who acts, with the name and role of now. Raises NotAllowed."""
    person = require_now(tx, person_id, permission)
    return Actor(person.id, person.name, Role(person.role), auth_method)


def standing_of(tx: Transaction, plan_id: int) -> Standing:
    """What an act on a plan meets; the plan stays locked until the transaction ends. Raises NotFound."""
    content, sign_off = lock_plan_content(tx, plan_id), sign_off_of(tx, plan_id)
    cycle = sign_off.record.cycle
    return Standing(
        sign_off,
        content,
        plans=read_plans(tx, cycle),
        in_force=read_agreed_plan(tx),
        open_cycle=require_cycle(tx).first_open,
        waivers=read_waivers(tx, cycle),
        today=today(),
    )


def save_events(tx: Transaction, events: Iterable[SignOffEvent]) -> None:
    """Keep what came of an act, each with its audit entry."""
    for event in events:
        if isinstance(event, SignatureGiven):
            add_signature(tx, event)
        else:
            add_plan_event(tx, event.plan_id, event.state, event.reason)
