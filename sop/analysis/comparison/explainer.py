"""What changed since the agreed plan, and why: the exact attribution of every headline measure by group.

Groups: new actuals, forecast, and each function with its assumptions and its tables. The value of a set of
groups is the plan re-run from the new first open month with those groups new and the others as signed. What
planners decide about history and drivers is their assumption, so its effect is theirs and not the forecast's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Protocol

from sop.analysis.comparison.as_signed import BLOCKS, FORECAST, Signed, same, scale_forecast
from sop.analysis.comparison.attribution import Attribution, Progress, attribute
from sop.analysis.comparison.plan_change import GROUPS, PlanChange, owner_of, tell_change
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.demand.cleaning import Decisions, decisions_of

PlannerOf = Callable[[Inputs, StoredForecast], Callable[[Assumptions], Plan]]
"""What plans some inputs with their forecast again and again, inside the agreed plan's time fences."""

MOST_HEADLINES, MOST_PLANNERS = 4096, 256
"""Re-planned subsets that one explainer remembers, so that a slider move re-plans only what it touches."""


class DecidedInputs(Protocol):
    """Inputs with the forecast made of them, and what planners decided about history and drivers for it."""

    @property
    def inputs(self) -> Inputs: ...
    @property
    def forecast(self) -> StoredForecast: ...
    @property
    def decisions(self) -> Decisions: ...


@dataclass
class Explainer:
    """Re-plans subsets of groups between what was signed and today, and keeps what it has planned.

    `today` is forecast with what the agreed plan decided about history and drivers. Safe for several threads.
    """

    today: DecidedInputs
    signed: Signed
    planner_of: PlannerOf
    planners: dict[Hashable, Callable[[Assumptions], Plan]] = field(default_factory=dict)
    headlines: dict[Hashable, Mapping[str, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.data_groups = frozenset(changed_data(self.today, self.signed))

    def groups(self, assumptions: Assumptions) -> tuple[str, ...]:
        """The groups in which anything differs from what was signed, in their order."""
        return tuple(g for g in GROUPS if g in self.data_groups or self._differs(g, assumptions))

    def _differs(self, group: str, assumptions: Assumptions) -> bool:
        owner = owner_of(group)
        if owner is None:
            return False
        return dict(assumptions.owned_by(owner)) != dict(self.signed.assumptions.owned_by(owner))

    def explain_plan(
        self,
        plan: Plan,
        base: Mapping[str, float],
        assumptions: Assumptions,
        now: DecidedInputs,
        progress: Progress = lambda share: None,
    ) -> PlanChange | None:
        """Why a plan differs from the agreed one's figures `base`; None where planning again does not give it.

        `now`: today's inputs with the forecast that the plan's assumptions decide.
        """
        found = self.explain(assumptions, now, progress)
        if any(plan.headline[measure] != value for measure, value in found.end.items()):
            return None
        return tell_change(base, found, self.signed.taken_new)

    def explain(self, assumptions: Assumptions, now: DecidedInputs, progress: Progress) -> Attribution:
        """Shapley values of the groups that changed, by re-planning every subset of them."""

        def value_of(chosen: frozenset[str]) -> Mapping[str, float]:
            owners = [owner for group in chosen if (owner := owner_of(group)) is not None]
            values = self.signed.assumptions.with_owners_from(assumptions, owners)
            return self.headline(chosen & self.data_groups, values, now)

        with self.lock:
            return attribute(self.groups(assumptions), value_of, progress)

    def headline(self, chosen: frozenset[str], values: Assumptions, now: DecidedInputs) -> Mapping[str, float]:
        """Headline measures with the data of the chosen groups new and the assumptions given."""
        key = (chosen, tuple(values.items()))
        if key not in self.headlines:
            if len(self.headlines) >= MOST_HEADLINES:
                self.headlines.clear()
            build = self._planner(chosen, decisions_of(values), now)
            self.headlines[key] = known_measures(build(values).headline)
        return self.headlines[key]

    def _planner(
        self, chosen: frozenset[str], decisions: Decisions, now: DecidedInputs
    ) -> Callable[[Assumptions], Plan]:
        """The planner of a mix of data, with the forecast that the decisions call for."""
        key = (chosen, tuple(decisions.items()))
        if key not in self.planners:
            if len(self.planners) >= MOST_PLANNERS:
                self.planners.clear()
            mixed = mix_inputs(self.today.inputs, self.signed.inputs, chosen | (set(GROUPS) - self.data_groups))
            forecast = self._forecast(chosen, now if decisions == now.decisions else self.today, mixed)
            self.planners[key] = self.planner_of(mixed, forecast)
        return self.planners[key]

    def _forecast(self, chosen: frozenset[str], decided: DecidedInputs, mixed: Inputs) -> StoredForecast:
        """Today's forecast as decided, or the signed one moved as the decision moves today's."""
        if FORECAST in chosen or FORECAST not in self.data_groups:
            return decided.forecast
        if decided.decisions == self.today.decisions:
            return self.signed.forecast
        return scale_forecast(self.signed.forecast, self.today.forecast, decided.forecast, mixed.products.family)


def changed_data(today: DecidedInputs, signed: Signed) -> tuple[str, ...]:
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


def known_measures(headline: Mapping[str, float | int | None]) -> dict[str, float]:
    """The headline measures that have a figure."""
    return {name: value for name, value in headline.items() if value is not None}
