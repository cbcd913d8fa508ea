"""What a database cannot do leaves the store as one sentence: what, why, the remedy that fits, what was kept."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sop.core.errors import BadInput, Conflict, SetupError, SopError
from sop.store import Store, cycles, data, open_store, plans, settings
from sop.store.database import FILE_NAME
from sop.store.faults import explain
from tests.disks import small_disk

SQLITE, SERVER = (
    make_url("sqlite:////nowhere/accord.sqlite"),
    make_url("postgresql+psycopg://jana:geheim@db/accord"),
)


class Answer(Exception):
    """What PostgreSQL's driver raises: a text and a SQLSTATE."""

    def __init__(self, said: str, sqlstate: str | None) -> None:
        super().__init__(said)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "kind", "what", "remedy"),
    [
        ("53100", SetupError, "disk of the database is full", "Free some space"),
        ("57P01", SetupError, "does not answer", "Check that its server runs"),
        ("08006", SetupError, "does not answer", "Check that its server runs"),
        ("55P03", Conflict, "busy", "Try again"),
        ("40P01", Conflict, "busy", "Try again"),
        ("23505", Conflict, "changed the same thing", "Look at it again"),
        ("25006", Conflict, "only reads", "primary server"),
        ("28P01", SetupError, "does not let Accord in", "Check user, password"),
        ("53300", SetupError, "no more connections", "raise its limit"),
        ("XX001", SetupError, "is damaged", "restore a backup"),
        ("42P01", SetupError, "not those of this version", "upgrade"),
        ("99999", SetupError, "the database refused", "Try again"),
    ],
)
def test_a_code_of_postgresql_is_told_with_the_remedy_that_fits(sqlstate, kind, what, remedy) -> None:
    fault = explain(
        OperationalError("SELECT 'geheim'", {}, Answer("it says why\nLINE 1", sqlstate)), SERVER, "kept"
    )
    assert type(fault) is kind
    assert what in fault.what
    assert remedy in fault.remedy
    assert fault.what.endswith(", kept")
    assert fault.why == "it says why"
    assert "geheim" not in fault.sentence


def test_no_connection_left_in_the_pool_is_told_as_busy() -> None:
    assert "busy" in explain(PoolTimeout("QueuePool limit"), SQLITE, "nothing was saved").what


