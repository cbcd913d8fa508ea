"""Findings across tables about launches, initiatives and events: what no file alone could tell.

Each import holds its own file to the contract (limits, choices, references). What is wrong only beside the
calendar, the other tables or another row of the same plan is found here, when the tables are put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from sop.core.calendar import worded
from sop.core.findings import Finding, Level
from sop.core.inputs import RAMP_RECORD, Inputs
from sop.intake.blocks.frames import Frames, Row, read_rows, row_number, row_text


@dataclass(frozen=True)
class _Place:
    """A row of a table, for the findings about it."""

    table: str
    row: Row

    def text(self, column: str) -> str:
        """A cell as text; empty where it is empty."""
        return row_text(self.row, column)

    def finding(self, level: Level, rule: str, what: str, remedy: str, column: str = "") -> Finding:
        """A finding about the row, of one column."""
        line = self.row.get("_line")
        place = self.table, self.text("_file"), None if line is None else int(str(line))
        return Finding(level, rule, what, remedy, *place, column, self.text(column))


def _places(frames: Frames, table: str, key: str) -> list[_Place]:
    """The rows of a table, in order of their key."""
    return [_Place(table, row) for row in read_rows(frames.get(table), key)]


def check_roadmap(inputs: Inputs, frames: Frames) -> list[Finding]:
    """Every finding about launches, initiatives and events that needs more than one table."""
    return [
        *_launches(inputs, frames),
        *_launch_months(inputs),
        *_order_of_gates(frames),
        *_early_actuals(inputs, frames, "launch_gates", "gate"),
        *_order_of_milestones(frames),
        *_early_actuals(inputs, frames, "milestones", "milestone"),
        *_benefits(inputs, frames),
        *_events(inputs, frames),
    ]


# -- launches


def _launches(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    planned = {launch.name: launch for launch in inputs.launches or ()}
    for place in _places(frames, "launches", "launch"):
        name, region, victim = (place.text(column) for column in ("launch", "region", "cannibalises"))
        if name not in planned:
            what = f"launch {name} is left out: neither its family, its product nor its like product is known"
            yield place.finding("warning", "launch_left_out", what, "Name a family of products", "family")
        if region and region not in inputs.regions:
            what = f"launch {name} names a region without sales, so it is spread over all regions"
            yield place.finding("warning", "launch_region", what, "Name a region of sales_actuals", "region")
        if place.text("curve") == "like_product" and not _has_record(inputs, place.text("like_product")):
            what = worded(
                f"launch {name} is to grow like a product whose first {RAMP_RECORD} months on sale are not known"
            )
            remedy = "Name a product that was launched within the history; until then it grows along an S-curve"
            yield place.finding("warning", "like_product", what, remedy, "like_product")
        if not victim or name not in planned:
            continue
        if planned[name].family in inputs.families.index(victim):
            what = f"launch {name} takes sales from the family that it belongs to, so that only the rest is added"
            remedy = "Name another family, or name the product that it replaces in `replaces`"
            yield place.finding("warning", "cannibalises_itself", what, remedy, "cannibalises")
        if row_number(place.row, "cannibalisation_pct") <= 0:
            what = f"launch {name} names a family it takes sales from but no share, so it takes nothing"
            remedy = "Fill cannibalisation_pct"
            yield place.finding("warning", "cannibalisation_share", what, remedy, "cannibalisation_pct")


def _has_record(inputs: Inputs, like: str) -> bool:
    """Whether a product's first months on sale are known."""
    if like not in inputs.products.numbers:
        return False
    first = inputs.products.first_sale[inputs.products.numbers.index(like)]
    return bool(-len(inputs.history.months) <= first <= -RAMP_RECORD)


def _launch_months(inputs: Inputs) -> Iterator[Finding]:
    """Launches whose month is not among the planned ones."""
    calendar = inputs.calendar
    for launch in inputs.launches or ():
        gate = launch.market_gate
        if gate is None:
            what = f"launch {launch.name} has no gate, so nobody knows when it comes and it adds nothing"
            yield Finding("warning", "launch_without_gate", what, "Import its gates", "launch_gates")
        elif gate.actual is None and gate.forecast < 0:
            what = worded(
                f"launch {launch.name} was expected before {calendar.first_open} and has no actual month"
            )
            remedy = worded("Enter the month it came, or the month it is now expected")
            yield Finding("warning", "launch_before_horizon", what, remedy, "launch_gates", column="forecast")
        elif gate.actual is None and gate.forecast >= calendar.horizon:
            what = f"launch {launch.name} comes after {calendar.months[-1]} and adds nothing to this plan"
            remedy = "Plan over a longer horizon, or leave it as a later launch"
            yield Finding("note", "launch_after_horizon", what, remedy, "launch_gates", column="forecast")


