"""How the company's files name the columns of a contract table, remembered from the last import."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from sop.store.schema import MappingRow
from sop.store.transaction import Transaction, as_record


@dataclass(frozen=True)
class Mapping:
    """`columns`: the file's column name → the contract's; `set_values`: contract column → the value to use."""

    table_name: str
    columns: dict[str, str]
    set_values: dict[str, str]


def read_mapping(tx: Transaction, table_name: str) -> Mapping | None:
    """The remembered mapping of a table; None before its first import."""
    row = tx.session.get(MappingRow, table_name)
    return None if row is None else as_record(Mapping, row)


def save_mapping(
    tx: Transaction, table_name: str, columns: MappingOf[str, str], set_values: MappingOf[str, str]
) -> Mapping:
    """Remember the mapping of a table in place of the one before."""
    row = MappingRow(table_name=table_name, columns=dict(columns), set_values=dict(set_values))
    row = tx.session.merge(row)
    tx.session.flush()
    return as_record(Mapping, row)
