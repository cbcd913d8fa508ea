"""Imported tables: every content ever current is kept, and a list of heads says which is current.

An import adds a version and points the table's head at it; an undo adds a head that points back. So the data
that a cycle was signed on can always be read again, by its digests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd
from sqlmodel import col, func, select

from sop.core.errors import NotFound
from sop.core.words import short_digest
from sop.intake.incoming import RememberedMapping, TableVersion
from sop.store.audit import add_sealed
from sop.store.cycles import bump_open_cycles
from sop.store.faults import readable
from sop.store.frames import frame_sha256, from_parquet, to_parquet
from sop.store.schema import MappingRow, TableHeadRow, TableVersionRow
from sop.store.transaction import Transaction, as_record, read_once, read_records


@dataclass(frozen=True)
class Stored:
    """The outcome of an import: the version that is current now, and whether anything changed."""

    version: TableVersion
    changed: bool


def add_table(
    tx: Transaction,
    table_name: str,
    frame: pd.DataFrame,
    *,
    file_name: str,
    file_sha256: str,
    mode: str = "replace",
    findings: Sequence[Mapping[str, Any]] = (),
    cycle: str | None = None,
) -> Stored:
    """Make `frame`, the whole table after the import, current; the same content again changes nothing.

    `mode` (replace or add) records how the caller arrived at the frame.
    """
    digest = frame_sha256(table_name, frame)
    current = read_heads(tx).get(table_name)
    if current is not None and current.sha256 == digest:
        return Stored(current, changed=False)
    row = TableVersionRow(
        table_name=table_name,
        sha256=digest,
        row_count=len(frame),
        payload=to_parquet(frame),
        file_name=file_name,
        file_sha256=file_sha256,
        mode=mode,
        imported_at=tx.at,
        by=tx.by,
        findings=[dict(finding) for finding in findings],
        cycle=cycle,
    )
    add_sealed(tx, row, "table_stored", {"table": table_name, "file": file_name, "rows": len(frame)})
    _add_head(tx, table_name, row.id, "import")
    return Stored(as_record(TableVersion, row), changed=True)


def undo_import(tx: Transaction, table_name: str) -> TableVersion | None:
    """Point the table back to what it was before its last import; undoing again goes further back.

    Returns the version that is current now, None where the table is empty again. Raises NotFound where there
    is nothing to undo.
    """
    stack = _stack(head for head in _heads(tx) if head.table_name == table_name)
    if not stack:
        raise NotFound(f"{table_name} has no import to undo")
    before = stack[-2] if len(stack) > 1 else None
    _add_head(tx, table_name, before, "undo")
    return None if before is None else _read_versions(tx, [before])[0]


@read_once
def read_heads(tx: Transaction) -> dict[str, TableVersion]:
    """The current version of each table that has one, without its rows."""
    current = col(TableVersionRow.id).in_(_current_ids())
    found = read_records(tx, TableVersion, TableVersionRow, current, order_by=(TableVersionRow.id,))
    return {version.table_name: version for version in found}


@read_once
def read_digests(tx: Transaction) -> dict[str, str]:
    """The digest of each table that has a current version: what plans rest on, asked at every run of a page."""
    current = col(TableVersionRow.id).in_(_current_ids())
    query = select(TableVersionRow.table_name, TableVersionRow.sha256).where(current)
    return dict(tx.session.exec(query.order_by(col(TableVersionRow.id))).all())


def read_first_findings(tx: Transaction, digests: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """What the first import of each of these contents found, by table; `digests`: SHA-256 by table."""
    query = (
        select(TableVersionRow.table_name, TableVersionRow.sha256, TableVersionRow.findings)
        .where(col(TableVersionRow.sha256).in_(set(digests.values())))
        .order_by(col(TableVersionRow.id).desc())
    )
    rows = tx.session.exec(query).all()
    return {name: findings for name, digest, findings in rows if digests.get(name) == digest}


def read_versions(tx: Transaction, table_name: str) -> tuple[TableVersion, ...]:
    """Every version of a table, newest first, without its rows."""
    query = select(TableVersionRow.id).where(TableVersionRow.table_name == table_name)
    return tuple(reversed(_read_versions(tx, tx.session.exec(query).all())))


def read_frame(tx: Transaction, version_id: int) -> pd.DataFrame:
    """The rows of one version with `_file` and `_line`. Raises NotFound."""
    query = select(TableVersionRow.payload).where(TableVersionRow.id == version_id)
    payload = tx.session.exec(query).first()
    if payload is None:
        raise NotFound(f"there is no table version {version_id}")
    with readable(f"table version {version_id}"):
        return from_parquet(payload)


def read_table(tx: Transaction, table_name: str) -> pd.DataFrame | None:
    """The current rows of a table; None where it has none."""
    head = read_heads(tx).get(table_name)
    return None if head is None else read_frame(tx, head.id)


def read_current_tables(tx: Transaction) -> dict[str, pd.DataFrame]:
    """The current rows of each table that has any."""
    return {name: read_frame(tx, version.id) for name, version in read_heads(tx).items()}


def read_tables_by_sha256(tx: Transaction, digests: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """The tables with these content digests by table name: what a plan was signed on. Raises NotFound."""
    return {name: read_frame(tx, _version_id(tx, name, digest)) for name, digest in digests.items()}


def _version_id(tx: Transaction, table_name: str, digest: str) -> int:
    query = (
        select(TableVersionRow.id)
        .where(TableVersionRow.table_name == table_name, TableVersionRow.sha256 == digest)
        .order_by(col(TableVersionRow.id))
    )
    version_id = tx.session.exec(query).first()
    if version_id is None:
        raise NotFound(f"{table_name} was never stored with the digest {short_digest(digest)}…")
    return version_id


def _add_head(tx: Transaction, table_name: str, version_id: int | None, kind: str) -> None:
    head = TableHeadRow(table_name=table_name, version_id=version_id, kind=kind, at=tx.at, by=tx.by)
    add_sealed(tx, head, f"table_{kind}", {"table": table_name})
    bump_open_cycles(tx)


def _stack(heads: Iterable[TableHeadRow]) -> list[int]:
    """The imports of one table that stand, oldest first: an undo takes the last one away."""
    stack: list[int] = []
    for head in heads:
        if head.kind == "import" and head.version_id is not None:
            stack.append(head.version_id)
        else:
            stack.pop()
    return stack


def _current_ids() -> Any:
    """Of each table the version that its last head points to; NULL, which is no version, where it is empty."""
    last = select(func.max(TableHeadRow.seq)).group_by(col(TableHeadRow.table_name))
    return select(TableHeadRow.version_id).where(col(TableHeadRow.seq).in_(last))


def _heads(tx: Transaction) -> Iterable[TableHeadRow]:
    """Every import and undo, oldest first; a version of None means that the table is empty again."""
    return tx.session.exec(select(TableHeadRow).order_by(col(TableHeadRow.seq)))


def _read_versions(tx: Transaction, ids: Iterable[int | None]) -> list[TableVersion]:
    wanted = col(TableVersionRow.id).in_([each for each in ids if each is not None])
    return list(read_records(tx, TableVersion, TableVersionRow, wanted, order_by=(TableVersionRow.id,)))


def read_mapping(tx: Transaction, table_name: str, source: str = "") -> RememberedMapping | None:
    """What is remembered of a source of a table, else of the table's last file; None before its first import."""
    row = tx.session.get(MappingRow, (table_name, source)) or tx.session.get(MappingRow, (table_name, ""))
    return None if row is None else as_record(RememberedMapping, row)


def read_mappings(tx: Transaction, table_name: str) -> tuple[RememberedMapping, ...]:
    """All that is remembered of a table's sources."""
    rows = tx.session.exec(select(MappingRow).where(MappingRow.table_name == table_name))
    return tuple(as_record(RememberedMapping, row) for row in rows)


def save_mapping(tx: Transaction, remembered: RememberedMapping) -> None:
    """Remember how a source was read in place of what was before, as its own and as the table's last."""
    for source in dict.fromkeys((remembered.source, "")):
        tx.session.merge(MappingRow(**asdict(replace(remembered, source=source))))
    tx.session.flush()
