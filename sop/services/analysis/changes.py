"""What changed since the agreed plan (else budget, else prior year), and why: for Plan changes and the executive
review. What was signed is read back, and planned again in parts."""

from collections.abc import Callable

from sop.agreement.content import FrozenPlan
from sop.analysis.comparison.as_signed import Signed, bring_to_today
from sop.analysis.comparison.attribution import Progress
from sop.analysis.comparison.bridge import Bridge, bridge_to_itself, bridge_to_plan, bridge_without_plan
from sop.analysis.comparison.compare import headline_of_base
from sop.analysis.comparison.explainer import Explainer, known_measures
from sop.analysis.comparison.plan_change import PlanChange, bridge_of_causes
from sop.analysis.performance.kpis import Kpi, build_kpis
from sop.analysis.performance.tracks import build_tracks, performance_message
from sop.core.calendar import period_name
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.facts.actuals import delivery_history
from sop.services.agreement.frozen_plans import agreed_plans
from sop.services.planning.choices import View, told_values
from sop.services.planning.plan_context import read_facts
from sop.services.planning.room import InputSet, PlanningRoom, answer
from sop.store import Store
from sop.store.data import read_current_tables, read_tables_by_sha256
from sop.supply.before.company_problem import agreed_supply
from sop.views.executive.plan_changes import (
    LOADED_SINCE,
    NO_AGREED,
    NOT_REPRODUCED,
    NOT_THE_LAST,
    Changes,
    build_changes,
    reference_of,
)


def read_changes(
    room: PlanningRoom,
    person_id: str,
    view: View,
    base: View | None,
    progress: Progress = lambda share: None,
) -> Changes | None:
    """What a plan changes and why; None where there is neither an agreed plan nor a year to compare with."""
    inputs = room.input_set()
    reference = reference_of(inputs.inputs, base)
    if reference is None:
        return None
    change, why = _explain(room, inputs, view, base, progress)
    told = told_values(room, person_id, view) if base else {}
    notes = {place: (value.reason, value.by) for place, value in told.items()}
    return build_changes(view, reference, inputs.inputs, change, why, notes)


def _explain(
    room: PlanningRoom, inputs: InputSet, view: View, base: View | None, progress: Progress
) -> tuple[PlanChange | None, str]:
    """The causes, or the reason why only differences can be shown."""
    if base is None:
        return None, NO_AGREED
    if not is_last_agreed(inputs, base):
        return None, NOT_THE_LAST
    if view.record is not None and room.plan(view.assumptions, inputs).headline != view.plan.headline:
        return None, LOADED_SINCE
    change = explain_change(room, inputs, view.assumptions, progress)
    return change, "" if change else NOT_REPRODUCED


def is_last_agreed(inputs: InputSet, base: View) -> bool:
    """Whether a plan to compare with is the one that was agreed last."""
    agreed = inputs.agreed
    return agreed is not None and base.record is not None and base.record.id == agreed.record.id


_KIND = "attribution/6"


def explain_change(
    room: PlanningRoom,
    inputs: InputSet,
    assumptions: Assumptions,
    progress: Progress = lambda share: None,
) -> PlanChange | None:
    """Why the plan under these assumptions differs from the agreed one; None without an agreed plan to explain.

    None as well where planning again does not give the plan that is shown, to the last digit. Kept by what it
    rests on, so that the same question is answered once.
    """
    agreed = inputs.agreed
    if agreed is None:
        return None
    plan = room.plan(assumptions, inputs)
    base = known_measures(headline_of_base(plan, agreed.plan, inputs.inputs.families.made_to_order_names))
    if not base:
        return None

    def make() -> PlanChange | None:
        explainer, now = find_explainer(room, inputs, agreed), room.decided(inputs, assumptions)
        return explainer.explain_plan(plan, base, assumptions, now, progress)

    basis = f"{_KIND} {inputs.key} {agreed.record.digest}"
    return answer(room, basis, assumptions, make, lambda facts: PlanChange(**facts))


def find_explainer(room: PlanningRoom, inputs: InputSet, agreed: FrozenPlan) -> Explainer:
    """The explainer between an input set and an agreed plan, kept while they are looked at."""
    today = room.decided(inputs, agreed.assumptions)

    def planner_of(mixed: Inputs, forecast: StoredForecast) -> Callable[[Assumptions], Plan]:
        return Planner(mixed, forecast, agreed_supply(agreed.plan, mixed)).build

    key = ("explainer", today.key, agreed.record.digest)
    return room.memo.get(key, lambda: Explainer(today, read_signed(room.store, today, agreed), planner_of))


def read_signed(store: Store, today: InputSet, agreed: FrozenPlan) -> Signed:
    """What the agreed plan rested on, on today's months. Raises NotFound where a table is gone.

    `today` is forecast with what the agreed plan decided about history, so that only data tells them apart.
    """
    with store.read() as tx:
        then, now = read_tables_by_sha256(tx, agreed.sources), read_current_tables(tx)
    return bring_to_today(agreed, then, now, today.inputs, today.forecast)


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
