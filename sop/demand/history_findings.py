"""What the history makes planners ask, and where it says too little: silence, an odd last month, a single sale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from sop.core.calendar import period_name, span_text, worded
from sop.core.findings import Finding, Level
from sop.core.inputs import Floats, Inputs
from sop.core.words import units_text
from sop.demand.cleaning import CompanyHistory, Remark, booked_demand
from sop.demand.ladder import Ladder

_NAMED = 5
"""Findings of one kind that are told one by one; more are counted."""
_LAUNCH = "Enter a launch or an override where it is to sell"


def history_findings(inputs: Inputs, history: CompanyHistory, mean: Floats) -> tuple[Finding, ...]:
    """The findings of a company's cleaned history, and what the forecast `mean` (F, R, T) does until answered."""
    year = inputs.calendar.year

    def ahead(remark: Remark) -> str:
        place = inputs.families.names.index(remark.family), inputs.regions.index(remark.region)
        return units_text(float(mean[place][:year].mean()), "")

    last = [
        remark
        for remark in history.remarks
        if remark.kind in ("corrected", "suggested")
        and remark.month == inputs.history.months[-1]
        and not remark.cut_short
    ]

    def silent(asked: Remark) -> str:
        since, before = period_name(asked.month), units_text(asked.was or 0.0, "")
        return worded(
            f"{_place(asked)} has sold nothing since {since}, after {before} a month: has it ended, or is it "
            f"interrupted? Until somebody answers, the plan goes on with {ahead(asked)} a month"
        )

    return (
        *_told("question", "silent_series", map(silent, history.asked), "Answer it in the history on Sales"),
        *_told("warning", "last_month_unusual", map(_unusual, last), "Decide about it in the history on Sales"),
        *_little(inputs, mean),
    )


def _little(inputs: Inputs, mean: Floats) -> Iterator[Finding]:
    """Histories that say little of what comes: few periods, all of a family in one of them, or nothing at all."""
    calendar, periods = inputs.calendar, inputs.history.months
    booked = booked_demand(inputs)
    told = int(np.isfinite(booked).any(axis=(0, 1)).sum())
    if told < Ladder(calendar.horizon).short_from:
        closed = span_text(told, calendar.year)
        what = f"sales of only {closed} are known: the forecast carries their level on, without season and growth"
        yield Finding("note", "few_periods", what, "Import earlier sales", table="sales_actuals")
        return
    known = np.asarray(np.isfinite(booked).any(axis=1))
    sold = np.nan_to_num(booked).sum(axis=1)
    once, never, returned = [], [], []
    for f, family in enumerate(inputs.families.names):
        closed = span_text(int(known[f].sum()), calendar.year)
        selling = np.flatnonzero(sold[f])
        if len(selling) == 1 and known[f].sum() > 1:
            ahead = units_text(float(mean[f, :, : calendar.year].sum()), "")
            month = period_name(periods[selling[0]])
            once.append(
                f"all that {family} sold in {closed} was in {month}: whether it comes again is not known; "
                f"the forecast of the next {calendar.near_text} is {ahead}"
            )
        elif not len(selling) and known[f].any():
            never.append(f"{family} sold nothing in {closed}, so nothing is forecast")
        elif len(selling) and sold[f].max() <= 0:
            returned.append(f"all that is known of {family} in {closed} are returns, so nothing is forecast")
    yield from _told("warning", "sold_once", once, "Say on Sales what it is going to sell, by an override")
    yield from _told("note", "never_sold", never, _LAUNCH)
    yield from _told("warning", "only_returns", returned, "Look at the signs of quantity in sales_actuals")


def _unusual(last: Remark) -> str:
    used = units_text((last.now if last.kind == "corrected" else last.was) or 0.0, "")
    month = period_name(last.month)
    return f"{_place(last)}, {month}: {last.reason}; wrong or a new level? The forecast uses {used}"


def _place(remark: Remark) -> str:
    return f"{remark.family}, {remark.region}"


def _told(level: Level, rule: str, told: Iterable[str], remedy: str) -> tuple[Finding, ...]:
    """The first few one by one; the others counted in one more."""
    texts = list(told)
    named: list[dict[str, Any]] = [{"what": text} for text in texts[:_NAMED]]
    more = len(texts) - _NAMED
    if more > 0:
        named.append({"what": f"{more} more series are found like this", "count": more})
    return tuple(Finding(level, rule, remedy=remedy, **each) for each in named)
