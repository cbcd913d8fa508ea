"""Importing a table: read, check, compare, then store all of it or nothing; undoing it; what is loaded.

    request = ImportRequest("sales_actuals", Path("sales.csv"), until="2026-11")
    report = import_table(store, "jana", request)

A refusal is a report whose findings say why, not an exception; exceptions are for requests that make no sense,
files that cannot be read at all and people who may not import.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sop.core.calendar import shift_period
from sop.core.errors import BadInput, Conflict
from sop.core.memo import Memo
from sop.core.tables import table
from sop.files.export import csv_of
from sop.files.readers import read_file
from sop.finance.accounts import Account, account_map, accounts_of
from sop.intake.check import Progress, require_answers, untold
from sop.intake.completeness import TableState, build_completeness
from sop.intake.headers import plain_header
from sop.intake.incoming import (
    ImportReport,
    ImportRequest,
    RememberedMapping,
    TableVersion,
    UndoReport,
    prepare_import,
    remember,
    source_of,
)
from sop.intake.proposals import known_headers
from sop.intake.rules.names import broken_links
from sop.intake.subject import RawTable
from sop.services.acting import acting, reading
from sop.services.company.cycle import calendar_of, read_company, require_cycle
from sop.services.company.settings import names_of
from sop.store import Store, Transaction, data
from sop.store.frames import Frame
from sop.store.settings import read_setting, save_setting
from sop.store.sources import save_refreshed
from sop.store.transaction import read_once
from sop.views.loaded_tables import DataState, LoadedTable

_FILE_READ, _PREPARED = 0.2, 0.7
"""Shares of an import that reading its file takes, and checking and comparing it."""
_READERS = ("sheet", "encoding")
"""Questions that a reader raises before there are headers."""
TIME_ZONE = "time_zone"
"""The setting, and the question, that says in which time zone the company keeps its calendar."""


def preview_import(
    store: Store, person_id: str, request: ImportRequest, progress: Progress = untold
) -> ImportReport:
    """What `import_table` would do, with nothing stored; `progress` is told the share done.

    Raises NotFound (table, person), NotAllowed, and BadInput on a file or request that cannot be read.
    """
    with reading(store, person_id, "import_data") as tx:
        kept = data.read_mappings(tx, request.table)
    progress(0.0)
    raw = read_raw(request, kept)
    progress(_FILE_READ)
    with reading(store, person_id, "import_data") as tx:
        return _prepare(tx, request, raw, lambda share: progress(_FILE_READ + (1 - _FILE_READ) * share))[0]


def import_table(
    store: Store, person_id: str, request: ImportRequest, progress: Progress = untold
) -> ImportReport:
    """Check the file and make it the table's current content, all of it or nothing.

    `progress` is told the share done and may raise to stop it: nothing is stored then.
    The mapping is remembered, the import is in the audit chain, the same content again changes nothing.
    Raises NotFound (table, person), NotAllowed, and BadInput on a file or request that cannot be read.
    """
    # Asked before the file is looked at, and again when it is stored: reading it takes long and blocks nobody.
    with acting(store, person_id, "import_data") as tx:
        kept = data.read_mappings(tx, request.table)
    progress(0.0)
    raw = read_raw(request, kept)
    progress(_FILE_READ)
    with reading(store, person_id, "import_data") as tx:
        basis = _basis(tx)
        report, after = _prepare(tx, request, raw, lambda share: progress(_FILE_READ + _PREPARED * share))
    if not report.accepted:
        return report
    with acting(store, person_id, "import_data") as tx:
        if _basis(tx) != basis:
            # Something was imported meanwhile, against which nothing was checked.
            raw = read_raw(request, kept)
            report, after = _prepare(tx, request, raw, untold)
            if not report.accepted:
                return report
        store_import(tx, report, raw, after)
    return replace(report, imported=True)


def undo_import(store: Store, person_id: str, table_name: str) -> UndoReport:
    """Bring back what the table was before its last import.

    Raises NotFound where there is nothing to undo, Conflict where another table needs rows that would go.
    """
    with acting(store, person_id, "import_data") as tx:
        table(table_name)
        version = data.undo_import(tx, table_name)
        broken = broken_links(data.read_current_tables(tx))
        if broken:
            raise Conflict(
                f"the last import of {table_name} cannot be undone",
                why=broken[0],
                remedy="Undo or replace that table first",
            )
    return UndoReport(table_name, version.row_count if version else 0, version.file_name if version else "")


def read_table_states(store: Store) -> tuple[tuple[TableState, TableVersion | None], ...]:
    """Every table of the contract with its freshness and completeness, and the import it comes from."""
    with store.read() as tx:
        return _table_states(tx)


@read_once
def _table_states(tx: Transaction) -> tuple[tuple[TableState, TableVersion | None], ...]:
    heads = data.read_heads(tx)
    states = build_completeness(data.read_current_tables(tx), require_cycle(tx).first_open)
    return tuple((state, heads.get(state.table)) for state in states)


def lagging_tables(store: Store, memo: Memo) -> tuple[str, ...]:
    """The tables of actuals that lack the last closed month, kept by what is loaded."""
    with store.read() as tx:
        cycle, digests = require_cycle(tx).first_open, data.read_digests(tx)

        def make() -> tuple[str, ...]:
            states = build_completeness(data.read_current_tables(tx), cycle)
            return tuple(state.table for state in states if state.months_behind)

        return memo.get(("behind", cycle, *sorted(digests.items())), make)


def store_import(tx: Transaction, report: ImportReport, raw: RawTable, after: Frame) -> None:
    """Make what an accepted report leads to the table's content, and remember how its source was read."""
    data.save_mapping(tx, remember(report, raw))
    if report.request.origin:
        used = tuple(header for header in raw.columns if header in report.checked.mapping_used)
        save_refreshed(tx, report.request.origin, used, raw.name, report.request.file_at)
    _keep_zone(tx, report.request)
    data.add_table(
        tx,
        report.request.table,
        after,
        file_name=Path(raw.name).name,
        file_sha256=raw.sha256,
        mode=report.request.mode,
        findings=[
            finding.fields() | {"money": money}
            for finding, money in zip(report.checked.findings, report.checked.money, strict=True)
        ],
        cycle=require_cycle(tx).first_open,
    )


