"""The outlook: rolling twelve-month revenue with the bands of the cases that may come, and chances.

The bands hold demand errors, outside events and whether launches come (`sop.analysis.ranges.surprises`). The size
of a demand error in each family, region and month is that of the stored 80% interval; how errors move together is
measured on past claims (`sop.analysis.ranges.claims`) and stated with the result. Sums of many such errors are
taken as normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.analysis.performance.kpis import rolling_sum
from sop.analysis.ranges.claims import ErrorLinks, TrackRecord
from sop.analysis.ranges.surprises import Cases, demand_covariance
from sop.core.inputs import Floats, Inputs
from sop.core.measures import HEADLINES
from sop.core.plan import Plan, StoredForecast
from sop.facts.actuals import Monthly, budget_of, revenue_by_month

_REVENUE = next(entry for entry in HEADLINES if entry.key == "revenue")
QUANTILES = (0.10, 0.25, 0.75, 0.90)


@dataclass(frozen=True)
class Reach:
    """The share of a demand surprise that reaches revenue: of more demand and of less."""

    up: float = 1.0
    down: float = 1.0


@dataclass(frozen=True)
class Outlook:
    """Rolling twelve-month revenue in minor units along `months`: closed points, then the planned ones.

    Chances are fractions; None where the mark is not known. Bands are None before the first open month. `events`:
    how many events and launches the bands hold.
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
    events: int = 0

    @property
    def span(self) -> tuple[float, float] | None:
        """Where the last point lies in eight of ten cases; None where revenue is not known far enough."""
        low, high = self.p10[-1], self.p90[-1]
        return None if low is None or high is None else (low, high)


def build_outlook(plan: Plan, base: Plan | None, inputs: Inputs, cases: Cases, record: TrackRecord) -> Outlook:
    """The outlook of a plan beside a base plan and the budget."""
    past = revenue_by_month(inputs)
    year = plan.calendar.year
    closed, ahead = inputs.calendar.history(year + 1), plan.months[:year]
    months = (*closed, *ahead)
    budget = dict(zip(ahead, budget_of(inputs, "total_revenue", ahead), strict=True))

    def rolled(values: Monthly) -> list[float | None]:
        known = {month: value for month, value in values.items() if value == value}
        return [None] * (len(closed) - 1) + rolling_sum({**past, **known}, months[len(closed) - 1 :], year)

    own = rolled(_revenue(plan, ahead))
    bands = _bands(own, len(closed), cases)
    unknown: list[float | None] = [None] * len(months)
    agreed, budgeted = rolled(_revenue(base, ahead)) if base else unknown, rolled(budget)
    return Outlook(
        months=months,
        actual=rolling_sum(past, closed, year) + [None] * len(ahead),
        plan=own,
        agreed=agreed,
        budget=budgeted,
        p10=bands[0],
        p25=bands[1],
        p75=bands[2],
        p90=bands[3],
        chance_agreed=chance(cases, own[-1], agreed[-1]),
        chance_budget=chance(cases, own[-1], budgeted[-1]),
        record=record,
        reach=reach_of(cases),
        events=int((cases.moves != 0).any(axis=0).sum()),
    )


def _revenue(plan: Plan, months: Sequence[str]) -> Monthly:
    total = plan.total("revenue").tolist()
    return {month: total[plan.months.index(month)] for month in months if month in plan.months}


def rolling_deviation(inputs: Inputs, forecast: StoredForecast, links: ErrorLinks) -> Floats:
    """Standard deviation of demand in minor units, summed from the first open month to each of the next twelve."""
    year = inputs.calendar.year
    covariance = demand_covariance(inputs, forecast, links)[:year, :year]
    return np.sqrt([covariance[: t + 1, : t + 1].sum() for t in range(len(covariance))])


def demand_deviation_pct(plan: Plan, deviation: Floats) -> float:
    """The last point's deviation as a share of the plan's revenue over the same months."""
    revenue = float(plan.total("revenue")[: len(deviation)].sum())
    return float(deviation[-1]) / revenue if revenue > 0 else 0.0


def chance(cases: Cases, middle: float | None, mark: float | None) -> float | None:
    """The chance that revenue of the next twelve months reaches a mark; None where either is not known."""
    if middle is None or mark is None:
        return None
    reached = cases.reached(_REVENUE, mark, 0, cases.near - 1)
    return None if reached is None else cases.chance_of([reached])


def reach_of(cases: Cases) -> Reach:
    """The share of more and of less demand that reaches revenue of the next twelve months."""
    revenue = float(cases.base["revenue"][: cases.near].sum())
    if revenue <= 0:
        return Reach()
    up, down = (float(path["revenue"][: cases.near].sum()) / revenue for path in (cases.up, cases.down))
    return Reach(up=min(max(up, 0.0), 1.0), down=min(max(-down, 0.0), 1.0))


def _bands(middle: Sequence[float | None], closed: int, cases: Cases) -> list[list[float | None]]:
    """The quantiles along the months: nothing before the last closed month, no width at it."""
    before: list[float | None] = [*([None] * (closed - 1)), middle[closed - 1]]
    rows = [list(before) for _ in QUANTILES]
    revenue = cases.base["revenue"]
    for t, value in enumerate(middle[closed:]):
        found = cases.quantiles(_REVENUE, 0, t, QUANTILES) or [0.0] * len(QUANTILES)
        for row, quantile in zip(rows, found, strict=True):
            row.append(None if value is None else value + quantile - float(revenue[: t + 1].sum()))
    return rows
