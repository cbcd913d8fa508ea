"""The linear program in HiGHS: built once, moved by bounds and prices, solved warm from the last basis."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from hashlib import blake2b

import highspy
import numpy as np
from scipy import sparse

from sop.core.inputs import Floats, Ints
from sop.core.memo import Memo
from sop.supply.lp.columns import Columns, bound_columns, build_columns
from sop.supply.lp.hard import keep_hard_limits, read_optimum
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.prices import break_ties, cost_scale, price_columns
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.result import read_plan
from sop.supply.lp.rows import Rows, bound_rows, build_matrix, build_rows
from sop.supply.lp.terms import PlanningTerms, build_terms

_TOLERANCE = 1e-9
_VISITED = 24
"""How many plans a model remembers, so that going back to a position costs nothing: more than a person does."""


def solve_supply(problem: SupplyProblem) -> SupplyPlan:
    """The least-cost supply plan of `problem`, solved cold; raises `SolverError` if there is no optimum."""
    return SupplyModel(problem).solve(problem)


@dataclass(frozen=True, eq=False)
class Numbers:
    """What a slider may move: the cost of the columns, their bounds and the bounds of the rows."""

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats


@dataclass(frozen=True, eq=False)
class Program:
    """A linear program laid out: what its columns and rows are, its coefficients and its numbers, no tie-break."""

    columns: Columns
    rows: Rows
    matrix: sparse.csc_matrix
    numbers: Numbers


def build_program(problem: SupplyProblem, terms: PlanningTerms) -> Program:
    """The linear program of a problem."""
    columns = build_columns(problem, terms)
    rows = build_rows(problem, columns)
    matrix = build_matrix(problem, terms, columns, rows)
    return Program(columns, rows, matrix, read_numbers(problem, terms, columns, rows))


def read_numbers(problem: SupplyProblem, terms: PlanningTerms, columns: Columns, rows: Rows) -> Numbers:
    """Prices and bounds; prices scaled to the money of one unit, so that tolerances mean the same everywhere."""
    price = price_columns(problem, terms, columns) / cost_scale(problem)
    return Numbers(price, *bound_columns(problem, terms, columns), *bound_rows(problem, terms, columns, rows))


class SupplyModel:
    """A supply model that is kept between slider moves.

    `solve` may be given any problem. One with the same structure (the same families, routes, limits in
    use and fences) changes only what moved and starts from the last basis; another structure starts anew.
    The plan is the same either way. Not for use by two threads at once.
    """

    _problem: SupplyProblem
    _terms: PlanningTerms
    _columns: Columns
    _signature: tuple[object, ...]

    def __init__(self, problem: SupplyProblem) -> None:
        problem = problem.without_negative_prices()
        terms = build_terms(problem)
        self._visited = Memo(_VISITED)
        self._start(problem, terms, build_columns(problem, terms))

    def solve(self, problem: SupplyProblem) -> SupplyPlan:
        """The least-cost plan; raises `SolverError` if the optimiser returns none."""
        problem = problem.without_negative_prices()
        return self._visited.get(problem_key(problem), lambda: self._find(problem))

    def _find(self, problem: SupplyProblem) -> SupplyPlan:
        """Solve from the last basis where the structure is the same, else anew."""
        terms = build_terms(problem)
        columns = build_columns(problem, terms)
        if columns.signature() != self._signature:
            self._start(problem, terms, columns)
        elif not _same_coefficients(problem, terms, self._problem, self._terms):
            self._pass_model(problem, terms)
        else:
            self._move(self._read_numbers(problem, terms))
        self._problem, self._terms = problem, terms
        values = keep_hard_limits(self._solver, problem, terms, self._columns, read_optimum(self._solver))
        return read_plan(problem, terms, self._columns, values)

    def _start(self, problem: SupplyProblem, terms: PlanningTerms, columns: Columns) -> None:
        """Lay out a new model without a basis."""
        self._problem, self._terms = problem, terms
        self._columns, self._signature = columns, columns.signature()
        self._rows: Rows = build_rows(problem, columns)
        self._tie_break = break_ties(columns)
        self._solver: highspy.Highs = new_solver()
        self._pass_model(problem, terms)

    def _pass_model(self, problem: SupplyProblem, terms: PlanningTerms) -> None:
        """Pass new coefficients and go on from the last basis, if there is one."""
        basis = self._solver.getBasis()
        self._numbers = self._read_numbers(problem, terms)
        matrix = build_matrix(problem, terms, self._columns, self._rows)
        pass_program(self._solver, matrix, self._numbers)
        if basis.valid:
            self._solver.setBasis(basis)

    def _read_numbers(self, problem: SupplyProblem, terms: PlanningTerms) -> Numbers:
        numbers = read_numbers(problem, terms, self._columns, self._rows)
        return replace(numbers, cost=numbers.cost + self._tie_break)

    def _move(self, new: Numbers) -> None:
        """Change only the costs and bounds that differ from the last solve."""
        old, solver = self._numbers, self._solver
        moved = _moved((old.cost, new.cost))
        solver.changeColsCost(len(moved), moved, new.cost[moved])
        moved = _moved((old.lower, new.lower), (old.upper, new.upper))
        solver.changeColsBounds(len(moved), moved, new.lower[moved], new.upper[moved])
        moved = _moved((old.row_lower, new.row_lower), (old.row_upper, new.row_upper))
        solver.changeRowsBounds(len(moved), moved, new.row_lower[moved], new.row_upper[moved])
        self._numbers = new


def _moved(*pairs: tuple[Floats, Floats]) -> np.ndarray:
    changed = np.logical_or.reduce([old != new for old, new in pairs])
    return np.flatnonzero(changed).astype(np.int32)


_COEFFICIENTS = (
    "hours_per_unit",
    "labour_hours_per_unit",
    "line_plant",
    "hours_per_person",
    "rate_weight",
    "material_use",
    "shared_hours_per_unit",
    "volume_per_unit",
)


def _same_coefficients(
    new: SupplyProblem, new_terms: PlanningTerms, old: SupplyProblem, old_terms: PlanningTerms
) -> bool:
    """Whether the matrix is the same, so that only bounds and costs can have moved."""
    pairs = [(getattr(new, name), getattr(old, name)) for name in _COEFFICIENTS]
    pairs.append((new_terms.overtime_limit, old_terms.overtime_limit))
    return all(np.array_equal(a, b, equal_nan=a.dtype == np.float64) for a, b in pairs)


def problem_key(problem: SupplyProblem) -> bytes:
    """A digest of every name and number of a problem: equal problems, and only they, share one."""
    digest = blake2b(digest_size=16)
    for spec in fields(problem):
        value = getattr(problem, spec.name)
        if isinstance(value, np.ndarray):
            digest.update(value.data if value.flags.c_contiguous else value.tobytes())
        else:
            digest.update(repr(value).encode())
    return digest.digest()


def new_solver() -> highspy.Highs:
    """A silent solver on one thread, exact enough that ties are broken by the tie-break alone."""
    solver = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "solver": "simplex",
        "primal_feasibility_tolerance": _TOLERANCE,
        "dual_feasibility_tolerance": _TOLERANCE,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def pass_program(
    solver: highspy.Highs, matrix: sparse.csc_matrix, numbers: Numbers, whole: Ints | None = None
) -> None:
    """Hand the program to the solver as arrays; `whole` are the columns that must be whole numbers."""
    rows, columns = matrix.shape
    kind = np.zeros(columns, dtype=np.int32)
    kind[[] if whole is None else whole] = int(highspy.HighsVarType.kInteger)
    solver.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        numbers.cost,
        numbers.lower,
        numbers.upper,
        numbers.row_lower,
        numbers.row_upper,
        matrix.indptr,
        matrix.indices,
        matrix.data,
        kind,
    )
