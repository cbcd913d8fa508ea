"""A database of every released schema is brought to this one whole, or stays as it was."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from sop.core.errors import SetupError
from sop.core.words import sha256_hex
from sop.store import cycles, open_store, plans, scenarios, settings
from sop.store import migrate as migrations
from sop.store.audit import AUDIT_FIELDS, GENESIS, verify_chain
from sop.store.migrate import FOLDER, protect_append_only, revisions, unprotected_tables
from sop.store.schema import APPEND_ONLY, canonical_json
from tests.bare_content import bare_content

REVISIONS = [revision.revision for revision in ScriptDirectory(str(FOLDER)).walk_revisions()][::-1]
AT = "2026-11-01T08:00:00.000000Z"
CONTENT = canonical_json(bare_content("2026-12")).encode()


def insert(connection: Connection, table: str, **values: Any) -> None:
    """A row with the columns that the table had then; what is not named is empty."""
    columns = inspect(connection).get_columns(table)
    row = {c["name"]: values.get(c["name"], None if c["nullable"] else "") for c in columns if c["name"] != "seq"}
    if "seq" in values:
        row["seq"] = values["seq"]
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{n}' for n in row)})"), row)


def audited(connection: Connection, acts: list[tuple[str, dict[str, Any]]]) -> None:
    """The chain as the version of then wrote it."""
    before = GENESIS
    for seq, (action, detail) in enumerate(acts, start=1):
        entry = {"seq": seq, "at": AT, "who": "jana", "role": "coordinator", "action": action, "detail": detail}
        entry["previous_hash"] = before
        before = sha256_hex(canonical_json({name: entry[name] for name in AUDIT_FIELDS}))
        insert(connection, "audit", **entry | {"detail": canonical_json(detail), "hash": before})


def fill(connection: Connection) -> None:
    """A company with a person, a setting, a cycle, its working plan and a proposed plan."""
    company = {"name": "Ours", "horizon": 24}
    insert(connection, "settings", key="company", value=canonical_json(company), version=1)
    insert(connection, "people", id="jana", name="Jana Malá", role="coordinator", active=True)
    insert(connection, "cycles", first_open="2026-12", horizon=24, step="data", opened_at=AT, version=1)
    made = {"created_at": AT, "updated_at": AT, "updated_by": "jana", "version": 1}
    insert(
        connection, "scenarios", id=1, cycle="2026-12", name="Working plan", kind="working", owner="jana", **made
    )
    plan = {
        "id": 1, "cycle": "2026-12", "revision": 1, "label": "first", "digest": sha256_hex(CONTENT),
        "content": zlib.compress(CONTENT, 9), "prepared_by": "jana", "created_at": AT, "previous_digest": None,
        "scenario_id": 1, "software_version": "0.1.0",
    }  # fmt: skip
    insert(connection, "plans", **plan)
    sealed = {**plan, "content": sha256_hex(plan["content"])}
    seal = {"table": "plans", "id": 1, "sha256": sha256_hex(canonical_json(sealed))}
    audited(
        connection,
        [
            ("setting_changed", {"key": "company", "now": company}),
            ("person_saved", {"id": "jana", "name": "Jana Malá", "role": "coordinator", "active": True}),
            ("cycle_opened", {"cycle": "2026-12", "horizon": 24}),
            ("scenario_added", {"scenario": 1, "cycle": "2026-12", "name": "Working plan", "kind": "working"}),
            ("plan_prepared", {"cycle": "2026-12", "digest": plan["digest"], "row": seal}),
        ],
    )


@pytest.fixture
def released(database_url: str, monkeypatch: pytest.MonkeyPatch):
    """Make the database as a released version left it."""

    def make(revision: str) -> str:
        engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))

        def protect(connection: Connection) -> None:
            there = set(inspect(connection).get_table_names())
            with monkeypatch.context() as then:
                then.setattr(migrations, "APPEND_ONLY", tuple(t for t in APPEND_ONLY if t.name in there))
                protect_append_only(connection)

        with engine.begin() as connection, monkeypatch.context() as then:
            then.setattr(migrations, "protect_append_only", protect)
            config = Config()
            config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            fill(connection)
        engine.dispose()
        return database_url

    return make


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_released_schema_is_upgraded_with_all_that_is_in_it(released, revision: str) -> None:
    store = open_store(url=released(revision))
    with store.read() as tx:
        assert settings.read_setting(tx, "company") == {"name": "Ours", "horizon": 24}
        assert settings.read_person(tx, "jana").name == "Jana Malá"
        assert cycles.read_cycle(tx, "2026-12").horizon == 24
        assert scenarios.read_working_scenario(tx, "2026-12").name == "Working plan"
        assert plans.read_plan_content(tx, 1) == CONTENT
        found = verify_chain(tx)
        assert (found.entries, found.problems, found.warnings) == (5, (), ())
        assert unprotected_tables(tx.session.connection()) == ()
    store.close()


def test_an_upgrade_that_ends_half_way_leaves_what_was_there_and_is_done_the_next_time(
    released, monkeypatch
) -> None:
    url = released(REVISIONS[0])

    def fail(_: Connection) -> None:
        raise SetupError("the disk is full")

    with monkeypatch.context() as then:
        then.setattr(migrations, "protect_append_only", fail)
        with pytest.raises(SetupError, match="disk is full"):
            open_store(url=url)
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        assert found == REVISIONS[0]
        assert json.loads(connection.execute(text("SELECT value FROM settings")).scalar() or "")["name"] == "Ours"
    engine.dispose()
    store = open_store(url=url)
    with store.read() as tx:
        assert verify_chain(tx).is_intact
    store.close()


def test_the_migrations_are_one_line(tmp_path: Path) -> None:
    script = ScriptDirectory(str(FOLDER))
    assert len(script.get_heads()) == 1
    assert len(REVISIONS) == len(list((FOLDER / "versions").glob("0*.py")))
    # Opening a database reads them off the files' names and loads no Alembic.
    assert revisions() == tuple(reversed([each.revision for each in script.walk_revisions()]))
