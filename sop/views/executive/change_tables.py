"""The tables of what changed: causes, measures, months, fences and assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from sop.analysis.comparison.bridge import SMALLER, Bridge
from sop.analysis.comparison.changes import FENCE_NAMES, AssumptionChange, Breach, FenceChange, Grid, MeasureChange
from sop.analysis.comparison.plan_change import PlanChange
from sop.analysis.performance.kpis import Kpi
from sop.core.calendar import WEEK, bucket_of, period_short, worded
from sop.core.format import MISSING, MoneyFormat, day_text, money_format, percent
from sop.core.inputs import Floats
from sop.core.measures import HEADLINES, Headline
from sop.core.plan import Worst
from sop.core.present import Cell, Col, Declared, Form, PlanTable, TableRow, texts
from sop.core.register import assumption
from sop.core.terms import PlanName
from sop.views.assumption_words import value_text
from sop.views.executive.plan_changes import Changes, OpenedGroup
from sop.views.measure_columns import headline_col, measure_col, worst_text
from sop.views.series import over
from sop.views.telescope import Telescope

_CAUSES = "What each cause does to every headline measure"
_FINE = 3
"""Decimals of millions where they are told by week."""
_SHORT = {"gross_margin": "Margin", "on_time": "On time"}


def causes_table(changes: Changes, money: MoneyFormat | None = None) -> PlanTable:
    """Every cause and what it does to every headline measure; each column sums from agreed to the plan shown.

    Those that round to nothing in every measure as `money` is shown are one row.
    """
    change = changes.change
    if change is None:
        return PlanTable(_CAUSES, texts("Cause"), (), changes.why)
    known = [entry for entry in HEADLINES if entry.key in change.base]
    titles = map(_fine_col, known)
    effects = [(change.called(of), [found[entry.key] for entry in known]) for of, found in change.effects]
    if money is not None:
        effects = _small_together(effects, known, money)
    ends = (_levels("Agreed", change.base, known, {}), _levels("Plan shown", change.now, known, changes.worst))
    rows: list[TableRow] = [(name, *row) for name, row in effects]
    return PlanTable(_CAUSES, (*texts("Cause"), *titles), (ends[0], *rows, ends[1]))


def _small_together(
    effects: Sequence[tuple[str, list[float]]], known: Sequence[Headline], money: MoneyFormat
) -> list[tuple[str, list[float]]]:
    """Causes that show as nothing in every measure added up in one row at the end, where there are several."""

    large = [row for row in effects if any(_shows(*each, money) for each in zip(known, row[1], strict=True))]
    small = [row for row in effects if row not in large]
    if len(small) < 2:
        return list(effects)
    return [*large, (SMALLER, [sum(each) for each in zip(*(row for _, row in small), strict=True)])]


def _shows(entry: Headline, value: float, money: MoneyFormat) -> bool:
    """Whether an effect is more than nothing as `money` is shown."""
    scale, places = {"currency": (1 / money.minor_per_scale, money.places(2)), "fraction": (100.0, 1)}.get(
        entry.unit, (1.0, 1)
    )
    return abs(value) * scale >= 0.5 * 10.0**-places


def _errors_told(opened: OpenedGroup, money: MoneyFormat) -> dict[Headline, float]:
    """The largest standard error by measure where orders were drawn and it moves a figure as `money` is shown."""
    largest = (
        (entry, max(worth.errors.get(entry.key, 0.0) for worth, _ in opened.singles))
        for entry in HEADLINES
        if opened.drawn and entry.key in opened.effects
    )
    return {entry: error for entry, error in largest if _shows(entry, error, money)}


def singles_table(opened: OpenedGroup, money: MoneyFormat) -> PlanTable:
    """The single changes of a group: whose, by whom, when, why, and what each does; columns add up to the group.

    Where orders were drawn the last row tells the largest standard error of each column that it would read
    otherwise with, as `money` is shown.
    """
    known = [entry for entry in HEADLINES if entry.key in opened.effects]
    rows: list[TableRow] = [
        (
            *(worth.single.label, opened.owner or MISSING, note.by or MISSING, day_text(note.at) or MISSING),
            note.reason or MISSING,
            *(worth.effects.get(entry.key) for entry in known),
        )
        for worth, note in opened.singles
    ]
    nobody = ("",) * 4
    sums = (Cell(opened.effects[entry.key], strong=True) for entry in known)
    rows.append((Cell(opened.name, strong=True), *nobody, *sums))
    if errors := _errors_told(opened, money):
        cells = (
            Cell(errors[entry], replace(_fine_col(entry), signed=False)) if entry in errors else ""
            for entry in known
        )
        rows.append(("Standard error, at most", *nobody, *cells))
    words = texts("Change", "Owner", "By", "When", "Why")
    return PlanTable(f"Single changes: {opened.name}", (*words, *map(_fine_col, known)), tuple(rows))


def singles_note(opened: OpenedGroup, change: PlanChange, money: MoneyFormat) -> str:
    """How the effects of single changes were found, in one line."""
    if opened.by_nobody:
        return "Nobody set or loaded anything here: the agreed plan is planned again step by step · columns add up"
    how = "means over every order (Owen)"
    if opened.drawn:
        how = "means over drawn orders"
        if _errors_told(opened, money):
            how += ", with their standard error below"
    if change.errors:
        how += "; of more than eight groups orders are drawn as well"
    return f"Every change planned again, with and without the others: {how} · columns add up"


def _level_col(entry: Headline) -> Col[Any]:
    """A level as exactly as the effects under it."""
    return replace(headline_col(entry), decimals=2) if entry.unit == "currency" else headline_col(entry)


def _fine_col(entry: Headline) -> Col[Any]:
    """Money as decisions read it: a single change is small beside its group."""
    return replace(_short_col(entry), decimals=2) if entry.unit == "currency" else _short_col(entry)


def _short_col(entry: Headline) -> Col[Any]:
    title = _SHORT.get(entry.key, entry.label)
    return replace(headline_col(entry, signed=True, quiet=True), title=title, suffix="")


def effects_table(bridge: Bridge) -> PlanTable:
    """What each cause does to every headline measure; the columns add up to the differences on the cards."""
    known = [entry for entry in HEADLINES if all(entry.key in found for _, found in bridge.effects)]
    rows: list[TableRow] = [(name, *(found[entry.key] for entry in known)) for name, found in bridge.effects]
    titles = (headline_col(entry, signed=True) for entry in known)
    return PlanTable(_CAUSES, (*texts("Change by cause"), *titles), tuple(rows))


def kpis_table(kpis: Sequence[Kpi], against: str) -> PlanTable:
    """Every headline measure with its comparisons and its definition."""
    rows: list[TableRow] = []
    for kpi in kpis:
        plain, signed = headline_col(kpi.headline), headline_col(kpi.headline, signed=True)
        base = Cell(kpi.base, plain), Cell(kpi.against_base, signed)
        budget = Cell(kpi.budget, plain), Cell(kpi.against_budget, signed)
        value = Cell(kpi.value, plain, note=worst_text(kpi.headline, kpi.worst))
        rows.append((Cell(None, plain), value, *base, *budget, worded(kpi.headline.definition)))
    titles = map(Col[Any], ("Plan", against, "Difference", "Budget", "Difference to budget"))
    return PlanTable("Headline measures", (*texts("Measure"), *titles, *texts("How it is read")), tuple(rows))


def _levels(
    name: str, values: Mapping[str, float], known: Sequence[Headline], worst: Mapping[str, Worst]
) -> tuple[Cell, ...]:
    notes = (worst_text(e, worst.get(e.key)) for e in known)
    levels = (
        Cell(values[e.key], _level_col(e), strong=True, note=note) for e, note in zip(known, notes, strict=True)
    )
    return Cell(name, strong=True), *levels


def measures_table(found: Sequence[MeasureChange], plan: PlanName, base_name: str) -> PlanTable:
    """Measures of one plan over the months compared: agreed, shown, difference and its share."""
    titles = (*texts("Measure"), Col(base_name), Col("Plan shown"), Col("Difference"))
    rows = []
    for change in found:
        if change.entry.plan is plan and (change.agreed is not None or change.proposed is not None):
            level, difference = measure_col(change.entry), measure_col(change.entry, signed=True)
            levels = Cell(None, level), Cell(change.agreed, level), Cell(change.proposed, level)
            rows.append((*levels, Cell(change.difference, difference), change.share))
    return PlanTable("Changes by plan and measure", (*titles, Col("%", "service", signed=True)), tuple(rows))


def grid_money(grid: Grid, show: str, money: MoneyFormat) -> MoneyFormat:
    """The scale of a grid of money by itself: differences are small beside the plan."""
    if not money.known:
        return money
    values = _grid_values(grid, show)
    totals = np.nansum(values, axis=1) if grid.entry.kind == "flow" else values.ravel()
    figures = (*totals.tolist(), float(np.nansum(totals)))
    return money_format(money.currency, *figures, minor_per_unit=money.minor_per_unit)


def _grid_values(grid: Grid, show: str) -> Floats:
    return {"Difference": grid.difference, "Plan shown": grid.proposed}.get(show, grid.agreed)


def grid_table(grid: Grid, show: str, single: int = 0) -> PlanTable:
    """One measure by name and month: the difference, the plan shown or the reference, with totals of flows.

    Months stand in columns as in sheets, of which `single` is what the company set; a ratio of several months is
    no figure of them, so that each of its months has a column.
    """
    entry, flow = grid.entry, grid.entry.kind == "flow"
    telescope = Telescope(grid.months, 0, single=len(grid.months) if entry.kind == "ratio" else single)
    base, new = (_in_columns(values, telescope, entry.kind) for values in (grid.agreed, grid.proposed))
    values = {"Difference": new - base, "Plan shown": new}.get(show, base)
    column = measure_col(entry, signed=show == "Difference", quiet=True)
    if entry.unit == "currency" and bucket_of(grid.months[0]) is WEEK:
        # What differs in a week is a quarter of what does in a month.
        column = replace(column, decimals=_FINE)
    rows: list[TableRow] = [
        (name, *(Cell(value, column) for value in (*row, *([np.nansum(row)] * flow))))
        for name, row in zip(grid.names, values, strict=True)
    ]
    # Units of different families are not added up: money of the same is a measure of its own.
    if flow and len(grid.names) > 1 and entry.unit != "units":
        total = np.nansum(values, axis=0)
        rows.append((Cell("Total", strong=True), *(Cell(value, column) for value in (*total, total.sum()))))
    titles = [Col[Any](title) for title in (*telescope.titles, *(["Total"] * flow))]
    heads = texts(entry.grain[0].capitalize() if entry.grain else "Company")
    return PlanTable(worded(f"{entry.label} by month, {show.lower()}"), (*heads, *titles), tuple(rows))


def _in_columns(values: Floats, telescope: Telescope, kind: Literal["flow", "stock", "ratio", "peak"]) -> Floats:
    """Figures by name and month (n, T) in the columns of a telescope; flows and peaks of what is known."""

    def figure(row: Floats, span: slice) -> float:
        part = row[span]
        known = part if kind in ("stock", "ratio") else part[np.isfinite(part)]
        return over(known, slice(None), "stock" if kind == "ratio" else kind)

    return np.array([[figure(row, span) for span in telescope.spans] for row in values])


def span_words(months: Sequence[str]) -> str:
    """The first and the last of some months: 'Dec 26 – Jan 27'."""
    first, last = period_short(months[0]), period_short(months[-1])
    return first if first == last else f"{first} – {last}"


def stability_table(rows: Sequence[FenceChange]) -> PlanTable:
    """How much of what was agreed moved, by time fence: of several families in money."""
    form: Form = "money" if any(row.at for row in rows) else "units"
    return Declared[FenceChange](
        "Plan stability by time fence",
        (
            Col("Fence", "text", lambda row: FENCE_NAMES[row.fence]),
            Col(worded("Months"), "text", lambda row: span_words(row.months)),
            Col("Agreed", form, lambda row: row.agreed, suffix="units" if form == "units" else ""),
            Col("Changed", form, lambda row: row.changed, bare=True),
            Col("Changed", "service", lambda row: row.share),
        ),
        "There are fences once a plan with production has been agreed.",
    ).of(rows)


def stability_note(rows: Sequence[FenceChange]) -> str:
    """What the table of fences counts."""
    at = next((row.at for row in rows if row.at), "")
    what = f"Production that moved {at}" if at else "Units that moved"
    return f"{what}, of what was agreed; by family, up and down alike"


BREACHES = Declared[Breach](
    "Changes inside the time fences",
    (
        Col("Month", "text", lambda row: period_short(row.month)),
        Col(
            "Fence",
            "text",
            lambda row: Cell(FENCE_NAMES[row.fence], tone="bad" if row.fence == "frozen" else None),
        ),
        Col("Family", "text", lambda row: row.name),
        Col("Supply", "text", lambda row: row.measure),
        Col("Agreed, units", get=lambda row: row.agreed),
        Col("Plan shown", get=lambda row: row.proposed),
        Col("Difference", get=lambda row: row.proposed - row.agreed, signed=True),
    ),
)
"""Changes of agreed supply in months that are frozen or need approval."""


def assumptions_table(changes: Sequence[AssumptionChange], currency: str) -> PlanTable:
    """Assumptions that differ: what, for whom, from what to what, since which month, whose, why."""
    return Declared[AssumptionChange](
        "Assumptions changed since the agreed plan",
        (
            Col("Assumption", "text", lambda row: assumption(row.key).label),
            Col("For", "text", lambda row: row.scope or "company"),
            Col("Agreed", get=lambda row: _value(row.key, row.was, row.was_from, currency)),
            Col("Now", get=lambda row: Cell(_value(row.key, row.now, row.now_from, currency), strong=True)),
            Col("Owner", "text", lambda row: assumption(row.key).owner.title),
            Col("Reason", "text", lambda row: Cell(row.reason or MISSING, note=row.by)),
        ),
        "No assumption differs from the plan compared with.",
    ).of(changes)


def _value(key: str, value: float | None, start: str, currency: str) -> str:
    told = "default" if value is None else value_text(assumption(key), value, currency)
    return f"{told} from {period_short(start)}" if start else told


def fence_sentence(changes: Changes) -> str:
    """The time fences and what is changed inside them, in one sentence; empty where there is nothing agreed."""
    if not changes.stability:
        return ""
    parts = [
        f"{percent(row.share, 1)} in {span_words(row.months)} ({FENCE_NAMES[row.fence]})"
        for row in changes.stability
        if row.share is not None
    ]
    return f"Of the production agreed changed: {', '.join(parts)}."
