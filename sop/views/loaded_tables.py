"""The tables of the contract as the company has them, and how complete that is in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sop.core.calendar import period_name, period_short, worded
from sop.core.findings import Finding, finding_of
from sop.core.format import day_text, how_many, number
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.tables import ACTUALS
from sop.intake.completeness import TableState
from sop.intake.gather import Total
from sop.intake.incoming import TableVersion


@dataclass(frozen=True)
class FoundKind:
    """What was found of one kind, and the money of the rows that it is about, currency; None where not known."""

    finding: Finding
    money: float | None


@dataclass(frozen=True)
class LoadedTable:
    """One table of the contract, with the import it comes from; None where nothing was ever imported."""

    state: TableState
    version: TableVersion | None
    imported_by: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found when the table was imported, like findings folded."""
        return tuple(kind.finding for kind in self.kinds)

    @property
    def kinds(self) -> tuple[FoundKind, ...]:
        """The same with the money that each is about; not known of imports before it was counted."""
        rows = self.version.findings if self.version else []
        return tuple(FoundKind(finding_of(row), row.get("money")) for row in rows)

    @property
    def warnings(self) -> int:
        """How many warnings its import left."""
        return sum(finding.count for finding in self.findings if finding.level == "warning")


@dataclass(frozen=True)
class DataState:
    """All tables in the order of the contract; `last_closed` is the month that actuals must reach."""

    tables: tuple[LoadedTable, ...]
    last_closed: str

    @property
    def loaded(self) -> tuple[LoadedTable, ...]:
        """Tables with rows."""
        return tuple(table for table in self.tables if table.state.loaded)

    @property
    def missing(self) -> tuple[LoadedTable, ...]:
        """Tables without rows."""
        return tuple(table for table in self.tables if not table.state.loaded)


def _state(status: str) -> Cell:
    return Cell(status, tone=None if status in ("up to date", "loaded") else "bad")


def _span(state: TableState) -> str | None:
    months = (state.first_month, state.last_month)
    return " – ".join(period_short(month) for month in months) if state.first_month else None


def _origin(table: LoadedTable) -> Cell:
    version = table.version
    note = f"{day_text(version.imported_at)}, {table.imported_by}" if version else ""
    return Cell(version.file_name if version else None, note=note)


LOADED = Declared[LoadedTable](
    "Tables that are loaded",
    (
        Col("Table", "text", lambda each: Cell(each.state.table, note=worded(each.state.meaning))),
        Col("Rows", get=lambda each: each.state.rows),
        Col("Months", "text", lambda each: _span(each.state)),
        Col("State", "text", lambda each: _state(each.state.status)),
        Col("Empty columns", "text", lambda each: ", ".join(each.state.empty_columns) or None),
        Col("From", "text", _origin),
        Col("Warnings", get=lambda each: each.warnings or ""),
    ),
)
"""What is loaded: rows, months, freshness, columns that nobody fills, and where it came from."""

NOT_LOADED = Declared[LoadedTable](
    "Tables that are not loaded",
    (
        Col("Table", "text", lambda each: Cell(each.state.table, note=worded(each.state.meaning))),
        Col(
            "Would unlock",
            "text",
            lambda each: Cell("every plan: needed", tone="bad") if each.state.needed else each.state.unlocks,
        ),
    ),
)
"""What is not loaded and what each table would unlock."""

ON_SCREEN = {
    "mapping": "Say yes if all of them are right, else choose the columns yourself",
    "missing_column": "Choose its column above, or write one value for every row",
    "periods": "Choose what they are, else write months as YYYY-MM",
    "months_turned": "If they are another figure, write its name into each header, such as 2026-01 revenue",
    "month_values": "Choose which figure they are",
    "removed_rows": "Let the file add to the table to keep them, or type how many are deleted",
    "rows_go": "Let the file add to the table to keep them",
    "missing_months": "Bring these months, or say that nothing is known of them",
    "decimal": "Choose the decimal mark",
    "date_order": "Choose whether day or month comes first",
    "time_zone": "Choose the company's; it is asked once",
    "late_hours": "Say whether they are late on the day that is written, or the start of the next one",
    "duplicates": "Say whether they are copies or separate",
    "same_key": "Add them up if they are separate, else keep the right one",
    "damaged_keys": "Format the column as text and export it again, or say that it is meant so",
    "negative_sales": "Say that they are returns if more came back than was sold, else mend the sign",
    "blank_labels": "Say that the label above holds for them, else fill the cells",
    "dashes": "Say what a dash stands for",
    "units": "Say that all count the same, else write plain figures",
    "sheet": "Choose the one that holds the table",
    "encoding": "Choose the one that reads right",
    "open_month": "Set later rows aside above",
}
"""Rules whose remedy is spelt for the command line, with what to do on a page."""


