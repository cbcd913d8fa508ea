"""The cadence proposed for every family of the open cycle, from its history, materials and past accuracy."""

from __future__ import annotations

from sop.analysis.cadence import Cadence, company_cadences
from sop.services.acting import reading
from sop.services.agreement.agreed_plans import agreed_plans
from sop.services.planning.room import PlanningRoom
from sop.store.plans import read_agreed_plans


def read_cadences(room: PlanningRoom, person_id: str) -> list[Cadence]:
    """The proposed cadence of every family. Raises NotAllowed, and NotFound without a cycle."""
    with reading(room.store, person_id) as tx:
        digests = tuple(sorted(record.digest for record in read_agreed_plans(tx)))
    chosen = room.input_set()
    return room.memo.get(
        ("cadences", chosen.key, digests), lambda: company_cadences(chosen.inputs, agreed_plans(room))
    )
