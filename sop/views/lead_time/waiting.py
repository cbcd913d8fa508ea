"""The customer lead time plan: how long customers wait against the target, what is late, and what stock serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sop.analysis.supply.waiting import Waiting
from sop.core.calendar import period_name
from sop.core.inputs import Floats
from sop.core.measures import OVER_TARGET_DAYS
from sop.core.present import Col, Declared, Figure, PlanTable
from sop.core.words import days_text, joined, units_text, who
from sop.views import series
from sop.views.lead_time.late_now import late_now_text
from sop.views.sheet_blocks import lead_time
from sop.views.timeline import PlanContext

Waits = Mapping[str, Waiting]


@dataclass(frozen=True)
class Peak:
    """A family's longest lead time of the next twelve months, in days, with its target and units past due then.

    `most_late`: the most that are past due in one of those months, `most_late_in`: which is often a later one.
    """

    family: str
    days: float
    target: float
    month: str
    past_due: float
    most_late: float
    most_late_in: str

    @property
    def over(self) -> float:
        """Days above the target; negative below."""
        return self.days - self.target


def lead_time_message(context: PlanContext, family: str | None, causes: Mapping[str, str]) -> str:
    """The family that keeps most value waiting beyond its target, with what causes it, in one sentence.

    `causes`: what stops most of a family's late units, where that is known (`sop.analysis.supply.waiting`).
    """
    peak = peak_of(context, family or context.waiting)
    if peak is None:
        return f"{who(family)}: how long customers wait is not known."
    late = late_now_text(context.inputs, family)
    since = f"; {late}." if late else "."
    if round(peak.days) == 0 and family is not None:
        return f"{peak.family} is served from stock: nobody waits in the next {context.near_text}{since}"
    if family is None and peak.over < OVER_TARGET_DAYS:
        return (
            f"{_all_asked(context)} keeps its lead time target in the next {context.near_text}; "
            f"{peak.family} comes closest: "
            f"{days_text(peak.days)} in {period_name(peak.month)} against {peak.target:.0f}{since}"
        )
    text = f"{_drift(peak, causes.get(peak.family, ''))}; {units_text(peak.past_due)} are past due then"
    if round(peak.most_late) > round(peak.past_due):
        text += f", up to {units_text(peak.most_late, '')} in {period_name(peak.most_late_in)}"
    return f"{text}."


def _all_asked(context: PlanContext) -> str:
    """'Every family', or what it is of: where nothing falls due nobody waits, and no target is kept."""
    order = context.inputs.families.made_to_order
    due = context.new_plan("due")[:, context.next_year]
    asked = np.nansum(due, axis=1) > 0
    return "Every family" if asked[order].all() else "Every family made to order with orders that fall due"


def _drift(peak: Peak, cause: str) -> str:
    start = f"{peak.family}: customers wait up to {days_text(peak.days)} in {period_name(peak.month)}"
    if round(abs(peak.over)) == 0:
        return f"{start}, on target"
    if peak.over < 0:
        return f"{start}, {days_text(-peak.over)} under the target"
    return joined(start, f"{days_text(peak.over)} over the target" + (f" because of {cause}" if cause else ""))


def peak_of(context: PlanContext, family: str) -> Peak | None:
    """A family's longest lead time of the next twelve months; None where it is not known."""
    if not family:
        return None
    days, target = lead_time(context, family), lead_time(context, family, "lead_time_target")
    year = context.next_year
    if not np.isfinite(days[year]).any():
        return None
    worst = context.past + int(np.nanargmax(days[year]))
    late = series.past_due(context, family).now
    at = context.past + int(np.nan_to_num(late[year], nan=-1.0).argmax())
    return Peak(
        family=family,
        days=float(days[worst]),
        target=float(target[worst]),
        month=context.months[worst],
        past_due=float(late[worst]),
        most_late=float(late[at]),
        most_late_in=context.months[at],
    )


def waited_days(context: PlanContext, family: str | None) -> Floats:
    """Mean days from order to delivery of a unit (P + T,); for all the family whose lead time is the headline."""
    facts, one = context.facts, family or context.waiting
    rows = [f for f, name in enumerate(context.inputs.families.names) if name == one]
    return context.closed_values(facts.mean_wait(rows)[None], facts.wait_months)[0]


