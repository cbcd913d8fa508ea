"""Where the database is, opening it, and reading or writing in one transaction."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import URL, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from sop.core.errors import Conflict, NotFound, SetupError
from sop.store.engines import Engines, build_engines, take_write_lock
from sop.store.migrate import upgrade_database
from sop.store.transaction import Clock, Transaction, time_text, utc_now

FILE_NAME = "accord.sqlite"
_VERSION = text("SELECT version FROM cycles WHERE first_open = :cycle")


class Store:
    """An open database. Safe to share between threads; `close` when done."""

    def __init__(self, url: URL, engines: Engines, clock: Clock) -> None:
        self._url, self._engines, self._clock = url, engines, clock
        self._turns = Turns()

    @property
    def location(self) -> str:
        """Where the database is, without any password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the database and cannot write."""
        with Session(self._engines.read, expire_on_commit=False) as session:
            yield Transaction(session, time_text(self._clock()))

    @contextmanager
    def write(self, by: str = "accord", role: str = "system") -> Iterator[Transaction]:
        """A transaction in which `by` acts: all of it is kept at the end, or nothing after an error.

        Writers take turns. Raises Conflict when another program holds the database for over 30 seconds.
        """
        with self._turns, Session(self._engines.write, expire_on_commit=False) as session:
            self._begin(session)
            yield Transaction(session, time_text(self._clock()), by, role)
            session.commit()

    def read_version(self, cycle: str) -> int:
        """The cycle's version number, cheap enough to poll. Raises NotFound."""
        with self._engines.read.connect() as connection:
            version = connection.execute(_VERSION, {"cycle": cycle}).scalar()
        if version is None:
            raise NotFound(f"there is no cycle {cycle}")
        return int(version)

    def close(self) -> None:
        """Close every connection."""
        self._engines.dispose()

    def _begin(self, session: Session) -> None:
        try:
            take_write_lock(session.connection())
        except OperationalError:
            session.rollback()
            try:
                take_write_lock(session.connection())
            except OperationalError as error:
                raise Conflict(
                    "the database is busy, nothing was saved", why=_reason(error), remedy="Try again"
                ) from error


def open_store(workspace: Path | None = None, url: str | None = None, clock: Clock = utc_now) -> Store:
    """Open the database of a workspace, creating or upgrading it.

    `url` (or else the environment's SOP_DATABASE_URL) overrides the workspace's own `accord.sqlite`.
    Raises NotFound for an unknown workspace, and SetupError for a folder that cannot be written, a missing
    driver, a server that cannot be reached or a database newer than this program.
    """
    place = _database_url(workspace, url or os.environ.get("SOP_DATABASE_URL"))
    shown = place.render_as_string(hide_password=True)
    try:
        engines = build_engines(place)
        upgrade_database(engines.write)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise SetupError(
            "the driver of this database is not installed",
            where=shown,
            why=str(error),
            remedy='Install it with: pip install "psycopg[binary]"',
        ) from error
    except DBAPIError as error:
        raise _explain(error, place) from error
    return Store(place, engines, clock)


def _database_url(workspace: Path | None, url: str | None) -> URL:
    if workspace is not None and not workspace.is_dir():
        raise NotFound(f"there is no workspace {workspace}", remedy="Check the name, or make the folder")
    if url:
        return _checked_url(url)
    if workspace is None:
        raise SetupError("no database was named", remedy="Name a workspace folder or set SOP_DATABASE_URL")
    return URL.create("sqlite", database=str((workspace / FILE_NAME).resolve()))


def _checked_url(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise SetupError(
            "the database URL cannot be read", remedy="Write it as postgresql://user:password@host/database"
        ) from error
    backend = place.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return place.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and place.database not in (None, "", ":memory:"):
        return place
    raise SetupError(f"'{backend}' is not a database that Accord uses", remedy="Use PostgreSQL or a SQLite file")


def _explain(error: DBAPIError, place: URL) -> SetupError:
    """A database that would not open, in words that say what to do."""
    reason, shown = _reason(error), place.render_as_string(hide_password=True)
    if place.get_backend_name() != "sqlite":
        what, remedy = "the database cannot be opened", "Check that the server runs and the URL is right"
    elif "not a database" in reason:
        what, remedy = "the file is not an Accord database", "Move it away or restore a backup"
    elif "readonly" in reason or "unable to open" in reason:
        what, remedy = "the workspace folder cannot be written", "Make folder and file writable for this user"
    else:
        what, remedy = "the database cannot be opened", "Restore a backup, or close the program that holds it"
    return SetupError(what, where=shown, why=reason, remedy=remedy)


def _reason(error: DBAPIError) -> str:
    """The database's own first line, without the statement and its values."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


class Turns:
    """A first-come-first-served lock, used as a context manager. A write inside a write is a RuntimeError."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._holder == me:
                raise RuntimeError("a write transaction was opened inside another one")
            if self._holder is None and not self._waiting:
                self._holder = me
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()
        with self._guard:
            self._holder = me

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._holder = None
            if self._waiting:
                # The holder is named before the lock opens, so that a newcomer cannot slip in between.
                self._holder = -1
                self._waiting.popleft().release()
