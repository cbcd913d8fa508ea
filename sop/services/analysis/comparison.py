"""What changed since the agreed plan, and why: the exact attribution of every headline measure by group.

Groups: new actuals, forecast, and each function with its assumptions and its tables. The value of a set of
groups is the plan re-run from the new first open month with those groups new and the others as signed. What
planners decide about history and drivers is their assumption, so its effect is theirs and not the forecast's.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass, field, replace

from sop.agreement.content import assumptions_of_content
from sop.analysis.comparison.attribution import Attribution, attribute, whole_steps
from sop.analysis.comparison.compare import headline_of_base
from sop.core.inputs import Inputs
from sop.core.measures import HEADLINES
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions, assumption
from sop.core.terms import Function
from sop.demand.company_history import Decisions, decisions_of
from sop.engine import Planner
from sop.services.analysis.signed import ACTUALS, BLOCKS, FORECAST, Signed, read_signed, same, scale_forecast
from sop.services.planning.memo import keep
from sop.services.planning.room import AgreedPlan, InputSet, PlanningRoom, agreed_supply
from sop.store.kept import keep_result, read_result

HORIZON = "Horizon and fences"
GROUPS = (ACTUALS, FORECAST, *(function.title for function in Function))
KEYS = tuple(entry.key for entry in HEADLINES)
PARTS = {entry.key: {"currency": 1, "days": 100, "fraction": 1_000_000}[entry.unit] for entry in HEADLINES}
"""Parts of one unit in which steps are whole numbers: cents, hundredths of a day, millionths."""

MOST_HEADLINES, MOST_PLANNERS = 4096, 256
"""Re-planned subsets that one explainer remembers, so that a slider move re-plans only what it touches."""


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

    def residual(self, measure: str) -> int:
        """What the bridge leaves unexplained, in whole parts: always 0."""
        parts = PARTS[measure]
        told = sum(round(value * parts) for _, value in self.bridge(measure))
        return round(self.now[measure] * parts) - round(self.base[measure] * parts) - told


@dataclass
class Explainer:
    """Re-plans subsets of groups between one agreed plan and one input set, and keeps what it has planned.

    `today` is forecast with what the agreed plan decided about history and drivers.
    """

    today: InputSet
    agreed: AgreedPlan
    signed: Signed
    planners: dict[Hashable, Planner] = field(default_factory=dict)
    headlines: dict[Hashable, Mapping[str, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.data_groups = frozenset(changed_data(self.today, self.signed))

    def groups(self, assumptions: Assumptions) -> tuple[str, ...]:
        """The groups in which anything differs from what was signed, in their order."""
        return tuple(g for g in GROUPS if g in self.data_groups or self._differs(g, assumptions))

    def _differs(self, group: str, assumptions: Assumptions) -> bool:
        owner = _owner(group)
        if owner is None:
            return False
        return dict(assumptions.owned_by(owner)) != dict(self.signed.assumptions.owned_by(owner))

    def explain(self, assumptions: Assumptions, now: InputSet, progress: Callable[[float], None]) -> Attribution:
        """Shapley values of the groups that changed, by re-planning every subset of them.

        `now`: the input set with the forecast that these assumptions decide.
        """

        def value_of(chosen: frozenset[str]) -> Mapping[str, float]:
            owners = [owner for group in chosen if (owner := _owner(group)) is not None]
            values = self.signed.assumptions.with_owners_from(assumptions, owners)
            return self.headline(chosen & self.data_groups, values, now)

        with self.lock:
            return attribute(self.groups(assumptions), value_of, progress)

    def headline(self, chosen: frozenset[str], values: Assumptions, now: InputSet) -> Mapping[str, float]:
        """Headline measures with the data of the chosen groups new and the assumptions given."""
        key = (chosen, tuple(values.items()))
        if key not in self.headlines:
            if len(self.headlines) >= MOST_HEADLINES:
                self.headlines.clear()
            self.headlines[key] = _known(self._planner(chosen, decisions_of(values), now).build(values).headline)
        return self.headlines[key]

    def _planner(self, chosen: frozenset[str], decisions: Decisions, now: InputSet) -> Planner:
        """The planner of a mix of data, with the forecast that the decisions call for."""
        key = (chosen, tuple(decisions.items()))
        if key not in self.planners:
            if len(self.planners) >= MOST_PLANNERS:
                self.planners.clear()
            mixed = mix_inputs(self.today.inputs, self.signed.inputs, chosen | (set(GROUPS) - self.data_groups))
            forecast = self._forecast(chosen, now if decisions == now.decisions else self.today, mixed)
            self.planners[key] = Planner(mixed, forecast, agreed_supply(self.agreed, mixed))
        return self.planners[key]

    def _forecast(self, chosen: frozenset[str], decided: InputSet, mixed: Inputs) -> StoredForecast:
        """Today's forecast as decided, or the signed one moved as the decision moves today's."""
        if FORECAST in chosen or FORECAST not in self.data_groups:
            return decided.forecast
        if decided.key == self.today.key:
            return self.signed.forecast
        return scale_forecast(self.signed.forecast, self.today.forecast, decided.forecast, mixed.products.family)


def explain_change(
    room: PlanningRoom,
    inputs: InputSet,
    assumptions: Assumptions,
    progress: Callable[[float], None] = lambda share: None,
) -> PlanChange | None:
    """Why the plan under these assumptions differs from the agreed one; None without an agreed plan to explain.

    None as well where planning again does not give the plan that is shown, to the last digit. Kept by what it
    rests on, so that the same question is answered once.
    """
    agreed = inputs.agreed
    if agreed is None:
        return None
    plan = room.plan(assumptions, inputs)
    base = _known(headline_of_base(plan, agreed.plan, _made_to_order(inputs.inputs)))
    if not base:
        return None
    key = _key(inputs, agreed, assumptions)
    with room.store.read() as tx:
        kept = read_result(tx, key)
    if kept is not None:
        return PlanChange(**kept.facts)
    explainer = find_explainer(room, inputs, agreed)
    found = explainer.explain(assumptions, room.decided(inputs, assumptions), progress)
    if any(plan.headline[measure] != value for measure, value in found.end.items()):
        return None
    change = tell_change(base, found, explainer.signed.taken_new)
    with room.store.write() as tx:
        keep_result(tx, key, {}, {name: getattr(change, name) for name in PlanChange.__dataclass_fields__})
    return change


def find_explainer(room: PlanningRoom, inputs: InputSet, agreed: AgreedPlan) -> Explainer:
    """The explainer between an input set and an agreed plan, kept while they are looked at."""
    today = room.decided(inputs, assumptions_of_content(agreed.content))
    key = ("explainer", today.key, agreed.record.digest)
    return keep(room, key, lambda: Explainer(today, agreed, read_signed(room.store, today, agreed)))


def tell_change(base: Mapping[str, float], found: Attribution, taken_new: tuple[str, ...] = ()) -> PlanChange:
    """An attribution against the agreed plan's figures, with steps rounded so that they sum exactly."""
    measures = [m for m in KEYS if m in base and m in found.end]
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