def made_to_order_table(context: PlanContext, waits: Waits, causes: Mapping[str, str]) -> PlanTable:
    """By family made to order: promise, target and lead time now, of nine in ten, at its peak, with its cause."""
    today = context.past
    found = {name: peak_of(context, name) for name in context.made_to_order}
    peaks = {name: peak for name, peak in found.items() if peak is not None}

    def target(name: str) -> Floats:
        return lead_time(context, name, "lead_time_target")

    def months_over(name: str) -> int:
        year = context.next_year
        return int((lead_time(context, name)[year] > target(name)[year] + OVER_TARGET_DAYS).sum())

    def of_peak(read: Callable[[Peak], Figure]) -> Callable[[str], Figure]:
        return lambda name: read(peaks[name]) if name in peaks else None

    return Declared[str](
        "Made to order",
        (
            Col("Family", "text", str),
            Col("Promise", "days", lambda name: waits[name].standard_days if name in waits else None),
            Col("Target", "days", lambda name: float(target(name)[today])),
            Col("Now", "days", lambda name: float(lead_time(context, name)[today])),
            Col("9 in 10", "days", lambda name: _nine_in_ten(waits[name]) if name in waits else None),
            Col("Peak", "days", of_peak(lambda peak: peak.days)),
            Col("in", "text", of_peak(lambda peak: period_name(peak.month))),
            Col("Over target", "days", of_peak(lambda peak: peak.over), signed=True, better=-1),
            Col("Over it", "months", months_over),
            Col("Open orders", "units", lambda name: float(series.order_book(context, name).now[today - 1])),
            Col("Past due", "units", lambda name: float(series.past_due(context, name).now[today - 1])),
            Col("at peak", "units", of_peak(lambda peak: peak.past_due)),
            Col("Limited by", "text", lambda name: causes.get(name, "")),
        ),
        "No family is made to order.",
    ).of(context.made_to_order)


def _nine_in_ten(waiting: Waiting) -> str | float:
    """The wait that nine in ten units do not exceed; a minimum where the horizon ends before."""
    return f">{waiting.p90_days:.0f}" if waiting.p90_beyond else waiting.p90_days


def _rest_waits(waiting: Waiting) -> str | float:
    """The mean wait of what is not served from stock; a minimum where the horizon ends before."""
    return f">{waiting.otherwise_days:.0f}" if waiting.otherwise_beyond else waiting.otherwise_days


def made_to_stock_table(context: PlanContext, waits: Waits) -> PlanTable:
    """By family made to stock: what falls due in a year, the share served from stock, how the rest waits."""
    names = context.inputs.families.names
    due, lost, late = (context.new_plan(key)[:, context.next_year] for key in ("due", "lost_sales", "past_due"))

    def highest(at: int) -> float | None:
        return float(np.nanmax(late[at])) if np.isfinite(late[at]).any() else None

    def of_wait(read: Callable[[Waiting], Figure]) -> Callable[[int], Figure]:
        return lambda at: read(waits[names[at]]) if names[at] in waits else None

    return Declared[int](
        "Made to stock",
        (
            Col("Family", "text", names.__getitem__),
            Col(f"Due, next {context.near_text}", "units", lambda at: float(due[at].sum())),
            Col("Served from stock", "percent", of_wait(lambda waiting: waiting.served_share)),
            Col("The rest waits", "days", of_wait(_rest_waits)),
            Col("Past due at peak", "units", highest),
            Col("Lost", "units", lambda at: float(lost[at].sum())),
        ),
        "No family is made to stock.",
    ).of(np.flatnonzero(~context.inputs.families.made_to_order).tolist())


def little_table(context: PlanContext, waits: Waits) -> PlanTable:
    """Mean lead time of the next twelve months by the first-in-first-out curve, beside Little's law."""
    return Declared[str](
        "Two ways to reckon the wait",
        (
            Col("Family", "text", str),
            Col("By the queue", "days", lambda name: waits[name].mean_days),
            Col("By Little's law", "days", lambda name: waits[name].little_days),
            Col("Difference", "days", lambda name: waits[name].little_days - waits[name].mean_days, signed=True),
        ),
        "No family is made to order.",
    ).of(name for name in context.made_to_order if name in waits)
