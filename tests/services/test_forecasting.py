"""Forecast jobs: only what changed is forecast again, progress, cancel, resume, and the same numbers anywhere."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from sop.core.errors import BadInput, SetupError
from sop.demand.baseline import BaselineForecast, forecast_baseline
from sop.demand.ladder import Ladder, SeriesTask, fits_of, forecast_series
from sop.services.planning.forecasting import (
    DASK_ADDRESS,
    Cancelled,
    ForecastJob,
    KeptForecasts,
    Progress,
    _Clock,
    dask_cluster,
    forecast_workers,
    fresh_processes,
    map_in_chunks,
)
from sop.store import Store, open_store

MONTHS = 30
RNG = np.random.default_rng(4)


def short_series(count: int) -> np.ndarray:
    """Series of 20 months, which are quick to forecast."""
    history = np.full((count, MONTHS), np.nan)
    history[:, -20:] = 100 + RNG.normal(0, 10, (count, 20))
    return history


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path, f"sqlite:///{tmp_path}/test.sqlite")
    yield opened
    opened.close()


class Counted:
    """The plain forecast of a series, counting how often it is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, task):
        self.count += 1
        return forecast_series(task)


def forecast(history: np.ndarray, run=map) -> BaselineForecast:
    return forecast_baseline(history, horizon=6, groups=np.arange(len(history)), run=run)


def counting_run(store: Store, counted: Counted):
    """The kept map, with the work counted."""
    kept = KeptForecasts(store, processes=1)
    return lambda work, tasks: kept(counted, tasks)


def same(one: BaselineForecast, other: BaselineForecast) -> bool:
    figures = ("mean", "lo80", "hi80", "lo95", "hi95")
    return all((getattr(one, name) == getattr(other, name)).all() for name in figures) and one.why == other.why


def test_kept_forecasts_are_the_same_numbers_as_new_ones(store):
    history = np.vstack([short_series(3), np.full((1, MONTHS), np.nan), 100 + RNG.normal(0, 9, (1, MONTHS))])
    run = KeptForecasts(store, processes=1)
    plain = forecast(history)
    assert same(forecast(history, run), plain) and same(forecast(history, run), plain)


def test_only_the_series_that_changed_is_forecast_again(store):
    history, counted = short_series(5), Counted()
    run = counting_run(store, counted)
    forecast(history, run)
    assert counted.count == 5
    forecast(history, run)
    assert counted.count == 5
    history[2, -1] += 40
    assert same(forecast(history, run), forecast(history))
    assert counted.count == 6


def test_a_series_given_twice_is_forecast_once(store):
    history, counted = np.repeat(short_series(1), 3, axis=0), Counted()
    once = forecast_baseline(history, horizon=6, run=counting_run(store, counted))
    assert counted.count == 1 and (once.mean[0] == once.mean[2]).all()


def test_progress_reaches_all_series_and_says_how_long_it_takes(store):
    seen: list[Progress] = []
    forecast(short_series(40), KeptForecasts(store, processes=1, report=seen.append))
    assert [progress.done for progress in seen] == [0, 16, 32, 40]
    assert seen[0].seconds_left is None and seen[1].seconds_left is None  # no pace before the first chunk
    assert seen[2].seconds_left > 0 and seen[-1].seconds_left == pytest.approx(0)
    assert seen[-1].fraction == 1


def test_a_cancelled_job_goes_on_where_it_stopped(store):
    history, stop = short_series(40), threading.Event()

    def stop_after_the_first_chunk(progress: Progress) -> None:
        if progress.done:
            stop.set()

    with pytest.raises(Cancelled, match="16 of 40"):
        forecast(history, KeptForecasts(store, processes=1, report=stop_after_the_first_chunk, cancelled=stop))
    counted = Counted()
    resumed = forecast(history, counting_run(store, counted))
    assert counted.count == 40 - 16 and same(resumed, forecast(history))


