"""Sign-off: propose, sign, decide, return; every plan ever signed; and the snapshot that is checked offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sop
from sop.access import may
from sop.agreement.content import build_content
from sop.analysis.comparison.compare import headline_of_base
from sop.core.errors import BadInput, Conflict, NotAllowed, NotFound
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.terms import Function, Role
from sop.core.words import plain_money
from sop.files.keys import renew_keys
from sop.files.snapshot import build_snapshot, canonical_bytes
from sop.services.acting import acting, read_actor, reading, require_now
from sop.services.agreement.gate_findings import (
    find_for_gate,
    plain_findings,
    plain_waivers,
    require_gate,
    require_waived,
    valid_waivers,
)
from sop.services.company.profile import GroundRules, read_ground_rules, require_cycle
from sop.services.planning.room import InputSet, PlanningRoom, as_assumptions, read_entries
from sop.store import Store, Transaction
from sop.store.audit import chain_head
from sop.store.plans import (
    Plan as PlanRecord,
)
from sop.store.plans import (
    PlanEvent,
    add_plan,
    add_plan_event,
    read_agreed_plan,
    read_plan,
    read_plan_content,
    read_plan_events,
    read_plans,
)
from sop.store.scenarios import read_scenario
from sop.store.signatures import Meaning, Signature, read_signatures, sign_plan
from sop.views.executive.plan_message import plan_message


@dataclass(frozen=True)
class SignOff:
    """Where a plan stands: its record, who must sign, who has, and what became of it."""

    record: PlanRecord
    rules: GroundRules
    signatures: tuple[Signature, ...]
    events: tuple[PlanEvent, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Functions that the ground rules ask to sign; where the CEO chairs, the CEO is always one of them."""
        chair = (Function.CEO.value,) if self.rules.mode == "ceo" else ()
        return tuple(dict.fromkeys((*self.rules.functions, *chair)))

    @property
    def needed(self) -> int:
        """Signatures without dissent that make the plan agreed."""
        quorum = self.rules.quorum if self.rules.mode != "ceo" else 0
        return quorum or len(self.required)

    @property
    def open_functions(self) -> tuple[str, ...]:
        """Functions that have not signed yet."""
        signed = {signature.function for signature in self.signatures}
        return tuple(function for function in self.required if function not in signed)

    @property
    def given(self) -> int:
        """Signatures that count: those that do not dissent."""
        return sum(signature.meaning != "dissent" for signature in self.signatures)

    @property
    def dissents(self) -> tuple[Signature, ...]:
        """Signatures that dissent."""
        return tuple(signature for signature in self.signatures if signature.meaning == "dissent")

    @property
    def chair_decides(self) -> bool:
        """Whether all have signed, some dissent, and the CEO, who does not, must decide whether the plan holds."""
        chair = [s for s in self.signatures if s.function == Function.CEO and s.meaning != "dissent"]
        waiting = self.record.state == "proposed" and not self.open_functions
        return self.rules.mode == "ceo" and waiting and bool(self.dissents) and bool(chair)


def propose_plan(
    room: PlanningRoom, person_id: str, scenario_id: int | None = None, label: str = ""
) -> PlanRecord:
    """Freeze a plan for signature: solved cold, checked by the gate, its content and digest kept.

    The cycle's earlier proposal is superseded; its signatures stay on record. Raises NotAllowed, BadInput for
    a private draft, and Conflict where the gate is red without a waiver.
    """
    inputs = room.input_set()
    with reading(room.store, person_id, "propose_plan") as tx:
        _require_shared(tx, scenario_id)
        entries = read_entries(tx, scenario_id)
        waivers = valid_waivers(tx, inputs.cycle.first_open)
        revision = len(read_plans(tx, inputs.cycle.first_open)) + 1
    assumptions = as_assumptions(entries)
    inputs = room.decided(inputs, assumptions)
    plan = room.plan(assumptions, inputs, cold=True)
    with room.store.read() as tx:
        findings = find_for_gate(tx, plan, inputs.inputs, {r["table"]: r["sha256"] for r in inputs.sources})
    require_gate(findings, waivers)
    content = build_content(
        plan,
        inputs.inputs,
        inputs.forecast,
        [asdict(entry) for entry in entries],
        revision=revision,
        sources=inputs.sources,
        previous=inputs.agreed.record.digest if inputs.agreed else None,
        summary=plan_summary(inputs, plan),
        gate={"findings": plain_findings(findings), "waivers": plain_waivers(waivers)},
        fictional=inputs.company.fictional,
    )
    return store_proposal(room.store, person_id, content, label=label, scenario_id=scenario_id)


