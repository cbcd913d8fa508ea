"""Quotes: an order that somebody asks about, planned beside everything else; nothing is changed or kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sop.analysis.supply.limits import why_in_words
from sop.analysis.supply.waiting import standard_days
from sop.core.calendar import day_of, period_name, worded
from sop.core.errors import BadInput
from sop.core.format import how_many, number
from sop.core.inputs import Floats, Inputs, Ints
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.supply.after.regions import split_by_region
from sop.supply.before.demand import opening_past_due
from sop.supply.lp.plan import SupplyPlan
from sop.supply.what_if.quote import (
    is_served_from_stock,
    order_arrivals,
    plan_with_order,
    promise_days,
    read_quote,
)
from sop.supply.what_if.trace import trace_unmet

LARGEST = 10_000_000
"""Units above which a quantity is taken for a slip of the finger."""


@dataclass(frozen=True)
class Order:
    """An order that is asked about: whole units of a family for a region, wanted in a month."""

    family: str
    region: str
    units: int
    month: str


@dataclass(frozen=True)
class Pushed:
    """Orders that wait longer: the most units later (or lost) in any of `months`, a text such as 'Mar 2027'."""

    family: str
    region: str
    units: int
    months: str


@dataclass(frozen=True)
class QuoteAnswer:
    """The answer to one order under one plan; money in minor units.

    `promise`: the day by which all of it is shipped, None where the horizon does not reach it; `wait_days` from
    the end of the wanted month. `arrivals`: units by month. `revenue` is the order's own, `costs` what the plan
    costs more by kind, `other_sales` how sales to others change within the horizon. `limit`: what delays it.
    `standard_days`: the family's lead time when nothing is late (not-a-number where not known), `notice_days` from
    the first planned day to the end of the wanted month.
    """

    order: Order
    promise: date | None
    wait_days: float
    from_stock: bool
    arrivals: tuple[tuple[str, int], ...]
    revenue: float
    costs: tuple[tuple[str, float], ...]
    other_sales: float
    pushed: tuple[Pushed, ...]
    limit: str = ""
    standard_days: float = 0.0
    notice_days: float = float("inf")

    @property
    def in_time(self) -> bool:
        """Whether the whole order is there in the wanted month."""
        return self.promise is not None and self.wait_days <= 0

    @property
    def short_notice(self) -> bool:
        """Whether the wanted month ends sooner than the standard lead time allows."""
        return self.notice_days < round(self.standard_days) if self.standard_days > 0 else False

    @property
    def cost(self) -> float:
        """What the plan costs more."""
        return sum(amount for _, amount in self.costs)

    @property
    def earned(self) -> float:
        """What the order brings less what it costs, with what is not sold to others."""
        return self.revenue + self.other_sales - self.cost


def check_order(inputs: Inputs, family: str, region: str, units: float | None, month: str) -> Order:
    """An order that can be quoted. Raises BadInput in one sentence where it cannot."""
    if family not in inputs.families.names:
        raise BadInput(f"there is no family '{family}' to quote", remedy="Choose one from the list")
    if region not in inputs.regions:
        raise BadInput(f"there is no region '{region}' to quote for", remedy="Choose one from the list")
    if month not in inputs.calendar.months:
        first, last = (period_name(inputs.calendar.months[at]) for at in (0, -1))
        raise BadInput(worded(f"'{month}' is not a planned month"), remedy=f"Choose one from {first} to {last}")
    if units is None or not np.isfinite(units) or units <= 0 or units != round(units):
        raise BadInput("a quote needs a quantity in whole units above 0", remedy="Write how many, for example 200")
    if units > LARGEST:
        raise BadInput(
            f"{how_many(number(units), 'units', 'are')} more than can be quoted",
            remedy=f"Write at most {number(LARGEST)}",
        )
    return Order(family, region, int(units), month)


def answer_order(plan: Plan, before: SupplyPlan, inputs: Inputs, order: Order) -> QuoteAnswer:
    """The answer to an order under a plan, found by planning with it; `before`: the supply plan of the plan."""
    family, period = before.problem.families.index(order.family), inputs.calendar.months.index(order.month)
    after = plan_with_order(before, family, order.units, period)
    quote = read_quote(before, after, family, period)
    days = np.array(inputs.calendar.days, dtype=float)
    wait = promise_days(quote, period, days)
    arrived = np.rint(order_arrivals(after, family, order.units, period).cumsum()).astype(np.int64)
    prices = plan.detail.price
    price = np.nan if prices is None else prices[family, inputs.regions.index(order.region), period]
    return QuoteAnswer(
        order=order,
        promise=None if quote.promise is None else day_of(order.month, int(days[period])) + timedelta(round(wait)),
        wait_days=float(round(wait)),
        from_stock=is_served_from_stock(before, family, order.units, period),
        arrivals=tuple(
            (month, int(units))
            for month, units in zip(inputs.calendar.months, np.diff(arrived, prepend=0), strict=True)
            if units
        ),
        revenue=float(order.units * price * MINOR),
        costs=_more_cost(before, after),
        other_sales=(quote.revenue - _revenue_of(before, family, order.units, arrived)) * MINOR,
        pushed=_pushed(plan, inputs, before, after, order),
        standard_days=float(standard_days(plan)[family]) if "past_due" in plan else float("nan"),
        notice_days=float(days[: period + 1].sum()),
        limit="" if quote.in_time else _limit_on(after, order.family),
    )


def _revenue_of(before: SupplyPlan, family: int, units: int, arrived: Ints) -> float:
    """An order at the mean price of the months in which it arrives, the rest of it in the last; currency."""
    parts = np.diff(arrived, prepend=0).astype(float)
    parts[-1] += units - arrived[-1]
    return float(before.problem.revenue_per_unit[family] @ parts)


def _more_cost(before: SupplyPlan, after: SupplyPlan) -> tuple[tuple[str, float], ...]:
    """What is paid more by kind, minor units; the price of carrying stock steers the plan and is not paid."""
    return tuple(
        (kind, (after.cost[kind] - before.cost[kind]) * MINOR)
        for kind in after.cost
        if kind != "holding" and abs(after.cost[kind] - before.cost[kind]) >= 0.5
    )


def _limit_on(after: SupplyPlan, family: str) -> str:
    """What stops most of the family's units that are late with the order in the plan."""
    causes = trace_unmet(after.problem, after)
    return next((why_in_words(cause.reason) for cause in causes if cause.family == family), "")


