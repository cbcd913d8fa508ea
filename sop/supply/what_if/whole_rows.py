"""The columns and rows that whole numbers add to the linear program: one rule per function.

run[r, t]       1 if the route (a family on a line) runs in the period
start[r, t]     1 if it is set up in the period
shifts[s, t]    shifts that the line runs in the period
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sop.core.inputs import Floats, Ints
from sop.supply.lp.columns import Columns, number_blocks
from sop.supply.lp.model import Numbers, Program
from sop.supply.lp.prices import cost_scale
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.rows import Entries, Rows
from sop.supply.lp.terms import PlanningTerms
from sop.supply.what_if.refinement import WholeRules


@dataclass(frozen=True, eq=False)
class WholeProgram:
    """The program with its whole numbers; columns and rows of the linear program come first, in their order."""

    matrix: sparse.csc_matrix
    numbers: Numbers
    whole: Ints  # columns that must be whole numbers
    at: dict[str, Ints]  # column numbers of run, start and shifts


def build_whole_program(
    problem: SupplyProblem, terms: PlanningTerms, rules: WholeRules, base: Program
) -> WholeProgram:
    """The linear program `base` with run, start and shifts added."""
    columns, rows = base.columns, base.rows
    runs, horizon = (len(rules.routes), columns.horizon), columns.horizon
    shifts = (len(rules.shift_lines), horizon)
    at, more_columns = _after({"run": runs, "start": runs, "shifts": shifts}, columns.size)
    of_lines = {"shifts": shifts, "families": (len(rules.crowded), horizon)}
    row, more_rows = _after({**dict.fromkeys(("most", "least", "begin", "last"), runs), **of_lines}, rows.size)
    entries = Entries()
    _link_quantity(entries, rules, columns, at, row)
    _count_starts(entries, rules, at, row)
    _limit_families(entries, rules, at, row)
    _use_setup_hours(entries, rules, columns, rows, at)
    _limit_shift_hours(entries, problem, rules, columns, at, row)
    size = rows.size + more_rows, columns.size + more_columns
    starts = np.append(base.matrix.indptr, np.full(more_columns, base.matrix.nnz))
    wide = sparse.csc_matrix((base.matrix.data, base.matrix.indices, starts), size)
    everyone = columns.at["people"].ravel() if rules.whole_people else np.zeros(0, dtype=np.int64)
    return WholeProgram(
        matrix=(wide + entries.matrix(size)).tocsc(),
        numbers=_widen(base.numbers, problem, terms, rules, at, row),
        whole=np.concatenate([at["run"].ravel(), at["shifts"].ravel(), everyone]),
        at=at,
    )


def _after(shapes: Mapping[str, tuple[int, ...]], first: int) -> tuple[dict[str, Ints], int]:
    at, size = number_blocks(dict(shapes))
    return {name: index + first for name, index in at.items()}, size


def _link_quantity(
    entries: Entries, rules: WholeRules, columns: Columns, at: dict[str, Ints], row: dict[str, Ints]
) -> None:
    """Nothing is made unless the route runs, and a lot at least if it does: lot run <= X <= most run."""
    for name, per_run in (("most", -rules.most_units), ("least", -rules.lot_units[:, None])):
        entries.add(row[name], columns.at["make"][rules.routes], 1.0)
        entries.add(row[name][:, columns.slushy], columns.at["make_more"][rules.routes], 1.0)
        entries.add(row[name], at["run"], per_run)


def _count_starts(entries: Entries, rules: WholeRules, at: dict[str, Ints], row: dict[str, Ints]) -> None:
    """A route that runs is set up, in campaigns only at their start: run[t] - run[t-1] <= start[t]; and starts
    within the last `least_periods` keep it running: sum(start) <= run[t]."""
    entries.add(row["begin"], at["start"], 1.0)
    entries.add(row["begin"], at["run"], -1.0)
    entries.add(row["begin"][:, 1:], at["run"][:, :-1], rules.campaigns[:, None].astype(float))
    entries.add(row["last"], at["run"], -1.0)
    for back in range(int(rules.least_periods.max(initial=1))):
        counts = (rules.least_periods > back).astype(float)[:, None]
        entries.add(row["last"][:, back:], at["start"][:, : at["start"].shape[1] - back], counts)


def _limit_families(entries: Entries, rules: WholeRules, at: dict[str, Ints], row: dict[str, Ints]) -> None:
    """A line runs so many families in a period: sum(run) <= most families."""
    for index, line in enumerate(rules.crowded):
        entries.add(row["families"][index][None, :], at["run"][rules.line == line], 1.0)


def _use_setup_hours(
    entries: Entries, rules: WholeRules, columns: Columns, rows: Rows, at: dict[str, Ints]
) -> None:
    """A set-up takes hours of its line."""
    place = {int(line): index for index, line in enumerate(columns.limited_lines)}
    for route, line in enumerate(rules.line):
        if int(line) in place:
            entries.add(rows.at["machine"][place[int(line)]], at["start"][route], rules.setup_hours[route])


def _limit_shift_hours(
    entries: Entries,
    problem: SupplyProblem,
    rules: WholeRules,
    columns: Columns,
    at: dict[str, Ints],
    row: dict[str, Ints],
) -> None:
    """A line run in shifts works within them: sum(h X) + set-ups <= hours of a shift x shifts + outside."""
    bought = {int(line): index for index, line in enumerate(columns.limited_lines)}
    offered = {int(columns.limited_lines[place]): index for index, place in enumerate(columns.extra_lines)}
    for shift, line in enumerate(rules.shift_lines):
        on = np.flatnonzero(columns.route_line == line)
        hours = problem.hours_per_unit[columns.route_family[on], line][:, None]
        here = row["shifts"][shift][None, :]
        entries.add(here, columns.at["make"][on], hours)
        entries.add(here[:, columns.slushy], columns.at["make_more"][on], hours)
        own = np.flatnonzero(rules.line == line)
        entries.add(here, at["start"][own], rules.setup_hours[own][:, None])
        entries.add(here[0], at["shifts"][shift], -rules.shift_hours[shift])
        if int(line) in bought:
            entries.add(here[0], columns.at["outside_machine"][bought[int(line)]], -1.0)
        if int(line) in offered:
            entries.add(here[0], columns.at["extra_line"][offered[int(line)]], -1.0)


def _widen(
    numbers: Numbers,
    problem: SupplyProblem,
    terms: PlanningTerms,
    rules: WholeRules,
    at: dict[str, Ints],
    row: dict[str, Ints],
) -> Numbers:
    """Prices and bounds of the added columns and rows; frozen periods keep what they make without lot rules."""
    more_columns, more_rows = (sum(index.size for index in of.values()) for of in (at, row))
    cost, lower = _pad(numbers.cost, more_columns, 0.0), _pad(numbers.lower, more_columns, 0.0)
    upper, scale = _pad(numbers.upper, more_columns, 1.0), cost_scale(problem)
    row_lower, row_upper = _pad(numbers.row_lower, more_rows, -np.inf), _pad(numbers.row_upper, more_rows, 0.0)
    cost[at["start"]] = rules.setup_cost / scale
    cost[at["shifts"]] = rules.shift_cost[:, None] / scale
    upper[at["shifts"]] = rules.most_shifts[:, None]
    frozen = slice(0, terms.frozen)
    running = _frozen_runs(problem, rules, terms)
    lower[at["run"][:, frozen]] = upper[at["run"][:, frozen]] = running
    row_lower[row["least"]], row_upper[row["least"]] = 0.0, np.inf
    row_lower[row["begin"]], row_upper[row["begin"]] = 0.0, np.inf
    row_lower[row["least"][:, frozen]] = -np.inf
    row_upper[row["families"]] = rules.most_families[:, None]
    for name in ("most", "last", "shifts", "families"):
        row_upper[row[name][:, frozen]] = np.inf
    return Numbers(cost, lower, upper, row_lower, row_upper)


def _frozen_runs(problem: SupplyProblem, rules: WholeRules, terms: PlanningTerms) -> Floats:
    if problem.agreed_production is None:
        return np.zeros((len(rules.routes), terms.frozen))
    made = problem.agreed_production[rules.family, rules.line, : terms.frozen]
    return (made > 0).astype(float)


def _pad(values: Floats, more: int, fill: float) -> Floats:
    return np.concatenate([values, np.full(more, fill)])
