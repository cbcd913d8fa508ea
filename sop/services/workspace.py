"""Where a company's data live: a workspace folder, or a database by URL with the folder beside it for keys."""

from __future__ import annotations

import os
from pathlib import Path

from sop.store import Store, open_store

ROOT = Path(__file__).resolve().parents[2]


def workspace_folder(given: Path | str | None = None) -> Path:
    """The workspace folder: the one given, else SOP_WORKSPACE, else `data/workspaces/default` of the project."""
    return Path(given or os.environ.get("SOP_WORKSPACE") or ROOT / "data" / "workspaces" / "default")


def open_workspace(given: Path | str | None = None, *, create: bool = False) -> Store:
    """The store of a workspace; SOP_DATABASE_URL names a PostgreSQL database in place of the folder's own.

    Raises NotFound where the folder is not there and `create` is false, SetupError where it cannot be used.
    """
    folder = workspace_folder(given)
    if create:
        folder.mkdir(parents=True, exist_ok=True)
    return open_store(folder, os.environ.get("SOP_DATABASE_URL"))


def keys_folder(given: Path | str | None = None) -> Path:
    """Where the installation's signing keys are kept."""
    return workspace_folder(given) / "keys"
