"""Plans that were frozen: where each stands, what is signed with it, its snapshot, those agreed; and waivers."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sop
from sop.agreement.content import FrozenPlan, tables_since
from sop.agreement.gate import Waive, valid_on
from sop.agreement.plan_states import SignOff
from sop.agreement.records import (
    DRAFT,
    PlanRecord,
    Waiver,
    first_to_look_at,
    latest_proposal,
    provenance_fields,
    signature_fields,
)
from sop.core.errors import Conflict, NotFound
from sop.core.plan import Plan
from sop.core.spreadsheet import Sheet
from sop.files.keys import utc_text
from sop.files.snapshot import build_snapshot
from sop.services.acting import acting, reading
from sop.services.agreement.signing_keys import signing_ring
from sop.services.company.cycle import calendar_of, read_company, read_ground_rules, require_cycle
from sop.services.planning.choices import plan_name
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.process.meeting import minutes_file
from sop.store import Store, Transaction
from sop.store.audit import chain_head
from sop.store.data import read_digests
from sop.store.plans import (
    add_waiver,
    read_agreed_plan,
    read_agreed_plans,
    read_plan,
    read_plan_by_digest,
    read_plan_content,
    read_plan_events,
    read_plans,
    read_signatures,
    read_waivers,
)
from sop.store.settings import read_people
from sop.views.executive.proposal import Proposal, build_proposal


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
        previous = None if before is None else room.recast(tx, before, frozen.plan.calendar).plan
        tables = read_digests(tx)
        names = {person.id: person.name for person in read_people(tx)}
        waivers = valid_waivers(tx, state.record.cycle)
    return build_proposal(
        state,
        frozen,
        inputs.inputs,
        previous_name=plan_name(before) if before else "",
        previous=previous,
        since=tables_since(frozen.content, tables) if state.record.state == "proposed" else (),
        names=names,
        waivers=waivers,
    )


def read_frozen(room: PlanningRoom, person_id: str, record: PlanRecord) -> FrozenPlan:
    """A frozen plan read back. Raises NotAllowed."""
    with reading(room.store, person_id) as tx:
        return room.frozen(tx, record)


def list_frozen(room: PlanningRoom, person_id: str, cycle: str) -> tuple[PlanRecord, ...]:
    """Every plan ever frozen, first the one to look at: up for signing, else in force, then newest first."""
    plans = list_plans(room.store, person_id)
    return first_to_look_at(plans, current_proposal(room.store, person_id, cycle))


def sign_off_of(tx: Transaction, plan_id: int) -> SignOff:
    """Where a plan stands, under the rules of now while it is up for signing, else those under which it ended."""
    record, events = read_plan(tx, plan_id), read_plan_events(tx, plan_id)
    ended = next((event.at for event in events if event.state not in (DRAFT, "proposed")), None)
    return SignOff(record, read_ground_rules(tx, ended), read_signatures(tx, plan_id), events)


def read_sign_off(store: Store, person_id: str, plan_id: int) -> SignOff:
    """Where a plan stands."""
    with reading(store, person_id) as tx:
        return sign_off_of(tx, plan_id)


def current_proposal(store: Store, person_id: str, cycle: str) -> PlanRecord | None:
    """The cycle's plan that is up for signing or was agreed last; None where nothing was proposed."""
    with reading(store, person_id) as tx:
        return latest_proposal(read_plans(tx, cycle))


def list_plans(store: Store, person_id: str) -> tuple[PlanRecord, ...]:
    """Every plan ever proposed, newest first."""
    with reading(store, person_id) as tx:
        return tuple(reversed(read_plans(tx)))


def read_content(store: Store, person_id: str, plan_id: int) -> dict[str, Any]:
    """The content of any plan, read-only."""
    with reading(store, person_id) as tx:
        return json.loads(read_plan_content(tx, plan_id))


def latest_agreed(store: Store, person_id: str) -> PlanRecord:
    """The plan in force. Raises NotFound before the first."""
    with reading(store, person_id) as tx:
        record = read_agreed_plan(tx)
    if record is None:
        raise NotFound("no plan has been agreed yet", remedy="Propose a plan and have it signed")
    return record


def build_signed_snapshot(
    store: Store,
    person_id: str,
    plan_id: int,
    keys_folder: Path,
    copies: Mapping[str, bytes],
    beside: Sequence[Sheet] = (),
) -> bytes:
    """The snapshot of a plan as zip bytes, made now with the signatures that it has now.

    `copies`: further files for reading, such as the board pack; `beside`: sheets of the workbook beside the
    plan's. Raises NotAllowed, and SetupError where the signing key is missing.
    """
    with reading(store, person_id, "export") as tx:
        record, content = read_plan(tx, plan_id), json.loads(read_plan_content(tx, plan_id))
        signatures, events = read_signatures(tx, plan_id), read_plan_events(tx, plan_id)
        minutes = minutes_file(tx, record.cycle, plan_id, record.digest)
    now = datetime.now(UTC)
    ring = signing_ring(store, keys_folder, now)
    key = ring.current(now)
    with reading(store, person_id, "export") as tx:
        head = chain_head(tx)  # it knows the key by now
    provenance = provenance_fields(
        record,
        events,
        app_version=sop.__version__,
        created_at=utc_text(now),
        chain_head=head,
    )
    older = tuple(r for r in ring.records if r.key_id != key.key_id)
    extra = dict(copies) if minutes is None else {**copies, "minutes.txt": minutes}
    signed = [signature_fields(s) for s in signatures]
    return build_snapshot(content, signed, provenance, key, older, extra, beside)


def waive(store: Store, person_id: str, cycle: str, rule: str, reason: str, expiry: str) -> Waiver:
    """Accept a red line of the gate by name, with a reason, until a month or a day.

    Raises NotAllowed, Conflict for another cycle than the open one, and BadInput without a reason or where the end
    is neither month nor day.
    """
    with acting(store, person_id, "waive_finding") as tx:
        Waive(rule, reason, expiry).require_complete()
        if cycle != (now := require_cycle(tx).first_open):
            raise Conflict(f"the cycle {cycle} is not open", remedy=f"Waive a finding of {now}")
        return add_waiver(tx, cycle, rule, reason, expiry)


def valid_waivers(tx: Transaction, cycle: str) -> tuple[Waiver, ...]:
    """The cycle's waivers that have not expired today."""
    return valid_on(today(), read_waivers(tx, cycle))


def today() -> str:
    """The day that a waiver must outlive (UTC, ISO)."""
    return datetime.now(UTC).date().isoformat()


def agreed_plans(room: PlanningRoom) -> dict[str, Plan]:
    """The plan that was agreed for each cycle (its last revision), by first open period, in the open cycle's."""
    return {cycle: frozen.plan for cycle, frozen in agreed_by_cycle(room).items()}


def agreed_by_cycle(room: PlanningRoom) -> dict[str, FrozenPlan]:
    """The same with what was signed with it."""
    with room.store.read() as tx:
        records = {record.cycle: record for record in read_agreed_plans(tx)}
        if not records:
            return {}
        onto = calendar_of(read_company(tx), require_cycle(tx))
        found = (room.recast(tx, record, onto) for _, record in sorted(records.items()))
        return {frozen.plan.calendar.first_open: frozen for frozen in found}
