"""What signing a plan commits the company to, month by month: people, overtime, purchases, spending, cash."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sop.core.measures import Unit
from sop.core.plan import Plan

Figures = tuple[float | None, ...]


@dataclass(frozen=True)
class Commitment:
    """One line by month over the next twelve months; money in minor units.

    `total`: the sum of a flow, the lowest month of cash; None where the line has no figures.
    """

    label: str
    unit: Unit
    months: Figures
    total: float | None


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

    `opening_people` (P,) in the order of the plan's plants: without it the first month's hires are not known.
    """
    year = plan.calendar.year
    found = [_flow(label, unit, plan.total(key)[:year]) for key, label, unit in _FLOWS if key in plan]
    if "people" in plan:
        found = [*_people(plan["people"][:, :year], opening_people), *found]
    if "cash" in plan:
        cash = plan["cash"][:year].astype(float)
        found.append(Commitment("Cash at month end", "currency", tuple(cash.tolist()), float(cash.min())))
    return tuple(found)


def _people(people: NDArray[np.generic], opening: NDArray[np.float64] | None) -> list[Commitment]:
    """Hires and releases by plant and month, added up over plants."""
    before = np.full(len(people), np.nan) if opening is None else opening
    steps = np.diff(people.astype(float), axis=1, prepend=before[:, None])
    return [
        _flow("Hires", "people", np.maximum(steps, 0.0).sum(axis=0)),
        _flow("Releases", "people", np.maximum(-steps, 0.0).sum(axis=0)),
    ]


def _flow(label: str, unit: Unit, values: NDArray[np.generic]) -> Commitment:
    months = tuple(float(value) if np.isfinite(value) else None for value in values.astype(float))
    known = [value for value in months if value is not None]
    return Commitment(label, unit, months, sum(known) if known else None)
