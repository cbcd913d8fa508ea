"""What a level of service costs: each family's safety stock taken apart, and its curve of service and cash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sop.core.calendar import DAYS_PER_MONTH
from sop.core.inputs import Floats
from sop.core.money import MINOR
from sop.core.register import assumption
from sop.services.acting import reading
from sop.services.planning.choices import View
from sop.services.planning.room import PlanningRoom
from sop.supply.after.inventory import SERVICE_LEVELS
from sop.supply.after.safety import REVIEW_MONTHS, SafetyBasis
from sop.views.inventory.service import (
    ALL_FAMILIES,
    CYCLE,
    FILL,
    SafetyFacts,
    ServiceChoice,
    ServicePoint,
    Step,
)

_YEAR = 12
POINT = 0.01
"""The step whose cost is told: one point of service."""
SHIFTS = (-0.10, -0.075, -0.05, -0.04, -0.03, -0.02, -0.01, 0.0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03)
"""Points by which all families together are moved along the curve."""


def read_basis(room: PlanningRoom, person_id: str, view: View) -> SafetyBasis | None:
    """What safety stock rests on, (F, 1), as a mean of the next twelve months; None for a frozen plan, which kept
    its safety stock and not how it came about, and where supply is not planned. Raises NotAllowed."""
    with reading(room.store, person_id):
        if view.record is not None or "safety_stock" not in view.plan:
            return None
        chosen = room.input_set(view.assumptions)
    return chosen.planner.safety(view.assumptions).mean_of(_YEAR)


def safety_facts(names: Sequence[str], basis: SafetyBasis) -> tuple[SafetyFacts, ...]:
    """The formula's inputs and results by family made to stock."""
    stock, sigma = basis.stock_at(basis.level)[:, 0], basis.sigma[:, 0]
    cycle, fill = (values[:, 0] for values in basis.served(stock[:, None]))
    return tuple(
        SafetyFacts(
            family=name,
            means=FILL if basis.by_fill_rate[f] else CYCLE,
            level=float(basis.level[f]),
            demand=float(basis.demand[f, 0]),
            demand_sd=float(basis.demand_sd[f, 0]),
            lead_days=float(basis.lead_months[f] * DAYS_PER_MONTH),
            lead_sd_days=float(basis.lead_sd_months[f] * DAYS_PER_MONTH),
            review_days=REVIEW_MONTHS * DAYS_PER_MONTH,
            sigma=float(sigma[f]),
            z=float(stock[f] / (sigma[f] * basis.factor[f, 0])) if sigma[f] * basis.factor[f, 0] > 0 else 0.0,
            target_change=float(basis.factor[f, 0] - 1),
            stock=float(stock[f]),
            cycle=float(cycle[f]),
            fill=float(fill[f]),
        )
        for f, name in enumerate(names)
        if basis.stocked[f]
    )


def service_choices(
    names: Sequence[str], basis: SafetyBasis, unit_cost: Floats, carrying_rate: float
) -> tuple[ServiceChoice, ...]:
    """Every family made to stock, then all of them together; `unit_cost` (F,) currency per unit.

    Families of which the unit cost is not known are left out of the total.
    """
    rows = [f for f in range(len(names)) if basis.stocked[f]]
    found = [_choice(names[f], _only(basis, [f]), unit_cost[[f]], carrying_rate) for f in rows]
    priced = [f for f in rows if np.isfinite(unit_cost[f])]
    if len(priced) > 1:
        found.append(_choice(ALL_FAMILIES, _only(basis, priced), unit_cost[priced], carrying_rate))
    return tuple(found)


def _only(basis: SafetyBasis, rows: list[int]) -> SafetyBasis:
    """The basis of some families."""
    names = ("stocked", "level", "by_fill_rate", "lead_months", "lead_sd_months", "demand", "demand_sd", "factor")
    return replace(basis, **{name: getattr(basis, name)[rows] for name in names})


def _choice(name: str, basis: SafetyBasis, unit_cost: Floats, carrying_rate: float) -> ServiceChoice:
    """One family, or several moved together by the same points."""
    together = name == ALL_FAMILIES
    stock = basis.stock_at(basis.level)[:, 0]
    demand, (_, fill) = basis.demand[:, 0], basis.served(stock[:, None])
    shifts = SHIFTS if together else tuple(level - float(basis.level[0]) for level in SERVICE_LEVELS)
    cash = _cash(basis, unit_cost, 0.0)
    return ServiceChoice(
        family=name,
        level=float("nan") if together else float(basis.level[0]),
        cash=cash,
        units=float("nan") if together else float(stock[0]),
        fill=float((fill[:, 0] * demand * unit_cost).sum() / (demand * unit_cost).sum()),
        curve=tuple(
            ServicePoint(shift if together else shift + float(basis.level[0]), _cash(basis, unit_cost, shift))
            for shift in shifts
        ),
        up=_step(basis, unit_cost, carrying_rate, POINT),
        down=_step(basis, unit_cost, carrying_rate, -POINT),
    )


def _step(basis: SafetyBasis, unit_cost: Floats, carrying_rate: float, points: float) -> Step:
    """Service moved by some points, as far as its range allows."""
    moved = float(np.abs(_moved(basis, points) - basis.level).max()) * np.sign(points)
    cash = _cash(basis, unit_cost, points) - _cash(basis, unit_cost, 0.0)
    return Step(float(moved), cash, cash * carrying_rate)


def _moved(basis: SafetyBasis, points: float) -> Floats:
    """Service levels moved by some points within the register's range, from where they stand."""
    entry = assumption("service_level")
    moved = np.clip(basis.level + points, entry.low, entry.high)
    return np.where(points > 0, np.maximum(moved, basis.level), np.minimum(moved, basis.level))


def _cash(basis: SafetyBasis, unit_cost: Floats, points: float) -> float:
    """Cash in safety stock with service moved by some points, minor units."""
    return float((basis.stock_at(_moved(basis, points))[:, 0] * unit_cost * MINOR).sum())
