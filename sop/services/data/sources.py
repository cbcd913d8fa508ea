"""Sources and their refresh: what each brings, then all of it in one transaction or nothing.

    report = refresh_sources(store, "jana")

What the operator lets be read is looked up by name; nothing of it, and no credential, is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sop.core.calendar import shift_period
from sop.core.errors import BadInput, SopError
from sop.core.tables import CLOSED_ONLY
from sop.files.readers import read_bytes
from sop.intake.incoming import ImportReport, ImportRequest
from sop.intake.refresh import Outcome, RefreshReport, in_order, request_of
from sop.intake.sources import DataSource, require_same_columns, require_source
from sop.intake.subject import RawTable
from sop.services.acting import acting, reading
from sop.services.company.cycle import require_cycle
from sop.services.company.settings import names_of
from sop.services.data.imports import read_raw, store_import
from sop.services.data.together import PreparedImport, prepare_together
from sop.sources.fetch import fetch_all
from sop.sources.places import read_places
from sop.store import Store, Transaction, data
from sop.store import sources as kept
from sop.store.audit import audit
from sop.store.frames import Frame
from sop.store.settings import read_person


@dataclass(frozen=True)
class SourcesState:
    """The sources, who may own one (id → name), and the names that people choose from."""

    sources: tuple[DataSource, ...]
    names: dict[str, str]
    folders: tuple[str, ...]
    connections: tuple[str, ...]


def read_sources_state(store: Store, person_id: str) -> SourcesState:
    """Every source and what may be read. Raises NotAllowed, and SetupError on what the operator wrote."""
    with reading(store, person_id) as tx:
        sources = in_order(kept.read_sources(tx))
    places = read_places()
    return SourcesState(sources, names_of(store), tuple(sorted(places.folders)), tuple(sorted(places.connections)))


def add_source(store: Store, person_id: str, source: DataSource) -> DataSource:
    """Keep a new source, owned by whoever adds it unless it names somebody.

    Raises NotAllowed, BadInput on what no source can be, NotFound on an owner or table that there is not,
    Conflict where the name is taken.
    """
    with acting(store, person_id, "import_data") as tx:
        require_source(source)
        read_places().require(source.kind, source.place)
        owned = replace(source, name=source.name.strip(), owner=source.owner or person_id)
        if not read_person(tx, owned.owner).active:
            raise BadInput(f"{owned.owner} may no longer sign in", remedy="Name another owner")
        kept.add_source(tx, owned)
    return owned


def remove_source(store: Store, person_id: str, name: str) -> DataSource:
    """Forget a source; what it brought stays. Raises NotAllowed, NotFound."""
    with acting(store, person_id, "import_data") as tx:
        return kept.remove_source(tx, name)


def look_at_source(store: Store, person_id: str, name: str) -> ImportRequest:
    """The import of what one source holds now, to be previewed, asked about and imported by itself.

    Raises NotAllowed, NotFound, and BadInput where nothing can be fetched.
    """
    with reading(store, person_id, "import_data") as tx:
        source, first_open = kept.read_source(tx, name), require_cycle(tx).first_open
    (found,) = _fetch([source], first_open)
    if isinstance(found, SopError):
        raise found
    return found


def preview_refresh(store: Store, person_id: str) -> RefreshReport:
    """What `refresh_sources` would do, with nothing stored. Raises NotAllowed, and BadInput without a source."""
    found = _read_all(store, person_id)
    with reading(store, person_id, "import_data") as tx:
        return RefreshReport(tuple(each.outcome for each in _prepare_all(tx, found)))


def refresh_sources(store: Store, person_id: str) -> RefreshReport:
    """Bring every source up to date, all of them in one transaction or none.

    What stands against it is in the report and in the audit trail. Raises NotAllowed, and BadInput without a
    source.
    """
    found = _read_all(store, person_id)
    with acting(store, person_id, "import_data") as tx:
        prepared = _prepare_all(tx, found)
        report = RefreshReport(tuple(each.outcome for each in prepared))
        trail = {
            "sources": [outcome.source.name for outcome in report.outcomes],
            "message": report.message[:1_000],
        }
        if not report.accepted:
            audit(tx, "refresh_refused", trail)
            return report
        for each in prepared:
            assert each.outcome.report is not None and each.raw is not None and each.after is not None
            store_import(tx, each.outcome.report, each.raw, each.after)
        done = tuple(_done(outcome) for outcome in report.outcomes)
        report = RefreshReport(done, stored=True)
        audit(tx, "sources_refreshed", {**trail, "message": report.message})
    return report


@dataclass(frozen=True)
class _Read:
    """One source read, or why it is not; with its import once that is prepared."""

    outcome: Outcome
    request: ImportRequest | None = None
    raw: RawTable | None = None
    after: Frame | None = None

    def refused(self, refusal: SopError) -> "_Read":
        """The same with a sentence that says why it cannot be imported."""
        return replace(self, outcome=replace(self.outcome, refusal=refusal.sentence))

    def prepared(self, found: PreparedImport | SopError) -> "_Read":
        """The same with what its import leads to."""
        if isinstance(found, SopError):
            return self.refused(found)
        done = replace(self.outcome, report=found.report)
        return replace(self, outcome=done, raw=found.raw, after=found.after)


def _read_all(store: Store, person_id: str) -> list[_Read]:
    """Every source fetched and read; nothing is held meanwhile."""
    with reading(store, person_id, "import_data") as tx:
        sources, first_open = in_order(kept.read_sources(tx)), require_cycle(tx).first_open
        mappings = {source.table_name: data.read_mappings(tx, source.table_name) for source in sources}
    if not sources:
        remedy = "Add one on the Data page or with `python -m sop sources add`"
        raise BadInput("there is no source yet", remedy=remedy)
    found: list[_Read] = []
    for source, request in zip(sources, _fetch(sources, first_open), strict=True):
        read = _Read(Outcome(source))
        try:
            if isinstance(request, SopError):
                raise request
            raw = read_raw(request, mappings[source.table_name])
            require_same_columns(source, raw.columns)
            found.append(replace(read, request=request, raw=raw))
        except SopError as refusal:
            found.append(read.refused(refusal))
    return found


def _fetch(sources: Sequence[DataSource], first_open: str) -> list[ImportRequest | SopError]:
    """The import of what each source holds now, or why there is none."""
    last_closed = shift_period(first_open, -1)
    results: list[ImportRequest | SopError] = []
    for source, fetched in zip(sources, fetch_all(sources, read_places(), last_closed), strict=True):
        try:
            if isinstance(fetched, SopError):
                raise fetched
            content, where = fetched.content, f"{source.name}: {fetched.name}"
            content = read_bytes(content, name=where) if isinstance(content, Path) else content
            until = last_closed if source.table_name in CLOSED_ONLY else None
            results.append(request_of(source, content, fetched.name, fetched.at, until))
        except SopError as refusal:
            results.append(refusal)
    return results


def _prepare_all(tx: Transaction, found: Sequence[_Read]) -> list[_Read]:
    """What each import leads to; those that could not be read stay as they are."""
    files = [(each.request, each.raw) for each in found if each.request is not None and each.raw is not None]
    prepared = iter(prepare_together(tx, files))
    return [each if each.request is None or each.raw is None else each.prepared(next(prepared)) for each in found]


def _done(outcome: Outcome) -> Outcome:
    report: ImportReport | None = outcome.report
    return outcome if report is None else replace(outcome, report=replace(report, imported=True))
