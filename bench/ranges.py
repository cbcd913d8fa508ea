"""How often ranges of sums hold: companies made of real series, at origins whose outcomes do not overlap.

    python bench/ranges.py [--data FILE] [--json FILE] [--quick] [--even] [--processes 2]

The data is a Parquet file of monthly series; `made_companies.py` beside it puts eight of them side by side. Scored
are the odd companies: the product's prior was made from the even ones (`--even`), and so was all tuning. The
yardstick is a t range on the rolling-origin errors of the total by a plain Theta, in the same run. Without the
file the bench says so and measures nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

import numpy as np
import pandas as pd
from report import Figures, main
from scipy.stats import norm, qmc, t

DATA = Path(os.environ.get("SOP_SHARED_DATA", Path(__file__).parents[1] / "../shared/data"))
SIZE, HISTORY, AHEAD = 8, 84, 12
ORIGINS = (84, 72, 60)
"""Months known: what follows each is twelve months of its own."""
KEPT = (24, 36, 48)
SPANS = (12, 3, 6)
DRAWS = 1024
FIRST_ORIGIN = 36
"""Months that the yardstick's Theta knows at its first origin."""


@dataclass(frozen=True)
class Span:
    """One sum of one company at one origin: whether each range held, how wide it was, and the errors beside it."""

    kept: int
    months: int
    held80: bool
    held95: bool
    width: float
    middle: float
    missed: float
    stand_in: float
    yardstick_held: bool | None = None
    yardstick_width: float = np.nan


def measure(options: argparse.Namespace) -> Figures:
    script = options.data.parent / "made_companies.py"
    if not (options.data.exists() and script.exists()):
        print(f"skipped: there are no series at {options.data}; set SOP_SHARED_DATA or give --data FILE")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, script, options.data, folder, "--size", str(SIZE), "--history", str(HISTORY)]
        subprocess.run(command, check=True, capture_output=True)
        places = sorted(Path(folder).iterdir())[0 if options.even else 1 :: 2]
        places = places[::8] if options.quick else places
        jobs = [(place, known, kept) for place in places for known in ORIGINS for kept in (0, *KEPT)]
        with ProcessPoolExecutor(options.processes) as pool:
            found = [span for spans in pool.map(spans_of, *zip(*jobs, strict=True)) for span in spans]
    return {"ranges_companies": (len(places), "companies")} | dict(figures_of(found))


def figures_of(found: Sequence[Span]) -> Iterator[tuple[str, tuple[float, str]]]:
    """Coverage and width by span and by months kept."""
    for kept in (0, *KEPT):
        for months in SPANS:
            own = [span for span in found if span.kept == kept and span.months == months]
            name = f"ranges_{months}m" + (f"_of_{kept}" if kept else "")
            yield f"{name}_held80", (100 * np.mean([span.held80 for span in own]), "%")
            yield f"{name}_held95", (100 * np.mean([span.held95 for span in own]), "%")
            yield f"{name}_width", (100 * np.mean([span.width for span in own]), "%_of_plan")
            if not kept:
                yardstick = np.mean([span.yardstick_width for span in own])
                yield f"{name}_yardstick_held80", (100 * np.mean([span.yardstick_held for span in own]), "%")
                yield f"{name}_width_to_yardstick", (np.mean([span.width for span in own]) / yardstick, "ratio")
                missed, stand_in = np.array([[span.missed, span.stand_in] for span in own]).T
                sizes = np.median(np.abs(stand_in)) / np.median(np.abs(missed))
                yield f"{name}_stand_in_to_forecast_error", (sizes, "ratio")
                yield f"{name}_stand_in_correlation", (np.corrcoef(missed, stand_in)[0, 1], "ratio")


def spans_of(place: Path, known: int, kept: int) -> list[Span]:
    """The ranges of one company at one origin, of its last `kept` months (0: all), and what came."""
    from sop.analysis.ranges.errors import demand_errors
    from sop.core.calendar import Calendar, shift_period
    from sop.demand.forecast import forecast_company
    from sop.demand.rolling import rolling_forecasts
    from sop.intake.assemble import assemble

    warnings.filterwarnings("ignore")
    sales = pd.read_csv(place / "sales.csv", dtype={"product": str})
    products = pd.read_csv(place / "products.csv", dtype=str)
    months = sorted(sales["month"].unique())
    first = shift_period(months[0], known)
    start = shift_period(first, -(kept or known))
    inputs = assemble({"products": products, "sales_actuals": sales[sales["month"] >= start]}, Calendar(first))
    forecast = forecast_company(inputs, by_product=False)
    errors = demand_errors(inputs, forecast)
    normals = norm.ppf(qmc.Sobol(errors.dims, seed=1).random(DRAWS).clip(1e-9, 1 - 1e-9))
    drawn = (errors.factors(normals) * errors.value).sum(axis=(1, 2))
    history = inputs.by_family(inputs.history.ordered)[:, 0]
    said = errors.value.sum(axis=(0, 1))
    quick = rolling_forecasts(history, np.ones((1, SIZE)), AHEAD, 12, [history.shape[1]])[1][0, 0]
    came = sales.groupby("month")["revenue"].sum().loc[first:].to_numpy()[:AHEAD]  # type: ignore[misc]
    rolled = {} if kept else yardstick(history.sum(axis=0))

    def span(reach: int) -> Span:
        low95, low, middle, high, high95 = np.quantile(drawn[:, :reach].sum(axis=1), [0.025, 0.1, 0.5, 0.9, 0.975])
        actual, plan = came[:reach].sum(), said[:reach].sum()
        found = Span(
            kept=kept,
            months=reach,
            held80=low <= actual <= high,
            held95=low95 <= actual <= high95,
            width=(high - low) / plan,
            middle=middle / plan,
            missed=np.log(actual / plan),
            stand_in=np.log(actual / quick[:reach].sum()),
        )
        if not rolled:
            return found
        expected, half = rolled[reach]
        held = abs(np.log(actual / expected)) <= half
        return Span(**{**vars(found), "yardstick_held": held, "yardstick_width": 2 * np.sinh(half)})

    return [span(reach) for reach in SPANS]


def yardstick(total: np.ndarray) -> dict[int, tuple[float, float]]:
    """A plain Theta's sum by span, and half its 80% range in logarithms: a t on rolling-origin errors."""
    from statsforecast.models import Theta

    def theta(history: np.ndarray) -> np.ndarray:
        return Theta(season_length=12).forecast(y=history.astype(float), h=AHEAD)["mean"]

    paths = {origin: theta(total[:origin]) for origin in range(FIRST_ORIGIN, len(total))}
    now = theta(total)
    found = {}
    for span in SPANS:
        pairs = [(total[at : at + span], path[:span]) for at, path in paths.items() if at + span <= len(total)]
        errors = np.array(list(starmap(lambda came, path: np.log(came.sum() / path.sum()), pairs)))
        half = t.ppf(0.9, len(errors) - 1) * np.sqrt((errors**2).mean())
        found[span] = float(now[:span].sum()), float(half)
    return found


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--data", {"type": Path, "default": DATA / "forecasting" / "m3_monthly.parquet"}),
        ("--quick", {"action": "store_true", "help": "every eighth company only"}),
        ("--even", {"action": "store_true", "help": "the companies that the prior was made from"}),
        ("--processes", {"type": int, "default": 2}),
    )
