"""Bringing a database to the tables of this program, in one transaction.

A change of `schema.py` comes with a new file in `migrations/versions` (number, `down_revision`, `upgrade`); a
test compares what the migrations make with the schema on both databases. There is no way down: a backup is.
"""

import threading
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Table, UniqueConstraint, inspect, text

from sop.core.errors import SetupError
from sop.store import process_rows  # noqa: F401 - its tables are part of the schema
from sop.store.schema import APPEND_ONLY, Row

FOLDER = Path(__file__).parent / "migrations"
_REVISION = "alembic_version"
"""Where Alembic notes the revision of a database."""
_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it works on in its module: two databases at once would be taken for each other."""


def upgrade_database(connection: Connection) -> None:
    """Create or upgrade the tables within a transaction. Raises SetupError on a newer or a foreign database."""
    known = revisions()
    current = _revision_of(connection)
    _require_ours(connection, current, known)
    if current == known[-1]:
        return
    # Nearly every start finds the tables as they should be, and none of them waits for Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    # Alembic reads % in its options as a reference.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


def revisions() -> tuple[str, ...]:
    """The revisions of this program, the newest last: the numbers with which the files of migrations begin."""
    return tuple(sorted(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py")))


def _revision_of(connection: Connection) -> str | None:
    """The revision of a database; None of one that has none."""
    if not inspect(connection).has_table(_REVISION):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_REVISION}")).scalar()


def _require_ours(connection: Connection, current: str | None, known: Collection[str]) -> None:
    if current is not None and current not in known:
        raise SetupError(
            f"the database was written by a newer version of Accord (revision {current})",
            remedy="Install that version or a later one, or restore the backup made before the upgrade",
        )
    if current is None and set(inspect(connection).get_table_names()) & set(Row.metadata.tables):
        raise SetupError("the database holds tables of another program", remedy="Name an empty database")


def unprotected_tables(connection: Connection) -> tuple[str, ...]:
    """The append-only tables that lack a trigger, or whose trigger does not do what it should."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = {name: " ".join(sql.split()) for name, sql in connection.execute(query)}
        wanted = {
            table.name: [statement for statement in _sqlite([table]) if statement.startswith("CREATE")]
            for table in APPEND_ONLY
        }
        made = set(found.values())
        return tuple(name for name, each in wanted.items() if any(" ".join(s.split()) not in made for s in each))
    query = text(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgname = c.relname || '_refuse_change' "
        "AND t.tgenabled IN ('O', 'A') AND t.tgtype = 58 "
        "AND p.proname = 'refuse_change' AND p.prosrc = :body "
        "AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
    )
    whole = {row[0] for row in connection.execute(query, {"body": _REFUSAL})}
    return tuple(table.name for table in APPEND_ONLY if table.name not in whole)


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


_REFUSAL = " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END "


def _postgresql(tables: Iterable[Table]) -> Iterator[str]:
    yield (f"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSAL}$$")
    for table in tables:
        yield (
            f"CREATE OR REPLACE TRIGGER {table.name}_refuse_change "
            f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
