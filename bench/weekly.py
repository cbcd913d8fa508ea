"""Forecasts of weekly series against seasonal naive and AutoETS: error, what 80% ranges held, and CPU.

    python bench/weekly.py [--workspace DIR] [--origins 3] [--ahead 13] [--series 60] [--seed 18] [--kind TEXT]
    python bench/weekly.py --cost        what planning the demo in 104 weeks takes, beside its 24 months

The series are units ordered by week, from the order lines of the workspace's table of deliveries by family and
region, and made ones of several kinds (seeded). AutoETS has no seasons as long as a year of weeks: where the
seasonal naive errs less on the last weeks before the origin, that stands in for it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from replan import FIRST_OPEN
from replan import measure as replan
from report import Figures, main

from sop.core.calendar import WEEK, Calendar, first_day, period_of, periods_between, shift_period
from sop.demand.baseline import BaselineForecast, forecast_baseline
from sop.demand.month_shape import LEAST, in_period, month_shapes, on_mean
from sop.services.company.workspace import open_workspace
from sop.store.data import read_table

SEASON = WEEK.a_year


def order_lines(folder: Path) -> tuple[np.ndarray, str]:
    """Units ordered by week (S, W) of each family and region with order lines, whole weeks alone; the last."""
    store = open_workspace(folder)
    with store.read() as tx:
        lines, products = read_table(tx, "deliveries"), read_table(tx, "products")
    store.close()
    if lines is None or products is None:
        return np.zeros((0, 0)), ""
    family = dict(zip(products["product"], products["family"], strict=True))
    weeks = [period_of(date.fromisoformat(day[:10]), WEEK) for day in lines["ordered"]]
    keys = lines["product"].map(family) + " " + lines["region"]
    table = lines["quantity_ordered"].astype(float).groupby([keys, pd.Series(weeks, lines.index)]).sum().unstack()
    whole = periods_between(min(weeks), max(weeks))[1:-1]
    return table.reindex(columns=whole).fillna(0.0).to_numpy(), whole[-1]


LAST = "2026-W26"
"""The last closed week of made series."""


def _season(rng: np.random.Generator, weeks: int) -> np.ndarray:
    at, turn = np.arange(weeks), rng.uniform(0, 2 * np.pi, 2)
    first, second = rng.uniform(0.05, 0.4), rng.uniform(0, 0.15)
    waves = first * np.sin(2 * np.pi * at / 52.18 + turn[0]) + second * np.sin(4 * np.pi * at / 52.18 + turn[1])
    return rng.uniform(50, 800) * (1 + rng.normal(0, 0.1) * at / 52) * (1 + waves)


def _walk(rng: np.random.Generator, weeks: int) -> np.ndarray:
    return rng.uniform(50, 800) * np.exp(np.cumsum(rng.normal(0, 0.04, weeks)))


def _level(rng: np.random.Generator, weeks: int) -> np.ndarray:
    level = np.full(weeks, rng.uniform(50, 800))
    level[rng.integers(weeks // 3, weeks) :] *= rng.uniform(0.6, 1.6)
    return level


def _waves(rng: np.random.Generator, weeks: int) -> np.ndarray:
    return 1 + rng.uniform(0.2, 0.6) * np.sin(2 * np.pi * (np.arange(weeks) / 52.18 + rng.uniform()))


def _month_end(rng: np.random.Generator, weeks: int) -> np.ndarray:
    days = [first_day(shift_period(LAST, at + 1 - weeks)) for at in range(weeks)]
    late = np.array([np.mean([(day + timedelta(days=d)).day > 22 for d in range(5)]) for day in days])
    return _season(rng, weeks) * (0.6 + rng.uniform(0.5, 2.5) * late)


KINDS: dict[str, tuple[Callable[[np.random.Generator, int], np.ndarray], int]] = {
    "a year's season": (_season, 4 * SEASON),
    "a year's season, short": (_season, 90),
    "a walk": (_walk, 4 * SEASON),
    "a walk, short": (_walk, 75),
    "a level that shifts": (_level, 3 * SEASON),
    "more at month end": (_month_end, 3 * SEASON),
    "few units": (_level, 3 * SEASON),
    "few units in seasons": (_waves, 3 * SEASON),
}
"""Kinds of made series: what is expected of each week, and how many weeks."""


def made(kind: str, count: int, seed: int = 18) -> np.ndarray:
    """Weekly series (S, W) of a kind, with noise; of few units a Poisson's, with weeks without any."""
    rng = np.random.default_rng(seed)
    form, weeks = KINDS[kind]
    expected = np.array([form(rng, weeks) for _ in range(count)])
    if kind.startswith("few units"):
        return rng.poisson(expected / expected.mean(axis=1, keepdims=True) * rng.uniform(0.3, 4, (count, 1))) * 1.0
    noise = rng.uniform(0.05, 0.25, (count, 1))
    return np.maximum(np.round(expected * np.exp(rng.normal(0, noise, expected.shape))), 0.0)


