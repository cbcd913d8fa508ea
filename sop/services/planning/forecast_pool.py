"""Who forecasts many series: this process, local processes, or a Dask cluster. The numbers are the same.

Series go out in chunks of whole series. A pool is only made where there is enough to forecast, because a new
process takes seconds to load the forecast library.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TypeVar

from sop.core.errors import SetupError
from sop.demand.baseline import Runner

DASK_ADDRESS = "SOP_DASK_ADDRESS"

_SERIES_AT_ONCE = 16
_WORTH_A_POOL = 200
"""Series below which this process is done before a pool has started."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@contextmanager
def forecast_pool(processes: int | None = None) -> Iterator[Runner]:
    """A map over series on as many processes as there are cores (or `processes`); the plain map on one core.

    Every series is forecast on its own, so the numbers do not depend on who forecasts it. New processes are
    started fresh rather than forked: the caller may hold threads and database connections.
    """
    count = processes or os.cpu_count() or 1
    if count == 1:
        yield map
        return
    with fresh_processes(count) as pool:
        yield partial(pool.map, chunksize=_SERIES_AT_ONCE // 4)


@contextmanager
def forecast_workers(series: int, processes: int | None = None) -> Iterator[Executor | None]:
    """Whoever should forecast this many series; None where this process should do it itself.

    The cluster that SOP_DASK_ADDRESS names, else as many local processes as there are cores (or `processes`).
    Raises SetupError where the cluster does not answer.
    """
    count, address = processes or os.cpu_count() or 1, os.environ.get(DASK_ADDRESS)
    if address:
        with dask_cluster(address) as cluster:
            yield cluster
    elif count == 1 or series < _WORTH_A_POOL:
        yield None
    else:
        with fresh_processes(count) as pool:
            yield pool


@contextmanager
def dask_cluster(address: str) -> Iterator[Executor]:
    """An existing Dask cluster as a pool; its workers need this package and the same libraries."""
    from distributed import Client

    try:
        client = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SetupError(
            "the Dask cluster does not answer",
            where=address,
            why=str(error),
            remedy=f"Start its scheduler, or unset {DASK_ADDRESS} to forecast on this machine",
        ) from error
    with client:
        yield client.get_executor()


def map_in_chunks(
    work: Callable[[Item], Answer], items: Sequence[Item], pool: Executor | None
) -> Iterator[tuple[slice, list[Answer]]]:
    """Work on chunks of items, each given back with its place as soon as it is done.

    When the caller stops early, what has not begun is cancelled.
    """
    chunks = [slice(start, start + _SERIES_AT_ONCE) for start in range(0, len(items), _SERIES_AT_ONCE)]
    if pool is None:
        yield from ((chunk, _work_on(work, items[chunk])) for chunk in chunks)
        return
    futures: dict[Future[list[Answer]], slice] = {
        pool.submit(_work_on, work, items[chunk]): chunk for chunk in chunks
    }
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


def _work_on(work: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    return [work(item) for item in items]


_LOCK = threading.Lock()


class FreshProcess(SpawnProcess):
    """A spawned process to which the caller's main file is unknown."""

    def start(self) -> None:
        """Start the process."""
        with _nameless_main():
            super().start()


class FreshContext(SpawnContext):
    """The ways of `multiprocessing`, with fresh processes."""

    Process = FreshProcess


def fresh_processes(count: int) -> ProcessPoolExecutor:
    """A pool of fresh processes; what they work on must be importable by name."""
    return ProcessPoolExecutor(count, FreshContext())


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Put a main module without a file in place while a process is being started."""
    with _LOCK:
        main, blank = sys.modules["__main__"], ModuleType("__main__")
        sys.modules["__main__"] = blank
        try:
            yield
        finally:
            # Streamlit may have begun another run meanwhile, with a main module of its own.
            if sys.modules["__main__"] is blank:
                sys.modules["__main__"] = main
