"""The supply plan: published cases, CPU of re-plans, saving against simpler ways of planning.

    python bench/supply.py [--json FILE] [--peers] [--seeds 3] [--cases FOLDER]

CPU is of one thread and of the whole call (terms, bounds, optimiser, plan read and priced). Cases are the files
of published aggregate-planning problems in FOLDER (default: `cases/supply` beside the shared data); without the
folder they are skipped. With --peers the same model is rebuilt in PuLP, Pyomo and linopy, each where installed
(`pip install -r requirements-bench.txt`).
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from report import Figures, main
from supply_cases import case_figures
from supply_heuristic import plan_by_priority
from supply_instances import company

from sop.supply import (
    SupplyModel,
    SupplyProblem,
    SupplyStrategy,
    solve_strategy,
    solve_supply,
)

SIZES = {"8x3x24": (8, 3, 24), "50x5x24": (50, 5, 24), "200x10x36": (200, 10, 36)}

Move = Callable[[SupplyProblem], SupplyProblem]


def _one_family(problem: SupplyProblem) -> SupplyProblem:
    due = problem.due.copy()
    due[1] = np.rint(due[1] * 1.05)
    return replace(problem, due=due)


SLIDERS: dict[str, Move] = {
    "demand_1pct": lambda p: replace(p, due=np.rint(p.due * 1.01)),
    "demand_5pct": lambda p: replace(p, due=np.rint(p.due * 1.05)),
    "one_family_5pct": _one_family,
    "capacity_less_10pct": lambda p: replace(p, line_hours=p.line_hours * 0.9),
    "overtime_cap": lambda p: replace(p, overtime_share=p.overtime_share * 0.5),
}


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU milliseconds of a call, and what it returned."""
    start = time.process_time()
    result = work()
    return (time.process_time() - start) * 1e3, result


def measure(options: argparse.Namespace) -> Figures:
    figures = case_figures(options.cases)
    seeds = range(1, options.seeds + 1)
    for name in ("8x3x24", "50x5x24"):
        figures |= replan_figures(name, seeds)
    figures |= background_figures("200x10x36")
    for name in ("8x3x24", "50x5x24"):
        figures |= saving_figures(name)
    if options.peers:
        from supply_peers import peer_figures

        figures |= peer_figures(company(*SIZES["50x5x24"]), "50x5x24")
    return figures


def replan_figures(name: str, seeds: range) -> Figures:
    """Build, cold solve, warm re-plan by slider there and back, and return to a visited position."""
    build, cold, warm, visited = [], [], {slider: [] for slider in SLIDERS}, []
    for seed in seeds:
        problem = company(*SIZES[name], seed=seed)
        took, model = cpu(lambda problem=problem: SupplyModel(problem))
        build.append(took)
        cold.append(cpu(lambda model=model, problem=problem: model.solve(problem))[0])
        for slider, move in SLIDERS.items():
            model = SupplyModel(problem)
            model.solve(problem)
            moved = move(problem)
            warm[slider].append(cpu(lambda model=model, moved=moved: model.solve(moved))[0])
            visited.append(cpu(lambda model=model, problem=problem: model.solve(problem))[0])
    every = [took for each in warm.values() for took in each]
    figures: Figures = {
        f"supply_build_{name}": (statistics.median(build), "ms"),
        f"supply_cold_{name}": (statistics.median(cold), "ms"),
        f"supply_warm_median_{name}": (statistics.median(every), "ms"),
        f"supply_warm_worst_{name}": (max(every), "ms"),
        f"supply_visited_worst_{name}": (max(visited), "ms"),
    }
    return figures | {
        f"supply_warm_{slider}_{name}": (statistics.median(took), "ms") for slider, took in warm.items()
    }


def background_figures(name: str) -> Figures:
    """The large size, exact, cold and after each slider."""
    problem = company(*SIZES[name])
    exact = [cpu(lambda: SupplyModel(problem).solve(problem))[0]]
    for move in SLIDERS.values():
        model = SupplyModel(problem)
        model.solve(problem)
        exact.append(cpu(lambda model=model, move=move: model.solve(move(problem)))[0])
    return {f"supply_exact_worst_{name}": (max(exact), "ms")}


def saving_figures(name: str, instances: int = 10) -> Figures:
    """How much less the least-cost plan costs (money and planning penalties), mean over seeded instances."""
    saved: dict[str, list[float]] = {"priority": [], "level": [], "chase": []}
    for seed in range(1, instances + 1):
        problem = company(*SIZES[name], seed=seed)
        least = solve_supply(problem).objective
        others = {
            "priority": plan_by_priority(problem).objective,
            "level": solve_strategy(problem, SupplyStrategy.LEVEL).objective,
            "chase": solve_strategy(problem, SupplyStrategy.CHASE).objective,
        }
        for other, cost in others.items():
            saved[other].append(1 - least / cost)
    return {
        f"supply_saving_against_{other}_{name}": (statistics.mean(shares), "share")
        for other, shares in saved.items()
    }


def _cases_folder() -> Path:
    shared = Path(os.environ.get("SOP_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    return shared.parent / "cases" / "supply"


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--peers", {"action": "store_true", "help": "rebuild the same model in PuLP, Pyomo and linopy"}),
        ("--seeds", {"type": int, "default": 3, "help": "instances per size for CPU"}),
        ("--cases", {"type": Path, "default": _cases_folder(), "help": "folder of published cases"}),
    )
