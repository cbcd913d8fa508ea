"""The demo workspace that tests of pages and browsers copy: built once, whichever worker asks first."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from sop.services.demo.build import build_demo
from sop.store import open_store
from tests.copies import copy_database

FIRST_OPEN = "2026-12"
PAST_CYCLES = 2


def copy_of_demo(to: Path, made_in: pytest.TempPathFactory) -> Path:
    """A demo workspace with two past cycles in an empty folder; the other workers wait while it is built."""
    base = made_in.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / "demo-for-all"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shared / "done"
        store = open_store(shared)
        if not done.exists():
            build_demo(store, FIRST_OPEN, past_cycles=PAST_CYCLES)
            done.touch()
        copy_database(store, to / "accord.sqlite")
        store.close()
    return to