def ours(history: np.ndarray, last: str, ahead: int) -> BaselineForecast:
    """The product's forecast of series that end with a week, as of a company's families."""
    calendar = Calendar(shift_period(last, 1), ahead)
    periods = (*calendar.history(history.shape[1]), *calendar.months)
    past, coming = np.split(month_shapes(history, periods, calendar), [history.shape[1]], axis=1)
    level = np.where(past < LEAST, np.nan, on_mean(history, past))
    found = forecast_baseline(level, horizon=ahead, season_length=SEASON)
    low, high = (in_period(found.mean, bound, coming) for bound in (found.lo80, found.hi80))
    return replace(found, mean=found.mean * coming, lo80=low, hi80=high)


def ets_or_naive(history: np.ndarray, ahead: int) -> np.ndarray:
    """AutoETS, or the seasonal naive where that erred less on the last weeks of the history."""
    from statsforecast.models import AutoETS

    def both(known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        naive = np.resize(known[-SEASON:], ahead)
        return AutoETS(season_length=1).forecast(known, ahead)["mean"], naive

    ets, naive = both(history)
    if len(history) < 2 * SEASON + ahead:
        return ets
    held = history[-ahead:]
    then = [np.abs(path - held).sum() for path in both(history[:-ahead])]
    return ets if then[0] <= then[1] else naive


def judge(name: str, series: np.ndarray, last: str, origins: int, ahead: int) -> None:
    """A line for each method: weighted error over all origins, and what the 80% ranges held."""
    errors = dict.fromkeys(("ours", "seasonal naive", "AutoETS or seasonal naive"), 0.0)
    came, said, spent = 0.0, 0.0, 0.0
    held, seen = np.zeros(len(series)), np.zeros(len(series))
    for origin in range(origins):
        until = series.shape[1] - ahead * (origin + 1)
        known, actual = series[:, :until], series[:, until : until + ahead]
        begun = time.process_time()
        found = ours(known, shift_period(last, -ahead * (origin + 1)), ahead)
        spent += time.process_time() - begun
        errors["ours"] += np.abs(found.mean - actual).sum()
        errors["seasonal naive"] += sum(
            np.abs(np.resize(k[-SEASON:], ahead) - a).sum() for k, a in zip(known, actual, strict=True)
        )
        errors["AutoETS or seasonal naive"] += sum(
            np.abs(ets_or_naive(k, ahead) - a).sum() for k, a in zip(known, actual, strict=True)
        )
        came += actual.sum()
        said += found.mean.sum()
        ranged = found.hi80 > found.lo80
        held += ((found.lo80 <= actual) & (actual <= found.hi80) & ranged).sum(axis=1)
        seen += ranged.sum(axis=1)
    print(f"{name}: {len(series)} series of {series.shape[1]} weeks, {origins} origins, {ahead} weeks ahead")
    for method, error in errors.items():
        print(f"  {method:<27} WAPE {error / came:.1%}")
    # Weeks of one series miss together: how far the share may be off is told by how series differ.
    share = held.sum() / seen.sum()
    off = np.sqrt(np.sum((held - share * seen) ** 2)) / seen.sum()
    told = f"ours in all {said / came - 1:+.1%}; 80% ranges held {share:.1%} (standard error {off:.1%})"
    print(f"  {told}; {spent / origins:.1f} s of CPU for one forecast of all", flush=True)


HORIZON = 2 * SEASON
"""Weeks that the demo plans: two years."""


def cost(options: argparse.Namespace) -> Figures:
    """CPU of a forecast of weekly series over the horizon, and of re-plans of the demo in weeks and in months."""
    series = made("a year's season", options.series, options.seed)
    begun = time.process_time()
    ours(series, LAST, HORIZON)
    spent = time.process_time() - begun
    weeks = replan(argparse.Namespace(first=period_of(first_day(FIRST_OPEN), WEEK), horizon=HORIZON, moves=24))
    months = replan(argparse.Namespace(first=FIRST_OPEN, horizon=24, moves=24))
    return {
        "weekly_forecast_cpu": (spent, "s"),
        "weekly_replan_warm_cpu": weeks["replan_warm_cpu"],
        "weekly_replan_warm_to_cold": weeks["replan_warm_to_cold"],
        "monthly_replan_warm_to_cold": months["replan_warm_to_cold"],
    }


def measure(options: argparse.Namespace) -> Figures:
    """Judge the workspace's order lines and made series, or what all of it costs."""
    if options.cost:
        return cost(options)
    if options.workspace is not None:
        series, last = order_lines(options.workspace)
        if series.size:
            judge("Order lines", series, last, options.origins, options.ahead)
    for kind in (kind for kind in KINDS if options.kind in kind):
        judge(f"Made: {kind}", made(kind, options.series, options.seed), LAST, options.origins, options.ahead)
    return {}


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--workspace", {"type": Path}),
        ("--origins", {"type": int, "default": 3}),
        ("--ahead", {"type": int, "default": 13}),
        ("--series", {"type": int, "default": 60}),
        ("--seed", {"type": int, "default": 18, "help": "of the made series"}),
        ("--kind", {"default": "", "help": "made series of kinds whose name holds this"}),
        ("--cost", {"action": "store_true"}),
    )
