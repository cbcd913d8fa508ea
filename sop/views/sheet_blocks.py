"""The blocks of the family sheet: sales, production, inventory, backlog, service, money of a family or of all."""

from __future__ import annotations

import numpy as np

from sop.analysis.headline import on_time_parts, values_of
from sop.core.arrays import Labelled, sum_known
from sop.core.calendar import days_in
from sop.core.inputs import Floats
from sop.core.money import MINOR, to_minor
from sop.facts.actuals import sold_by_family
from sop.facts.closed import OnTime
from sop.supply import supply_of
from sop.views import series
from sop.views.family_sheet import SheetLine, SheetPart, compared_lines, ratio_line
from sop.views.inventory.cover import cover_days, cover_is_beyond
from sop.views.production.resources import ResourceLoad
from sop.views.timeline import PlanContext


def sales_part(context: PlanContext, family: str | None, in_money: bool = False) -> SheetPart:
    """Demand and what is shipped of it in units, or revenue in money."""
    if in_money:
        return SheetPart("Revenue", compared_lines(series.revenue(context, family)))
    shipped = series.shipments(context, family)
    lost = context.total(context.new_plan("lost_sales"), family)
    lines = (
        *compared_lines(series.demand(context, family), "Actual or consensus"),
        SheetLine("Shipments", "units", shipped.now),
        *((SheetLine("Lost sales", "units", lost),) if np.nansum(lost) > 0 else ()),
    )
    return SheetPart("Sales", lines)


def production_part(context: PlanContext, family: str | None, in_money: bool = False) -> SheetPart:
    """Units made, or their standard cost."""
    lines = [*compared_lines(series.production(context, family, in_money))]
    bought = series.subcontract(context, family)
    if not in_money and np.nansum(bought.now) > 0:
        lines.append(SheetLine("Subcontract", "units", bought.now))
    return SheetPart("Production at standard cost" if in_money else "Production", tuple(lines))


def resource_part(resource: ResourceLoad | None) -> SheetPart:
    """Load of a line against its demonstrated capacity; empty where there is no line."""
    if resource is None:
        return SheetPart("", ())
    lines = (
        SheetLine("Load, hours", "hours", resource.load),
        SheetLine("Capacity, hours", "hours", resource.capacity),
        ratio_line("Utilisation, %", "fraction", resource.load, resource.capacity),
        SheetLine("Working days", "working_days", resource.working_days),
    )
    return SheetPart(resource.name, lines)


def inventory_part(context: PlanContext, family: str | None, in_money: bool = False) -> SheetPart:
    """Closing stock with days of supply and its target band; nothing for a family to order that keeps no stock."""
    title = "Inventory at standard cost" if in_money else "Inventory"
    stock = series.inventory(context, family, in_money)
    if family in context.made_to_order and not np.nan_to_num(stock.now).any():
        return SheetPart(title, ())
    low, high = target_band(context, family, in_money)
    unit = "currency" if in_money else "units"
    lines = (
        *compared_lines(stock),
        SheetLine(
            "Days of supply", "days", cover_days(context, family), "stock", beyond=cover_is_beyond(context, family)
        ),
        SheetLine("Safety stock", unit, low, "stock"),
        SheetLine("Cover limit", unit, high, "stock"),
    )
    return SheetPart(title, lines)


def backlog_part(context: PlanContext, family: str | None, in_money: bool = False) -> SheetPart:
    """Open orders and what of them is late, in units or at net price, and how long customers wait.

    Of all families the waits are those of the one whose lead time is the headline.
    """
    book, late = (read(context, family, in_money) for read in (series.order_book, series.past_due))
    days = np.array([days_in(month) for month in context.months], dtype=float)
    one = family or context.waiting
    whose = "" if family else f" of {one}"
    waiting, shipped = (read(context, one or None) for read in (series.order_book, series.shipments))
    # Without capacity and without open orders nothing can be late, and a row of zeros would claim to know it.
    knows = context.inputs.capacity is not None or np.isfinite(book.now).any() or np.nan_to_num(late.now).any()
    late_lines = [SheetLine("Past due", late.unit, late.now, "stock", better=-1)] if knows else []
    lines = [
        *(line for line in compared_lines(book) if line.compared != "prior_year"),
        *late_lines,
        # Little's law: open orders over what is shipped a day.
        ratio_line(
            f"Implied lead time{whose}, days", "days", waiting.now, shipped.now, top_kind="stock", times=days
        ),
        SheetLine(f"Lead time{whose}, days", "days", lead_time(context, family), "peak", better=-1),
        SheetLine(f"Target{whose}, days", "days", lead_time(context, family, "lead_time_target"), "peak"),
    ]
    return SheetPart("Order book at net price" if in_money else "Order book", tuple(lines))


