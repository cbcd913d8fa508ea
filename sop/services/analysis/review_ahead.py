"""What the executive review waits for, worked out before anybody opens it by whoever leaves a plan to review."""

from contextlib import suppress

from sop.analysis.ranges.risks import BLOCK
from sop.core.errors import SopError
from sop.services.analysis.changes import read_bridge
from sop.services.analysis.decisions import value_decisions
from sop.services.analysis.drawing import wait_for_draws
from sop.services.analysis.outlook import read_outside_in
from sop.services.planning.choices import WORKING_PLAN, Choice, list_bases, read_view
from sop.services.planning.room import PlanningRoom


def keep_review(room: PlanningRoom, person_id: str) -> None:
    """Keep what the working plan's review asks: why it changed, its first ranges, what decisions are worth.

    Where it cannot be planned nothing is kept, and the page says why.
    """
    bases = list_bases(room, person_id)
    with suppress(SopError):
        _ask(room, person_id, bases)


def _ask(room: PlanningRoom, person_id: str, bases: tuple[Choice, ...]) -> None:
    inputs = room.input_set()
    view = read_view(room, person_id, WORKING_PLAN, inputs)
    read_bridge(room, inputs, view, read_view(room, person_id, bases[0]) if bases else None)
    wait_for_draws(room, inputs, view.assumptions, BLOCK)
    read_outside_in(room, inputs, view)
    if view.plan.has_revenue:
        value_decisions(room, inputs, view.assumptions)
