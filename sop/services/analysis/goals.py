"""What strategic goals promised in money, cycle by cycle: signed plans planned again without a goal's initiatives.

A signed plan is planned again from what was signed: its tables, its forecast, its assumptions and the agreed plan
that it followed. What was found is kept by the plan's digest, which never changes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sop.agreement.content import FrozenPlan
from sop.core.errors import NotFound
from sop.core.inputs import Initiative, Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.portfolio.worth import PlanOf, PromiseByMonth, promised_by_month
from sop.services.agreement.frozen_plans import agreed_by_cycle
from sop.services.analysis.jobs import Progress, answer_job
from sop.services.background import BackgroundJob
from sop.services.planning.room import InputSet, PlanningRoom, answer, kept_answer
from sop.store.data import read_tables_by_sha256
from sop.store.plans import read_plan_by_digest
from sop.supply.before.company_problem import agreed_supply
from sop.views.portfolio.goals import MOST_CYCLES, Promised

_KIND = "goals/1"


@dataclass(frozen=True)
class GoalPromises:
    """What each goal brings by planned month in one plan; empty where it cannot be told."""

    goals: Mapping[str, PromiseByMonth]

    def facts(self) -> dict[str, Any]:
        """The promises as plain data, to be kept."""
        return asdict(self)


def goals_job(
    room: PlanningRoom, inputs: InputSet, assumptions: Assumptions
) -> Promised | BackgroundJob[Promised]:
    """The promises of the last agreed plans and of the plan under these assumptions, or the job for them."""
    signed = _signed(room)
    question = (
        f"{_KIND} {' '.join(each.record.digest for each in signed)} {inputs.key} {';'.join(assumptions.texts)}"
    )
    return answer_job(
        room,
        question,
        lambda: _kept(room, inputs, assumptions),
        lambda progress: promised_money(room, inputs, assumptions, progress),
    )


def promised_money(
    room: PlanningRoom, inputs: InputSet, assumptions: Assumptions, progress: Progress = lambda share: None
) -> Promised:
    """The same, waited for: cycle → goal → by month."""
    found: dict[str, Mapping[str, PromiseByMonth]] = {}
    signed = _signed(room)
    for place, frozen in enumerate(signed):
        make = partial(_of_signed, room, frozen)
        found[frozen.record.cycle] = answer(room, _basis(frozen), frozen.assumptions, make, _of_facts).goals
        progress((place + 1) / (len(signed) + 1))
    return found | {inputs.cycle.first_open: _now(room, inputs, assumptions)}


def _kept(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Promised | None:
    found: dict[str, Mapping[str, PromiseByMonth]] = {}
    for frozen in _signed(room):
        kept = kept_answer(room, _basis(frozen), frozen.assumptions, _of_facts)
        if kept is None:
            return None
        found[frozen.record.cycle] = kept.goals
    return found | {inputs.cycle.first_open: _now(room, inputs, assumptions)}


def _signed(room: PlanningRoom) -> list[FrozenPlan]:
    """The plans agreed last, one a cycle, oldest first."""
    return [frozen for _, frozen in sorted(agreed_by_cycle(room).items())][-MOST_CYCLES:]


def _basis(frozen: FrozenPlan) -> str:
    return f"{_KIND} {frozen.record.digest}"


def _now(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Mapping[str, PromiseByMonth]:
    """Of the plan that is shown."""
    key = (_KIND, inputs.key, assumptions.texts)
    return room.memo.get(key, lambda: _by_goal(inputs.inputs, assumptions, lambda a: room.plan(a, inputs)))


def _of_signed(room: PlanningRoom, frozen: FrozenPlan) -> GoalPromises:
    """Of a signed plan; nothing where what it was made of is gone."""
    was, previous = frozen.plan, None
    try:
        with room.store.read() as tx:
            tables = read_tables_by_sha256(tx, frozen.sources)
            record = read_plan_by_digest(tx, frozen.content["previous"]) if frozen.content["previous"] else None
            previous = room.recast(tx, record, was.calendar).plan if record else None
    except NotFound:
        return GoalPromises({})
    inputs = assemble(tables, was.calendar, company=was.company, currency=was.currency, sources=frozen.sources)
    planner = Planner(inputs, frozen.forecast, agreed_supply(previous, inputs))
    plans: dict[tuple[str, ...], Plan] = {}

    def plan_of(values: Assumptions) -> Plan:
        if values.texts not in plans:
            plans[values.texts] = planner.build(values)
        return plans[values.texts]

    return GoalPromises(_by_goal(planner.inputs, frozen.assumptions, plan_of))


def _by_goal(inputs: Inputs, assumptions: Assumptions, plan_of: PlanOf) -> Mapping[str, PromiseByMonth]:
    goals: dict[str, list[Initiative]] = {}
    for item in inputs.initiatives or ():
        goals.setdefault(item.goal, []).append(item)
    if not goals or not plan_of(assumptions).has_revenue:
        return {}
    return {goal: promised_by_month(items, assumptions, plan_of) for goal, items in sorted(goals.items())}


def _of_facts(facts: Mapping[str, Any]) -> GoalPromises:
    return GoalPromises({goal: PromiseByMonth(**found) for goal, found in facts["goals"].items()})
