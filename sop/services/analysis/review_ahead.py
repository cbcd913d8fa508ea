"""What the executive review waits for, worked out before anybody opens it.

Whoever leaves a plan to review and ends asks for it at once (`keep_review`). A server has it worked out in the
background whenever a shared change was made, wherever that was: `AHEAD` is told by what follows changes.
"""

import threading
from contextlib import suppress
from weakref import WeakSet

from sop.access import may
from sop.analysis.ranges.risks import BLOCK
from sop.core.errors import SopError
from sop.services.analysis.changes import read_bridge
from sop.services.analysis.decisions import value_decisions
from sop.services.analysis.drawing import wait_for_draws
from sop.services.analysis.goals import promised_money
from sop.services.analysis.outlook import read_outside_in
from sop.services.faults import explain
from sop.services.planning.choices import WORKING_PLAN, Choice, list_bases, read_view
from sop.services.planning.room import PlanningRoom
from sop.store.settings import read_people

QUIET_SECONDS = 15.0
"""How long nothing must have changed before the review is worked out: nobody looks at what lies between."""


def keep_review(room: PlanningRoom, person_id: str) -> None:
    """Keep what the working plan's review asks: why it changed, first ranges, goals, what decisions are worth.

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
    promised_money(room, inputs, view.assumptions)
    if view.plan.has_revenue:
        value_decisions(room, inputs, view.assumptions)


class ReviewAhead:
    """Keeps the review of the rooms of a process in the background, once after each spell of changes."""

    def __init__(self) -> None:
        self._rooms: WeakSet[PlanningRoom] = WeakSet()
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._timer: threading.Timer | None = None

    def serve(self, room: PlanningRoom) -> PlanningRoom:
        """The room, whose review is kept from now on."""
        self._rooms.add(room)
        return room

    def moved(self) -> None:
        """Something shared changed: keep the review once it is quiet."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(QUIET_SECONDS, self._keep)
            # It holds up no server that ends.
            self._timer.daemon = True
            self._timer.start()

    def _keep(self) -> None:
        with self._turn:
            for room in tuple(self._rooms):
                try:
                    person = _reader(room)
                    if person is not None:
                        keep_review(room, person)
                except Exception as error:  # noqa: BLE001 - nobody waits; what nobody foresaw goes to the log
                    explain(error, "working out the review ahead")


def _reader(room: PlanningRoom) -> str | None:
    """Anybody who may read plans: the review of the working plan is the same for all."""
    with room.store.read() as tx:
        return next((each.id for each in read_people(tx) if may(each.role, "read_plans")), None)


AHEAD = ReviewAhead()
