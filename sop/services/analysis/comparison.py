"""What changed since the agreed plan, and why: what was signed is read back, and planned again in parts."""

from collections.abc import Callable
from functools import partial

from sop.agreement.content import FrozenPlan
from sop.analysis.comparison.as_signed import Signed, bring_to_today
from sop.analysis.comparison.attribution import Progress
from sop.analysis.comparison.compare import headline_of_base
from sop.analysis.comparison.explainer import Explainer, Kept, known_measures
from sop.analysis.comparison.plan_change import GroupChange, PlanChange
from sop.core.errors import NotFound
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.core.terms import Role
from sop.engine import Planner
from sop.finance.financial_plan import Books
from sop.services.analysis.jobs import answer_job
from sop.services.background import BackgroundJob
from sop.services.planning.room import InputSet, PlanningRoom, answer, kept_answer, question_of
from sop.store import Store
from sop.store.data import read_current_tables, read_tables_by_sha256
from sop.store.settings import read_people
from sop.supply.before.company_problem import agreed_safety_stock, agreed_supply
from sop.supply.what_if.strategies import supply_as_agreed

_KIND, _SINGLES = "attribution/11", "singles/2"


def explain_change(
    room: PlanningRoom,
    inputs: InputSet,
    assumptions: Assumptions,
    progress: Progress = lambda share: None,
) -> PlanChange | None:
    """Why the plan under these assumptions differs from the agreed one; None without an agreed plan to explain.

    None as well where planning again does not give the plan that is shown, to the last digit. Kept by what it
    rests on, so that the same question is answered once.
    """
    agreed = inputs.agreed
    if agreed is None:
        return None
    plan = room.plan(assumptions, inputs)
    base = known_measures(headline_of_base(plan, agreed.plan, inputs.inputs.families.made_to_order_names))
    if not base:
        return None

    def make() -> PlanChange | None:
        explainer, now = find_explainer(room, inputs, agreed), room.decided(inputs, assumptions)
        return explainer.explain_plan(plan, base, assumptions, now, progress)

    return answer(room, _change_basis(inputs, agreed), assumptions, make, PlanChange.of_facts)


def change_job(
    room: PlanningRoom, inputs: InputSet, assumptions: Assumptions
) -> PlanChange | BackgroundJob[PlanChange | None] | None:
    """What `explain_change` returns where it is kept, else the job for it. Raises what planning raised."""
    agreed = inputs.agreed
    if agreed is None:
        return None
    basis = _change_basis(inputs, agreed)
    question = question_of(basis, assumptions)
    unexplained = "unexplained", question

    def make(progress: Progress) -> PlanChange | None:
        found = explain_change(room, inputs, assumptions, progress)
        return room.memo.get(unexplained, lambda: None) if found is None else found

    if unexplained in room.memo:
        return None
    return answer_job(room, question, lambda: kept_answer(room, basis, assumptions, PlanChange.of_facts), make)


def _change_basis(inputs: InputSet, agreed: FrozenPlan) -> str:
    return f"{_KIND} {inputs.key} {agreed.record.digest}"


def explain_group(
    room: PlanningRoom,
    inputs: InputSet,
    assumptions: Assumptions,
    change: PlanChange,
    group: str,
    progress: Progress = lambda share: None,
) -> GroupChange:
    """What every single change of a group is worth. Raises NotFound where the plan has no such group.

    `change`: the plan's difference to the agreed one. Kept by what it rests on.
    """
    agreed = inputs.agreed
    if agreed is None or group not in change.groups:
        raise NotFound(f"there is no group of changes '{group}'", remedy=f"Groups are: {', '.join(change.groups)}")
    known = change.opened(group)
    if known is not None:
        return known

    def make() -> GroupChange:
        explainer, now = find_explainer(room, inputs, agreed), room.decided(inputs, assumptions)
        return explainer.explain_group(group, change.steps[group], assumptions, now, progress)

    basis = f"{_SINGLES} {group} {inputs.key} {agreed.record.digest}"
    return answer(room, basis, assumptions, make, GroupChange.of_facts)


def find_explainer(room: PlanningRoom, inputs: InputSet, agreed: FrozenPlan) -> Explainer:
    """The explainer between an input set and an agreed plan, kept while they are looked at."""
    today = room.decided(inputs, agreed.assumptions)
    last: list[Planner] = []

    def planner_of(
        mixed: Inputs, forecast: StoredForecast, books: Books | None, kept: Kept
    ) -> Callable[[Assumptions], Plan]:
        safety = None if kept == "fences" else agreed_safety_stock(agreed.plan, mixed)
        supply, like = agreed_supply(agreed.plan, mixed), last[-1] if last else None
        made = Planner(mixed, forecast, supply, safety, like, books)
        last[:] = [made]
        return partial(made.build, change=supply_as_agreed) if kept == "supply" and supply else made.build

    def make() -> Explainer:
        with room.store.read() as tx:
            roles = {each.name: Role(each.role).function for each in read_people(tx)}
        people = {name: function for name, function in roles.items() if function is not None}
        return Explainer(today, read_signed(room.store, today, agreed), planner_of, people)

    return room.memo.get(("explainer", today.key, agreed.record.digest), make)


def read_signed(store: Store, today: InputSet, agreed: FrozenPlan) -> Signed:
    """What the agreed plan rested on, on today's months. Raises NotFound where a table is gone.

    `today` is forecast with what the agreed plan decided about history, so that only data tells them apart.
    """
    with store.read() as tx:
        then, now = read_tables_by_sha256(tx, agreed.sources), read_current_tables(tx)
    return bring_to_today(agreed, then, now, today.inputs, today.forecast)
