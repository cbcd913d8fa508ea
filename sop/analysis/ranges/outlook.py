"""The outlook: rolling twelve-month revenue with the bands of what may come, and chances.

The bands hold everything that the draws do (`sop.analysis.ranges.risks`): demand, events, launches and the rest,
each draw planned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sop.analysis.performance.kpis import rolling_sum
from sop.analysis.ranges.draws import Draws, chance_of
from sop.core.inputs import Inputs
from sop.core.measures import headline_measure
from sop.core.plan import Plan
from sop.facts.actuals import Monthly, budget_of, revenue_by_month

_REVENUE = headline_measure("revenue")
QUANTILES = (0.10, 0.25, 0.75, 0.90)


@dataclass(frozen=True)
class Outlook:
    """Rolling twelve-month revenue in minor units along `months`: closed points, then the planned ones.

    Chances are fractions; None where the mark is not known. Bands are None before the first open month, and
    everywhere without `draws` (how many the bands rest on).
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
    draws: int

    @property
    def span(self) -> tuple[float, float] | None:
        """Where the last point lies in eight of ten cases; None where revenue is not known far enough."""
        low, high = self.p10[-1], self.p90[-1]
        return None if low is None or high is None else (low, high)


def build_outlook(
    plan: Plan, base: Plan | None, inputs: Inputs, draws: Draws | None, *, stale: bool = False
) -> Outlook:
    """The outlook of a plan beside a base plan and the budget; without draws it has no bands and no chances.

    `stale`: the draws are another plan's, whose bands are shown and whose chances are not claimed.
    """
    past = revenue_by_month(inputs)
    year = plan.calendar.year
    # Of a plan of a closed cycle too: what closed since then is what it plans.
    closed, ahead = plan.calendar.history(year + 1), plan.months[:year]
    months = (*closed, *ahead)
    budget = dict(zip(ahead, budget_of(inputs, "total_revenue", ahead), strict=True))

    def rolled(values: Monthly) -> list[float | None]:
        known = {month: value for month, value in values.items() if value == value}
        return [None] * (len(closed) - 1) + rolling_sum({**past, **known}, months[len(closed) - 1 :], year)

    own = rolled(_revenue(plan, ahead))
    unknown: list[float | None] = [None] * len(months)
    bands = [unknown] * len(QUANTILES) if draws is None else _bands(own, len(closed), plan, draws)
    promised = _revenue(base, ahead) if base else {}
    return Outlook(
        months=months,
        actual=rolling_sum(past, closed, year) + [None] * len(ahead),
        plan=own,
        agreed=rolled(promised) if base else unknown,
        budget=rolled(budget),
        p10=bands[0],
        p25=bands[1],
        p75=bands[2],
        p90=bands[3],
        chance_agreed=None if stale else _chance(draws, promised, ahead),
        chance_budget=None if stale else _chance(draws, budget, ahead),
        draws=0 if draws is None else draws.count,
    )


def _revenue(plan: Plan, months: Sequence[str]) -> Monthly:
    total = plan.total("revenue").tolist()
    return {month: total[plan.months.index(month)] for month in months if month in plan.months}


def _chance(draws: Draws | None, mark: Monthly, ahead: Sequence[str]) -> float | None:
    """The chance that the planned months' revenue reaches theirs of `mark`; None where either is not known.

    Only planned months count on both sides, as in `value_targets`: a plan of three months is not held against
    twelve.
    """
    total = sum(mark.get(month, float("nan")) for month in ahead)
    if draws is None or total != total:
        return None
    reached = draws.reached(_REVENUE, total, 0, draws.year)
    return None if reached is None else chance_of([reached])


def _bands(middle: Sequence[float | None], closed: int, plan: Plan, draws: Draws) -> list[list[float | None]]:
    """The quantiles along the months: nothing before the last closed month, no width at it."""
    before: list[float | None] = [*([None] * (closed - 1)), middle[closed - 1]]
    rows = [list(before) for _ in QUANTILES]
    revenue = plan.total("revenue")
    for t, value in enumerate(middle[closed:]):
        found = draws.quantiles(_REVENUE, 0, t, QUANTILES)
        # The closed months of the sum are certain; the planned ones come out as drawn.
        sure = None if value is None else value - float(revenue[: t + 1].sum())
        for at, row in enumerate(rows):
            row.append(None if sure is None or found is None else sure + found[at])
    return rows
