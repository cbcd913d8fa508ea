"""Draws around a plan: kept block by block, gone on with, cancelled; a slider starts none."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import nullcontext
from functools import partial

import numpy as np
import pytest

from sop.analysis.ranges.draws import Draws
from sop.analysis.ranges.risks import BLOCK
from sop.core.errors import CannotPlan
from sop.core.register import Assumptions
from sop.services.analysis import drawing
from sop.services.analysis.draw_task import DrawTask, draw_with
from sop.services.analysis.drawing import (
    ask_for_ranges,
    draw_now,
    kept_draws,
    read_ranges,
    task_of,
    wait_for_draws,
)
from sop.services.planning.forecasting import dask_cluster, map_in_chunks
from sop.services.planning.room import PlanningRoom
from tests.companies import Shape
from tests.services.planned_company import make_room

NONE = Assumptions()


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> PlanningRoom:
    monkeypatch.setattr(drawing, "forecast_workers", lambda *given, **options: nullcontext())
    return make_room(tmp_path_factory.mktemp("drawing"), Shape(history=5, horizon=12, products=3, families=2))


def count_blocks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []
    real = draw_with

    def counted(task: DrawTask, block: int) -> object:
        made.append(block)
        return real(task, block)

    monkeypatch.setattr(drawing, "draw_with", counted)
    return made


def test_what_was_drawn_is_kept_and_only_what_is_missing_is_drawn(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = count_blocks(monkeypatch)
    monkeypatch.setenv(drawing.MOST, "150")
    task = task_of(room, room.input_set(), NONE)
    first = draw_now(room, task, 60)
    assert first is not None and first.count == 2 * BLOCK and made == [0, 1]
    told: list[int] = []
    all_of_them = draw_now(room, task, 150, told.append)
    assert all_of_them is not None and all_of_them.count == 150 and made == [0, 1, 2] and told == [150]
    assert np.array_equal(all_of_them.paths["revenue"][:100], first.paths["revenue"])
    again = PlanningRoom(room.store)
    assert wait_for_draws(again, again.input_set(), NONE, 150).draws.count == 150 and made == [0, 1, 2]  # type: ignore[union-attr]


def test_a_run_that_is_stopped_keeps_whole_blocks_and_goes_on(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(drawing.MOST, "150")
    task = task_of(room, room.input_set(), NONE)
    stopped = draw_now(room, task, 150, stopped=lambda: True)
    assert stopped is not None and stopped.count == BLOCK
    assert {len(path) for path in stopped.paths.values()} == {BLOCK}
    made = count_blocks(monkeypatch)
    whole = draw_now(room, task, 150)
    assert whole is not None and whole.count == 150 and made == [1, 2]


def test_a_run_that_breaks_leaves_nothing_half_kept(room: PlanningRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(room, room.input_set(), NONE)

    def broken(task: DrawTask, block: int) -> object:
        raise CannotPlan("the optimiser found no plan")

    with monkeypatch.context() as patch:
        patch.setattr(drawing, "draw_with", broken)
        with pytest.raises(CannotPlan, match="no plan"):
            draw_now(room, task, 100)
    assert kept_draws(room, task) is None


def test_a_killed_run_leaves_whole_blocks_alone_and_is_gone_on_with(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while its second block is under way: the first is there whole, and the rest is drawn as ever."""
    monkeypatch.setattr(drawing, "forecast_workers", lambda *given, **options: nullcontext())
    monkeypatch.setenv(drawing.MOST, "100")
    folder = tmp_path_factory.mktemp("killed")
    room = make_room(folder, Shape(history=5, horizon=12, products=3, families=2))
    task = task_of(room, room.input_set(), NONE)
    died = subprocess.run([sys.executable, "-c", _KILLED, str(folder)], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    left = kept_draws(room, task)
    assert left is not None and {len(path) for path in (*left.paths.values(), left.scores)} == {BLOCK}
    made = count_blocks(monkeypatch)
    whole = draw_now(room, task, 100)
    assert whole is not None and whole.count == 100 and made == [1]
    fresh = make_room(tmp_path_factory.mktemp("fresh"), Shape(history=5, horizon=12, products=3, families=2))
    alone = draw_now(fresh, task_of(fresh, fresh.input_set(), NONE), 100)
    assert alone is not None and all(np.array_equal(alone.paths[key], whole.paths[key]) for key in whole.paths)


_KILLED = """
import os, signal, sys
from contextlib import nullcontext
from pathlib import Path
from sop.core.register import Assumptions
from sop.services.analysis import drawing
from sop.services.planning.room import PlanningRoom
from sop.store import open_store

drawing.forecast_workers = lambda *given, **options: nullcontext()
real, none = drawing.draw_with, Assumptions()
drawing.draw_with = lambda task, block: real(task, block) if block == 0 else os.kill(os.getpid(), signal.SIGKILL)
room = PlanningRoom(open_store(Path(sys.argv[1])))
drawing.draw_now(room, drawing.task_of(room, room.input_set(), none), 100)
"""


@pytest.mark.slow
def test_draws_of_a_dask_cluster_are_the_same_numbers(room: PlanningRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    task = task_of(room, room.input_set(), NONE)
    # The workers are threads that are reached by TCP.
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
        ) as cluster,
        dask_cluster(cluster.scheduler_address) as pool,
    ):
        found = list(map_in_chunks(partial(draw_with, task), range(4), pool, 1))
    for place, [block] in found:
        own = draw_with(task, place.start)
        assert all(np.array_equal(block.arrays[key], own.arrays[key]) for key in own.arrays)
    assert len(found) == 4


