"""The outlook, loaded and planned again: the cases around a plan, its targets, outside events and indicators."""

from __future__ import annotations

from sop.analysis.ranges.cases import build_cases
from sop.analysis.ranges.outlook import Outlook, build_outlook
from sop.analysis.ranges.projections import Targets
from sop.analysis.ranges.surprises import Cases
from sop.portfolio.outside_in import EventStake, indicator_items, value_events
from sop.services.analysis.executive import read_kpis
from sop.services.analysis.trials import read_track_record, trial_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
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

    def make() -> tuple[EventStake, ...]:
        return value_events(events, view.assumptions, lambda chosen: room.plan(chosen, inputs))

    drivers = room.decided(inputs, view.assumptions).forecast.drivers
    key = ("stakes", inputs.key, repr(view.assumptions), view.plan.has_revenue)
    return OutsideIn(room.memo.get(key, make), items, drivers)


def read_cases(room: PlanningRoom, inputs: InputSet, view: View) -> Cases:
    """The cases around a plan: each demand surprise, event and launch is planned by itself."""
    frozen = view.record.id if view.record else None

    def make() -> Cases:
        return build_cases(trial_of(room, inputs, view.assumptions), view.plan)

    return room.memo.get(("cases", inputs.key, repr(view.assumptions), frozen), make)
