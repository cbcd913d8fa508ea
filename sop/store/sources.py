"""Named sources of tables: added, removed, and when each was last brought up to date. Every change is audited."""

from dataclasses import asdict

from sqlmodel import col, delete, select

from sop.core.errors import Conflict
from sop.core.words import sha256_hex
from sop.intake.sources import DataSource
from sop.store.audit import audit
from sop.store.cycles import bump_open_cycles
from sop.store.schema import DataSourceRow, MappingRow
from sop.store.transaction import Transaction, as_record, require_row


def read_sources(tx: Transaction) -> tuple[DataSource, ...]:
    """Every source, in order of name."""
    return tuple(map(_record, tx.session.exec(select(DataSourceRow).order_by(col(DataSourceRow.name)))))


def read_source(tx: Transaction, name: str) -> DataSource:
    """One source. Raises NotFound."""
    return _record(_row(tx, name))


def add_source(tx: Transaction, source: DataSource) -> None:
    """Keep a new source. Raises Conflict where its name is taken."""
    if tx.session.get(DataSourceRow, source.name) is not None:
        raise Conflict(
            f"there is a source '{source.name}' already", remedy="Take another name, or remove it first"
        )
    tx.session.add(DataSourceRow(**asdict(source)))
    tx.session.flush()
    # What a query says is kept with the source; the trail tells which one it was.
    what = {"what": source.what} if source.kind == "file" else {"query_sha256": sha256_hex(source.what)}
    audit(tx, "source_added", {**_named(source), "place": source.place, "owner": source.owner, **what})
    bump_open_cycles(tx)


def remove_source(tx: Transaction, name: str) -> DataSource:
    """Forget a source with its mapping and answers; what it brought stays. Raises NotFound."""
    row = _row(tx, name)
    source = _record(row)
    tx.session.delete(row)
    tx.session.exec(delete(MappingRow).where(col(MappingRow.source) == f"source {name}"))
    audit(tx, "source_removed", _named(source))
    bump_open_cycles(tx)
    return source


def save_refreshed(tx: Transaction, name: str, columns: tuple[str, ...], file: str, file_at: str) -> None:
    """Note that a source was brought up to date now, from which file, with which headers. Raises NotFound."""
    row = _row(tx, name)
    row.columns, row.file, row.file_at = list(columns), file, file_at
    row.refreshed_at, row.refreshed_by = tx.at, tx.by
    tx.session.add(row)
    tx.session.flush()


def _row(tx: Transaction, name: str) -> DataSourceRow:
    return require_row(tx, DataSourceRow, name, f"source '{name}'", "`python -m sop sources` lists them")


def _record(row: DataSourceRow) -> DataSource:
    return as_record(DataSource, row, columns=tuple(row.columns))


def _named(source: DataSource) -> dict[str, str]:
    return {"source": source.name, "table": source.table_name}
