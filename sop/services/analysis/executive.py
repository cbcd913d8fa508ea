"""The executive review: what the page shows, loaded from the workspace and compared as the page needs it."""

from __future__ import annotations

from sop.analysis.comparison.attribution import Progress
from sop.analysis.comparison.bridge import Bridge, bridge_to_itself, bridge_to_plan, bridge_without_plan
from sop.analysis.comparison.plan_change import bridge_of_causes
from sop.analysis.performance.kpis import Kpi, build_kpis
from sop.analysis.performance.tracks import build_tracks, performance_message
from sop.core.calendar import period_name
from sop.facts.actuals import delivery_history
from sop.services.agreement.agreed_plans import agreed_plans
from sop.services.analysis.changes import is_last_agreed
from sop.services.analysis.comparison import explain_change
from sop.services.planning.choices import View
from sop.services.planning.plan_context import read_facts
from sop.services.planning.room import InputSet, PlanningRoom


def read_kpis(room: PlanningRoom, inputs: InputSet, view: View, base: View | None) -> tuple[Kpi, ...]:
    """The cards: the plan shown against the compared plan and the budget, with twelve closed months."""
    seen = delivery_history(inputs.inputs, read_facts(room, inputs))
    return build_kpis(view.plan, base.plan if base else None, inputs.inputs, seen)


def last_month(room: PlanningRoom, inputs: InputSet) -> str:
    """Whether the last closed month went as agreed, in one sentence."""
    month = inputs.inputs.calendar.last_closed
    return performance_message(build_tracks(inputs.inputs, [month], agreed_plans(room)))


def read_bridge(
    room: PlanningRoom,
    inputs: InputSet,
    view: View,
    base: View | None,
    progress: Progress = lambda share: None,
) -> Bridge | None:
    """What changed: causes against the last agreed plan, differences by family against anything else.

    None where revenue is not known on both sides.
    """
    if not view.plan.has_revenue or (base is not None and not base.plan.has_revenue):
        return None
    if base is None:
        return bridge_without_plan(view.plan, inputs.inputs, view.name)
    if view.record is not None and base.record is not None and view.record.id == base.record.id:
        return bridge_to_itself(base.plan, base.name, view.name)
    change = None
    if is_last_agreed(inputs, base):
        change = explain_change(room, inputs, view.assumptions, progress)
    causes = None if change is None else bridge_of_causes(change, view, base, inputs.cycle.first_open)
    if causes is not None:
        return causes
    reference = f"plan agreed for {period_name(base.plan.calendar.first_open)}"
    return bridge_to_plan(view.plan, base.plan, base.name, reference, view.name)
