"""What a database raises, in one sentence with the remedy that fits: the boundary of the database floor.

SQLite says what went wrong by its result code, PostgreSQL by its SQLSTATE; nothing is told apart by wording.
"""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sop.core.errors import Conflict, SetupError, SopError

NOTHING_CHANGED, NOTHING_SAVED = "nothing was changed", "nothing was saved"
PERHAPS_SAVED = "it is not known whether this was saved"
_FULL_BYTES = 2**20
"""With less room than this the disk counts as full, whatever SQLite calls it."""


@dataclass(frozen=True)
class _Kind:
    """A kind of fault: what is said of it, and what helps. `passes`: whether trying again can help."""

    what: str
    remedy: str
    passes: bool = False


_BUSY = _Kind("the database is busy", "Try again", passes=True)
_CLASH = _Kind("somebody changed the same thing meanwhile", "Look at it again, then do it again", passes=True)
_FULL = _Kind("the disk of the database is full", "Free some space on it, then do it again")
_READ_ONLY = _Kind("the workspace folder cannot be written", "Make folder and file writable for this user")
_GONE = _Kind(
    "the database does not answer", "Check that its server runs and that the URL is right; then try again"
)
_REFUSED = _Kind("the database does not let Accord in", "Check user, password and rights in the URL")
_CROWDED = _Kind("the database takes no more connections", "Close other programs on it, or raise its limit")
_DAMAGED = _Kind("the database is damaged", "Stop the app, keep the file, and restore a backup into a new folder")
_FOREIGN = _Kind("the file is not an Accord database", "Move it away or restore a backup")
_DEVICE = _Kind("the disk of the database cannot be read or written", "Check the disk, or the network it is on")
_MEMORY = _Kind("there is not enough memory", "Close other programs on the server, or give it more")
_SEALED = _Kind("what is recorded is never changed", "Look at it again")
_TABLES = _Kind(
    "the tables are not those of this version", "Start this version once to upgrade them, or restore a backup"
)
_OTHER = _Kind(
    "the database refused", "Try again; where it stays so, show this sentence to whoever runs the server"
)

_BROKEN = (ValueError, OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile)
"""What unpacking raises; Arrow's errors are among them."""

_SQLITE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_CONSTRAINT: _CLASH,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DEVICE,
    sqlite3.SQLITE_NOLFS: _DEVICE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_FORMAT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _FOREIGN,
    sqlite3.SQLITE_NOMEM: _MEMORY,
    sqlite3.SQLITE_ERROR: _TABLES,
    sqlite3.SQLITE_SCHEMA: _TABLES,
}
"""By primary result code."""
_POSTGRESQL = {
    "08": _GONE,
    "57P": _GONE,
    "55P03": _BUSY,
    "40": _BUSY,
    "57014": _BUSY,
    "23": _CLASH,
    "53100": _FULL,
    "53200": _MEMORY,
    "53300": _CROWDED,
    "54": _OTHER,
    "28": _REFUSED,
    "3D": _REFUSED,
    "42501": _REFUSED,
    "25006": _Kind("the database only reads", "Connect to the primary server, or end its recovery", passes=True),
    "58": _DEVICE,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
    "P0001": _SEALED,
    "42": _TABLES,
}
"""By SQLSTATE, the longest beginning that is listed."""


@contextmanager
def one_sentence(url: URL, kept: Callable[[], str] | str) -> Iterator[None]:
    """Whatever the database raises inside leaves as a `SopError` that ends in what was kept."""
    try:
        yield
    except SQLAlchemyError as error:
        raise explain(error, url, kept if isinstance(kept, str) else kept()) from error


def explain(error: SQLAlchemyError, url: URL, kept: str = "") -> SopError:
    """A database error as a sentence; `kept`: what became of what was being done."""
    if isinstance(error, StatementError) and isinstance(error.orig, SopError):
        return error.orig  # a value that was refused before it reached the database
    kind, why = _kind_of(error, url), reason_of(error)
    what = f"{kind.what}, {kept}" if kept else kind.what
    if kind.passes:
        return Conflict(what, why=why, remedy=kind.remedy)
    return SetupError(what, where=place_of(url), why=why, remedy=kind.remedy)


def without_kept(what: str) -> str:
    """What went wrong without what was kept, where that is told of something larger."""
    for kept in (NOTHING_CHANGED, NOTHING_SAVED):
        what = what.removesuffix(f", {kept}")
    return what


def place_of(url: URL) -> str:
    """Where a database is, without any password: the path of its file, or its URL."""
    is_file = url.get_backend_name() == "sqlite" and url.database
    return str(url.database) if is_file else url.render_as_string(hide_password=True)


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Something kept in packed form is unpacked inside. Raises SetupError where it is not what was kept."""
    try:
        yield
    except _BROKEN as error:
        raise SetupError(
            f"{what} cannot be read back", where="database", why="it is damaged there", remedy=_DAMAGED.remedy
        ) from error


def reason_of(error: SQLAlchemyError) -> str:
    """The database's own first line, without the statement and its values."""
    origin = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    lines = str(origin).strip().splitlines()
    return lines[0].strip().rstrip(".") if lines else type(origin).__name__


def _kind_of(error: SQLAlchemyError, url: URL) -> _Kind:
    if isinstance(error, PoolTimeout):
        return _BUSY
    if not isinstance(error, DBAPIError):
        return _OTHER
    if url.get_backend_name() == "sqlite":
        return _sqlite_kind(error, url)
    state = getattr(error.orig, "sqlstate", None)
    if not state:  # the driver lost, or never had, a connection
        return _GONE if error.connection_invalidated or _is_operational(error) else _OTHER
    return next((_POSTGRESQL[state[:n]] for n in range(5, 1, -1) if state[:n] in _POSTGRESQL), _OTHER)


def _is_operational(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "OperationalError"


def _sqlite_kind(error: DBAPIError, url: URL) -> _Kind:
    code = int(getattr(error.orig, "sqlite_errorcode", None) or 0)
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return _SEALED
    kind = _SQLITE.get(code & 0xFF, _OTHER)
    # A full disk also shows where SQLite cannot enlarge or make the files beside the database.
    return _FULL if kind in (_DEVICE, _READ_ONLY) and _is_full(url) else kind


def _is_full(url: URL) -> bool:
    try:
        return shutil.disk_usage(Path(str(url.database)).parent).free < _FULL_BYTES
    except OSError:
        return False
