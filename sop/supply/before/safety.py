"""What the safety stock of each family is made of: one definition, for the plan and for whoever wants to see it.

    sigma = sqrt((L + review) sd² + d² sd_L²)      in units, L and review in periods, of one cycle
    safety stock = z sigma                         for a cycle service level
    sigma G(z) = (1 - fill rate) Q                 for a fill rate, Q a month's demand

Formulas and sources: `sop.supply.before.safety_formulas`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sop.core.inputs import Bools, Floats, Inputs, Ints
from sop.core.register import Assumptions
from sop.core.units import on_grid
from sop.supply.before.safety_formulas import (
    fill_rate,
    lead_time_sigma,
    safety_stock_for_fill_rate,
    safety_stock_for_service,
    service_of_safety_stock,
)

FILL_RATE = 1
"""The register's choice by which the service level means the share of demand served from stock."""


@dataclass(frozen=True, eq=False)
class SafetyBasis:
    """What safety stock rests on; rows are families, demand by month (F, T) and the rest (F,).

    Demand comes from `sop.supply.before.demand`: `demand_ahead`, and `demand_deviation` for how it strays.

    `stocked`: made to stock, the others keep none. `level` is the service level wanted and `by_fill_rate` says
    what it means. `lead_months` and `lead_sd_months` tell the replenishment lead time and how it strays,
    `demand` and `demand_sd` units a month, `factor` (F, T) what initiatives, events and the owner's
    correction (`stock_above_safety`) do to the target, `review` periods to the next
    plan, `decimals` those of each family's unit.
    """

    stocked: Bools
    level: Floats
    by_fill_rate: Bools
    lead_months: Floats
    lead_sd_months: Floats
    demand: Floats
    demand_sd: Floats
    factor: Floats
    review: float = 1.0
    decimals: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @cached_property
    def sigma(self) -> Floats:
        """Standard deviation (F, T) of demand over the replenishment lead time and the month of review, units."""
        lead, lead_sd = self.lead_months[:, None], self.lead_sd_months[:, None]
        return lead_time_sigma(self.demand, self.demand_sd, lead, lead_sd, self.review)

    def stock_at(self, level: Floats) -> Floats:
        """Safety stock (F, T) in units at other service levels (F,), before rounding; none made to order."""
        wanted, sigma = level[:, None], self.sigma
        stock = safety_stock_for_service(wanted, sigma)
        if self.by_fill_rate.any():
            by_fill = safety_stock_for_fill_rate(wanted, self.demand, sigma)
            stock = np.where(self.by_fill_rate[:, None], by_fill, stock)
        return np.where(self.stocked[:, None], stock, 0.0) * self.factor

    @property
    def stock(self) -> Floats:
        """Safety stock (F, T) in whole units, as it is planned."""
        return on_grid(self.stock_at(self.level), self.decimals).astype(float)

    def served(self, stock: Floats) -> tuple[Floats, Floats]:
        """Cycle service level and fill rate (F, T) that a safety stock (F, T) gives; as fractions."""
        rate = fill_rate(stock, np.where(self.demand > 0, self.demand, np.nan), self.sigma)
        return service_of_safety_stock(stock, self.sigma), rate

    def mean_of(self, months: int) -> SafetyBasis:
        """The same on the mean of the first `months`, (F, 1): sigma grows with demand, so its mean is exact."""

        def mean(values: Floats) -> Floats:
            return values[:, :months].mean(axis=1, keepdims=True)

        return replace(self, demand=mean(self.demand), demand_sd=mean(self.demand_sd), factor=mean(self.factor))


def safety_basis(
    inputs: Inputs, assumptions: Assumptions, demand: Floats, demand_sd: Floats, factor: Floats
) -> SafetyBasis:
    """What the assumptions and tables say; `demand` and `demand_sd` (F, T) units a month ahead of each month."""
    families = inputs.families

    def of_family(key: str, table: Floats | None = None) -> Floats:
        known = table if table is not None else np.full(len(families.names), np.nan)
        return np.array([assumptions.value(key, name, known[f]) for f, name in enumerate(families.names)])

    return SafetyBasis(
        stocked=~families.made_to_order,
        level=of_family("service_level", families.service_level),
        by_fill_rate=of_family("service_measure") == FILL_RATE,
        lead_months=of_family("replenishment_days") / inputs.calendar.mean_days,
        lead_sd_months=of_family("replenishment_sd_days") / inputs.calendar.mean_days,
        demand=demand,
        demand_sd=demand_sd,
        factor=factor * (1 + of_family("stock_above_safety"))[:, None],
        review=inputs.calendar.review,
        decimals=families.decimals,
    )
