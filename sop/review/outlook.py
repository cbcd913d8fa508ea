"""The outlook: rolling twelve-month revenue with bands from the forecast's calibrated intervals, and chances.

The bands hold the forecast error only. Its size in each family, region and month is that of the stored 80%
intervals; how errors move together is measured on past claims (`sop.review.claims`) and stated with the result.
Sums of many such errors are taken as normal. What of a demand surprise reaches revenue is measured by planning
again with more and with less demand (`reach_up`, `reach_down`), because a full line cannot ship an upside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sop.core.inputs import Floats, Inputs
from sop.core.measures import NEAR
from sop.core.plan import Plan, StoredForecast
from sop.review.claims import Z80, ErrorLinks, TrackRecord
from sop.review.compare import budget_by_month
from sop.review.kpis import Monthly, plan_total, revenue_by_month, rolling_sum

Z50 = 0.6745
"""Half-width of the central 50% in standard deviations."""

_CLOSED_POINTS = 12


@dataclass(frozen=True)
class Reach:
    """The share of a demand surprise that reaches revenue: of more demand and of less."""

    up: float = 1.0
    down: float = 1.0


@dataclass(frozen=True)
class Outlook:
    """Rolling twelve-month revenue in minor units along `months`: closed points, then the planned ones.

    `deviation` is the standard deviation of the last point before `reach`. Chances are fractions; None where
    the mark is not known. Bands are None before the first open month.
    """

    months: tuple[str, ...]
    actual: list[float | None]
    plan: list[float | None]
    agreed: list[float | None]
    budget: list[float | None]
    p10: list[float | None]
    p25: list[float | None]
    p75: list[float | None]
    p90: list[float | None]
    chance_agreed: float | None
    chance_budget: float | None
    record: TrackRecord
    reach: Reach


def build_outlook(
    plan: Plan,
    base: Plan | None,
    inputs: Inputs,
    forecast: StoredForecast,
    record: TrackRecord,
    reach: Reach | None = None,
) -> Outlook:
    """The outlook of a plan beside a base plan and the budget."""
    reach = reach or Reach()
    past = revenue_by_month(inputs)
    closed, ahead = inputs.calendar.history(_CLOSED_POINTS + 1), plan.months[:NEAR]
    months = (*closed, *ahead)
    budget = dict(zip(ahead, budget_by_month(inputs, ahead) * 100, strict=True))

    def rolled(values: Monthly) -> list[float | None]:
        known = {month: value for month, value in values.items() if value == value}
        return [None] * (len(closed) - 1) + rolling_sum({**past, **known}, months[len(closed) - 1 :])

    own = rolled(_revenue(plan, ahead))
    deviation = rolling_deviation(inputs, forecast, record.links)
    bands = {z: _band(own, deviation, z, reach) for z in (-Z80, -Z50, Z50, Z80)}
    unknown: list[float | None] = [None] * len(months)
    marks = (rolled(_revenue(base, ahead)) if base else unknown, rolled(budget))
    return Outlook(
        months=months,
        actual=rolling_sum(past, closed) + [None] * len(ahead),
        plan=own,
        agreed=marks[0],
        budget=marks[1],
        p10=bands[-Z80],
        p25=bands[-Z50],
        p75=bands[Z50],
        p90=bands[Z80],
        chance_agreed=chance(own[-1], marks[0][-1], deviation, reach),
        chance_budget=chance(own[-1], marks[1][-1], deviation, reach),
        record=record,
        reach=reach,
    )


def _revenue(plan: Plan, months: Sequence[str]) -> Monthly:
    total = plan.total("revenue").tolist()
    return {month: total[plan.months.index(month)] for month in months if month in plan.months}


def rolling_deviation(inputs: Inputs, forecast: StoredForecast, links: ErrorLinks) -> Floats:
    """Standard deviation (NEAR,) in minor units of revenue summed from the first open month to each month.

    A cell's error in a month has the deviation of its 80% interval × the net price.
    For cells c, d and months s, t: cov = σ[c,s]·σ[d,t]·(1 if c = d else between)·monthly^|s−t|.
    """
    sd = (forecast.hi80 - forecast.lo80)[..., :NEAR] / (2 * Z80)
    price = inputs.position.price[..., None] * 100
    money = np.nan_to_num(sd * price).reshape(-1, sd.shape[-1])
    steps = np.arange(money.shape[1])
    fading = links.monthly ** np.abs(steps[:, None] - steps[None, :])
    own = np.einsum("cs,ct->st", money, money)
    every = np.einsum("s,t->st", money.sum(axis=0), money.sum(axis=0))
    covariance = (own * (1 - links.between) + every * links.between) * fading
    return np.sqrt([covariance[: t + 1, : t + 1].sum() for t in steps])


def demand_deviation_pct(plan: Plan, deviation: Floats) -> float:
    """The last point's deviation as a share of the plan's revenue over the same months."""
    revenue = float(plan_total(plan["revenue"])[: len(deviation)].sum())
    return float(deviation[-1]) / revenue if revenue > 0 else 0.0


def chance(middle: float | None, mark: float | None, deviation: Floats, reach: Reach) -> float | None:
    """The chance that the last point reaches a mark, when half of all cases lie above `middle`.

    >>> chance(100.0, 100.0, np.array([10.0]), Reach())
    0.5
    """
    if middle is None or mark is None:
        return None
    scale = float(deviation[-1]) * (reach.up if mark > middle else reach.down)
    if scale <= 0:
        return 1.0 if mark <= middle else 0.0
    return 1.0 - NormalDist().cdf((mark - middle) / scale)


def _band(middle: Sequence[float | None], deviation: Floats, z: float, reach: Reach) -> list[float | None]:
    """A quantile along the months: nothing before the last closed month, no width at it."""
    scale = z * (reach.up if z > 0 else reach.down)
    known = [value for value in middle if value is not None]
    if not known:
        return [None] * len(middle)
    widths = [0.0, *deviation.tolist()]
    closed = len(middle) - len(widths)
    return [
        None if value is None or t < closed else value + scale * widths[t - closed]
        for t, value in enumerate(middle)
    ]
