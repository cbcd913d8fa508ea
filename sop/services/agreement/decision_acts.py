"""Accept, refuse, defer, take back: what leadership decides about a move, kept and put into the plan at once."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, Literal

from sop.agreement.decisions import (
    DecisionRecord,
    DecisionState,
    decision_content,
    latest,
    move_name,
    moved_place,
    require_authority,
    require_until,
    settled_by,
)
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.levers import table_value
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.effects import profit_by_month
from sop.core.calendar import worded
from sop.core.errors import BadInput, Conflict, NotFound
from sop.core.money import exact
from sop.core.register import Assumptions, Entry, Place, as_assumptions, assumption, start_of
from sop.services.acting import acting, reading, require_now
from sop.services.analysis.outlook import trial_of
from sop.services.company.cycle import require_cycle
from sop.services.company.settings import names_of
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.drafts import bring_values, by_place, own_draft
from sop.store import Store, Transaction
from sop.store.cycles import bump_version
from sop.store.decisions import add_decision, read_decisions
from sop.store.scenarios import read_working_scenario, remove_assumption, save_assumption
from sop.store.settings import find_person

Entries = Mapping[Place, Entry]


def list_decisions(store: Store, person_id: str) -> tuple[DecisionRecord, ...]:
    """The state of every decision of every cycle, the newest first. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        return latest(read_decisions(tx))


def still_to_decide(room: PlanningRoom, valuation: Valuation, first_open: str) -> Valuation:
    """A valuation without the decisions that somebody has taken, and that need not be taken today."""
    return replace(valuation, decisions=undecided(room, valuation.decisions, first_open))


def undecided(room: PlanningRoom, decisions: Iterable[Decision], first_open: str) -> tuple[Decision, ...]:
    """Those of some decisions that nobody has taken, and that have to be taken today."""
    with room.store.read() as tx:
        records = read_decisions(tx)
    return tuple(each for each in decisions if _settled(records, each, first_open) is None)


def refused_moves(room: PlanningRoom, first_open: str) -> dict[Place, str]:
    """What was refused in the open cycle: assumption and scope of each, with its title."""
    with room.store.read() as tx:
        records = latest(read_decisions(tx, first_open))
    said_no = (record for record in records if record.state == "refused")
    return {moved_place(record.move): str(record.facts["title"]) for record in said_no}


def _settled(records: Iterable[DecisionRecord], decision: Decision, first_open: str) -> DecisionRecord | None:
    move = move_name(decision.move.key, decision.move.scope)
    return settled_by(records, move, first_open, decision.effect.ebit_horizon)


def accept_decision(room: PlanningRoom, person_id: str, decision: Decision, note: str = "") -> DecisionRecord:
    """Take a decision into the working plan, each of its values from the month on in which it takes effect.

    Raises NotAllowed for who neither owns its assumption nor chairs, BadInput for a ruling without a reason, and
    Conflict where it was decided already or the working plan moved since it was valued.
    """
    inputs, move = room.input_set(), decision.move
    with acting(room.store, person_id, "decide") as tx:
        ruling = _authority(tx, person_id, decision, note)
        working = read_working_scenario(tx, inputs.cycle.first_open).id
        entries = by_place(tx, working)
        now = as_assumptions(tuple(entries.values()))
        _require_as_valued(inputs, now, decision)
        trial = trial_of(room, inputs, now)
        wanted = trial.assumptions_with(move)
        facts = {
            **_facts(decision, ruling),
            "start": _start_text(wanted, (move.key, move.scope)),
            "by_month": profit_by_month(trial.plan, trial.with_moves(move)),
        }
        why = f"Decision: {move.title}" + (f" ({note.strip()})" if note.strip() else "")
        moved = bring_values(tx, working, wanted, entries, why)
        facts["places"] = [_place_facts(place, wanted, entries.get(place)) for place in moved]
        return add_decision(
            tx, inputs.cycle.first_open, move_name(move.key, move.scope), "accepted", facts, note=note.strip()
        )


def refuse_decision(room: PlanningRoom, person_id: str, decision: Decision, note: str = "") -> DecisionRecord:
    """Refuse a decision; it is asked about again when its worth has changed by half. Raises as accepting does."""
    return _say(room.store, person_id, decision, "refused", note)


