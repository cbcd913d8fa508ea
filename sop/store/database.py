"""Where the database is, how each kind is opened, and reading or writing in one transaction."""

import errno
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlmodel import Session

from sop.core.errors import Conflict, NotFound, SetupError
from sop.core.faults import explain_os_error
from sop.core.lengths import require_length
from sop.store.audit import PROTECTION_RESTORED, audit
from sop.store.faults import NOTHING_CHANGED, NOTHING_SAVED, PERHAPS_SAVED, explain, one_sentence
from sop.store.migrate import protect_append_only, unprotected_tables, upgrade_database
from sop.store.network_folder import network_kind
from sop.store.schema import LENGTHS_OF, CleanText
from sop.store.states import States
from sop.store.transaction import Clock, Transaction, time_text, utc_now

FILE_NAME = "accord.sqlite"
WRITER_LOCK = 7_261_953
"""Number of the advisory lock that PostgreSQL writers share."""

BUSY_MS = 30_000
"""The longest that anybody waits to write: for the writers of this program and of others together."""
_LOG_PRAGMA = "journal_mode = WAL"
_READS, _WRITES = "BEGIN", "BEGIN IMMEDIATE"
"""How transactions begin in SQLite; who writes waits no longer than is left."""
_RETRY_SECONDS = 0.05
_CONNECT_SECONDS = 10
_VERSION = text("SELECT version FROM cycles WHERE first_open = :cycle")


class Store:
    """An open database. Safe to share between threads; `close` when done."""

    def __init__(self, url: URL, write: Engine, read: Engine, clock: Clock) -> None:
        self._url, self._write, self._read = url, write, read
        self._clock, self._turns, self._states = clock, Turns(), States(url)

    @property
    def file(self) -> Path | None:
        """The database's file; None where it is on a server."""
        is_file = self._url.get_backend_name() == "sqlite" and self._url.database
        return Path(str(self._url.database)) if is_file else None

    @property
    def location(self) -> str:
        """Where the database is, without any password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the database and cannot write.

        What the database cannot do is a SetupError or Conflict in words.
        """
        with one_sentence(self._url, NOTHING_CHANGED), Session(self._read, expire_on_commit=False) as session:
            yield Transaction(session, time_text(self._clock()), known=self._states.known(session))

    @contextmanager
    def write(self, by: str = "accord", role: str = "system") -> Iterator[Transaction]:
        """A transaction in which `by` acts: all of it is kept at the end, or nothing after an error.

        Writers take turns. Raises Conflict after 30 seconds of waiting for others, and SetupError or Conflict for
        what the database cannot do; each says what was kept.
        """
        kept, until = NOTHING_SAVED, time.monotonic() + BUSY_MS / 1000
        with (
            one_sentence(self._url, lambda: kept),
            self._turns.taken(BUSY_MS / 1000),
            Session(self._write, expire_on_commit=False) as session,
        ):
            event.listen(session, "before_flush", _require_lengths)
            self._begin(session, until)
            yield Transaction(session, time_text(self._clock()), by, role)
            session.flush()
            if self._url.get_backend_name() != "sqlite":
                kept = PERHAPS_SAVED  # the answer to a commit may be lost on its way
            session.commit()

    def read_version(self, cycle: str) -> int:
        """The cycle's version number, cheap enough to poll. Raises NotFound."""
        with one_sentence(self._url, NOTHING_CHANGED), self._read.connect() as connection:
            version = connection.execute(_VERSION, {"cycle": cycle}).scalar()
        if version is None:
            raise NotFound(f"there is no cycle {cycle}")
        return int(version)

    @contextmanager
    def only_one(self, what: str) -> Iterator[None]:
        """Hold something long that two programs must not do at once on one server; nothing to hold in a file.

        Raises Conflict, with `what` goes on, where another program holds it.
        """
        if self._url.get_backend_name() == "sqlite":
            yield
            return
        with one_sentence(self._url, NOTHING_CHANGED), self._write.connect() as connection:
            lock = {"lock": WRITER_LOCK + 1}
            if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), lock).scalar():
                raise Conflict(what, remedy="Wait until it is done")
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), lock)
                connection.commit()

    def copy_to(self, path: Path) -> None:
        """Copy the database to a new file as it is at one moment, while others read and write.

        Raises SetupError where it is no file.
        """
        if self._url.get_backend_name() != "sqlite":
            raise SetupError(
                "only a database that is a file is backed up here",
                where=self.location,
                remedy="Back it up with PostgreSQL's own tools, and the folder of keys with it",
            )
        try:
            with closing(sqlite3.connect(str(self._url.database))) as source:
                source.execute("VACUUM INTO ?", (str(path),))
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                raise explain_os_error(full, "the database cannot be copied", str(path)) from error
            raise SetupError("the database cannot be copied", where=str(path), why=str(error)) from error

    def close(self) -> None:
        """Close every connection; the writing ones last, since only they move an SQLite log into its file."""
        self._states.close()
        self._read.dispose()
        self._write.dispose()

    def _begin(self, session: Session, until: float) -> None:
        """Begin writing, waiting for other programs no longer than the time that is left."""
        while True:
            left = max(until - time.monotonic(), 0.0)
            try:
                take_write_lock(session.connection(execution_options={"wait_ms": int(left * 1000)}), left)
                return
            except DBAPIError as error:
                session.rollback()
                fault = explain(error, self._url, NOTHING_SAVED)
                # SQLite does not wait where waiting could never end; a lock of PostgreSQL was waited for.
                if not isinstance(fault, Conflict) or time.monotonic() + _RETRY_SECONDS >= until:
                    raise fault from error
                time.sleep(_RETRY_SECONDS)


