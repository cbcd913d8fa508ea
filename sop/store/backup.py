"""A complete copy of the SQLite database while others work.

Copying the file itself would miss what still stands in the write-ahead log.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sop.core.errors import BadInput, SetupError


def copy_sqlite(database: Path, to: Path) -> Path:
    """Copy `database` to the new file `to`. Raises BadInput where that exists, SetupError where it cannot be."""
    if to.exists():
        raise BadInput(f"{to} exists", remedy="Name a new file for the backup")
    try:
        with closing(sqlite3.connect(database)) as source:
            source.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.OperationalError as error:
        raise SetupError(f"the backup {to} cannot be written", why=str(error)) from error
    return to
