"""Quotes: an order that somebody asks about, planned beside everything else; nothing is changed or kept."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from sop.core.calendar import month_index
from sop.core.errors import BadInput
from sop.core.inputs import Floats, Inputs, Ints
from sop.core.money import MINOR
from sop.core.words import in_words, plain_month, resource_names
from sop.services.planning.choices import View
from sop.services.planning.lead_times import standard_days, why_in_words
from sop.supply.after.plan import SupplyPlan
from sop.supply.after.regions import split_by_region
from sop.supply.company_problem import opening_past_due
from sop.supply.what_if.quote import (
    is_served_from_stock,
    order_arrivals,
    plan_with_order,
    promise_days,
    read_quote,
)
from sop.supply.what_if.trace import trace_unmet
from sop.views.lead_time.quote import Order, Pushed, QuoteAnswer

LARGEST = 10_000_000
"""Units above which a quantity is taken for a slip of the finger."""

_COST_NAMES = {
    "variable": "Making it",
    "wages": "Wages",
    "overtime": "Overtime",
    "hiring": "Hiring",
    "release": "Releasing people",
    "subcontract": "Subcontract",
    "holding": "Carrying stock",
    "outside_machine_hours": "Outside machine hours",
    "agency_hours": "Agency hours",
    "extra_overtime": "Overtime beyond its cap",
    "spot_material": "Spot material",
    "outside_shared_hours": "Outside hours of shared resources",
    "outside_storage": "Outside storage",
    "above_maximum_stock": "Stock above its maximum",
}


def check_order(inputs: Inputs, family: str, region: str, units: float | None, month: str) -> Order:
    """An order that can be quoted. Raises BadInput in one sentence where it cannot."""
    if family not in inputs.families.names:
        raise BadInput(f"there is no family '{family}' to quote", remedy="Choose one from the list")
    if region not in inputs.regions:
        raise BadInput(f"there is no region '{region}' to quote for", remedy="Choose one from the list")
    if month not in inputs.calendar.months:
        first, last = (plain_month(inputs.calendar.months[at]) for at in (0, -1))
        raise BadInput(f"'{month}' is not a planned month", remedy=f"Choose one from {first} to {last}")
    if units is None or not np.isfinite(units) or units <= 0 or units != round(units):
        raise BadInput("a quote needs a quantity in whole units above 0", remedy="Write how many, for example 200")
    if units > LARGEST:
        raise BadInput(f"{units:,.0f} units are more than can be quoted", remedy=f"Write at most {LARGEST:,}")
    return Order(family, region, int(units), month)


def quote_under(view: View, inputs: Inputs, order: Order) -> QuoteAnswer:
    """The answer to an order under the plan shown, found by planning with it.

    Raises BadInput for a frozen plan, which cannot be planned again, and where supply is not planned.
    """
    before: SupplyPlan | None = view.plan.detail.get("supply")
    if view.record is not None or before is None:
        why = "it is frozen" if view.record is not None else "opening stock is not loaded"
        raise BadInput(f"{view.name} cannot answer a quote", why=why, remedy="Choose the working plan")
    family, period = before.problem.families.index(order.family), inputs.calendar.months.index(order.month)
    after = plan_with_order(before, family, order.units, period)
    quote = read_quote(before, after, family, order.units, period)
    days = np.array(inputs.calendar.days, dtype=float)
    wait = promise_days(quote, period, days)
    arrived = np.rint(order_arrivals(after, family, order.units, period).cumsum()).astype(np.int64)
    price = view.plan.detail["price"][family, inputs.regions.index(order.region), period]
    return QuoteAnswer(
        order=order,
        promise=None if quote.promise is None else _month_end(order.month, days[period]) + timedelta(round(wait)),
        wait_days=float(round(wait)),
        from_stock=is_served_from_stock(before, family, order.units, period),
        arrivals=tuple(
            (month, int(units))
            for month, units in zip(inputs.calendar.months, np.diff(arrived, prepend=0), strict=True)
            if units
        ),
        revenue=float(order.units * price * MINOR),
        costs=_more_cost(before, after),
        other_sales=(quote.revenue - order.units * before.problem.revenue_per_unit[family]) * MINOR,
        pushed=_pushed(view, inputs, before, after, order),
        standard_days=_standard_days(view, family),
        notice_days=float(days[: period + 1].sum()),
        limit="" if quote.in_time else in_words(_limit_on(after, order.family), resource_names(inputs)),
    )


def _standard_days(view: View, family: int) -> float:
    """The family's standard lead time; not-a-number where lead times are not planned."""
    planned = "customer_lead_time" in view.plan and "past_due" in view.plan
    return float(standard_days(view.plan)[family]) if planned else float("nan")


def _month_end(month: str, days: float) -> date:
    index = month_index(month)
    return date(index // 12, index % 12 + 1, int(days))


def _more_cost(before: SupplyPlan, after: SupplyPlan) -> tuple[tuple[str, float], ...]:
    """What the plan costs more by kind, minor units."""
    return tuple(
        (_COST_NAMES.get(kind, kind), (after.cost[kind] - before.cost[kind]) * MINOR)
        for kind in after.cost
        if abs(after.cost[kind] - before.cost[kind]) >= 0.5
    )


def _limit_on(after: SupplyPlan, family: str) -> str:
    """What stops most of the family's units that are late with the order in the plan."""
    causes = trace_unmet(after.problem, after)
    return next((why_in_words(cause.reason) for cause in causes if cause.family == family), "")


def _pushed(view: View, inputs: Inputs, before: SupplyPlan, after: SupplyPlan, order: Order) -> tuple[Pushed, ...]:
    """Orders by family and region that wait longer than without the order, which itself is left out."""
    family, region = inputs.families.names.index(order.family), inputs.regions.index(order.region)
    period = inputs.calendar.months.index(order.month)
    due = view.plan["due"]
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
    first, last = plain_month(months[places[0]]), plain_month(months[places[-1]])
    return first if first == last else f"{first} to {last}"
