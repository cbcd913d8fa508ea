"""The tables of the Performance page: indicators, families, on time in full, and every measure by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sop.analysis.performance.indicators import TREND, Indicator, worst_on_time
from sop.analysis.performance.tracks import ALL, TOLERANCE, Track, read_lines
from sop.core.calendar import period_short, worded
from sop.core.format import percent
from sop.core.present import Cell, Col, Form, PlanTable, TableRow, texts
from sop.facts.closed import OnTime


def indicator_col(entry: Indicator, *, signed: bool = False) -> Col[Any]:
    """An indicator's figures: percent, or turns a year."""
    form: Form = "turns" if entry.unit == "turns" else "service"
    return Col(entry.label, form, None, signed, (1 if entry.more_is_good else -1) * signed)


def indicators_table(indicators: Sequence[Indicator], month: str) -> PlanTable:
    """Every indicator with its figure, trend, target, owner and definition, or why it is blank."""
    columns = (
        *texts("Indicator"),
        Col(period_short(month)),
        Col(worded(f"Against {TREND} months", counted=True)),
        Col("Target"),
    )
    rows = [
        (
            Cell(None, column := indicator_col(entry)),
            Cell(entry.value, column),
            Cell(entry.trend, replace(column, signed=True)),
            Cell(entry.target, replace(column, decimals=0)),
            entry.owner.title,
            Cell(worded(entry.definition), note=entry.why if entry.value is None else ""),
        )
        for entry in indicators
    ]
    name = "Indicators with trend, target and owner"
    return PlanTable(name, (*columns, *texts("Owner", "How it is measured")), tuple(rows))


def track_col(track: Track, title: str, *, signed: bool = False) -> Col[Any]:
    """A track's figures: units whole, money with two decimals, shares in percent."""
    form: Form = {"currency": "money", "fraction": "service"}.get(track.unit, "units")  # type: ignore[assignment]
    return Col(title, form, None, signed, track.better * signed, suffix="" if form != "units" else "units")


def families_table(track: Track) -> PlanTable:
    """The last closed month by family: actual, plan, difference, share, on plan, cumulative difference."""
    flow = track.kind == "flow"
    plain, signed = (replace(track_col(track, "", signed=sign), suffix="") for sign in (False, True))
    columns = (
        *texts("Family"),
        track_col(track, "Actual"),
        Col("Plan"),
        Col("Difference"),
        Col("%", "percent", signed=True),
        *texts("On plan"),
        *([Col("Cumulative")] * flow),
    )
    rows = [
        (
            Cell(line.name, strong=line.name == ALL),
            Cell(line.actual[-1], strong=line.name == ALL),
            Cell(line.plan[-1], plain),
            Cell(line.difference[-1], signed),
            line.share[-1],
            _on_plan(line.share[-1]),
            *([Cell(line.cumulative[-1], signed)] * flow),
        )
        for line in read_lines(track)
    ]
    return PlanTable(f"{track.label} in {period_short(track.months[-1])} by family", columns, tuple(rows))


def _on_plan(share: float) -> str | None:
    return None if not np.isfinite(share) else "✓" if abs(share) <= TOLERANCE else "outside"


def on_time_table(otif: Mapping[str, OnTime], families: Sequence[str]) -> PlanTable:
    """What was due and the share on time in full by month, by promise with the worst family, and by request."""
    promised, requested = otif["promised"], otif["requested"]
    form: Form = "money" if promised.in_money else "units"
    columns = (
        *texts(worded("Month")),
        Col("Due by promise", form),
        Col("On time in full", "service"),
        *texts("Worst family"),
        Col("Due by request", form),
        Col("On time in full", "service"),
    )
    found = [worst_on_time(promised, families, at) for at in range(len(promised.months))]
    worst = ["" if each is None else f"{each.family} {percent(each.value, 1)}" for each in found]
    by_promise, by_request = promised.of(), requested.of()
    months = map(period_short, promised.months)
    sides = by_promise.due, by_promise.share, worst, by_request.due, by_request.share
    return PlanTable(worded("On time in full by month"), columns, tuple(zip(months, *sides, strict=True)))


def tracks_table(tracks: Sequence[Track], currency: str) -> PlanTable:
    """Every measure by family and month: actual, plan, difference, cumulative; the table behind the page."""
    titles = ("Actual", "Plan", "Difference", "Cumulative difference")
    rows: list[TableRow] = []
    for track in tracks:
        column, unit = track_col(track, ""), currency if track.unit == "currency" else track.unit
        for line in read_lines(track):
            figures = zip(line.actual, line.plan, line.difference, line.cumulative, strict=True)
            for month, values in zip(track.months, figures, strict=True):
                rows.append((track.label, unit, line.name, month, *(Cell(value, column) for value in values)))
    return PlanTable(
        "Performance", (*texts("Measure", "Unit", "Family", worded("Month")), *map(Col, titles)), tuple(rows)
    )
