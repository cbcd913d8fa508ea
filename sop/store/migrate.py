"""Bringing a database to the tables of this program, in one transaction.

A change of `schema.py` comes with a new file in `migrations/versions` (number, `down_revision`, `upgrade`); a
test compares what the migrations make with the schema on both databases. There is no way down: a backup is.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from sop.core.errors import SetupError
from sop.store.engines import take_write_lock
from sop.store.schema import Row

FOLDER = Path(__file__).parent / "migrations"


def upgrade_database(engine: Engine) -> None:
    """Create the tables or upgrade them; all steps or none. Raises SetupError on a newer or a foreign database."""
    script = ScriptDirectory(str(FOLDER))
    with engine.begin() as connection:
        take_write_lock(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        _require_ours(connection, current, script)
        if current != script.get_current_head():
            _run(connection)


def _require_ours(connection: Connection, current: str | None, script: ScriptDirectory) -> None:
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise SetupError(
            f"the database was written by a newer version of Accord (revision {current})",
            remedy="Install that version or a later one, or restore the backup made before the upgrade",
        )
    if current is None and set(inspect(connection).get_table_names()) & set(Row.metadata.tables):
        raise SetupError("the database holds tables of another program", remedy="Name an empty database")


def _run(connection: Connection) -> None:
    config = Config()
    # Alembic reads % in its options as a reference.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
