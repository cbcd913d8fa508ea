"""The Cycle page's acts: steps switched on with their days, submissions, delegations, and what stands where."""

from collections.abc import Mapping
from dataclasses import dataclass

from sop.agreement.cycle_steps import OVERRIDES_IN, STEPS, CyclePlan, checked_plan, step_of
from sop.agreement.process_records import Delegation, Submission
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.override_scopes import MARKETING_UNITS, SALES_UNITS
from sop.core.terms import Function, Role
from sop.services.acting import acting, reading, require_now
from sop.services.company.cycle import read_cycle_plan, require_cycle, steps_in_use
from sop.store import Store, Transaction
from sop.store.cycles import Cycle
from sop.store.plans import read_plans, read_signatures
from sop.store.process import (
    add_delegation,
    add_submission,
    end_delegation,
    read_delegations,
    read_submissions,
    withdraw_submission,
)
from sop.store.settings import find_person, read_people, read_settings, save_setting

CONTRIBUTED = {Function.SALES: SALES_UNITS, Function.PRODUCT: MARKETING_UNITS}
"""The functions whose heads delegate, and the assumption that holds what their contributors enter."""


@dataclass(frozen=True)
class CycleRun:
    """Where the open cycle stands: its steps with dates, who submitted, who enters for whom, names by id.

    `late`: whether edits have ended. `steps`: those in use; empty where the company uses none. `signed`: names
    of who signed the cycle's plan, `plan_state` its state, empty before it is proposed.
    """

    cycle: Cycle
    plan: CyclePlan
    version: int
    steps: tuple[str, ...]
    submissions: tuple[Submission, ...]
    delegations: tuple[Delegation, ...]
    names: Mapping[str, str]
    active: frozenset[str]
    signed: tuple[str, ...]
    plan_state: str
    today: str

    @property
    def late(self) -> bool:
        """Whether edits of the working plan have ended."""
        return self.plan.is_late(self.cycle.first_open, self.today)

    def submitted(self, step: str, function: str) -> Submission | None:
        """The head's submission of a function for a step."""
        mine = (s for s in self.submissions if (s.step, s.function, s.whole) == (step, function, True))
        return next(mine, None)

    def contributed(self, delegation: Delegation) -> Submission | None:
        """The submission of a contributor."""
        wanted = (OVERRIDES_IN, delegation.function, delegation.person)
        return next(
            (s for s in self.submissions if (s.step, s.function, s.person) == wanted and not s.whole), None
        )


def read_cycle_run(store: Store, person_id: str) -> CycleRun:
    """Where the open cycle stands. Raises NotAllowed, NotFound without a cycle."""
    with reading(store, person_id) as tx:
        cycle = require_cycle(tx)
        plans = [plan for plan in read_plans(tx, cycle.first_open) if plan.state in ("proposed", "agreed")]
        setting = read_settings(tx).get("cycle_plan")
        people = read_people(tx)
        return CycleRun(
            cycle,
            read_cycle_plan(tx),
            setting.version if setting else 0,
            steps_in_use(tx),
            read_submissions(tx, cycle.first_open),
            read_delegations(tx),
            {person.id: person.name for person in people},
            frozenset(person.id for person in people if person.active),
            tuple(s.name for plan in plans[-1:] for s in read_signatures(tx, plan.id)),
            plans[-1].state if plans else "",
            tx.at[:10],
        )


def set_cycle_plan(
    store: Store, person_id: str, days: Mapping[str, int], cut_off: int | None, expected_version: int
) -> CyclePlan:
    """Switch steps on with the working day by which each ends, and say when edits end.

    Raises NotAllowed, BadInput for days out of order, Conflict where somebody changed them meanwhile.
    """
    plan = checked_plan(CyclePlan(days, cut_off))
    with acting(store, person_id, "run_cycle") as tx:
        require_cycle(tx)
        save_setting(tx, "cycle_plan", plan.fields(), expected_version)
    return plan


