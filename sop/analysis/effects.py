"""What a change does to the company: the plan made again with it, less the plan without it.

Money is that of the profit and loss and of cash, never of the optimiser. Its span is the next twelve months or the
whole horizon: what is gained in the first and lost by the second was only pulled forward. What waiting costs
customers is told in unit-days and in the value of the orders that wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sop.core.calendar import days_of
from sop.core.inputs import Floats
from sop.core.plan import Plan

PROFITS = ("ebit", "gross_margin")
"""The lines of profit; where operating cost is not known, gross margin moves by the same amount."""


@dataclass(frozen=True)
class OrdersWaiting:
    """Orders past due at the ends of the planned months: unit-days over the horizon, and the peak.

    `value` is theirs at the peak at the plan's net price in minor units, None where a price is not known.
    """

    unit_days: int
    units: int
    month: str
    value: int | None


@dataclass(frozen=True)
class PlanEffect:
    """A change of the plan, net of what it costs; money in minor units, None where it cannot be known.

    `cash_low` is the change of the lowest cash of the next twelve months. `unit_days` fewer (below 0) or more
    over the horizon that customers wait, `waiting_value` the change of the value of orders waiting at the peak.
    """

    ebit_12_months: int | None = None
    ebit_horizon: int | None = None
    cash_low: int | None = None
    unit_days: int | None = None
    waiting_value: int | None = None

    @property
    def lasts(self) -> bool:
        """Whether profit is higher to the horizon."""
        return self.ebit_horizon is not None and self.ebit_horizon > 0

    @property
    def is_timing(self) -> bool:
        """Whether profit only comes earlier: more in twelve months and not more to the horizon."""
        return not self.lasts and self.ebit_12_months is not None and self.ebit_12_months > 0

    def less(self, once: int) -> PlanEffect:
        """The same with money (minor units) paid once at the start."""

        def net(value: int | None) -> int | None:
            return None if value is None else value - once

        return PlanEffect(
            net(self.ebit_12_months),
            net(self.ebit_horizon),
            net(self.cash_low),
            self.unit_days,
            self.waiting_value,
        )

    def facts(self) -> dict[str, Any]:
        """The effect as plain data, to be kept."""
        return asdict(self)


UNKNOWN = PlanEffect()
"""Nothing is known of what a change does."""


def effect_of_facts(facts: Mapping[str, Any] | None) -> PlanEffect | None:
    """An effect read back from plain data."""
    return None if facts is None else PlanEffect(**facts)


def effect_of(before: Plan, after: Plan, once: int = 0) -> PlanEffect:
    """What `after` changes against `before`, two plans of the same months.

    `once`: money paid once (minor units), which is taken off a profit that does not hold it: above EBIT.
    """
    key = profit_line(before)
    year, months = before.calendar.year, len(before.months)
    waited, waits = orders_waiting(before), orders_waiting(after)
    return PlanEffect(
        ebit_12_months=_change(before, after, key, year),
        ebit_horizon=_change(before, after, key, months),
        cash_low=_difference(lowest_cash(before), lowest_cash(after)),
        unit_days=None if waited is None or waits is None else waits.unit_days - waited.unit_days,
        waiting_value=None if waited is None or waits is None else _difference(waited.value, waits.value),
    ).less(0 if key == "ebit" else once)


def profit_line(plan: Plan) -> str | None:
    """The line that tells profit: EBIT, else gross margin where operating cost is not known; None without both."""
    return next((key for key in PROFITS if key in plan), None)


def profit_by_month(before: Plan, after: Plan) -> dict[str, int] | None:
    """What `after` changes of profit in each planned month, minor units; None where profit is not known."""
    key = profit_line(before)
    if key is None or key not in after:
        return None
    return {m: int(change) for m, change in zip(before.months, after[key] - before[key], strict=True)}


def lowest_cash(plan: Plan) -> int | None:
    """The lowest cash of the next twelve months, minor units."""
    return int(plan["cash"][: plan.calendar.year].min()) if "cash" in plan else None


def orders_waiting(plan: Plan) -> OrdersWaiting | None:
    """The orders that a plan keeps waiting; None where supply is not planned."""
    if "past_due" not in plan:
        return None
    late = plan.by_family("past_due").astype(float)
    days = np.array(days_of(plan.months), dtype=float)
    units = late.sum(axis=0)
    peak = int(units.argmax())
    price = net_price(plan)
    known = np.where(late[:, peak] > 0, np.isfinite(price), True).all()
    value = round(float((np.nan_to_num(price) * late[:, peak]).sum())) if known else None
    return OrdersWaiting(round(float(units @ days)), round(float(units[peak])), plan.months[peak], value)


def net_price(plan: Plan) -> Floats:
    """Net price by family (F,) of all that the plan ships, minor units; not-a-number where none is known.

    In the order of its past due.
    """
    names = plan.names("past_due")
    if "revenue" not in plan or "shipments" not in plan:
        return np.full(len(names), np.nan)
    sold = {name: f for f, name in enumerate(plan.names("revenue"))}
    revenue, shipped = (plan.by_family(key).astype(float).sum(axis=1) for key in ("revenue", "shipments"))
    found = [
        revenue[sold[name]] / shipped[sold[name]]
        if name in sold and shipped[sold[name]] > 0 and revenue[sold[name]] > 0
        else np.nan
        for name in names
    ]
    return np.array(found)


def _change(before: Plan, after: Plan, key: str | None, months: int) -> int | None:
    if key is None or key not in after:
        return None
    return int(after[key][:months].sum()) - int(before[key][:months].sum())


def _difference(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before