def store_proposal(
    store: Store, person_id: str, content: dict[str, Any], *, label: str = "", scenario_id: int | None = None
) -> PlanRecord:
    """Keep a content as the cycle's next revision, proposed; what was proposed before is superseded."""
    data = canonical_bytes(content)
    with acting(store, person_id, "propose_plan") as tx:
        earlier = [p for p in read_plans(tx, content["cycle"]) if p.state == "proposed"]
        record = add_plan(
            tx,
            content["cycle"],
            data,
            digest_of_bytes(data),
            label=label or f"revision {content['revision']}",
            software_version=sop.__version__,
            previous_digest=content["previous"],
            scenario_id=scenario_id,
        )
        if record.revision != content["revision"]:
            raise Conflict("somebody proposed a plan meanwhile", remedy="Look at it, then propose again")
        for plan in earlier:
            add_plan_event(tx, plan.id, "superseded", f"revision {record.revision} was proposed")
        add_plan_event(tx, record.id, "proposed")
        return read_plan(tx, record.id)


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
    with acting(store, person_id, "sign_plan") as tx:
        person = require_now(tx, person_id, "sign_plan")
        state = _require_open(tx, plan_id)
        function = Role(person.role).function
        if state.record.prepared_by == person_id:
            raise NotAllowed(
                "who prepared a plan cannot sign it", remedy="Let another person of the function sign"
            )
        if function is None or function.value not in state.required:
            raise NotAllowed(f"the ground rules do not ask {Role(person.role).title} to sign")
        require_waived(tx, state.record)
        sign_plan(
            tx,
            plan_id,
            Function(function),
            meaning=meaning,
            auth_method=auth_method,
            digest_shown=digest_shown,
            digest_of=digest_of_bytes,
            comment=comment,
        )
        _agree_when_complete(tx, _sign_off(tx, plan_id))
        return _sign_off(tx, plan_id)


def decide_over_dissent(store: Store, person_id: str, plan_id: int, digest_shown: str, reason: str) -> SignOff:
    """The chair makes a plan agreed that a function dissents from, in words that are kept with the dissent.

    Without it the plan agreed last stands. Raises NotAllowed for anybody but the CEO, Conflict where nothing is
    to be decided, where the plan is not what was shown, or without words.
    """
    if not reason.strip():
        raise Conflict("a decision over a dissent needs its reason", remedy="Write why the plan holds")
    with acting(store, person_id, "sign_plan") as tx:
        person = require_now(tx, person_id, "sign_plan")
        if Role(person.role) is not Role.EXECUTIVE:
            raise NotAllowed("only the CEO decides over a dissent", remedy="Ask the CEO, or return the plan")
        state = _require_open(tx, plan_id)
        if not state.chair_decides:
            raise Conflict("there is no dissent to decide over", why="the CEO decides last, after all have signed")
        if digest_of_bytes(read_plan_content(tx, plan_id)) != digest_shown:
            raise Conflict("the plan is not the one that was shown", remedy="Open the sign-off page again")
        who = ", ".join(Function(signature.function).title for signature in state.dissents)
        _agree(tx, state, f"decided by {person.name} over the dissent of {who}: {reason.strip()}")
        return _sign_off(tx, plan_id)


def _agree_when_complete(tx: Transaction, state: SignOff) -> None:
    """The last signature makes the plan agreed. In CEO mode one dissent leaves the plan in force until the chair
    decides; in a coalition the quorum decides, and the dissent is on record."""
    if state.given >= state.needed:
        _agree(tx, state, f"{state.given} of {len(state.required)} signatures")


def _agree(tx: Transaction, state: SignOff, how: str) -> None:
    """Make a plan agreed; the one in force becomes superseded."""
    record, previous = state.record, read_agreed_plan(tx)
    add_plan_event(tx, record.id, "agreed", how)
    if previous is not None:
        add_plan_event(tx, previous.id, "superseded", f"{record.cycle} revision {record.revision} was agreed")


def _require_open(tx: Transaction, plan_id: int) -> SignOff:
    """Where a plan of the open cycle stands. Raises Conflict for a plan of a closed cycle."""
    state, cycle = _sign_off(tx, plan_id), require_cycle(tx)
    if state.record.cycle != cycle.first_open:
        raise Conflict(
            f"the cycle {state.record.cycle} is closed",
            why="its plans are history",
            remedy=f"Act on a plan of {cycle.first_open}",
        )
    return state


def return_plan(store: Store, person_id: str, plan_id: int, reason: str) -> PlanRecord:
    """Send a proposed plan back. Raises Conflict without a reason or where it is not proposed."""
    if not reason.strip():
        raise Conflict("a plan is returned with a reason", remedy="Write what must change")
    with acting(store, person_id, "return_plan") as tx:
        _require_open(tx, plan_id)
        add_plan_event(tx, plan_id, "returned", reason.strip())
        return read_plan(tx, plan_id)


