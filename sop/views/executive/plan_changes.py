"""A plan against the agreed one (else budget, else prior year): what the page of plan changes shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sop.analysis.comparison.bridge import CAUSES, Bridge, bridge_to_plan
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
from sop.analysis.comparison.compare import Headline, headline_of_base
from sop.analysis.comparison.plan_change import GroupChange, NamedPlan, PlanChange, Worth, note_of
from sop.core.format import day_text
from sop.core.inputs import Inputs
from sop.core.measures import HEADLINES
from sop.core.plan import Plan, Worst
from sop.core.register import Assumptions, Note
from sop.core.terms import Function
from sop.core.words import all_of, table_title
from sop.facts.unit_worth import unit_worth
from sop.views.executive.plan_message import the_plan, unknown_sentence
from sop.views.price_words import PRICE_KEYS

Kind = Literal["agreed", "agreed elsewhere", "budget", "prior year"]
Notes = Mapping[tuple[str, str], Note]
"""Who set each value of a plan, when and why, by (key, scope); who took one back where it stands no more."""

NO_AGREED = "No plan has been agreed yet, so there are no causes and no time fences."
NOT_THE_LAST = "Causes are known against the last agreed plan only; these are differences by family."
NOT_REPRODUCED = "Planning again did not reproduce this plan, so no causes are shown."
"""Why only differences can be shown."""


def loaded_since(notes: Mapping[str, Note]) -> str:
    """Why a frozen plan has no causes once data came: which tables, and who loaded them when."""
    by: dict[str, list[str]] = {}
    for table, note in notes.items():
        who = " on ".join(filter(None, (note.by, day_text(note.at) if note.at else "")))
        by.setdefault(who, []).append(table_title(table))
    told = all_of([f"{all_of(names)}{f' by {who}' if who else ''}" for who, names in by.items()])
    what = f": {told}" if told else ""
    return (
        f"Data were loaded after this plan was frozen{what}. It rests on the data before, so what each moves is "
        "told of the working plan only; these are differences by family."
    )


@dataclass(frozen=True)
class Reference:
    """What a plan is compared with: an agreed plan, or in its place the budget or the year before.

    `assumptions`: what people had set in an agreed plan.
    """

    kind: Kind
    name: str
    plan: Plan
    assumptions: Assumptions | None = None


def reference_of(inputs: Inputs, base: NamedPlan | None, *, elsewhere: bool = False) -> Reference | None:
    """The plan to compare with: the one chosen; before the first agreed plan the budget, else the year before.

    `elsewhere`: the one chosen was agreed elsewhere, so that of its assumptions nothing is known.
    """
    if base is not None and elsewhere:
        return Reference("agreed elsewhere", base.name, base.plan)
    if base is not None:
        return Reference("agreed", base.name, base.plan, base.assumptions)
    budget, prior = plan_of_budget(inputs), plan_of_prior_year(inputs)
    if budget is not None:
        return Reference("budget", "budget", budget)
    return Reference("prior year", inputs.calendar.year_before_text, prior) if prior is not None else None


@dataclass(frozen=True)
class Changes:
    """A plan against its reference over `months`.

    `headline`: the reference's headline measures, empty where it does not cover twelve months. `change`: causes,
    None where they cannot be known; `why` then says why. `assumptions` only against an agreed plan. `worst`: who
    stands behind the plan's measures of service worst. `measures` are in their own units; `told` are the same as
    people read them: several families, launches or materials in money.
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
    worst: Mapping[str, Worst]
    told: tuple[MeasureChange, ...] = ()

    def main_cause(self, measure: str) -> tuple[str, float] | None:
        """The cause that moves a headline measure most, by name; None where causes are not known."""
        cause = self.change.main_cause(measure) if self.change else None
        return None if cause is None or self.change is None else (self.change.called(cause[0]), cause[1])

    def bridge(self, plan: Plan, measure: str, end: str) -> Bridge | None:
        """The causes of one headline measure; else revenue by family; None where there is nothing to bridge."""
        reference = self.reference
        if not (plan.has_revenue and reference.plan.has_revenue):
            return None
        if self.change is None or not self.headline:
            return bridge_to_plan(plan, reference.plan, reference.name, reference.kind, end)
        if measure not in self.change.base:
            return None
        return Bridge(
            title=f"What changed since the {reference.name}",
            note=CAUSES,
            reference=reference.kind,
            start=(reference.name, self.change.base[measure]),
            steps=tuple((self.change.called(name), value) for name, value in self.change.bridge(measure)),
            end=end,
            causes=True,
            effects=tuple((self.change.called(name), effects) for name, effects in self.change.effects),
        )


