"""An import of a table: what is asked for, what it changes or would change, and the table that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar
from sop.core.findings import Finding
from sop.core.format import exact_number, how_many, number
from sop.core.tables import Table, table
from sop.core.words import sha256_hex
from sop.intake.across_orders import WATCHED
from sop.intake.assemble import book_findings
from sop.intake.check import Checked, Progress, check_table, untold
from sop.intake.coded import key_ids
from sop.intake.differences import Difference, compare_tables
from sop.intake.headers import LEAVE_OUT, plain_header
from sop.intake.sources import LASTING_BY_NAME
from sop.intake.subject import Mode, RawTable, conform, staying
from sop.intake.turn import without_months


@dataclass(frozen=True)
class ImportRequest:
    """What is to be imported and how.

    `source`: a path, or the bytes of an upload called `name`. `mapping`: header → contract column; `set_values`:
    column → one value for all rows; both are put over what was remembered. `until`: last month to import.
    `mode`: what the file replaces (`sop.intake.subject.Mode`). `answers` by question (`intake.check.QUESTIONS`).
    `origin`: the named source it comes from, by which it is remembered, and `file_at` when its file was written.
    """

    table: str
    source: Path | str | bytes
    name: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    set_values: Mapping[str, str] = field(default_factory=dict)
    until: str | None = None
    mode: Mode = "periods"
    answers: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    file_at: str = ""

    @property
    def remembered_by(self) -> str:
        """What a named source is remembered by; empty where it is known by its headers."""
        return f"source {self.origin}" if self.origin else ""


@dataclass(frozen=True)
class RememberedMapping:
    """How a source of a table was read: its column names → the contract's, contract column → one value, answers.

    `source` is `source_of` its files, or says which named source it is. Only answers that hold for the next file
    of the same source are kept.
    """

    table_name: str
    columns: dict[str, str]
    set_values: dict[str, str]
    source: str = ""
    answers: dict[str, str] = field(default_factory=dict)


_CHECKED = 0.85
"""Share of an import's preparation that checking its file takes."""
LASTING = (
    *("decimal", "date_order", "late_hours", "same_key", "month_values", "periods", "encoding", "sheet"),
    *("blank_labels", "dashes", "units"),
)
"""Questions whose answers hold for every file of a source."""


def source_of(raw: RawTable) -> str:
    """What tells the files of one source: the digest of their headers, in whatever order; months are all alike."""
    headers = {plain_header(header) for header in without_months(raw)}
    return sha256_hex("\x1f".join(sorted(headers)).encode())


