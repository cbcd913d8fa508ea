"""A copy of a workspace's database while it is open: tests start from one that was filled once."""

from __future__ import annotations

from pathlib import Path

from sop.store import Store


def copy_database(store: Store, to: Path) -> None:
    """Copy an SQLite database to a new file; what still stands in its write-ahead log comes along."""
    store.copy_to(to)
