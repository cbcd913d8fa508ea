"""What a level of service costs: each family's safety stock taken apart, and its curve of service and cash.

Figures are means of the next twelve months; money is in minor units, service and fill rates are fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sop.core.inputs import Floats
from sop.core.money import MINOR
from sop.core.register import assumption
from sop.supply.before.safety import SafetyBasis

ALL_FAMILIES = "All families"
CYCLE, FILL = "no stock-out in a cycle", "share served from stock"

SERVICE_LEVELS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999)
"""Levels of service at which a curve of service against cash is drawn."""

POINT = 0.01
"""The step whose cost is told: one point of service."""

SHIFTS = (-0.10, -0.075, -0.05, -0.04, -0.03, -0.02, -0.01, 0.0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03)
"""Points by which all families together are moved along the curve."""


@dataclass(frozen=True)
class SafetyFacts:
    """What the safety stock of one family is made of, units and days.

    `sigma` is the deviation of demand over lead time and review, `z` the safety factor and `target_change` what
    initiatives and events do to the target; `cycle` is the chance of no stock-out that the stock gives and `fill`
    the share of demand that it serves.
    """

    family: str
    means: str
    level: float
    demand: float
    demand_sd: float
    lead_days: float
    lead_sd_days: float
    review_days: float
    sigma: float
    z: float
    target_change: float
    stock: float
    cycle: float
    fill: float


@dataclass(frozen=True)
class ServicePoint:
    """A point of a service curve: the service level (or points against now, of all families), cash."""

    service: float
    cash: float


@dataclass(frozen=True)
class Step:
    """Moving service by `points` (a fraction): the cash it ties up or frees and what carrying it costs a year."""

    points: float
    cash: float
    carrying: float


@dataclass(frozen=True)
class ServiceChoice:
    """What service costs a family, or all together (`family` ALL_FAMILIES, whose points count against now)."""

    family: str
    level: float
    cash: float
    units: float
    fill: float
    curve: tuple[ServicePoint, ...]
    up: Step
    down: Step


def safety_facts(names: Sequence[str], basis: SafetyBasis, mean_days: float) -> tuple[SafetyFacts, ...]:
    """The formula's inputs and results by family made to stock; `mean_days` of the mean period."""
    stock, sigma = basis.stock_at(basis.level)[:, 0], basis.sigma[:, 0]
    cycle, fill = (values[:, 0] for values in basis.served(stock[:, None]))
    return tuple(
        SafetyFacts(
            family=name,
            means=FILL if basis.by_fill_rate[f] else CYCLE,
            level=float(basis.level[f]),
            demand=float(basis.demand[f, 0]),
            demand_sd=float(basis.demand_sd[f, 0]),
            lead_days=float(basis.lead_months[f] * mean_days),
            lead_sd_days=float(basis.lead_sd_months[f] * mean_days),
            review_days=basis.review * mean_days,
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
