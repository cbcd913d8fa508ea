"""What is valued by planning again: the outlook with the draws of what may come, and outside events."""

from sop.analysis.decisions.trials import Replanning, Trial
from sop.analysis.ranges.outlook import Outlook, build_outlook
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.portfolio.outside_in import indicator_items, value_events
from sop.services.analysis.changes import read_kpis
from sop.services.analysis.claims import read_track_record
from sop.services.analysis.drawing import Ranges, errors_of, wait_for_draws
from sop.services.planning.choices import WORKING_PLAN, View, frozen_choice, read_view
from sop.services.planning.room import InputSet, PlanningRoom
from sop.supply.what_if.limits import ProblemChange
from sop.views.executive.outlook_page import OutlookPage, OutsideIn, build_outlook_page


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


def read_outside_in(room: PlanningRoom, inputs: InputSet, view: View) -> OutsideIn:
    """What every outside event puts at stake, by planning with it certain and with it ruled out.

    Nothing is put at stake in a plan whose revenue is not known.
    """
    events = (inputs.inputs.events or ()) if view.plan.has_revenue else ()
    items = indicator_items(inputs.inputs.indicators or (), inputs.inputs.calendar)
    stakes = room.memo.get(
        ("stakes", inputs.key, repr(view.assumptions), view.plan.has_revenue),
        lambda: value_events(events, view.assumptions, lambda chosen: room.plan(chosen, inputs)),
    )
    return OutsideIn(stakes, items, room.decided(inputs, view.assumptions).forecast.drivers)


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
