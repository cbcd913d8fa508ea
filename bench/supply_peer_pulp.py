"""The supply plan in PuLP: one variable object per cell, sums of expressions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pulp
from supply_peers import stock_price

from sop.supply import SupplyProblem
from sop.supply.lp.terms import PlanningTerms


def build(p: SupplyProblem, terms: PlanningTerms) -> Callable[[], float]:
    """The model, handed to HiGHS; what is returned solves it and reads its objective."""
    F, L, P, M, K, T = (range(p.sizes[axis]) for axis in "FLPMKT")
    last, price = len(T) - 1, stock_price(p, terms)
    routes = [(f, line) for f in F for line in L if p.qualified[f, line]]

    def variables(name: str, index: list, upper: Callable[..., float] | None = None) -> dict:
        return {
            i: pulp.LpVariable(f"{name}_{'_'.join(map(str, i))}", 0, upper(*i) if upper else None) for i in index
        }

    def finite(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    cells = [(f, t) for f in F for t in T]
    make = variables("make", [(f, line, t) for f, line in routes for t in T])
    buy = variables("buy", cells, lambda f, t: finite(p.subcontract_limit[f, t]))
    lost = variables("lost", cells, lambda f, t: finite(terms.lost_limit[f, t]))
    late = variables("late", cells)
    kept = {
        name: variables(name, cells, lambda f, t, s=s: finite(terms.segments[s][f, t]))
        for s, name in enumerate(("safety", "cover", "excess"))
    }
    kept["over"] = variables("over", cells)
    short, charged = variables("short", [(f,) for f in F]), variables("charged", [(f,) for f in F])
    people = {
        (q, t): pulp.LpVariable(f"people_{q}_{t}", float(p.people_min[q, t]), finite(terms.people_max[q, t]))
        for q in P
        for t in T
    }
    hired, released, overtime, agency, extra = (
        variables(name, [(q, t) for q in P for t in T])
        for name in ("hired", "released", "overtime", "agency", "extra")
    )
    machine = variables("machine", [(line, t) for line in L for t in T])
    spot = variables("spot", [(m, t) for m in M for t in T])
    outside = variables("outside", [(k, t) for k in K for t in T])
    space = variables("space", [(t,) for t in T])
    stock = {(f, t): pulp.lpSum(kept[name][f, t] for name in kept) for f, t in cells}

    model = pulp.LpProblem("supply", pulp.LpMinimize)
    model += (
        pulp.lpSum(float(p.variable_cost[f, line, t]) * make[f, line, t] for f, line in routes for t in T)
        + pulp.lpSum(float(p.subcontract_cost[f, t]) * buy[f, t] for f, t in cells)
        + pulp.lpSum(
            float(p.lost_cost[f, t]) * lost[f, t] + float(p.past_due_cost[f]) * late[f, t] for f, t in cells
        )
        + pulp.lpSum(float(price[name][f]) * kept[name][f, t] for name in kept for f, t in cells)
        + pulp.lpSum(float(terms.closing_stock_price[f]) * short[f,] for f in F)
        + pulp.lpSum(float(terms.closing_past_due_price[f]) * charged[f,] for f in F)
        + pulp.lpSum(
            float(p.hours_per_person[q, t] * p.wage[q]) * people[q, t]
            + float(p.hire_cost[q]) * hired[q, t]
            + float(p.release_cost[q]) * released[q, t]
            + float(p.overtime_rate[q]) * overtime[q, t]
            + float(terms.agency.price[q]) * agency[q, t]
            + float(terms.overtime.price[q]) * extra[q, t]
            for q in P
            for t in T
        )
        + pulp.lpSum(float(terms.machine.price[line]) * machine[line, t] for line in L for t in T)
        + pulp.lpSum(float(terms.material.price[m]) * spot[m, t] for m in M for t in T)
        + pulp.lpSum(float(terms.shared.price[k]) * outside[k, t] for k in K for t in T)
        + pulp.lpSum(float(terms.storage.price) * space[t,] for t in T)
    )
    for f, t in cells:
        before = (
            stock[f, t - 1] - late[f, t - 1]
            if t
            else float(terms.opening_inventory[f] - terms.opening_past_due[f])
        )
        made = pulp.lpSum(make[f, line, t] for line in L if p.qualified[f, line])
        model += made + buy[f, t] + lost[f, t] + before - stock[f, t] + late[f, t] == float(terms.due[f, t])
    for f in F:
        model += stock[f, last] + short[f,] >= float(terms.closing_target[f])
        model += late[f, last] - charged[f,] <= float(p.closing_past_due_max[f])
    for t in T:
        for line in L:
            load = pulp.lpSum(
                float(p.hours_per_unit[f, line]) * make[f, line, t] for f in F if p.qualified[f, line]
            )
            model += load <= float(terms.line_hours[line, t]) + machine[line, t]
        for m in M:
            used = pulp.lpSum(float(p.material_use[f, m]) * make[f, line, t] for f, line in routes)
            model += used <= float(p.material_supply[m, t]) + spot[m, t]
        for k in K:
            used = pulp.lpSum(float(p.shared_hours_per_unit[f, k]) * make[f, line, t] for f, line in routes)
            model += used <= float(p.shared_hours[k, t]) + outside[k, t]
        volume = pulp.lpSum(float(p.volume_per_unit[f]) * stock[f, t] for f in F)
        model += volume <= float(p.storage_limit[t]) + space[t,]
        for q in P:
            worked = pulp.lpSum(
                float(p.labour_hours_per_unit[f, line]) * make[f, line, t]
                for f, line in routes
                if p.line_plant[line] == q
            )
            model += worked <= float(p.hours_per_person[q, t]) * people[q, t] + overtime[q, t] + agency[q, t]
            model += overtime[q, t] - extra[q, t] <= float(terms.overtime_limit[q, t]) * people[q, t] + float(
                p.granted_overtime_hours[q, t]
            )
            before = people[q, t - 1] if t else float(p.opening_people[q])
            model += people[q, t] - before == hired[q, t] - released[q, t]

    solver = pulp.HiGHS(msg=False, threads=1)
    solver.createAndConfigureSolver(model)
    solver.buildSolverModel(model)

    def solve() -> float:
        solver.callSolver(model)
        solver.findSolutionValues(model)
        return float(pulp.value(model.objective))

    return solve
