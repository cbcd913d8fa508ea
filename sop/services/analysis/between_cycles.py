"""What happened since the open cycle began to families that are looked at between cycles too."""

from sop.analysis.decisions.between_cycles import left_range, orders_since
from sop.analysis.decisions.exceptions import ReviewException
from sop.services.acting import reading
from sop.services.company.cycle import read_company
from sop.services.planning.room import PlanningRoom
from sop.store.data import read_table


def read_left_range(room: PlanningRoom, person_id: str) -> tuple[ReviewException, ...]:
    """Families whose orders since the open cycle began are outside their range. Raises NotAllowed."""
    with reading(room.store, person_id) as tx:
        # What the CEO takes from the adviser counts at once, and needs no other data.
        chosen, often = room.input_set(), read_company(tx).often
        if not often:
            return ()

        def make() -> tuple[ReviewException, ...]:
            since = orders_since(chosen.inputs, read_table(tx, "deliveries"))
            return left_range(chosen.inputs, chosen.forecast, since, often)

        # Order lines are many, and every screen that follows the review asks again.
        return room.memo.get(("left_range", chosen.key, often), make)
