"""What the Sign-off page shows: one frozen plan with all that is signed with it, and every plan ever frozen."""

from __future__ import annotations

from sop.agreement.content import FrozenPlan, tables_since
from sop.agreement.records import PlanRecord, Waiver, first_to_look_at
from sop.core.findings import Finding
from sop.services.acting import reading
from sop.services.agreement.gate_findings import gate_of, valid_waivers
from sop.services.agreement.signing import current_proposal, list_plans, read_sign_off
from sop.services.planning.choices import plan_name
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.data import read_heads
from sop.store.people import read_people
from sop.store.plans import read_plan, read_plan_by_digest
from sop.views.executive.sign_off import Proposal, build_proposal


def read_proposal(
    room: PlanningRoom, person_id: str, plan_id: int, inputs: InputSet, against: int | None = None
) -> Proposal:
    """One frozen plan and all that is signed with it, compared with the plan `against`, else with the agreed one
    that it follows. Raises NotFound, NotAllowed."""
    state = read_sign_off(room.store, person_id, plan_id)
    frozen = read_frozen(room, person_id, state.record)
    with reading(room.store, person_id) as tx:
        digest = frozen.content["previous"]
        before = read_plan_by_digest(tx, digest) if digest else None
        before = before if against is None else read_plan(tx, against)
        tables = {name: head.sha256 for name, head in read_heads(tx).items()}
        names = {person.id: person.name for person in read_people(tx)}
    return build_proposal(
        state,
        frozen,
        inputs.inputs,
        previous_name=plan_name(before) if before else "",
        previous=read_frozen(room, person_id, before).plan if before else None,
        since=tables_since(frozen.content, tables) if state.record.state == "proposed" else (),
        names=names,
    )


def read_frozen(room: PlanningRoom, person_id: str, record: PlanRecord) -> FrozenPlan:
    """A frozen plan read back. Raises NotAllowed."""
    with reading(room.store, person_id) as tx:
        return room.frozen(tx, record)


def list_frozen(room: PlanningRoom, person_id: str, cycle: str) -> tuple[PlanRecord, ...]:
    """Every plan ever frozen, first the one to look at: up for signing, else in force, then newest first."""
    plans = list_plans(room.store, person_id)
    return first_to_look_at(plans, current_proposal(room.store, person_id, cycle))


def working_gate(
    room: PlanningRoom, person_id: str, inputs: InputSet
) -> tuple[tuple[Finding, ...], tuple[Waiver, ...]]:
    """What the gate would find in the working plan now, and the waivers that hold. Raises NotAllowed."""
    plan = room.scenario_plan()
    with reading(room.store, person_id) as tx:
        return gate_of(tx, plan, inputs), valid_waivers(tx, inputs.cycle.first_open)
