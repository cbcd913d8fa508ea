"""What the Sign-off page shows: one frozen plan with all that is signed with it, and every plan ever frozen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop.agreement.content import plan_of_content
from sop.analysis.commitments import Commitment, build_commitments
from sop.analysis.comparison.compare import headline_of_base
from sop.core.findings import Finding
from sop.core.plan import Plan
from sop.core.words import plain_month
from sop.services.acting import reading
from sop.services.agreement.gate_findings import find_for_gate, tables_since, valid_waivers
from sop.services.agreement.signing import SignOff, current_proposal, list_plans, read_sign_off
from sop.services.planning.choices import plan_name
from sop.services.planning.memo import keep
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.bench import made_to_order_of
from sop.store.people import read_people
from sop.store.plans import Plan as PlanRecord
from sop.store.plans import Waiver, read_plan, read_plan_by_digest, read_plan_content

Headline = Mapping[str, float | int | None]


@dataclass(frozen=True)
class Frozen:
    """A frozen plan with its content, read back."""

    content: Mapping[str, Any]
    plan: Plan


@dataclass(frozen=True)
class Proposal:
    """A frozen plan and where it stands. `previous`: what it is compared with, on this plan's months.

    `tables_since`: tables loaded anew since the plan was made; only told while it is up for signing.
    """

    state: SignOff
    content: Mapping[str, Any]
    plan: Plan
    previous_name: str
    previous: Headline
    commitments: tuple[Commitment, ...]
    tables_since: tuple[str, ...]
    names: Mapping[str, str]

    @property
    def record(self) -> PlanRecord:
        """The plan's record."""
        return self.state.record

    @property
    def name(self) -> str:
        """The plan in words: 'Dec 2026, revision 1'."""
        return frozen_name(self.record)


def frozen_name(record: PlanRecord) -> str:
    """A frozen plan's cycle and revision in words."""
    return f"{plain_month(record.cycle)}, revision {record.revision}"


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
        since = tables_since(tx, frozen.content) if state.record.state == "proposed" else ()
        names = {person.id: person.name for person in read_people(tx)}
    base = read_frozen(room, person_id, before).plan if before else None
    is_open = state.record.cycle == inputs.cycle.first_open and not since
    return Proposal(
        state=state,
        content=frozen.content,
        plan=frozen.plan,
        previous_name=plan_name(before) if before else "",
        previous=headline_of_base(frozen.plan, base, made_to_order_of(inputs)),
        commitments=build_commitments(frozen.plan, inputs.inputs.position.people if is_open else None),
        tables_since=since,
        names=names,
    )


def read_frozen(room: PlanningRoom, person_id: str, record: PlanRecord) -> Frozen:
    """A frozen plan read back; kept by its digest, because reading it takes long. Raises NotAllowed."""
    with reading(room.store, person_id) as tx:
        return keep(room, ("frozen", record.digest), lambda: _frozen(read_plan_content(tx, record.id)))


def _frozen(data: bytes) -> Frozen:
    content = json.loads(data)
    return Frozen(content, plan_of_content(content))


def list_frozen(room: PlanningRoom, person_id: str, cycle: str) -> tuple[PlanRecord, ...]:
    """Every plan ever frozen, first the one to look at: up for signing, else in force, then newest first."""
    plans = list_plans(room.store, person_id)
    current = current_proposal(room.store, person_id, cycle)
    in_force = [plan for plan in plans if plan.state == "agreed"]
    first = [current] if current else in_force[:1]
    return (*first, *(plan for plan in plans if plan not in first))


def working_gate(
    room: PlanningRoom, person_id: str, inputs: InputSet
) -> tuple[tuple[Finding, ...], tuple[Waiver, ...]]:
    """What the gate would find in the working plan now, and the waivers that hold. Raises NotAllowed."""
    plan = room.scenario_plan()
    with reading(room.store, person_id) as tx:
        found = find_for_gate(tx, plan, inputs.inputs, {row["table"]: row["sha256"] for row in inputs.sources})
        return found, valid_waivers(tx, inputs.cycle.first_open)
