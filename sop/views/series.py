"""One measure on the time line, as it was and is planned, beside everything it is compared with.

Each function reads one measure for a family (None: all) into a `PlanSeries`. Production is valued at the standard
cost of the plan shown and orders at its net price, so that a difference in money is a difference in units; stock
is worth what each plan says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sop.core.format import MoneyFormat, is_missing
from sop.core.inputs import Floats
from sop.core.measures import measure
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.facts.actuals import orders_by_family, sold_by_family
from sop.facts.stock_value import value_of_stock
from sop.views.timeline import Family, PlanContext

Kind = Literal["flow", "stock", "peak"]
Closed = tuple[Floats, tuple[str, ...]]
"""Figures of closed months by family (F, H) and their months."""


@dataclass(frozen=True)
class PlanSeries:
    """Figures (P + T,) of one measure: `now` is actual in the first `past` months, then the plan shown.

    `agreed` is the plan in force at the time, then the plan compared with; `last_cycle` the plan of the cycle
    before, where that is another one. `better` is +1 where more is good, −1 where less is, 0 where
    neither; `year`: periods in twelve months.
    """

    name: str
    unit: str
    kind: Kind
    better: int
    past: int
    year: int
    now: Floats
    agreed: Floats
    last_cycle: Floats
    budget: Floats
    prior_year: Floats

    @property
    def actual(self) -> Floats:
        """Closed months only."""
        return np.where(np.arange(len(self.now)) < self.past, self.now, np.nan)

    @property
    def plan(self) -> Floats:
        """Planned months only."""
        return np.where(np.arange(len(self.now)) >= self.past, self.now, np.nan)

    @property
    def difference(self) -> Floats:
        """Actual or plan, minus the agreed plan."""
        return self.now - self.agreed

    @property
    def cumulative_difference(self) -> Floats:
        """Running difference over the months shown, from the first in which both are known."""
        difference = self.difference
        return np.where(np.isfinite(difference), np.cumsum(np.nan_to_num(difference)), np.nan)

    def next_year(self, values: Floats) -> float:
        """Figures over the next twelve months: added up for a flow, the last for a stock, the highest for a peak.

        Not-a-number where a month is not known.
        """
        return over(values, slice(self.past, self.past + self.year), self.kind)


def over(values: Floats, span: slice, kind: Kind) -> float:
    """Figures over a span of months: added up, the last, or the highest; not-a-number where a month is missing.

    >>> over(np.array([1.0, 3.0, 2.0]), slice(0, 3), "flow"), over(np.array([1.0, 3.0, 2.0]), slice(0, 3), "stock")
    (6.0, 2.0)
    """
    part = values[span]
    if not len(part):
        return float("nan")
    if kind == "stock":
        return float(part[-1])
    return float(part.sum() if kind == "flow" else part.max())


def display(values: Floats, unit: str, money: MoneyFormat) -> list[float | None]:
    """Figures in the unit shown: money in millions, fractions in percent; None where not known."""
    scale = {"currency": 1 / money.minor_per_scale, "fraction": 100.0}.get(unit, 1.0)
    return [None if is_missing(value) else float(value) * scale for value in values]


def row_of(plan: Plan | None, key: str, name: str, months: Sequence[str]) -> Floats:
    """One row of a measure over some months, such as a plant's people; not-a-number where the plan has none."""
    if plan is None:
        return np.full(len(months), np.nan)
    found: Floats = plan.on(key, ((name,),), months, np.nan)[0]
    return found


def demand(context: PlanContext, family: Family) -> PlanSeries:
    """Orders of closed months and consensus demand, units."""
    budget = context.total(context.budgeted("quantity", family), family)
    return _series(context, family, "consensus_demand", sold(context, "ordered"), budget=budget, name="Demand")


def shipments(context: PlanContext, family: Family) -> PlanSeries:
    """Units shipped."""
    return _series(context, family, "shipments", sold(context, "shipped"))


def revenue(context: PlanContext, family: Family) -> PlanSeries:
    """Revenue in minor units."""
    values, months = sold(context, "revenue")
    budget = context.total(context.budgeted("revenue", family), family)
    sales, shipped = (values * MINOR, months), sold(context, "shipped")
    return _series(context, family, "revenue", sales, budget=budget, units=("shipments", shipped))


def production(context: PlanContext, family: Family, in_money: bool = False) -> PlanSeries:
    """Units made, or their standard cost in minor units."""
    return _series(context, family, "production", _stock(context, "production"), _cost(context, in_money))


