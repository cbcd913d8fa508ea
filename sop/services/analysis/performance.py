"""Performance: actuals of closed months against the plans that were agreed for them, and cadences from it."""

from sop.analysis.cadence import Cadence, company_cadences
from sop.analysis.performance.judged_steps import judge_steps, said_of
from sop.analysis.performance.performance_review import Performance, review_performance
from sop.core.inputs import Inputs
from sop.core.register import as_assumptions
from sop.core.scores import StepAccuracy
from sop.finance.cost_basis import books_that_count
from sop.services.acting import reading
from sop.services.agreement.frozen_plans import agreed_by_cycle, agreed_plans
from sop.services.planning.elsewhere import plans_elsewhere, with_elsewhere
from sop.services.planning.plan_context import read_facts
from sop.services.planning.room import PlanningRoom, read_entries
from sop.store.plans import read_agreed_plans


def read_performance(room: PlanningRoom, person_id: str) -> Performance:
    """The review of performance for the open cycle. Raises NotAllowed, and NotFound without a cycle."""
    with reading(room.store, person_id) as tx:
        today, signed, working = room.input_set(), agreed_plans(room), as_assumptions(read_entries(tx))
    books, elsewhere = books_that_count(today.inputs, working), plans_elsewhere(room)
    plans = with_elsewhere(signed, elsewhere)
    limits = tuple(found.limits for cycle, found in elsewhere.items() if cycle not in signed)
    return room.memo.get(
        ("performance", today.key, books.position.worth.tobytes(), *plans),
        lambda: review_performance(books, plans, read_facts(room, today), value_added(room, today.inputs), limits),
    )


def read_value_added(room: PlanningRoom, person_id: str, family: str | None = None) -> tuple[StepAccuracy, ...]:
    """Accuracy and value added by step and lag over all closed months: of all, of each family and of each region.

    With a `family`: of that family, all in all and in each region. Raises NotAllowed.
    """
    with reading(room.store, person_id):
        return value_added(room, room.input_set().inputs, family)


def value_added(room: PlanningRoom, inputs: Inputs, family: str | None = None) -> tuple[StepAccuracy, ...]:
    """The same for the inputs of the open cycle; empty before a closed month that an agreed plan covers."""
    agreed = agreed_by_cycle(room)
    digests = (frozen.record.digest for frozen in agreed.values())
    key = ("value added", family, inputs.calendar.first_open, *sorted(inputs.sources.items()), *digests)

    def make() -> tuple[StepAccuracy, ...]:
        said = [said_of(frozen.plan, frozen.assumptions) for frozen in agreed.values()]
        return judge_steps(inputs, said, family)

    return room.memo.get(key, make)


def read_cadences(room: PlanningRoom, person_id: str) -> list[Cadence]:
    """The proposed cadence of every family. Raises NotAllowed, and NotFound without a cycle."""
    with reading(room.store, person_id) as tx:
        digests = tuple(sorted(record.digest for record in read_agreed_plans(tx)))
    chosen = room.input_set()
    return room.memo.get(
        ("cadences", chosen.key, digests), lambda: company_cadences(chosen.inputs, agreed_plans(room))
    )