def service_part(context: PlanContext, family: str | None) -> SheetPart:
    """The share of the value due that came, or is planned to come, whole by the date promised.

    Of all families with the worst of them; by the date asked for as far as it was delivered, as no plan knows it.
    """
    kept, due = on_time_values(context, family)
    asked = _closed_promises(context, context.facts.requested, family)
    lines = [
        ratio_line("On time in full, %", "fraction", kept, due, better=1),
        ratio_line("By the date asked for, %", "fraction", *asked, better=1),
    ]
    worst = context.plan.worst.get("on_time")
    if family is None and worst is not None:
        lines.insert(
            1,
            ratio_line(f"Worst: {worst.family}, %", "fraction", *on_time_values(context, worst.family), better=1),
        )
    return SheetPart("Service", tuple(lines))


def on_time_values(context: PlanContext, family: str | None) -> tuple[Floats, Floats]:
    """What was and will be on time in full, and what was and falls due (P + T,): value; units without prices."""
    kept, due = _closed_promises(context, context.facts.promised, family)
    parts = on_time_parts(values_of(context.plan))
    if parts is None:
        return kept, due
    names, months = context.plan.names("on_time_share"), context.plan.months
    ours = context.inputs.families.names
    said = (
        Labelled(part, family=names, month=months).on(family=ours, month=context.months).values for part in parts
    )
    ahead = np.arange(len(context.months)) >= context.past
    kept_then, due_then = (context.total(values, family) for values in said)
    return np.where(ahead, kept_then, kept), np.where(ahead, due_then, due)


def on_time_in_full(
    context: PlanContext, family: str | None, months: int = 24, *, by_request: bool = False
) -> tuple[tuple[str, ...], Floats]:
    """The last closed months and the share of their value on time and in full; no month without deliveries.

    On time is by the day promised, or `by_request` by the day that the customer asked for.
    """
    found = context.facts.requested if by_request else context.facts.promised
    if found is None:
        return (), np.zeros(0)
    chosen = found.of([context.inputs.families.names.index(name) for name in context.chosen(family)])
    return chosen.months[-months:], chosen.share[-months:]


def _closed_promises(context: PlanContext, found: OnTime | None, family: str | None) -> tuple[Floats, Floats]:
    """What was delivered whole by its day, and what was due (P + T,), in closed months."""
    if found is None:
        return np.full(len(context.months), np.nan), np.full(len(context.months), np.nan)
    kept, due = (
        context.total(context.closed_values(values, found.months), family) for values in (found.kept, found.due)
    )
    return kept, due


def money_part(context: PlanContext, family: str | None) -> SheetPart:
    """Revenue, margin at standard cost and inventory value."""
    stock = series.inventory(context, family, in_money=True)
    sales = series.revenue(context, family)
    lines = (
        SheetLine("Revenue", "currency", sales.now, "flow", "strong", 1, sales.budget),
        SheetLine("Margin at standard cost", "currency", _margin(context, family, sales.now), "flow", better=1),
        SheetLine("Inventory value", "currency", stock.now, "stock"),
    )
    return SheetPart("Money", lines)


def target_band(context: PlanContext, family: str | None, in_money: bool = False) -> tuple[Floats, Floats]:
    """Safety stock and cover limit (P + T,); the limit is known for plans computed now, not for frozen ones."""
    cost = context.unit_cost if in_money else None
    low = context.total(context.new_plan("safety_stock"), family, cost)
    limits = context.new_plan("safety_stock") * np.nan
    supply = supply_of(context.plan)
    if supply is not None:
        limits[:, context.past :] = np.broadcast_to(supply.problem.cover_limit, limits[:, context.past :].shape)
    return low, context.total(np.where(np.isfinite(limits), limits, np.nan), family, cost)


def lead_time(context: PlanContext, family: str | None, key: str = "customer_lead_time") -> Floats:
    """Lead time (P + T,) in days: of one family, of all that of the family whose lead time is the headline."""
    one = family or context.waiting
    return context.total(context.new_plan(key), one) if one else np.full(len(context.months), np.nan)


def _margin(context: PlanContext, family: str | None, revenue: Floats) -> Floats:
    """Revenue minus standard cost of what is shipped, where the plan knows the cost it was made with."""
    rows = [context.inputs.families.names.index(name) for name in context.chosen(family)]
    cost, history = np.full(len(context.months), np.nan), context.inputs.history
    if history.cost is not None:
        past = context.closed_values(sold_by_family(context.inputs, "cost").values, history.months)
        cost[: context.past] = sum_known(past[rows], axis=0)[: context.past] * MINOR
    unit_cost = context.plan.detail.unit_cost
    if unit_cost is not None and np.isfinite(unit_cost[rows]).all():
        shipped = context.plan["shipments"][rows]
        cost[context.past :] = to_minor(shipped * unit_cost[rows][:, None, :]).sum(axis=(0, 1))
    return revenue - cost