def _pushed(plan: Plan, inputs: Inputs, before: SupplyPlan, after: SupplyPlan, order: Order) -> tuple[Pushed, ...]:
    """Orders by family and region that wait longer than without the order, which itself is left out."""
    family, region = inputs.families.names.index(order.family), inputs.regions.index(order.region)
    period = inputs.calendar.months.index(order.month)
    due = plan["due"]
    ordered = due.copy()
    ordered[family, region, period] += order.units
    late = opening_past_due(inputs)
    more = _owed(after, ordered, late) - _owed(before, due, late)
    arrived = np.rint(order_arrivals(after, family, order.units, period).cumsum()).astype(np.int64)
    more[family, region, period:] -= order.units - arrived[period:]
    found = [
        Pushed(name, place, int(more[f, r].max()), _months(inputs.calendar.months, more[f, r] > 0))
        for f, name in enumerate(inputs.families.names)
        for r, place in enumerate(inputs.regions)
        if more[f, r].max() >= 1
    ]
    return tuple(sorted(found, key=lambda pushed: -pushed.units))


def _owed(plan: SupplyPlan, due: Ints, past_due: Ints) -> Ints:
    """Units (F, R, T) owed and not shipped at each month end, what was lost so far counted in."""
    shipped, _ = split_by_region(plan.whole.shipments, plan.whole.lost, due, past_due)
    owed: Ints = past_due[..., None] + np.cumsum(due - shipped, axis=-1)
    return owed


def _months(months: tuple[str, ...], chosen: Floats) -> str:
    """The first to the last of some months in words."""
    places = np.flatnonzero(chosen)
    first, last = period_name(months[places[0]]), period_name(months[places[-1]])
    return first if first == last else f"{first} to {last}"
