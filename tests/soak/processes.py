"""What is left of programs that were killed: each is the leader of a session, in which all that it started is."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

from tests.soak.amount import SOAKING


def of_sessions(sessions: Collection[int]) -> list[int]:
    """The processes of some sessions; one that ended and was not waited for counts as ended."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (place / "stat").read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) in sessions and state not in "ZX":
            found.append(int(place.name))
    return found


PATIENCE_SECONDS = 5 if SOAKING else 30
"""How long a process may take to end; in `make test` many others want the processors meanwhile."""


def orphans(sessions: Collection[int]) -> list[str]:
    """The commands of what is still there so much later."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := of_sessions(sessions)) and time.monotonic() < until:
        time.sleep(0.1)
    return [_command(process) for process in left]


def _command(process: int) -> str:
    try:
        return f"{process} {Path(f'/proc/{process}/cmdline').read_text()[:200]}"
    except OSError:
        return str(process)
