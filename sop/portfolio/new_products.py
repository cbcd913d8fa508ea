"""New products, looked at: how launches went, what they resemble, and how much of revenue is young."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.calendar import worded
from sop.core.inputs import RAMP_RECORD, Floats, Inputs, Launch
from sop.core.plan import Plan, StoredForecast
from sop.portfolio.launch_volumes import LaunchBasis, launch_ramp, ramp_of_record, record_since_launch

OTHER_FAMILY = 1.0
"""A product of another family counts as far away as one at e (2.7) times the price."""
YOUNG_YEARS = 3
"""A product is young for three years from its first month on sale."""


# -- launches that have happened: on time, in volume and in cost


@dataclass(frozen=True)
class LaunchRecord:
    """A launch against what was planned for it.

    `slip_months` against the baseline; `units` sold since the launch and `planned_units` along its ramp over
    the same months, None where the product has no sales of its own; `spent` and `cost` currency. `why` says what
    is not known.
    """

    name: str
    slip_months: int
    units: float | None
    planned_units: float | None
    spent: float
    cost: float
    why: str = ""


def launch_records(inputs: Inputs, basis: LaunchBasis | None = None) -> tuple[LaunchRecord, ...]:
    """Every launch that has happened, in the order of the table."""
    records = []
    for launch in inputs.launches or ():
        gate = launch.market_gate
        if gate is not None and gate.actual is not None:
            volume = _volume(inputs, launch, -gate.actual, basis or LaunchBasis())
            sold, planned, why = volume if isinstance(volume, tuple) else (None, None, volume)
            records.append(
                LaunchRecord(launch.name, gate.slip_months, sold, planned, launch.spent, launch.cost, why)
            )
    return tuple(records)


def _volume(inputs: Inputs, launch: Launch, since: int, basis: LaunchBasis) -> tuple[float, float, str] | str:
    """Units sold and planned in the months since the launch, or why they are not known.

    The plan is taken as if the launch was certain, for it came.
    """
    if launch.product not in inputs.products.numbers:
        return "its product has no number in products, so its sales are not known"
    if not 0 < since <= len(inputs.history.months):
        return worded("no closed month since its launch")
    sold = np.nan_to_num(inputs.history.ordered[inputs.products.numbers.index(launch.product), :, -since:])
    planned = launch.peak_units * launch_ramp(launch, basis, since)
    return float(sold.sum()), float(planned.sum()), ""


# -- what a launch may resemble: proposed by price and family, chosen by its owner


@dataclass(frozen=True)
class LikeProduct:
    """A product whose ramp a launch could follow: `distance` in price and family, 0 for the closest.

    `months_to_peak`: months on sale until its own ramp reached its highest level.
    """

    number: str
    name: str
    family: str
    price_ratio: float
    distance: float
    months_to_peak: int


def propose_like_products(inputs: Inputs, launch: Launch, count: int = 3) -> tuple[LikeProduct, ...]:
    """The products closest to a launch among those whose first months on sale are known, closest first.

    Distance = |ln(price / the launch's price)| + 1 for another family. The launch's price is its own product's
    list price, else its family's; where a price is not known, only the family counts.
    """
    products, found = inputs.products, []
    own = products.list_price[[number == launch.product for number in products.numbers]]
    price = own[0] if np.isfinite(own).any() else inputs.families.list_price[launch.family]
    for n, number in enumerate(products.numbers):
        record = record_since_launch(inputs, n)
        if number == launch.product or len(record) < RAMP_RECORD or not record.any():
            continue
        ratio = float(products.list_price[n] / price) if price > 0 else float("nan")
        apart = abs(float(np.log(ratio))) if ratio > 0 else 0.0
        other = 0.0 if products.family[n] == launch.family else OTHER_FAMILY
        peak = int(np.argmax(ramp_of_record(record) >= 1.0)) + 1
        family = inputs.families.names[products.family[n]]
        found.append(LikeProduct(number, products.names[n], family, ratio, round(apart + other, 6), peak))
    return tuple(sorted(found, key=lambda like: (like.distance, like.number))[:count])


# -- vitality


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
    if inputs.revenue_lost[..., -year:].any():
        return Vitality(float("nan"), float("nan"))
    revenue = np.nan_to_num(inputs.history.revenue).sum(axis=1)[:, -year:]
    when = np.arange(months)[-year:] - months
    young = young_in(inputs, when)
    return Vitality(float((revenue * young).sum()), float(revenue.sum()), _unknown(inputs, revenue))


def planned_vitality(inputs: Inputs, forecast: StoredForecast, plan: Plan) -> Vitality:
    """Vitality of the plan's next twelve months.

    A family's planned revenue goes to launches by their part of its gross demand, and the rest to its products
    by their part of the baseline forecast; a replaced product is counted as if it sold on.
    """
    if not plan.has_revenue:
        return Vitality(float("nan"), float("nan"))
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