def _require_lengths(session: Any, *_: object) -> None:
    """Whatever is written, each of its texts keeps to its limit. Raises BadInput, and nothing is kept."""
    for row in (*session.new, *session.dirty):
        for column in row.__table__.columns:
            value = getattr(row, column.name)
            if isinstance(value, str) and isinstance(column.type, CleanText):
                require_length(value, column.name, LENGTHS_OF.get((row.__tablename__, column.name)))


def open_store(workspace: Path | None = None, url: str | None = None, clock: Clock = utc_now) -> Store:
    """Open the database of a workspace, creating or upgrading it.

    `url` (or else the environment's SOP_DATABASE_URL) overrides the workspace's own `accord.sqlite`.
    Raises NotFound for an unknown workspace, and SetupError for a folder that cannot be written, a missing
    driver, a server that cannot be reached, a database newer than this program or one that is not in UTF-8.
    """
    place = _database_url(workspace, url or os.environ.get("SOP_DATABASE_URL"))
    shown = place.render_as_string(hide_password=True)
    _require_disk(place)
    try:
        write, read = build_engines(place)
        with write.begin() as connection:
            _require_utf8(connection, shown)
            take_write_lock(connection)
            upgrade_database(connection)
            _restore_protection(connection, time_text(clock()))
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise SetupError(
            "the driver of this database is not installed",
            where=shown,
            why=str(error),
            remedy='Install it with: pip install "psycopg[binary]"',
        ) from error
    except SQLAlchemyError as error:
        raise explain(error, place) from error
    return Store(place, write, read, clock)


