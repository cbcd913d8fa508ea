"""The tables of the Outlook page: outside events, targets, ranges by horizon, by span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sop.analysis.ranges.claims import TrackRecord
from sop.analysis.ranges.projections import Horizon, Projection, Targets
from sop.core.calendar import Calendar
from sop.core.format import MoneyFormat
from sop.core.money import MINOR
from sop.core.plan import Worst
from sop.core.present import Cell, Col, Declared, PlanTable, TableRow, texts
from sop.core.terms import owner_title
from sop.portfolio.outside_in import EventStake
from sop.views.executive.outside_in import USE_WORDS, event_effect, event_window
from sop.views.executive.range_words import chance_words, drivers_text
from sop.views.measure_columns import headline_col, worst_text

_NO_EVENTS = (
    "No outside events are loaded. Load events on the Data page: what customers, partners, competitors and the "
    "market may do, with probability, months and effect; each is then worth its money here, and in the range of "
    "every figure."
)


def events_table(stakes: Sequence[EventStake], profit: str, calendar: Calendar, money: MoneyFormat) -> PlanTable:
    """Outside events, most expected of them first; `profit` names the profit at stake."""
    columns: tuple[Col[EventStake], ...] = (
        Col("Event", "text", lambda stake: _event(stake, calendar)),
        Col("Counts", "text", lambda stake: USE_WORDS[stake.use].capitalize()),
        Col("Chance", "percent", lambda stake: stake.probability),
        Col(f"At stake, {profit}", "money", lambda stake: stake.profit, signed=True, bar=True, width="11rem"),
        Col("Expected", "money", lambda stake: stake.expected, signed=True, better=1),
        Col("Revenue", "money", lambda stake: stake.revenue, signed=True),
        Col("Mitigation", "text", lambda stake: _mitigation(stake, money)),
        Col("Owner", "text", lambda stake: owner_title(stake.event.owner)),
    )
    return Declared("Outside events", columns, _NO_EVENTS).of(stakes)


def _event(stake: EventStake, calendar: Calendar) -> Cell:
    event = stake.event
    words = (event.name, event.source, event_effect(event), event_window(event, calendar))
    return Cell(event.title or event.name, note=" · ".join(words))


def _mitigation(stake: EventStake, money: MoneyFormat) -> Cell:
    event, pays = stake.event, stake.mitigation_pays
    known = event.mitigation_cost == event.mitigation_cost
    cost = f"costs {money.full(event.mitigation_cost * MINOR)}" if known else "its cost is not known"
    worth = "" if pays is None else f": {'less' if pays else 'more'} than the loss expected"
    return Cell(event.mitigation, note=cost + worth) if event.mitigation else Cell(None)


def targets_table(targets: Targets, worst: Mapping[str, Worst]) -> PlanTable:
    """The chance of each target, and of all of a kind at once; `worst`: who is behind the plan's service worst."""
    rows: list[TableRow] = []
    for row in targets.rows:
        column = headline_col(row.headline)
        who = worst_text(row.headline, worst.get(row.headline.key))
        levels = Cell(None, column), Cell(row.mark, column), Cell(row.plan, column, note=who)
        rows.append((row.kind, *levels, chance_words(row.chance, row.standard_error)))
    at_once = "revenue, margin, EBIT and cash at once"
    for each in targets.joint:
        words = chance_words(each.chance, each.standard_error)
        rows.append((Cell(each.kind, strong=True), at_once, "", "", Cell(words, strong=True)))
    columns = (*texts("Target", "Measure"), Col("Target value"), Col("Plan"), Col("Chance"))
    empty = "No budget and no agreed plan to reach: load budget, or agree a plan."
    return PlanTable("Chance of each target", columns, tuple(rows), empty)


def projections_table(
    projections: Sequence[Projection],
    span: Horizon,
    money: MoneyFormat,
    worst: Mapping[str, Worst],
    record: TrackRecord,
) -> PlanTable:
    """Every headline measure over one span: plan, range, how often its past ranges held, and its worst tenth.

    `worst`: who is behind the plan's service worst over this span.
    """
    rows: list[TableRow] = []
    for row in projections:
        if row.horizon == span:
            column = headline_col(row.headline)
            figures = (row.plan, row.p10, row.p50, row.p90, row.shortfall)
            who = worst_text(row.headline, worst.get(row.headline.key))
            cells = [
                Cell(value, column, strong=at == 0, note="" if at else who) for at, value in enumerate(figures)
            ]
            held = [Cell(record.share_of(row.headline.key))] if record.rows else []
            rows.append((Cell(None, column), *cells, drivers_text(row.headline, row.drivers, money), *held))
    titles = [Col[Any](title) for title in ("Plan", "Low, P10", "Middle, P50", "High, P90", "Worst tenth, mean")]
    past = [Col[Any]("Past ranges held", "percent")] if record.rows else []
    return PlanTable("Projections", (*texts("Measure"), *titles, *texts("Most of it from"), *past), tuple(rows))