def test_a_full_disk_keeps_nothing_of_the_act_and_everything_before_it(tmp_path: Path) -> None:
    store = open_store(url=f"sqlite:///{tmp_path / FILE_NAME}")
    with store.write() as tx:
        settings.save_setting(tx, "horizon", 24)

    def fill(connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite raises it to the pages that there are

    event.listen(store._write, "begin", fill)
    with (
        pytest.raises(SetupError, match="disk of the database is full, nothing was saved") as fault,
        store.write() as tx,
    ):
        settings.save_setting(tx, "long", "x" * 900_000)
    assert fault.value.remedy.startswith("Free some space")
    with store.read() as tx:
        assert settings.read_settings(tx).keys() == {"horizon"}
    store.close()
    store = open_store(url=f"sqlite:///{tmp_path / FILE_NAME}")
    with store.write() as tx:
        settings.save_setting(tx, "long", "x" * 900_000)
    store.close()


def test_a_damaged_page_is_told_wherever_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    store = open_store(url=f"sqlite:///{path}")
    with store.write(by="jana") as tx:
        cycles.add_cycle(tx, "2026-12", 24)
        for number in range(200):
            settings.save_setting(tx, f"key{number}", "x" * 500)
    store.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'settings'").fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    store = open_store(url=f"sqlite:///{path}")
    with (
        pytest.raises(SetupError, match="the database is damaged, nothing was changed") as fault,
        store.read() as tx,
    ):
        settings.read_settings(tx)
    assert "restore a backup" in fault.value.remedy
    with pytest.raises(SetupError, match="is damaged, nothing was saved"), store.write() as tx:
        settings.save_setting(tx, "key1", 1)
    store.close()


def test_what_is_damaged_inside_a_row_is_told_too(company: Store, database_url: str) -> None:
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO settings (key, value, version) VALUES ('x', '{no json', 1)"))
        connection.execute(
            text(
                "INSERT INTO plans (id, cycle, revision, label, digest, content, prepared_by, created_at, "
                "software_version) VALUES (99, '2026-12', 99, '', 'd', :broken, 'jana', '', '')"
            ),
            {"broken": b"no zlib"},
        )
        connection.execute(
            text(
                "INSERT INTO table_versions (id, table_name, sha256, row_count, payload, file_name, file_sha256, "
                "mode, imported_at, by, findings) VALUES (99, 'plants', '', 1, :broken, '', '', '', '', '', '[]')"
            ),
            {"broken": b"no parquet"},
        )
    engine.dispose()
    with company.read() as tx:
        for read in (
            lambda: settings.read_settings(tx),
            lambda: plans.read_plan_content(tx, 99),
            lambda: data.read_frame(tx, 99),
        ):
            with pytest.raises(SetupError, match=r"damaged .*[Rr]estore a backup|damaged .*restore a backup"):
                read()


def test_text_that_no_database_keeps_is_refused_before_it_gets_there(company: Store) -> None:
    for odd in ("a\x00b", "\ud800"):
        with pytest.raises(BadInput, match="not text"), company.read() as tx:
            settings.find_person(tx, odd)
        with pytest.raises(BadInput, match="not text"), company.write(by="jana") as tx:
            settings.save_setting(tx, odd, 1)


def test_two_rows_of_one_key_are_a_conflict_and_nothing_of_the_act_is_kept(company: Store) -> None:
    with (
        pytest.raises(Conflict, match="changed the same thing meanwhile, nothing was saved"),
        company.write() as tx,
    ):
        settings.save_setting(tx, "horizon", 24)
        for _ in range(2):
            tx.session.execute(text("INSERT INTO settings (key, value, version) VALUES ('twice', '1', 1)"))
    with company.read() as tx:
        assert settings.read_settings(tx) == {}


def test_waiting_for_turn_and_lock_together_takes_no_longer_than_said(database_url: str, monkeypatch) -> None:
    monkeypatch.setattr("sop.store.database.BUSY_MS", 400)
    holder, waiter = open_store(url=database_url), open_store(url=database_url)
    with holder.write():
        for pen in (holder, waiter):
            begun = time.monotonic()
            with pytest.raises((Conflict, RuntimeError)), pen.write():
                pass
            assert time.monotonic() - begun < 1.5
    holder.close()
    waiter.close()


@pytest.mark.database
def test_a_server_that_goes_and_comes_back_is_told_and_then_used_again(own_server) -> None:
    store = open_store(url=own_server.url)
    with store.write() as tx:
        settings.save_setting(tx, "horizon", 24)
    with pytest.raises(SopError, match=r"does not answer, nothing was (saved|changed)"), store.write() as tx:
        own_server.stop()
        settings.save_setting(tx, "horizon", 36)
    with pytest.raises(SetupError, match="does not answer, nothing was changed") as fault, store.read() as tx:
        settings.read_settings(tx)
    assert "Check that its server runs" in fault.value.remedy
    own_server.start()
    with store.read() as tx:
        assert settings.read_setting(tx, "horizon") == 24
    with store.write() as tx:
        settings.save_setting(tx, "horizon", 36)
    store.close()


def test_a_disk_that_is_really_full_is_never_told_as_a_backup_to_restore(tmp_path: Path) -> None:
    place = tmp_path / "small"
    script = f"""
from sop.core.errors import SopError
from sop.store import open_store, settings
store = open_store(url="sqlite:///{place / FILE_NAME}")
saved = 0
try:
    while True:
        with store.write() as tx:
            settings.save_setting(tx, f"key{{saved}}", "x" * 3000)
        saved += 1
except SopError as fault:
    print(fault.sentence)
with store.read() as tx:
    print(len(settings.read_settings(tx)) == saved)
"""
    with small_disk(place, "2m"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
            timeout=60,
        )
    assert "disk of the database is full, nothing was saved" in done.stdout, done.stderr
    assert "Free some space" in done.stdout
    assert done.stdout.endswith("True\n")
