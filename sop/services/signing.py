"""Sign-off: gate, propose, sign, return; every plan ever signed; and the snapshot that can be checked offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sop
from sop.core.errors import Conflict, NotAllowed, NotFound
from sop.core.findings import Finding
from sop.core.plan import Plan
from sop.core.terms import Function, Role
from sop.files.keys import renew_keys
from sop.files.snapshot import build_snapshot, canonical_bytes
from sop.review.compare import headline_of_base
from sop.review.content import build_content
from sop.review.gate import check_gate, red
from sop.review.message import plain_money, plan_message
from sop.services.acting import acting, reading, require_now
from sop.services.company import GroundRules, read_ground_rules
from sop.services.planning import InputSet, PlanningRoom, as_assumptions, read_entries
from sop.store import Store, Transaction
from sop.store.audit import chain_head
from sop.store.data import read_heads
from sop.store.plans import (
    Plan as PlanRecord,
)
from sop.store.plans import (
    PlanEvent,
    Waiver,
    add_plan,
    add_plan_event,
    add_waiver,
    read_agreed_plan,
    read_plan,
    read_plan_content,
    read_plan_events,
    read_plans,
    read_waivers,
)
from sop.store.signatures import Meaning, Signature, read_signatures, sign_plan


@dataclass(frozen=True)
class SignOff:
    """Where a plan stands: its record, who must sign, who has, and what became of it."""

    record: PlanRecord
    rules: GroundRules
    signatures: tuple[Signature, ...]
    events: tuple[PlanEvent, ...]

    @property
    def open_functions(self) -> tuple[str, ...]:
        """Functions that have not signed yet."""
        signed = {signature.function for signature in self.signatures}
        return tuple(function for function in self.rules.functions if function not in signed)

    @property
    def given(self) -> int:
        """Signatures that count: those that do not dissent."""
        return sum(signature.meaning != "dissent" for signature in self.signatures)


def check_working_gate(room: PlanningRoom, plan: Plan, inputs: InputSet) -> tuple[Finding, ...]:
    """What the gate finds for a plan: identities, data findings of the loaded tables, plans that are missing."""
    position = inputs.inputs.position
    opening = {"inventory": position.inventory, "past_due": position.past_due.sum(axis=1)}
    with room.store.read() as tx:
        heads = read_heads(tx)
    stored = [
        Finding(**{**finding, "level": "warning"})
        for head in heads.values()
        for finding in head.findings
        if finding.get("level") == "warning"
    ]
    return check_gate(plan, opening, [*inputs.inputs.findings, *stored])


def propose_plan(
    room: PlanningRoom, person_id: str, scenario_id: int | None = None, label: str = ""
) -> PlanRecord:
    """Freeze a plan for signature: solved cold, checked by the gate, its content and digest kept.

    The cycle's earlier proposal is superseded; its signatures stay on record. Raises NotAllowed, and Conflict
    where the gate is red without a waiver.
    """
    inputs = room.input_set()
    with reading(room.store, person_id, "propose_plan") as tx:
        entries = read_entries(tx, scenario_id)
        waivers = _valid_waivers(read_waivers(tx, inputs.cycle.first_open))
        revision = len(read_plans(tx, inputs.cycle.first_open)) + 1
    plan = room.plan(as_assumptions(entries), inputs, cold=True)
    findings = check_working_gate(room, plan, inputs)
    _require_gate(findings, waivers)
    content = build_content(
        plan,
        inputs.inputs,
        inputs.forecast,
        [asdict(entry) for entry in entries],
        revision=revision,
        sources=inputs.sources,
        previous=inputs.agreed.record.digest if inputs.agreed else None,
        summary=plan_summary(inputs, plan),
        gate={"findings": [_plain(finding) for finding in findings], "waivers": [_waiver(w) for w in waivers]},
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

    Raises NotAllowed for who cannot sign or prepared the plan, Conflict where the plan is not what was shown.
    """
    with acting(store, person_id, "sign_plan") as tx:
        person = require_now(tx, person_id, "sign_plan")
        record, rules = read_plan(tx, plan_id), read_ground_rules(tx)
        function = Role(person.role).function
        if record.prepared_by == person_id:
            raise NotAllowed(
                "who prepared a plan cannot sign it", remedy="Let another person of the function sign"
            )
        if function is None or function.value not in rules.functions:
            raise NotAllowed(f"the ground rules do not ask {Role(person.role).title} to sign")
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
        _agree_when_complete(tx, record, rules)
        return _sign_off(tx, plan_id)


def _agree_when_complete(tx: Transaction, record: PlanRecord, rules: GroundRules) -> None:
    """The last signature makes the plan agreed and supersedes the one in force; dissent needs the chair's word."""
    state = _sign_off(tx, record.id)
    if state.given < rules.needed:
        return
    previous = read_agreed_plan(tx)
    add_plan_event(tx, record.id, "agreed", f"{state.given} of {rules.needed} signatures")
    if previous is not None:
        add_plan_event(tx, previous.id, "superseded", f"{record.cycle} revision {record.revision} was agreed")


def return_plan(store: Store, person_id: str, plan_id: int, reason: str) -> PlanRecord:
    """Send a proposed plan back. Raises Conflict without a reason or where it is not proposed."""
    if not reason.strip():
        raise Conflict("a plan is returned with a reason", remedy="Write what must change")
    with acting(store, person_id, "return_plan") as tx:
        add_plan_event(tx, plan_id, "returned", reason)
        return read_plan(tx, plan_id)


def waive(store: Store, person_id: str, cycle: str, rule: str, reason: str, expiry: str) -> Waiver:
    """Accept a red finding of the gate by name, with reason and expiry month or date."""
    with acting(store, person_id, "waive_finding") as tx:
        return add_waiver(tx, cycle, rule, reason, expiry)


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
    """The snapshot of a plan as zip bytes. Its bytes are the same until something is signed anew."""
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
    families = inputs.inputs.families
    made_to_order = [n for n, flag in zip(families.names, families.made_to_order, strict=True) if flag]
    base = headline_of_base(plan, inputs.agreed.plan if inputs.agreed else None, made_to_order)
    return plan_message(plan.headline, base, "agreed plan", None, plain_money(plan.currency))


def _sign_off(tx: Transaction, plan_id: int) -> SignOff:
    return SignOff(
        read_plan(tx, plan_id), read_ground_rules(tx), read_signatures(tx, plan_id), read_plan_events(tx, plan_id)
    )


def _valid_waivers(waivers: tuple[Waiver, ...]) -> tuple[Waiver, ...]:
    """Waivers that have not expired today."""
    today = datetime.now(UTC).date().isoformat()
    return tuple(waiver for waiver in waivers if waiver.expiry >= today[: len(waiver.expiry)])


def _require_gate(findings: tuple[Finding, ...], waivers: tuple[Waiver, ...]) -> None:
    waived = {waiver.rule for waiver in waivers}
    stopping = [finding for finding in red(findings) if finding.rule not in waived]
    if stopping:
        raise Conflict(
            f"the gate is red: {stopping[0]}",
            why=f"{len(stopping)} finding(s) stop it",
            remedy="Mend them, or have the CEO waive them with reason and expiry",
        )


def _plain(finding: Finding) -> dict[str, Any]:
    return {"level": finding.level, "rule": finding.rule, "text": str(finding), "count": finding.count}


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {"rule": waiver.rule, "by": waiver.by, "reason": waiver.reason, "expiry": waiver.expiry}


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
