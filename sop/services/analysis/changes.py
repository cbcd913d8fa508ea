"""Plan changes: a plan against the agreed one (else budget, else prior year), loaded and compared for the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sop.analysis.comparison.bridge import Bridge, bridge_to_plan
from sop.analysis.comparison.changes import (
    AssumptionChange,
    Breach,
    FenceChange,
    MeasureChange,
    assumption_changes,
    compared_months,
    fence_breaches,
    fence_changes,
    measure_changes,
    plan_of_budget,
    plan_of_prior_year,
)
from sop.analysis.comparison.compare import Headline, compare_plans, headline_of_base
from sop.core.measures import HEADLINES
from sop.core.plan import Plan
from sop.services.acting import reading
from sop.services.analysis.comparison import GROUPS, PlanChange, explain_change, name_step
from sop.services.company.people import names_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.plans import read_plan_content
from sop.store.scenarios import read_assumptions

Kind = Literal["agreed", "budget", "prior year"]
Notes = Mapping[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Reference:
    """What a plan is compared with: an agreed plan, or in its place the budget or the year before."""

    kind: Kind
    name: str
    plan: Plan


@dataclass(frozen=True)
class Changes:
    """A plan against its reference over `months`.

    `headline`: the reference's headline measures, empty where it does not cover twelve months. `change`: causes,
    None where they cannot be known; `why` then says why. `assumptions` only against an agreed plan; `names`
    tell a function's step with what it changed.
    """

    reference: Reference
    months: tuple[str, ...]
    headline: Headline
    change: PlanChange | None
    why: str
    measures: tuple[MeasureChange, ...]
    stability: tuple[FenceChange, ...]
    breaches: tuple[Breach, ...]
    assumptions: tuple[AssumptionChange, ...]
    names: Mapping[str, str]

    def main_cause(self, measure: str) -> tuple[str, float] | None:
        """The cause that moves a headline measure most, by name; None where causes are not known."""
        cause = self.change.main_cause(measure) if self.change else None
        return None if cause is None else (self.names.get(cause[0], cause[0]), cause[1])

    def bridge(self, plan: Plan, measure: str, end: str) -> Bridge | None:
        """The causes of one headline measure; else revenue by family; None where there is nothing to bridge."""
        reference = self.reference
        if self.change is None or not self.headline:
            return bridge_to_plan(plan, reference.plan, reference.name, reference.kind, end)
        if measure not in self.change.base:
            return None
        return Bridge(
            title=f"What changed since the {reference.name}",
            note="causes, most upstream first; they add up exactly",
            reference=reference.kind,
            start=(reference.name, self.change.base[measure]),
            steps=tuple((self.names.get(name, name), value) for name, value in self.change.bridge(measure)),
            end=end,
            causes=True,
            effects=tuple((self.names.get(name, name), effects) for name, effects in self.change.effects),
        )


def read_reference(inputs: InputSet, base: View | None) -> Reference | None:
    """The plan to compare with: the one chosen; before the first agreed plan the budget, else the year before."""
    if base is not None:
        return Reference("agreed", base.name, base.plan)
    budget, prior = plan_of_budget(inputs.inputs), plan_of_prior_year(inputs.inputs)
    if budget is not None:
        return Reference("budget", "budget", budget)
    return Reference("prior year", "same months of the year before", prior) if prior is not None else None


def read_changes(
    room: PlanningRoom,
    person_id: str,
    view: View,
    base: View | None,
    progress: Callable[[float], None] = lambda share: None,
) -> Changes | None:
    """What a plan changes and why; None where there is neither an agreed plan nor a year to compare with."""
    inputs = room.input_set()
    reference = read_reference(inputs, base)
    if reference is None:
        return None
    families = inputs.inputs.families
    made_to_order = [n for n, flag in zip(families.names, families.made_to_order, strict=True) if flag]
    change, why = _explain(room, inputs, view, base, progress)
    agreed = reference.kind == "agreed"
    return Changes(
        reference=reference,
        months=compared_months(view.plan, reference.plan),
        headline=headline_of_base(view.plan, reference.plan, made_to_order),
        change=change,
        why=why,
        measures=tuple(measure_changes(view.plan, reference.plan)),
        stability=tuple(fence_changes(view.plan, reference.plan)) if agreed else (),
        breaches=tuple(fence_breaches(view.plan, reference.plan)) if agreed else (),
        assumptions=tuple(_assumptions(room, person_id, view, base)) if base is not None else (),
        names={} if base is None else {g: name_step(g, base.assumptions, view.assumptions) for g in GROUPS},
    )


def _explain(
    room: PlanningRoom, inputs: InputSet, view: View, base: View | None, progress: Callable[[float], None]
) -> tuple[PlanChange | None, str]:
    """The causes, or the reason why only differences can be shown."""
    if base is None:
        return None, "No plan has been agreed yet, so there are no causes and no time fences."
    agreed = inputs.agreed
    if agreed is None or base.record is None or base.record.id != agreed.record.id:
        return None, "Causes are known against the last agreed plan only; these are differences by family."
    if view.record is not None and room.plan(view.assumptions, inputs).headline != view.plan.headline:
        return None, "Data were loaded after this plan was frozen; these are differences by family."
    change = explain_change(room, inputs, view.assumptions, progress)
    return change, "" if change else "Planning again did not reproduce this plan, so no causes are shown."


def _assumptions(room: PlanningRoom, person_id: str, view: View, base: View) -> list[AssumptionChange]:
    return assumption_changes(base.assumptions, view.assumptions, _notes(room, person_id, view))


def _notes(room: PlanningRoom, person_id: str, view: View) -> Notes:
    """Why and by whom each value of a plan was set; a frozen plan knows the reason only."""
    with reading(room.store, person_id) as tx:
        if view.record is not None:
            rows = json.loads(read_plan_content(tx, view.record.id))["assumptions"]
            return {(row["key"], row["scope"]): (row["reason"], "") for row in rows}
        entries = read_assumptions(tx, view.scenario.id) if view.scenario else ()
    names = names_of(room.store)
    return {(entry.key, entry.scope): (entry.reason, names.get(entry.by, entry.by)) for entry in entries}


def changes_table(view: View, reference: Reference) -> pd.DataFrame:
    """Every plan line of both plans on their common months, for the download; money in currency."""
    return compare_plans(view.plan, reference.plan)


def known_headlines(changes: Changes, plan: Plan) -> tuple[str, ...]:
    """Headline measures whose causes can be shown."""
    if changes.change is None:
        return ()
    return tuple(e.key for e in HEADLINES if e.key in changes.change.base and plan.headline.get(e.key) is not None)