def subcontract(context: PlanContext, family: Family) -> PlanSeries:
    """Finished units bought outside."""
    return _series(context, family, "subcontract", _stock(context, "subcontract"))


def inventory(context: PlanContext, family: Family, in_money: bool = False) -> PlanSeries:
    """Closing stock in units, or at standard cost in minor units: that of the financial plan, by family.

    Nothing is known of a plan that does not know what its stock is worth, nor the total of some that nobody knows.
    """
    held = _stock(context, "closing")
    if not in_money:
        return _series(context, family, "inventory", held)
    closed = None if held is None else (value_of_stock(held[0], context.cost_today[:, None]), held[1])
    name = measure("inventory").label
    return _series(context, family, "inventory_value", closed, name=name, units=("inventory", held))


def order_book(context: PlanContext, family: Family, in_money: bool = False) -> PlanSeries:
    """Open orders at month end, units, or at the net price of the plan shown in minor units."""
    return _series(context, family, "order_book", _orders(context, "quantity"), _price(context, in_money))


def past_due(context: PlanContext, family: Family, in_money: bool = False) -> PlanSeries:
    """Orders past due at month end, units, or at the net price of the plan shown in minor units."""
    return _series(context, family, "past_due", _orders(context, "past_due"), _price(context, in_money))


def plain_series(
    context: PlanContext, name: str, unit: str, better: int, now: Floats, agreed: Floats
) -> PlanSeries:
    """A flow that has neither budget nor history beside it."""
    nothing = np.full(len(context.months), np.nan)
    return PlanSeries(
        name, unit, "flow", better, context.past, context.year, now, agreed, nothing, nothing, nothing
    )


def sold(context: PlanContext, column: str) -> Closed:
    """Sales of closed months by family: `ordered` or `shipped` in units, or `revenue` in currency."""
    inputs = context.inputs
    return sold_by_family(inputs, column).values, inputs.history.months


def _stock(context: PlanContext, column: str) -> Closed | None:
    stock = context.inputs.stock
    unknown = stock is None or (stock.derived and column != "closing")
    return None if stock is None or unknown else (getattr(stock, column), stock.months)


def _orders(context: PlanContext, column: str) -> Closed | None:
    orders = context.inputs.orders
    return None if orders is None else (orders_by_family(context.inputs, orders, column).values, orders.months)


def _price(context: PlanContext, in_money: bool) -> Floats | None:
    """Net price of a unit (F, P + T) in minor units; None where units are wanted."""
    return context.net_price if in_money else None


def _cost(context: PlanContext, in_money: bool) -> Floats | None:
    """Standard cost of a unit (F, P + T) in minor units; None where units are wanted."""
    return context.unit_cost if in_money else None


def _series(
    context: PlanContext,
    family: Family,
    key: str,
    closed: Closed | None,
    weight: Floats | None = None,
    *,
    budget: Floats | None = None,
    name: str = "",
    units: tuple[str, Closed | None] | None = None,
) -> PlanSeries:
    """A measure by its key; `closed` is what was, `weight` (F,) or (F, P + T) turns units into money.

    `units`: of money, the measure that it is money of and what that was.
    """
    entry, now = measure(key), context.new_plan(key)
    prior = np.full(now.shape, np.nan)
    if closed is not None:
        now[:, : context.past] = context.closed_values(*closed)[:, : context.past]
        prior = context.prior_year(*closed)

    def total(values: Floats, plan: Plan | None, was: Callable[..., Floats] | None = None) -> Floats:
        """Added up to the choice; `was`: what places closed months, `plan`: whose planned months these are."""
        if units is None:
            return context.total(values, family, weight)
        moved = context.in_plan(plan, units[0])
        if was is not None and units[1] is not None:
            moved = np.where(np.isfinite(moved), moved, was(*units[1]))
        return context.total(values, family, units=moved)

    return PlanSeries(
        name=name or entry.label,
        unit=entry.unit if weight is None else "currency",
        kind="flow" if entry.kind == "flow" else "stock",
        better=entry.better,
        past=context.past,
        year=context.year,
        now=total(now, context.plan, context.closed_values),
        agreed=total(context.compared(key), context.base),
        last_cycle=total(context.in_plan(context.last_cycle, key), context.last_cycle),
        budget=np.full(len(context.months), np.nan) if budget is None else budget,
        prior_year=total(prior, None, context.prior_year),
    )
