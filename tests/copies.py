"""A copy of a workspace's database while it is open: tests start from one that was filled once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from sop.store import Store


def copy_database(store: Store, to: Path) -> None:
    """Copy an SQLite database to a new file; what still stands in its write-ahead log comes along."""
    with closing(sqlite3.connect(str(make_url(store.location).database))) as source:
        source.execute("VACUUM INTO ?", (str(to),))