def defer_decision(
    room: PlanningRoom, person_id: str, decision: Decision, until: str, note: str = ""
) -> DecisionRecord:
    """Put a decision off to a month. Raises as accepting does, and BadInput for a month that is not later."""
    return _say(room.store, person_id, decision, "deferred", note, until)


def try_decision(room: PlanningRoom, person_id: str, decision: Decision) -> str:
    """Put a decision's values into the person's own draft, to look at what it does; what it stands on, in words.

    Empty where the draft was the working plan: then the decision is seen by itself. Raises NotAllowed.
    """
    draft, inputs = own_draft(room.store, person_id).id, room.input_set()
    with acting(room.store, person_id, "run_scenario") as tx:
        entries = by_place(tx, draft)
        now = as_assumptions(tuple(entries.values()))
        shared = by_place(tx, read_working_scenario(tx, inputs.cycle.first_open).id)
        wanted = trial_of(room, inputs, now).assumptions_with(decision.move)
        bring_values(tx, draft, wanted, entries, f"Decision: {decision.move.title}")
    before = [
        entry.reason.removeprefix("Decision: ") or assumption(place[0]).label
        for place, entry in entries.items()
        if place not in shared or (entry.value, start_of(entry)) != (shared[place].value, start_of(shared[place]))
    ]
    if not before:
        return ""
    changed = ", ".join(dict.fromkeys(before))
    return f"{decision.move.title}, on top of what your scenario changes already: {changed}. Reset takes all back."


Say = Literal["Accept", "Refuse", "Defer"]


def decide_on(
    room: PlanningRoom, person_id: str, decision: Decision, say: Say, note: str = "", until: str = ""
) -> DecisionRecord:
    """Accept, refuse or defer to a month what somebody chose in one form. Raises what each of them raises."""
    match say:
        case "Accept":
            return accept_decision(room, person_id, decision, note)
        case "Refuse":
            return refuse_decision(room, person_id, decision, note)
        case "Defer":
            return defer_decision(room, person_id, decision, until, note)


def _say(
    store: Store, person_id: str, decision: Decision, state: DecisionState, note: str, until: str | None = None
) -> DecisionRecord:
    with acting(store, person_id, "decide") as tx:
        ruling, cycle = _authority(tx, person_id, decision, note), require_cycle(tx).first_open
        if until is not None:
            require_until(until, cycle)
        move = move_name(decision.move.key, decision.move.scope)
        return add_decision(tx, cycle, move, state, _facts(decision, ruling), note=note.strip(), until=until)


def take_back_decision(room: PlanningRoom, person_id: str, decision_id: int, note: str = "") -> DecisionRecord:
    """Undo a decision of the open cycle: what was accepted leaves the working plan.

    Raises NotFound, NotAllowed as deciding does, and Conflict where it is of a closed cycle, was decided anew, or
    somebody changed its value since.
    """
    with acting(room.store, person_id, "decide") as tx:
        cycle = require_cycle(tx).first_open
        found = next((record for record in latest(read_decisions(tx)) if record.id == decision_id), None)
        if found is None:
            raise NotFound("there is no such decision, or it was decided anew", remedy="Look at the list again")
        if found.cycle != cycle or found.state == "taken back":
            raise Conflict(
                f"'{found.facts['title']}' cannot be taken back any more",
                why="it is of a closed cycle" if found.cycle != cycle else "it was taken back already",
                remedy="Decide on it as the plan stands now",
            )
        role = require_now(tx, person_id, "decide").role
        ruling = require_authority(role, found.facts["key"], note)
        if found.state == "accepted":
            _leave_plan(tx, cycle, found)
        facts = {**found.facts, "ruling": ruling}
        return add_decision(tx, cycle, found.move, "taken back", facts, note=note.strip())


def close_decision(store: Store, person_id: str, decision_id: int, note: str) -> DecisionRecord:
    """Close a decision whose plan is in force, with one sentence on what it brought; whoever may decide it may.

    Raises NotFound, NotAllowed, BadInput without a sentence, and Conflict where there is nothing to close yet.
    """
    with acting(store, person_id, "decide") as tx:
        found = next((record for record in latest(read_decisions(tx)) if record.id == decision_id), None)
        if found is None:
            raise NotFound("there is no such decision, or it was decided anew", remedy="Look at the list again")
        cycle = require_cycle(tx).first_open
        if found.state != "accepted" or found.cycle == cycle:
            raise Conflict(
                f"'{found.facts['title']}' cannot be closed",
                why=worded("its month is still open") if found.cycle == cycle else f"it is {found.state}",
                remedy=worded("Close what was accepted in a month that is closed"),
            )
        require_authority(require_now(tx, person_id, "decide").role, found.facts["key"], note)
        if not note.strip():
            raise BadInput("a decision is closed with a sentence", remedy="Write what it brought, in one sentence")
        closed = add_decision(tx, found.cycle, found.move, "closed", found.facts, note=note.strip())
        bump_version(tx, cycle)
        return closed


