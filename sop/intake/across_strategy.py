"""Findings across tables about launches, initiatives and events: what no file alone could tell.

Each import holds its own file to the contract (limits, choices, references). What is wrong only beside the
calendar, the other tables or another row of the same plan is found here, when the tables are put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar
from sop.core.findings import Finding, Level
from sop.core.inputs import RAMP_RECORD, Inputs
from sop.intake.blocks.arrays import Row, read_rows, row_number, row_text

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class TablePlace:
    """Where a row came from, for the findings about it."""

    table: str
    row: Row

    def finding(
        self, level: Level, rule: str, what: str, remedy: str, column: str = "", value: str = ""
    ) -> Finding:
        """A finding about this row."""
        line = self.row.get("_line")
        return Finding(
            level, rule, what, remedy, self.table, row_text(self.row, "_file"),
            None if line is None else int(str(line)), column, value,
        )  # fmt: skip


def check_strategy(inputs: Inputs, frames: Frames) -> list[Finding]:
    """Every finding about launches, initiatives and events that needs more than one table."""
    return [
        *_launches(inputs, frames),
        *_order_of_gates(inputs.calendar, frames),
        *_order_of_milestones(inputs.calendar, frames),
        *_benefits(inputs, frames),
        *_events(inputs, frames),
    ]


# -- launches


def _launches(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    planned = {launch.name for launch in inputs.launches or ()}
    for row in read_rows(frames.get("launches"), "launch"):
        name, place = row_text(row, "launch"), TablePlace("launches", row)
        if name not in planned:
            what = f"launch {name} is left out: neither its family, its product nor its like product is known"
            yield place.finding("warning", "launch_left_out", what, "Name a family of products", "family")
        region = row_text(row, "region")
        if region and region not in inputs.regions:
            what = f"launch {name} names a region without sales, so it is spread over all regions"
            yield place.finding(
                "warning", "launch_region", what, "Name a region of sales_actuals", "region", region
            )
        yield from _like_product(inputs, place)
        yield from _cannibalisation(inputs, place)
    yield from _launch_months(inputs)


def _like_product(inputs: Inputs, place: TablePlace) -> Iterator[Finding]:
    """A ramp that is to follow a product whose first months on sale are not known."""
    like = row_text(place.row, "like_product")
    if row_text(place.row, "curve") != "like_product":
        return
    known = like in inputs.products.numbers
    first = inputs.products.first_sale[inputs.products.numbers.index(like)] if known else np.nan
    if not -len(inputs.history.months) <= first <= -RAMP_RECORD:
        name = row_text(place.row, "launch")
        what = f"launch {name} is to grow like a product whose first {RAMP_RECORD} months on sale are not known"
        remedy = "Name a product that was launched within the history; until then it grows along an S-curve"
        yield place.finding("warning", "like_product", what, remedy, "like_product", like)


def _cannibalisation(inputs: Inputs, place: TablePlace) -> Iterator[Finding]:
    name, victim = row_text(place.row, "launch"), row_text(place.row, "cannibalises")
    launch = next((found for found in inputs.launches or () if found.name == name), None)
    if launch is None or not victim:
        return
    if launch.family in inputs.families.index(victim):
        what = f"launch {name} takes sales from the family that it belongs to, so that only the rest is added"
        remedy = "Name another family, or name the product that it replaces in `replaces`"
        yield place.finding("warning", "cannibalises_itself", what, remedy, "cannibalises", victim)
    if row_number(place.row, "cannibalisation_pct") <= 0:
        what = f"launch {name} names a family it takes sales from but no share, so it takes nothing"
        yield place.finding("warning", "cannibalisation_share", what, "Fill cannibalisation_pct", "cannibalises")


def _launch_months(inputs: Inputs) -> Iterator[Finding]:
    """Launches whose month is not among the planned ones."""
    calendar = inputs.calendar
    for launch in inputs.launches or ():
        gate = launch.market_gate
        if gate is None:
            what = f"launch {launch.name} has no gate, so nobody knows when it comes and it adds nothing"
            yield Finding("warning", "launch_without_gate", what, "Import its gates", "launch_gates")
        elif gate.actual is None and gate.forecast < 0:
            what = f"launch {launch.name} was expected before {calendar.first_open} and has no actual month"
            remedy = "Enter the month it came, or the month it is now expected"
            yield Finding("warning", "launch_before_horizon", what, remedy, "launch_gates", column="forecast")
        elif gate.actual is None and gate.forecast >= calendar.horizon:
            what = f"launch {launch.name} comes after {calendar.months[-1]} and adds nothing to this plan"
            remedy = "Plan over a longer horizon, or leave it as a later launch"
            yield Finding("note", "launch_after_horizon", what, remedy, "launch_gates", column="forecast")


# -- order of gates and milestones


def _order_of_gates(calendar: Calendar, frames: Frames) -> Iterator[Finding]:
    """A gate that is expected before an earlier one (in order of the baselines)."""
    by_launch: dict[str, list[Row]] = {}
    for row in read_rows(frames.get("launch_gates"), "gate"):
        by_launch.setdefault(row_text(row, "launch"), []).append(row)
    for name, rows in by_launch.items():
        ordered = sorted(rows, key=lambda row: (row_text(row, "baseline"), row_text(row, "gate")))
        for before, row in pairwise(ordered):
            yield from _order("launch_gates", "gate", f"launch {name}", before, row)
    yield from _early_actuals(calendar, "launch_gates", frames)


def _order_of_milestones(calendar: Calendar, frames: Frames) -> Iterator[Finding]:
    """A milestone that comes before the one that must come first."""
    rows = read_rows(frames.get("milestones"), "milestone")
    known = {(row_text(row, "initiative"), row_text(row, "milestone")): row for row in rows}
    for row in rows:
        before = known.get((row_text(row, "initiative"), row_text(row, "after")))
        if before is not None:
            yield from _order("milestones", "milestone", f"initiative {row_text(row, 'initiative')}", before, row)
    yield from _early_actuals(calendar, "milestones", frames)


def _order(table: str, kind: str, owner: str, before: Row, row: Row) -> Iterator[Finding]:
    first, second = row_text(before, kind), row_text(row, kind)
    place, remedy = TablePlace(table, row), "Mend the months, or the order"
    if before is row:
        yield place.finding("warning", f"{kind}_order", f"{owner}: {kind} '{second}' waits for itself", remedy)
    elif row_text(row, "actual") and not row_text(before, "actual"):
        what = f"{owner}: {kind} '{second}' is done and '{first}', which comes first, is not"
        yield place.finding("warning", f"{kind}_order", what, remedy, "actual", row_text(row, "actual"))
    elif (month := _month(row)) and month < _month(before):
        what = f"{owner}: {kind} '{second}' comes before '{first}', which must come first"
        yield place.finding("warning", f"{kind}_order", what, remedy, "forecast", month)


def _month(row: Row) -> str:
    """When it happened, else when it is expected, else when it was first agreed."""
    return row_text(row, "actual") or row_text(row, "forecast") or row_text(row, "baseline")


def _early_actuals(calendar: Calendar, table: str, frames: Frames) -> Iterator[Finding]:
    """What is said to have happened in a month that is still to come."""
    for row in read_rows(frames.get(table), table_key(table)):
        actual = row_text(row, "actual")
        if actual and calendar.position(actual) > 0:
            what = f"'{row_text(row, table_key(table))}' has happened in a month that is still to come"
            remedy = "Enter the month as forecast and leave actual empty"
            yield TablePlace(table, row).finding("warning", "actual_to_come", what, remedy, "actual", actual)


def table_key(table: str) -> str:
    """The column that names a gate or a milestone."""
    return "gate" if table == "launch_gates" else "milestone"


# -- effects


def _benefits(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    for row in read_rows(frames.get("benefits"), "initiative"):
        place, name = TablePlace("benefits", row), f"initiative {row_text(row, 'initiative')}"
        measure = row_text(row, "measure")
        yield from _scope(inputs, place, name)
        if row_text(row, "unit") == "abs" and measure not in ("demand", "capacity_hours"):
            what = f"{name} changes {measure} by an amount; only a percent of it is planned, so it changes nothing"
            yield place.finding("warning", "benefit_unit", what, "Write it as a fraction with unit pct", "unit")


def _events(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    known = {event.name: event for event in inputs.events or ()}
    for row in read_rows(frames.get("events"), "event"):
        event = known.get(row_text(row, "event"))
        if event is None:
            continue
        place, name = TablePlace("events", row), f"event {event.name}"
        yield from _scope(inputs, place, name)
        if not -event.duration < event.start < inputs.calendar.horizon:
            what = f"{name} lies outside the planned months and changes nothing"
            remedy = "Mend start_month or duration_months"
            yield place.finding("note", "event_outside_horizon", what, remedy, "start_month")


def _scope(inputs: Inputs, place: TablePlace, name: str) -> Iterator[Finding]:
    """An effect whose scope names nothing that its measure has."""
    measure, scope = row_text(place.row, "measure"), row_text(place.row, "scope")
    names = measure_scopes(inputs, measure)
    if scope in names or (not scope and names):
        return
    if not names:
        what = f"{name} changes {measure}, of which nothing is loaded, so it changes nothing"
        yield place.finding("note", "effect_without_table", what, "Import the table that it acts on", "measure")
    else:
        what = f"{name} changes {measure} of something that does not exist, so it changes nothing"
        remedy = f"Name one of: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}"
        yield place.finding("warning", "unknown_scope", what, remedy, "scope", scope)


def measure_scopes(inputs: Inputs, measure: str) -> Sequence[str]:
    """The names that an effect on a measure may have as its scope."""
    families = tuple(dict.fromkeys((*inputs.families.names, *inputs.families.base)))
    if measure == "demand":
        return (*families, *inputs.regions)
    if measure == "capacity_hours":
        capacity = inputs.capacity
        return tuple(dict.fromkeys((*capacity.lines, *capacity.line_names))) if capacity else ()
    if measure == "supply":
        return inputs.materials.names if inputs.materials else ()
    return families
