"""The same supply plan written in PuLP, Pyomo and linopy, as their manuals teach it, and solved by the same HiGHS.

"Build" ends where the solver has the model. Each is built anew for a re-plan (demand +1%), which is how these
libraries are mostly used from a web page. Only what the bench's instances use is written: routes, line hours,
people, overtime, material, shared hours, storage, stock against safety and cover, subcontract, past due, lost,
closing. The objectives must agree to 1e-6.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from report import Figures

from sop.supply import SupplyModel, SupplyProblem
from sop.supply.lp.prices import price_constant
from sop.supply.lp.terms import PlanningTerms, build_terms

PEERS = ("pulp", "pyomo", "linopy")


def peer_figures(problem: SupplyProblem, name: str, rounds: int = 3) -> Figures:
    """Build and re-plan times against each peer installed; the others are named as skipped."""
    moved = replace(problem, due=np.rint(problem.due * 1.01))
    own_build = _median(lambda: SupplyModel(problem), rounds)
    model = SupplyModel(problem)
    model.solve(problem)
    own_replan, cost = _seconds(lambda: model.solve(moved))
    figures: Figures = {
        f"supply_peer_own_build_{name}": (own_build * 1e3, "ms"),
        f"supply_peer_own_replan_{name}": (own_replan * 1e3, "ms"),
    }
    for peer in PEERS:
        if importlib.util.find_spec(peer) is None:
            print(f"# {peer} skipped: not installed")
            continue
        figures |= _against(peer, moved, cost.objective, own_build, own_replan, name, rounds)
    return figures


def _against(
    peer: str, problem: SupplyProblem, cost: float, own_build: float, own_replan: float, name: str, rounds: int
) -> Figures:
    terms, build = build_terms(problem), importlib.import_module(f"supply_peer_{peer}").build
    build(problem, terms)
    builds, replans = [], []
    for _ in range(rounds):
        start = time.process_time()
        solve = build(problem, terms)
        builds.append(time.process_time() - start)
        found = solve() + price_constant(problem, terms)
        replans.append(time.process_time() - start)
    if abs(found / cost - 1) > 1e-6:
        raise AssertionError(f"{peer} finds {found}, the product {cost}")
    took, replan = statistics.median(builds), statistics.median(replans)
    return {
        f"supply_peer_{peer}_build_{name}": (took * 1e3, "ms"),
        f"supply_peer_{peer}_replan_{name}": (replan * 1e3, "ms"),
        f"supply_peer_{peer}_build_ratio_{name}": (took / own_build, "ratio"),
        f"supply_peer_{peer}_replan_ratio_{name}": (replan / own_replan, "ratio"),
    }


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _median(work: Callable[[], Any], rounds: int) -> float:
    return statistics.median(_seconds(work)[0] for _ in range(rounds))


def stock_price(p: SupplyProblem, terms: PlanningTerms) -> dict[str, np.ndarray]:
    """Price [F] of a unit in each segment of stock."""
    return {
        "safety": p.holding_cost - terms.shortage_price,
        "cover": p.holding_cost,
        "excess": p.holding_cost + p.excess_cost,
        "over": p.holding_cost + p.excess_cost + terms.maximum_stock.price,
    }
