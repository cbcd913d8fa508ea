"""A plan's difference to the agreed one, told by what caused it: groups of changes and their exact effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sop.analysis.comparison.as_signed import ACTUALS, FORECAST
from sop.analysis.comparison.attribution import Attribution, whole_steps
from sop.analysis.comparison.bridge import CAUSES, CHANGED, Bridge
from sop.core.measures import HEADLINES
from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption
from sop.core.terms import Function

HORIZON = "Horizon and fences"
FENCES = "Fences set by the agreed plan"
"""What the agreed plan of this very cycle changes on the same months: its own first months are now fixed."""
SINCE_FROZEN = "Data loaded after it was frozen"
GROUPS = (ACTUALS, FORECAST, *(function.title for function in Function))
PARTS = {entry.key: {"currency": 1, "days": 100, "fraction": 1_000_000}[entry.unit] for entry in HEADLINES}
"""Parts of one unit in which steps are whole numbers: cents, hundredths of a day, millionths."""


class NamedPlan(Protocol):
    """A plan that is looked at: its name on screen, and what people had set in it."""

    @property
    def name(self) -> str: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def assumptions(self) -> Assumptions: ...


@dataclass(frozen=True)
class PlanChange:
    """The difference between a plan and the agreed one, explained, by headline measure.

    `steps`: group → effect; `horizon`: what the same inputs give on the new months and inside the agreed plan's
    time fences, plus whatever could not be mixed (`taken_new`). With it the steps sum to the difference exactly:
    money in whole minor units, days and fractions in whole parts of `PARTS`.
    """

    base: Mapping[str, float]
    now: Mapping[str, float]
    horizon: Mapping[str, float]
    steps: Mapping[str, Mapping[str, float]]
    taken_new: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The change as plain data, to be kept; `PlanChange(**facts)` reads it back."""
        return asdict(self)

    @property
    def effects(self) -> list[tuple[str, Mapping[str, float]]]:
        """Every step with its effect on every measure: the horizon, then the groups, most upstream first."""
        order = {group: place for place, group in enumerate(GROUPS)}
        groups = sorted(self.steps, key=lambda group: order.get(group, len(order)))
        return [(HORIZON, self.horizon), *((group, self.steps[group]) for group in groups)]

    def bridge(self, measure: str) -> list[tuple[str, float]]:
        """Steps of one measure in order, those without effect left out; they sum to the difference exactly."""
        if measure not in self.base or measure not in self.now:
            return []
        return [(name, effects[measure]) for name, effects in self.effects if effects[measure]]

    def main_cause(self, measure: str) -> tuple[str, float] | None:
        """The step that moves a measure most; None where nothing does."""
        steps = self.bridge(measure)
        return max(steps, key=lambda step: abs(step[1])) if steps else None


def tell_change(base: Mapping[str, float], found: Attribution, taken_new: tuple[str, ...] = ()) -> PlanChange:
    """An attribution against the agreed plan's figures, with steps rounded so that they sum exactly."""
    measures = [m for m in PARTS if m in base and m in found.end]
    told = {m: _whole_steps(m, base[m], found) for m in measures}
    return PlanChange(
        base={m: base[m] for m in measures},
        now={m: found.end[m] for m in measures},
        horizon={m: told[m][HORIZON] for m in measures},
        steps={group: {m: told[m][group] for m in measures} for group in found.groups},
        taken_new=taken_new,
    )


def _whole_steps(measure: str, base: float, found: Attribution) -> dict[str, float]:
    """Steps of one measure from the agreed figure to today's, whole in the measure's parts."""
    parts = PARTS[measure]
    exact = {HORIZON: found.start[measure] - base} | {g: found.effects[g][measure] for g in found.groups}
    total = round(found.end[measure] * parts) - round(base * parts)
    whole = whole_steps({name: value * parts for name, value in exact.items()}, total)
    return {name: value if parts == 1 else value / parts for name, value in whole.items()}


def bridge_of_causes(change: PlanChange, shown: NamedPlan, base: NamedPlan, first_open: str) -> Bridge | None:
    """Revenue from the agreed plan `base` to the plan shown, by cause; None where it is not known.

    What a frozen plan does not know of today's data is a step of its own.
    """
    if "revenue" not in change.base:
        return None
    named = [(name_step(name, base.assumptions, shown.assumptions), found) for name, found in change.effects]
    if base.plan.months[0] == first_open:
        named[0] = (FENCES, change.horizon)
    headline = shown.plan.headline
    named.append((SINCE_FROZEN, {m: float(headline[m] or 0) - now for m, now in change.now.items()}))
    moving = tuple((name, found) for name, found in named if any(abs(value) > 1e-9 for value in found.values()))
    return Bridge(
        title=CHANGED,
        note=CAUSES,
        reference="agreed plan",
        start=(base.name, change.base["revenue"]),
        steps=tuple((name, found["revenue"]) for name, found in moving if found["revenue"]),
        end=shown.name,
        causes=True,
        effects=moving,
        starts=change.base,
    )


def name_step(step: str, was: Assumptions, now: Assumptions) -> str:
    """A step with what its function changed: 'Sales: net price', or 'CEO: new data' where only tables differ."""
    owner = owner_of(step)
    if owner is None:
        return step
    before, after = was.owned_by(owner), now.owned_by(owner)
    changed = [key for key, scope in {**before, **after} if before.get((key, scope)) != after.get((key, scope))]
    labels = [assumption(key).label.lower() for key in dict.fromkeys(changed)] or ["new data"]
    return f"{step}: {' and '.join(labels if len(labels) < 3 else (labels[0], 'more'))}"


def owner_of(group: str) -> Function | None:
    """The function that a group of changes belongs to; None for data that nobody decides."""
    return next((function for function in Function if function.title == group), None)
