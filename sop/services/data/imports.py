"""Importing a table: read, check, compare, then store all of it or nothing; and undoing the last import.

    request = ImportRequest("sales_actuals", Path("sales.csv"), until="2026-11")
    report = import_table(store, "jana", request)

A refusal is a report whose findings say why, not an exception; exceptions are for requests that make no sense,
files that cannot be read at all and people who may not import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sop.core.errors import Conflict
from sop.core.findings import Finding
from sop.core.tables import Table, table
from sop.files.readers import read_file
from sop.intake.check import Checked, check_table
from sop.intake.compare import Difference, compare_tables, merge_tables
from sop.intake.completeness import TableState, build_completeness
from sop.intake.headers import plain_header
from sop.intake.questions import require_answers
from sop.intake.raw import RawTable
from sop.intake.rules.links import broken_links
from sop.intake.subject import Mode
from sop.services.acting import acting, reading
from sop.services.company.profile import require_cycle
from sop.store import Store, Transaction, data, mappings


@dataclass(frozen=True)
class ImportRequest:
    """What is to be imported and how.

    `source`: a path, or the bytes of an upload called `name`. `mapping`: header → contract column; `set_values`:
    column → one value for all rows; both are put over what was remembered. `until`: last month to import.
    `mode`: replace the table, or add to it by key. `answers`: answers by question (`sop.intake.questions`).
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


def preview_import(store: Store, person_id: str, request: ImportRequest) -> ImportReport:
    """What `import_table` would do, with nothing stored.

    Raises NotFound (table, person), NotAllowed, and BadInput on a file or request that cannot be read.
    """
    raw = _read(request)
    with reading(store, person_id, "import_data") as tx:
        return _prepare(tx, request, raw)[0]


def import_table(store: Store, person_id: str, request: ImportRequest) -> ImportReport:
    """Check the file and make it the table's current content, all of it or nothing.

    The mapping is remembered, the import is in the audit chain, the same content again changes nothing.
    Raises NotFound (table, person), NotAllowed, and BadInput on a file or request that cannot be read.
    """
    raw = _read(request)
    with acting(store, person_id, "import_data") as tx:
        report, after = _prepare(tx, request, raw)
        if not report.accepted:
            return report
        _store(tx, report, after, raw)
    return replace(report, imported=True)


def undo_import(store: Store, person_id: str, table_name: str) -> UndoReport:
    """Bring back what the table was before its last import.

    Raises NotFound where there is nothing to undo, Conflict where another table needs rows that would go.
    """
    table(table_name)
    with acting(store, person_id, "import_data") as tx:
        version = data.undo_import(tx, table_name)
        broken = broken_links(data.read_current_tables(tx))
        if broken:
            raise Conflict(
                f"the last import of {table_name} cannot be undone",
                why=broken[0],
                remedy="Undo or replace that table first",
            )
    return UndoReport(table_name, version.row_count if version else 0, version.file_name if version else "")


def read_table_states(store: Store) -> tuple[tuple[TableState, data.TableVersion | None], ...]:
    """Every table of the contract with its freshness and completeness, and the import it comes from."""
    with store.read() as tx:
        heads = data.read_heads(tx)
        states = build_completeness(data.read_current_tables(tx), require_cycle(tx).first_open)
    return tuple((state, heads.get(state.table)) for state in states)


def _read(request: ImportRequest) -> RawTable:
    """The file's cells; the reader's own questions take their answers from the request."""
    table(request.table)
    require_answers(request.answers)
    sheet, encoding = request.answers.get("sheet"), request.answers.get("encoding")
    return read_file(request.source, request.name, sheet=sheet, encoding=encoding, table=request.table)


def _prepare(tx: Transaction, request: ImportRequest, raw: RawTable) -> tuple[ImportReport, pd.DataFrame]:
    """The report of a file that is not stored yet, and the whole table that it leads to."""
    spec = table(request.table)
    mapping, set_values = _with_remembered(request, raw, mappings.read_mapping(tx, spec.name))
    stored = data.read_current_tables(tx)
    checked = check_table(
        spec,
        raw,
        first_open=require_cycle(tx).first_open,
        mapping=mapping,
        set_values=set_values,
        tables=stored,
        until=request.until,
        answers=request.answers,
        mode=request.mode,
    )
    difference, after = _compare(spec, stored.get(spec.name), checked, request.mode)
    return ImportReport(request, raw.name, checked, difference, set_values, len(after)), after


def _compare(
    spec: Table, stored: pd.DataFrame | None, checked: Checked, mode: Mode
) -> tuple[Difference, pd.DataFrame]:
    """The difference that an accepted file makes; a refused one makes none."""
    before = checked.frame.iloc[:0] if stored is None else stored
    after = merge_tables(spec, stored, checked.frame, mode) if checked.ok else before
    return compare_tables(spec, before, after), after


def _store(tx: Transaction, report: ImportReport, after: pd.DataFrame, raw: RawTable) -> None:
    request, used = report.request, report.checked.mapping_used
    renamed = {theirs: ours for theirs, ours in used.items() if theirs != ours}
    mappings.save_mapping(tx, request.table, renamed, report.set_values)
    data.add_table(
        tx,
        request.table,
        after,
        file_name=Path(raw.name).name,
        file_sha256=raw.sha256,
        mode=request.mode,
        findings=[finding.fields() for finding in report.findings],
        cycle=require_cycle(tx).first_open,
    )


def _with_remembered(
    request: ImportRequest, raw: RawTable, remembered: mappings.Mapping | None
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
