"""Draws of what may come to a plan: kept block by block, and made in the background by one queue of low priority.

A block is kept whole or not at all, so a run that was cancelled or killed goes on where it stopped. The ranges of
a plan that is shown are drawn once it is asked for; a plan that was only moved by a slider shows the last ranges
that were drawn until somebody asks for its own.
"""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Any

from sop.analysis.headline import values_of
from sop.analysis.ranges.claims import past_demand
from sop.analysis.ranges.demand_errors import DemandErrors, demand_errors, errors_of_facts
from sop.analysis.ranges.draws import DrawnBlock, Draws, blocks_for, join_blocks, read_paths
from sop.analysis.ranges.risks import BLOCK, key_of_errors
from sop.core.errors import SopError
from sop.core.memo import Memo
from sop.core.register import Assumptions
from sop.services.agreement.frozen_plans import agreed_by_cycle
from sop.services.analysis.draw_task import DrawTask, draw_with
from sop.services.faults import explain
from sop.services.planning.forecasting import forecast_workers, map_in_chunks
from sop.services.planning.room import InputSet, PlanningRoom, answer, question_of
from sop.store.results import Kept, keep_result, kept_keys, read_results
from sop.supply.before.company_problem import agreed_supply

FIRST, USUAL = 200, 1000
"""Draws that are made first, and those that ranges rest on where nobody asks for more."""
MOST = "SOP_DRAWS"
"""The environment variable that says another usual number."""

_KIND, _ERRORS = "draws/3", "errors/2"
"""Raised when what draws, or demand errors, rest on, or what is kept of them, changes."""
_NICE = 10
_PAGE_FIRST_SECONDS = 1.5
"""How long draws that nobody waits for leave the processor to the page that asked for their like."""

Report = Callable[[int], None]
"""Told how many draws there are after every block."""


def usual_draws() -> int:
    """Draws that ranges rest on where nobody asks for more."""
    return max(int(os.environ.get(MOST, USUAL)), BLOCK)


