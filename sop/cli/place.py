"""Which workspace a command works on, and the rule that a command never has two."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sop.core.errors import BadInput
from sop.services.company.workspace import open_workspace, workspace_folder
from sop.store import Store


@contextmanager
def opened(args: argparse.Namespace, *, create: bool = False) -> Iterator[Store]:
    """The store that the command line names, closed at the end. Raises NotFound, BadInput and SetupError."""
    store = open_workspace(chosen_folder(args), create=create)
    try:
        yield store
    finally:
        store.close()


def chosen_folder(args: argparse.Namespace) -> Path:
    """The workspace folder. Raises BadInput where --workspace and SOP_DATABASE_URL name two databases."""
    if args.workspace and os.environ.get("SOP_DATABASE_URL"):
        raise BadInput(
            "--workspace and SOP_DATABASE_URL name two databases",
            remedy="Use one: unset SOP_DATABASE_URL, or leave --workspace out",
        )
    return workspace_folder(args.workspace)
