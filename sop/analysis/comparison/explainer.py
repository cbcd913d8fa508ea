"""What changed since the agreed plan, and why: every group and every single change, by planning again.

Groups: new actuals, forecast, new families and regions, other currencies, and each function with its assumptions
and its tables. The value of a set of changes is the plan re-run from the new first open month with those changes
made and the others as signed. What planners decide about history and drivers is their assumption, so its effect is
theirs and not the forecast's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sop.analysis.comparison.as_signed import Signed, scale_forecast
from sop.analysis.comparison.attribution import Progress, attribute, attribute_singles
from sop.analysis.comparison.data_changes import (
    FORECAST,
    LEDGER_PART,
    LISTS,
    ChangedPart,
    changed_parts,
    put_back,
    same,
    without,
)
from sop.analysis.comparison.plan_change import GROUPS, GroupChange, PlanChange, Single, tell_change, tell_group
from sop.core.format import how_many
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions, assumption
from sop.core.terms import Function
from sop.demand.cleaning import DECIDED, Decisions, decisions_of
from sop.finance.financial_plan import Books

Kept = Literal["fences", "safety stock", "supply"]
"""What of the agreed plan stands: supply inside its time fences; safety stock too; supply in every month too."""
PlannerOf = Callable[[Inputs, StoredForecast, Books | None, Kept], Callable[[Assumptions], Plan]]
"""What plans some inputs with their forecast again and again; of the agreed plan stand its books, if given."""

MOST_HEADLINES, MOST_PLANNERS = 8192, 512
"""Re-planned sets that one explainer remembers, so that a slider move re-plans only what it touches."""

FORECAST_PART = ChangedPart(
    FORECAST, "forecast", "", FORECAST, FORECAST.lower(), ("sales_actuals", "products", "indicators")
)


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
    """Re-plans sets of changes between what was signed and today, and keeps what it has planned.

    `today` is forecast with what the agreed plan decided about history and drivers; `people`: the function of each
    person by name, for tables that name owners. Safe for several threads.
    """

    today: DecidedInputs
    signed: Signed
    planner_of: PlannerOf
    people: Mapping[str, Function] = field(default_factory=dict)
    planners: dict[Hashable, Callable[[Assumptions], Plan]] = field(default_factory=dict)
    headlines: dict[Hashable, Mapping[str, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        new, old = self.today, self.signed
        found = changed_parts(old.inputs, new.inputs, self.people, old.added)
        moved = not same(old.forecast.mean, new.forecast.mean)
        self.parts = {part.key: part for part in (*found, *([FORECAST_PART] if moved else []))}

    def changes(self, assumptions: Assumptions) -> dict[str, tuple[Single, ...]]:
        """Every single change by group, the groups in their order."""
        singles = [_single_of(part) for part in self.parts.values()]
        singles += changed_assumptions(self.signed.assumptions, assumptions)
        return {
            group: own for group in GROUPS if (own := tuple(single for single in singles if single.group == group))
        }

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
        changes = self.changes(assumptions)
        with self.lock:
            found = attribute(tuple(changes), self._of_groups(changes, assumptions, now), progress)
            counted, held = self._as_agreed("supply"), self._as_agreed("safety stock")
        if any(plan.headline[measure] != value for measure, value in found.end.items()):
            return None
        return tell_change(
            base,
            found,
            changes,
            held,
            self.signed.taken_new,
            counted=counted,
            same_cycle=self.signed.same_cycle,
            other_calendar=self.signed.other_calendar,
        )

    def explain_group(
        self,
        group: str,
        whole: Mapping[str, float],
        assumptions: Assumptions,
        now: DecidedInputs,
        progress: Progress = lambda share: None,
    ) -> GroupChange:
        """What every single change of a group is worth; they sum to `whole`, what the group is worth."""
        changes = self.changes(assumptions)
        names = {name: [single.name for single in singles] for name, singles in changes.items()}
        with self.lock:
            found = attribute_singles(names, group, whole, self._of_singles(changes, assumptions, now), progress)
        return tell_group(group, whole, found, changes[group])

    def _of_groups(
        self, changes: Mapping[str, tuple[Single, ...]], assumptions: Assumptions, now: DecidedInputs
    ) -> Callable[[frozenset[str]], Mapping[str, float]]:
        of_singles = self._of_singles(changes, assumptions, now)
        return lambda chosen: of_singles(frozenset(single.name for group in chosen for single in changes[group]))

    def _of_singles(
        self, changes: Mapping[str, tuple[Single, ...]], assumptions: Assumptions, now: DecidedInputs
    ) -> Callable[[frozenset[str]], Mapping[str, float]]:
        """The headline measures with a set of single changes made."""
        decided = [single for singles in changes.values() for single in singles if single.places]

        def value_of(chosen: frozenset[str]) -> Mapping[str, float]:
            places = [place for single in decided if single.name in chosen for place in single.places]
            values = self.signed.assumptions.with_places_from(assumptions, places)
            return self.headline(frozenset(chosen & self.parts.keys()), values, now)

        return value_of

    def _as_agreed(self, kept: Kept) -> Mapping[str, float]:
        """Headline measures as signed, on today's months, with more of the agreed plan than its fences kept."""
        inputs, forecast = self._mixed(frozenset(), self.today)
        planned = self.planner_of(inputs, forecast, self._books(frozenset()), kept)(self.signed.assumptions)
        return known_measures(planned.headline)

    def _books(self, chosen: frozenset[str]) -> Books | None:
        """What the ledger said when the agreed plan was signed, where a mix holds that ledger."""
        return self.signed.books if LEDGER_PART in self.parts.keys() - chosen else None

    def headline(self, chosen: frozenset[str], values: Assumptions, now: DecidedInputs) -> Mapping[str, float]:
        """Headline measures with the chosen parts of the data new and the assumptions given."""
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
            decided = now if decisions == now.decisions else self.today
            self.planners[key] = self.planner_of(*self._mixed(chosen, decided), self._books(chosen), "fences")
        return self.planners[key]

    def _mixed(self, chosen: frozenset[str], decided: DecidedInputs) -> tuple[Inputs, StoredForecast]:
        """Inputs with the chosen parts new and the others as signed, and their forecast."""
        missing = [part for key, part in self.parts.items() if key not in chosen]
        inputs = put_back(
            self.today.inputs,
            self.signed.inputs,
            [part for part in missing if part.block not in ("lists", "forecast")],
        )
        forecast = self._forecast(chosen, decided, inputs)
        return without(inputs, forecast, self.signed.added, [part.name for part in missing if part.group == LISTS])

    def _forecast(self, chosen: frozenset[str], decided: DecidedInputs, mixed: Inputs) -> StoredForecast:
        """Today's forecast as decided, or the signed one moved as the decision moves today's."""
        if FORECAST_PART.key in chosen or FORECAST_PART.key not in self.parts:
            return decided.forecast
        if decided.decisions == self.today.decisions:
            return self.signed.forecast
        return scale_forecast(self.signed.forecast, self.today.forecast, decided.forecast, mixed.products.family)


