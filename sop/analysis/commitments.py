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
    found = [
        _flow(label, unit, plan.total(key)[: plan.calendar.year]) for key, label, unit in _FLOWS if key in plan
    ]
    if "people" in plan:
        found = [*_people(plan["people"][:, : plan.calendar.year], opening_people), *found]
    if "cash" in plan:
        cash = plan["cash"][: plan.calendar.year].astype(float)
        found.append(Commitment("Cash at month end", "currency", tuple(cash.tolist()), float(cash.min())))
    return tuple(found)


def _flow(label: str, unit: Unit, values: NDArray[np.generic]) -> Commitment:
    near = np.nan_to_num(values.astype(float))
    return Commitment(label, unit, tuple(near.tolist()), float(near.sum()))


def _people(people: NDArray[np.generic], opening: NDArray[np.float64] | None) -> list[Commitment]:
    """Hires and releases by plant and month, added up over plants."""
    before = np.full(len(people), np.nan) if opening is None else opening
    steps = np.diff(people.astype(float), axis=1, prepend=before[:, None])
    return [
        _known_flow("Hires", np.maximum(steps, 0.0).sum(axis=0)),
        _known_flow("Releases", np.maximum(-steps, 0.0).sum(axis=0)),
    ]


def _known_flow(label: str, values: NDArray[np.float64]) -> Commitment:
    known = values[np.isfinite(values)]
    months = tuple(float(value) if np.isfinite(value) else None for value in values)
    return Commitment(label, "people", months, float(known.sum()) if len(known) else None)
