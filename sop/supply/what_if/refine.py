"""Refining a plan: the same problem with whole lots, campaigns, shifts and people, in the background.

A whole-number plan is found by branch and bound, which proves how far the best plan found can be from the best
there is. It takes seconds to minutes, reports progress, and can be stopped at any time with what it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import highspy
import numpy as np

from sop.core.inputs import Bools, Floats, Ints
from sop.supply.lp.costing import cost_plan
from sop.supply.lp.errors import NoRefinedPlan, SolverError
from sop.supply.lp.hard import keep_hard_limits, read_optimum
from sop.supply.lp.model import build_program, new_solver, pass_program
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.prices import break_ties, cost_scale, price_constant
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.result import read_plan
from sop.supply.lp.terms import PlanningTerms, build_terms
from sop.supply.what_if.refinement import Refinement, WholeRules, read_refinement
from sop.supply.what_if.whole_rows import WholeProgram, build_whole_program

_SLACK = 1e-6
"""What the solver's tolerances may leave of an hour or unit beyond a hard limit."""

_ENDED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kSolutionLimit,
)


@dataclass(frozen=True)
class RefineProgress:
    """Where a refine run stands: seconds so far, cost of the best plan found (inf before there is one), and the
    cost that no plan can go below; money and planning penalties."""

    seconds: float
    found: float
    bound: float

    @property
    def gap(self) -> float:
        """How much dearer than the best there is the plan found may be, as a share; inf before there is one."""
        return relative_gap(self.found, self.bound)


@dataclass(frozen=True, eq=False)
class RefinedPlan:
    """A plan in whole lots, campaigns, shifts and people, with what is proven about it.

    `plan` is costed on the hours that set-ups leave; `running` and `starts` [F, L, T], `shifts` [L, T] (0 on lines
    without shifts). `objective` adds set-ups and shifts to the plan's; `bound` is proven: no plan costs less.
    """

    plan: SupplyPlan
    running: Bools
    starts: Bools
    shifts: Ints
    setup_cost: float
    shift_cost: float
    bound: float
    finished: bool  # the wanted gap was proven; false where time ran out or the run was stopped

    @property
    def total_cost(self) -> float:
        """Money spent by the plan with its set-ups and shifts, without planning penalties."""
        return self.plan.total_cost + self.setup_cost + self.shift_cost

    @property
    def objective(self) -> float:
        """Money and planning penalties with set-ups and shifts."""
        return self.plan.objective + self.setup_cost + self.shift_cost

    @property
    def gap(self) -> float:
        """The proven gap: how much dearer than the best there is this plan may be, as a share."""
        return relative_gap(self.objective, self.bound)


def relative_gap(found: float, bound: float) -> float:
    """(found - bound) / found, never below zero; inf where nothing is found."""
    if not np.isfinite(found):
        return np.inf
    return max(found - bound, 0.0) / max(abs(found), 1e-9)


