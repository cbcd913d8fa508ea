"""Draws around the demo company's plan: CPU, what depends on the seed, and independent full re-plans beside them.

    python bench/draws.py [--json FILE] [--draws 1000] [--seeds 3] [--quick]

The independent re-plans take other random numbers, without strata, and are solved cold. Told is by how much of a
range's width its P10 and P90 are apart from theirs, at the measure where that is most. Machines are noisy: compare
CPU with `bench/replan.py` in the same hour.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from functools import partial
from multiprocessing import forkserver
from pathlib import Path

import numpy as np
from replan import company
from report import Figures, main

from sop.analysis.headline import Values, values_of
from sop.analysis.ranges.demand_errors import DemandErrors, demand_errors
from sop.analysis.ranges.draws import Draws, Paths, blocks_for, join_blocks, read_measure, read_paths, replan_block
from sop.analysis.ranges.risks import BLOCK, Risk, Turn, find_risks
from sop.core.inputs import Floats, Inputs
from sop.core.measures import HEADLINES, headline_measure
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.core.world import World
from sop.engine import Planner
from sop.services.analysis.draw_task import DrawTask, draw_with
from sop.services.planning.forecasting import fresh_processes, map_in_chunks
from sop.supply.before.company_problem import agreed_supply

NONE = Assumptions()


class Company:
    """The demo company with all that its draws rest on."""

    def __init__(self) -> None:
        self.inputs: Inputs
        self.forecast: StoredForecast
        self.inputs, self.forecast = company()
        self.errors: DemandErrors = demand_errors(self.inputs, self.forecast)
        self.plan = Planner(self.inputs, self.forecast).build(NONE)
        self.agreed = agreed_supply(self.plan, self.inputs)
        self.planner = Planner(self.inputs, self.forecast, self.agreed)
        self.risks = find_risks(self.inputs, NONE, self.errors)

    def drawn(self, draws: int, seed: int) -> Draws:
        """So many draws, warm."""
        blocks = [
            replan_block(self.risks, NONE, self._paths_in, block, seed) for block in range(blocks_for(draws))
        ]
        return join_blocks(blocks, self._paths(values_of(self.plan)), self.inputs.calendar)

    def _paths_in(self, worlds: Sequence[tuple[Assumptions, World]]) -> list[Paths]:
        return [self._paths(values) for values in self.planner.headline_values(worlds)]

    def _paths(self, values: Values) -> Paths:
        return read_paths(values, self.inputs.families.made_to_order, self.inputs.calendar.year)

    def independent(self, count: int) -> dict[str, Floats]:
        """Paths of as many re-plans with independent normals, each by a planner of its own."""
        rng = np.random.default_rng(20_261_129)
        found = [self._future(rng) for _ in range(count)]
        return {key: np.stack([each[key] for each in found]) for key in found[0]}

    def _future(self, rng: np.random.Generator) -> dict[str, Floats]:
        turns = [_turn(risk, rng) for risk in self.risks]
        values = {place: value for turn in turns for place, value in turn.values.items()}
        world = World(**{name: factor for turn in turns for name, factor in turn.world.items()})
        cold = Planner(self.inputs, self.forecast, self.agreed)
        return dict(self._paths(values_of(cold.build(Assumptions(values), world=world))))


def _turn(risk: Risk, rng: np.random.Generator) -> Turn:
    return risk.turns(rng.normal(size=(1, risk.dims)))[0]


def apart(draws: Draws, paths: dict[str, Floats]) -> dict[str, float]:
    """How far P10 and P90 of twelve months are from those of independent re-plans, as shares of their width."""
    found = {}
    for entry in HEADLINES:
        came, told = read_measure(paths, entry, 0, draws.year), draws.quantiles(entry, 0, draws.year, (0.1, 0.9))
        if came is not None and told is not None:
            low, high = np.quantile(came, [0.1, 0.9])
            found[entry.key] = max(abs(told[0] - low), abs(told[1] - high)) / max(high - low, 1e-9)
    return found


def cpu_of_workers(demo: Company, draws: int) -> tuple[float, float]:
    """CPU seconds, user and system of all processes with what they load, and wall seconds of so many draws as the
    app makes them: by workers of their own."""
    task = DrawTask("bench", demo.inputs, demo.forecast, demo.agreed, NONE, demo.errors, {})
    begun, own = time.monotonic(), time.process_time()
    with fresh_processes(os.cpu_count() or 1, loaded=draw_with.__module__) as pool:
        for _ in map_in_chunks(partial(draw_with, task), range(blocks_for(draws)), pool, 1):
            pass
    return time.process_time() - own + _server_cpu(), time.monotonic() - begun


def _server_cpu() -> float:
    """CPU seconds of the process that workers are forked from, and of the workers that ended."""
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    told = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return sum(int(ticks) for ticks in told[11:15]) / os.sysconf("SC_CLK_TCK")


def measure(options: argparse.Namespace) -> Figures:
    """The figures."""
    draws, seeds = (100, 2) if options.quick else (options.draws, options.seeds)
    demo = Company()
    start = time.process_time()
    quick = demo.drawn(BLOCK, 0)
    first = time.process_time() - start
    whole = demo.drawn(draws, 0)
    all_of_them, waited = cpu_of_workers(demo, draws)
    revenue = headline_measure("revenue")
    others = [demo.drawn(draws, seed) for seed in range(1, seeds)]
    low = [found.quantiles(revenue, 0, found.year, (0.1,)) for found in (whole, *others)]
    p10 = [values[0] for values in low if values is not None]
    distances = apart(whole, demo.independent(draws))
    return {
        f"first_{quick.count}_draws_cpu": (first, "s"),
        f"all_{whole.count}_draws_cpu": (all_of_them, "s"),
        f"all_{whole.count}_draws_wall": (waited, "s"),
        "cpu_a_draw": (all_of_them / whole.count * 1e3, "ms"),
        "p10_of_revenue_over_seeds": ((max(p10) - min(p10)) / float(np.mean(p10)) * 100, "%"),
        **{f"{key}_apart_from_independent": (share * 100, "% of width") for key, share in distances.items()},
    }


if __name__ == "__main__":
    main(
        measure,
        "CPU and steadiness of draws around the demo company's plan.",
        ("--draws", {"type": int, "default": 1000}),
        ("--seeds", {"type": int, "default": 3}),
        ("--quick", {"action": "store_true", "help": "100 draws, two seeds"}),
    )
