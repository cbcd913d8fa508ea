"""The customer lead time plan: how long customers wait against the target, what is late, and what stock serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sop.analysis.supply.waiting import Waiting
from sop.core.calendar import period_name
from sop.core.inputs import Floats
from sop.core.present import PlanTable, TableColumn, known
from sop.core.words import days_text, joined, units_text, who
from sop.views import series
from sop.views.sheet_blocks import lead_time
from sop.views.timeline import PlanContext

_NOTICEABLE = 0.5
"""Less than half a day is no difference."""


Waits = Mapping[str, Waiting]


@dataclass(frozen=True)
class Peak:
    """A family's longest lead time of the next twelve months, in days, with its target and units past due then."""

    family: str
    days: float
    target: float
    month: str
    past_due: float

    @property
    def over(self) -> float:
        """Days above the target; negative below."""
        return self.days - self.target


def lead_time_message(context: PlanContext, family: str | None, causes: Mapping[str, str]) -> str:
    """The family whose lead time drifts furthest above its target, with what causes it, in one sentence.

    `causes`: what stops most of a family's late units, where that is known.
    """
    peak = peak_of(context, family) if family is not None else furthest_over(context)
    if peak is None:
        return f"{who(family)}: how long customers wait is not known."
    if round(peak.days) == 0 and family is not None:
        return f"{peak.family} is served from stock: nobody waits in the next 12 months."
    if family is None and peak.over < _NOTICEABLE:
        return (
            f"Every family keeps its lead time target in the next 12 months; {peak.family} comes closest: "
            f"{days_text(peak.days)} in {period_name(peak.month)} against {peak.target:.0f}."
        )
    return f"{_drift(peak, causes.get(peak.family, ''))}; {units_text(peak.past_due)} are past due then."


def _drift(peak: Peak, cause: str) -> str:
    start = f"{peak.family}: customers wait up to {days_text(peak.days)} in {period_name(peak.month)}"
    if round(abs(peak.over)) == 0:
        return f"{start}, on target"
    if peak.over < 0:
        return f"{start}, {days_text(-peak.over)} under the target"
    return joined(start, f"{days_text(peak.over)} over the target" + (f" because of {cause}" if cause else ""))


def furthest_over(context: PlanContext) -> Peak | None:
    """The peak of the family that goes furthest above its target, or comes closest to it; made to order first."""
    names = context.made_to_order or context.inputs.families.names
    peaks = [peak for peak in (peak_of(context, name) for name in names) if peak is not None]
    return max(peaks, key=lambda peak: peak.over, default=None)


def peak_of(context: PlanContext, family: str) -> Peak | None:
    """A family's longest lead time of the next twelve months; None where it is not known."""
    days, target = lead_time(context, family), lead_time(context, family, "lead_time_target")
    year = _year(context)
    if not np.isfinite(days[year]).any():
        return None
    worst = context.past + int(np.nanargmax(days[year]))
    late = series.past_due(context, family).now[worst]
    return Peak(family, float(days[worst]), float(target[worst]), context.months[worst], float(late))


def waited_days(context: PlanContext, family: str | None) -> Floats:
    """Mean days from order to delivery of a unit (P + T,), made to order where no family is chosen."""
    facts = context.facts
    return context.closed_values(facts.mean_wait(_rows(context, family))[None], facts.wait_months)[0]


def made_to_order_table(context: PlanContext, waits: Waits, causes: Mapping[str, str]) -> PlanTable:
    """By family made to order: promise, target and lead time now, of nine in ten, at its peak, with its cause."""
    rows = []
    for name in context.made_to_order:
        days, target = lead_time(context, name), lead_time(context, name, "lead_time_target")
        year, peak, waiting = _year(context), peak_of(context, name), waits.get(name)
        late, book = series.past_due(context, name), series.order_book(context, name)
        rows.append(
            (
                name,
                None if waiting is None else waiting.standard_days,
                known(target[context.past]),
                known(days[context.past]),
                _nine_in_ten(waiting),
                None if peak is None else peak.days,
                None if peak is None else period_name(peak.month),
                None if peak is None else peak.over,
                int((days[year] > target[year] + _NOTICEABLE).sum()),
                known(book.actual[context.past - 1]),
                known(late.actual[context.past - 1]),
                None if peak is None else peak.past_due,
                causes.get(name, ""),
            )
        )
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Promise", "days"),
        TableColumn("Target", "days"),
        TableColumn("Now", "days"),
        TableColumn("9 in 10", "days"),
        TableColumn("Peak", "days"),
        TableColumn("in", "text"),
        TableColumn("Over target", "days", signed=True, better=-1),
        TableColumn("Over it", "months"),
        TableColumn("Open orders"),
        TableColumn("Past due"),
        TableColumn("at peak"),
        TableColumn("Limited by", "text"),
    )
    return PlanTable("Made to order", columns, tuple(rows), "No family is made to order.")


def _nine_in_ten(waiting: Waiting | None) -> str | float | None:
    """The wait that nine in ten units do not exceed; a minimum where the horizon ends before."""
    if waiting is None:
        return None
    return f">{waiting.p90_days:.0f}" if waiting.p90_beyond else waiting.p90_days


def made_to_stock_table(context: PlanContext, waits: Waits) -> PlanTable:
    """By family made to stock: what falls due in a year, the share served from stock, how the rest waits."""
    due, lost, rows = context.new_plan("due"), context.new_plan("lost_sales"), []
    past_due, year = context.new_plan("past_due"), _year(context)
    for at in np.flatnonzero(~context.inputs.families.made_to_order):
        name = context.inputs.families.names[at]
        waiting = waits.get(name)
        rows.append(
            (
                name,
                known(due[at, year].sum()),
                None if waiting is None else known(waiting.served_share),
                None if waiting is None else known(waiting.otherwise_days),
                _highest(past_due[at, year]),
                known(lost[at, year].sum()),
            )
        )
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Due, next 12 months"),
        TableColumn("Served from stock", "percent"),
        TableColumn("The rest waits", "days"),
        TableColumn("Past due at peak"),
        TableColumn("Lost"),
    )
    return PlanTable("Made to stock", columns, tuple(rows), "No family is made to stock.")


def little_table(context: PlanContext, waits: Waits) -> PlanTable:
    """Mean lead time of the next twelve months by the first-in-first-out curve, beside Little's law."""
    rows = [
        (
            name,
            waits[name].mean_days,
            known(waits[name].little_days),
            waits[name].little_days - waits[name].mean_days,
        )
        for name in context.made_to_order
        if name in waits
    ]
    columns = (
        TableColumn("Family", "text"),
        TableColumn("By the queue", "days"),
        TableColumn("By Little's law", "days"),
        TableColumn("Difference", "days", signed=True),
    )
    return PlanTable("Two ways to reckon the wait", columns, tuple(rows), "No family is made to order.")


def _year(context: PlanContext) -> slice:
    return context.next_year


def _rows(context: PlanContext, family: str | None) -> list[int]:
    families = context.inputs.families
    if family is not None:
        return [families.names.index(family)]
    chosen = families.made_to_order if families.made_to_order.any() else np.ones(len(families.names), dtype=bool)
    return [int(at) for at in np.flatnonzero(chosen)]


def _highest(values: Floats) -> float | None:
    return float(np.nanmax(values)) if np.isfinite(values).any() else None
