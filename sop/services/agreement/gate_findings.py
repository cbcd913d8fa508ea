"""The gate before proposing and before each signature: what it finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sop.agreement.gate import GateLine, frozen_lines, worst_first
from sop.agreement.records import Waiver
from sop.analysis.cadence import accuracy_of_plans
from sop.analysis.decisions.exceptions import ReviewException, find_exceptions
from sop.analysis.gate.plan_lines import plan_gate
from sop.analysis.gate.review_lines import (
    Condition,
    CycleState,
    GateFacts,
    ProvenBias,
    claimed_biases,
    proven_biases,
    review_gate,
)
from sop.core.findings import Finding, finding_of
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.terms import Role
from sop.services.acting import reading
from sop.services.agreement.decision_acts import still_to_decide
from sop.services.agreement.frozen_plans import agreed_plans, valid_waivers
from sop.services.analysis.claims import read_track_record
from sop.services.analysis.decisions import value_decisions
from sop.services.company.cycle import read_cycle_plan, read_ground_rules, steps_in_use
from sop.services.planning.choices import View, once_of
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store import Transaction
from sop.store.cycles import read_cycle
from sop.store.data import read_first_findings
from sop.store.plans import read_agreed_plan, read_plans, read_signatures
from sop.store.process import read_items, read_tasks
from sop.store.settings import read_people

_JUDGED_AHEAD = 3
"""Months ahead at which signed plans are judged: early enough for supply to act on it."""


@dataclass(frozen=True)
class PlanGate:
    """What the gate says about a plan, the worst first, and the cycle's waivers that hold today."""

    lines: tuple[GateLine, ...]
    waivers: tuple[Waiver, ...]


def working_gate(room: PlanningRoom, person_id: str, inputs: InputSet) -> PlanGate:
    """What the gate would say about the working plan now. Raises NotAllowed."""
    with reading(room.store, person_id) as tx:
        waivers = valid_waivers(tx, inputs.cycle.first_open)
    assumptions = room.assumptions()
    return PlanGate(gate_of(room, inputs, room.plan(assumptions, inputs), assumptions), waivers)


def gate_of_view(room: PlanningRoom, person_id: str, inputs: InputSet, view: View) -> PlanGate:
    """What the gate says about the plan that is looked at: as it was frozen, else as it would be now.

    Raises NotAllowed.
    """
    with reading(room.store, person_id) as tx:
        waivers = valid_waivers(tx, view.record.cycle if view.record else inputs.cycle.first_open)
        if view.record is not None:
            return PlanGate(frozen_lines(room.frozen(tx, view.record).content), waivers)
    plan, assumptions = view.plan, view.assumptions
    found = once_of(room, "gate", inputs, (view,), lambda: _of_plan(room, inputs, plan, assumptions))
    return PlanGate(_of_cycle(room, inputs, plan, assumptions, found), waivers)


def gate_of(room: PlanningRoom, inputs: InputSet, plan: Plan, assumptions: Assumptions) -> tuple[GateLine, ...]:
    """Every line of the gate for a plan of the open cycle, the worst first; its decisions are valued for it."""
    return _of_cycle(room, inputs, plan, assumptions, _of_plan(room, inputs, plan, assumptions))


@dataclass(frozen=True)
class _OfPlan:
    """What the gate finds in a plan alone, and the exceptions that it asks the cycle about."""

    lines: tuple[GateLine, ...]
    exceptions: tuple[ReviewException, ...]


def _of_plan(room: PlanningRoom, inputs: InputSet, plan: Plan, assumptions: Assumptions) -> _OfPlan:
    worth = value_decisions(room, inputs, assumptions).worth
    sources = {row["table"]: row["sha256"] for row in inputs.sources}
    with room.store.read() as tx:
        imported = stored_warnings(tx, sources)
    return _OfPlan(
        tuple(plan_gate(plan, inputs.inputs, assumptions, imported)),
        find_exceptions(plan, inputs.inputs, assumptions, worth, plan.money.exact),
    )


def _of_cycle(
    room: PlanningRoom, inputs: InputSet, plan: Plan, assumptions: Assumptions, found: _OfPlan
) -> tuple[GateLine, ...]:
    valuation, biases = value_decisions(room, inputs, assumptions), _biases(room, inputs)
    with room.store.read() as tx:
        facts = GateFacts(
            decisions=still_to_decide(room, valuation, inputs.cycle.first_open).decisions,
            exceptions=found.exceptions,
            biases=biases,
            cycle=_cycle_state(tx, inputs.cycle.first_open),
            nobody_signs=_nobody_signs(tx),
            conditions=_conditions(tx, inputs.cycle.first_open),
        )
    return worst_first((*found.lines, *review_gate(plan, assumptions, facts)))


def stored_warnings(tx: Transaction, sources: Mapping[str, str]) -> list[Finding]:
    """Warnings under which tables were imported, by table; those of the first import of the same content.

    `sources`: digest by table.
    """
    return [warning for _, rows in sorted(read_first_findings(tx, sources).items()) for warning in _warnings(rows)]


def _warnings(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The warnings among the stored findings of an import, each without the folder in which its file lay.

    What is signed names no machine's folders.
    """
    return [
        finding_of({**row, "file": str(row.get("file", "")).replace("\\", "/").rpartition("/")[2]})
        for row in rows
        if row.get("level") == "warning"
    ]


def _biases(room: PlanningRoom, inputs: InputSet) -> tuple[ProvenBias, ...]:
    plans = agreed_plans(room)
    key = ("biases", inputs.key, tuple(sorted(plans)))
    found = room.memo.get(key, lambda: proven_biases(accuracy_of_plans(inputs.inputs, plans, _JUDGED_AHEAD)))
    return (*claimed_biases(read_track_record(room, inputs).biases, inputs.inputs.company), *found)


def _cycle_state(tx: Transaction, first_open: str) -> CycleState:
    steps, now = steps_in_use(tx), read_cycle(tx, first_open).step
    plan = read_cycle_plan(tx)
    said = {item.ref for item in read_items(tx, first_open) if item.outcome.strip()}
    tasks = {task.about for task in read_tasks(tx) if task.is_open}
    answered = frozenset(filter(None, said | tasks))
    # A step that was switched off while the cycle stood at it leaves none open.
    return CycleState(now, steps if now in steps else (now,), bool(steps), bool(plan.steps), answered)


def _nobody_signs(tx: Transaction) -> tuple[str, ...]:
    able = {Role(person.role).function for person in read_people(tx) if person.active}
    return tuple(function for function in read_ground_rules(tx).required if function not in able)


def _conditions(tx: Transaction, cycle: str) -> tuple[Condition, ...]:
    """Conditions under the plan in force, and under this cycle's earlier revisions."""
    in_force = read_agreed_plan(tx)
    plans = {plan.id: plan for plan in (*([in_force] if in_force else ()), *read_plans(tx, cycle))}
    return tuple(
        Condition(plan, signature)
        for _, plan in sorted(plans.items())
        for signature in read_signatures(tx, plan.id)
        if signature.meaning == "conditional"
    )
