"""What the history makes planners ask: series that fell silent, and a last month unlike demand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sop.core.calendar import period_name
from sop.core.findings import Finding, Level
from sop.core.inputs import Floats, Inputs
from sop.core.words import units_text
from sop.demand.cleaning import CompanyHistory, Remark

_NAMED = 5
"""Findings of one kind that are told one by one; more are counted."""


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
        return (
            f"{_place(asked)} has sold nothing since {since}, after {before} a month: has it ended, or is it "
            f"interrupted? Until somebody answers, the plan goes on with {ahead(asked)} a month"
        )

    return (
        *_told("question", "silent_series", map(silent, history.asked), "Answer it in the history on Sales"),
        *_told("warning", "last_month_unusual", map(_unusual, last), "Decide about it in the history on Sales"),
    )


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