def changed_data(today: InputSet, signed: Signed) -> tuple[str, ...]:
    """The groups whose inputs differ from what was signed, whatever files they came in."""
    changed = [
        group
        for group, names in BLOCKS.items()
        if not all(same(getattr(signed.inputs, name), getattr(today.inputs, name)) for name in names)
    ]
    return (*changed, *([] if same(signed.forecast.mean, today.forecast.mean) else [FORECAST]))


def mix_inputs(new: Inputs, old: Inputs, chosen: Set[str]) -> Inputs:
    """Inputs with the chosen groups' blocks new and the others as signed."""
    blocks = {
        block: getattr(old, block) for group, names in BLOCKS.items() if group not in chosen for block in names
    }
    return replace(new, **blocks)


def name_step(step: str, was: Assumptions, now: Assumptions) -> str:
    """A step with what its function changed: 'Sales: net price', or 'CEO: new data' where only tables differ."""
    owner = _owner(step)
    if owner is None:
        return step
    before, after = was.owned_by(owner), now.owned_by(owner)
    changed = [key for key, scope in {**before, **after} if before.get((key, scope)) != after.get((key, scope))]
    labels = [assumption(key).label.lower() for key in dict.fromkeys(changed)] or ["new data"]
    return f"{step}: {' and '.join(labels if len(labels) < 3 else (labels[0], 'more'))}"


def _owner(group: str) -> Function | None:
    return next((function for function in Function if function.title == group), None)


def _made_to_order(inputs: Inputs) -> list[str]:
    families = inputs.families
    return [name for name, flag in zip(families.names, families.made_to_order, strict=True) if flag]


def _known(headline: Mapping[str, float | int | None]) -> dict[str, float]:
    return {name: value for name, value in headline.items() if value is not None}


def _key(inputs: InputSet, agreed: AgreedPlan, assumptions: Assumptions) -> str:
    values = ";".join(f"{key}|{scope}={value!r}" for (key, scope), value in assumptions.items())
    return hashlib.sha256(f"attribution/6 {inputs.key} {agreed.record.digest} {values}".encode()).hexdigest()
