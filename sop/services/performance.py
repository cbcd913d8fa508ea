"""Performance: actuals of closed months against the plans that were agreed for them."""

from __future__ import annotations

import json

from sop.core.plan import Plan
from sop.review.content import plan_of_content
from sop.services.planning import PlanningRoom
from sop.store.plans import read_agreed_plans, read_plan_content


def agreed_plans(room: PlanningRoom) -> dict[str, Plan]:
    """The plan that was agreed for each cycle (its last revision), by first open month.

    Agreed contents never change, so each is read once and kept by its digest.
    """
    with room.store.read() as tx:
        records = {record.cycle: record for record in read_agreed_plans(tx)}
        wanted = [record for record in records.values() if record.digest not in room.agreed_by_digest]
        contents = {record.digest: read_plan_content(tx, record.id) for record in wanted}
    for digest, content in contents.items():
        room.agreed_by_digest[digest] = plan_of_content(json.loads(content))
    return {cycle: room.agreed_by_digest[record.digest] for cycle, record in sorted(records.items())}