def _single_of(part: ChangedPart) -> Single:
    return Single(part.group, part.key, part.label, part.short, part.tables, (), part.word)


def changed_assumptions(was: Assumptions, now: Assumptions) -> list[Single]:
    """Every assumption that was set, changed or taken back, each by itself.

    What planners decide about history and drivers is one change: a forecast is made of all of it at once.
    """
    places = [place for place in {**was, **now} if was.get(place) != now.get(place)]
    decided = [place for place in places if place[0] in DECIDED]
    together = len(decided) > 1
    found = [_of_places((place,)) for place in places if not (together and place in decided)]
    return [*found, *([_of_places(tuple(decided))] if together else [])]


def _of_places(places: tuple[tuple[str, str], ...]) -> Single:
    (key, scope), entry = places[0], assumption(places[0][0])
    label = f"{entry.label}, {scope.replace('|', ', ')}" if scope else entry.label
    if len(places) > 1:
        label, scope = f"{how_many(len(places), 'decisions')} about history and drivers", "all"
    short = entry.as_cause if len(places) == 1 else "history and drivers"
    return Single(entry.owner.title, f"{key}|{scope}", label, short, (), places)


def known_measures(headline: Mapping[str, float | int | None]) -> dict[str, float]:
    """The headline measures that have a figure."""
    return {name: value for name, value in headline.items() if value is not None}
