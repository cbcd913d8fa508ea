"""The forecast on real series: accuracy and honesty of intervals, cost, second run, many series.

    python bench/forecast.py [--data FILE] [--json FILE] [--large] [--quick]

The data is a Parquet file of monthly series with columns unique_id, ds (step), y, split (train, test); the judge
is the `score.py` beside it. Without the file the bench says so and measures nothing. Machines are noisy:
what is compared (with AutoETS, with a first run, with bare processes) is measured in the same run.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from report import Figures, main

from sop.demand.baseline import BaselineForecast, forecast_baseline
from sop.services.planning.forecasting import (
    ForecastJob,
    KeptForecasts,
    Progress,
    dask_cluster,
    fresh_processes,
    map_in_chunks,
)
from sop.store import Store, open_store

DATA = Path(os.environ.get("SOP_SHARED_DATA", Path(__file__).parents[1] / "../shared/data"))
SEASON = 12
WORKERS = 2
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SCORES = {
    "sMAPE": ("forecast_smape", "%"),
    "MASE": ("forecast_mase", "ratio"),
    "OWA": ("forecast_owa", "ratio"),
    "coverage80": ("forecast_coverage80", "%"),
    "coverage95": ("forecast_coverage95", "%"),
    "MSIS80": ("forecast_msis80", "ratio"),
    "MSIS95": ("forecast_msis95", "ratio"),
}


@dataclass(frozen=True)
class Series:
    """Real series: names (n,), training parts (n, T) ending together, NaN before their start, and steps asked."""

    names: list[str]
    history: np.ndarray
    steps: int

    def part(self, rows: np.ndarray) -> Series:
        """Some of the series."""
        return Series([self.names[row] for row in rows], self.history[rows], self.steps)

    def forecast(self, run=map, **options) -> BaselineForecast:
        """The product's own forecast of every series; each is a family of its own."""
        groups = np.arange(len(self.names))
        return forecast_baseline(
            self.history, horizon=self.steps, season_length=SEASON, groups=groups, run=run, **options
        )


