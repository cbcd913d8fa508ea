"""Triggers that keep agreed things as they were: update, delete and replace are refused by the database itself.

Rebuilding a table (as Alembic's batch operations do on SQLite) drops its triggers, so they are made again after
every migration. They stop mistakes and other programs; who can drop them is found out by the audit chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table, UniqueConstraint, text

from sop.store.schema import APPEND_ONLY


def protect_append_only(connection: Connection) -> None:
    """Make the triggers of every append-only table anew."""
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for statement in statements(APPEND_ONLY):
        connection.execute(text(statement))


def _sqlite(tables: Iterable[Table]) -> Iterator[str]:
    for table in tables:
        refuse = f"SELECT RAISE(ABORT, '{table.name} is append-only')"
        # INSERT OR REPLACE fires no delete trigger, so an insert onto an existing key is refused before it.
        conditions = {
            "update": "UPDATE ON {t}",
            "delete": "DELETE ON {t}",
            "replace": "INSERT ON {t} WHEN " + " OR ".join(_taken(table)),
        }
        for verb, condition in conditions.items():
            name = f"{table.name}_refuse_{verb}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} BEFORE {condition.format(t=table.name)} BEGIN {refuse}; END"


def _taken(table: Table) -> Iterator[str]:
    """For each key of the table, the condition that the new row's key is already there."""
    keys = [table.primary_key, *(c for c in table.constraints if isinstance(c, UniqueConstraint))]
    for key in sorted(([column.name for column in key.columns] for key in keys), key=len):
        same = " AND ".join(f'"{name}" = NEW."{name}"' for name in key)
        yield f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"


def _postgresql(tables: Iterable[Table]) -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in tables:
        yield (
            f"CREATE OR REPLACE TRIGGER {table.name}_refuse_change "
            f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
