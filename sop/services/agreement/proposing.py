"""Freeze a plan for signature: planned again from nothing, checked by the gate, its content and digest kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sop
from sop.agreement.acts import (
    Propose,
)
from sop.agreement.content import build_content
from sop.agreement.gate import gate_content
from sop.agreement.plan_states import apply
from sop.agreement.records import PlanRecord
from sop.core.errors import BadInput
from sop.core.plan import Plan
from sop.core.register import Entry, as_assumptions
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.services.acting import acting, reading
from sop.services.agreement.gate_findings import gate_of, valid_waivers
from sop.services.agreement.plan_acts import actor_of, save_events, standing_of
from sop.services.planning.room import InputSet, PlanningRoom, read_entries
from sop.store import Store
from sop.store.plans import (
    add_plan,
    read_plan,
    read_plans,
)
from sop.store.scenarios import read_scenario
from sop.views.executive.plan_message import summary_of


def propose_plan(
    room: PlanningRoom, person_id: str, scenario_id: int | None = None, label: str = ""
) -> PlanRecord:
    """Freeze a plan for signature: solved cold, checked by the gate, its content and digest kept.

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
    content = content_of(inputs, plan, entries, revision, gate_content(lines, waivers))
    return store_proposal(room.store, person_id, content, label=label, scenario_id=scenario_id)


def content_of(
    inputs: InputSet, plan: Plan, entries: Sequence[Entry], revision: int, gate: Mapping[str, Any]
) -> dict[str, Any]:
    """The content of a plan of the open cycle; `entries`: the assumptions that it was planned with."""
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
        fictional=inputs.company.fictional,
    )


def store_proposal(
    store: Store, person_id: str, content: dict[str, Any], *, label: str = "", scenario_id: int | None = None
) -> PlanRecord:
    """Keep a content as the cycle's next revision, proposed; what was proposed before is superseded."""
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
        save_events(tx, apply(standing_of(tx, record.id), act, actor_of(tx, person_id, "propose_plan")))
        return read_plan(tx, record.id)


def plan_summary(inputs: InputSet, plan: Plan) -> str:
    """The plan's message in one sentence, compared with the agreed plan in force."""
    return summary_of(inputs.inputs, inputs.agreed.plan if inputs.agreed else None, plan)
