"""The demo workspace that tests of pages and browsers copy: built once, whichever worker asks first.

What the demo decides eight cycles ago it decides in the first of two past ones here: so it has a past decision.
"""

from __future__ import annotations

import fcntl
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from sop.services.demo.build import build_demo
from sop.services.demo.demo_tables import read_demo
from sop.store import Store, open_store
from tests.copies import copy_database

FIRST_OPEN, FIRST_PAST = "2026-12", "2026-10"
PAST_CYCLES = 2
T = TypeVar("T", bound=Any)


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
            _build(store)
            done.touch()
        copy_database(store, to / "accord.sqlite")
        store.close()
    return to


def _build(store: Store) -> None:
    demo = read_demo()
    decided = {each.assumption: each.cycle for each in demo.decisions}
    changes = (_moved(each) if decided.get(each.assumption) == each.cycle else each for each in demo.changes)
    moved = replace(demo, changes=tuple(changes), decisions=tuple(map(_moved, demo.decisions)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sop.services.demo.build.read_demo", lambda: moved)
        build_demo(store, FIRST_OPEN, past_cycles=PAST_CYCLES)


def _moved(told: T) -> T:
    """What the demo tells of an early cycle, told of the first of two past ones."""
    return replace(told, cycle=FIRST_PAST)