def read_raw(request: ImportRequest, remembered: Sequence[RememberedMapping]) -> RawTable:
    """The file's cells; the reader's own questions take their answers from the request, else from what is
    remembered of the same source.

    `remembered`: of all sources of the table, by whose headers the header is found again. Raises BadInput.
    """
    known = [header for each in remembered for header in each.columns]
    wanted = {*known_headers(table(request.table)), *map(plain_header, (*known, *request.mapping))}
    require_answers(request.answers)

    def read(answers: Mapping[str, str]) -> RawTable:
        sheet, encoding = (answers.get(name) for name in _READERS)
        return read_file(
            request.source, request.name, sheet=sheet, encoding=encoding, table=request.table, wanted=wanted
        )

    raw = read(request.answers)
    asked = {finding.rule for finding in raw.findings if finding.level == "question"}.intersection(_READERS)
    for kept in remembered if asked else ():
        if asked <= kept.answers.keys() and request.remembered_by in ("", kept.source):
            with suppress(BadInput):
                again = read({**kept.answers, **request.answers})
                if kept.source == (request.remembered_by or source_of(again)):
                    return again
    return raw


def _basis(tx: Transaction) -> tuple[object, ...]:
    """What an import is checked against: the open cycle, the tables as they are stored, the time zone."""
    heads = sorted((name, head.sha256) for name, head in data.read_heads(tx).items())
    return require_cycle(tx).first_open, read_setting(tx, TIME_ZONE), *heads


def _prepare(
    tx: Transaction, request: ImportRequest, raw: RawTable, progress: Progress
) -> tuple[ImportReport, Frame]:
    """The report of a file that is not stored yet, and the whole table that it leads to."""
    calendar, stored = calendar_of(read_company(tx), require_cycle(tx)), data.read_current_tables(tx)
    remembered = data.read_mapping(tx, request.table, request.remembered_by or source_of(raw))
    zone = read_setting(tx, TIME_ZONE)
    return prepare_import(request, raw, calendar, stored, remembered, zone, progress)


def _keep_zone(tx: Transaction, request: ImportRequest) -> None:
    """The company's time zone, as answered: it is asked once and holds for every file."""
    answer = request.answers.get(TIME_ZONE)
    if answer and answer != read_setting(tx, TIME_ZONE):
        save_setting(tx, TIME_ZONE, answer)


def read_data_state(store: Store, person_id: str) -> DataState:
    """What is loaded. Raises NotAllowed, and NotFound without a cycle."""
    with reading(store, person_id) as tx:
        first_open = require_cycle(tx).first_open
    names = names_of(store)
    tables = tuple(
        LoadedTable(state, version, names.get(version.by, version.by) if version else "")
        for state, version in read_table_states(store)
    )
    return DataState(tables, shift_period(first_open, -1))


def read_accounts(store: Store, person_id: str) -> tuple[Account, ...]:
    """Every account of the ledger, those without a line first; none before financials are loaded.

    Raises NotAllowed, and NotFound without a cycle.
    """
    with reading(store, person_id) as tx:
        return _accounts(tx)


@read_once
def _accounts(tx: Transaction) -> tuple[Account, ...]:
    ledger, first_open = data.read_table(tx, "financials"), require_cycle(tx).first_open
    return () if ledger is None else accounts_of(ledger, data.read_table(tx, "account_map"), first_open)


def save_accounts(store: Store, person_id: str, accounts: Sequence[Account]) -> ImportReport:
    """Give accounts their line, all of them or none, by the rules of an import; the others stay as they are.

    Raises NotAllowed.
    """
    rows = csv_of(account_map(accounts))
    request = ImportRequest("account_map", rows, "accounts mapped on the Data page.csv", mode="add")
    return import_table(store, person_id, request)