def read_series(file: Path) -> Series:
    """The training parts of a data file."""
    frame = pd.read_parquet(file)
    train = frame[frame["split"].astype(str) == "train"].groupby("unique_id", observed=True)["y"]
    parts = {str(name): values.to_numpy(float) for name, values in train}
    longest = max(len(part) for part in parts.values())
    history = np.array([np.r_[np.full(longest - len(part), np.nan), part] for part in parts.values()])
    steps = int((frame["split"].astype(str) == "test").sum() // len(parts))
    return Series(list(parts), history, steps)


def measure(options: argparse.Namespace) -> Figures:
    if not options.data.exists():
        print(f"skipped: there are no series at {options.data}; set SOP_SHARED_DATA or give --data FILE")
        return {}
    series = read_series(options.data)
    figures: Figures = {"forecast_series": (len(series.names), "series")}
    figures |= measure_cpu(series, options.sample)
    figures |= measure_runs(series, options.data)
    if not options.quick:
        figures |= measure_dask(series)
    if options.large:
        figures |= measure_large()
    return figures


def measure_cpu(series: Series, sample: int) -> Figures:
    """CPU per series of the point forecast and of AutoETS, on an even sample, and that of calibration."""
    from statsforecast.models import AutoETS

    rows = np.linspace(0, len(series.names) - 1, min(sample, len(series.names))).astype(int)
    chosen = series.part(rows)
    known = [row[np.isfinite(row)] for row in chosen.history]
    warm = series.part(rows[:2])
    warm.forecast(calibration_series=0)
    AutoETS(season_length=SEASON).forecast(y=known[0], h=series.steps)
    point = cpu(lambda: chosen.forecast(calibration_series=0)) / len(rows)
    ets = cpu(lambda: [AutoETS(season_length=SEASON).forecast(y=y, h=series.steps) for y in known]) / len(rows)
    calibration = cpu(lambda: warm.forecast()) / len(warm.names) - cpu(
        lambda: warm.forecast(calibration_series=0)
    ) / len(warm.names)
    return {
        "forecast_point_cpu": (point * 1e3, "ms/series"),
        "forecast_autoets_cpu": (ets * 1e3, "ms/series"),
        "forecast_point_to_autoets": (point / ets, "ratio"),
        "forecast_calibration_cpu": (calibration * 1e3, "ms/calibrated_series"),
    }


def measure_runs(series: Series, data: Path) -> Figures:
    """A first run through kept results, judged, and a second one on unchanged data; in this process."""
    with workspace() as store:
        run = KeptForecasts(store, processes=1)
        start = time.perf_counter()
        first_cpu = cpu(lambda: series.forecast(run))
        first_wall = time.perf_counter() - start
        start = time.perf_counter()
        second_cpu = cpu(lambda: series.forecast(run))
        second_wall = time.perf_counter() - start
        figures = judge(series, series.forecast(run), data)
    return figures | {
        "forecast_first_run_cpu": (first_cpu, "s"),
        "forecast_second_run_cpu": (second_cpu, "s"),
        "forecast_second_to_first_cpu": (second_cpu / first_cpu, "ratio"),
        "forecast_second_to_first_wall": (second_wall / first_wall, "ratio"),
    }


def judge(series: Series, forecast: BaselineForecast, data: Path) -> Figures:
    """What the judge beside the data says; without one, nothing."""
    script = next((p for p in (data.parent / "score.py", DATA / "forecasting" / "score.py") if p.exists()), None)
    if script is None:
        print("skipped: there is no score.py to judge by")
        return {}
    columns = {name: getattr(forecast, name).ravel() for name in ("mean", "lo80", "hi80", "lo95", "hi95")}
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(series.names, series.steps),
            "step": np.tile(np.arange(1, series.steps + 1), len(series.names)),
            **columns,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "forecasts.parquet"
        frame.to_parquet(answer)
        said = subprocess.run([sys.executable, script, data, answer], capture_output=True, text=True, check=True)
    found = dict(re.findall(r"(\w+) +([\d.]+)", said.stdout))
    return {SCORES[name][0]: (float(found[name]), SCORES[name][1]) for name in SCORES if name in found}


def measure_dask(series: Series, blocks: int = 8) -> Figures:
    """The same series by two bare processes and by two Dask workers, warm: ratio of the seconds that they took.

    They take turns block by block, so that other work on the machine hits both alike.
    """
    from distributed import LocalCluster

    parts = np.array_split(np.arange(len(series.names)), blocks)
    with (
        fresh_processes(WORKERS) as bare,
        LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.ERROR
        ) as cluster,
        dask_cluster(cluster.scheduler_address) as dask,
    ):
        for pool in (bare, dask):
            timed(series.part(parts[0][:100]), pool)
        turns = [take_turns(series.part(part), bare, dask, swap=bool(i % 2)) for i, part in enumerate(parts)]
    seconds = [sum(turn[who][0] for turn in turns) for who in range(2)]
    same = all((with_bare[1] == with_dask[1]).all() for with_bare, with_dask in turns)
    return {
        "forecast_bare_wall": (seconds[0], "s"),
        "forecast_dask_wall": (seconds[1], "s"),
        "forecast_dask_to_bare": (seconds[0] / seconds[1], "ratio"),
        "forecast_dask_identical": (float(same), "1=yes"),
    }


def take_turns(series: Series, first: Executor, second: Executor, swap: bool) -> list[tuple[float, np.ndarray]]:
    """What both pools took and said, the second one going first where swapped."""
    order = (second, first) if swap else (first, second)
    answers = [timed(series, pool) for pool in order]
    return answers[::-1] if swap else answers


