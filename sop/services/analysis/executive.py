"""The executive review: what the page shows, loaded from the workspace and compared as the page needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from sop.analysis.comparison.bridge import Bridge, bridge_to_plan, bridge_without_plan
from sop.analysis.decisions.exceptions import ReviewException
from sop.analysis.performance.kpis import DeliveryHistory, Kpi, build_kpis, delivery_history
from sop.analysis.performance.tracks import build_tracks, performance_message
from sop.core.inputs import Inputs
from sop.core.words import plain_month
from sop.files.export import csv_of
from sop.services.agreement.agreed_plans import agreed_plans
from sop.services.analysis.comparison import GROUPS, HORIZON, explain_change, name_step
from sop.services.analysis.decisions import Valuation
from sop.services.analysis.trials import revenue_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.data import read_frame, read_heads

Progress = Callable[[float], None]
CHANGED = "What changed since the agreed plan"
SINCE_FROZEN = "Data loaded after it was frozen"
FENCES = "Fences set by the agreed plan"
"""What the agreed plan of this very cycle changes on the same months: its own first months are now fixed."""


def read_kpis(room: PlanningRoom, inputs: InputSet, view: View, base: View | None) -> tuple[Kpi, ...]:
    """The cards: the plan shown against the compared plan and the budget, with twelve closed months."""
    return build_kpis(view.plan, base.plan if base else None, inputs.inputs, _deliveries(room, inputs.inputs))


def _deliveries(room: PlanningRoom, inputs: Inputs) -> DeliveryHistory:
    with room.store.read() as tx:
        head = read_heads(tx).get("deliveries")
        return DeliveryHistory() if head is None else delivery_history(inputs, read_frame(tx, head.id))


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
    """What changed: causes against the last agreed plan, differences by family against anything else."""
    if base is None:
        return bridge_without_plan(view.plan, inputs.inputs, view.name)
    if view.record is not None and base.record is not None and view.record.id == base.record.id:
        return Bridge(CHANGED, "the same plan", "agreed plan", (base.name, revenue_of(base.plan)), (), view.name)
    if inputs.agreed is not None and base.record is not None and base.record.id == inputs.agreed.record.id:
        causes = _causes(room, inputs, view, base, progress)
        if causes is not None:
            return causes
    reference = f"plan agreed for {plain_month(base.plan.calendar.first_open)}"
    return bridge_to_plan(view.plan, base.plan, base.name, reference, view.name)


def _causes(room: PlanningRoom, inputs: InputSet, view: View, base: View, progress: Progress) -> Bridge | None:
    """The exact attribution; what a frozen plan does not know of today's data is a step of its own."""
    change = explain_change(room, inputs, view.assumptions, progress)
    if change is None or "revenue" not in change.base:
        return None
    effects = [
        (HORIZON, change.horizon),
        *((group, change.steps[group]) for group in GROUPS if group in change.steps),
    ]
    named = [(name_step(name, base.assumptions, view.assumptions), found) for name, found in effects]
    if base.plan.months[0] == inputs.cycle.first_open:
        named[0] = (FENCES, change.horizon)
    named.append((SINCE_FROZEN, {m: float(view.plan.headline[m] or 0) - now for m, now in change.now.items()}))
    moving = tuple((name, found) for name, found in named if any(abs(value) > 1e-9 for value in found.values()))
    return Bridge(
        title=CHANGED,
        note="causes, most upstream first; they add up exactly",
        reference="agreed plan",
        start=(base.name, change.base["revenue"]),
        steps=tuple((name, found["revenue"]) for name, found in moving if found["revenue"]),
        end=view.name,
        causes=True,
        effects=moving,
        starts=change.base,
    )


def review_csv(
    kpis: Sequence[Kpi],
    bridge: Bridge | None,
    valuation: Valuation,
    exceptions: Sequence[ReviewException],
    currency: str,
) -> bytes:
    """The page's numbers as one CSV: section, item, measure, value, unit, owner; money in the currency."""
    rows: list[tuple[str, str, str, float | str | None, str, str]] = []
    for kpi in kpis:
        unit = currency if kpi.headline.unit == "currency" else kpi.headline.unit
        scale = 100 if kpi.headline.unit == "currency" else 1
        for name, value in (("plan", kpi.value), ("compared plan", kpi.base), ("budget", kpi.budget)):
            rows.append(("headline", kpi.headline.label, name, None if value is None else value / scale, unit, ""))
    for name, value in bridge.steps if bridge else ():
        rows.append(("bridge", name, "revenue", value / 100, currency, ""))
    for decision in valuation.decisions:
        owner = decision.move.owner
        for name, value in (("EBIT", decision.ebit), ("revenue", decision.revenue), ("waiting", decision.waiting)):
            rows.append(
                ("decision", decision.move.title, name, None if value is None else value / 100, currency, owner)
            )
    rows += [("exception", e.sentence, "at stake", e.at_stake / 100, currency, e.owner) for e in exceptions]
    return csv_of(pd.DataFrame(rows, columns=["section", "item", "measure", "value", "unit", "owner"]))
