"""Many people at once, on websockets without browsers: sliders moved, pages opened, idle cost.

    python bench/sessions.py --workspace DIR [--sessions 25] [--seconds 300] [--think 4] [--json FILE]

DIR is a demo workspace, which is copied. Each session chooses a persona who plans, one after the other, opens
Scenarios, listens for changes, stays idle for a while, then moves a slider or opens another page every THINK
seconds (a slider four times of five). Without --workspace it measures nothing. How soon screens follow what others
do is measured by `following.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import websockets
from report import Figures, main
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.servers import once_it_answers
from tests.web.servers import HOST, free_port, start

DONE = (0, 3)
PAGES = ("executive_review", "sales", "inventory", "production", "financial", "sign_off")
IDLE_SECONDS, ANSWER_SECONDS = 20, 120
PLANNERS = slice(1, 8)
"""Who may try scenarios, among the personas by their ids: neither administrator nor viewer."""


class Person:
    """One session: its websocket, the widgets that it has seen, and what went wrong."""

    def __init__(self, port: int, place: int, errors: list[str]) -> None:
        self._port, self._place, self._errors = port, place, errors
        self.sliders: dict[str, tuple[str, str, float, float]] = {}
        self._buttons: dict[str, str] = {}
        self.page_hash = ""

    async def enter(self) -> None:
        """Open the app and choose the persona."""
        address, own = f"ws://{HOST}:{self._port}", f"http://{HOST}:{self._port}"
        self._socket = await websockets.connect(
            f"{address}/_stcore/stream", origin=own, subprotocols=["streamlit"], max_size=None, open_timeout=60
        )
        self._live = await websockets.connect(f"{address}/live", origin=own, open_timeout=60)
        await self.run("scenarios")
        planners = list(self._buttons)[PLANNERS]
        await self.run("scenarios", trigger=self._buttons[planners[self._place % len(planners)]])

    async def run(self, page: str, trigger: str = "", slider: tuple[str, str, float] | None = None) -> float:
        """One run of a page or of a fragment, in milliseconds."""
        # What is not drawn again is no longer there: to a slider of a fragment that went nobody answers.
        self.sliders = {label: each for label, each in self.sliders.items() if slider and each[1] != slider[1]}
        message = BackMsg()
        message.rerun_script.page_name = page
        if trigger:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.trigger_value = trigger, True
        if slider:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id = slider[0]
            widget.double_array_value.data.append(slider[2])
            message.rerun_script.fragment_id = slider[1]
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            try:
                got = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(), ANSWER_SECONDS))
            except TimeoutError as late:
                raise TimeoutError(f"no answer of {page} to {slider or trigger or 'opening'}") from late
            if got.WhichOneof("type") == "script_finished" and got.script_finished in DONE:
                return (time.perf_counter() - began) * 1000
            if got.WhichOneof("type") == "delta":
                self._see(got)
            elif got.WhichOneof("type") == "navigation":
                self.page_hash = got.navigation.page_script_hash

    def _see(self, got: ForwardMsg) -> None:
        element = got.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "slider":
            found = element.slider
            self.sliders[found.label] = (found.id, got.delta.fragment_id, found.min, found.max)
        elif kind == "button":
            self._buttons[element.button.label] = element.button.id
        elif kind == "exception" or (kind == "alert" and element.alert.format == 1):
            self._errors.append(str(element)[:200])

    async def use(self, until: float, think: float, slid: list[float], opened: list[float]) -> None:
        """Move sliders and open pages."""
        while time.time() < until:
            await asyncio.sleep(think * random.uniform(0.5, 1.5))
            if random.random() < 0.8 and self.sliders:
                found, fragment, low, high = random.choice(list(self.sliders.values()))
                slid.append(await self.run("scenarios", slider=(found, fragment, random.choice((low, high, 0.0)))))
            else:
                opened.append(await self.run(random.choice(PAGES)))
                await self.run("scenarios")


def memory(process: int) -> float:
    """Megabytes that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(process: int) -> float:
    """What a process has used of a core."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def people(port: int, process: int, options: argparse.Namespace) -> Figures:
    """All figures."""
    errors: list[str] = []
    slid: list[float] = []
    opened: list[float] = []
    group = [Person(port, place, errors) for place in range(options.sessions)]
    for person in group:
        await person.enter()
    await asyncio.sleep(3)
    before = cpu_seconds(process)
    await asyncio.sleep(IDLE_SECONDS)
    idle = (cpu_seconds(process) - before) / IDLE_SECONDS / options.sessions
    until, before = time.time() + options.seconds, cpu_seconds(process)
    ended = await asyncio.gather(
        *(person.use(until, options.think, slid, opened) for person in group), return_exceptions=True
    )
    used = cpu_seconds(process) - before
    errors += [repr(each)[:200] for each in ended if isinstance(each, BaseException)]
    for error in errors[:3]:
        print(f"  {error}")
    return {
        "sessions": (options.sessions, "people"),
        "idle": (100 * idle, "% of a core each"),
        "errors": (len(errors), "errors and alerts"),
        "slider_moves": (len(slid), "moves"),
        "slider_median": (statistics.median(slid), "ms"),
        "slider_p95": (statistics.quantiles(slid, n=20)[-1], "ms"),
        "page_median": (statistics.median(opened or [0.0]), "ms"),
        "memory": (memory(process), "MB of the server at the end"),
        "cpu": (1000 * used / (len(slid) + 2 * len(opened)), "ms of a core for each run of a page or a slider"),
    }


@contextmanager
def served(workspace: Path) -> Iterator[tuple[Path, int, int]]:
    """A copy of a workspace while it is served: its folder, the port, and the server's process."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(workspace, folder, dirs_exist_ok=True)
        port = free_port()
        server = start(Path(folder), port)
        try:
            once_it_answers(f"http://{HOST}:{port}", server)
            yield Path(folder), port, server.pid
        finally:
            # A machine that is busy with others may take long to end it properly.
            server.kill()
            server.communicate()


def measure(options: argparse.Namespace) -> Figures:
    """Serve a copy of the workspace and let people in."""
    if options.workspace is None:
        print("no demo workspace was named: --workspace DIR")
        return {}
    with served(options.workspace) as (_, port, process):
        return asyncio.run(people(port, process, options))


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--workspace", {"type": Path}),
        ("--sessions", {"type": int, "default": 25}),
        ("--seconds", {"type": float, "default": 300.0}),
        ("--think", {"type": float, "default": 4.0}),
    )