def remember(report: ImportReport, raw: RawTable) -> RememberedMapping:
    """What is kept of an import for the next file of its source."""
    used = {theirs: ours for theirs, ours in report.checked.mapping_used.items() if theirs != ours}
    used |= {theirs: ours for theirs, ours in report.request.mapping.items() if ours == LEAVE_OUT}
    given = report.answers
    questions = LASTING_BY_NAME if report.request.origin else LASTING
    lasting = {question: given[question] for question in questions if question in given}
    if given.get("duplicates") == "add":
        lasting |= {"duplicates": "add"}
    source = report.request.remembered_by or source_of(raw)
    return RememberedMapping(report.request.table, used, dict(report.set_values), source, lasting)


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do in a preview.

    `accepted`: no error and no open question. `imported`: the table is stored now. `changed`: the import changes
    what is stored. `answers`: the request's over those remembered of the source. `rows_after`: rows of the whole
    table afterwards. `across`: what the table then says against others; it stands against no import, and is told
    again with the plan.
    """

    request: ImportRequest
    file: str
    checked: Checked
    difference: Difference
    set_values: Mapping[str, str]
    answers: Mapping[str, str]
    rows_after: int
    imported: bool = False
    across: tuple[Finding, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the file may be imported."""
        return self.checked.ok

    @property
    def changed(self) -> bool:
        """Whether the import changes what is stored."""
        return self.accepted and not self.difference.is_empty

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings, like ones folded, the worst first, then those across tables."""
        return (*self.checked.findings, *self.across)

    @property
    def message(self) -> str:
        """The outcome in one sentence."""
        where = f"{self.request.table} from {self.file}"
        if not self.accepted:
            stops = sum(f.count for f in self.findings if f.level in ("error", "question"))
            return (
                f"{where}: refused, nothing was changed; "
                f"{how_many(number(stops), 'findings', 'stand')} against it."
            )
        aside = self.checked.set_aside
        of = " of actuals" if self.request.table == "financials" else ""
        rows = f"{how_many(number(aside), 'rows')}{of}"
        later = f"; {rows} after {self.request.until} set aside" if aside else ""
        if not self.changed:
            return f"{where}: the same rows are stored already, nothing changed{later}."
        d = self.difference
        counts = (
            f"{number(d.added)} added, {number(d.changed)} changed, {number(d.unchanged)} unchanged, "
            f"{number(d.removed)} removed"
        )
        done = "imported" if self.imported else "would be imported"
        return f"{where}: {how_many(number(len(self.checked.frame)), 'rows')} {done} ({counts}){later}."

    @property
    def total_lines(self) -> tuple[str, ...]:
        """The totals of the file and of what it leads to, a column a line; none of a file that is refused."""
        return tuple(
            f"{total.column}: {exact_number(total.file, 12)} in the file, "
            f"{exact_number(total.result, 12)} in the result"
            + (f", {exact_number(total.left_out, 12)} left out" if total.left_out else "")
            for total in self.checked.totals
            if self.accepted
        )

    def fields(self) -> dict[str, Any]:
        """The report as plain fields, for JSON; `rows` lists every finding row by row."""
        d, c = self.difference, self.checked
        return {
            "table": self.request.table,
            "file": self.file,
            "mode": self.request.mode,
            "accepted": self.accepted,
            "imported": self.imported,
            "changed": self.changed,
            "message": self.message,
            "rows_read": c.rows_read,
            "rows_imported": len(c.frame) if self.accepted else 0,
            "rows_after": self.rows_after,
            "difference": {"added": d.added, "changed": d.changed, "unchanged": d.unchanged, "removed": d.removed},
            "moved": {kind: asdict(moved) for kind, moved in d.moved.items()},
            "set_aside": c.set_aside,
            "until": self.request.until,
            "true_zeros": c.true_zeros,
            "missing_months": list(c.missing_months),
            "openings_filled": c.opening_filled,
            "totals": [asdict(total) for total in c.totals],
            "mapping": dict(c.mapping_used),
            "set_values": dict(self.set_values),
            "unknown_columns": list(c.unknown_columns),
            "findings": [finding.fields() for finding in self.findings],
            "rows": [finding.fields() for finding in c.all_findings],
        }


@dataclass(frozen=True)
class UndoReport:
    """What is current after an undo; `file` is empty where the table is."""

    table: str
    rows: int
    file: str

    @property
    def message(self) -> str:
        """The outcome in one sentence."""
        if not self.file:
            return f"{self.table}: the last import is undone, the table is empty again."
        return (
            f"{self.table}: the last import is undone, the {how_many(number(self.rows), 'rows')} from "
            f"{self.file} are back."
        )

    def fields(self) -> dict[str, Any]:
        """The report as plain fields, for JSON."""
        return {**asdict(self), "message": self.message}


@dataclass(frozen=True)
class TableVersion:
    """One imported content. `sha256` is of its canonical CSV, `file_sha256` of the file it came in."""

    id: int
    table_name: str
    sha256: str
    row_count: int
    file_name: str
    file_sha256: str
    mode: str
    imported_at: str
    by: str
    findings: list[dict[str, Any]]
    cycle: str | None


def prepare_import(
    request: ImportRequest,
    raw: RawTable,
    calendar: Calendar,
    tables: Mapping[str, pd.DataFrame],
    remembered: RememberedMapping | None,
    time_zone: str | None = None,
    progress: Progress = untold,
) -> tuple[ImportReport, pd.DataFrame]:
    """The report of a file that is not stored yet, and the whole table that it leads to; the rows of `raw` go.

    `tables`: what is stored now, by name; `remembered`: None before the first import of the table;
    `time_zone`: the company's, None while nobody has said it; `progress` is told the share done.
    """
    spec = table(request.table)
    mapping, set_values = _with_remembered(request, raw, remembered)
    same = remembered is not None and remembered.source == (request.remembered_by or source_of(raw))
    known = remembered.answers if remembered is not None and same else {}
    zone = {"time_zone": time_zone} if time_zone else {}
    answers = {**zone, **known, **request.answers}
    checked = check_table(
        spec,
        raw,
        first_open=calendar.first_open,
        mapping=mapping,
        set_values=set_values,
        tables=tables,
        until=request.until,
        answers=answers,
        mode=request.mode,
        fiscal_start=calendar.fiscal_start,
        progress=lambda share: progress(share * _CHECKED),
    )
    stored = tables.get(spec.name)
    before = checked.frame.iloc[:0] if stored is None else stored
    raw.let_go()
    # A refused file changes nothing.
    after = merge_tables(spec, stored, checked.frame, request.mode) if checked.ok else before
    products = after if spec.name == "products" else tables.get("products")
    difference = compare_tables(spec, before, after, calendar.first_open, products)
    across = book_findings({**tables, spec.name: after}, calendar) if checked.ok and spec.name in WATCHED else ()
    return (
        ImportReport(request, raw.name, checked, difference, set_values, answers, len(after), across=across),
        after,
    )


def _with_remembered(
    request: ImportRequest, raw: RawTable, remembered: RememberedMapping | None
) -> tuple[dict[str, str], dict[str, str]]:
    """The request's mapping and values over the remembered ones, as far as those fit this file."""
    if remembered is None:
        return dict(request.mapping), dict(request.set_values)
    taken = {*request.mapping.values(), *request.set_values, *map(plain_header, raw.columns)}
    columns = {
        theirs: ours
        for theirs, ours in remembered.columns.items()
        if theirs in raw.columns and theirs not in request.mapping and ours not in taken
    }
    taken |= set(columns.values())
    values = {name: value for name, value in remembered.set_values.items() if name not in taken}
    return {**columns, **request.mapping}, {**values, **request.set_values}


def merge_tables(spec: Table, stored: pd.DataFrame | None, new: pd.DataFrame, mode: Mode) -> pd.DataFrame:
    """The whole table after the import: what stays of the stored rows (`staying`), and `new` over it by key."""
    kept = staying(spec, None if stored is None else conform(spec, stored), new, mode)
    if kept is None:
        return new
    after = conform(spec, new)
    ours, theirs = key_ids(spec, kept, after)
    kept = kept[~np.isin(ours, theirs)]
    return pd.concat([kept, after], ignore_index=True) if len(kept) else after
