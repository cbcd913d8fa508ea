"""Several imports in one transaction: what all of them lead to, each seeing those before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sop.core.calendar import Calendar
from sop.core.errors import SopError
from sop.intake.incoming import ImportReport, ImportRequest, prepare_import, source_of
from sop.intake.subject import RawTable
from sop.services.company.cycle import calendar_of, read_company, require_cycle
from sop.services.data.imports import TIME_ZONE
from sop.store import Transaction, data
from sop.store.frames import Frame
from sop.store.settings import read_setting


@dataclass(frozen=True)
class PreparedImport:
    """An import that is not stored yet: its report, the file without its rows, and the whole table after it."""

    report: ImportReport
    raw: RawTable
    after: Frame


def prepare_together(
    tx: Transaction, files: Iterable[tuple[ImportRequest, RawTable]], calendar: Calendar | None = None
) -> list[PreparedImport | SopError]:
    """What imports lead to, one after the other: a product that one brings is known to the next.

    `calendar`: of the cycle that they are for, where that is not the open one. An import that makes no sense is
    told as its refusal.
    """
    calendar = calendar or calendar_of(read_company(tx), require_cycle(tx))
    tables, zone = data.read_current_tables(tx), read_setting(tx, TIME_ZONE)
    prepared: list[PreparedImport | SopError] = []
    for request, raw in files:
        remembered = data.read_mapping(tx, request.table, request.remembered_by or source_of(raw))
        try:
            report, after = prepare_import(request, raw, calendar, tables, remembered, zone)
        except SopError as refusal:
            prepared.append(refusal)
            continue
        if report.accepted:
            tables = {**tables, request.table: after}
        prepared.append(PreparedImport(report, raw, after))
    return prepared
