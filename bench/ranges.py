"""How often ranges of sums hold: companies made of real series, at origins whose outcomes do not overlap.

    python bench/ranges.py [--data FILE] [--json FILE] [--quick] [--even] [--processes 2] [--kept FILE]
                           [--minutes M]

The data is a Parquet file of monthly series; `made_companies.py` beside it puts eight of them side by side. Scored
are the odd companies: the product's prior was made from the even ones (`--even`), and so was all tuning. The
yardstick is a t range on the rolling-origin errors of the total by a plain Theta, in the same run. Without the
file the bench says so and measures nothing. AdventureWorks, where its tables are there, is rolled back to each
cycle that a closed month follows: totals, families and cells (family × region) up to each month of a year, and
single months of cells.

Ten minutes of CPU in all, six of them for the companies. With `--kept FILE` what was scored is written there a
company or cycle at a time, and read from there by the next run as long as no source of the product changed: so a
run may be stopped and gone on with. `--minutes` starts nothing new after so many, and tells what there is by then.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import starmap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from report import Figures, main
from scipy.stats import norm, qmc, t
from statsforecast.models import Theta

from sop.analysis.ranges.demand_errors import DemandErrors, demand_errors
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Inputs
from sop.demand.forecast import forecast_company
from sop.demand.rolling import rolling_forecasts
from sop.intake.assemble import assemble

DATA = Path(os.environ.get("SOP_SHARED_DATA", Path(__file__).parents[1] / "../shared/data"))
SIZE, HISTORY, AHEAD = 8, 84, 12
ORIGINS = (84, 72, 60)
"""Months known: what follows each is twelve months of its own."""
KEPT = (24, 36, 48)
SPANS = (12, 3, 6)
DRAWS = 1024
FEWEST_MONTHS, LAST_CLOSED = 6, "2013-11"
"""Months of AdventureWorks' books known at the first cycle, and the last one that is complete."""
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
    """Both kinds of companies, within the time that is given."""
    until = time.monotonic() + 60 * options.minutes
    return measure_made(options, until) | measure_books(options, until)


def scored(
    score: Callable[..., Any], jobs: Mapping[str, tuple[Any, ...]], options: argparse.Namespace, until: float
) -> list[Any]:
    """What `score`, which gives plain data, finds for each job by name; what is kept of it is not done again."""
    source = _digest_of_source()
    lines = options.kept.read_text().splitlines() if options.kept and options.kept.exists() else []
    kept = {name: found for digest, name, found in map(json.loads, lines) if digest == source and name in jobs}
    left = [name for name in jobs if name not in kept]
    with ProcessPoolExecutor(options.processes) as pool:
        running: dict[Future[Any], str] = {}
        while running or (left and time.monotonic() < until):
            while left and len(running) < options.processes and time.monotonic() < until:
                name = left.pop(0)
                running[pool.submit(score, *jobs[name])] = name
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(done)
                kept[name] = done.result()
                if options.kept:
                    with options.kept.open("a") as file:
                        file.write(json.dumps([source, name, kept[name]]) + "\n")
                print(f"{len(kept)} of {len(jobs)}: {name}", file=sys.stderr, flush=True)
    return [kept[name] for name in jobs if name in kept]


def _digest_of_source() -> str:
    """A digest of all that a score rests on: the product and this file."""
    root = Path(__file__).resolve().parents[1]
    files = [Path(__file__), *sorted((root / "sop").rglob("*.py"))]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def measure_made(options: argparse.Namespace, until: float) -> Figures:
    """The made companies."""
    script = options.data.parent / "made_companies.py"
    if not (options.data.exists() and script.exists()):
        print(f"skipped: there are no series at {options.data}; set SOP_SHARED_DATA or give --data FILE")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, script, options.data, folder, "--size", str(SIZE), "--history", str(HISTORY)]
        subprocess.run(command, check=True, capture_output=True)
        places = sorted(Path(folder).iterdir())[0 if options.even else 1 :: 2]
        places = places[::8] if options.quick else places
        found = scored(spans_of_company, {f"company {place.name}": (place,) for place in places}, options, until)
    spans = [Span(**span) for spans in found for span in spans]
    return {"ranges_companies": (len(found), "companies")} | (dict(figures_of(spans)) if found else {})


def measure_books(options: argparse.Namespace, until: float) -> Figures:
    """AdventureWorks at each cycle: the share of 80% ranges that held."""
    place = options.data.parent.parent / "adventureworks"
    if not place.exists():
        print(f"skipped: there are no books at {place}")
        return {}
    sales = pd.read_csv(place / "sales_actuals.csv", dtype={"product": str})
    months = sorted(month for month in sales["month"].unique() if month <= LAST_CLOSED)
    cycles = months[FEWEST_MONTHS :: 4 if options.quick else 1]
    found = scored(books_held, {f"cycle {cycle}": (place, cycle) for cycle in cycles}, options, until)
    figures: Figures = {"ranges_books_cycles": (len(found), "cycles")}
    for name in found[0] if found else ():
        held = [each for one in found for each in one[name]]
        figures[f"ranges_books_{name}_held80"] = (100 * float(np.mean(held)), "%")
    return figures


