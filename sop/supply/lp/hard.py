"""What is hard is given up only where nothing else is possible, whatever any family is worth.

Penalty prices keep nearly every plan from breaking anything, and a plan that breaks nothing at the least cost is
the best there is. Where one breaks something, least cost is the wrong question at first: what must be broken is
made as little as possible, limits first, then demand, then closing stock, and money is spent within that.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np

from sop.core.inputs import Floats
from sop.supply.lp.columns import Columns
from sop.supply.lp.errors import SolverError
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import PlanningTerms, hard_at_the_end

_NOTICEABLE = 1e-6
"""Less than this of an hour or a unit is solver noise."""

_GRID = 1e-9

_MAY_BE_HARD = (
    *("outside_machine", "agency", "extra_overtime", "spot", "outside_shared", "outside_storage", "over"),
    *("unmet", "closing_past_due", "closing_short"),
)
"""Columns of what may be hard and may have a price."""


def keep_hard_limits(
    solver: highspy.Highs,
    problem: SupplyProblem,
    terms: PlanningTerms,
    columns: Columns,
    values: Floats,
    solve: Callable[[highspy.Highs], Floats] | None = None,
    slack: float = 0.0,
) -> Floats:
    """Column values of the cheapest plan among those that break least of what is hard.

    `values` are those of the cheapest plan at penalty prices. What a frozen period breaks was agreed. The solver
    is left with the program that it had, which may have further columns after those of the linear program.
    `solve` runs it (`read_optimum`) and `slack` is what its tolerances may leave of a break.
    """
    solve = solve or read_optimum
    if not any((values[columns.at[name]] > _NOTICEABLE).any() for name in _MAY_BE_HARD):
        return values
    levels = hard_levels(problem, terms, columns)
    if not any((values[: columns.size][level > 0] > _NOTICEABLE).any() for level in _open(levels, terms, columns)):
        return values
    rows, every = solver.getNumRow(), np.arange(solver.getNumCol(), dtype=np.int32)
    cost = np.array(solver.getLp().col_cost_)
    for level in levels:
        counted = np.flatnonzero(level).astype(np.int32)
        if not len(counted):
            continue
        weight = np.zeros(len(every))
        weight[: columns.size] = level / level.max()
        solver.changeColsCost(len(every), every, weight)
        least = float(weight @ solve(solver))
        # On a grid, so that the way to the optimum does not move it; exactly nothing where nothing must be broken.
        least = (np.ceil(least / _GRID) + 1) * _GRID if least > _GRID else 0.0
        solver.addRow(-highspy.kHighsInf, least + slack, len(counted), counted, weight[counted])
    solver.changeColsCost(len(every), every, cost)
    values = solve(solver)
    added = np.arange(rows, solver.getNumRow(), dtype=np.int32)
    solver.deleteRows(len(added), added)
    return values


def hard_levels(problem: SupplyProblem, terms: PlanningTerms, columns: Columns) -> tuple[Floats, Floats, Floats]:
    """What one of each column [columns] breaks of limits, of demand and of closing stock; 0 where nothing."""
    limits, demand, stock = np.zeros((3, columns.size))
    at = columns.at
    for name, relief, chosen in (
        ("outside_machine", terms.machine, columns.limited_lines),
        ("agency", terms.agency, slice(None)),
        ("extra_overtime", terms.overtime, slice(None)),
        ("spot", terms.material, columns.limited_materials),
        ("outside_shared", terms.shared, columns.limited_shared),
        ("outside_storage", terms.storage, slice(None)),
        ("over", terms.maximum_stock, columns.capped),
    ):
        unsold = np.atleast_1d(np.where(relief.offered, 0.0, relief.price))[chosen]
        limits[at[name]] = unsold[: len(at[name]), None]
    demand[at["unmet"]] = terms.unmet_price[columns.prompt][:, None]
    late = np.where(hard_at_the_end(problem), terms.closing_past_due_price, 0.0)
    demand[at["closing_past_due"]] = late[columns.waiting]
    short = np.where(np.isinf(problem.closing_stock_price), terms.closing_stock_price, 0.0)
    stock[at["closing_short"]] = short[columns.closing]
    return limits, demand, stock


def _open(levels: tuple[Floats, Floats, Floats], terms: PlanningTerms, columns: Columns) -> list[Floats]:
    """The levels without the limits of frozen periods, which the agreed plan fills."""
    limits = levels[0].copy()
    for block in columns.at.values():
        if block.ndim == 2 and block.shape[1] == columns.horizon:
            limits[block[:, : terms.frozen]] = 0.0
    return [limits, *levels[1:]]


def read_optimum(solver: highspy.Highs) -> Floats:
    """Run the solver and return the value of every column, or say that there is none.

    A basis that the solver cannot go on from is given up for a cold start before anything is refused.
    """
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        solver.clearSolver()
        solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverError(solver.modelStatusToString(status))
    return np.asarray(solver.allVariableValues())
