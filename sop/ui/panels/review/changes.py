"""The Plan changes page's pieces: the bridge of a headline measure, changes by plan, family and month, fences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from sop.analysis.comparison.bridge import Bridge
from sop.analysis.comparison.changes import AssumptionChange, Breach, FenceChange, Grid, MeasureChange
from sop.core.calendar import period_short
from sop.core.measures import HEADLINES, Headline, Measure
from sop.core.register import assumption
from sop.core.terms import PlanName
from sop.ui.charts import chart_bridge, show_chart
from sop.ui.kit.assumption_text import (
    value_text,
)
from sop.ui.kit.cards import Change, grey_line
from sop.ui.kit.format import (
    MISSING,
    MoneyFormat,
    Number,
    effect,
    number,
    percent,
    percent_number,
    points_signed,
    signed,
)
from sop.ui.kit.headline_text import headline_change, headline_text, headline_unit
from sop.ui.kit.html_tables import Cell, HtmlColumn, html_table
from sop.views.executive.plan_changes import Changes

PER = {"fraction": 0.01, "days": 7.0}
SHORT = {"gross_margin": "Margin", "on_time": "On time"}


def headline(key: str) -> Headline:
    """The headline measure of that key."""
    return next(entry for entry in HEADLINES if entry.key == key)


def show_measure_bridge(bridge: Bridge | None, entry: Headline, why: str, money: MoneyFormat) -> None:
    """The bridge of one headline measure: causes, or where they are not known revenue by family."""
    if bridge is None:
        st.caption(why or "The plans have too few months in common.")
        return
    shown = entry if bridge.causes else headline("revenue")
    st.html(grey_line(f"{shown.definition}, {_unit(shown, money)} · {bridge.note}"))
    per = money.minor_per_scale if shown.unit == "currency" else PER[shown.unit]
    decimals = 2
    steps = [(name, value / per) for name, value in bridge.steps]
    said = "; ".join(f"{name} {signed(value, decimals)}" for name, value in steps) or "no difference"
    alt = f"{shown.label} from {bridge.start[0]} to {bridge.end}: {said}."
    start = (bridge.start[0], bridge.start[1] / per)
    chart = chart_bridge(start, steps, bridge.end, more_is_good=shown.better > 0, decimals=decimals, alt=alt)
    show_chart(chart, "bridge")


def _unit(entry: Headline, money: MoneyFormat) -> str:
    return {"currency": money.unit, "days": "weeks", "fraction": "%"}[entry.unit]


def effects_table(changes: Changes, money: MoneyFormat) -> str:
    """Every cause and what it does to every headline measure; each column sums from agreed to proposed."""
    change = changes.change
    if change is None:
        return ""
    known = [entry for entry in HEADLINES if entry.key in change.base]
    columns = [HtmlColumn("Cause")]
    columns += [
        HtmlColumn(f"{SHORT.get(e.key, e.label)}, {headline_unit(e, money).split()[0]}", True) for e in known
    ]
    rows: list[list[str | Cell]] = [_levels("Agreed", change.base, known, money)]
    for name, effects in change.effects:
        told = [headline_change(entry, effects[entry.key], "", money) for entry in known]
        rows.append([changes.names.get(name, name), *(_quiet(found) for found in told)])
    rows.append(_levels("Plan shown", change.now, known, money))
    return html_table(columns, rows, caption="What each cause does to every headline measure")


def _quiet(change: Change) -> Cell:
    return Cell("" if change.text.startswith("±") else change.text, effect=change.effect)


def _levels(
    name: str, values: Mapping[str, float], known: Sequence[Headline], money: MoneyFormat
) -> list[str | Cell]:
    figures = [Cell(headline_text(e, values[e.key], money), strong=True) for e in known]
    return [Cell(name, strong=True), *figures]


def measure_unit(entry: Measure, money: MoneyFormat) -> str:
    """A measure's unit on screen."""
    return {"currency": money.unit, "fraction": "%"}.get(entry.unit, entry.unit)


def measure_text(entry: Measure, value: Number, money: MoneyFormat, *, difference: bool = False) -> str:
    """A measure's figure, or a difference of two, without its unit."""
    if entry.unit == "currency":
        return money.signed(value, 2) if difference else money.text(value, 2)
    if entry.unit == "fraction":
        return points_signed(value) if difference else percent_number(value, 1)
    decimals = 1 if entry.unit in ("days", "people", "months") else 0
    return signed(value, decimals) if difference else number(value, decimals)


