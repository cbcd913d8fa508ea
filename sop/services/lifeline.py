"""Processes end with the one that started them, however that ended; and what a killed one left behind is cleared.

A process of a pool watches the pipe that `multiprocessing` keeps to its parent; any other asks who its parent is.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path

ENDS_WITH = "SOP_ENDS_WITH"
"""The environment variable by which a command is told the process that it ends with."""
_LOOK_SECONDS, _GRACE_SECONDS = 1.0, 3.0
_HOST = "host.txt"
"""In a folder that is being made: the machine on which it is."""


def begin_in_pool(begin: Callable[[], None] | None = None) -> None:
    """What every process of a pool does first: watch for the end of its parent, then `begin`."""
    parent = parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def watch() -> None:
            wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True, name="lifeline").start()
    if begin is not None:
        begin()


def end_with_parent() -> None:
    """Have this command end, cleaning up, when the process that SOP_ENDS_WITH names is no longer its parent."""
    named = os.environ.pop(ENDS_WITH, "")
    if not named.isdecimal() or os.name != "posix":
        return

    def watch() -> None:
        while os.getppid() == int(named):
            time.sleep(_LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()


def child_environment() -> dict[str, str]:
    """The environment of a command that is to end with this process."""
    return os.environ | {ENDS_WITH: str(os.getpid())}


def end_within(seconds: float) -> None:
    """End this process so much later at the latest: what still works in the background keeps nobody waiting."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()


def claim(folder: Path) -> None:
    """Note on which machine a folder that is being made lies, so that its leftovers can be told from work."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _HOST).write_text(socket.gethostname(), "utf-8")


def release(folder: Path) -> None:
    """The folder is whole: take the note away."""
    (folder / _HOST).unlink(missing_ok=True)


def clear_leftovers(beside: Path, marks: tuple[str, ...]) -> None:
    """Remove what processes of this machine that were killed left beside a place: `NAME.MARK-PROCESS`."""
    for mark in marks:
        for found in beside.parent.glob(f"{_plain(beside.name)}.{mark}-*"):
            number = found.name.rpartition("-")[2]
            if number.isdecimal() and not _is_alive(int(number)) and _is_from_here(found):
                shutil.rmtree(found, ignore_errors=True) if found.is_dir() else found.unlink(missing_ok=True)


def _plain(name: str) -> str:
    """A name in which a pattern's signs mean themselves."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_from_here(found: Path) -> bool:
    try:
        return not found.is_dir() or (found / _HOST).read_text("utf-8") == socket.gethostname()
    except OSError:
        return False
