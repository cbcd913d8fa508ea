"""Vitality: how much of revenue comes from products that were launched in the last three years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats, Inputs
from sop.core.plan import Plan, StoredForecast

YOUNG_YEARS = 3
"""A product is young for three years from its first month on sale."""


@dataclass(frozen=True)
class Vitality:
    """Young products' share of a year's revenue: `young` and `revenue` in currency.

    `unknown`: products that sold already in the history's first month, within the last three years, so that
    their age is not known; they count as old.
    """

    young: float
    revenue: float
    unknown: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """Young revenue / revenue; None without revenue."""
        return self.young / self.revenue if self.revenue > 0 else None


def actual_vitality(inputs: Inputs) -> Vitality:
    """Vitality of the last twelve closed months, by product; a product turns old month by month."""
    months, year = len(inputs.history.months), inputs.calendar.year
    revenue = np.nan_to_num(inputs.history.revenue).sum(axis=1)[:, -year:]
    if inputs.revenue_lost[..., -year:].any():
        return Vitality(float("nan"), float("nan"), ())
    when = np.arange(months)[-year:] - months
    young = young_in(inputs, when)
    return Vitality(float((revenue * young).sum()), float(revenue.sum()), _unknown(inputs, revenue))


def planned_vitality(inputs: Inputs, forecast: StoredForecast, plan: Plan) -> Vitality:
    """Vitality of the plan's next twelve months.

    A family's planned revenue goes to launches by their part of its gross demand, and the rest to its products
    by their part of the baseline forecast; a replaced product is counted as if it sold on.
    """
    if not plan.has_revenue:
        return Vitality(float("nan"), float("nan"), ())
    revenue = plan["revenue"][..., : plan.calendar.year] / 100
    periods = revenue.shape[-1]
    member = inputs.family_of_product
    baseline = np.maximum(forecast.product_mean[..., :periods], 0.0)
    young = young_in(inputs, np.arange(periods))
    total = np.einsum("fn,nrt->frt", member, baseline)
    fresh = np.einsum("fn,nrt->frt", member, baseline * young[:, None, :])
    launches = np.maximum(plan["launches"][..., :periods], 0)
    demand = total + launches
    share = np.divide(fresh + launches, demand, out=np.zeros_like(total), where=demand > 0)
    past = np.nan_to_num(inputs.history.revenue).sum(axis=1)[:, -plan.calendar.year :]
    return Vitality(float((revenue * share).sum()), float(revenue.sum()), _unknown(inputs, past))


def young_in(inputs: Inputs, when: np.ndarray) -> Floats:
    """1 where a product is on sale for less than three years (N, n months counted from the first open one)."""
    first = _first_sale(inputs)
    age = when[None, :] - np.nan_to_num(first, nan=-np.inf)[:, None]
    return (age < YOUNG_YEARS * inputs.calendar.year).astype(float)


def _first_sale(inputs: Inputs) -> Floats:
    first = inputs.products.first_sale
    return first if len(first) else np.full(len(inputs.products.numbers), np.nan)


def _unknown(inputs: Inputs, revenue: Floats) -> tuple[str, ...]:
    """Products with revenue whose age the history is too short to tell."""
    if len(inputs.history.months) >= (YOUNG_YEARS + 1) * inputs.calendar.year:
        return ()
    doubtful = ~np.isfinite(_first_sale(inputs)) & (revenue.sum(axis=1) > 0)
    return tuple(np.array(inputs.products.numbers)[doubtful].tolist())
