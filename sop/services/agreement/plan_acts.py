"""Propose, sign, decide, return, withdraw: what people do about a plan that is frozen.

Each act loads where the plan stands, asks `sop.agreement` what the act brings about, and saves that with its
audit entries in one transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import sop
from sop.agreement.acts import (
    Act,
    Actor,
    Decide,
    Propose,
    Return,
    Sign,
    SignatureGiven,
    SignOffEvent,
    Withdraw,
    permission_for,
    require_may,
)
from sop.agreement.content import build_content
from sop.agreement.gate import gate_content
from sop.agreement.plan_states import SignOff, Standing, apply
from sop.agreement.records import Meaning, PlanRecord
from sop.analysis.ranges.claims import PlanClaims
from sop.core.calendar import period_name, shift_period
from sop.core.errors import BadInput
from sop.core.format import held_style
from sop.core.plan import Plan
from sop.core.register import Entry, as_assumptions
from sop.core.terms import Function, Role
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.services.access.sessions import method_of_signature
from sop.services.acting import acting, read_actor, reading, require_now
from sop.services.agreement.decision_acts import decisions_content
from sop.services.agreement.frozen_plans import sign_off_of, today, valid_waivers
from sop.services.agreement.gate_findings import gate_of
from sop.services.agreement.signing_keys import keys_of, require_signing
from sop.services.analysis.claims import keep_claims, make_claims
from sop.services.analysis.drawing import FIRST, usual_draws
from sop.services.company.cycle import require_cycle
from sop.services.planning.room import InputSet, PlanningRoom, read_entries
from sop.services.process.tasks import new_task
from sop.store import Store, Transaction
from sop.store.open_views import add_plan_figures
from sop.store.plans import (
    add_plan,
    add_plan_event,
    add_signature,
    read_agreed_plan,
    read_plan,
    read_plan_content,
    read_plans,
    read_waivers,
)
from sop.store.scenarios import read_scenario
from sop.views.executive.plan_message import summary_of


def sign(
    store: Store,
    person_id: str,
    plan_id: int,
    digest_shown: str,
    *,
    meaning: Meaning = "approve",
    comment: str = "",
    owner: str = "",
    due: str = "",
    session: str = "",
) -> SignOff:
    """Sign for one's own function what was shown. The last signature makes the plan agreed.

    The button is in `sop.ui.panels.sign_off.sign_acts`. Kept in one transaction: the signature (`add_signature`
    of `sop.store.plans`, a `SignatureRow` with the digest that was shown) and where it is the last the plan's new
    state (`add_plan_event`), each sealed in the audit chain.
    A condition becomes a task of its `owner` until a month `due`: of the signer and the next month where none is
    named. `session`: the key of the signer's session, which says how they were authenticated; a demo needs none.
    Raises NotAllowed for who cannot sign, prepared the plan or did not just prove who they are, Conflict where the
    plan is not what was shown or the gate is red by now, BadInput where a condition or dissent has no words, or a
    condition's owner or month is none, and SetupError while the signing key is missing or the clock is wrong.
    """

    def follow(tx: Transaction, state: SignOff) -> None:
        given = state.signatures[-1]
        month = due or shift_period(state.record.cycle, 1)
        title = f"Condition of {Function(given.function).title} on {period_name(state.record.cycle)}"
        new_task(
            tx, title, owner or person_id, month, kind="condition", note=comment, about=f"signature|{given.id}"
        )

    act = Sign(digest_shown, meaning, comment)
    return _do(store, person_id, plan_id, act, session, follow if meaning == "conditional" else None)


def decide_over_dissent(
    store: Store, person_id: str, plan_id: int, digest_shown: str, reason: str, *, session: str = ""
) -> SignOff:
    """The chair makes a plan agreed that a function dissents from, in words that are kept with the dissent.

    Without it the plan agreed last stands. Raises NotAllowed for anybody but the CEO, Conflict where nothing is
    to be decided, where the plan is not what was shown, or without words.
    """
    return _do(store, person_id, plan_id, Decide(digest_shown, reason), session)


def return_plan(store: Store, person_id: str, plan_id: int, reason: str) -> PlanRecord:
    """Send a proposed plan back. Raises Conflict without a reason or where it is not proposed."""
    return _do(store, person_id, plan_id, Return(reason)).record


def withdraw_plan(store: Store, person_id: str, plan_id: int, reason: str) -> PlanRecord:
    """Take back a proposal that one prepared or signed, before it is agreed; what was signed stays on record.

    Raises NotAllowed for who did neither, Conflict without a reason or where the plan is not proposed.
    """
    return _do(store, person_id, plan_id, Withdraw(reason)).record


def _do(
    store: Store,
    person_id: str,
    plan_id: int,
    act: Act,
    session: str = "",
    follow: Callable[[Transaction, SignOff], None] | None = None,
) -> SignOff:
    """Have somebody act on a plan: all that the act brings about and what follows of it is kept, or nothing."""
    permission = permission_for(act, read_actor(store, person_id).role)
    with acting(store, person_id, permission) as tx:
        by = actor_of(tx, person_id, permission)
        require_may(act, by)
        if isinstance(act, Sign | Decide):
            require_signing(tx, keys_of(store))
            by = replace(by, auth_method=method_of_signature(tx, by.id, session))
        save_events(tx, apply(standing_of(tx, plan_id), act, by))
        state = sign_off_of(tx, plan_id)
        if follow is not None:
            follow(tx, state)
        return state


def actor_of(tx: Transaction, person_id: str, permission: str) -> Actor:
    """Who acts, with the name and role of now. Raises NotAllowed."""
    person = require_now(tx, person_id, permission)
    return Actor(person.id, person.name, Role(person.role))


def standing_of(tx: Transaction, plan_id: int) -> Standing:
    """What an act on a plan meets; the plan stays locked until the transaction ends. Raises NotFound."""
    content, sign_off = read_plan_content(tx, plan_id, lock=True), sign_off_of(tx, plan_id)
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


@held_style()  # The gate is signed too.
def propose_plan(
    room: PlanningRoom, person_id: str, scenario_id: int | None = None, label: str = "", *, draws: int = FIRST
) -> PlanRecord:
    """Freeze a plan for signature: solved cold, checked by the gate, its content and digest kept, and beside it
    what it claims: ranges and chances from `draws` draws, or from more where they are kept.

    The cycle's earlier proposal is superseded; its signatures stay on record. Raises NotAllowed, BadInput for
    a private draft, and Conflict where the gate is red without a waiver.
    """
    inputs = room.input_set()
    with reading(room.store, person_id, "propose_plan") as tx:
        # What is proposed can be looked at by all first.
        if scenario_id is not None and read_scenario(tx, scenario_id).kind == "draft":
            raise BadInput("a private draft cannot be proposed", remedy="Save it under a name, then propose that")
        entries = read_entries(tx, scenario_id)
        waivers = valid_waivers(tx, inputs.cycle.first_open)
        revision = len(read_plans(tx, inputs.cycle.first_open)) + 1
    assumptions = as_assumptions(entries)
    inputs = room.decided(inputs, assumptions)
    plan = room.plan(assumptions, inputs, cold=True)
    lines = gate_of(room, inputs, plan, assumptions)
    decided = decisions_content(room.store, inputs.cycle.first_open)
    content = content_of(inputs, plan, entries, revision, gate_content(lines, waivers), decided)
    claims = make_claims(room, inputs, plan, assumptions, min(draws, usual_draws()))
    return store_proposal(room.store, person_id, content, label=label, scenario_id=scenario_id, claims=claims)


def content_of(
    inputs: InputSet,
    plan: Plan,
    entries: Sequence[Entry],
    revision: int,
    gate: Mapping[str, Any],
    decisions: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The content of a plan of the open cycle.

    `entries`: the assumptions that it was planned with; `decisions`: what was decided in the cycle.
    """
    # What is signed is written one way, so that its digest is the same whatever figures look like on screen.
    with held_style():
        return build_content(
            plan,
            inputs.inputs,
            inputs.forecast,
            [asdict(entry) for entry in entries],
            revision=revision,
            sources=inputs.sources,
            previous=inputs.agreed.record.digest if inputs.agreed else None,
            summary=plan_summary(inputs, plan),
            gate=gate,
            decisions=decisions,
            fictional=inputs.company.fictional,
        )


def store_proposal(
    store: Store,
    person_id: str,
    content: dict[str, Any],
    *,
    label: str = "",
    scenario_id: int | None = None,
    claims: PlanClaims | None = None,
) -> PlanRecord:
    """Keep a content as the cycle's next revision, proposed, with its claims beside it; what was proposed before
    is superseded."""
    data, act = canonical_bytes(content), Propose(content["revision"])
    with acting(store, person_id, "propose_plan") as tx:
        record = add_plan(
            tx,
            content["cycle"],
            data,
            sha256_hex(data),
            label=label or f"revision {content['revision']}",
            software_version=sop.__version__,
            previous_digest=content["previous"],
            scenario_id=scenario_id,
        )
        add_plan_figures(tx, record.id, content)
        if claims is not None:
            keep_claims(tx, record.digest, claims)
        save_events(tx, apply(standing_of(tx, record.id), act, actor_of(tx, person_id, "propose_plan")))
        return read_plan(tx, record.id)


def plan_summary(inputs: InputSet, plan: Plan) -> str:
    """The plan's message in one sentence, compared with the agreed plan in force."""
    return summary_of(inputs.inputs, inputs.agreed.plan if inputs.agreed else None, plan)
