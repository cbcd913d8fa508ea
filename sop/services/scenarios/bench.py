"""What the Scenarios page shows: one scenario worked on, beside the working, proposed, agreed and saved plans."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sop.access import may, require_owner
from sop.analysis.comparison.compare import headline_of_base
from sop.analysis.comparison.impact import assumption_words, impact_sentence, trace_impact
from sop.analysis.decisions.levers import Lever, build_levers, changed_levers, plausible_size
from sop.analysis.decisions.targets import GapTarget
from sop.core.calendar import period_name
from sop.core.errors import NotAllowed
from sop.core.plan import Plan
from sop.core.register import Assumptions, Entry, as_assumptions
from sop.core.terms import Function
from sop.services.acting import reading
from sop.services.analysis.jobs import Progress, answer_job
from sop.services.analysis.outlook import trial_of
from sop.services.background import BackgroundJob
from sop.services.company.settings import names_of
from sop.services.planning.choices import plan_name
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.drafts import list_scenarios, own_draft, visible_scenarios, what_moved
from sop.store.scenarios import Scenario, read_assumptions
from sop.store.settings import Person
from sop.views.executive.scenario_compare import (
    Headline,
    LeverWorth,
    Panel,
    ScenarioFigures,
    Words,
    build_panels,
    build_rows,
    scenario_message,
    value_levers,
)

Entries = Mapping[tuple[str, str], Entry]


MOST_BESIDE = 5
"""Scenarios that stand side by side at most."""


@dataclass(frozen=True)
class PlansBeside:
    """A plan that can stand beside others. `about`: its question, owner and what moved since, in words."""

    key: str
    name: str
    plan: Plan
    about: str = ""


@dataclass(frozen=True)
class Bench:
    """A scenario on the workbench. `entries`: the values set in it by (key, scope).

    `beside`: every scenario that may stand side by side with the agreed plan, `agreed_values` what that assumes;
    `moved`: what the scenario stood on when it was saved and is another by now, in words.
    `reference`: the working plan, against which it is measured. `changes`: levers that stand elsewhere than in
    the working plan, as (there, here).
    """

    scenario: Scenario
    name: str
    entries: Entries
    assumptions: Assumptions
    working: Assumptions
    plan: Plan
    working_plan: Plan
    reference_name: str
    reference: Headline
    agreed_name: str
    agreed: Headline
    panels: tuple[Panel, ...]
    rows: tuple[ScenarioFigures, ...]
    changes: tuple[tuple[Lever, Lever], ...]
    beside: tuple[PlansBeside, ...] = ()
    agreed_values: Assumptions = field(default_factory=Assumptions)
    moved: str = ""

    @property
    def is_working(self) -> bool:
        """Whether this is the plan that all share."""
        return self.scenario.kind == "working"

    def message(self, money: Words) -> str:
        """What the scenario brings, in one or two sentences."""
        return scenario_message(
            self.name,
            self.plan.headline,
            self.reference,
            self.reference_name,
            self.agreed,
            money,
            self.plan.near_text,
        )

    def path(self, money: Words) -> str:
        """How what was changed runs through the plans, from its cause to cash; empty where nothing was."""
        cause = assumption_words(self.working, self.assumptions)
        return impact_sentence(trace_impact(self.working_plan, self.plan, money), cause) if cause else ""


def list_choices(room: PlanningRoom, person: Person) -> tuple[Scenario, ...]:
    """What a person can work on or look at, their own draft first; it is made where there is none."""
    found = list_scenarios(room.store, person.id)
    if may(person.role, "run_scenario") and all(scenario.kind != "draft" for scenario in found):
        found = (own_draft(room.store, person.id), *found)
    order = ("draft", "working", "saved")
    return tuple(sorted(found, key=lambda scenario: (order.index(scenario.kind), scenario.id)))


def scenario_name(scenario: Scenario) -> str:
    """A scenario's name on screen."""
    return {"working": "Working plan"}.get(scenario.kind, scenario.name)


