"""The demo company's own workspace, which is there completely or not at all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from sop.core.errors import Conflict, SetupError
from sop.services.demo import Progress, build_demo
from sop.services.workspace import ROOT, has_database, open_workspace
from sop.store import open_store

_STEP = re.compile(r"\s*(?P<percent>\d+)%\s+(?P<what>.+)")
"""A line of progress of `python -m sop demo`."""


def build_demo_workspace(folder: Path, first_open: str, progress: Progress) -> str:
    """Build the demo company in a workspace folder, or in the database of SOP_DATABASE_URL; where it is.

    The folder is built beside its place and moved there when it is complete, so that a demo that was stopped
    half-way leaves nothing. Raises Conflict where there is a workspace, SetupError where none can be made.
    """
    if os.environ.get("SOP_DATABASE_URL"):
        store = open_workspace(folder, create=True)
        build_demo(store, first_open, progress)
        store.close()
        return store.location
    _require_free(folder)
    unfinished = folder.with_name(f"{folder.name}.unfinished-{os.getpid()}")
    try:
        _build(unfinished, first_open, progress)
        _require_free(folder)
        folder.mkdir(exist_ok=True)
        for file in unfinished.iterdir():
            file.rename(folder / file.name)
    except OSError as error:
        why = (error.strerror or "").lower()
        raise SetupError("the workspace cannot be made", where=str(folder), why=why) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return str(folder)


def build_demo_aside(folder: Path, progress: Progress) -> None:
    """Build the demo company in a process of its own, for the current month; the caller stays responsive.

    Raises SetupError with what that process said where it did not succeed.
    """
    command = [sys.executable, "-m", "sop", "--workspace", str(folder.resolve()), "demo"]
    said = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as work:
        assert work.stderr is not None
        for line in work.stderr:
            step = _STEP.match(line)
            if step:
                progress(int(step["percent"]) / 100, step["what"])
            said = line.strip()
    if work.returncode:
        raise SetupError("the demo company was not built", why=said.removeprefix("refused: "))


def _require_free(folder: Path) -> None:
    if has_database(folder):
        raise Conflict(f"there is a workspace in {folder}", remedy="Choose a new folder with --workspace")


def _build(folder: Path, first_open: str, progress: Progress) -> None:
    folder.mkdir(parents=True)
    store = open_store(folder)
    try:
        build_demo(store, first_open, progress)
    finally:
        store.close()