def refine_plan(
    problem: SupplyProblem,
    refinement: Refinement,
    progress: Callable[[RefineProgress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    gap: float = 1e-3,
    seconds: float = 60.0,
) -> RefinedPlan:
    """The cheapest plan found in whole numbers, and how far it can be from the best.

    `progress` is called as the run goes on; `cancelled` is asked whether to stop. The run ends when `gap` is
    proven or after `seconds`; only in the first case the plan is the same on every machine, and is what is hard
    sure to be broken only where no whole numbers keep it: a plan that breaks some of it is looked for again, what
    is hard first (`keep_hard_limits`). Raises `NoRefinedPlan` where nothing was found, SupplyInputError where the
    refinement cannot be planned.
    """
    problem = problem.without_negative_prices()
    terms = build_terms(problem)
    rules = read_refinement(refinement, problem, terms)
    base = build_program(problem, terms)
    program, columns = build_whole_program(problem, terms, rules, base), base.columns
    scale, constant = cost_scale(problem), price_constant(problem, terms)

    def report(found: float, bound: float, took: float) -> None:
        progress(RefineProgress(took, scale * found + constant, scale * bound + constant))

    keep = partial(keep_hard_limits, problem=problem, terms=terms, columns=columns)
    chosen, bound, finished = _branch_and_bound(program, keep, report, cancelled, gap, seconds)
    values = _solve_fixed(program, keep, break_ties(columns), chosen)
    plan = read_plan(problem, terms, columns, values[: columns.size])
    return _read_refined(problem, terms, rules, program, plan, chosen, scale * bound + constant, finished)


def _branch_and_bound(
    program: WholeProgram,
    keep: Callable[..., Floats],
    report: Callable[[float, float, float], None],
    cancelled: Callable[[], bool],
    gap: float,
    seconds: float,
) -> tuple[Floats, float, bool]:
    """Column values of the best plan found, the proven bound in the solver's money, and whether it finished."""
    solver = new_solver()
    options = {"solver": "choose", "mip_rel_gap": gap, "time_limit": seconds, "mip_feasibility_tolerance": 1e-7}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    pass_program(solver, program.matrix, program.numbers, program.whole)

    proven, bounds = list[bool](), list[float]()

    def search(solver: highspy.Highs) -> Floats:
        solver.run()
        status = solver.getModelStatus()
        if status not in _ENDED:
            raise SolverError(solver.modelStatusToString(status))
        if solver.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            raise NoRefinedPlan(seconds)
        proven.append(status == highspy.HighsModelStatus.kOptimal)
        bounds.append(_bound(solver, program))
        return np.asarray(solver.allVariableValues())

    def watch(event: Any) -> None:
        now = event.data_out
        if not proven:  # after that, what is hard is looked at first, and its bounds are not money
            report(now.mip_primal_bound, now.mip_dual_bound, now.running_time)
        if cancelled():
            event.interrupt()

    solver.cbMipInterrupt += watch
    values = search(solver)
    if proven[0]:
        values = keep(solver, values=values, solve=search, slack=_SLACK)
    return values, bounds[-1], all(proven)


def _bound(solver: highspy.Highs, program: WholeProgram) -> float:
    info = solver.getInfo()
    return float(info.mip_dual_bound if len(program.whole) else info.objective_function_value)


def _solve_fixed(program: WholeProgram, keep: Callable[..., Floats], ties: Floats, chosen: Floats) -> Floats:
    """The exact plan for the whole numbers that were chosen, ties broken as in any plan."""
    numbers, starts = program.numbers, program.at["start"]
    cost, lower, upper = numbers.cost.copy(), numbers.lower.copy(), numbers.upper.copy()
    cost[: len(ties)] += ties
    for fixed in (program.whole, starts):
        lower[fixed] = upper[fixed] = np.rint(chosen[fixed])
    solver = new_solver()
    pass_program(solver, program.matrix, replace(numbers, cost=cost, lower=lower, upper=upper))
    return keep(solver, values=read_optimum(solver))


def _read_refined(
    problem: SupplyProblem,
    terms: PlanningTerms,
    rules: WholeRules,
    program: WholeProgram,
    plan: SupplyPlan,
    chosen: Floats,
    bound: float,
    finished: bool,
) -> RefinedPlan:
    run, start = (np.rint(chosen[program.at[name]]) for name in ("run", "start"))
    count = np.rint(chosen[program.at["shifts"]])
    shape = plan.production.shape
    running, starts = plan.production > 0, np.zeros(shape, dtype=bool)
    running[rules.family, rules.line], starts[rules.family, rules.line] = run > 0, start > 0
    shifts = np.zeros(shape[1:], dtype=np.int64)
    shifts[rules.shift_lines] = count
    setup_hours = np.zeros(shape[1:])
    np.add.at(setup_hours, rules.line, rules.setup_hours[:, None] * start)
    left = replace(problem, line_hours=np.maximum(terms.line_hours - setup_hours, 0.0))
    return RefinedPlan(
        plan=cost_plan(left, plan.production, plan.subcontract, plan.people, plan.lost, plan.material),
        running=running,
        starts=starts,
        shifts=shifts,
        setup_cost=float((rules.setup_cost * start).sum()),
        shift_cost=float(rules.shift_cost @ count.sum(axis=1)),
        bound=bound,
        finished=finished,
    )
