"""The supply plan as a textbook would write it: one variable per quantity, one plain row per rule.

An independent second formulation, solved by scipy, that the product's compact model must agree with. It
shares with the product only the problem and the planning prices of `build_terms`.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import build_terms, hard_at_the_end


class Program:
    """A linear program written row by row."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.lower: list[float] = []
        self.constant = 0.0
        self.equal: list[tuple[dict[int, float], float]] = []
        self.at_most: list[tuple[dict[int, float], float]] = []
        self.hard: dict[int, int] = {}
        self.material: dict[int, int] = {}
        self.agreed: set[int] = set()

    def variable(
        self,
        cost: float = 0.0,
        lower: float = 0.0,
        upper: float = np.inf,
        hard: int | None = None,
        agreed: bool = False,
    ) -> int:
        """A new variable; `hard`: what it breaks (0 a limit, 1 demand, 2 closing stock), as `agreed` or not."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        place = len(self.cost) - 1
        if hard is not None:
            self.hard[place] = hard
        if agreed:
            self.agreed.add(place)
        return place

    def minimum(self, keep_hard: bool = True) -> float:
        """The least cost; where hard things must be broken, of the plans that break least, level by level."""
        cost = np.array(self.cost)
        least, chosen = self._solve(cost)
        if keep_hard and any(chosen[place] > 1e-6 for place in self.hard if place not in self.agreed):
            for level in range(3):
                places = [place for place, of in self.hard.items() if of == level]
                if not places:
                    continue
                only = np.zeros(len(cost))
                only[places] = cost[places] / cost[places].max()
                broken, _ = self._solve(only)
                self.at_most.append(({place: only[place] for place in places}, max(broken, 0.0) + 1e-9))
            least, _ = self._solve(cost)
        return least + self.constant

    def _solve(self, cost: np.ndarray) -> tuple[float, np.ndarray]:
        equal, equal_rhs = _rows(self.equal, len(self.cost))
        most, most_rhs = _rows(self.at_most, len(self.cost))
        bounds = np.column_stack([self.lower, self.upper])
        options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
        found = linprog(cost, most, most_rhs, equal, equal_rhs, bounds, method="highs-ds", options=options)
        assert found.status == 0, found.message
        return float(found.fun), found.x


def _rows(rows, size):
    if not rows:
        return None, None
    cells = [(r, c, v) for r, (row, _) in enumerate(rows) for c, v in row.items()]
    r, c, v = zip(*cells, strict=True)
    return coo_matrix((v, (r, c)), shape=(len(rows), size)).tocsr(), [rhs for _, rhs in rows]


def textbook_cost(problem: SupplyProblem, keep_hard: bool = True) -> float:
    """The least objective of `problem`, by plain rows; with everything at its price unless `keep_hard`."""
    terms, lp = build_terms(problem), Program()
    families, lines, periods = (range(problem.sizes[axis]) for axis in "FLT")
    last = problem.sizes["T"] - 1
    make, buy, ship, lost, unmet, late, stock = {}, {}, {}, {}, {}, {}, {}
    for f in families:
        for t in periods:
            for line in lines:
                if problem.qualified[f, line]:
                    make[f, line, t] = lp.variable(problem.variable_cost[f, line, t])
            buy[f, t] = lp.variable(problem.subcontract_cost[f, t])
            ship[f, t] = lp.variable()
            lost[f, t] = lp.variable(problem.lost_cost[f, t])
            unmet[f, t] = lp.variable(terms.unmet_price[f], hard=1)
            late[f, t] = lp.variable(problem.past_due_cost[f] if problem.backlog_allowed[f] else 0.0)
            stock[f, t] = lp.variable(problem.holding_cost[f])
    for f in families:
        for t in periods:
            _family_period(lp, problem, terms, f, t, make, buy, ship, lost, unmet, late, stock)
        end = lp.variable(
            terms.closing_stock_price[f], hard=2 if np.isinf(problem.closing_stock_price[f]) else None
        )
        lp.at_most.append(({stock[f, last]: -1.0, end: -1.0}, -terms.closing_target[f]))
        over = lp.variable(terms.closing_past_due_price[f], hard=1 if hard_at_the_end(problem)[f] else None)
        lp.at_most.append(({late[f, last]: 1.0, over: -1.0}, float(problem.closing_past_due_max[f])))
    for t in periods:
        _resources(lp, problem, terms, t, make, stock)
    _people(lp, problem, terms, make)
    _one_rate(lp, problem, terms, make)
    return lp.minimum(keep_hard)


def _family_period(lp, problem, terms, f, t, make, buy, ship, lost, unmet, late, stock):
    made = {make[f, line, t]: 1.0 for line in range(problem.sizes["L"]) if (f, line, t) in make}
    previous_stock = {stock[f, t - 1]: -1.0} if t else {}
    previous_late = {late[f, t - 1]: -1.0} if t else {}
    opening_stock = terms.opening_inventory[f] if t == 0 else 0.0
    opening_late = terms.opening_past_due[f] if t == 0 else 0.0
    flow = {stock[f, t]: 1.0, ship[f, t]: 1.0, buy[f, t]: -1.0, **dict.fromkeys(made, -1.0), **previous_stock}
    lp.equal.append((flow, opening_stock))
    owed = {late[f, t]: 1.0, ship[f, t]: 1.0, lost[f, t]: 1.0, unmet[f, t]: 1.0, **previous_late}
    lp.equal.append((owed, terms.due[f, t] + opening_late))
    can_lose = min(terms.due[f, t], problem.lost_limit[f, t]) if problem.lost_allowed[f] else 0.0
    lp.at_most.append(({lost[f, t]: 1.0}, can_lose))
    if problem.backlog_allowed[f]:
        lp.at_most.append(({unmet[f, t]: 1.0}, 0.0))
    else:
        lp.at_most.append(({late[f, t]: 1.0}, 0.0))
    short = lp.variable(terms.shortage_price[f])
    lp.at_most.append(
        ({stock[f, t]: -1.0, short: -1.0}, -min(problem.safety_stock[f, t], problem.max_inventory[f, t]))
    )
    cover = min(max(problem.cover_limit[f, t], problem.safety_stock[f, t]), problem.max_inventory[f, t])
    if np.isfinite(cover):
        excess = lp.variable(problem.excess_cost[f])
        lp.at_most.append(({stock[f, t]: 1.0, excess: -1.0}, cover))
    if np.isfinite(problem.max_inventory[f, t]):
        over = lp.variable(terms.maximum_stock.price[f], hard=0, agreed=t < terms.frozen)
        lp.at_most.append(({stock[f, t]: 1.0, over: -1.0}, problem.max_inventory[f, t]))
    _fence(lp, problem, terms, f, t, make, buy)


def _fence(lp, problem, terms, f, t, make, buy):
    agreed_buy = 0.0 if problem.agreed_subcontract is None else problem.agreed_subcontract[f, t]
    if t >= terms.frozen and np.isfinite(problem.subcontract_limit[f, t]):
        lp.at_most.append(({buy[f, t]: 1.0}, problem.subcontract_limit[f, t]))
    if t >= terms.slushy_end:
        return
    agreed = {
        make[f, line, t]: problem.agreed_production[f, line, t]
        for line in range(problem.sizes["L"])
        if (f, line, t) in make
    }
    for column, quantity in {**agreed, buy[f, t]: agreed_buy}.items():
        if t < terms.frozen:
            lp.equal.append(({column: 1.0}, quantity))
            continue
        up, down = lp.variable(problem.change_cost[f]), lp.variable(problem.change_cost[f])
        lp.equal.append(({column: 1.0, up: -1.0, down: 1.0}, quantity))


def _resources(lp, problem, terms, t, make, stock):
    def use(of):
        row: dict[int, float] = {}
        for (f, line, period), column in make.items():
            if period == t and of(f, line) != 0:
                row[column] = of(f, line)
        return row

    def limit(row, most, relief, cost_index=None):
        if np.isfinite(most):
            price, sold = (of if cost_index is None else of[cost_index] for of in (relief.price, relief.offered))
            more = lp.variable(float(price), hard=None if sold else 0, agreed=t < terms.frozen)
            lp.at_most.append(({**row, more: -1.0}, most))

    for line in range(problem.sizes["L"]):
        row = use(lambda f, on, line=line: problem.hours_per_unit[f, on] if on == line else 0.0)
        limit(row, terms.line_hours[line, t], terms.machine, line)
    for material in range(problem.sizes["M"]):
        row = use(lambda f, on, m=material: problem.material_use[f, m])
        if not problem.bought_ahead[material]:
            limit(row, problem.material_supply[material, t], terms.material, material)
            continue
        price = float(problem.material_price[material, t])
        bought = lp.variable(price, 0.0, problem.material_supply[material, t])
        kept = lp.variable(problem.material_holding_cost[material], 0.0, problem.material_kept[material, t])
        sold = terms.material.offered[material]
        spot = lp.variable(
            price + float(terms.material.price[material]), hard=None if sold else 0, agreed=t < terms.frozen
        )
        row |= {bought: -1.0, spot: -1.0, kept: 1.0}
        before = lp.material.get(material)
        if before is not None:
            row[before] = -1.0
        lp.at_most.append((row, 0.0 if t else float(problem.opening_material[material])))
        lp.material[material] = kept
    for resource in range(problem.sizes["K"]):
        row = use(lambda f, on, k=resource: problem.shared_hours_per_unit[f, k])
        limit(row, problem.shared_hours[resource, t], terms.shared, resource)
    volume = {stock[f, t]: problem.volume_per_unit[f] for f in range(problem.sizes["F"])}
    limit({c: v for c, v in volume.items() if v}, problem.storage_limit[t], terms.storage)


def _people(lp, problem, terms, make):
    for plant in range(problem.sizes["P"]):
        before, opening = {}, float(problem.opening_people[plant])
        for t in range(problem.sizes["T"]):
            hours = problem.hours_per_person[plant, t]
            people = lp.variable(
                hours * problem.wage[plant], problem.people_min[plant, t], terms.people_max[plant, t]
            )
            hired = lp.variable(problem.hire_cost[plant], 0.0, terms.hire_limit[plant, t])
            released = lp.variable(problem.release_cost[plant], 0.0, terms.release_limit[plant, t])
            regular, overtime = lp.variable(), lp.variable(problem.overtime_rate[plant])
            agency, extra = (
                lp.variable(of.price[plant], hard=None if of.offered[plant] else 0, agreed=t < terms.frozen)
                for of in (terms.agency, terms.overtime)
            )
            lp.equal.append(({people: 1.0, hired: -1.0, released: 1.0, **before}, opening))
            lp.at_most.append(({regular: 1.0, people: -hours}, 0.0))
            if np.isnan(problem.overtime_hours_per_person[plant, t]):
                allowed = {regular: -problem.overtime_share[plant, t]}
            else:
                allowed = {people: -problem.overtime_hours_per_person[plant, t]}
            granted = problem.granted_overtime_hours[plant, t]
            lp.at_most.append(({overtime: 1.0, extra: -1.0, **allowed}, granted))
            work = {
                c: problem.labour_hours_per_unit[f, line]
                for (f, line, period), c in make.items()
                if period == t and problem.line_plant[line] == plant
            }
            lp.at_most.append(({**work, regular: -1.0, overtime: -1.0, agency: -1.0}, 0.0))
            before, opening = {people: -1.0}, 0.0


def _one_rate(lp, problem, terms, make):
    for f in np.flatnonzero(problem.one_rate):
        rate = lp.variable()
        for t in range(terms.frozen, problem.sizes["T"]):
            made = {column: 1.0 for (of, _, period), column in make.items() if (of, period) == (f, t)}
            if made:
                lp.equal.append(({**made, rate: -problem.rate_weight[t]}, 0.0))
