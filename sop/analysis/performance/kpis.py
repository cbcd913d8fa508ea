"""The seven headline measures as cards: value, what it is compared with, and 12 closed and 12 planned months.

Money is in minor units, lead time in days, on time a fraction. What is not known is None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sop.analysis.comparison.compare import headline_of_base, headline_of_budget, values_on
from sop.analysis.headline import lead_time_by_month
from sop.core.calendar import month_index
from sop.core.inputs import Floats, Inputs
from sop.core.measures import HEADLINES, NEAR, Headline
from sop.core.plan import Plan
from sop.facts.on_time import promises_of

Value = float | int | None
Monthly = Mapping[str, float]
"""Values by month, only where they are known."""

CLOSED = 12
"""Closed months that a card shows."""

_LINES = {
    "revenue": "total_revenue",
    "gross_margin": "gross_margin",
    "ebit": "ebit",
    "cash": "cash",
    "inventory": "stock_value",
}


@dataclass(frozen=True)
class DeliveryHistory:
    """What customers saw in closed months: `on_time` as a fraction, `lead_days` of what is made to order."""

    on_time: Monthly = field(default_factory=dict)
    lead_days: Monthly = field(default_factory=dict)


@dataclass(frozen=True)
class Kpi:
    """One headline measure. `months` are the closed and planned months of the three series."""

    headline: Headline
    value: Value
    base: Value
    budget: Value
    months: tuple[str, ...]
    actual: tuple[Value, ...]
    plan: tuple[Value, ...]
    agreed: tuple[Value, ...]

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
    order = made_to_order(inputs)
    compared, budget = headline_of_base(plan, base, order), headline_of_budget(inputs)
    closed, ahead = inputs.calendar.history(CLOSED), plan.months[:NEAR]
    months = tuple(dict.fromkeys((*closed, *ahead)))
    past = actual_months(inputs, deliveries or DeliveryHistory())
    now, was = planned_months(plan, ahead, order), planned_months(base, ahead, order) if base else {}
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
        )
        for entry in HEADLINES
    )


def made_to_order(inputs: Inputs) -> tuple[str, ...]:
    """Names of the families that are made to order."""
    families = inputs.families
    return tuple(name for name, flag in zip(families.names, families.made_to_order, strict=True) if flag)


def planned_months(plan: Plan, months: Sequence[str], order: Sequence[str]) -> dict[str, Monthly]:
    """Headline measures by month of a plan, on those of `months` that it covers.

    `order`: names of the families made to order.
    """
    covered = [month for month in months if month in plan.months]
    values = values_on(plan, covered)
    series: dict[str, NDArray[Any]] = {key: values[line] for key, line in _LINES.items() if line in values}
    families = plan.names("consensus_demand")
    lead = lead_time_by_month(values, np.array([name in order for name in families]))
    if lead is not None:
        series["lead_time"] = lead
    if "due_on_time" in values:
        due = plan_total(values["due"])
        series["on_time"] = np.divide(
            plan_total(values["due_on_time"]), due, out=np.ones(len(covered)), where=due > 0
        )
    return {key: _known(covered, row) for key, row in series.items()}


def plan_total(values: NDArray[Any]) -> Floats:
    """A measure added up over everything but its months (T,)."""
    return values.reshape(-1, values.shape[-1]).sum(axis=0).astype(float)


def actual_months(inputs: Inputs, deliveries: DeliveryHistory) -> dict[str, Monthly]:
    """Headline measures of closed months from sales, ledger, stock and deliveries, where each is known.

    Gross margin and EBIT come from the ledger's lines; without them gross margin is revenue less the cost that
    the sales history brings. Inventory is the ledger's, else closing stock at standard cost.
    """
    found = {
        "revenue": revenue_by_month(inputs),
        "gross_margin": _ledger_sum(inputs, ("revenue",), ("cost_of_sales",)) or _history_margin(inputs),
        "ebit": _ledger_sum(inputs, ("revenue",), ("cost_of_sales", "operating_cost", "depreciation")),
        "cash": _ledger_sum(inputs, ("cash",), ()),
        "inventory": _ledger_sum(inputs, ("inventory_value",), ()) or _stock_value(inputs),
        "lead_time": deliveries.lead_days,
        "on_time": deliveries.on_time,
    }
    return {key: values for key, values in found.items() if values}


def revenue_by_month(inputs: Inputs) -> Monthly:
    """Revenue of closed months from the sales history, minor units."""
    return _known(inputs.history.months, plan_total(np.nan_to_num(inputs.history.revenue)) * 100)


def _history_margin(inputs: Inputs) -> Monthly:
    history = inputs.history
    if history.cost is None:
        return {}
    return _known(history.months, plan_total(np.nan_to_num(history.revenue - history.cost)) * 100)


def _ledger_sum(inputs: Inputs, plus: Sequence[str], minus: Sequence[str]) -> Monthly:
    """Ledger lines added and taken away, for months in which all are known; empty where a line is not kept."""
    ledger = inputs.ledger
    if ledger is None or not {*plus, *minus} <= set(ledger.actual):
        return {}
    total = sum(ledger.actual[line] for line in plus) - sum(ledger.actual[line] for line in minus)
    return _known(ledger.months, np.asarray(total, dtype=float) * 100)


def _stock_value(inputs: Inputs) -> Monthly:
    stock, cost = inputs.stock, inputs.position.unit_cost
    if stock is None or not np.isfinite(cost).all():
        return {}
    return _known(stock.months, (stock.closing * cost[:, None]).sum(axis=0) * 100)


def delivery_history(inputs: Inputs, deliveries: pd.DataFrame) -> DeliveryHistory:
    """On time and lead time of closed months from delivery lines.

    On time: of the units promised for a month, the share delivered by its end. Lead time: days from order to
    delivery of what is made to order, by the month of delivery, weighted by units.
    """
    months = inputs.calendar.history(CLOSED)
    promised = promises_of(inputs, deliveries, months)
    due, kept = promised.due.sum(axis=0), promised.on_time.sum(axis=0)
    share = np.divide(kept, due, out=np.full(len(months), np.nan), where=due > 0)
    return DeliveryHistory(_known(months, share), _lead_days(inputs, deliveries))


def _lead_days(inputs: Inputs, deliveries: pd.DataFrame) -> Monthly:
    order = inputs.families.made_to_order[inputs.products.family]
    numbers = [number for number, flag in zip(inputs.products.numbers, order, strict=True) if flag]
    lines = deliveries[deliveries["product"].isin(numbers) & deliveries["delivered"].notna()]
    units = lines["quantity_delivered"].astype(float)
    days = (pd.to_datetime(lines["delivered"]) - pd.to_datetime(lines["ordered"])).dt.days
    sums = (
        pd.DataFrame({"days": days * units, "units": units}).groupby(lines["delivered"].str[:7].to_numpy()).sum()
    )
    sums = sums[sums["units"] > 0]
    return {str(month): float(value) for month, value in (sums["days"] / sums["units"]).items()}


def rolling_sum(values: Monthly, months: Sequence[str], window: int = NEAR) -> list[float | None]:
    """The sum over each month and those before it, `window` in all; None where one of them is not known."""
    by_index = {month_index(month): value for month, value in values.items()}
    spans = ([by_index.get(month_index(month) - back) for back in range(window)] for month in months)
    return [None if None in span else float(sum(v for v in span if v is not None)) for span in spans]


def _along(months: Sequence[str], values: Monthly) -> tuple[Value, ...]:
    return tuple(values.get(month) for month in months)


def _known(months: Sequence[str], values: NDArray[Any]) -> Monthly:
    pairs = zip(months, values.tolist(), strict=True)
    return {month: float(value) for month, value in pairs if value == value}


def _difference(value: Value, other: Value) -> Value:
    return None if value is None or other is None else value - other
