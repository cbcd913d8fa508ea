"""Commands that keep a workspace as one file and bring it back: `backup` and `restore`."""

from __future__ import annotations

import argparse
from pathlib import Path

from sop.cli.terminal import add_command, chosen_folder, opened
from sop.core.errors import NotFound
from sop.services.company.backup import restore_backup, write_backup

_BACKUP = """\
Write the workspace into one file while people work in it: the database as of this moment, and the signing keys.
Whoever has the file can sign as this installation: keep it as safe as the workspace itself. A PostgreSQL database
is backed up with its own tools."""

_RESTORE = """\
Make a workspace of a backup, in a folder in which there is none. All of it is checked before anything is there:
the digests, the database, the audit chain. Everybody signs in again. `serve` on nothing offers the same in the
browser."""

_EXAMPLES = """\
examples:
  python -m sop --workspace data/workspaces/ours backup ours-2026-12.zip
  python -m sop --workspace data/workspaces/again restore ours-2026-12.zip"""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `backup` and `restore`."""
    for name, run, short, text in (
        ("backup", run_backup, "write the workspace into one file", _BACKUP),
        ("restore", run_restore, "make a workspace of a backup", _RESTORE),
    ):
        command = add_command(commands, name, run, short, text, _EXAMPLES)
        command.add_argument("file", metavar="FILE", type=Path, help="the backup")


def run_backup(args: argparse.Namespace) -> int:
    """Write the backup."""
    with opened(args) as store:
        write_backup(store, args.file, chosen_folder(args))
    print(f"The workspace is in {args.file}. Keep it as safe as the workspace itself.")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Make the workspace."""
    if not args.file.is_file():
        raise NotFound("there is no such file", where=str(args.file), remedy="Name a backup")
    with args.file.open("rb") as source:
        place = restore_backup(source, chosen_folder(args))
    print(f"The workspace is restored in {place}. Open it with `python -m sop serve`.")
    return 0
