"""The people of a plan: who is there now, who starts and who goes, plant by plant and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from sop.core.calendar import shift_period
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.register import Assumptions

People = tuple[float | None, ...]
NOT_LOADED = "no people with hours up to the last planned month are loaded for it"


@dataclass(frozen=True)
class PlantPeople:
    """One plant by period: people at the end of each, hires and releases; None where not known.

    `opening`: people who are there before the first period. `idle_cost`: wages of hours that nobody works, minor
    units by period. `why`: what is missing where nothing is known.
    """

    plant: str
    opening: float | None
    planned: People
    hires: People
    releases: People
    idle_cost: People
    why: str = ""

    def fields(self, periods: Sequence[str]) -> dict[str, object]:
        """As plain fields: figures in the order of the periods; `why` only where nothing is known."""
        known = {"planned": self.planned, "hires": self.hires, "releases": self.releases}
        figures = {name: None if self.why else [_plain(v) for v in values] for name, values in known.items()}
        row: dict[str, object] = {
            "plant": self.plant,
            "opening": _plain(self.opening),
            "periods": list(periods),
            **figures,
        }
        return {**row, "why": self.why} if self.why else row


def people_of(plan: Plan, opening: Floats | None = None) -> tuple[PlantPeople, ...]:
    """Every plant of which the plan has people.

    A plan that was signed before hires were kept in it tells them from its people; those of its first period are
    known where `opening` (P,) is, in the order of its plants.
    """
    return tuple(_of_plant(plan, at, plant, opening) for at, plant in enumerate(plan.names("people")))


def people_not_known(plan: Plan, inputs: Inputs) -> tuple[PlantPeople, ...]:
    """Plants with lines of which no people are known; nothing where people are loaded for none."""
    capacity = inputs.capacity
    if capacity is None or capacity.people_max is None:
        return ()
    used = {capacity.plants.names[place] for place in capacity.line_plant.tolist()}
    empty: People = (None,) * len(plan.months)
    missing = [name for name in capacity.plants.names if name in used and name not in plan.names("people")]
    return tuple(PlantPeople(name, None, empty, empty, empty, empty, NOT_LOADED) for name in missing)


def total(values: Sequence[float | None]) -> float | None:
    """A sum; not known where one part is not."""
    return None if any(value is None for value in values) else float(sum(value or 0.0 for value in values))


@dataclass(frozen=True)
class PeopleMove:
    """People who start or go at a plant in a month: how many, by when it must be decided, and what it costs once.

    `cost`: minor units of hiring or of severance; wages during notice are in the plan beside it.
    """

    plant: str
    kind: str
    people: int
    month: str
    decide_by: str
    cost: int


def people_moves(plan: Plan, inputs: Inputs, assumptions: Assumptions) -> tuple[PeopleMove, ...]:
    """Every hire and release of a plan by month, as far as it knows them; the nearest first.

    It must be decided the lead time to hire, or the notice period, before; never before the first open month.
    """
    return tuple(
        sorted(
            (
                move
                for plant in people_of(plan)
                for kind, values in (("hire", plant.hires), ("release", plant.releases))
                for move in _moves(plan, inputs, assumptions, plant.plant, kind, values)
            ),
            key=lambda move: (move.month, move.plant, move.kind),
        )
    )


def _moves(
    plan: Plan, inputs: Inputs, assumptions: Assumptions, plant: str, kind: str, values: People
) -> list[PeopleMove]:
    before = _from_table(inputs, assumptions, "hire_lead_months" if kind == "hire" else "notice_months", plant)
    price = _from_table(inputs, assumptions, f"{kind}_cost", plant)
    periods, first = ceil(plan.calendar.in_periods(before)), plan.months[0]
    return [
        PeopleMove(
            plant=plant,
            kind=kind,
            people=round(value),
            month=month,
            decide_by=max(shift_period(month, -periods), first),
            cost=round(value * price * MINOR),
        )
        for month, value in zip(plan.months, values, strict=True)
        if value
    ]


def _from_table(inputs: Inputs, assumptions: Assumptions, key: str, plant: str) -> float:
    """What holds at a plant: somebody's entry, else the table, else the register."""
    plants = inputs.capacity.plants if inputs.capacity else None
    known = None
    if plants is not None and plant in plants.names:
        known = float(getattr(plants, key)[plants.names.index(plant)])
    return assumptions.value(key, plant, known)


def _of_plant(plan: Plan, at: int, plant: str, opening: Floats | None) -> PlantPeople:
    people = plan["people"][at].astype(float)
    if "hires" in plan and plant in plan.names("hires"):
        place = plan.names("hires").index(plant)
        hires, releases = plan["hires"][place].astype(float), plan["releases"][place].astype(float)
        start = float(people[0] - hires[0] + releases[0])
    else:
        start = float("nan") if opening is None or at >= len(opening) else float(opening[at])
        change = np.diff(people, prepend=start)
        hires, releases = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    idle = np.full(len(people), np.nan)
    if plant in plan.names("idle_cost"):
        idle = plan["idle_cost"][plan.names("idle_cost").index(plant)].astype(float)
    return PlantPeople(
        plant=plant,
        opening=_known(start),
        planned=_figures(people),
        hires=_figures(hires),
        releases=_figures(releases),
        idle_cost=_figures(idle),
    )


def _figures(values: Floats) -> People:
    return tuple(_known(value) for value in values.tolist())


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _plain(value: float | None) -> float | int | None:
    """Whole people as whole numbers."""
    return int(value) if value is not None and value == int(value) else value
