"""What is valued by planning again: the outlook with the draws of what may come, and outside events."""

from collections.abc import Mapping
from typing import Any

from sop.analysis.decisions.trials import Replanning, Trial
from sop.analysis.ranges.outlook import Outlook, build_outlook
from sop.core.inputs import Event
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.portfolio.outside_in import EventStakes, indicator_items, stakes_of_facts, value_events
from sop.services.analysis.changes import read_kpis
from sop.services.analysis.claims import read_track_record
from sop.services.analysis.drawing import Ranges, errors_of, wait_for_draws
from sop.services.analysis.jobs import Progress, answer_job
from sop.services.background import BackgroundJob
from sop.services.planning.choices import WORKING_PLAN, View, frozen_choice, read_view
from sop.services.planning.room import InputSet, PlanningRoom, answer, kept_answer, question_of
from sop.supply.what_if.limits import ProblemChange
from sop.views.executive.outlook_page import OutlookPage, OutsideIn, build_outlook_page

_STAKES = "stakes/2"
"""Raised when what outside events put at stake rests on, or what is kept of it, changes."""


def read_outlook_page(
    room: PlanningRoom, inputs: InputSet, view: View, base: View | None, ranges: Ranges
) -> OutlookPage:
    """Everything about what may come, for the plan that is shown."""
    return build_outlook_page(
        read_outlook(inputs, view, base, ranges),
        ranges.draws,
        view.plan,
        read_kpis(room, inputs, view, base),
        view.assumptions,
        read_outside_in(room, inputs, view),
        read_track_record(room, inputs),
    )


def read_drawn_page(room: PlanningRoom, person_id: str, inputs: InputSet, draws: int) -> OutlookPage:
    """The same of the working plan beside the plan agreed last, once so many draws were made."""
    view = read_view(room, person_id, WORKING_PLAN, inputs)
    base = read_view(room, person_id, frozen_choice(inputs.agreed.record)) if inputs.agreed else None
    return read_outlook_page(room, inputs, view, base, wait_for_draws(room, inputs, view.assumptions, draws))


def read_outlook(inputs: InputSet, view: View, base: View | None, ranges: Ranges) -> Outlook | None:
    """Rolling revenue of a plan with its bands and chances, beside a base plan and the budget.

    None where the plan's revenue is not known.
    """
    if not view.plan.has_revenue:
        return None
    compared = base.plan if base else None
    return build_outlook(view.plan, compared, inputs.inputs, ranges.draws, stale=ranges.stale)


def outside_job(room: PlanningRoom, inputs: InputSet, view: View) -> OutsideIn | BackgroundJob[OutsideIn]:
    """What `read_outside_in` returns where it is kept, else the job for it. Raises what planning raised."""
    return answer_job(
        room,
        question_of(_stakes_basis(inputs), view.assumptions),
        lambda: _kept_outside_in(room, inputs, view),
        lambda progress: read_outside_in(room, inputs, view, progress),
    )


def read_outside_in(
    room: PlanningRoom, inputs: InputSet, view: View, progress: Progress = lambda share: None
) -> OutsideIn:
    """What every outside event puts at stake, by planning with it certain and with it ruled out; kept.

    Nothing is put at stake in a plan whose revenue is not known.
    """
    events, now = _events_of(inputs, view), view.assumptions

    def make() -> EventStakes:
        return value_events(events, now, lambda chosen: room.plan(chosen, inputs), progress)

    def of_facts(facts: Mapping[str, Any]) -> EventStakes:
        return stakes_of_facts(facts, events, now)

    if not events:
        return _outside_in(room, inputs, view, EventStakes(()))
    return _outside_in(room, inputs, view, answer(room, _stakes_basis(inputs), now, make, of_facts))


def _kept_outside_in(room: PlanningRoom, inputs: InputSet, view: View) -> OutsideIn | None:
    events, now = _events_of(inputs, view), view.assumptions
    if not events:
        return _outside_in(room, inputs, view, EventStakes(()))
    basis = _stakes_basis(inputs)
    found = kept_answer(room, basis, now, lambda facts: stakes_of_facts(facts, events, now))
    return None if found is None else _outside_in(room, inputs, view, found)


def _outside_in(room: PlanningRoom, inputs: InputSet, view: View, found: EventStakes) -> OutsideIn:
    items = indicator_items(inputs.inputs.indicators or (), inputs.inputs.calendar)
    return OutsideIn(found.stakes, items, room.decided(inputs, view.assumptions).forecast.drivers)


def _events_of(inputs: InputSet, view: View) -> tuple[Event, ...]:
    return (inputs.inputs.events or ()) if view.plan.has_revenue else ()


def _stakes_basis(inputs: InputSet) -> str:
    return f"{_STAKES} {inputs.key}"


def trial_of(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Trial:
    """The plan of an input set under some assumptions, to be planned again in its room."""

    def plan(values: Assumptions, change: ProblemChange | None = None) -> Plan:
        return room.plan_with(values, inputs, change)

    again = Replanning(
        inputs=inputs.inputs,
        plan=plan,
        problem=lambda values: room.decided(inputs, values).planner.supply_problem(values),
        forecast=lambda values: room.decided(inputs, values).forecast,
        agreed=inputs.agreed is not None,
        errors=lambda: errors_of(room, inputs),
    )
    return Trial(again, assumptions)