def decisions_content(store: Store, first_open: str) -> list[dict[str, Any]]:
    """What was decided in a cycle, as it is signed with its plan; what was taken back is not part of it."""
    names = names_of(store)
    with store.read() as tx:
        records = latest(read_decisions(tx, first_open))
    return [
        decision_content(record, assumption(record.facts["key"]).owner.title, names.get(record.by, record.by))
        for record in sorted(records, key=lambda record: record.move)
        if record.state != "taken back"
    ]


def _authority(tx: Transaction, person_id: str, decision: Decision, note: str) -> bool:
    """Whether it is a ruling. Raises NotAllowed and BadInput, and Conflict where it was decided already."""
    ruling = require_authority(require_now(tx, person_id, "decide").role, decision.move.key, note)
    found = _settled(read_decisions(tx), decision, require_cycle(tx).first_open)
    if found is not None:
        who = find_person(tx, found.by)
        raise Conflict(
            f"'{found.facts['title']}' was {found.state} by {who.name if who else found.by} already",
            remedy="Take that back first, on the Decisions page",
        )
    return ruling


def _require_as_valued(inputs: InputSet, now: Assumptions, decision: Decision) -> None:
    move = decision.move
    stands = now.value(move.key, move.scope, table_value(inputs.inputs, move.key, move.scope))
    if abs(stands - move.before) > 1e-9:
        of = move.scope or "the company"
        raise Conflict(
            f"{assumption(move.key).label} of {of} is {stands:g} by now, not {move.before:g}",
            why="the working plan moved since this decision was valued",
            remedy="Look at it again with its new worth, then decide",
        )


def _start_text(wanted: Assumptions, place: Place) -> str | None:
    start = wanted.starts.get(place)
    return None if start is None else start.month


def _place_facts(place: Place, wanted: Assumptions, was: Entry | None) -> dict[str, Any]:
    """A value that a decision sets, and what stood there: enough to undo it."""
    return {
        "key": place[0],
        "scope": place[1],
        "value": wanted[place],
        "start": _start_text(wanted, place),
        "was": None if was is None else asdict(was),
    }


def _leave_plan(tx: Transaction, cycle: str, found: DecisionRecord) -> None:
    working = read_working_scenario(tx, cycle).id
    entries = by_place(tx, working)
    for place in found.facts["places"]:
        entry = entries.get((place["key"], place["scope"]))
        if entry is None or (entry.value, entry.start) != (place["value"], place["start"]):
            raise Conflict(
                f"{assumption(place['key']).label} was changed since '{found.facts['title']}' was accepted",
                remedy="Change it where it stands; the decision stays on record",
            )
        was = None if place["was"] is None else Entry(**place["was"])
        if was is None:
            remove_assumption(tx, working, entry.key, expected_version=entry.version, scope=entry.scope)
        else:
            save_assumption(
                tx, working, was.key, was.value, expected_version=entry.version, scope=was.scope,
                reason=was.reason, owner=was.owner, expiry=was.expiry, start=start_of(was),
            )  # fmt: skip


def _facts(decision: Decision, ruling: bool) -> dict[str, Any]:
    """The move and what it was expected to bring, as plain data."""
    move = decision.move
    return {
        "title": move.title,
        "kind": move.kind,
        "name": move.name,
        "key": move.key,
        "scope": move.scope,
        "before": move.before,
        "value": move.value,
        "value_text": exact(move.value),
        "owner": move.owner,
        "last_month": decision.last_month,
        "effect": decision.effect.facts(),
        "headline": dict(decision.headline),
        "condition": move.condition,
        "cost": decision.cost,
        "recommended": decision.recommended,
        "why_not": decision.why_not,
        "ruling": ruling,
    }