def task_of(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> DrawTask:
    """What the draws of the plan under some assumptions rest on.

    The frozen months are held as agreed; where nothing is agreed, as this plan has them.
    """
    decided = room.decided(inputs, assumptions)
    key = ("draw task", decided.key, repr(assumptions))
    return room.memo.get(key, lambda: _task(room, decided, assumptions))


def _task(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> DrawTask:
    errors, plan = errors_of(room, inputs), room.plan(assumptions, inputs)
    key = question_of(f"{_KIND} {inputs.key} {key_of_errors(errors)}", assumptions)
    agreed = inputs.planner.agreed or agreed_supply(plan, inputs.inputs)
    base = read_paths(values_of(plan), inputs.inputs.families.made_to_order, plan.calendar.year)
    return DrawTask(key, inputs.inputs, inputs.forecast, agreed, assumptions, errors, base)


def errors_of(room: PlanningRoom, inputs: InputSet) -> DemandErrors:
    """How far demand may come out from the forecast of an input set, kept by what it rests on."""
    signed = agreed_by_cycle(room)
    basis = " ".join([_ERRORS, inputs.key, *(frozen.record.digest for frozen in signed.values())])

    def make() -> DemandErrors:
        past = (past_demand(frozen.plan, inputs.inputs) for frozen in signed.values())
        return demand_errors(inputs.inputs, inputs.forecast, [found for found in past if found is not None])

    def of_facts(facts: Mapping[str, Any]) -> DemandErrors:
        return errors_of_facts(facts, inputs.inputs, inputs.forecast)

    return room.memo.get(("errors", basis), lambda: answer(room, basis, Assumptions(), make, of_facts))


# -- what is kept


def kept_draws(room: PlanningRoom, task: DrawTask) -> Draws | None:
    """All draws of a plan that are kept, however many; None where there are none."""
    keys = _kept_blocks(room, task)
    if not keys:
        return None

    def make() -> Draws:
        with room.store.read() as tx:
            kept = read_results(tx, keys)
        blocks = [_block_of(kept[key]) for key in keys]
        return join_blocks(blocks, task.base, task.inputs.calendar, task.errors.why)

    question = ("draws", task.key)
    before: Draws | None = room.memo.find(question)
    if before is not None and before.count != len(keys) * BLOCK:
        # Every block makes them anew, a megabyte each time.
        room.memo.forget(question)
    return room.memo.get(question, make)


def _kept_blocks(room: PlanningRoom, task: DrawTask) -> list[str]:
    """The keys of the blocks from the first on that are kept without a gap."""
    keys = tuple(_block_key(task, block) for block in range(blocks_for(_most(room, task))))
    with room.store.read() as tx:
        kept = kept_keys(tx, keys)
    return list(takewhile(kept.__contains__, keys))


def _most(room: PlanningRoom, task: DrawTask) -> int:
    """The most draws of a plan that anybody has asked for."""
    job: DrawJob | None = _jobs.find((id(room), task.key))
    return max(usual_draws(), job.wanted if job else 0, _asked.get(task.key, 0))


def _keep(room: PlanningRoom, task: DrawTask, block: int, drawn: DrawnBlock) -> None:
    with room.store.write() as tx:
        keep_result(tx, _block_key(task, block), drawn.arrays, {"scored": list(drawn.scored)})


def _block_key(task: DrawTask, block: int) -> str:
    return f"{task.key[:-4]}{block:04d}"


def _block_of(kept: Kept) -> DrawnBlock:
    paths = dict(kept.arrays)
    scores = paths.pop("scores")
    return DrawnBlock(paths, scores, tuple(kept.facts["scored"]))


# -- drawing


def draw_now(
    room: PlanningRoom,
    task: DrawTask,
    wanted: int,
    report: Report = lambda done: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Draws | None:
    """Draw until there are so many, block by block; None where it was stopped before there was any.

    Raises what planning raises.
    """
    done = len(_kept_blocks(room, task))
    missing = range(done, blocks_for(wanted))
    with forecast_workers(BLOCK * len(missing), begin=_yield_to_others, loaded=draw_with.__module__) as pool:
        for place, drawn in map_in_chunks(partial(draw_with, task), missing, pool, 1):
            _keep(room, task, missing[place][0], drawn[0])
            done += 1
            report(done * BLOCK)
            if stopped():
                break
    return kept_draws(room, task)


def _yield_to_others() -> None:
    os.nice(_NICE)


class DrawJob:
    """Draws that are made in the background; one job of a server works at a time, the others wait."""

    def __init__(self, room: PlanningRoom, task: DrawTask, wanted: int, done: int) -> None:
        self.wanted, self.done = wanted, done
        self.error: SopError | None = None
        self._stopped, self._ended = threading.Event(), threading.Event()
        threading.Thread(target=self._work, args=(room, task), daemon=True, name="draws").start()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._ended.is_set()

    @property
    def fraction(self) -> float:
        """The part that is done, 0 to 1."""
        return min(self.done / self.wanted, 1.0)

    def cancel(self) -> None:
        """Stop after the blocks that are under way; what is done is kept."""
        self._stopped.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it has ended within `timeout` seconds."""
        return self._ended.wait(timeout)

    def _work(self, room: PlanningRoom, task: DrawTask) -> None:
        try:
            self._stopped.wait(_PAGE_FIRST_SECONDS)
            with _turn:
                if not self._stopped.is_set():
                    draw_now(room, task, self.wanted, self._take, self._stopped.is_set)
        except Exception as error:  # noqa: BLE001 - whoever looks at the page is told
            self.error = explain(error, "drawing the ranges")
        finally:
            self._ended.set()

    def _take(self, done: int) -> None:
        self.done = done


_turn = threading.Lock()
_lock = threading.Lock()
_KEPT_JOBS = 64
_jobs = Memo(_KEPT_JOBS)
_asked: dict[str, int] = {}


# -- what is shown


@dataclass(frozen=True)
class Ranges:
    """The draws that can be shown of a plan.

    `draws`: its own, or where `stale` those that were drawn last, of another plan; None where demand is not known.
    `job`: what goes on in the background. `why`: why there are none.
    """

    draws: Draws | None
    stale: bool = False
    job: DrawJob | None = None
    why: str = ""

    @property
    def running(self) -> DrawJob | None:
        """The job while it works or waits."""
        return self.job if self.job is not None and self.job.running else None


def read_ranges(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Ranges:
    """The draws of a plan that is shown: the first are made at once, the rest in the background.

    Where ranges of another plan of the same data were drawn before, these are shown until `ask_for_ranges`.
    """
    task = task_of(room, inputs, assumptions)
    if task.why_none:
        return Ranges(None, why=task.why_none)
    found = kept_draws(room, task)
    if found is None:
        last = room.last_drawn.get(inputs.data_key)
        before = None if last is None else kept_draws(room, task_of(room, inputs, last))
        if before is not None:
            return Ranges(before, stale=True)
        found = draw_now(room, task, BLOCK)
    room.last_drawn[inputs.data_key] = assumptions
    return Ranges(found, job=_job(room, task, found))


def kept_ranges(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Ranges:
    """The draws of a plan that are kept; nothing is drawn for it."""
    task = task_of(room, inputs, assumptions)
    if task.why_none:
        return Ranges(None, why=task.why_none)
    found = kept_draws(room, task)
    return Ranges(found, why="" if found else "nothing was drawn for this plan yet; the Outlook page draws")


def ask_for_ranges(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions, draws: int = 0) -> None:
    """Draw the ranges of a plan, `draws` of them where more than usual are wanted."""
    task = task_of(room, inputs, assumptions)
    _asked[task.key] = max(draws, _asked.get(task.key, 0))
    room.last_drawn[inputs.data_key] = assumptions
    _jobs.forget((id(room), task.key))
    if not task.why_none and kept_draws(room, task) is None:
        draw_now(room, task, BLOCK)


def _job(room: PlanningRoom, task: DrawTask, found: Draws | None) -> DrawJob | None:
    """The job that goes on with a plan's draws; None where all that are wanted are there.

    One that was cancelled is not started again until somebody asks.
    """
    done, wanted = found.count if found else 0, _most(room, task)
    key = (id(room), task.key)
    with _lock:
        job: DrawJob | None = _jobs.find(key)
        if job is None and done < wanted:
            job = _jobs.get(key, lambda: DrawJob(room, task, wanted, done))
        if job is not None and not job.running and done >= wanted:
            _jobs.forget(key)
            return None
    if job is not None and job.error is not None:
        _jobs.forget(key)
        raise job.error
    return job


def wait_for_draws(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions, draws: int) -> Ranges:
    """So many draws of a plan, waited for; none where demand is not known."""
    task = task_of(room, inputs, assumptions)
    return Ranges(None if task.why_none else draw_now(room, task, draws), why=task.why_none)
