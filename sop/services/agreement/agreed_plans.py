"""The plans that were agreed, by cycle: read once, because agreed contents never change."""

from __future__ import annotations

from sop.agreement.content import FrozenPlan
from sop.core.plan import Plan
from sop.services.planning.room import PlanningRoom
from sop.store.plans import read_agreed_plans


def agreed_plans(room: PlanningRoom) -> dict[str, Plan]:
    """The plan that was agreed for each cycle (its last revision), by first open month."""
    return {cycle: frozen.plan for cycle, frozen in agreed_by_cycle(room).items()}


def agreed_by_cycle(room: PlanningRoom) -> dict[str, FrozenPlan]:
    """The same with what was signed with it."""
    with room.store.read() as tx:
        records = {record.cycle: record for record in read_agreed_plans(tx)}
        return {cycle: room.frozen(tx, record) for cycle, record in sorted(records.items())}