def submit(store: Store, person_id: str, step: str, note: str = "") -> Submission:
    """Say that one's part of a step is done: a head for the own function, whose word is the last; a contributor.

    Raises NotAllowed for who has no part in it, Conflict where it was said already.
    """
    with acting(store, person_id, "contribute") as tx:
        person, cycle = require_now(tx, person_id, "contribute"), require_cycle(tx).first_open
        function, done = Role(person.role).function, read_submissions(tx, cycle)
        if function is not None and function in step_of(step).submits:
            require_now(tx, person_id, "submit_step")
            given, whole = function.value, True
        else:
            mine = [d.function for d in read_delegations(tx) if d.person == person_id and step == OVERRIDES_IN]
            if not mine:
                raise NotAllowed(
                    f"{person.name} has no part in the step {step_of(step).title}",
                    remedy="It is submitted by " + (_submitters(step) or "moving the cycle on"),
                )
            given, whole = mine[0], False
        for found in done:
            if (found.step, found.function, found.whole) == (step, given, True) or (
                found.step == step and found.person == person_id
            ):
                raise Conflict(
                    f"{step_of(step).title} was submitted for {Function(given).title} already",
                    remedy="Take it back first where something is to change",
                )
        return add_submission(tx, cycle, step, given, whole=whole, note=note.strip())


def take_back_submission(store: Store, person_id: str, step: str) -> None:
    """Take one's own submission back, as head also those of the function's contributors go on.

    Raises NotAllowed, Conflict where there is none.
    """
    with acting(store, person_id, "contribute") as tx:
        cycle = require_cycle(tx).first_open
        mine = [s for s in read_submissions(tx, cycle) if (s.step, s.person) == (step, person_id)]
        if not mine:
            raise Conflict(f"you have not submitted {step_of(step).title}", remedy="Nothing is to be taken back")
        for found in mine:
            withdraw_submission(tx, found.id)


def delegate(store: Store, person_id: str, person: str, family: str = "", region: str = "") -> Delegation:
    """Let somebody enter overrides for a family, a region or both in the name of one's own function.

    Raises NotAllowed for a function without overrides, BadInput for nobody and for everything at once.
    """
    with acting(store, person_id, "delegate") as tx:
        head = require_now(tx, person_id, "delegate")
        function = Role(head.role).function
        if function not in CONTRIBUTED:
            raise NotAllowed(f"{Role(head.role).title} has no overrides to delegate", remedy="Give a task instead")
        found = find_person(tx, person)
        if found is None or not found.active or found.role == Role.ADMINISTRATOR:
            raise BadInput(
                f"'{person[:80]}' cannot enter overrides", remedy="Choose somebody who plans or reads here"
            )
        if not (family or region):
            raise BadInput("a delegation names a family or a region", remedy="Choose at least one")
        same = [d for d in read_delegations(tx) if (d.person, d.family, d.region) == (person, family, region)]
        if same:
            raise Conflict(f"{found.name} enters overrides for {same[0].place} already")
        return add_delegation(tx, person, function.value, family, region)


def undelegate(store: Store, person_id: str, delegation_id: int) -> Delegation:
    """End a delegation of one's own function; what was entered stays. Raises NotAllowed, NotFound."""
    with acting(store, person_id, "delegate") as tx:
        function = Role(require_now(tx, person_id, "delegate").role).function
        found = next((d for d in read_delegations(tx) if d.id == delegation_id), None)
        if found is not None and function is not None and found.function != function.value:
            raise NotAllowed(f"{found.place} was delegated by another function", remedy="Ask its head")
        return end_delegation(tx, delegation_id)


def delegations_of(tx: Transaction, person_id: str) -> tuple[Delegation, ...]:
    """What somebody enters overrides for."""
    return tuple(found for found in read_delegations(tx) if found.person == person_id)


def _submitters(step: str) -> str:
    return " and ".join(function.title for function in step_of(step).submits)


def next_step(run: CycleRun) -> str | None:
    """The step after the one at which the cycle stands; None at the last."""
    steps = run.steps or STEPS
    later = [step for step in steps if STEPS.index(step) > STEPS.index(run.cycle.step)]
    return later[0] if later else None
