"""The outlook: rolling twelve-month revenue with bands from the forecast's calibrated intervals, and chances.

The bands hold the forecast error only. Its size in each family, region and month is that of the stored 80%
intervals; how errors move together is measured in the sales history (`ErrorLinks`) and stated with the result.
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
from sop.review.compare import budget_by_month
from sop.review.kpis import Monthly, plan_total, revenue_by_month, rolling_sum

Z80, Z50 = 1.2816, 0.6745
"""Half-widths of the central 80% and 50% in standard deviations."""

_UNKNOWN_LINKS = (0.2, 0.5)
_CLOSED_POINTS = 12


@dataclass(frozen=True)
class ErrorLinks:
    """How forecast errors move together: correlation `between` cells of a month and `monthly` from month to month.

    `months` is how many year-on-year changes they were measured on; 0 says that they are assumed.
    """

    between: float
    monthly: float
    months: int


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
    links: ErrorLinks
    reach: Reach


def build_outlook(
    plan: Plan, base: Plan | None, inputs: Inputs, forecast: StoredForecast, reach: Reach | None = None
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
    links = error_links(inputs)
    deviation = rolling_deviation(inputs, forecast, links)
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
        links=links,
        reach=reach,
    )


def _revenue(plan: Plan, months: Sequence[str]) -> Monthly:
    total = plan.total("revenue").tolist()
    return {month: total[plan.months.index(month)] for month in months if month in plan.months}


def error_links(inputs: Inputs) -> ErrorLinks:
    """Correlations of demand's year-on-year changes (family × region), as stand-ins for forecast errors'.

    `between`: mean over pairs of cells in the same month; `monthly`: mean correlation of a cell's change with
    its own a month later. Both within 0 to 0.95. Under two years of changes, fixed values are assumed.
    """
    season = inputs.calendar.season_length
    ordered = np.nan_to_num(inputs.by_family(inputs.history.ordered))
    cells = ordered.reshape(-1, ordered.shape[-1])
    level = cells[:, -season:].mean(axis=1)
    cells = cells[level > 0]
    if cells.shape[1] < 3 * season or not len(cells):
        return ErrorLinks(*_UNKNOWN_LINKS, months=0)
    change = cells[:, season:] - cells[:, :-season]
    change = change - change.mean(axis=1, keepdims=True)
    spread = change.std(axis=1, keepdims=True)
    unit = (change / np.where(spread > 0, spread, 1.0))[spread[:, 0] > 0]
    together = unit @ unit.T / unit.shape[1]
    pairs = together[np.triu_indices(len(unit), 1)]
    following = (unit[:, 1:] * unit[:, :-1]).mean(axis=1)
    return ErrorLinks(_bounded(pairs), _bounded(following), unit.shape[1])


def _bounded(correlations: Floats) -> float:
    return float(np.clip(correlations.mean(), 0.0, 0.95)) if len(correlations) else 0.0


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
