"""Bringing all sources up to date at once: what each would change, and whether anything stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop.core.calendar import worded
from sop.core.format import how_many, number
from sop.core.tables import TABLES
from sop.intake.incoming import ImportReport, ImportRequest
from sop.intake.sources import DataSource

_PLACE = {spec.name: i for i, spec in enumerate(TABLES)}
KINDS: Mapping[str, str] = {"added": "added", "changed": "changed", "removed": "gone", "restated": "restated"}
"""What becomes of rows, and the words for it."""


@dataclass(frozen=True)
class Outcome:
    """What a source brings: the report of its import, or the sentence that says why there is none."""

    source: DataSource
    report: ImportReport | None = None
    refusal: str = ""

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against it."""
        return self.report is not None and self.report.accepted

    @property
    def why_not(self) -> str:
        """What stands against it, in a sentence; empty where nothing does."""
        if self.report is None or self.accepted:
            return self.refusal
        stops = [finding for finding in self.report.findings if finding.level in ("error", "question")]
        more = f" And {len(stops) - 1} more." if len(stops) > 1 else ""
        return f"{self.source.name}: {stops[0]}{more}"


@dataclass(frozen=True)
class RefreshReport:
    """What bringing all sources up to date did, or would do in a dry run; all of it or nothing.

    `outcomes` stand in the order of the contract's tables. `stored`: it is done.
    """

    outcomes: tuple[Outcome, ...]
    stored: bool = False

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against any of them."""
        return all(outcome.accepted for outcome in self.outcomes)

    @property
    def reports(self) -> tuple[ImportReport, ...]:
        """The reports of sources that could be read."""
        return tuple(outcome.report for outcome in self.outcomes if outcome.report is not None)

    @property
    def message(self) -> str:
        """The outcome in one sentence."""
        refused = [outcome for outcome in self.outcomes if not outcome.accepted]
        if refused:
            count = f"{len(refused)} of {how_many(len(self.outcomes), 'sources')} cannot be brought up to date"
            return f"{count}, so nothing was changed. {refused[0].why_not}"
        changed = [report for report in self.reports if report.changed]
        many = len(self.outcomes) > 1
        what = ("are brought" if many else "is brought") if self.stored else "would be brought"
        counts = {
            kind: sum(getattr(report.difference, kind) for report in changed)
            for kind in ("added", "changed", "removed")
        }
        rows = ", ".join(f"{number(count)} {KINDS[kind]}" for kind, count in counts.items())
        restated = sum(report.difference.moved["restated"].rows for report in changed)
        tail = worded(f"; {number(restated)} of them restate closed months") if restated else ""
        if not changed:
            return f"{_sources(len(self.outcomes))} up to date already: nothing changed."
        return f"{len(self.outcomes)} source{'s' * many} {what} up to date: {how_many(rows, 'rows')}{tail}."

    def fields(self) -> dict[str, Any]:
        """The report as plain fields, for JSON."""
        return {
            "accepted": self.accepted,
            "stored": self.stored,
            "message": self.message,
            "sources": [
                {
                    "source": outcome.source.name,
                    "table": outcome.source.table_name,
                    "refusal": outcome.why_not,
                    "report": None if outcome.report is None else outcome.report.fields(),
                }
                for outcome in self.outcomes
            ],
        }


def _sources(count: int) -> str:
    return how_many(count, "sources", "are")


def in_order(sources: tuple[DataSource, ...]) -> tuple[DataSource, ...]:
    """Sources in the order in which their tables refer to each other, the contract's."""
    return tuple(sorted(sources, key=lambda source: (_PLACE[source.table_name], source.name)))


def request_of(source: DataSource, content: bytes, name: str, file_at: str, until: str | None) -> ImportRequest:
    """The import of what a source holds now; mapping and answers are those remembered of it."""
    return ImportRequest(
        source.table_name, content, name, until=until, mode=source.mode, origin=source.name, file_at=file_at
    )
