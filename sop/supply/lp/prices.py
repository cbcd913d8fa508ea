"""What every column of the linear program costs per unit, and the small tie-break.

minimise  variable + wages + overtime + hire/release + subcontract + holding
          + excess + shortage + past due + lost + closing + change inside the fence + relief
"""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.supply.lp.columns import Columns
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import PlanningTerms, agreed_subcontract

UNIT_VALUE = 1000.0
"""The mean lost cost of a unit in the solver's money."""

TIE_BREAK = 1e-4
"""Size of the tie-break in the solver's money: far below any price, far above the solver's tolerance (1e-9)."""


def price_columns(problem: SupplyProblem, terms: PlanningTerms, columns: Columns) -> Floats:
    """The cost [columns] of one unit of every column; constants of the objective are left out."""
    price, at = np.zeros(columns.size), columns.at
    variable = problem.variable_cost[columns.route_family, columns.route_line]
    change = problem.change_cost[columns.route_family][:, None]
    _price_with_change(price, columns, "make", variable, change)
    _price_with_change(
        price,
        columns,
        "buy",
        problem.subcontract_cost[columns.bought],
        problem.change_cost[columns.bought][:, None],
    )
    price[at["lost"]] = problem.lost_cost[columns.losing]
    price[at["unmet"]] = terms.unmet_price[columns.prompt][:, None]
    late = problem.past_due_cost[columns.waiting]
    price[at["past_due"]] = late[:, None]
    price[at["closing_past_due"]] = late + terms.closing_past_due_price[columns.waiting]
    price[at["closing_short"]] = terms.closing_stock_price[columns.closing]
    _price_stock(price, problem, terms, columns)
    _price_people(price, problem, terms, columns)
    price[at["outside_machine"]] = terms.machine.price[columns.limited_lines][:, None]
    price[at["spot"]] = terms.material.price[columns.limited_materials][:, None]
    price[at["spot"]] += problem.material_price[columns.limited_materials]
    ahead = columns.limited_materials[columns.bought_ahead]
    price[at["material_bought"]] = problem.material_price[ahead]
    price[at["material_stock"]] = problem.material_holding_cost[ahead][:, None]
    price[at["outside_shared"]] = terms.shared.price[columns.limited_shared][:, None]
    price[at["outside_storage"]] = terms.storage.price
    # Where no hours are offered in a period, its bound of 0 keeps the column out.
    price[at["extra_line"]] = _asked(problem.extra_line_price)[columns.limited_lines[columns.extra_lines]]
    price[at["extra_shared"]] = _asked(problem.extra_shared_price)[columns.limited_shared[columns.extra_shared]]
    return price


def price_constant(problem: SupplyProblem, terms: PlanningTerms) -> float:
    """What the objective costs with every column at 0: safety stock all missing, the agreed plan all left out."""
    constant = float(terms.shortage_price @ terms.segments[0].sum(axis=1))
    if problem.agreed_production is None:
        return constant
    slushy = slice(terms.frozen, terms.slushy_end)
    made = np.where(problem.qualified[:, :, None], problem.agreed_production, 0.0)[:, :, slushy].sum(axis=(1, 2))
    bought = agreed_subcontract(problem)[:, slushy].sum(axis=1)
    return constant + float(problem.change_cost @ (made + bought))


def break_ties(columns: Columns) -> Floats:
    """A small fixed addition [columns] to the scaled prices, so that equally cheap plans have one winner.

    Prices are scaled by `cost_scale`. The tie-break prefers earlier production, lines in their order, making
    to buying, and shipping to waiting; an irregular part, the same for ever, separates what is still equal.
    It is never part of the money reported.
    """
    weight = 0.5 + 0.5 * _irregular(columns.size)
    for name, base in _PREFERENCE.items():
        index = columns.at[name]
        if index.size:
            weight[index] += base + 0.25 * np.arange(index.shape[1]) / columns.horizon
    for name in ("make", "make_more"):
        weight[columns.at[name]] += 0.5 * columns.route_line[:, None]
    return TIE_BREAK * weight


_PREFERENCE = {"make": 0.0, "make_more": 0.5, "buy": 1.0, "buy_more": 1.5, "past_due": 1.0, "lost": 2.0}


def cost_scale(problem: SupplyProblem) -> float:
    """Money that the solver counts as 1: a thousandth of the mean lost cost, so that its tolerances are small."""
    return (float(np.mean(problem.lost_cost)) if problem.lost_cost.any() else 1.0) / UNIT_VALUE


def _price_with_change(price: Floats, columns: Columns, name: str, unit: Floats, change: Floats) -> None:
    """|X - agreed| in two segments: leaving out an agreed unit costs `change`, an added one too."""
    price[columns.at[name]] = unit
    price[columns.at[name][:, columns.slushy]] = unit[:, columns.slushy] - change
    price[columns.at[f"{name}_more"]] = unit[:, columns.slushy] + change


def _asked(price: Floats) -> Floats:
    return np.where(np.isfinite(price), price, 0.0)


def _price_stock(price: Floats, problem: SupplyProblem, terms: PlanningTerms, columns: Columns) -> None:
    holding = problem.holding_cost[:, None]
    above = holding + problem.excess_cost[:, None]
    price[columns.at["safety"]] = holding - terms.shortage_price[:, None]
    price[columns.at["cover"]] = holding
    price[columns.at["excess"]] = above
    price[columns.at["over"]] = (above + terms.maximum_stock.price[:, None])[columns.capped]


def _price_people(price: Floats, problem: SupplyProblem, terms: PlanningTerms, columns: Columns) -> None:
    at = columns.at
    price[at["people"]] = problem.hours_per_person * problem.wage[:, None]
    price[at["hired"]] = problem.hire_cost[:, None]
    price[at["released"]] = problem.release_cost[:, None]
    price[at["overtime"]] = problem.overtime_rate[:, None]
    price[at["agency"]] = terms.agency.price[:, None]
    price[at["extra_overtime"]] = terms.overtime.price[:, None]


def _irregular(size: int) -> Floats:
    """Fixed numbers in [0, 1) without pattern (the SplitMix64 mixing function of the index)."""
    z = (np.arange(1, size + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))).astype(np.float64) / 2.0**64
