"""How soon other screens follow: ten people on websockets without browsers, each on a page of their own choice.

    python bench/following.py --workspace DIR [--sessions 10] [--times 5] [--json FILE]

DIR is a demo workspace, which is copied. Somebody outside the server changes an assumption, comments, decides, or
moves a step; every session hears of it, asks to be drawn again by the component that a browser would ask with, and
has followed once its page says that it shows the version that was heard: time runs from the act's acknowledgement
until then. `cpu` is what the server spends until all of them have followed, the median of its times. Without
--workspace it says so and measures nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from report import Figures, main
from sessions import Person, cpu_seconds, served
from streamlit.components.v2.bidi_component.constants import EVENT_DELIM
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

from sop.core.errors import SopError
from sop.services.agreement.decision_acts import refuse_decision, still_to_decide
from sop.services.analysis.decisions import value_decisions
from sop.services.company.cycle import move_to_step
from sop.services.planning.room import PlanningRoom
from sop.services.process.comments import say
from sop.services.process.steps import read_cycle_run, set_cycle_plan
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.store import open_store

PAGES = ("cycle", "decisions", "executive_review", "sales", "scenarios", "meeting", "sign_off", "outlook")
PATIENCE_SECONDS = 60.0
LIVE = "accord_live"
BURST_SECONDS = 0.05
"""How long a browser waits for more of what moves."""
STEP_DAYS = {"data": 1, "product": 3, "demand": 5, "supply": 8, "finance": 10, "executive": 12}
VERSION = re.compile(r'"version": ?"([^"]+)"')
Act = tuple[str, Callable[[], object]]
"""Kind, and what is done."""


def is_as_new(shown: str, heard: str) -> bool:
    """Whether a page that shows one version, '2026-12 24', shows what another holds."""
    (cycle, number), (wanted_cycle, wanted) = shown.split(), heard.split()
    return (cycle, int(number)) >= (wanted_cycle, int(wanted))


class Follower(Person):
    """A session that stays on a page and runs it again whenever it hears that something moved."""

    page, heard, shows_it = "", "", False
    _live_id, _fragment = "", ""

    async def stay(self, page: str) -> None:
        """Open the page on which it stays."""
        self.page = page
        await self.run(page)

    def _see(self, got: ForwardMsg) -> None:
        super()._see(got)
        element = got.delta.new_element
        if element.WhichOneof("type") == "bidi_component" and element.bidi_component.component_name.endswith(LIVE):
            self._live_id, self._fragment = element.bidi_component.id, got.delta.fragment_id
            told = VERSION.search(element.bidi_component.json or element.bidi_component.mixed.json)
            self.shows_it = self.shows_it or bool(self.heard and told and is_as_new(told[1], self.heard))

    async def ask(self) -> None:
        """Ask for what moved to be drawn again, and wait until the run is over that did."""
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.fragment_id = self._fragment
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{self._live_id}{EVENT_DELIM}events"
        widget.json_trigger_value = json.dumps([{"event": "moved", "value": self.heard}])
        await self._socket.send(message.SerializeToString())
        while not self.shows_it:
            got = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(), PATIENCE_SECONDS))
            if got.WhichOneof("type") == "delta":
                self._see(got)

    async def hear(self, patience: float) -> bool:
        """Wait for another version; whether one came."""
        end = time.perf_counter() + patience
        while (left := end - time.perf_counter()) > 0:
            try:
                news = json.loads(await asyncio.wait_for(self._live.recv(), left))
            except TimeoutError:
                return False
            if news.get("version") not in (None, self.heard):
                self.heard = news["version"]
                return True
        return False

    async def settle(self, pause: float) -> None:
        """Follow until nothing has moved for a while, so that what is heard next is the next act."""
        while await self.hear(pause):
            self.shows_it = False
            await self.ask()

    async def until_shown(self) -> float:
        """The time at which the page shows what is done next; infinite where it never does."""
        self.shows_it = False
        while not self.shows_it and await self.hear(PATIENCE_SECONDS):
            await asyncio.sleep(BURST_SECONDS)
            self.shows_it = False
            with suppress(TimeoutError):
                await self.ask()
        return time.perf_counter() if self.shows_it else float("inf")


def acts(room: PlanningRoom, times: int) -> Iterator[Act]:
    """What is done, one kind after the other."""
    store = room.store
    run = read_cycle_run(store, "coordinator")
    set_cycle_plan(store, "coordinator", STEP_DAYS, None, run.version)
    steps = [step for step in STEP_DAYS if step != run.cycle.step]
    inputs = room.input_set()
    valued = still_to_decide(room, value_decisions(room, inputs, room.assumptions()), inputs.cycle.first_open)
    working = working_scenario(store, "head_of_finance").id
    for place in range(times):
        yield "comment", partial(say, store, "head_of_sales", "plan", "The plan", f"Following {place}")
        yield "step", partial(move_to_step, store, "coordinator", steps[place % len(steps)])
        if place < len(valued.decisions):
            yield "decision", partial(refuse_decision, room, "executive", valued.decisions[place], "Not now")
        days = 46.0 + place
        yield "change", partial(change_assumption, store, "head_of_finance", working, "dso_days", days)


async def follow_all(port: int, process: int, room: PlanningRoom, options: argparse.Namespace) -> Figures:
    """All figures."""
    errors: list[str] = []
    group = [Follower(port, place, errors) for place in range(options.sessions)]
    for place, person in enumerate(group):
        await person.enter()
        await person.stay(PAGES[place % len(PAGES)])
    took: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    for kind, act in acts(room, options.times):
        await asyncio.gather(*(person.settle(options.pause) for person in group))
        before = cpu_seconds(process)
        waiting = [asyncio.create_task(person.until_shown()) for person in group]
        await asyncio.sleep(0)
        try:
            await asyncio.to_thread(act)
        except SopError as refused:
            errors.append(str(refused))
        done = time.perf_counter()
        took.setdefault(kind, []).extend([at - done for at in await asyncio.gather(*waiting)])
        spent.setdefault(kind, []).append(cpu_seconds(process) - before)
    for error in errors[:3]:
        print(f"  {error}")
    every = [seconds for kind in took.values() for seconds in kind]
    figures: Figures = {"sessions": (options.sessions, "people"), "errors": (len(errors), "errors and alerts")}
    for kind, seconds in took.items():
        figures[f"{kind}_p95"] = (statistics.quantiles(seconds, n=20)[-1], "s")
        figures[f"{kind}_cpu"] = (statistics.median(spent[kind]), "s of a core until all screens show it")
    return figures | {
        "median": (statistics.median(every), "s"),
        "p95": (statistics.quantiles(every, n=20)[-1], "s"),
    }


def measure(options: argparse.Namespace) -> Figures:
    """Serve a copy of the workspace and let people follow."""
    if options.workspace is None:
        print("no demo workspace was named: --workspace DIR")
        return {}
    with served(options.workspace) as (folder, port, process), closing(open_store(folder)) as store:
        return asyncio.run(follow_all(port, process, PlanningRoom(store), options))


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--workspace", {"type": Path}),
        ("--sessions", {"type": int, "default": 10}),
        ("--times", {"type": int, "default": 5}),
        ("--pause", {"type": float, "default": 5.0, "help": "seconds of peace before each act"}),
    )
