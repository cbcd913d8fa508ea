"""Draws on a Dask cluster by its address, beside one process: how many times as fast, and whether the same.

    python bench/dask_draws.py [--draws 1000] [--workers 2] [--json FILE]

The cluster is made on this machine, with workers of one thread; they and the one process have planned once before
the clock starts. By the clock two workers are as fast as told only on two idle cores; what they can be at best is
told by CPU seconds, on a busy machine too: one process's by those of the busiest of as many cores as workers.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import Executor
from functools import partial

import numpy as np
from distributed import Client, LocalCluster
from draws import NONE, Company
from report import Figures, main

from sop.analysis.ranges.draws import DrawnBlock, blocks_for
from sop.services.analysis.draw_task import DrawTask, draw_with
from sop.services.planning.forecasting import dask_cluster, map_in_chunks

WANTED = 1.6
"""How many times as fast as one process two workers are to be."""


def timed(task: DrawTask, blocks: range, pool: Executor | None) -> tuple[float, list[DrawnBlock]]:
    """Seconds by the clock, and the blocks in order."""
    began, found = time.perf_counter(), list(map_in_chunks(partial(draw_with, task), blocks, pool, 1))
    seconds = time.perf_counter() - began
    return seconds, [each for _, answers in sorted(found, key=lambda one: one[0].start) for each in answers]


def cpu_of(client: Client) -> list[float]:
    """CPU seconds of this process with its scheduler, and of each worker, so far."""
    return [time.process_time(), *client.run(time.process_time).values()]


def same(some: list[DrawnBlock], others: list[DrawnBlock]) -> bool:
    """Whether all figures are the same to the bit."""
    return len(some) == len(others) and all(
        one.scored == other.scored
        and one.arrays.keys() == other.arrays.keys()
        and all(np.array_equal(one.arrays[key], other.arrays[key], equal_nan=True) for key in one.arrays)
        for one, other in zip(some, others, strict=True)
    )


def measure(options: argparse.Namespace) -> Figures:
    """The same draws twice."""
    demo = Company()
    task = DrawTask("bench", demo.inputs, demo.forecast, demo.agreed, NONE, demo.errors, {})
    blocks, first = range(blocks_for(options.draws)), range(options.workers)
    timed(task, range(1), None)
    before = time.process_time()
    alone, ours = timed(task, blocks, None)
    own = time.process_time() - before
    with (
        LocalCluster(n_workers=options.workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster.scheduler_address, set_as_default=False) as client,
        dask_cluster(cluster.scheduler_address) as pool,
    ):
        timed(task, first, pool)
        begun = cpu_of(client)
        together, theirs = timed(task, blocks, pool)
        hands, *workers = (after - before for after, before in zip(cpu_of(client), begun, strict=True))
    busiest = max(*workers, (sum(workers) + hands) / len(workers))
    return {
        "draws": (options.draws, "draws"),
        "one_process": (alone, "s by the clock"),
        "cluster": (together, f"s by the clock, {options.workers} workers"),
        "times": (alone / together, f"times as fast; at least {WANTED:g} with two workers on two idle cores"),
        "one_process_cpu": (own, "s CPU"),
        "workers_cpu": (sum(workers), "s CPU of all workers"),
        "hands_out_cpu": (hands, "s CPU of this process and the scheduler meanwhile"),
        "times_by_cpu": (own / busiest, f"times as fast at best, by CPU; at least {WANTED:g}"),
        "same": (same(ours, theirs), "(1: the same numbers to the bit)"),
    }


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--draws", {"type": int, "default": 1000}),
        ("--workers", {"type": int, "default": 2}),
    )
