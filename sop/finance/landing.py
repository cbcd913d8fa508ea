"""Full-year landing: actual to date plus the plan for the rest, from the fiscal year's start, against the budget.

Closed months come from the books: revenue from the sales tables, what the ledger has beyond them as a line of
its own, costs from the ledger. Open months come from the plan. Every line adds up to the cent, and a line of
which one month is not known has no landing and names the month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Floats, Inputs, Ledger
from sop.core.plan import Plan
from sop.facts.actuals import actual_of
from sop.facts.budget import budget_of
from sop.finance.ledger import sold_months, sum_known, years_before

LINES = {
    "revenue": "Revenue",
    "not_in_sales": "Ledger revenue not in sales tables",
    "cost_of_sales": "Cost of sales and variances",
    "gross_margin": "Gross margin",
    "operating_cost": "Operating cost, launches and initiatives",
    "depreciation": "Depreciation",
    "ebit": "EBIT",
}
"""Lines of a landing in their order."""

PLAN_LINES = {
    "revenue": ("total_revenue",),
    "cost_of_sales": ("cost_of_sales", "period_variance"),
    "operating_cost": ("operating_cost", "launch_spend", "initiative_cost"),
    "depreciation": ("depreciation",),
}
"""Measures of the plan that make up a line."""

_COSTS = ("cost_of_sales", "operating_cost", "depreciation")

Amounts = dict[str, dict[str, int]]
"""Line → month → minor units, of what is known."""


@dataclass(frozen=True)
class LandingLine:
    """A line of one fiscal year, minor units; None where a month is not known.

    `actual`: closed months, `plan`: the rest. `unknown`: months of the year that neither books nor plan know.
    """

    key: str
    label: str
    actual: int | None
    plan: int | None
    budget: int | None
    prior_year: int | None
    unknown: tuple[str, ...]

    @property
    def total(self) -> int | None:
        """Actual plus plan: where the year lands."""
        return None if self.actual is None or self.plan is None else self.actual + self.plan

    @property
    def gap_to_budget(self) -> int | None:
        """Landing minus budget."""
        return None if self.total is None or self.budget is None else self.total - self.budget


@dataclass(frozen=True)
class Landing:
    """One fiscal year: its months, how many are closed, and its lines."""

    months: tuple[str, ...]
    closed: int
    lines: tuple[LandingLine, ...]

    def line(self, key: str) -> LandingLine:
        """A line by its key."""
        return next(line for line in self.lines if line.key == key)


def full_year_landings(inputs: Inputs, plan: Plan) -> tuple[Landing, ...]:
    """A landing for each fiscal year that has open months and ends within the horizon."""
    amounts = {**_actuals(inputs)}
    for line, months in _planned(plan).items():
        amounts[line] = {**amounts.get(line, {}), **months}
    amounts, budget = _with_profit(amounts), _with_profit(_budget(inputs))
    return tuple(_landing(plan.calendar, year, amounts, budget) for year in fiscal_years(plan.calendar))


def fiscal_years(calendar: Calendar) -> tuple[tuple[str, ...], ...]:
    """The fiscal year of the first open month and those after it that end within the horizon."""
    year, found = calendar.fiscal_year(calendar.first_open), []
    while year[-1] <= calendar.months[-1]:
        found.append(year)
        year = tuple(shift_period(month, calendar.year) for month in year)
    return tuple(found)


def _landing(calendar: Calendar, year: tuple[str, ...], amounts: Amounts, budget: Amounts) -> Landing:
    closed = tuple(month for month in year if calendar.position(month) < 0)
    rest = tuple(month for month in year if month not in closed)
    lines = tuple(
        LandingLine(
            key,
            label,
            sum_known(amounts[key], closed),
            sum_known(amounts[key], rest),
            sum_known(budget[key], year),
            sum_known(amounts[key], years_before(year)),
            tuple(month for month in year if month not in amounts[key]),
        )
        for key, label in LINES.items()
    )
    return Landing(year, len(closed), lines)


def _actuals(inputs: Inputs) -> Amounts:
    """What the books say of closed months."""
    months = _months(inputs.history.months, inputs.ledger)
    booked, cost, operating, depreciation = (
        _known(months, actual_of(inputs, key, months)) for key in ("total_revenue", *_COSTS)
    )
    revenue = sold_months(inputs)
    return {
        "revenue": revenue,
        "not_in_sales": {month: booked[month] - sold for month, sold in revenue.items() if month in booked},
        "cost_of_sales": cost,
        "operating_cost": operating,
        "depreciation": depreciation or dict.fromkeys(operating, 0),
    }


def _planned(plan: Plan) -> Amounts:
    """What the plan says of open months, as far as it goes."""
    found: Amounts = {"not_in_sales": dict.fromkeys(plan.months, 0)}
    for line, keys in PLAN_LINES.items():
        if all(key in plan for key in keys):
            total = np.sum([plan[key] for key in keys], axis=0)
            found[line] = dict(zip(plan.months, total.tolist(), strict=True))
    return found


def _budget(inputs: Inputs) -> Amounts:
    """The budget of every line, as every page reads it."""
    months = _months(inputs.budget.months if inputs.budget else (), inputs.ledger)
    revenue, cost, operating, depreciation = (
        _known(months, budget_of(inputs, key, months)) for key in ("total_revenue", *_COSTS)
    )
    return {
        "revenue": revenue,
        "not_in_sales": dict.fromkeys(revenue, 0),
        "cost_of_sales": cost,
        "operating_cost": operating,
        "depreciation": depreciation or dict.fromkeys(operating, 0),
    }


def _months(months: Sequence[str], ledger: Ledger | None) -> tuple[str, ...]:
    """The months of a table and of the ledger, in order."""
    return tuple(sorted({*months, *(ledger.months if ledger else ())}))


def _known(months: Sequence[str], values: Floats) -> dict[str, int]:
    return {month: round(value) for month, value in zip(months, values.tolist(), strict=True) if value == value}


def _with_profit(amounts: Amounts) -> Amounts:
    """Gross margin and EBIT of the months in which all their parts are known."""
    gross = _sum(amounts, {"revenue": 1, "not_in_sales": 1, "cost_of_sales": -1})
    found = {**{line: amounts.get(line, {}) for line in LINES}, "gross_margin": gross}
    return {**found, "ebit": _sum(found, {"gross_margin": 1, "operating_cost": -1, "depreciation": -1})}


def _sum(amounts: Amounts, signs: Mapping[str, int]) -> dict[str, int]:
    months = set.intersection(*(set(amounts.get(line, {})) for line in signs))
    return {m: sum(sign * amounts[line][m] for line, sign in signs.items()) for m in sorted(months)}
