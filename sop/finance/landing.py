"""Full-year landing: actual to date plus the plan for the rest, from the fiscal year's start, against the budget.

Closed months come from the books: revenue from the sales tables, what the ledger has beyond them as a line of
its own, costs from the ledger. Open months come from the plan. Every line adds up to the cent, and a line of
which one month is not known has no landing and names the month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.arrays import Labelled
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Floats, Inputs
from sop.core.plan import Plan
from sop.facts.actuals import actual_of, budget_of
from sop.finance.ledger import sold_months, whole_sum, years_before

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
"""Measures of the plan that make up a line, which is known with the first: there may be no launches.

Revaluation of stock is taken off cost of sales, as books have it.
"""

_BOOKED = {"revenue": "total_revenue"} | {
    line: line for line in ("cost_of_sales", "operating_cost", "depreciation")
}
"""Measures whose actuals and budget a line has."""

Amounts = dict[str, Labelled]
"""Line → minor units by month."""


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
    years = fiscal_years(plan.calendar)
    months = tuple(dict.fromkeys(month for year in years for month in (*years_before(year), *year)))
    amounts, budget = _with_profit(_amounts(inputs, plan, months)), _with_profit(_budget(inputs, months))
    return tuple(_landing(plan.calendar, year, amounts, budget) for year in years)


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
            whole_sum(amounts[key], closed),
            whole_sum(amounts[key], rest),
            whole_sum(budget[key], year),
            whole_sum(amounts[key], years_before(year)),
            tuple(month for month in year if np.isnan(amounts[key].at(month=month).values)),
        )
        for key, label in LINES.items()
    )
    return Landing(year, len(closed), lines)


def _amounts(inputs: Inputs, plan: Plan, months: tuple[str, ...]) -> Amounts:
    """What the books say of closed months and the plan, as far as it goes, of open ones."""
    sold = sold_months(inputs).on(month=months).values
    books = {line: actual_of(inputs, key, months) for line, key in _BOOKED.items()}
    found = _with_depreciation({**books, "revenue": sold, "not_in_sales": books["revenue"] - sold})
    planned = {"not_in_sales": np.zeros(len(plan.months))} | {
        line: np.sum([plan[key] for key in keys if key in plan], axis=0, dtype=float)
        for line, keys in PLAN_LINES.items()
        if keys[0] in plan
    }
    if "revaluation" in plan:
        planned["cost_of_sales"] = planned["cost_of_sales"] - plan["revaluation"]
    for line, values in planned.items():
        ahead = Labelled(values, month=plan.months).on(month=months).values
        found[line] = np.where(np.isfinite(ahead), ahead, found[line])
    return {line: Labelled(values, month=months) for line, values in found.items()}


def _budget(inputs: Inputs, months: tuple[str, ...]) -> Amounts:
    """The budget of every line, as every page reads it."""
    found = _with_depreciation({line: budget_of(inputs, key, months) for line, key in _BOOKED.items()})
    found["not_in_sales"] = found["revenue"] * 0
    return {line: Labelled(values, month=months) for line, values in found.items()}


def _with_depreciation(found: dict[str, Floats]) -> dict[str, Floats]:
    """No depreciation at all is taken as none."""
    none = found["operating_cost"] * 0
    return found if np.isfinite(found["depreciation"]).any() else {**found, "depreciation": none}


def _with_profit(amounts: Amounts) -> Amounts:
    """Gross margin and EBIT of the months in which all their parts are known."""
    gross = amounts["revenue"] + amounts["not_in_sales"] - amounts["cost_of_sales"]
    return {**amounts, "gross_margin": gross, "ebit": gross - amounts["operating_cost"] - amounts["depreciation"]}
