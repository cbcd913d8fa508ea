"""The plans that were agreed, by cycle: read once, because agreed contents never change."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sop.agreement.content import assumptions_of_content, plan_of_content
from sop.agreement.records import PlanRecord
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.services.planning.memo import keep
from sop.services.planning.room import PlanningRoom
from sop.store.plans import read_agreed_plans, read_plan_content


def agreed_plans(room: PlanningRoom) -> dict[str, Plan]:
    """The plan that was agreed for each cycle (its last revision), by first open month."""
    records = agreed_records(room)
    wanted = [record for record in records.values() if record.digest not in room.agreed_by_digest]
    with room.store.read() as tx:
        contents = {record.digest: read_plan_content(tx, record.id) for record in wanted}
    for digest, content in contents.items():
        room.agreed_by_digest[digest] = plan_of_content(json.loads(content))
    return {cycle: room.agreed_by_digest[record.digest] for cycle, record in sorted(records.items())}


def agreed_assumptions(room: PlanningRoom) -> Mapping[str, Assumptions]:
    """What people had set in the plan agreed for each cycle, by first open month."""
    records = agreed_records(room)

    def read() -> Mapping[str, Assumptions]:
        with room.store.read() as tx:
            contents = {cycle: read_plan_content(tx, record.id) for cycle, record in records.items()}
        return {cycle: assumptions_of_content(json.loads(content)) for cycle, content in contents.items()}

    return keep(room, ("agreed assumptions", *(record.digest for record in records.values())), read)


def agreed_records(room: PlanningRoom) -> dict[str, PlanRecord]:
    """The last agreed revision of each cycle, by first open month."""
    with room.store.read() as tx:
        return {record.cycle: record for record in read_agreed_plans(tx)}
