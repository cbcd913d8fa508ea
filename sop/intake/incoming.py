"""An import of a table: what is asked for, what it did or would do, and the table that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sop.core.findings import Finding
from sop.core.tables import Table, table
from sop.intake.check import Checked, check_table
from sop.intake.compare import Difference, compare_tables, merge_tables
from sop.intake.headers import plain_header
from sop.intake.subject import Mode, RawTable


@dataclass(frozen=True)
class ImportRequest:
    """What is to be imported and how.

    `source`: a path, or the bytes of an upload called `name`. `mapping`: header → contract column; `set_values`:
    column → one value for all rows; both are put over what was remembered. `until`: last month to import.
    `mode`: replace the table, or add to it by key. `answers`: answers by question (`sop.intake.check.QUESTIONS`).
    """

    table: str
    source: Path | str | bytes
    name: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    set_values: Mapping[str, str] = field(default_factory=dict)
    until: str | None = None
    mode: Mode = "replace"
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RememberedMapping:
    """How the last file of a table was read: its column names → the contract's, contract column → one value."""

    table_name: str
    columns: dict[str, str]
    set_values: dict[str, str]


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do in a preview.

    `accepted`: no error and no open question. `imported`: the table is stored now. `changed`: the import changes
    what is stored. `rows_after`: rows of the whole table afterwards.
    """

    request: ImportRequest
    file: str
    checked: Checked
    difference: Difference
    set_values: Mapping[str, str]
    rows_after: int
    imported: bool = False

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
        """Findings, like ones folded, the worst first."""
        return self.checked.findings

    @property
    def message(self) -> str:
        """The outcome in one sentence."""
        where = f"{self.request.table} from {self.file}"
        if not self.accepted:
            stops = sum(f.count for f in self.findings if f.level in ("error", "question"))
            return f"{where}: refused, nothing was changed; {stops:,} finding(s) stand against it."
        aside = self.checked.set_aside
        later = f"; {aside:,} rows after {self.request.until} set aside" if aside else ""
        if not self.changed:
            return f"{where}: the same rows are stored already, nothing changed{later}."
        d = self.difference
        counts = f"{d.added:,} added, {d.changed:,} changed, {d.unchanged:,} unchanged, {d.removed:,} removed"
        done = "imported" if self.imported else "would be imported"
        return f"{where}: {len(self.checked.frame):,} rows {done} ({counts}){later}."

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
            "set_aside": c.set_aside,
            "until": self.request.until,
            "true_zeros": c.true_zeros,
            "missing_months": list(c.missing_months),
            "openings_filled": c.opening_filled,
            "mapping": dict(c.mapping_used),
            "set_values": dict(self.set_values),
            "unknown_columns": list(c.unknown_columns),
            "findings": [finding.fields() for finding in c.findings],
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
        return f"{self.table}: the last import is undone, the {self.rows:,} rows from {self.file} are back."

    def fields(self) -> dict[str, Any]:
        """The report as plain fields, for JSON."""
        return {"table": self.table, "rows": self.rows, "file": self.file, "message": self.message}


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
    first_open: str,
    tables: Mapping[str, pd.DataFrame],
    remembered: RememberedMapping | None,
) -> tuple[ImportReport, pd.DataFrame]:
    """The report of a file that is not stored yet, and the whole table that it leads to.

    `tables`: what is stored now, by name; `remembered`: None before the first import of the table.
    """
    spec = table(request.table)
    mapping, set_values = _with_remembered(request, raw, remembered)
    checked = check_table(
        spec,
        raw,
        first_open=first_open,
        mapping=mapping,
        set_values=set_values,
        tables=tables,
        until=request.until,
        answers=request.answers,
        mode=request.mode,
    )
    difference, after = _compare(spec, tables.get(spec.name), checked, request.mode)
    return ImportReport(request, raw.name, checked, difference, set_values, len(after)), after


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


def _compare(
    spec: Table, stored: pd.DataFrame | None, checked: Checked, mode: Mode
) -> tuple[Difference, pd.DataFrame]:
    """The difference that an accepted file makes; a refused one makes none."""
    before = checked.frame.iloc[:0] if stored is None else stored
    after = merge_tables(spec, stored, checked.frame, mode) if checked.ok else before
    return compare_tables(spec, before, after), after
