"""Forecast jobs: many series with progress and time left, cancelled and resumed without losing what is done.

Every finished series is kept under the digest of what it rests on. So a second run forecasts only what changed,
and a job that was cancelled, or killed, goes on where it stopped when it is started again.
"""

import os
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_all_start_methods
from multiprocessing.context import ForkServerContext, ForkServerProcess, SpawnContext, SpawnProcess
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sop.core.errors import SetupError, SopError
from sop.demand.baseline import Runner
from sop.demand.ladder import SeriesForecast, SeriesTask, fits_of, pack_forecast, series_key, unpack_forecast
from sop.services.faults import work_of_others
from sop.services.lifeline import begin_in_pool
from sop.store import Store
from sop.store.results import keep_result, read_results

if TYPE_CHECKING:
    from distributed import Client

Result = TypeVar("Result")
Forecaster = Callable[[SeriesTask], SeriesForecast]
_NO_WORK = 1e-9


class Cancelled(SopError):
    """A forecast was stopped before its end; what is done is kept."""


@dataclass(frozen=True)
class Progress:
    """How far a forecast is: series done, of them kept from before, of how many, and seconds to go if known."""

    done: int = 0
    kept: int = 0
    total: int = 0
    seconds_left: float | None = None

    @property
    def fraction(self) -> float:
        """The part that is done, 0 to 1."""
        return self.done / self.total if self.total else 0.0


