"""The planning terms of a problem: its limits tidied, its segments, and the prices the model uses.

Two kinds of price are derived here because the tables do not give them:

* *replacement and closing prices*, so that the plan neither sells its stock nor hides unmet demand at
  the end of the horizon;
* *penalty prices* of what is hard: limits that nobody sells relief for, demand that may be neither late nor lost,
  a closing position called hard. Dearer than a unit can be worth, they keep nearly every plan from breaking any;
  where one breaks all the same, `sop.supply.lp.hard` finds the plan that breaks least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Bools, Floats
from sop.supply.lp.problem import SupplyProblem


@dataclass(frozen=True, eq=False)
class Relief:
    """The price of one unit of relief from a limit, and whether somebody really sells it."""

    price: Floats
    offered: Bools


@dataclass(frozen=True, eq=False)
class PlanningTerms:
    """What the rules and prices of the model read; shapes as in `SupplyProblem`."""

    due: Floats  # [F, T], never negative
    opening_inventory: Floats  # [F], never negative
    opening_past_due: Floats  # [F], never negative
    lost_limit: Floats  # [F, T] units that may be lost at the lost cost
    unmet_limit: Floats  # [F, T] units that may be neither late nor lost, and still can be unmet
    unmet_price: Floats  # [F]
    line_hours: Floats  # [L, T], inf where none is loaded
    extra_line_hours: Floats  # [L, T] hours that can be bought beyond them; 0 where none are offered
    extra_shared_hours: Floats  # [K, T] likewise for shared resources
    overtime_limit: Floats  # [P, T] hours per person
    people_max: Floats  # [P, T], at least people_min
    hire_limit: Floats  # [P, T], at least what the bounds on people ask for
    release_limit: Floats  # [P, T], likewise
    segments: Floats  # [3, F, T] widths: up to safety stock, up to cover, up to the maximum
    shortage_price: Floats  # [F] per unit below safety stock, below any past-due cost
    closing_target: Floats  # [F] units
    closing_stock_price: Floats  # [F]
    closing_past_due_price: Floats  # [F]
    frozen: int  # periods, within the horizon
    slushy_end: int  # first period after the slushy fence
    machine: Relief  # [L]
    agency: Relief  # [P]
    overtime: Relief  # [P]
    material: Relief  # [M]
    shared: Relief  # [K]
    storage: Relief  # []
    maximum_stock: Relief  # [F]


def build_terms(problem: SupplyProblem) -> PlanningTerms:
    """The planning terms of `problem`; what had to be tidied is reported by `check_problem`."""
    due = np.maximum(problem.due, 0.0)
    opening_past_due = np.maximum(problem.opening_past_due, 0.0)
    unmet = _unmet_price(problem)
    closing_past_due_price = _closing_past_due_price(problem, unmet)
    shortage_price = np.minimum(problem.shortage_cost, shortage_ceiling(problem))
    frozen, slushy_end = fence(problem)
    lost_limit = np.where(problem.lost_allowed[:, None], np.clip(problem.lost_limit, 0.0, due), 0.0)
    hours = np.where(problem.qualified, problem.hours_per_unit, 0.0)
    forced = forced_change(problem)
    labour = np.zeros((problem.sizes["F"], problem.sizes["P"]))
    for plant in range(problem.sizes["P"]):
        on_plant = problem.qualified & (problem.line_plant == plant)
        labour[:, plant] = np.where(on_plant, problem.labour_hours_per_unit, 0.0).max(axis=1, initial=0.0)
    return PlanningTerms(
        due=due,
        opening_inventory=np.maximum(problem.opening_inventory, 0.0),
        opening_past_due=opening_past_due,
        lost_limit=lost_limit,
        unmet_limit=_unmet_limit(problem, due, opening_past_due, lost_limit),
        unmet_price=unmet,
        line_hours=np.where(np.isnan(problem.line_hours), np.inf, problem.line_hours),
        extra_line_hours=_offered(problem.extra_line_hours, problem.extra_line_price),
        extra_shared_hours=_offered(problem.extra_shared_hours, problem.extra_shared_price),
        overtime_limit=overtime_limit(problem),
        people_max=np.maximum(problem.people_max, problem.people_min),
        hire_limit=np.maximum(problem.hire_limit, np.maximum(forced, 0.0)),
        release_limit=np.maximum(problem.release_limit, np.maximum(-forced, 0.0)),
        segments=_segments(problem),
        shortage_price=shortage_price,
        closing_target=_closing_target(problem),
        closing_stock_price=_closing_stock_price(problem, unmet, shortage_price, closing_past_due_price),
        closing_past_due_price=closing_past_due_price,
        frozen=frozen,
        slushy_end=slushy_end,
        machine=_relief(problem.outside_machine_price, unmet, hours),
        agency=_relief(problem.agency_price, unmet, labour),
        overtime=_relief(problem.extra_overtime_price, unmet, labour),
        material=_relief(problem.spot_premium, unmet, problem.material_use),
        shared=_relief(problem.outside_shared_price, unmet, problem.shared_hours_per_unit),
        storage=_relief(problem.outside_storage_price, unmet, problem.volume_per_unit),
        maximum_stock=Relief(3.0 * unmet, np.zeros(len(unmet), dtype=bool)),
    )


def fence(problem: SupplyProblem) -> tuple[int, int]:
    """First period after the frozen fence and first after the slushy one, within the horizon."""
    if problem.agreed_production is None:
        return 0, 0
    horizon = problem.sizes["T"]
    frozen = min(max(problem.frozen_periods, 0), horizon)
    return frozen, min(frozen + max(problem.slushy_periods, 0), horizon)


def forced_change(problem: SupplyProblem) -> Floats:
    """People [P, T] that the bounds on people force to be hired (or released, below 0) in each period.

    The fewest moves that keep the bounds: people stay until a bound pushes them. A plan that moves only so
    always exists, so no limit on hiring can make the problem impossible.
    """
    before = np.maximum(problem.opening_people, 0.0)
    change = np.zeros((problem.sizes["P"], problem.sizes["T"]))
    for t in range(change.shape[1]):
        now = np.maximum(np.minimum(before, problem.people_max[:, t]), problem.people_min[:, t])
        change[:, t], before = now - before, now
    return change


def agreed_subcontract(problem: SupplyProblem) -> Floats:
    """What the agreed plan buys finished, [F, T]; nothing where it says nothing."""
    given = problem.agreed_subcontract
    return np.zeros_like(problem.due) if given is None else given


def shortage_ceiling(problem: SupplyProblem) -> Floats:
    """The most a unit [F] below safety stock may be worth: just under the lowest past-due cost of its value.

    Past-due cost is compared as a share of the lost cost, because families differ in price: a unit of a dear
    family ties up what many cheap ones do. Above this ceiling stock would be kept while customers wait.
    """
    worth = problem.lost_cost.min(axis=1, initial=np.inf)
    late = problem.backlog_allowed & (worth > 0)
    if not late.any():
        return np.where(problem.backlog_allowed, 0.99 * problem.past_due_cost, np.inf)
    share = float((problem.past_due_cost[late] / worth[late]).min())
    return 0.99 * share * worth


def replacement_cost(problem: SupplyProblem) -> Floats:
    """The cheapest money [F] that puts one unit into stock: made at regular wages or bought."""
    wage = np.append(problem.wage, 0.0)[problem.line_plant]
    variable = problem.variable_cost.min(axis=2, initial=np.inf)
    material = problem.material_use @ problem.material_price.min(axis=1, initial=np.inf)
    made = np.where(problem.qualified, variable + material[:, None] + problem.labour_hours_per_unit * wage, np.inf)
    bought = np.where(problem.subcontract_limit > 0, problem.subcontract_cost, np.inf).min(axis=1, initial=np.inf)
    cheapest = np.minimum(made.min(axis=1, initial=np.inf), bought)
    return np.where(np.isfinite(cheapest), cheapest, 0.0)


def _unmet_limit(problem: SupplyProblem, due: Floats, opening_past_due: Floats, lost_limit: Floats) -> Floats:
    """What is owed beyond the lost limit where nothing may wait; at the start with what is late already."""
    owed = due - lost_limit
    owed[:, 0] += opening_past_due
    return np.where(problem.backlog_allowed[:, None], 0.0, owed)


def overtime_limit(problem: SupplyProblem) -> Floats:
    """Overtime hours a person may do [P, T]: given, else a share of regular hours.

    The share is the slider *Overtime limit* (`overtime_share`) or the plants table, read in `labour_rates` of
    `sop.supply.before.company_problem`. `limit_overtime` of `sop.supply.lp.rows` keeps the optimiser to the limit,
    so that it moves what is made, and `round_people` of `sop.supply.lp.whole_people` the hours of each plant
    (`overtime_hours`). `sop.supply.after.monthly_costs` costs them; they reach EBIT as a period variance
    (`sop.finance.variances`).
    """
    given = problem.overtime_hours_per_person
    return np.where(np.isnan(given), problem.overtime_share * problem.hours_per_person, given)


def _segments(problem: SupplyProblem) -> Floats:
    """Widths [3, F, T] of the stock segments below the maximum: safety, cover, excess."""
    most = np.maximum(problem.max_inventory, 0.0)
    safety = np.minimum(np.maximum(problem.safety_stock, 0.0), most)
    cover = np.minimum(np.maximum(problem.cover_limit, safety), most)
    excess = np.where(np.isinf(cover), 0.0, most - np.where(np.isinf(cover), 0.0, cover))
    return np.stack([safety, cover - safety, excess])


def _closing_target(problem: SupplyProblem) -> Floats:
    given = problem.closing_stock_target
    target = np.where(np.isnan(given), problem.safety_stock[:, -1], given)
    return np.clip(target, 0.0, np.maximum(problem.max_inventory[:, -1], 0.0))


def _unmet_price(problem: SupplyProblem) -> Floats:
    """A price [F] above what any unit can cost, made or late or lost; the base of penalty prices."""
    horizon = problem.sizes["T"]
    closing = problem.closing_past_due_price
    lost = problem.lost_cost.max(axis=1, initial=0.0)
    closing = np.where(np.isfinite(closing), closing, lost)
    late = np.where(problem.backlog_allowed, problem.past_due_cost * horizon + closing, 0.0)
    dearest = _dearest_supply(problem) + problem.holding_cost * horizon
    return 2.0 * np.maximum.reduce([lost, late, dearest, np.full(len(late), 1e-3)])


def _dearest_supply(problem: SupplyProblem) -> Floats:
    """An upper estimate [F] of the dearest offered way of supplying one unit."""
    paid = np.stack([problem.overtime_rate + problem.wage, _finite(problem.agency_price)])
    hour = paid.max(axis=0) + _finite(problem.extra_overtime_price)
    hours = problem.hours_per_person.max(axis=1, initial=0.0)
    people = np.where(hours > 0, (problem.hire_cost + problem.release_cost) / np.where(hours > 0, hours, 1.0), 0.0)
    labour = problem.labour_hours_per_unit * np.append(hour + people, 0.0)[problem.line_plant]
    hour_of_line = _finite(problem.outside_machine_price) + _dearest_hour(
        problem.extra_line_hours, problem.extra_line_price
    )
    machine = np.nan_to_num(problem.hours_per_unit) * hour_of_line
    variable = problem.variable_cost.max(axis=2, initial=0.0)
    made = np.where(problem.qualified, variable + labour + machine, 0.0)
    bought = np.where(problem.subcontract_limit > 0, problem.subcontract_cost, 0.0).max(axis=1, initial=0.0)
    dearest = problem.material_price.max(axis=1, initial=0.0) + _finite(problem.spot_premium)
    extra = problem.material_use @ dearest
    hour_of_shared = _finite(problem.outside_shared_price) + _dearest_hour(
        problem.extra_shared_hours, problem.extra_shared_price
    )
    extra = extra + problem.shared_hours_per_unit @ hour_of_shared
    return np.maximum(made.max(axis=1, initial=0.0) + extra, bought)


def _dearest_hour(hours: Floats, price: Floats) -> Floats:
    """The dearest hour that can be bought of each resource; 0 where none can."""
    return np.where(_offered(hours, price) > 0, _finite(price), 0.0).max(axis=1, initial=0.0)


def _offered(hours: Floats, price: Floats) -> Floats:
    """Hours that can be bought in each period; none where nobody offers any."""
    return np.where(np.isfinite(price), np.maximum(hours, 0.0), 0.0)


def _finite(price: Floats) -> Floats:
    return np.where(np.isfinite(price), price, 0.0)


def _closing_past_due_price(problem: SupplyProblem, unmet: Floats) -> Floats:
    given = problem.closing_past_due_price
    price = np.where(np.isnan(given), problem.lost_cost[:, -1], given)
    # What is owed is shipped before stock is kept: where stock at the end is hard, so is what is late then.
    return np.where(hard_at_the_end(problem), unmet, price)


def hard_at_the_end(problem: SupplyProblem) -> Bools:
    """Families [F] of which nothing may be late at the end: called hard, or their closing stock is."""
    return np.isinf(problem.closing_past_due_price) | np.isinf(problem.closing_stock_price)


def _closing_stock_price(
    problem: SupplyProblem, unmet: Floats, shortage: Floats, closing_past_due: Floats
) -> Floats:
    """Replacement cost plus shortage value, kept below what a unit late at the end costs."""
    given = problem.closing_stock_price
    price = np.where(np.isnan(given), replacement_cost(problem) + shortage, given)
    price = np.where(np.isinf(price), 0.75 * unmet, price)
    ceiling = np.where(problem.backlog_allowed, 0.99 * closing_past_due, np.inf)
    return np.minimum(price, ceiling)


def _relief(price: Floats, unmet: Floats, use: Floats) -> Relief:
    """The offered price of relief, or a penalty above the worth of any unit that it would allow."""
    use = use.reshape(len(unmet), -1)
    worth = np.where(use > 0, unmet[:, None] / np.where(use > 0, use, 1.0), 0.0).max(axis=0, initial=0.0)
    penalty = 3.0 * np.where(worth > 0, worth, 1.0).reshape(price.shape)
    offered = np.isfinite(price)
    return Relief(np.where(offered, price, penalty), offered)