def read_bench(room: PlanningRoom, person_id: str, inputs: InputSet, scenario_id: int) -> Bench:
    """Everything about one scenario, planned now. Raises NotAllowed, NotFound."""
    with reading(room.store, person_id) as tx:
        found = visible_scenarios(tx, person_id)
        entries = {scenario.id: read_assumptions(tx, scenario.id) for scenario in found}
        moved = {scenario.id: what_moved(tx, scenario) for scenario in found}
    names = names_of(room.store)
    scenario = next((s for s in found if s.id == scenario_id), None)
    if scenario is None:
        raise NotAllowed("this scenario is not yours to open", remedy="Choose one from the list")
    values = {key: as_assumptions(rows) for key, rows in entries.items()}
    plans = {key: room.plan(assumptions, inputs) for key, assumptions in values.items()}
    working = next(s for s in found if s.kind == "working")
    agreed = inputs.agreed.plan if inputs.agreed else None
    plan, made_to_order = plans[scenario.id], inputs.inputs.families.made_to_order_names
    agreed_name = plan_name(inputs.agreed.record) if inputs.agreed else ""
    agreed_headline = headline_of_base(plan, agreed, made_to_order)
    named = [(scenario_name(s), plans[s.id].headline) for s in (working, *(s for s in found if s is not working))]
    return Bench(
        scenario=scenario,
        name=scenario_name(scenario),
        entries={(entry.key, entry.scope): entry for entry in entries[scenario.id]},
        assumptions=values[scenario.id],
        working=values[working.id],
        plan=plan,
        working_plan=plans[working.id],
        reference_name=scenario_name(working),
        reference=plans[working.id].headline,
        agreed_name=agreed_name,
        agreed=agreed_headline,
        panels=build_panels(plan, agreed, made_to_order, values[scenario.id].value("minimum_cash")),
        rows=build_rows(
            [(agreed_name, agreed_headline), *named] if agreed_headline else named,
            scenario_name(working),
            scenario_name(scenario),
            {scenario_name(each): plans[each.id].worst for each in found},
        ),
        changes=changed_levers(inputs.inputs, values[working.id], values[scenario.id]),
        beside=tuple(
            PlansBeside(
                str(each.id), scenario_name(each), plans[each.id], about_scenario(each, moved[each.id], names)
            )
            for each in found
        ),
        agreed_values=inputs.agreed.assumptions if inputs.agreed else Assumptions(),
        moved=moved[scenario.id],
    )


def about_scenario(scenario: Scenario, moved: str, names: Mapping[str, str]) -> str:
    """Whose a scenario is, what it asks, until when it is kept, and what it stood on that has moved."""
    if scenario.kind != "saved":
        return ""
    parts = [scenario.description, names.get(scenario.owner, scenario.owner)]
    if scenario.expiry:
        parts.append(f"kept until {period_name(scenario.expiry)}")
    if moved:
        parts.append(f"the {moved} it stood on moved since it was saved")
    return " · ".join(filter(None, parts))


def levers_of(
    room: PlanningRoom, inputs: InputSet, bench: Bench, scopes: dict[Function, str]
) -> dict[Function, tuple[Lever, ...]]:
    """The levers of a scenario by function. Which lines are full is read off the working plan, so that sliders
    do not come and go while one is moved."""
    return build_levers(inputs.inputs, bench.assumptions, room.plan(bench.working, inputs), scopes)


def why_locked(person: Person, scenario: Scenario, key: str) -> str:
    """Why a person may not change an assumption in a scenario; empty where they may. Services check again."""
    if not may(person.role, "run_scenario"):
        return f"{person.name} may look, not change"
    if scenario.kind == "working":
        try:
            require_owner(person.role, key)
        except NotAllowed as refusal:
            return refusal.sentence
        return ""
    return "" if scenario.owner == person.id else "Somebody else's scenario: save a copy and change that"


def worth_job(
    room: PlanningRoom,
    inputs: InputSet,
    bench: Bench,
    levers: Mapping[Function, tuple[Lever, ...]],
    measure: str,
    target: GapTarget | None = None,
) -> tuple[LeverWorth, ...] | BackgroundJob[tuple[LeverWorth, ...]]:
    """What each lever is worth in a headline measure, plausibly lower and higher, and where a target is missed.

    By planning each end, in the background: the answer, or the job that makes it.
    """
    return value_job(room, inputs, bench.assumptions, levers, measure, target)


def value_job(
    room: PlanningRoom,
    inputs: InputSet,
    assumptions: Assumptions,
    levers: Mapping[Function, tuple[Lever, ...]],
    measure: str,
    target: GapTarget | None = None,
) -> tuple[LeverWorth, ...] | BackgroundJob[tuple[LeverWorth, ...]]:
    """The same under any assumptions."""
    every = [lever for group in levers.values() for lever in group]
    places = tuple(lever.place for lever in every)
    key = ("worth", inputs.key, assumptions.texts, places, measure, target)
    trial = trial_of(room, inputs, assumptions)

    def make(progress: Progress) -> tuple[LeverWorth, ...]:
        demand = trial.demand_deviation
        found = value_levers(
            every,
            assumptions,
            lambda values: room.plan(values, inputs).headline,
            measure,
            progress,
            size_of=lambda lever: plausible_size(inputs.inputs, assumptions, lever, demand),
            target=target,
        )
        return room.memo.get(key, lambda: found)

    def kept() -> tuple[LeverWorth, ...] | None:
        return room.memo.get(key, tuple) if key in room.memo else None

    return answer_job(room, repr(key), kept, make)
