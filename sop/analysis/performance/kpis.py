"""The seven headline measures as cards: value, what it is compared with, and 12 closed and 12 planned months.

Money is in minor units, lead time in days, on time a fraction. What is not known is None, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from sop.analysis.comparison.compare import headline_of_base, headline_of_budget, values_on
from sop.analysis.headline import on_time_by_month, waiting_family
from sop.core.calendar import shift_period
from sop.core.inputs import Inputs
from sop.core.measures import HEADLINES, Headline
from sop.core.plan import Plan, Worst
from sop.facts.actuals import DeliveryHistory, Monthly, actual_months, by_month

Value = float | int | None


@dataclass(frozen=True)
class Kpi:
    """One headline measure. `months` are the closed and planned months of the three series, which of lead time are
    those of the family that waits `worst` in the plan."""

    headline: Headline
    value: Value
    base: Value
    budget: Value
    months: tuple[str, ...]
    actual: tuple[Value, ...]
    plan: tuple[Value, ...]
    agreed: tuple[Value, ...]
    worst: Worst | None = None

    @property
    def key(self) -> str:
        """The measure's key."""
        return self.headline.key

    @property
    def against_base(self) -> Value:
        """Value minus the compared plan's; None where either is not known."""
        return _difference(self.value, self.base)

    @property
    def against_budget(self) -> Value:
        """Value minus the budget's; None where either is not known."""
        return _difference(self.value, self.budget)


def build_kpis(
    plan: Plan, base: Plan | None, inputs: Inputs, deliveries: DeliveryHistory | None = None
) -> tuple[Kpi, ...]:
    """The cards of a plan against a base plan and the budget, in the order of the headline measures."""
    order = inputs.families.made_to_order_names
    closed, ahead = inputs.calendar.history(plan.calendar.year), plan.months[: plan.calendar.year]
    compared = headline_of_base(plan, base, order)
    budget = headline_of_budget(inputs, months=ahead, cash=plan.cash_is_whole)
    months = tuple(dict.fromkeys((*closed, *ahead)))
    past = actual_months(inputs, deliveries or DeliveryHistory())
    waiting = waiting_family(plan, order)
    now, was = planned_months(plan, ahead, waiting), planned_months(base, ahead, waiting) if base else {}
    return tuple(
        Kpi(
            headline=entry,
            value=plan.headline.get(entry.key),
            base=compared.get(entry.key),
            budget=budget.get(entry.key),
            months=months,
            actual=_along(months, {m: v for m, v in past.get(entry.key, {}).items() if m in closed}),
            plan=_along(months, now.get(entry.key, {})),
            agreed=_along(months, was.get(entry.key, {})),
            worst=plan.worst.get(entry.key),
        )
        for entry in plan.headline_measures
    )


def planned_months(plan: Plan, months: Sequence[str], waiting: str) -> dict[str, Monthly]:
    """Headline measures by month of a plan, on `months` that it covers; lead time of the family `waiting`."""
    covered = [month for month in months if month in plan.months]
    values = values_on(plan, covered)
    series: dict[str, NDArray[Any]] = {
        entry.key: values[entry.line] for entry in HEADLINES if entry.unit == "currency" and entry.line in values
    }
    if waiting in plan.names("customer_lead_time"):
        series["lead_time"] = values["customer_lead_time"][plan.names("customer_lead_time").index(waiting)]
    on_time = on_time_by_month(values)
    if on_time is not None:
        series["on_time"] = on_time
    return {key: by_month(covered, row) for key, row in series.items()}


def rolling_sum(values: Monthly, months: Sequence[str], window: int) -> list[float | None]:
    """The sum over each month and those before it, `window` in all; None where one of them is not known."""
    spans = ([values.get(shift_period(month, -back)) for back in range(window)] for month in months)
    return [None if None in span else float(sum(v for v in span if v is not None)) for span in spans]


def _along(months: Sequence[str], values: Monthly) -> tuple[Value, ...]:
    return tuple(values.get(month) for month in months)


def _difference(value: Value, other: Value) -> Value:
    return None if value is None or other is None else value - other