def withdraw_plan(store: Store, person_id: str, plan_id: int, reason: str) -> PlanRecord:
    """Take back a proposal that one prepared or signed, before it is agreed; what was signed stays on record.

    Raises NotAllowed for who did neither, Conflict without a reason or where the plan is not proposed.
    """
    if not reason.strip():
        raise Conflict("a plan is withdrawn with a reason", remedy="Write why")
    act = "propose_plan" if may(read_actor(store, person_id).role, "propose_plan") else "sign_plan"
    with acting(store, person_id, act) as tx:
        state = _require_open(tx, plan_id)
        if person_id not in (state.record.prepared_by, *(s.person for s in state.signatures)):
            raise NotAllowed("only who prepared or signed a plan can withdraw it", remedy="Return it instead")
        add_plan_event(tx, plan_id, "withdrawn", reason.strip())
        return read_plan(tx, plan_id)


def read_sign_off(store: Store, person_id: str, plan_id: int) -> SignOff:
    """Where a plan stands."""
    with reading(store, person_id) as tx:
        return _sign_off(tx, plan_id)


def current_proposal(store: Store, person_id: str, cycle: str) -> PlanRecord | None:
    """The cycle's plan that is up for signing or was agreed last; None where nothing was proposed."""
    with reading(store, person_id) as tx:
        found = [plan for plan in read_plans(tx, cycle) if plan.state in ("proposed", "agreed")]
    return found[-1] if found else None


def list_plans(store: Store, person_id: str) -> tuple[PlanRecord, ...]:
    """Every plan ever proposed, newest first."""
    with reading(store, person_id) as tx:
        return tuple(reversed(read_plans(tx)))


def read_content(store: Store, person_id: str, plan_id: int) -> dict[str, Any]:
    """The content of any plan, read-only."""
    with reading(store, person_id) as tx:
        return json.loads(read_plan_content(tx, plan_id))


def export_snapshot(store: Store, person_id: str, plan_id: int, keys_folder: Path) -> bytes:
    """The snapshot of a plan as zip bytes, made now with the signatures that it has now."""
    with reading(store, person_id, "export") as tx:
        record, content = read_plan(tx, plan_id), json.loads(read_plan_content(tx, plan_id))
        signatures, events, head = read_signatures(tx, plan_id), read_plan_events(tx, plan_id), chain_head(tx)
    now = datetime.now(UTC)
    ring = renew_keys(keys_folder, now)
    key = ring.current(now)
    provenance = {
        "app_version": sop.__version__,
        "planned_with_version": record.software_version,
        "created_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "audit_chain_head": head,
        "state": record.state,
        "prepared_by": record.prepared_by,
        "events": [{"state": event.state, "at": event.at, "reason": event.reason} for event in events],
    }
    older = tuple(r for r in ring.records if r.key_id != key.key_id)
    return build_snapshot(content, [signature_fields(s) for s in signatures], provenance, key, older)


def latest_agreed(store: Store, person_id: str) -> PlanRecord:
    """The plan in force. Raises NotFound before the first."""
    with reading(store, person_id) as tx:
        record = read_agreed_plan(tx)
    if record is None:
        raise NotFound("no plan has been agreed yet", remedy="Propose a plan and have it signed")
    return record


def digest_of_bytes(content: bytes) -> str:
    """The digest of stored canonical bytes."""
    return hashlib.sha256(content).hexdigest()


def plan_summary(inputs: InputSet, plan: Plan) -> str:
    """The plan's message in one sentence, compared with the agreed plan in force."""
    return summary_of(inputs.inputs, inputs.agreed.plan if inputs.agreed else None, plan)


def summary_of(inputs: Inputs, agreed: Plan | None, plan: Plan) -> str:
    """The message of a plan, compared with an agreed one."""
    families = inputs.families
    made_to_order = [n for n, flag in zip(families.names, families.made_to_order, strict=True) if flag]
    base = headline_of_base(plan, agreed, made_to_order)
    return plan_message(plan.headline, base, "agreed plan", None, plain_money(plan.currency))


def _sign_off(tx: Transaction, plan_id: int) -> SignOff:
    return SignOff(
        read_plan(tx, plan_id), read_ground_rules(tx), read_signatures(tx, plan_id), read_plan_events(tx, plan_id)
    )


def _require_shared(tx: Transaction, scenario_id: int | None) -> None:
    """Raises BadInput for a private draft: what is proposed can be looked at by all first."""
    if scenario_id is not None and read_scenario(tx, scenario_id).kind == "draft":
        raise BadInput("a private draft cannot be proposed", remedy="Save it under a name, then propose that")


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
