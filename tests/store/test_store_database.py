"""Opening a database, reading and writing in transactions, many writers at once, backups."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DBAPIError

from sop.core.errors import Conflict, NotFound, SetupError
from sop.store import Store, Transaction, cycles, open_store, plans, settings
from sop.store.audit import read_audit, verify_chain
from tests.soak.amount import amount

ROOT = Path(__file__).parents[2]


def test_a_workspace_folder_gets_its_own_database(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    open_store(tmp_path).close()
    assert (tmp_path / "accord.sqlite").is_file()


def test_the_environment_names_another_database(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOP_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    open_store(workspace).close()
    assert (tmp_path / "elsewhere.sqlite").is_file()
    assert not (workspace / "accord.sqlite").exists()


def test_an_unknown_workspace_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no workspace"):
        open_store(tmp_path / "typo")
    assert not (tmp_path / "typo").exists()


def test_no_workspace_and_no_url_is_said(monkeypatch) -> None:
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    with pytest.raises(SetupError, match="no database was named"):
        open_store()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "oracle://x"])
def test_a_database_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(SetupError, match="not a database that Accord uses"):
        open_store(url=url)


def test_a_url_that_is_none_is_refused() -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        open_store(url="my database")


def test_a_missing_driver_is_named_with_its_remedy(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SetupError, match="pip install"):
        open_store(url="postgresql://localhost/x")


def test_a_server_that_does_not_answer_is_said_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="does not answer") as refusal:
        open_store(url=f"postgresql://jana:secret@/x?host={tmp_path}")
    assert "secret" not in str(refusal.value)


@pytest.mark.database
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_in_another_encoding_is_refused_before_anything_is_in_it(
    postgres_server: URL, encoding: str
) -> None:
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    name = f"other_{encoding.lower()}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'"))
    url = postgres_server.set(database=name).render_as_string(hide_password=False)
    with pytest.raises(SetupError, match="does not keep its text in UTF-8") as refusal:
        open_store(url=url)
    assert encoding in str(refusal.value.why) and "--encoding=UTF8" in refusal.value.remedy
    other = create_engine(url, connect_args={"client_encoding": "utf8"})
    with other.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar() == 0
    other.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "accord.sqlite").write_bytes(b"month,product,region,quantity\n" * 100)
    with pytest.raises(SetupError, match="not an Accord database"):
        open_store(url=f"sqlite:///{tmp_path / 'accord.sqlite'}")


@pytest.mark.parametrize("has_database", [False, True])
def test_a_folder_that_cannot_be_written_is_said(has_database: bool) -> None:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    if has_database:
        open_store(url=f"sqlite:///{folder / 'accord.sqlite'}").close()
        (folder / "accord.sqlite").chmod(0o444)
    folder.chmod(0o555)
    script = f"from sop.store import open_store; open_store(url='sqlite:///{folder / 'accord.sqlite'}')"
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_nobody, sys.executable, "-B", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    folder.chmod(0o755)
    shutil.rmtree(folder)
    assert "SetupError" in done.stderr
    assert "the workspace folder cannot be written" in done.stderr


def test_a_transaction_has_one_instant_from_the_clock_that_was_given(database_url: str) -> None:
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    fixed = open_store(url=database_url, clock=lambda: noon)
    with fixed.write() as tx:
        settings.save_setting(tx, "horizon", 24)
    with fixed.read() as tx:
        assert read_audit(tx)[0].at == tx.at == "2026-12-01T12:00:00.000000Z"
    fixed.close()


def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    with pytest.raises(KeyError), store.write() as tx:
        settings.save_setting(tx, "horizon", 24)
        raise KeyError
    with store.read() as tx:
        assert settings.read_settings(tx) == {}


def test_a_reader_cannot_write(store: Store) -> None:
    with store.read() as tx, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        settings.save_setting(tx, "horizon", 24)


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as reading:
        assert settings.read_settings(reading) == {}
        with store.write() as tx:
            settings.save_setting(tx, "horizon", 24)
        reading.session.expire_all()
        assert settings.read_settings(reading) == {}
    with store.read() as reading:
        assert settings.read_setting(reading, "horizon") == 24


def test_many_writers_in_two_programs_lose_nothing(store: Store, database_url: str) -> None:
    other_program = open_store(url=database_url)
    edits, writers = amount(5, 200), amount(10, 25)

    def count_up(pen: Store) -> None:
        for _ in range(edits):
            with pen.write() as tx:
                settings.save_setting(tx, "count", settings.read_setting(tx, "count", 0) + 1)

    threads = [
        threading.Thread(target=count_up, args=(pen,)) for pen in ([store, other_program] * writers)[:writers]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=amount(60, 1_200))
    other_program.close()
    with store.read() as tx:
        assert settings.read_setting(tx, "count") == edits * writers
        assert verify_chain(tx).is_intact
        assert len(read_audit(tx, 10_000)) == edits * writers


def test_a_database_that_another_program_holds_too_long_is_said(database_url: str, monkeypatch) -> None:
    monkeypatch.setattr("sop.store.database.BUSY_MS", 50)
    holder, waiter = open_store(url=database_url), open_store(url=database_url)
    with holder.write() as tx:
        settings.save_setting(tx, "horizon", 24)
        with pytest.raises(Conflict, match="busy, nothing was saved"), waiter.write() as late:
            settings.save_setting(late, "horizon", 36)
    with waiter.write() as tx:
        assert settings.read_setting(tx, "horizon") == 24
    holder.close()
    waiter.close()


def test_a_write_inside_a_write_is_an_error_not_a_hang(store: Store) -> None:
    with store.write(), pytest.raises(RuntimeError, match="inside another"), store.write():
        pass


def test_polling_the_version_reads_what_was_committed(company: Store) -> None:
    before = company.read_version("2026-12")
    with company.write() as tx:
        cycles.bump_version(tx, "2026-12")
        assert company.read_version("2026-12") == before
    assert company.read_version("2026-12") == before + 1


def test_a_program_killed_in_the_middle_leaves_nothing_half_and_holds_nothing(
    company: Store, database_url: str
) -> None:
    script = f"""
import time
from sop.store import open_store, plans
store = open_store(url={database_url!r})
with store.write(by="jana") as tx:
    plan = plans.add_plan(tx, "2026-12", b"{{}}", "d", label="x", software_version="0")
    plans.add_plan_event(tx, plan.id, "proposed")
    print("half way", flush=True)
    time.sleep(60)
"""
    victim = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert victim.stdout is not None
    assert victim.stdout.readline() == "half way\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait(timeout=10)
    with company.write(by="jana") as tx:
        settings.save_setting(tx, "horizon", 24)
    with company.read() as tx:
        assert [plan.revision for plan in plans.read_plans(tx)] == [1]
        assert verify_chain(tx).is_intact


def test_sqlite_keeps_a_write_ahead_log_and_syncs_fully(tmp_path: Path) -> None:
    store = open_store(url=f"sqlite:///{tmp_path / 'accord.sqlite'}")
    with store.write() as tx:
        assert pragma(tx, "synchronous") == 2
        assert pragma(tx, "foreign_keys") == 1
        assert 0 < pragma(tx, "busy_timeout") <= 30_000
    with closing(sqlite3.connect(tmp_path / "accord.sqlite")) as other_program:
        assert other_program.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def pragma(tx: Transaction, name: str) -> int:
    return int(tx.session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
