"""What signing a plan commits the company to, month by month: people, overtime, purchases, spending, cash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sop.analysis.people import PlantPeople, people_of, total
from sop.core.calendar import worded
from sop.core.measures import Unit
from sop.core.plan import Plan

Figures = tuple[float | None, ...]


@dataclass(frozen=True)
class Commitment:
    """One line by month over the next twelve months; money in minor units, None where a figure is not known.

    `total`: the sum of a flow, the lowest month of cash; None where one of the months is not known. `names_unit`:
    the label says itself what is counted, as 'Hours bought outside' does.
    """

    label: str
    unit: Unit
    months: Figures
    total: float | None
    low: bool = False
    names_unit: bool = False


_FLOWS: tuple[tuple[str, str, Unit], ...] = (
    ("overtime_hours", "Overtime", "hours"),
    ("relief_hours", "Hours bought outside", "hours"),
    ("subcontract", "Subcontract", "units"),
    ("purchases", "Purchases", "currency"),
    ("launch_spend", "Launch spend", "currency"),
    ("initiative_cost", "Initiative spend", "currency"),
    ("capital_spending", "Capital spending", "currency"),
)


def build_commitments(plan: Plan, opening_people: NDArray[np.float64] | None = None) -> tuple[Commitment, ...]:
    """The lines that this plan has figures for.

    `opening_people` (P,) in the order of the plan's plants is for plans that were signed before they kept their
    hires: without it those of the first month are not known, and so is their total.
    """
    year = plan.calendar.year
    found = [*_people(people_of(plan, opening_people), year)]
    for key, label, unit in _FLOWS:
        if key in plan:
            found += [
                Commitment(name, unit, months, total(months), names_unit=key == "relief_hours")
                for name, months in _flow(plan, key, label, unit)
            ]
    if "cash" in plan:
        cash = plan["cash"][:year].astype(float)
        name = worded(f"{plan.label('cash')} at month end", bucket=plan.calendar.bucket)
        found.append(Commitment(name, "currency", tuple(cash.tolist()), float(cash.min()), low=True))
    return tuple(found)


def _flow(plan: Plan, key: str, label: str, unit: Unit) -> Iterator[tuple[str, Figures]]:
    """(name, its months) of a flow; one in units by family, as units of different families are not added up, and
    of several families only those that have any."""
    rows = plan.by_family(key) if unit == "units" else plan.total(key)[None, :]
    names = plan.names(key) if unit == "units" else ("",)
    for name, row in zip(names, rows[:, : plan.calendar.year].astype(float).tolist(), strict=True):
        months = tuple(value if np.isfinite(value) else None for value in row)
        if len(names) == 1:
            yield label, months
        elif any(value is None or value for value in months):
            yield f"{label} of {name}", months


def _people(plants: tuple[PlantPeople, ...], year: int) -> Iterator[Commitment]:
    """Hires and releases of all plants, then of each plant that has any or does not know them."""
    if not plants:
        return
    for label, moved in (("Hires", [p.hires for p in plants]), ("Releases", [p.releases for p in plants])):
        rows = [(each.plant, people[:year]) for each, people in zip(plants, moved, strict=True)]
        months = tuple(total(values) for values in zip(*(row for _, row in rows), strict=True))
        yield Commitment(label, "people", months, total(months))
        for plant, row in rows if len(rows) > 1 else ():
            if any(value is None or value for value in row):
                yield Commitment(f"{label}, {plant}", "people", row, total(row))