def test_a_job_runs_in_the_background_and_gives_its_result(store):
    history = short_series(20)
    job = ForecastJob(store, lambda run: forecast(history, run), processes=1)
    assert same(job.result(timeout=60), forecast(history))
    assert job.progress.fraction == 1 and not job.running


def test_a_job_that_is_cancelled_says_so_and_keeps_what_is_done(store):
    begun, may_go_on = threading.Event(), threading.Event()

    def work(run):
        begun.set()
        may_go_on.wait(30)
        return forecast(short_series(40), run)

    job = ForecastJob(store, work, processes=1)
    begun.wait(30)
    job.cancel()
    may_go_on.set()
    with pytest.raises(Cancelled, match="goes on from there"):
        job.result(timeout=60)


def test_what_goes_wrong_in_a_job_is_raised_to_who_asks(store):
    job = ForecastJob(store, lambda run: forecast_baseline(short_series(1), horizon=0, run=run))
    with pytest.raises(BadInput, match="over 0 months"):
        job.result(timeout=60)


def test_fresh_processes_give_the_same_numbers():
    history = short_series(40)

    def run(work, tasks):
        with fresh_processes(2) as pool:
            done = {place.start: found for place, found in map_in_chunks(work, list(tasks), pool)}
        return [forecast for start in sorted(done) for forecast in done[start]]

    assert same(forecast(history, run), forecast(history))


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_numbers(store, monkeypatch):
    distributed = pytest.importorskip("distributed")
    history = short_series(40)
    # The worker is a thread that is reached by TCP: bench/forecast.py starts workers of their own process.
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
    ) as cluster:
        monkeypatch.setenv(DASK_ADDRESS, cluster.scheduler_address)
        assert same(forecast(history, KeptForecasts(store)), forecast(history))


class Sent:
    """Work on numbers that knows how often it was read from what was sent, in this process."""

    read: ClassVar[list[int]] = []

    def __call__(self, number: int) -> int:
        return number * 2

    def __setstate__(self, state: dict[str, int]) -> None:
        self.read.append(1)

    def __getstate__(self) -> dict[str, int]:
        return {"any": 1}


def test_what_all_calls_share_is_sent_to_a_worker_of_a_cluster_once():
    distributed = pytest.importorskip("distributed")
    Sent.read.clear()
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
        ) as cluster,
        dask_cluster(cluster.scheduler_address) as pool,
    ):
        found = {place.start: answers for place, answers in map_in_chunks(Sent(), range(20), pool, 1)}
    assert found == {number: [number * 2] for number in range(20)} and len(Sent.read) == 1


def test_a_cluster_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv(DASK_ADDRESS, "nowhere:no-port")
    with pytest.raises(SetupError, match=r"nowhere.*SOP_DASK_ADDRESS"), forecast_workers(1):
        pass


def test_few_series_are_forecast_without_a_pool(monkeypatch):
    monkeypatch.delenv(DASK_ADDRESS, raising=False)
    with forecast_workers(20, processes=2) as pool:
        assert pool is None


def test_time_left_weighs_long_series_with_their_backtests_by_their_fits():
    long = SeriesTask(np.ones(30), np.ones(12), False, Ladder(6), origins=(6, 12, 18))
    short = SeriesTask(np.ones(9), np.ones(12), False, Ladder(6), origins=(6, 12, 18))
    assert fits_of(long) == 4 and fits_of(short) < 1 and fits_of(replace(long, retired=True)) < 1


def test_time_left_follows_the_pace_after_the_first_chunk(monkeypatch):
    now = iter([100.0, 110.0, 130.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    clock = _Clock([4, 4, 2, 10])
    assert clock.seconds_left(slice(0, 1)) is None
    assert clock.seconds_left(slice(1, 2)) == 10 / 4 * 12  # 4 fits in 10 seconds, 12 fits to go
    assert clock.seconds_left(slice(2, 4)) == 0
