"""How the company's files name the columns of a contract table, remembered from the last import."""

from __future__ import annotations

from collections.abc import Mapping

from sop.intake.incoming import RememberedMapping
from sop.store.schema import MappingRow
from sop.store.transaction import Transaction, as_record


def read_mapping(tx: Transaction, table_name: str) -> RememberedMapping | None:
    """The remembered mapping of a table; None before its first import."""
    row = tx.session.get(MappingRow, table_name)
    return None if row is None else as_record(RememberedMapping, row)


def save_mapping(
    tx: Transaction, table_name: str, columns: Mapping[str, str], set_values: Mapping[str, str]
) -> RememberedMapping:
    """Remember the mapping of a table in place of the one before."""
    row = MappingRow(table_name=table_name, columns=dict(columns), set_values=dict(set_values))
    row = tx.session.merge(row)
    tx.session.flush()
    return as_record(RememberedMapping, row)
