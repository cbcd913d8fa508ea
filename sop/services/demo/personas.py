"""The demo's people agree on the open cycle's plan: who built the demo signs for each of its personas."""

from __future__ import annotations

from datetime import date

from sop.agreement.gate import frozen_lines, stopping
from sop.agreement.plan_states import SignOff
from sop.analysis.ranges.risks import BLOCK
from sop.core.calendar import bucket_of, end_of, period_of
from sop.core.errors import Conflict
from sop.core.terms import Function, Role
from sop.services.access.mode import Access, access_of
from sop.services.agreement.frozen_plans import read_content, read_sign_off, today, valid_waivers, waive
from sop.services.agreement.gate_findings import working_gate
from sop.services.agreement.plan_acts import propose_plan, sign
from sop.services.company.cycle import read_company, require_cycle
from sop.services.planning.room import PlanningRoom
from sop.store import Store
from sop.store.plans import read_plans
from sop.store.settings import read_people

COORDINATOR, CEO = Role.COORDINATOR.value, Role.EXECUTIVE.value
_WHY_WAIVED = "Known and accepted for this month, so that the demo goes on"


def agree_on_plan(room: PlanningRoom) -> str:
    """Have the open proposal signed, else the working plan; how the plan of the open cycle came to be agreed.

    Raises Conflict where people sign for themselves, where a function dissents, or where nobody can sign for one.
    """
    with room.store.read() as tx:
        month, access = require_cycle(tx).first_open, access_of(read_company(tx))
        plans = read_plans(tx, month)
    if any(plan.state == "agreed" for plan in plans):
        return "the plan was agreed already"
    if access is not Access.DEMO:
        raise Conflict(
            f"no plan of {month} is agreed",
            why="people sign in here and sign for themselves",
            remedy="Have it signed on the Sign-off page, then go on",
        )
    proposed = next((plan for plan in plans if plan.state == "proposed"), None)
    waive_red(room, month, proposed.id if proposed else None)
    if proposed is None:
        sign_by_all(room.store, propose_plan(room, COORDINATOR, draws=BLOCK).id)
        return "the working plan was proposed and signed by every function"
    sign_by_all(room.store, proposed.id)
    return f"revision {proposed.revision} was signed by every function"


def waive_red(room: PlanningRoom, month: str, proposed: int | None = None) -> None:
    """Have the CEO's persona waive for this month whatever is red in the proposal, else in the working plan."""
    store = room.store
    if proposed is None:
        gate = working_gate(room, CEO, room.input_set())
        lines, waivers = gate.lines, gate.waivers
    else:
        with store.read() as tx:
            waivers = valid_waivers(tx, month)
        lines = frozen_lines(read_content(store, CEO, proposed))
    now = period_of(date.fromisoformat(today()), bucket_of(month))
    for rule in dict.fromkeys(line.key for line in stopping(lines, waivers)):
        waive(store, CEO, month, rule, _WHY_WAIVED, max(month, now, key=end_of))


def sign_by_all(store: Store, plan_id: int) -> None:
    """Have every function that has not signed a proposed plan sign it, until it is agreed.

    Raises Conflict where a function dissents from it, or has nobody who can sign.
    """
    state = read_sign_off(store, COORDINATOR, plan_id)
    if state.dissents:
        raise Conflict(
            f"the plan of {state.record.cycle} is not agreed",
            why="a function dissents from it",
            remedy="Let the CEO decide or return the plan on the Sign-off page, then go on",
        )
    for function in state.open_functions:
        if state.record.state == "agreed":
            break
        state = sign(store, _signer(store, state, function), plan_id, state.record.digest)


def _signer(store: Store, state: SignOff, function: str) -> str:
    """Somebody active of the function who did not prepare the plan."""
    with store.read() as tx:
        people = read_people(tx)
    able = (person for person in people if person.active and person.id != state.record.prepared_by)
    found = next((person.id for person in able if Role(person.role).function == function), None)
    if found is None:
        who = Function(function).title
        raise Conflict(f"nobody can sign for {who}", remedy="Let an administrator add somebody, then go on")
    return found