def timed(series: Series, pool: Executor) -> tuple[float, np.ndarray]:
    """Seconds that a pool takes for the point forecast of all series, and the forecast."""
    start = time.perf_counter()
    mean = series.forecast(in_order(pool), calibration_series=0).mean
    return time.perf_counter() - start, mean


def in_order(pool: Executor) -> Callable:
    """A map over series by a pool, chunk by chunk, without keeping anything."""

    def run(work, tasks):
        items = list(tasks)
        done = {place.start: answers for place, answers in map_in_chunks(work, items, pool)}
        return [answer for start in sorted(done) for answer in done[start]]

    return run


def measure_large(count: int = 5000, months: int = 60) -> Figures:
    """Many series by two processes: cancelled half way, resumed, and the most memory that all of it took."""
    history = many_series(count, months)

    def work(run):
        return forecast_baseline(history, horizon=18, season_length=SEASON, groups=np.arange(count) // 20, run=run)

    with workspace() as store:
        start = time.perf_counter()
        stopped = stop_half_way(ForecastJob(store, work, WORKERS))
        resumed = ForecastJob(store, work, WORKERS)
        peak, seen = follow(resumed)
        whole = resumed.result()
        wall = time.perf_counter() - start
    return {
        "forecast_large_series": (count, "series"),
        "forecast_large_wall": (wall, "s"),
        "forecast_large_done_when_cancelled": (stopped.done, "series"),
        "forecast_large_kept_when_resumed": (seen.kept, "series"),
        "forecast_large_memory": (peak / 2**30, "GiB"),
        "forecast_large_finite": (float(np.isfinite(whole.hi95).all()), "1=yes"),
    }


def stop_half_way(job: ForecastJob) -> Progress:
    """Cancel a job once half of its series are done."""
    while job.running and job.progress.fraction < 0.5:
        time.sleep(0.2)
    job.cancel()
    while job.running:
        time.sleep(0.2)
    return job.progress


def follow(job: ForecastJob) -> tuple[int, Progress]:
    """The most memory (bytes) of this process and its children while a job runs, and its last progress."""
    peak = 0
    while job.running:
        peak = max(peak, memory_of_all())
        time.sleep(0.5)
    return max(peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024), job.progress


def memory_of_all() -> int:
    """Resident bytes of this process and its children (Linux)."""
    children = (read_words(task / "children") for task in Path("/proc/self/task").iterdir())
    pids = ["self", *(pid for some in children for pid in some)]
    return sum(int(words[1]) for pid in pids if (words := read_words(Path(f"/proc/{pid}/statm")))) * PAGE_BYTES


def read_words(file: Path) -> list[str]:
    """The words of a file; none where it has gone."""
    try:
        return file.read_text().split()
    except OSError:
        return []


def many_series(count: int, months: int) -> np.ndarray:
    """Made-up monthly demand: level, trend, season and noise of all sizes, from a seed."""
    rng = np.random.default_rng(5)
    t = np.arange(months)
    level = rng.lognormal(5, 1, (count, 1))
    trend = 1 + rng.normal(0, 0.003, (count, 1)) * t
    season = 1 + rng.uniform(0, 0.4, (count, 1)) * np.sin(2 * np.pi * (t + rng.integers(0, 12, (count, 1))) / 12)
    return np.maximum(level * trend * season * np.exp(rng.normal(0, 0.15, (count, months))), 0).round()


@contextmanager
def workspace():
    """A new empty workspace that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        store: Store = open_store(Path(folder), f"sqlite:///{folder}/bench.sqlite")
        try:
            yield store
        finally:
            store.close()


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a call in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--data", {"type": Path, "default": DATA / "forecasting" / "m3_monthly.parquet"}),
        ("--sample", {"type": int, "default": 200, "help": "series for the comparison of CPU"}),
        ("--quick", {"action": "store_true", "help": "leave out the comparison with Dask"}),
        ("--large", {"action": "store_true", "help": "5,000 series: memory, cancel and resume"}),
    )