def _require_utf8(connection: Connection, shown: str) -> None:
    """A server's database keeps every text as it is in UTF-8 alone."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.execute(text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise SetupError(
            "the database does not keep its text in UTF-8",
            where=shown,
            why=f"its encoding is {encoding}",
            remedy="Make another one: createdb --template=template0 --encoding=UTF8",
        )


def _require_disk(place: URL) -> None:
    """No new database is made in a network folder; one that is there is opened, and the log warns."""
    if place.get_backend_name() != "sqlite":
        return
    path = Path(str(place.database))
    kind = network_kind(path.parent)
    if kind and path.exists():
        logging.getLogger("accord").warning(
            "the database lies in a network folder (%s); move it to a disk of this machine, or use PostgreSQL",
            kind,
        )
    elif kind:
        raise SetupError(
            f"the workspace folder is a network folder ({kind})",
            where=str(path.parent),
            why="the locks of a database in a file do not hold there",
            remedy="Choose a folder on a disk of this machine, or PostgreSQL by SOP_DATABASE_URL",
        )


def _restore_protection(connection: Connection, at: str) -> None:
    """Where somebody took triggers of append-only tables away, make them anew, and have the chain tell it."""
    missing = unprotected_tables(connection)
    if missing:
        protect_append_only(connection)
        # A trigger that was switched off stays so when it is replaced.
        if connection.dialect.name == "postgresql":
            for name in missing:
                connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER {name}_refuse_change"))
        with Session(connection, join_transaction_mode="rollback_only") as session:
            audit(Transaction(session, at, "accord", "system"), PROTECTION_RESTORED, {"tables": list(missing)})


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


class Turns:
    """A first-come-first-served lock. A write inside a write is a RuntimeError."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[int] = deque()
        self._holder: int | None = None

    @contextmanager
    def taken(self, seconds: float) -> Iterator[None]:
        """Hold the lock, waiting for it so long at most. Raises Conflict after that."""
        me = threading.get_ident()
        with self._changed:
            if self._holder == me:
                raise RuntimeError("a write transaction was opened inside another one")
            self._waiting.append(me)
            ours = self._changed.wait_for(lambda: self._holder is None and self._waiting[0] == me, seconds)
            self._waiting.remove(me)
            if not ours:
                self._changed.notify_all()
                raise Conflict(
                    f"the database is busy, {NOTHING_SAVED}",
                    why=f"others have been writing for {seconds:g} seconds",
                    remedy="Try again",
                )
            self._holder = me
        try:
            yield
        finally:
            with self._changed:
                self._holder = None
                self._changed.notify_all()


def build_engines(url: URL) -> tuple[Engine, Engine]:
    """The engine for writing and the engine for reading, so that no write is lost and a reader cannot write.

    SQLite: write-ahead log, full sync, `BEGIN IMMEDIATE` on the write engine, a second engine that only reads.
    PostgreSQL: writers take one advisory lock for their transaction, so both databases behave alike; readers see
    one unchanging state.
    """
    if url.get_backend_name() != "sqlite":
        # A server that is gone is noticed: when it does not answer, and when it stops to in the middle.
        patience = {"connect_timeout": _CONNECT_SECONDS, "keepalives_idle": 10, "tcp_user_timeout": BUSY_MS}
        asked = patience | {"client_encoding": "utf8"}  # of a server without an encoding all text would be bytes
        write = create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=32, connect_args=asked)
        return write, write.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    # The busy timeout comes first: switching to the write-ahead log may itself have to wait.
    busy = f"busy_timeout = {BUSY_MS}"
    durable = (busy, _LOG_PRAGMA, "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON")
    return (
        _sqlite_engine(url, durable, _WRITES, pool_size=2, max_overflow=8),
        _sqlite_engine(url, (busy, "query_only = ON"), _READS, pool_size=8, max_overflow=32),
    )


def take_write_lock(connection: Connection, seconds: float = BUSY_MS / 1000) -> None:
    """Begin writing: nobody else writes until this transaction ends. Waits so long at most."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {max(int(seconds * 1000), 1)}"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"))


def _sqlite_engine(url: URL, pragmas: tuple[str, ...], begin: str, **pool: int) -> Engine:
    engine = create_engine(url, connect_args={"isolation_level": None}, **pool)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            found = connection.execute(f"PRAGMA {pragma}").fetchone()
            if pragma == _LOG_PRAGMA and found != ("wal",):
                raise SetupError(
                    "the folder cannot hold a database that several people write to",
                    where=str(url.database),
                    why="it keeps no write-ahead log, as folders on a network do not",
                    remedy="Choose a folder on a disk of this machine, or PostgreSQL by SOP_DATABASE_URL",
                )

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if begin == _WRITES:
            wait = connection.get_execution_options().get("wait_ms", BUSY_MS)
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait}")
        connection.exec_driver_sql(begin)

    return engine
