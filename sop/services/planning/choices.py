"""What can be looked at and against what: the working plan, scenarios, proposals, and every agreed plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sop.agreement.records import PlanRecord
from sop.core.calendar import period_name
from sop.core.errors import NotFound
from sop.core.format import current_style
from sop.core.plan import Plan
from sop.core.register import Assumptions, Note, as_assumptions
from sop.facts.plans_elsewhere import title_elsewhere
from sop.services.acting import reading
from sop.services.company.cycle import WORKING_TITLE, require_cycle
from sop.services.company.settings import names_of
from sop.services.planning.elsewhere import elsewhere_cycles, plans_elsewhere
from sop.services.planning.room import InputSet, PlanningRoom, question_of
from sop.services.scenarios.drafts import entries
from sop.store.plans import read_agreed_plan, read_plan, read_plans
from sop.store.scenarios import Scenario, read_assumptions, read_scenario, read_scenarios

Made = TypeVar("Made")
WORKING = "working"
"""The key of the working plan."""
_ELSEWHERE = "elsewhere-"


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen: `key` for the address bar, `name` for the screen."""

    key: str
    name: str

    @property
    def frozen(self) -> bool:
        """Whether it is a plan that was proposed or agreed, which is read back rather than computed."""
        return self.key.startswith("plan-")

    @property
    def number(self) -> int | None:
        """The id of the plan or scenario; None for the working plan."""
        _, _, number = self.key.partition("-")
        return int(number) if number else None

    @property
    def elsewhere(self) -> bool:
        """Whether it is a plan that was agreed elsewhere, of which there are figures alone."""
        return self.key.startswith(_ELSEWHERE)


WORKING_PLAN = Choice(WORKING, WORKING_TITLE)


@dataclass(frozen=True)
class View:
    """A plan to look at: computed from assumptions now, or read back from what was frozen (`record`).

    `said`: what a plan agreed elsewhere holds and what it cannot tell; empty of any other. `key`: the digest of
    what the plan rests on; empty where nobody can tell.
    """

    choice: Choice
    plan: Plan
    assumptions: Assumptions
    record: PlanRecord | None = None
    scenario: Scenario | None = None
    said: str = ""
    key: str = ""

    @property
    def name(self) -> str:
        """The name on screen."""
        return self.choice.name


def plan_name(record: PlanRecord) -> str:
    """A plan's name on screen: 'agreed Nov 2026, rev 1'."""
    state = "agreed" if record.state in ("agreed", "superseded") else record.state
    return f"{state} {period_name(record.cycle)}, rev {record.revision}"


def frozen_choice(record: PlanRecord) -> Choice:
    """A plan that was proposed or agreed, as something to choose."""
    return Choice(f"plan-{record.id}", plan_name(record))


def list_views(room: PlanningRoom, person_id: str) -> tuple[Choice, ...]:
    """What can be shown: the working plan, the open cycle's proposals and saved scenarios, own drafts."""
    with reading(room.store, person_id) as tx:
        cycle = require_cycle(tx).first_open
        scenarios = read_scenarios(tx, cycle)
        plans = [plan for plan in read_plans(tx, cycle) if plan.state in ("proposed", "agreed")]
    own = [s for s in scenarios if s.kind == "saved" or (s.kind == "draft" and s.owner == person_id)]
    return (
        WORKING_PLAN,
        *map(frozen_choice, reversed(plans)),
        *(Choice(f"scenario-{s.id}", s.name) for s in own),
    )


def list_bases(room: PlanningRoom, person_id: str) -> tuple[Choice, ...]:
    """What can be compared with: agreed plans of earlier and this cycle, the newest first, then those agreed
    elsewhere in cycles in which nothing was signed here."""
    with reading(room.store, person_id) as tx:
        plans = [plan for plan in read_plans(tx) if plan.state in ("agreed", "superseded")]
        agreed = read_agreed_plan(tx)
    ever = [plan for plan in plans if plan.state == "agreed" or plan.cycle != (agreed.cycle if agreed else "")]
    signed = {plan.cycle for plan in ever}
    others = [cycle for cycle in elsewhere_cycles(room) if cycle not in signed]
    return (
        *map(frozen_choice, reversed(ever)),
        *(Choice(f"{_ELSEWHERE}{cycle}", title_elsewhere(cycle)) for cycle in reversed(others)),
    )


def list_others(room: PlanningRoom, person_id: str, shown: View) -> tuple[Choice, ...]:
    """Every plan that can stand beside the one shown: agreed plans first, then scenarios and proposals."""
    found = {c.key: c for c in (*list_bases(room, person_id), *list_views(room, person_id))}
    return tuple(choice for key, choice in found.items() if key != shown.choice.key)


def read_view(room: PlanningRoom, person_id: str, choice: Choice, inputs: InputSet | None = None) -> View:
    """The plan behind a choice; a scenario is planned on `inputs`, where they are at hand already.

    Raises NotFound where it is gone and NotAllowed.
    """
    kind, _, number = choice.key.partition("-")
    if choice.elsewhere:
        with reading(room.store, person_id):
            found = plans_elsewhere(room).get(number)
        if found is None:
            raise NotFound(f"there is no plan '{choice.name}' any more", remedy="Choose one from the list")
        return View(choice, found.plan, Assumptions(), said=found.limits)
    with reading(room.store, person_id) as tx:
        if kind == "plan":
            record = read_plan(tx, int(number))
            frozen = room.recast(tx, record)
            key = f"{record.digest} {frozen.plan.calendar.bucket.key}"
            return View(choice, frozen.plan, frozen.assumptions, record, key=key)
        if kind not in ("working", "scenario"):
            raise NotFound(f"there is no plan '{choice.key}' to look at", remedy="Choose one from the list")
        scenarios = read_scenarios(tx, require_cycle(tx).first_open)
        scenario = read_scenario(tx, int(number)) if number else next(s for s in scenarios if s.kind == "working")
        assumptions = as_assumptions(read_assumptions(tx, scenario.id))
    chosen = room.decided(inputs, assumptions) if inputs else room.input_set(assumptions)
    key = question_of(chosen.key, assumptions)
    return View(choice, room.plan(assumptions, chosen), assumptions, scenario=scenario, key=key)


def once_of(
    room: PlanningRoom, what: str, inputs: InputSet, views: Sequence[View | None], make: Callable[[], Made]
) -> Made:
    """Something worked out of plans that are looked at and of nothing else, once for all who look at them.

    `what` names it, with whatever else it rests on. Texts are among it, so each style of figures has its own.
    """
    keys = [view.key for view in views if view is not None]
    if not all(keys):
        return make()
    return room.memo.get(
        (what, current_style(), inputs.key, *("" if view is None else view.key for view in views)), make
    )


def told_values(room: PlanningRoom, person_id: str, view: View) -> dict[tuple[str, str], Note]:
    """Who set every value of a plan, when and why, by key and scope; of a frozen plan only the reason is kept.

    Raises NotAllowed.
    """
    if view.record is not None:
        with reading(room.store, person_id) as tx:
            return {place: Note(reason=why) for place, why in room.frozen(tx, view.record).reasons.items()}
    names = names_of(room.store)
    found = entries(room.store, person_id, view.scenario.id) if view.scenario else ()
    return {(e.key, e.scope): Note(names.get(e.by, e.by), e.at, e.reason) for e in found}