class KeptForecasts:
    """A map over series that forecasts only what is not kept yet; give it as `run` to a forecast.

    `report` is told the progress after every chunk; `pool` forecasts, where there is one already. Raises Cancelled
    once `cancelled` is set.
    """

    def __init__(
        self,
        store: Store,
        *,
        processes: int | None = None,
        report: Callable[[Progress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
        pool: Executor | None = None,
    ) -> None:
        self.store, self.processes, self.report, self.pool = store, processes, report, pool
        self.cancelled = cancelled or threading.Event()

    def __call__(self, work: Forecaster, tasks: Iterable[SeriesTask]) -> list[SeriesForecast]:
        """The forecast of every task, in order."""
        listed = list(tasks)
        keys = [series_key(task) for task in listed]
        with self.store.read() as tx:
            kept = read_results(tx, keys)
        found = {key: unpack_forecast(row.arrays["figures"], row.facts) for key, row in kept.items()}
        missing = {key: task for key, task in zip(keys, listed, strict=True) if key not in found}
        self._forecast(work, missing, found)
        return [found[key] for key in keys]

    def _forecast(
        self, work: Forecaster, missing: Mapping[str, SeriesTask], found: dict[str, SeriesForecast]
    ) -> None:
        """Forecast what is missing, chunk by chunk, adding it to `found` and to what is kept."""
        keys, kept, clock = list(missing), len(found), _Clock([fits_of(task) for task in missing.values()])
        total = kept + len(keys)
        self._report(Progress(kept, kept, total, None if keys else 0.0))
        workers = nullcontext(self.pool) if self.pool else forecast_workers(len(keys), self.processes)
        with workers as pool:
            for place, answers in map_in_chunks(work, list(missing.values()), pool):
                fresh = dict(zip(keys[place], answers, strict=True))
                with self.store.write() as tx:
                    for key, forecast in fresh.items():
                        figures, facts = pack_forecast(forecast)
                        keep_result(tx, key, {"figures": figures}, facts)
                found.update(fresh)
                self._report(Progress(len(found), kept, total, clock.seconds_left(place)))

    def _report(self, progress: Progress) -> None:
        self.report(progress)
        if self.cancelled.is_set() and progress.done < progress.total:
            raise Cancelled(
                f"the forecast was stopped after {progress.done} of {progress.total} series",
                remedy="Start it again and it goes on from there",
            )


class _Clock:
    """Seconds to go, from the pace since the first chunk was done: before it, processes start and load."""

    def __init__(self, works: Sequence[float]) -> None:
        self.works, self.left, self.paced = works, sum(works), 0.0
        self.begun: float | None = None

    def seconds_left(self, done: slice) -> float | None:
        """After one more chunk is done; None where there is no pace yet."""
        work = sum(self.works[done])
        self.left -= work
        if self.begun is None:
            self.begun = time.monotonic()
            return None if self.left > _NO_WORK else 0.0
        self.paced += work
        return max(self.left, 0.0) * (time.monotonic() - self.begun) / self.paced


class ForecastJob(Generic[Result]):
    """A forecast that runs in the background of a process from the moment it is made.

    `work` is given the map over series, for example `lambda run: forecast_company(inputs, run=run)`. After a
    cancelled or broken job, a new one with the same work goes on where it stopped.
    """

    def __init__(self, store: Store, work: Callable[[Runner], Result], processes: int | None = None) -> None:
        self.progress = Progress()
        self._cancelled = threading.Event()
        run = KeptForecasts(store, processes=processes, report=self._take, cancelled=self._cancelled)
        with_thread = ThreadPoolExecutor(1, thread_name_prefix="forecast")
        self._future = with_thread.submit(work, run)
        with_thread.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._future.done()

    @property
    def stopping(self) -> bool:
        """Whether somebody cancelled it and the series under way are still being forecast."""
        return self.running and self._cancelled.is_set()

    @property
    def stopped(self) -> bool:
        """Whether it ended because somebody cancelled it."""
        return self._future.done() and isinstance(self._future.exception(), Cancelled)

    def cancel(self) -> None:
        """Stop after the chunks that are under way; what is done is kept."""
        self._cancelled.set()

    def result(self, timeout: float | None = None) -> Result:
        """The result, waited for. Raises Cancelled after `cancel`, TimeoutError, or what the work raised."""
        return self._future.result(timeout)

    def _take(self, progress: Progress) -> None:
        self.progress = progress


DASK_ADDRESS = "SOP_DASK_ADDRESS"

_SERIES_AT_ONCE = 16
_WORTH_A_POOL = 200
"""Series below which this process is done before a pool has started."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@contextmanager
def forecast_workers(
    series: int, processes: int | None = None, begin: Callable[[], None] | None = None, loaded: str = ""
) -> Iterator[Executor | None]:
    """Whoever should forecast this many series, or plan this often; None where this process should do it itself.

    The cluster that SOP_DASK_ADDRESS names, else as many local processes as there are cores (or `processes`), each
    of which calls `begin` first and has the module `loaded`. Raises SetupError where the cluster does not answer.
    """
    count, address = processes or os.cpu_count() or 1, os.environ.get(DASK_ADDRESS)
    if address:
        with dask_cluster(address) as cluster:
            yield cluster
    elif count == 1 or series < _WORTH_A_POOL:
        yield None
    else:
        with fresh_processes(count, begin, loaded) as pool:
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
        yield Cluster(client)


class Cluster(Executor):
    """A Dask cluster as a pool that is sent what many calls share once, and the calls by the key of it."""

    def __init__(self, client: "Client") -> None:
        # What is asked for is never the same as before: nothing is gained by a digest of all that it rests on.
        self._client, self._pool = client, client.get_executor(pure=False)

    def share(self, thing: object) -> object:
        """What stands for `thing` as an argument of calls.

        It is made on the cluster by a task, not scattered: what a worker takes along when it dies is made again.
        """
        return self._client.submit(pickle.loads, pickle.dumps(thing, pickle.HIGHEST_PROTOCOL), pure=False)

    def submit(self, fn: Callable[..., Answer], /, *args: Any, **kwargs: Any) -> Future[Answer]:
        """A call that some worker makes."""
        called: Future[Answer] = self._pool.submit(fn, *args, **kwargs)
        return called

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End; the cluster stays."""
        self._pool.shutdown(wait and not cancel_futures)


def map_in_chunks(
    work: Callable[[Item], Answer], items: Sequence[Item], pool: Executor | None, at_once: int = _SERIES_AT_ONCE
) -> Iterator[tuple[slice, list[Answer]]]:
    """Work on chunks of items, each given back with its place as soon as it is done.

    When the caller stops early, what has not begun is cancelled. Raises SetupError where a process was lost.
    """
    chunks = [slice(start, start + at_once) for start in range(0, len(items), at_once)]
    if pool is None:
        yield from ((chunk, _work_on(work, items[chunk])) for chunk in chunks)
        return
    futures: dict[Future[list[Answer]], slice] = {}
    try:
        with work_of_others("what is done is kept"):
            shared: Any = pool.share(work) if isinstance(pool, Cluster) else work
            futures |= {pool.submit(_work_on, shared, items[chunk]): chunk for chunk in chunks}
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


class LoadedProcess(ForkServerProcess):
    """A process forked from a server that has loaded what it needs, to which the caller's main file is unknown."""

    def start(self) -> None:
        """Start the process."""
        with _nameless_main():
            super().start()


class LoadedContext(ForkServerContext):
    """The ways of `multiprocessing`, with loaded processes."""

    Process = LoadedProcess


def fresh_processes(count: int, begin: Callable[[], None] | None = None, loaded: str = "") -> ProcessPoolExecutor:
    """A pool of fresh processes, each of which calls `begin` first; what they do must be importable by name.
    They end with this process, however it ends.

    Every series is forecast on its own, so the numbers do not depend on who forecasts it. New processes are
    started fresh rather than forked: the caller may hold threads and database connections. Where the module
    `loaded` is named, one fresh process loads it, stays, and those that work are forked from that one.
    """
    if loaded and "forkserver" in get_all_start_methods():
        context = LoadedContext()
        context.set_forkserver_preload([loaded])
        return ProcessPoolExecutor(count, context, partial(begin_in_pool, begin))
    return ProcessPoolExecutor(count, FreshContext(), partial(begin_in_pool, begin))


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
