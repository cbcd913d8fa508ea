"""CPU of a re-plan of the demo company: cold, and warm over a fixed tour of slider moves.

    python bench/replan.py [--json FILE] [--moves 60] [--first 2026-W49 --horizon 104]

Cold builds planner, model and plan from nothing on a stored forecast; warm is what a slider costs. Shares tell
where a warm re-plan spends its time. Machines are noisy: compare ratios within one run.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import time

import pandas as pd
from report import Figures, main

from sop.core.calendar import Calendar
from sop.core.inputs import Inputs
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.core.tables import table
from sop.engine import Planner, build_plan, forecast_company
from sop.files.readers import read_file
from sop.intake.assemble import assemble
from sop.intake.check import check_table
from sop.services.demo.demo_tables import read_demo

FIRST_OPEN = "2026-12"

TOUR = (
    ("demand_pct", ""),
    ("demand_pct", "Front box"),
    ("capacity_pct", ""),
    ("overtime_share", ""),
    ("service_level", ""),
    ("price_pct", ""),
    ("launch_slip_months", "Compact Urban"),
    ("dso_days", ""),
)
STEPS = {
    "demand": ("_consensus", "_portfolio", "_prices"),
    "supply": ("_supply",),
    "outcome": ("_outcome",),
    "financial": ("_financial",),
}


def company(first: str = FIRST_OPEN, horizon: int = 24) -> tuple[Inputs, StoredForecast]:
    """The demo company with a forecast by family and region (what a re-plan does not do again)."""
    tables: dict[str, pd.DataFrame] = {}
    for name, content in read_demo().known_at(FIRST_OPEN).items():
        checked = check_table(table(name), read_file(content, name), first_open=FIRST_OPEN, tables=tables)
        tables[name] = checked.frame
    inputs = assemble(tables, Calendar(first, horizon), company="demo")
    return inputs, forecast_company(inputs, by_product=False)


def moves(count: int) -> list[Assumptions]:
    """Slider positions in turn, each some steps away from its default."""
    values = {"service_level": 0.9, "overtime_share": 0.1, "dso_days": 50.0, "launch_slip_months": 2.0}
    return [
        Assumptions(
            {
                (key, scope): values.get(key, 0.0)
                + (1 if key in ("dso_days", "launch_slip_months") else 0.01) * (i // len(TOUR) + 1)
            }
        )
        for i in range(count)
        for key, scope in [TOUR[i % len(TOUR)]]
    ]


def cpu(work) -> float:
    """CPU milliseconds of a call."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e3


def measure(options: argparse.Namespace) -> Figures:
    inputs, forecast = company(options.first, options.horizon)
    build_plan(inputs, Assumptions(), forecast)
    cold = [cpu(lambda: build_plan(inputs, Assumptions(), forecast)) for _ in range(7)]
    planner = Planner(inputs, forecast)
    planner.build(Assumptions())
    tour = moves(options.moves)
    warm = [cpu(lambda chosen=chosen: planner.build(chosen)) for chosen in tour]
    profile = cProfile.Profile()
    profile.runcall(lambda: [planner.build(chosen) for chosen in moves(options.moves)])
    figures: Figures = {
        "replan_cold_cpu": (statistics.median(cold), "ms"),
        "replan_warm_cpu": (statistics.median(warm), "ms"),
        "replan_warm_cpu_p95": (sorted(warm)[int(0.95 * (len(warm) - 1))], "ms"),
        "replan_warm_to_cold": (statistics.median(warm) / statistics.median(cold), "ratio"),
    }
    return figures | shares(profile)


def shares(profile: cProfile.Profile) -> Figures:
    """Part of a warm re-plan that each step takes, as the profiler sees it."""
    spent = {
        name: row[3] for (file, _, name), row in pstats.Stats(profile).stats.items() if file.endswith("engine.py")
    }
    whole = spent["build"]
    parts = {step: sum(spent.get(name, 0.0) for name in names) / whole for step, names in STEPS.items()}
    parts["lines_and_rest"] = 1 - sum(parts.values())
    return {f"replan_share_{step}": (part, "share") for step, part in parts.items()}


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--moves", {"type": int, "default": 64}),
        ("--first", {"default": FIRST_OPEN}),
        ("--horizon", {"type": int, "default": 24}),
    )
