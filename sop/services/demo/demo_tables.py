"""The demo company's files, brought in by the ordinary import: all that was known, then a month at a time."""

from collections.abc import Collection, Mapping

from sop.core.calendar import Calendar
from sop.core.errors import Conflict, SopError
from sop.core.findings import has_errors
from sop.files.company_folder import CompanyFolder, read_company_folder
from sop.intake.incoming import ImportRequest, TableVersion
from sop.services.company.workspace import ROOT
from sop.services.data.imports import read_raw, store_import
from sop.services.data.together import PreparedImport, prepare_together
from sop.store import Transaction
from sop.store.data import read_heads


def read_demo() -> CompanyFolder:
    """The demo company as its files tell it. Raises SetupError where they cannot be read."""
    return read_company_folder(ROOT / "data" / "demo")


def prepare_tables(
    tx: Transaction, files: Mapping[str, bytes], but: Collection[str] = (), calendar: Calendar | None = None
) -> list[PreparedImport]:
    """What the demo's files, CSV by table, lead to with what is stored; those of tables in `but` are left out.

    `calendar`: of the cycle that they are for, where that is not the open one. Raises Conflict where one of them
    does not fit what is stored.
    """
    requests = [
        ImportRequest(name, content, _file(name), mode="add") for name, content in files.items() if name not in but
    ]
    prepared = prepare_together(tx, [(request, read_raw(request, ())) for request in requests], calendar)
    fitting = [found for found in prepared if isinstance(found, PreparedImport) and found.report.accepted]
    if len(fitting) < len(prepared):
        raise Conflict(next(_why_not(found) for found in prepared if found not in fitting))
    return fitting


def store_tables(tx: Transaction, prepared: Collection[PreparedImport]) -> tuple[str, ...]:
    """Store all of them; the tables that are others now."""
    before = read_heads(tx)
    for found in prepared:
        store_import(tx, found.report, found.raw, found.after)
    return tuple(name for name, head in read_heads(tx).items() if before.get(name) != head)


def imported_tables(tx: Transaction) -> tuple[str, ...]:
    """Tables whose content somebody imported over the demo's."""
    return tuple(name for name, head in read_heads(tx).items() if not is_of_demo(head))


def is_of_demo(version: TableVersion) -> bool:
    """Whether a table's content came from the demo's files and not from somebody's own."""
    return version.file_name == _file(version.table_name)


def _file(table_name: str) -> str:
    return f"demo {table_name}"


def _why_not(found: PreparedImport | SopError) -> str:
    if isinstance(found, SopError):
        return found.sentence
    stands = next(finding for finding in found.report.findings if has_errors([finding]))
    return f"{found.report.request.table}: {stands.what}"
