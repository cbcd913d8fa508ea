"""The steps of a cycle: what each needs, who submits in it, when it ends; a company switches them on.

A company that uses none has one step: plan, and sign. Days are working days (Monday to Friday) of the month in
which the cycle runs, its first open one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sop.agreement.process_records import Delegation, Submission
from sop.core.calendar import first_day, worded
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.terms import Function

LAST_DAY = 20
"""No month has fewer working days than this."""


@dataclass(frozen=True)
class CycleStep:
    """One step: its name on screen, what it needs in a sentence, and the functions that submit in it."""

    key: str
    title: str
    needs: str
    submits: tuple[Function, ...] = ()


CYCLE_STEPS = (
    CycleStep("data", "Data", "The closed month of every table that the plan rests on"),
    CycleStep("product", "Product", "Gates, volumes and slips of launches", (Function.PRODUCT,)),
    CycleStep("demand", "Demand", "Overrides and terms of demand, with reasons", (Function.SALES,)),
    CycleStep(
        "supply",
        "Supply",
        "Capacity, people, materials and targets of stock",
        (Function.OPERATIONS, Function.SUPPLY),
    ),
    CycleStep("finance", "Reconciliation", "The plan in money beside the budget, gaps named", (Function.FINANCE,)),
    CycleStep("executive", "Executive", "The agenda worked through, the plan proposed and signed"),
)
STEPS = tuple(step.key for step in CYCLE_STEPS)
"""The phases of a cycle in their order."""
OVERRIDES_IN = "demand"
"""The step in which contributors enter overrides."""


def step_of(key: str) -> CycleStep:
    """A step by its key. Raises BadInput for what is none."""
    found = next((step for step in CYCLE_STEPS if step.key == key), None)
    if found is None:
        raise BadInput(f"there is no step '{key}'", remedy=f"Steps are: {', '.join(STEPS)}")
    return found


def step_title(key: str) -> str:
    """A step's name on screen."""
    return step_of(key).title if key in STEPS else key


@dataclass(frozen=True)
class CyclePlan:
    """The steps that a company uses, each with the working day by which it ends, and when edits end.

    `cut_off`: the working day after which the working plan changes only as the ground rules allow; None for never.
    """

    days: Mapping[str, int] = field(default_factory=dict)
    cut_off: int | None = None

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps in use, in their order."""
        return tuple(step for step in STEPS if step in self.days)

    def dates(self, first_open: str) -> dict[str, str]:
        """The ISO day by which each step in use ends."""
        return {step: working_day(first_open, self.days[step]) for step in self.steps}

    def cut_off_day(self, first_open: str) -> str | None:
        """The ISO day after which edits end."""
        return None if self.cut_off is None else working_day(first_open, self.cut_off)

    def is_late(self, first_open: str, today: str) -> bool:
        """Whether edits have ended on an ISO day."""
        day = self.cut_off_day(first_open)
        return day is not None and today > day

    def fields(self) -> dict[str, Any]:
        """The same as plain data, to be kept."""
        return {"days": dict(self.days), "cut_off": self.cut_off}


def working_day(month: str, number: int) -> str:
    """The ISO day of a month's working day, counted from 1.

    >>> working_day("2026-12", 1), working_day("2026-08", 1)
    ('2026-12-01', '2026-08-03')
    """
    day, left = first_day(month), number
    while True:
        left -= day.weekday() < 5
        if left <= 0:
            return day.isoformat()
        day += timedelta(days=1)


def checked_plan(plan: CyclePlan) -> CyclePlan:
    """A plan with steps in their order. Raises BadInput for days out of order or beyond a month."""
    days = {step_of(step).key: day for step, day in plan.days.items()}
    ordered = {step: days[step] for step in STEPS if step in days}
    for day in [*ordered.values(), *([] if plan.cut_off is None else [plan.cut_off])]:
        if not 1 <= day <= LAST_DAY:
            raise BadInput(
                f"working day {day}", remedy=worded(f"Choose between 1 and {LAST_DAY}, which every month has")
            )
    if sorted(ordered.values()) != list(ordered.values()):
        raise BadInput(
            "the steps do not end in their order",
            why=", ".join(f"{step_of(step).title} ends on day {day}" for step, day in ordered.items()),
            remedy="Give a later step the same day or a later one",
        )
    return CyclePlan(ordered, plan.cut_off)


def first_step(steps: Sequence[str]) -> str:
    """Where a cycle begins: the first step in use, else the first of all."""
    return steps[0] if steps else STEPS[0]


def require_move(step: str, steps: Sequence[str], now: str, signed: Sequence[str]) -> None:
    """Raises BadInput for a step that is not in use, Conflict for one moved back under a plan that people signed.

    `signed`: names of who signed the plan of the open cycle that is proposed or agreed.
    """
    title = step_of(step).title
    if steps and step not in steps:
        raise BadInput(
            f"{title} is not a step that this company uses",
            remedy="Switch it on in the Cycle page, or choose another",
        )
    if STEPS.index(step) < STEPS.index(now) and signed:
        raise Conflict(
            f"the cycle cannot go back to {title}",
            why=f"{', '.join(signed)} signed its plan",
            remedy="Return the plan with a reason, or propose a new revision, then move the step",
        )


def require_place(
    delegations: Iterable[Delegation], submissions: Iterable[Submission], person: str, family: str, region: str
) -> Delegation:
    """The delegation under which somebody enters an override for a family and region.

    Raises NotAllowed where none covers it, Conflict where they submitted already or the head did.
    """
    mine = [found for found in delegations if found.person == person]
    covering = [found for found in mine if found.covers(family, region)]
    asked = ", ".join(part for part in (family, region) if part) or "all families and regions"
    if not covering:
        yours = "; ".join(found.place for found in mine)
        raise NotAllowed(
            f"{asked} was not delegated to you",
            why=f"you enter overrides for {yours}" if mine else "nobody delegated anything to you",
            remedy="Ask the head of the function to enter it or to delegate it",
        )
    given = covering[0]
    for found in submissions:
        if (
            found.step == OVERRIDES_IN
            and found.function == given.function
            and (found.whole or found.person == person)
        ):
            who = "the head has submitted, whose figure is the last" if found.whole else "you have submitted"
            raise Conflict(f"{asked} takes no further override", why=who, remedy="Ask the head to take it back")
    return given