def remedy_on_screen(finding: Finding) -> str:
    """How to mend what was found, without the words of the command line; nothing where nothing is to be done."""
    return ON_SCREEN.get(finding.rule, finding.remedy) if finding.remedy else ""


FINDINGS = Declared[Finding](
    "Findings",
    (
        Col("Level", "text", lambda f: Cell(f.level, tone="bad" if f.level in ("error", "question") else None)),
        Col("Line", get=lambda f: None if f.count > 1 else f.line),
        Col("Column", "text", lambda f: f.column),
        Col("What", "text", lambda f: f.what),
        Col("Value", "text", lambda f: f.value),
        Col("How to mend it", "text", remedy_on_screen),
    ),
)
"""Findings with where, what, value and remedy."""

KINDS = Declared[FoundKind](
    "Findings by kind",
    (
        Col("Level", "text", lambda k: Cell(k.finding.level, tone="bad" if k.finding.level == "error" else None)),
        Col("Column", "text", lambda k: k.finding.column),
        Col("What", "text", lambda k: Cell(k.finding.what, note=k.finding.value)),
        Col("Rows", get=lambda k: k.finding.count),
        Col("Money touched", get=lambda k: None if k.money is None else round(k.money)),
        Col("How to mend it", "text", lambda k: remedy_on_screen(k.finding)),
    ),
)
"""Findings by kind: how many rows each is about, and how much money, the most first within a level."""

_LEVELS = ("error", "question", "warning", "note")


def kinds_table(kinds: Sequence[FoundKind]) -> PlanTable:
    """Kinds of findings, like sentences as one, by level and then by the money that they are about."""
    found = fold_alike(kinds)
    return KINDS.of(sorted(found, key=lambda k: (_LEVELS.index(k.finding.level), -(k.money or 0.0))))


def fold_alike(kinds: Iterable[FoundKind]) -> list[FoundKind]:
    """Findings of one sentence as one, with the list of their lines, their rows and money added up."""
    groups: dict[tuple[str, ...], list[FoundKind]] = {}
    for kind in kinds:
        f = kind.finding
        groups.setdefault((f.level, f.rule, f.column, f.what, f.remedy), []).append(kind)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: Sequence[FoundKind]) -> FoundKind:
    first = group[0].finding
    if len(group) == 1:
        return group[0]
    places = "; ".join(
        f"line {k.finding.line}" + (f": {k.finding.value}" if k.finding.value else "") for k in group
    )
    amounts = [kind.money for kind in group if kind.money is not None]
    count = sum(kind.finding.count for kind in group)
    return FoundKind(replace(first, line=None, value=places, count=count), sum(amounts) if amounts else None)


TOTALS: Declared[Total] = Declared(
    "Totals of the file and of the result",
    (
        Col("Column", "text", lambda total: total.column),
        Col("In the file", get=lambda total: total.file),
        Col("Left out", get=lambda total: total.left_out),
        Col("In the result", get=lambda total: total.result),
    ),
)
"""Columns that add up: the file's total is what is left out and the result."""

SHOWN_FINDINGS = 50


def findings_table(findings: Sequence[Finding]) -> PlanTable:
    """At most fifty findings, those of one sentence as one, the worst first as they come."""
    findings = [kind.finding for kind in fold_alike(FoundKind(finding, None) for finding in findings)]
    table, more = FINDINGS.of(findings[:SHOWN_FINDINGS]), len(findings) - SHOWN_FINDINGS
    left_out = (("", "", "", f"… and {more} more", "", ""),) if more > 0 else ()
    return replace(table, rows=table.rows + left_out)


def data_message(state: DataState) -> str:
    """How many tables are loaded, whether actuals reach the last closed month, and how many warnings stand."""
    loaded, month = state.loaded, period_name(state.last_closed)
    if not loaded:
        return "Nothing is loaded yet: products and sales_actuals are the minimum for a first plan."
    wanting = [table.state.table for table in state.missing if table.state.needed]
    text = f"{len(loaded)} of {how_many(len(state.tables), 'tables', 'are')} loaded; "
    if wanting:
        return text + f"{' and '.join(wanting)} {'is' if len(wanting) == 1 else 'are'} needed for a first plan."
    behind = _behind(loaded)
    text += worded(f"actuals reach {month}, the last closed month") + (f", except {behind}" if behind else "")
    warnings = sum(table.warnings for table in loaded)
    return text + (f"; {how_many(number(warnings), 'warnings')} to look at." if warnings else ".")


def _behind(loaded: Sequence[LoadedTable]) -> str:
    """The actuals that end too early: 'inventory and indicators'."""
    return " and ".join(t.state.table for t in loaded if t.state.table in ACTUALS and t.state.months_behind)
