"""What is valued by planning again: the outlook with the cases around a plan and outside events."""

from sop.analysis.decisions.trials import Replanning, Trial
from sop.analysis.ranges.cases import build_cases
from sop.analysis.ranges.claims import TrackRecord, check_agreed, track_record
from sop.analysis.ranges.outlook import Outlook, build_outlook
from sop.analysis.ranges.projections import Targets
from sop.analysis.ranges.surprises import Cases
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.portfolio.outside_in import indicator_items, value_events
from sop.services.agreement.frozen_plans import agreed_by_cycle
from sop.services.analysis.changes import read_kpis
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.supply.what_if.limits import ProblemChange
from sop.views.executive.outlook_page import OutlookPage, OutsideIn, build_outlook_page


def read_outlook_page(room: PlanningRoom, inputs: InputSet, view: View, base: View | None) -> OutlookPage:
    """Everything about what may come, for the plan that is shown."""
    outside, record = read_outside_in(room, inputs, view), read_track_record(room, inputs)
    outlook = read_outlook(room, inputs, view, base)
    if outlook is None:
        return OutlookPage(None, (), Targets((), {}), (), outside, record)
    cases, kpis = read_cases(room, inputs, view), read_kpis(room, inputs, view, base)
    return build_outlook_page(outlook, cases, view.plan, kpis, view.assumptions, outside)


def read_outlook(room: PlanningRoom, inputs: InputSet, view: View, base: View | None) -> Outlook | None:
    """Rolling revenue of a plan with its bands and chances, beside a base plan and the budget.

    None where the plan's revenue is not known: every range is told by what it does to revenue.
    """
    if not view.plan.has_revenue:
        return None
    record = read_track_record(room, inputs)
    cases = read_cases(room, inputs, view)
    return build_outlook(view.plan, base.plan if base else None, inputs.inputs, cases, record)


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


def read_cases(room: PlanningRoom, inputs: InputSet, view: View) -> Cases:
    """The cases around a plan: each demand surprise, event and launch is planned by itself."""
    frozen = view.record.id if view.record else None
    return room.memo.get(
        ("cases", inputs.key, repr(view.assumptions), frozen),
        lambda: build_cases(trial_of(room, inputs, view.assumptions), view.plan),
    )


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
        links=lambda: read_track_record(room, inputs).links,
    )
    return Trial(again, assumptions)


def read_track_record(room: PlanningRoom, inputs: InputSet) -> TrackRecord:
    """How the 80% claims of all agreed plans came true, on today's families and regions."""
    agreed = agreed_by_cycle(room).values()
    digests = tuple(sorted(plan.record.digest for plan in agreed))

    def make() -> TrackRecord:
        past = [check_agreed(plan, inputs.inputs) for plan in agreed]
        return track_record([found for found in past if found is not None], inputs.inputs)

    return room.memo.get(("track record", inputs.key, digests), make)
