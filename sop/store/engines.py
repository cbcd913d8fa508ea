"""How each database is opened so that no write is lost and a reader cannot write.

SQLite: write-ahead log, full sync, `BEGIN IMMEDIATE` on the write engine, a second engine that only reads.
PostgreSQL: writers take one advisory lock for their transaction, so both databases behave alike; readers see
one unchanging state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

WRITER_LOCK = 7_261_953
"""Number of the advisory lock that PostgreSQL writers share."""

BUSY_MS = 30_000


@dataclass(frozen=True)
class Engines:
    """The engine for writing and the engine for reading."""

    write: Engine
    read: Engine

    def dispose(self) -> None:
        """Close every connection."""
        self.write.dispose()
        self.read.dispose()


def build_engines(url: URL) -> Engines:
    """Both engines for a database URL."""
    return _sqlite_engines(url) if url.get_backend_name() == "sqlite" else _postgresql_engines(url)


def take_write_lock(connection: Connection) -> None:
    """Begin writing: nobody else writes until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {BUSY_MS}"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"))


def _sqlite_engines(url: URL) -> Engines:
    write = create_engine(url, connect_args={"isolation_level": None}, pool_size=2, max_overflow=8)
    read = create_engine(url, connect_args={"isolation_level": None}, pool_size=8, max_overflow=32)
    # The busy timeout comes first: switching to the write-ahead log may itself have to wait.
    durable = (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
    )
    _on_connect(write, durable)
    _on_connect(read, (f"busy_timeout = {BUSY_MS}", "query_only = ON"))
    _on_begin(write, "BEGIN IMMEDIATE")
    _on_begin(read, "BEGIN")
    return Engines(write, read)


def _postgresql_engines(url: URL) -> Engines:
    write = create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=32)
    read = write.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(write, read)


def _on_connect(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")


def _on_begin(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)
