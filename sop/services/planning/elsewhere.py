"""Plans that were agreed elsewhere, beside those that were signed here: what actuals are held against."""

from collections.abc import Mapping

from sop.core.plan import Plan
from sop.facts.plans_elsewhere import PlanElsewhere, cycles_elsewhere, read_plans_elsewhere
from sop.services.planning.room import PlanningRoom
from sop.store.data import read_frame, read_heads

TABLE = "plan_lines"


def elsewhere_cycles(room: PlanningRoom) -> tuple[str, ...]:
    """Cycles of which a plan was agreed elsewhere, without planning anything."""
    with room.store.read() as tx:
        head = read_heads(tx).get(TABLE)
        if head is None:
            return ()
        return room.memo.get(("cycles elsewhere", head.sha256), lambda: cycles_elsewhere(read_frame(tx, head.id)))


def plans_elsewhere(room: PlanningRoom) -> dict[str, PlanElsewhere]:
    """The plans agreed elsewhere by first open month, on the families of the open cycle."""
    with room.store.read() as tx:
        head = read_heads(tx).get(TABLE)
        if head is None:
            return {}
        chosen = room.input_set()
        inputs, company = chosen.inputs, chosen.company

        def make() -> dict[str, PlanElsewhere]:
            lines, families = read_frame(tx, head.id), inputs.families.names
            return read_plans_elsewhere(lines, inputs.calendar, families, company.name, company.currency)

        return room.memo.get(("plans elsewhere", chosen.data_key), make)


def with_elsewhere(signed: Mapping[str, Plan], elsewhere: Mapping[str, PlanElsewhere]) -> dict[str, Plan]:
    """Plans in force by first open month: what was signed here goes before what was agreed elsewhere."""
    return dict(sorted(({cycle: found.plan for cycle, found in elsewhere.items()} | dict(signed)).items()))
