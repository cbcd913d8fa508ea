"""Performance: actuals of closed months against the plans that were agreed for them."""

from __future__ import annotations

from sop.analysis.performance.judged_steps import judge_plans
from sop.analysis.performance.performance_review import Performance, review_performance
from sop.core.accuracy import StepAccuracy
from sop.core.inputs import Inputs
from sop.services.acting import reading
from sop.services.agreement.agreed_plans import agreed_assumptions, agreed_plans, agreed_records
from sop.services.planning.memo import keep
from sop.services.planning.plan_context import read_facts
from sop.services.planning.room import PlanningRoom


def read_performance(room: PlanningRoom, person_id: str) -> Performance:
    """The review of performance for the open cycle. Raises NotAllowed, and NotFound without a cycle."""
    with reading(room.store, person_id):
        today, plans = room.input_set(), agreed_plans(room)

    def make() -> Performance:
        return review_performance(today.inputs, plans, read_facts(room, today), value_added(room, today.inputs))

    return keep(room, ("performance", today.key, *plans), make)


def read_value_added(room: PlanningRoom, person_id: str, family: str | None = None) -> tuple[StepAccuracy, ...]:
    """Accuracy and value added by step and lag over all closed months: of all, of each family and of each region.

    With a `family`: of that family, all in all and in each region. Raises NotAllowed.
    """
    with reading(room.store, person_id):
        return value_added(room, room.input_set().inputs, family)


def value_added(room: PlanningRoom, inputs: Inputs, family: str | None = None) -> tuple[StepAccuracy, ...]:
    """The same for the inputs of the open cycle; empty before a closed month that an agreed plan covers."""
    plans, assumptions = agreed_plans(room), agreed_assumptions(room)
    digests = (record.digest for record in agreed_records(room).values())
    key = ("value added", family, inputs.calendar.first_open, *sorted(inputs.sources.items()), *digests)
    return keep(room, key, lambda: judge_plans(inputs, plans, assumptions, family))