def build_changes(
    shown: NamedPlan, reference: Reference, inputs: Inputs, change: PlanChange | None, why: str, notes: Notes
) -> Changes:
    """A plan against its reference. `notes`: who set its values, when and why."""
    plan, base, was = shown.plan, reference.plan, reference.assumptions
    worth = unit_worth(inputs, plan)
    return Changes(
        reference=reference,
        months=compared_months(plan, base),
        headline=headline_of_base(plan, base, inputs.families.made_to_order_names),
        change=change,
        why=why,
        measures=tuple(measure_changes(plan, base)),
        stability=() if was is None else tuple(fence_changes(plan, base, worth)),
        breaches=() if was is None else tuple(fence_breaches(plan, base)),
        assumptions=()
        if was is None
        else tuple(
            assumption_changes(was, shown.assumptions, {place: (n.reason, n.by) for place, n in notes.items()})
        ),
        worst=plan.worst,
        told=tuple(measure_changes(plan, base, worth)),
    )


def known_headlines(changes: Changes, plan: Plan) -> tuple[str, ...]:
    """Headline measures whose causes can be shown."""
    if changes.change is None:
        return ()
    return tuple(e.key for e in HEADLINES if e.key in changes.change.base and plan.headline.get(e.key) is not None)


@dataclass(frozen=True)
class OpenedGroup:
    """A group of changes opened: `name` it is told by, what it is worth, and its single changes with their notes.

    `owner`: the function that answers for it; empty where nobody decides.
    """

    name: str
    owner: str
    effects: Mapping[str, float]
    singles: tuple[tuple[Worth, Note], ...]
    drawn: bool

    @property
    def moves_price(self) -> bool:
        """Whether one of them is a price, whose worth rests on what a price does to demand."""
        return any(key in PRICE_KEYS for worth, _ in self.singles for key, _ in worth.single.places)

    @property
    def by_nobody(self) -> bool:
        """Whether nobody set or loaded anything in it: the calendar moved on, or a policy looks further ahead."""
        return not any(worth.single.places or worth.single.tables for worth, _ in self.singles)


def open_group(change: PlanChange, found: GroupChange, places: Notes, tables: Mapping[str, Note]) -> OpenedGroup:
    """A group's single changes with who set or loaded each, when and why. `tables`: those loaded since."""
    return OpenedGroup(
        name=change.called(found.group),
        owner=found.group if found.group in {function.title for function in Function} else "",
        effects=change.effects_of(found.group),
        singles=tuple((worth, note_of(worth.single, places, tables)) for worth in found.worths),
        drawn=found.drawn,
    )


def not_compared(changes: Changes, plan: Plan) -> str:
    """Which headline measures the plan, or the agreed one, does not know, and why: they are not compared."""
    reference = changes.reference
    sides = [("", plan)]
    if reference.plan.headline:
        sides.append((f"In {the_plan(reference.name)}: ", reference.plan))
    told = (
        (whose, unknown_sentence({e.key: e.label for e in HEADLINES if side.headline.get(e.key) is None}, side))
        for whose, side in sides
    )
    return " ".join(f"{whose}{text}" for whose, text in told if text)
