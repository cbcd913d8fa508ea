"""Creating and upgrading the database."""

import importlib.util

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from sop.core.errors import SetupError
from sop.store import Store, open_store, schema, settings
from sop.store.migrate import protect_append_only
from sop.store.schema import APPEND_ONLY, Row


def execute(url: str, *statements: str) -> None:
    """Run statements on the database as another program would."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def count_triggers(tx) -> int:
    if tx.session.get_bind().dialect.name == "sqlite":
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
    return int(tx.session.execute(text(query)).scalar() or 0)


def test_the_migrations_make_exactly_the_tables_of_the_schema(store: Store) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(tx.session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_every_append_only_table_has_its_triggers_after_a_migration(store: Store) -> None:
    with store.read() as tx:
        each = 3 if store.location.startswith("sqlite") else 1
        assert count_triggers(tx) == each * len(APPEND_ONLY)


def test_protecting_again_after_a_table_was_rebuilt_makes_the_same_triggers(store: Store) -> None:
    with store.read() as tx:
        before = count_triggers(tx)
    with store.write() as tx:
        protect_append_only(tx.session.connection())
    with store.read() as tx:
        assert count_triggers(tx) == before


def test_opening_again_keeps_everything(store: Store, database_url: str) -> None:
    with store.write() as tx:
        settings.save_setting(tx, "horizon", 24)
    again = open_store(url=database_url)
    with again.read() as tx:
        assert settings.read_setting(tx, "horizon") == 24
    again.close()


def test_a_database_newer_than_the_program_is_refused_and_left_alone(store: Store, database_url: str) -> None:
    store.close()
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SetupError, match=r"newer version of Accord \(revision 9999\)"):
        open_store(url=database_url)


def test_a_database_of_another_program_is_refused(database_url: str) -> None:
    execute(database_url, "CREATE TABLE settings (name TEXT)")
    with pytest.raises(SetupError, match="another program"):
        open_store(url=database_url)


def test_a_migration_that_fails_half_way_leaves_nothing(database_url: str, monkeypatch) -> None:
    def fail(_connection) -> None:
        raise SetupError("the disk is full")

    monkeypatch.setattr("sop.store.migrate.protect_append_only", fail)
    with pytest.raises(SetupError, match="disk is full"):
        open_store(url=database_url)
    monkeypatch.undo()
    whole = open_store(url=database_url)
    with whole.read() as tx:
        assert settings.read_settings(tx) == {}
    whole.close()


def test_a_hot_reload_defines_the_tables_again_without_an_error() -> None:
    spec = importlib.util.spec_from_file_location("schema_reloaded", schema.__file__)
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    assert {"plans", "audit"} <= set(again.Row.metadata.tables) <= set(Row.metadata.tables)
    assert again.Row.metadata is not Row.metadata
