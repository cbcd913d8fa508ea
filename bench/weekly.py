"""Forecasts of weekly series against seasonal naive and AutoETS: error, what 80% ranges held, and CPU.

    .venv/bin/python bench/weekly.py WORKSPACE [--origins 4] [--ahead 13] [--series 60]

The series are units ordered by week, from the order lines of the workspace's table of deliveries by family and
region, and made ones with a yearly season, trend and noise (seeded). AutoETS has no seasons as long as a year of
weeks, so it stands with the seasonal naive where that errs less on the last year before the origin.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from sop.core.calendar import WEEK, period_of, periods_between
from sop.demand.baseline import forecast_baseline
from sop.services.company.workspace import open_workspace
from sop.store.data import read_table

SEASON = WEEK.a_year


def order_lines(folder: Path) -> np.ndarray:
    """Units ordered by week (S, W) of each family and region with order lines, whole weeks alone."""
    store = open_workspace(folder)
    with store.read() as tx:
        lines, products = read_table(tx, "deliveries"), read_table(tx, "products")
    store.close()
    if lines is None or products is None:
        return np.zeros((0, 0))
    family = dict(zip(products["product"], products["family"], strict=True))
    weeks = [period_of(date.fromisoformat(day[:10]), WEEK) for day in lines["ordered"]]
    keys = lines["product"].map(family) + " " + lines["region"]
    table = lines["quantity_ordered"].astype(float).groupby([keys, pd.Series(weeks, lines.index)]).sum().unstack()
    return table.reindex(columns=periods_between(min(weeks), max(weeks))[1:-1]).fillna(0.0).to_numpy()


def made(count: int, weeks: int, seed: int = 18) -> np.ndarray:
    """Weekly series with a season of two waves, a trend and noise."""
    rng = np.random.default_rng(seed)
    at = np.arange(weeks)
    rows = []
    for _ in range(count):
        level, growth, noise = rng.uniform(50, 800), rng.normal(0, 0.1), rng.uniform(0.05, 0.25)
        first, second = rng.uniform(0.05, 0.4), rng.uniform(0, 0.15)
        turn = rng.uniform(0, 2 * np.pi, 2)
        season = (
            1
            + first * np.sin(2 * np.pi * at / 52.18 + turn[0])
            + second * np.sin(4 * np.pi * at / 52.18 + turn[1])
        )
        rows.append(level * (1 + growth * at / 52) * season * rng.lognormal(0, noise, weeks))
    return np.maximum(np.round(rows), 0.0)


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


def judge(name: str, series: np.ndarray, origins: int, ahead: int) -> None:
    """One line a method: weighted error over all origins, and what the 80% ranges held."""
    errors = dict.fromkeys(("ours", "seasonal naive", "AutoETS or seasonal naive"), 0.0)
    came, held, seen, spent = 0.0, 0, 0, 0.0
    for origin in range(origins):
        until = series.shape[1] - ahead * (origin + 1)
        known, actual = series[:, :until], series[:, until : until + ahead]
        begun = time.process_time()
        found = forecast_baseline(known, horizon=ahead, season_length=SEASON)
        spent += time.process_time() - begun
        errors["ours"] += np.abs(found.mean - actual).sum()
        errors["seasonal naive"] += sum(
            np.abs(np.resize(k[-SEASON:], ahead) - a).sum() for k, a in zip(known, actual, strict=True)
        )
        errors["AutoETS or seasonal naive"] += sum(
            np.abs(ets_or_naive(k, ahead) - a).sum() for k, a in zip(known, actual, strict=True)
        )
        came += actual.sum()
        held += int(((found.lo80 <= actual) & (actual <= found.hi80)).sum())
        seen += actual.size
    print(f"{name}: {len(series)} series of {series.shape[1]} weeks, {origins} origins, {ahead} weeks ahead")
    for method, error in errors.items():
        print(f"  {method:<27} WAPE {error / came:.1%}")
    print(f"  80% ranges held {held / seen:.1%}; {spent / origins:.1f} s of CPU for one forecast of all")


def main() -> None:
    """Judge the workspace's order lines and made series."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path, nargs="?")
    parser.add_argument("--origins", type=int, default=4)
    parser.add_argument("--ahead", type=int, default=13)
    parser.add_argument("--series", type=int, default=60)
    args = parser.parse_args()
    if args.workspace is not None:
        series = order_lines(args.workspace)
        if series.size:
            judge("Order lines", series, args.origins, args.ahead)
    judge("Made", made(args.series, 4 * SEASON), args.origins, args.ahead)


if __name__ == "__main__":
    main()