def books_held(place: Path, first: str) -> dict[str, list[bool]]:
    """Which 80% ranges held at one cycle: of sums up to each closed month of a year, and of single months."""
    products, sales = (
        pd.read_csv(place / f"{name}.csv", dtype={"product": str}) for name in ("products", "sales_actuals")
    )
    inputs, _, draws = draws_of(products, sales[sales["month"] < first], first)
    whole = assemble({"products": products, "sales_actuals": sales}, Calendar(shift_period(LAST_CLOSED, 1)))
    at = whole.history.months.index(first)
    cells = np.ix_(
        [whole.families.names.index(name) for name in inputs.families.names],
        [whole.regions.index(name) for name in inputs.regions],
    )
    came = np.nan_to_num(whole.by_family(whole.history.ordered))[cells][..., at : at + AHEAD]
    came = came * np.nan_to_num(inputs.position.price)[..., None]
    drawn = draws[..., : came.shape[-1]]
    return {
        "totals": held80(came.sum(axis=(0, 1)).cumsum(), drawn.sum(axis=(1, 2)).cumsum(axis=1)),
        "families": held80(came.sum(axis=1).cumsum(axis=1), drawn.sum(axis=2).cumsum(axis=2)),
        "cells": held80(came.cumsum(axis=2), drawn.cumsum(axis=3)),
        "cell_months": held80(came, drawn),
    }


def held80(came: np.ndarray, drawn: np.ndarray) -> list[bool]:
    """Whether each value that came lies between the tenth and ninetieth of its draws."""
    low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
    return ((low <= came) & (came <= high)).ravel().tolist()


def draws_of(products: pd.DataFrame, sales: pd.DataFrame, first: str) -> tuple[Inputs, DemandErrors, np.ndarray]:
    """A company planned from its first open month: inputs, errors, draws of demand by value (n, F, R, T)."""
    warnings.filterwarnings("ignore")
    inputs = assemble({"products": products, "sales_actuals": sales}, Calendar(first))
    errors = demand_errors(inputs, forecast_company(inputs, by_product=False))
    normals = norm.ppf(qmc.Sobol(errors.dims, seed=1).random(DRAWS).clip(1e-9, 1 - 1e-9))
    return inputs, errors, errors.factors(normals) * errors.value


def figures_of(found: Sequence[Span]) -> Iterator[tuple[str, tuple[float, str]]]:
    """Coverage and width by span and by months kept."""
    for kept in (0, *KEPT):
        for months in SPANS:
            own = [span for span in found if span.kept == kept and span.months == months]
            name = f"ranges_{months}m" + (f"_of_{kept}" if kept else "")
            width = mean_of(span.width for span in own)
            yield f"{name}_held80", (100 * mean_of(span.held80 for span in own), "%")
            yield f"{name}_held95", (100 * mean_of(span.held95 for span in own), "%")
            yield f"{name}_width", (100 * width, "%_of_plan")
            yield f"{name}_middle_to_plan", (mean_of(span.middle for span in own), "ratio")
            if not kept:
                yardstick = mean_of(span.yardstick_width for span in own)
                yield f"{name}_yardstick_held80", (100 * mean_of(bool(span.yardstick_held) for span in own), "%")
                yield f"{name}_width_to_yardstick", (width / yardstick, "ratio")
                missed, stand_in = np.array([[span.missed, span.stand_in] for span in own]).T
                sizes = float(np.median(np.abs(stand_in)) / np.median(np.abs(missed)))
                yield f"{name}_stand_in_to_forecast_error", (sizes, "ratio")
                yield f"{name}_stand_in_correlation", (float(np.corrcoef(missed, stand_in)[0, 1]), "ratio")


def mean_of(values: Iterable[float]) -> float:
    """The mean of some figures."""
    return float(np.mean(list(values)))


def spans_of_company(place: Path) -> list[dict[str, Any]]:
    """All ranges of one company, as plain data."""
    found = [span for known in ORIGINS for kept in (0, *KEPT) for span in spans_of(place, known, kept)]
    return [json.loads(json.dumps(asdict(span), default=lambda figure: figure.item())) for span in found]


def spans_of(place: Path, known: int, kept: int) -> list[Span]:
    """The ranges of one company at one origin, of its last `kept` months (0: all), and what came."""
    sales = pd.read_csv(place / "sales.csv", dtype={"product": str})
    months = sorted(sales["month"].unique())
    first = shift_period(months[0], known)
    start = shift_period(first, -(kept or known))
    products = pd.read_csv(place / "products.csv", dtype=str)
    inputs, errors, draws = draws_of(products, sales[(sales["month"] >= start) & (sales["month"] < first)], first)
    drawn = draws.sum(axis=(1, 2))
    history = inputs.by_family(inputs.history.ordered)[:, 0]
    said = errors.value.sum(axis=(0, 1))
    quick = rolling_forecasts(history, np.ones((1, SIZE)), AHEAD, 12, [history.shape[1]])[1][0, 0]
    came = sales.groupby("month")["revenue"].sum().loc[first:].to_numpy()[:AHEAD]
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
        ("--kept", {"type": Path, "help": "keep what was scored here, and go on from it"}),
        ("--minutes", {"type": float, "default": float("inf"), "help": "start nothing new after so many"}),
    )