def test_a_slider_starts_no_draws_and_the_last_range_stays_until_somebody_asks(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs, moved = room.input_set(), NONE.set("demand_pct", "", 0.1)
    first = read_ranges(room, inputs, NONE)
    assert first.draws is not None and not first.stale
    made = count_blocks(monkeypatch)
    after = read_ranges(room, inputs, moved)
    assert after.stale and after.running is None and made == []
    assert after.draws is not None and np.array_equal(after.draws.paths["revenue"], first.draws.paths["revenue"])
    ask_for_ranges(room, inputs, moved)
    own = read_ranges(room, inputs, moved)
    assert made == [0] and not own.stale and own.draws is not None
    revenue = (draws.paths["revenue"].sum(axis=1) for draws in (first.draws, own.draws))
    before, higher = revenue
    # Drawn with the same numbers: more demand is more revenue in nearly every draw, not only on average.
    assert (higher >= before).mean() > 0.9


def test_the_rest_is_drawn_in_the_background_and_can_be_cancelled(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(drawing.MOST, "200")
    inputs = room.input_set()
    found = read_ranges(room, inputs, NONE)
    assert found.draws is not None and found.draws.count == BLOCK and found.job is not None
    found.job.cancel()
    assert found.job.wait(60)
    stopped = read_ranges(room, inputs, NONE)
    assert stopped.running is None and stopped.job is found.job, "nobody asked to go on"
    ask_for_ranges(room, inputs, NONE)
    again = read_ranges(room, inputs, NONE)
    assert again.job is not None and again.job is not found.job and again.job.wait(60)
    assert read_ranges(room, inputs, NONE).draws.count == 200  # type: ignore[union-attr]


def test_more_draws_are_made_on_request(room: PlanningRoom) -> None:
    inputs = room.input_set()
    assert read_ranges(room, inputs, NONE).job is None, "all that are usual are there"
    ask_for_ranges(room, inputs, NONE, 100)
    more = read_ranges(room, inputs, NONE)
    assert more.job is not None and more.job.wait(60)
    assert read_ranges(room, inputs, NONE).draws.count == 100  # type: ignore[union-attr]


def test_draws_that_grow_block_by_block_are_held_once(room: PlanningRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(drawing.MOST, "150")
    task = task_of(room, room.input_set(), NONE)
    counts = []
    for wanted in (50, 100, 150):
        draw_now(room, task, wanted)
        found = kept_draws(room, task)
        assert found is not None and kept_draws(room, task) is found
        counts.append(found.count)
    assert counts == [50, 100, 150]
    assert sum(isinstance(kept, Draws) for kept in room.memo.values()) == 1
