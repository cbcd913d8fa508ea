"""The supply plan in Pyomo: indexed variables and constraint rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.contrib.appsi.solvers import Highs
from supply_peers import stock_price

from sop.supply import SupplyProblem
from sop.supply.lp.terms import PlanningTerms


def build(p: SupplyProblem, terms: PlanningTerms) -> Callable[[], float]:
    """The model, handed to HiGHS; what is returned solves it and reads its objective."""
    price = stock_price(p, terms)
    m = pyo.ConcreteModel()
    for axis in "FLPMKT":
        setattr(m, axis, pyo.RangeSet(0, p.sizes[axis] - 1))
    routes = [(f, line) for f in m.F for line in m.L if p.qualified[f, line]]
    lines_of = {f: [line for of, line in routes if of == f] for f in m.F}
    families_on = {line: [f for f, on in routes if on == line] for line in m.L}
    m.R = pyo.Set(initialize=routes, dimen=2)
    last = p.sizes["T"] - 1

    def up_to(limit: np.ndarray) -> Callable[..., tuple[float, float | None]]:
        return lambda _, a, t: (0.0, float(limit[a, t]) if np.isfinite(limit[a, t]) else None)

    free = {"domain": pyo.NonNegativeReals}
    m.make = pyo.Var(m.R, m.T, **free)
    m.buy = pyo.Var(m.F, m.T, bounds=up_to(p.subcontract_limit))
    m.lost = pyo.Var(m.F, m.T, bounds=up_to(terms.lost_limit))
    m.late, m.over = pyo.Var(m.F, m.T, **free), pyo.Var(m.F, m.T, **free)
    for s, name in enumerate(("safety", "cover", "excess")):
        setattr(m, name, pyo.Var(m.F, m.T, bounds=up_to(terms.segments[s])))
    m.short, m.charged = pyo.Var(m.F, **free), pyo.Var(m.F, **free)
    m.people = pyo.Var(
        m.P, m.T, bounds=lambda _, q, t: (float(p.people_min[q, t]), up_to(terms.people_max)(_, q, t)[1])
    )
    for name in ("hired", "released", "overtime", "agency", "extra"):
        setattr(m, name, pyo.Var(m.P, m.T, **free))
    m.machine, m.spot = pyo.Var(m.L, m.T, **free), pyo.Var(m.M, m.T, **free)
    m.outside, m.space = pyo.Var(m.K, m.T, **free), pyo.Var(m.T, **free)
    m.stock = pyo.Expression(
        m.F, m.T, rule=lambda m, f, t: m.safety[f, t] + m.cover[f, t] + m.excess[f, t] + m.over[f, t]
    )

    def cost(m: Any) -> Any:
        stocks = {"safety": m.safety, "cover": m.cover, "excess": m.excess, "over": m.over}
        return (
            sum(float(p.variable_cost[f, line, t]) * m.make[f, line, t] for f, line in routes for t in m.T)
            + sum(float(p.subcontract_cost[f, t]) * m.buy[f, t] for f in m.F for t in m.T)
            + sum(
                float(p.lost_cost[f, t]) * m.lost[f, t] + float(p.past_due_cost[f]) * m.late[f, t]
                for f in m.F
                for t in m.T
            )
            + sum(float(price[name][f]) * of[f, t] for name, of in stocks.items() for f in m.F for t in m.T)
            + sum(float(terms.closing_stock_price[f]) * m.short[f] for f in m.F)
            + sum(float(terms.closing_past_due_price[f]) * m.charged[f] for f in m.F)
            + sum(
                float(p.hours_per_person[q, t] * p.wage[q]) * m.people[q, t]
                + float(p.hire_cost[q]) * m.hired[q, t]
                + float(p.release_cost[q]) * m.released[q, t]
                + float(p.overtime_rate[q]) * m.overtime[q, t]
                + float(terms.agency.price[q]) * m.agency[q, t]
                + float(terms.overtime.price[q]) * m.extra[q, t]
                for q in m.P
                for t in m.T
            )
            + sum(float(terms.machine.price[line]) * m.machine[line, t] for line in m.L for t in m.T)
            + sum(float(terms.material.price[i]) * m.spot[i, t] for i in m.M for t in m.T)
            + sum(float(terms.shared.price[k]) * m.outside[k, t] for k in m.K for t in m.T)
            + sum(float(terms.storage.price) * m.space[t] for t in m.T)
        )

    def balance(m: Any, f: int, t: int) -> Any:
        before = (
            m.stock[f, t - 1] - m.late[f, t - 1]
            if t
            else float(terms.opening_inventory[f] - terms.opening_past_due[f])
        )
        made = sum(m.make[f, line, t] for line in lines_of[f])
        return made + m.buy[f, t] + m.lost[f, t] + before - m.stock[f, t] + m.late[f, t] == float(terms.due[f, t])

    def line_hours(m: Any, line: int, t: int) -> Any:
        load = sum(float(p.hours_per_unit[f, line]) * m.make[f, line, t] for f in families_on[line])
        return load <= float(terms.line_hours[line, t]) + m.machine[line, t]

    def labour(m: Any, q: int, t: int) -> Any:
        on_plant = [(f, line) for f, line in routes if p.line_plant[line] == q]
        worked = sum(float(p.labour_hours_per_unit[f, line]) * m.make[f, line, t] for f, line in on_plant)
        return worked <= float(p.hours_per_person[q, t]) * m.people[q, t] + m.overtime[q, t] + m.agency[q, t]

    def people(m: Any, q: int, t: int) -> Any:
        before = m.people[q, t - 1] if t else float(p.opening_people[q])
        return m.people[q, t] - before == m.hired[q, t] - m.released[q, t]

    def used(m: Any, use: np.ndarray, t: int) -> Any:
        return sum(float(use[f]) * m.make[f, line, t] for f, line in routes)

    m.cost = pyo.Objective(rule=cost)
    m.balance = pyo.Constraint(m.F, m.T, rule=balance)
    m.closing = pyo.Constraint(
        m.F, rule=lambda m, f: m.stock[f, last] + m.short[f] >= float(terms.closing_target[f])
    )
    m.end = pyo.Constraint(
        m.F, rule=lambda m, f: m.late[f, last] - m.charged[f] <= float(p.closing_past_due_max[f])
    )
    m.hours = pyo.Constraint(m.L, m.T, rule=line_hours)
    m.labour = pyo.Constraint(m.P, m.T, rule=labour)
    m.crew = pyo.Constraint(m.P, m.T, rule=people)
    m.cap = pyo.Constraint(
        m.P,
        m.T,
        rule=lambda m, q, t: (
            m.overtime[q, t] - m.extra[q, t]
            <= float(terms.overtime_limit[q, t]) * m.people[q, t] + float(p.granted_overtime_hours[q, t])
        ),
    )
    m.material = pyo.Constraint(
        m.M,
        m.T,
        rule=lambda m, i, t: used(m, p.material_use[:, i], t) <= float(p.material_supply[i, t]) + m.spot[i, t],
    )
    m.shared = pyo.Constraint(
        m.K,
        m.T,
        rule=lambda m, k, t: (
            used(m, p.shared_hours_per_unit[:, k], t) <= float(p.shared_hours[k, t]) + m.outside[k, t]
        ),
    )
    m.storage = pyo.Constraint(
        m.T,
        rule=lambda m, t: (
            sum(float(p.volume_per_unit[f]) * m.stock[f, t] for f in m.F) <= float(p.storage_limit[t]) + m.space[t]
        ),
    )

    solver = Highs()
    solver.highs_options = {"threads": 1}
    solver.set_instance(m)

    def solve() -> float:
        solver.solve(m)
        return float(pyo.value(m.cost))

    return solve
