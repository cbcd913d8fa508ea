"""Memory of a server over time while people use it: is it flat once everything was opened?

    python bench/memory.py --workspace DIR [--minutes 120] [--sessions 10] [--think 4] [--json FILE]

DIR is a demo workspace, which is copied. Sessions as in `sessions.py` move sliders and open pages; each minute a
line tells what the server and its processes hold. Flat is what stays within 10% of its middle from the fifteenth
minute on. It ends by itself, five minutes late at most, and then kills the server that it started. Without
--workspace it measures nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from contextlib import suppress
from pathlib import Path

from report import Figures, main
from sessions import Person, memory, served

SETTLED_MINUTES, LATE_SECONDS = 15, 300
FLAT = 0.1


def children_of(process: int) -> list[int]:
    """The processes below a process."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *children_of(child)]
    return found


def held(process: int) -> tuple[float, float]:
    """Megabytes of a server, and of the processes below it."""
    below = 0.0
    for child in children_of(process):
        with suppress(OSError):
            below += memory(child)
    return memory(process), below


async def watch(process: int, until: float) -> list[float]:
    """Megabytes of the server, minute by minute; printed as they are read."""
    found, began = [], time.time()
    while time.time() < until:
        await asyncio.sleep(min(60.0, max(until - time.time(), 0.1)))
        own, below = held(process)
        found.append(own)
        print(f"  {(time.time() - began) / 60:5.0f} min {own:7.0f} MB {below:7.0f} MB below", flush=True)
    return found


async def use(port: int, process: int, options: argparse.Namespace) -> Figures:
    """Let people in and watch."""
    errors: list[str] = []
    slid: list[float] = []
    opened: list[float] = []
    group = [Person(port, place, errors) for place in range(options.sessions)]
    for person in group:
        await person.enter()
    until = time.time() + 60 * options.minutes
    acting = asyncio.gather(
        *(person.use(until, options.think, slid, opened) for person in group), return_exceptions=True
    )
    found = await watch(process, until)
    with suppress(TimeoutError):
        errors += [repr(each) for each in await asyncio.wait_for(acting, LATE_SECONDS) if each is not None]
    for error in errors[:3]:
        print(f"  {error[:200]}")
    return figures_of(found, errors, slid)


def figures_of(found: list[float], errors: list[str], slid: list[float]) -> Figures:
    """What a run comes to; `found`: megabytes minute by minute."""
    figures: Figures = {
        "minutes": (len(found), "minutes"),
        "errors": (len(errors), "errors and alerts"),
        "slider_moves": (len(slid), "moves"),
        "memory": (found[-1], "MB of the server at the end"),
    }
    settled = found[SETTLED_MINUTES:]
    if settled:
        middle = statistics.median(settled)
        most = max(abs(each / middle - 1) for each in settled)
        figures["apart"] = (100 * most, f"% from the middle at most, from minute {SETTLED_MINUTES} on; at most 10")
        figures["flat"] = (most <= FLAT, "(1: flat)")
    return figures


def measure(options: argparse.Namespace) -> Figures:
    """Serve a copy of the workspace and let people in."""
    if options.workspace is None:
        print("no demo workspace was named: --workspace DIR")
        return {}
    with served(options.workspace) as (_, port, process):
        return asyncio.run(use(port, process, options))


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--workspace", {"type": Path}),
        ("--minutes", {"type": float, "default": 120.0}),
        ("--sessions", {"type": int, "default": 10}),
        ("--think", {"type": float, "default": 4.0}),
    )
