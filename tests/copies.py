"""A copy of a workspace's database while it is open: tests start from one that was filled once."""

from __future__ import annotations

import shutil
from pathlib import Path

from sop.store import Store


def copy_database(store: Store, to: Path) -> None:
    """Copy an SQLite database and its keys; what still stands in its write-ahead log comes along."""
    store.copy_to(to)
    assert store.file is not None
    copy_keys(store.file.parent, to.parent)


def copy_keys(workspace: Path, to: Path) -> None:
    """Copy the signing keys of a workspace, where it has any: without the key that it knows nothing is signed."""
    if (workspace / "keys").is_dir():
        shutil.copytree(workspace / "keys", to / "keys", dirs_exist_ok=True)
