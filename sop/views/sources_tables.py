"""The sources of a company's tables: where each comes from, whose it is, how fresh; and what a refresh changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sop.core.calendar import period_short, worded
from sop.core.format import day_text, how_many
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.intake.differences import Moved
from sop.intake.refresh import KINDS, Outcome, RefreshReport
from sop.intake.sources import DataSource

_SHOWN = 4


def sources_table(sources: Sequence[DataSource], names: Mapping[str, str]) -> PlanTable:
    """Every source; `names` of people by id."""

    def refreshed(source: DataSource) -> Cell:
        if not source.refreshed_at:
            return Cell("never", tone="bad")
        who = names.get(source.refreshed_by, source.refreshed_by)
        return Cell(day_text(source.refreshed_at), note=f"{source.refreshed_at[11:16]} UTC, {who}")

    def content(source: DataSource) -> Cell:
        written = f"written {day_text(source.file_at)}" if source.file_at else ""
        return Cell(source.file or None, note=written)

    return Declared[DataSource](
        "Sources",
        (
            Col("Source", "text", lambda source: Cell(source.name, strong=True)),
            Col("Table", "text", lambda source: source.table_name),
            Col("Comes from", "text", lambda source: source.from_words),
            Col("Owner", "text", lambda source: names.get(source.owner, source.owner)),
            Col("Brought up to date", "text", refreshed),
            Col("What it was then", "text", content),
        ),
        "There is no source yet: add one, and a month's refresh is one click.",
    ).of(sources)


@dataclass(frozen=True)
class _Line:
    outcome: Outcome
    kind: str
    moved: Moved | None


CHANGES = Declared[_Line](
    "What the sources change",
    (
        Col("Source", "text", lambda line: Cell(line.outcome.source.name, note=line.outcome.source.table_name)),
        Col("Rows are", "text", lambda line: _kind(line)),
        Col("Rows", get=lambda line: None if line.moved is None else line.moved.rows),
        Col("Units", get=lambda line: None if line.moved is None else line.moved.units, signed=True),
        Col("Money", get=lambda line: None if line.moved is None else line.moved.money, signed=True),
        Col("Months", "text", lambda line: "" if line.moved is None else months_words(line.moved.months)),
    ),
)
"""By source and kind of change: rows, and the units and money that they move."""


def changes_table(report: RefreshReport) -> PlanTable:
    """What each source adds, changes, takes away and restates; one line where that is nothing."""
    lines: list[_Line] = []
    for outcome in report.outcomes:
        moved = outcome.report.difference.moved if outcome.report is not None and outcome.accepted else {}
        told = [_Line(outcome, kind, moved[kind]) for kind in KINDS if kind in moved and moved[kind].rows]
        lines += told or [_Line(outcome, "", None)]
    return CHANGES.of(lines)


def _kind(line: _Line) -> Cell:
    if line.kind == "restated":
        return Cell("restated", note=worded("closed months that were loaded before"), tone="bad")
    if line.kind:
        return Cell(KINDS[line.kind])
    return Cell("the same") if line.outcome.accepted else Cell("not read", tone="bad")


def months_words(months: Sequence[str]) -> str:
    """Months in short: 'Jan 26, Feb 26', or 'Jan 26 – Dec 26 (9 months)' where they are many."""
    if len(months) <= _SHOWN:
        return ", ".join(map(period_short, months))
    return worded(
        f"{period_short(months[0])} – {period_short(months[-1])} ({how_many(len(months), 'months')})", counted=True
    )
