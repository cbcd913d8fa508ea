"""Which state of the database a reader sees, and what anybody in this process has read of that state."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL
from sqlmodel import Session

from sop.store.transaction import Known

_PINS = "SELECT 1 FROM sqlite_schema LIMIT 1"
"""Any read: from then on an SQLite transaction sees one state."""
_SNAPSHOT = "SELECT pg_current_snapshot()::text"
"""PostgreSQL tells by which transactions are over which state it shows."""


class States:
    """What was read of the newest state that a reader has seen; another state begins with nothing.

    PostgreSQL names the state that a transaction sees. Of an SQLite file a connection of its own tells how often
    it was changed by any other, of this program or another; a transaction during whose beginning it was changed
    sees a state that nobody can name, and keeps nothing.
    """

    def __init__(self, url: URL) -> None:
        self._file = str(url.database) if url.get_backend_name() == "sqlite" else None
        self._lock = threading.Lock()
        self._watch: sqlite3.Connection | None = None
        self._watched: tuple[int, int] | None = None
        self._newest: tuple[object, Known] | None = None

    def known(self, session: Session) -> Known | None:
        """What was read of the state that a reading transaction sees; None where that has no name.

        It is the first that the transaction asks, and has it see one state from then on.
        """
        if self._file is None:
            return self._of(session.connection().exec_driver_sql(_SNAPSHOT).scalar())
        before, begun = self._changes(), session.connection().connection.driver_connection
        if before is None or begun is None:
            return None
        with suppress(sqlite3.Error):  # what reads next tells what is wrong
            begun.execute(_PINS).fetchall()
            return self._of(before) if before == self._changes() else None
        return None

    def close(self) -> None:
        """Watch the file no longer."""
        with self._lock:
            if self._watch is not None:
                self._watch.close()
            self._watch = None

    def _of(self, state: object) -> Known:
        with self._lock:
            if self._newest is None or self._newest[0] != state:
                self._newest = (state, {})
            return self._newest[1]

    def _changes(self) -> int | None:
        """A number that grows with every change of the file; None where that cannot be told."""
        with self._lock, suppress(sqlite3.Error, OSError):
            if self._watch is None:
                place = f"file:{quote(str(self._file))}?mode=ro"
                self._watch = sqlite3.connect(place, uri=True, check_same_thread=False, isolation_level=None)
                self._watched = self._inode()
            if self._inode() == self._watched:
                return int(self._watch.execute("PRAGMA data_version").fetchall()[0][0])
        return None

    def _inode(self) -> tuple[int, int]:
        """The file that is there now: it is no longer the one that is watched where somebody put another there."""
        found = Path(str(self._file)).stat()
        return found.st_dev, found.st_ino
