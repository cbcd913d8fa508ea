"""The demo company's own workspace, which is there completely or not at all, and its months, closed aside.

It grows in a folder beside its place, with a file that tells its progress to whoever waits for it. What takes long
is done in a process of its own, by the same commands as on the command line.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sop.core.errors import Conflict, SetupError, SopError
from sop.services.company.workspace import ROOT, has_database, making, move_workspace, open_workspace
from sop.services.lifeline import child_environment, claim, clear_leftovers, release
from sop.store import Store, open_store

if TYPE_CHECKING:
    from sop.services.demo.build import Progress

_STEP = re.compile(r"\s*(?P<percent>\d+)%\s+(?P<what>.+)")
"""A line of progress of `python -m sop demo`."""

UNFINISHED = "unfinished"
_PROGRESS = "progress.txt"
_SILENT_SECONDS = 300
"""After so long without a word nobody is building any more."""


@dataclass(frozen=True)
class Building:
    """How far a demo is: the share that is done, 0 to 1, and what is being done."""

    share: float
    what: str


def build_demo_workspace(folder: Path, first_open: str, progress: Progress, calendar: str = "") -> str:
    """Build the demo company in a workspace folder, or in the database of SOP_DATABASE_URL; where it is.

    `calendar`: another one than months, as of `build_demo`. The folder is built beside its place and moved there
    when it is complete, so that a demo that was stopped half-way leaves nothing. Raises Conflict where there is a
    workspace, SetupError where none can be made.
    """
    if os.environ.get("SOP_DATABASE_URL"):
        store = open_workspace(folder, create=True)
        try:
            with store.only_one("the demo company is being built in this database"):
                _fill(store, first_open, progress, calendar)
        finally:
            store.close()
        return store.location
    _require_free(folder)
    clear_leftovers(folder, (UNFINISHED,))
    unfinished = _unfinished(folder, os.getpid())
    with making(unfinished, folder, "no demo was built"):
        claim(unfinished)
        _build(unfinished, first_open, progress, calendar)
        (unfinished / _PROGRESS).unlink()
        release(unfinished)
        move_workspace(unfinished, folder)
    return str(folder)


def build_demo_aside(folder: Path, progress: Progress) -> None:
    """Build the demo company in a process of its own, for the current month; the caller stays responsive.

    Raises SetupError with what that process said where it did not succeed.
    """
    refusal = _work_aside(folder, [], progress)
    if refusal is not None:
        raise SetupError("the demo company was not built", why=refusal)


def advance_demo_aside(folder: Path, progress: Progress) -> None:
    """Close the demo's open month in a process of its own; the caller stays responsive.

    Raises Conflict with what that process said where it did not succeed.
    """
    refusal = _work_aside(folder, ["--advance"], progress)
    if refusal is not None:
        raise Conflict("the month was not closed", why=refusal)


def _work_aside(folder: Path, options: list[str], progress: Progress) -> str | None:
    """Run `demo` with options and pass its progress on; what it refused, None where it succeeded."""
    command = [*_command(folder), *options]
    said, quiet, told = "", subprocess.DEVNULL, subprocess.PIPE
    surroundings = child_environment()
    with subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=quiet, stderr=told, text=True) as work:
        assert work.stderr is not None
        for line in work.stderr:
            step = _STEP.match(line)
            if step:
                progress(int(step["percent"]) / 100, step["what"])
            said = line.strip()
    return said.removeprefix("refused: ") if work.returncode else None


class DemoBuild:
    """The demo company that this process has built by another one, for whoever waits on a page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own: Building | None = None
        self.refusal = ""

    def begin(self, folder: Path) -> None:
        """Begin to build it, where nobody does yet."""
        with self._lock:
            if self.read(folder) is None:
                self._own, self.refusal = Building(0.0, "starting"), ""
                threading.Thread(target=self._build, args=(folder,), daemon=True).start()

    def read(self, folder: Path) -> Building | None:
        """How far it is, whoever builds it; None where nobody does."""
        return self._own or read_building(folder)

    def _build(self, folder: Path) -> None:
        try:
            build_demo_aside(folder, self._tell)
        except SopError as refusal:
            self.refusal = refusal.sentence
        except OSError as error:
            self.refusal = f"The demo company was not built: {(error.strerror or '').lower()}."
        finally:
            self._own = None

    def _tell(self, share: float, what: str) -> None:
        self._own = Building(share, what)


def start_demo(folder: Path) -> None:
    """Begin to build the demo company in a process of its own, which tells its progress on the terminal."""
    work = subprocess.Popen(_command(folder), cwd=ROOT, env=child_environment())
    _tell(_unfinished(folder, work.pid), 0.0, "starting")


def read_building(folder: Path) -> Building | None:
    """How far a demo is that another process is building for this folder; None where none is being built."""
    try:
        told = max(
            folder.parent.glob(f"{escape(folder.name)}.{UNFINISHED}-*/{_PROGRESS}"), key=_told_at, default=None
        )
        if told is None or time.time() - _told_at(told) > _SILENT_SECONDS:
            return None
        share, _, what = told.read_text("utf-8").partition(" ")
    except FileNotFoundError:
        return None
    return Building(float(share), what)


def _command(folder: Path) -> list[str]:
    place = [] if os.environ.get("SOP_DATABASE_URL") else ["--workspace", str(folder.resolve())]
    return [sys.executable, "-m", "sop", *place, "demo"]


def _unfinished(folder: Path, process_id: int) -> Path:
    return folder.with_name(f"{folder.name}.{UNFINISHED}-{process_id}")


def _told_at(file: Path) -> float:
    return file.stat().st_mtime


def _tell(unfinished: Path, share: float, what: str) -> None:
    """Write the progress in one piece, so that nobody reads half of it."""
    unfinished.mkdir(parents=True, exist_ok=True)
    draft = unfinished / f"{_PROGRESS}.new"
    draft.write_text(f"{share:.3f} {what}", "utf-8")
    draft.replace(unfinished / _PROGRESS)


def _require_free(folder: Path) -> None:
    if has_database(folder):
        raise Conflict(f"there is a workspace in {folder}", remedy="Choose a new folder with --workspace")


def _build(folder: Path, first_open: str, progress: Progress, calendar: str) -> None:
    def tell(share: float, what: str) -> None:
        _tell(folder, share, what)
        progress(share, what)

    tell(0.0, "starting")
    store = open_store(folder)
    try:
        _fill(store, first_open, tell, calendar)
    finally:
        store.close()


def _fill(store: Store, first_open: str, progress: Progress, calendar: str) -> None:
    # Every server reads how far a demo is; whoever builds one loads all of planning for it.
    from sop.services.demo.build import build_demo

    build_demo(store, first_open, progress, calendar=calendar)