def plan_table(found: Sequence[MeasureChange], plan: PlanName, base_name: str, money: MoneyFormat) -> str:
    """Measures of one plan over the months compared: agreed, proposed, difference and its share."""
    columns = [HtmlColumn("Measure"), HtmlColumn(base_name, True), HtmlColumn("Plan shown", True)]
    columns += [HtmlColumn("Difference", True), HtmlColumn("%", True)]
    rows: list[list[str | Cell]] = []
    for change in found:
        entry = change.entry
        if entry.plan is not plan or (change.agreed is None and change.proposed is None):
            continue
        difference = measure_text(entry, change.difference, money, difference=True)
        good = None if entry.better == 0 else entry.better > 0
        rows.append(
            [
                f"{entry.label}, {measure_unit(entry, money)}",
                measure_text(entry, change.agreed, money),
                measure_text(entry, change.proposed, money),
                Cell(difference, effect=effect(difference, good)),
                MISSING if change.share is None else signed(change.share * 100, 1),
            ]
        )
    return html_table(columns, rows, caption="Changes by plan and measure")


def grid_table(grid: Grid, show: str, money: MoneyFormat) -> str:
    """One measure by name and month: the difference, the plan shown or the reference, with totals of flows."""
    values = {"Difference": grid.difference, "Plan shown": grid.proposed}.get(show, grid.agreed)
    entry, flow = grid.entry, grid.entry.kind == "flow"
    good = None if entry.better == 0 or show != "Difference" else entry.better > 0
    columns = [HtmlColumn(entry.grain[0].capitalize() if entry.grain else "Company")]
    columns += [HtmlColumn(period_short(month), True) for month in grid.months] + [
        HtmlColumn("Total", True)
    ] * flow
    rows: list[list[str | Cell]] = []
    for name, row in zip(grid.names, values, strict=True):
        figures = [*row, np.nansum(row)] if flow else [*row]
        rows.append([name, *(_figure(entry, value, show, good, money) for value in figures)])
    if flow and len(grid.names) > 1:
        total = np.nansum(values, axis=0)
        figures = [_figure(entry, value, show, good, money) for value in [*total, total.sum()]]
        rows.append([Cell("Total", strong=True), *figures])
    return html_table(columns, rows, caption=f"{entry.label} by month, {show.lower()}")


def _figure(entry: Measure, value: float, show: str, good: bool | None, money: MoneyFormat) -> Cell:
    text = measure_text(entry, float(value), money, difference=show == "Difference")
    return Cell("" if text.startswith("±") else text, effect=effect(text, good))


def stability_table(found: Sequence[FenceChange]) -> str:
    """Plan stability by time fence: what was agreed and how much of it moved."""
    columns = [
        HtmlColumn("Fence"),
        HtmlColumn("Months"),
        HtmlColumn("Agreed, units", True),
        HtmlColumn("Changed", True),
    ]
    columns.append(HtmlColumn("Changed, %", True))
    rows = [
        [row.fence, _span(row.months), number(row.agreed), number(row.changed), percent_number(row.share, 1)]
        for row in found
    ]
    return html_table(columns, rows, caption="Plan stability by time fence")


def _span(months: Sequence[str]) -> str:
    first, last = period_short(months[0]), period_short(months[-1])
    return first if first == last else f"{first} – {last}"


def breach_table(found: Sequence[Breach]) -> str:
    """Changes of agreed supply before the end of the slushy fence."""
    columns = [
        HtmlColumn("Month"),
        HtmlColumn("Fence"),
        HtmlColumn("Family"),
        HtmlColumn("Supply"),
        HtmlColumn("Agreed, units", True),
    ]
    columns += [HtmlColumn("Plan shown", True), HtmlColumn("Difference", True)]
    rows: list[list[str | Cell]] = [
        [
            period_short(row.month),
            Cell(row.fence, effect="bad" if row.fence == "frozen" else "neutral"),
            row.name,
            row.measure,
            number(row.agreed),
            number(row.proposed),
            signed(row.proposed - row.agreed),
        ]
        for row in found
    ]
    return html_table(columns, rows, caption="Changes inside the time fences")


def assumption_table(found: Sequence[AssumptionChange]) -> str:
    """Assumptions that differ: what, for whom, from what to what, whose, why."""
    columns = [
        HtmlColumn("Assumption"),
        HtmlColumn("For"),
        HtmlColumn("Agreed", True),
        HtmlColumn("Now", True),
        HtmlColumn("Owner"),
    ]
    columns.append(HtmlColumn("Reason"))
    rows: list[list[str | Cell]] = []
    for row in found:
        entry = assumption(row.key)
        was, now = ("default" if value is None else value_text(entry, value) for value in (row.was, row.now))
        reason = Cell(row.reason or MISSING, note=row.by)
        rows.append([entry.label, row.scope or "company", was, Cell(now, strong=True), entry.owner.title, reason])
    return html_table(columns, rows, caption="Assumptions changed since the agreed plan")


def fence_sentence(changes: Changes) -> str:
    """The time fences and what is changed inside them, in one sentence; empty where there is nothing agreed."""
    if not changes.stability:
        return ""
    by_fence = {row.fence: row for row in changes.stability}
    parts = [
        f"{name} {_span(by_fence[name].months)} {percent(by_fence[name].share, 1)}"
        for name in ("frozen", "slushy", "liquid")
        if name in by_fence and by_fence[name].share is not None
    ]
    return f"Production changed: {', '.join(parts)} of what was agreed."