# -- order of gates and milestones


def _order_of_gates(frames: Frames) -> Iterator[Finding]:
    """A gate that is expected before an earlier one (in order of the baselines)."""
    in_order = sorted(
        _places(frames, "launch_gates", "gate"),
        key=lambda each: tuple(map(each.text, ("launch", "baseline", "gate"))),
    )
    for name, gates in groupby(in_order, key=lambda each: each.text("launch")):
        for before, gate in pairwise(gates):
            yield from _order(f"launch {name}: gate", "gate", before, gate)


def _order_of_milestones(frames: Frames) -> Iterator[Finding]:
    """A milestone that comes before the one that must come first."""
    milestones = _places(frames, "milestones", "milestone")
    known = {(each.text("initiative"), each.text("milestone")): each for each in milestones}
    for each in milestones:
        before = known.get((each.text("initiative"), each.text("after")))
        if before is not None:
            yield from _order(f"initiative {each.text('initiative')}: milestone", "milestone", before, each)


def _order(owner: str, kind: str, before: _Place, place: _Place) -> Iterator[Finding]:
    first, second, remedy = before.text(kind), place.text(kind), worded("Mend the months, or the order")
    if before is place:
        yield place.finding("warning", f"{kind}_order", f"{owner} '{second}' waits for itself", remedy)
    elif place.text("actual") and not before.text("actual"):
        what = f"{owner} '{second}' is done and '{first}', which comes first, is not"
        yield place.finding("warning", f"{kind}_order", what, remedy, "actual")
    elif (month := _month(place)) and month < _month(before):
        what = f"{owner} '{second}' comes before '{first}', which must come first"
        yield place.finding("warning", f"{kind}_order", what, remedy, "forecast")


def _month(place: _Place) -> str:
    """When it happened, else when it is expected, else when it was first agreed."""
    return place.text("actual") or place.text("forecast") or place.text("baseline")


def _early_actuals(inputs: Inputs, frames: Frames, table: str, key: str) -> Iterator[Finding]:
    """What is said to have happened in a month that is still to come."""
    for place in _places(frames, table, key):
        actual = place.text("actual")
        if actual and inputs.calendar.position(actual) > 0:
            what = worded(f"'{place.text(key)}' has happened in a month that is still to come")
            remedy = worded("Enter the month as forecast and leave actual empty")
            yield place.finding("warning", "actual_to_come", what, remedy, "actual")


# -- effects


def _benefits(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    for place in _places(frames, "benefits", "initiative"):
        name, measure = f"initiative {place.text('initiative')}", place.text("measure")
        yield from _scope(inputs, place, name)
        if place.text("unit") == "abs" and measure not in ("demand", "capacity_hours"):
            what = f"{name} changes {measure} by an amount; only a percent of it is planned, so it changes nothing"
            yield place.finding("warning", "benefit_unit", what, "Write it as a fraction with unit pct", "unit")
        if place.text("unit") != "abs" and row_number(place.row, "amount") < -1:
            what = f"{name} takes more than all of {measure}; nothing is left of it, and not less than nothing"
            remedy = "Write a fraction: -0.05 is five percent less"
            yield place.finding("warning", "takes_more_than_all", what, remedy, "amount")


def _events(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    known = {event.name: event for event in inputs.events or ()}
    for place in _places(frames, "events", "event"):
        if event := known.get(place.text("event")):
            yield from _scope(inputs, place, f"event {event.name}")
            if not -event.duration < event.start < inputs.calendar.horizon:
                what = worded(f"event {event.name} lies outside the planned months and changes nothing")
                remedy = "Mend start_month or duration_months"
                yield place.finding("note", "event_outside_horizon", what, remedy, "start_month")


def _scope(inputs: Inputs, place: _Place, name: str) -> Iterator[Finding]:
    """An effect whose scope names nothing that its measure has."""
    measure, scope = place.text("measure"), place.text("scope")
    names = measure_scopes(inputs, measure)
    if not names:
        what = f"{name} changes {measure}, of which nothing is loaded, so it changes nothing"
        yield place.finding("note", "effect_without_table", what, "Import the table that it acts on", "measure")
    elif scope and scope not in names:
        what = f"{name} changes {measure} of something that does not exist, so it changes nothing"
        remedy = f"Name one of: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}"
        yield place.finding("warning", "unknown_scope", what, remedy, "scope")


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
