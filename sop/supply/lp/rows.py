"""The rows of the linear program: one rule per function, its sentence and equation on top.

A rule gives its coefficients once; bounds are read anew for every solve, because a slider moves only
bounds and prices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from sop.core.inputs import Floats, Ints
from sop.supply.lp.columns import Columns, number_blocks
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import PlanningTerms


@dataclass(frozen=True, eq=False)
class Rows:
    """The row number of every rule by block name."""

    at: dict[str, Ints]
    size: int


@dataclass(eq=False)
class Entries:
    """Coefficients being collected: row, column, value."""

    rows: list[Ints] = field(default_factory=list)
    cols: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)

    def add(self, row: Ints, col: Ints, value: Floats | float) -> None:
        """Add broadcast coefficients, leaving zeros out."""
        r, c, v = np.broadcast_arrays(row, col, np.asarray(value, dtype=np.float64))
        used = v != 0.0
        self.rows.append(r[used])
        self.cols.append(c[used])
        self.values.append(v[used])

    def matrix(self, shape: tuple[int, int]) -> sparse.csc_matrix:
        """The collected coefficients as one sparse matrix, by column."""
        data = np.concatenate(self.values), (np.concatenate(self.rows), np.concatenate(self.cols))
        return sparse.csc_matrix(data, shape=shape)


def build_rows(problem: SupplyProblem, columns: Columns) -> Rows:
    """Lay out the rows of every rule that the problem has data for."""
    horizon, plants = columns.horizon, problem.sizes["P"]
    at, size = number_blocks(
        {
            "balance": (problem.sizes["F"], horizon),
            "machine": (len(columns.limited_lines), horizon),
            "labour": (plants, horizon),
            "overtime": (plants, horizon),
            "people": (plants, horizon),
            "material": (len(columns.limited_materials), horizon),
            "shared": (len(columns.limited_shared), horizon),
            "storage": (len(columns.limited_storage), horizon),
            "closing": (len(columns.closing),),
            "rate": (len(columns.steady), horizon),
        }
    )
    return Rows(at, size)


def build_matrix(problem: SupplyProblem, terms: PlanningTerms, columns: Columns, rows: Rows) -> sparse.csc_matrix:
    """The coefficients of every rule, [rows, columns]."""
    entries = Entries()
    balance_stock(entries, columns, rows)
    limit_machine_hours(entries, problem, columns, rows)
    limit_labour_hours(entries, problem, columns, rows)
    limit_overtime(entries, terms, columns, rows)
    balance_people(entries, columns, rows)
    limit_materials(entries, problem, columns, rows)
    limit_shared_hours(entries, problem, columns, rows)
    limit_storage(entries, problem, columns, rows)
    reach_closing_stock(entries, columns, rows)
    keep_one_rate(entries, problem, columns, rows)
    return entries.matrix((rows.size, columns.size))


def balance_stock(entries: Entries, columns: Columns, rows: Rows) -> None:
    """What is made, bought, lost or made late covers what falls due.

    X + C + lost + I[t-1] - I[t] + past_due[t] - past_due[t-1] = due[t]
    """
    at, balance = columns.at, rows.at["balance"]
    _add_supply(entries, columns, "make", balance[columns.route_family], 1.0)
    _add_supply(entries, columns, "buy", balance[columns.bought], 1.0)
    entries.add(balance[columns.losing], at["lost"], 1.0)
    entries.add(balance[columns.prompt], at["unmet"], 1.0)
    late = balance[columns.waiting]
    entries.add(late, at["past_due"], 1.0)
    entries.add(late[:, 1:], at["past_due"][:, :-1], -1.0)
    entries.add(late[:, -1], at["closing_past_due"], 1.0)
    for rows_of, stock in _stock(columns, balance):
        entries.add(rows_of, stock, -1.0)
        entries.add(rows_of[:, 1:], stock[:, :-1], 1.0)


def limit_machine_hours(entries: Entries, problem: SupplyProblem, columns: Columns, rows: Rows) -> None:
    """A line runs within its hours, or hours are bought: sum(h X) <= hours + extra + outside."""
    line_row = np.full(problem.sizes["L"], -1)
    line_row[columns.limited_lines] = np.arange(len(columns.limited_lines))
    on = line_row[columns.route_line] >= 0
    hours = problem.hours_per_unit[columns.route_family, columns.route_line]
    row = rows.at["machine"][line_row[columns.route_line[on]]]
    _add_supply(entries, columns, "make", row, hours[on][:, None], on)
    entries.add(rows.at["machine"], columns.at["outside_machine"], -1.0)
    entries.add(rows.at["machine"][columns.extra_lines], columns.at["extra_line"], -1.0)


def limit_labour_hours(entries: Entries, problem: SupplyProblem, columns: Columns, rows: Rows) -> None:
    """A plant works within regular and overtime hours: sum(a X) <= W x hours per person + O + agency.

    Regular hours R <= W x hours per person cost nothing beyond the wages of W, so R is at its bound
    wherever it matters and needs no column.
    """
    at, labour = columns.at, rows.at["labour"]
    plant = problem.line_plant[columns.route_line]
    on = plant >= 0
    hours = problem.labour_hours_per_unit[columns.route_family, columns.route_line]
    _add_supply(entries, columns, "make", labour[plant[on]], hours[on][:, None], on)
    entries.add(labour, at["people"], -problem.hours_per_person)
    entries.add(labour, at["overtime"], -1.0)
    entries.add(labour, at["agency"], -1.0)


def limit_overtime(entries: Entries, terms: PlanningTerms, columns: Columns, rows: Rows) -> None:
    """Overtime is a share of regular hours, or extra is paid: O <= `overtime_limit` x W + granted + extra."""
    overtime = rows.at["overtime"]
    entries.add(overtime, columns.at["overtime"], 1.0)
    entries.add(overtime, columns.at["people"], -terms.overtime_limit)
    entries.add(overtime, columns.at["extra_overtime"], -1.0)


def balance_people(entries: Entries, columns: Columns, rows: Rows) -> None:
    """People change by hiring and releasing: W[t] - W[t-1] = hired - released."""
    at, people = columns.at, rows.at["people"]
    entries.add(people, at["people"], 1.0)
    entries.add(people[:, 1:], at["people"][:, :-1], -1.0)
    entries.add(people, at["hired"], -1.0)
    entries.add(people, at["released"], 1.0)


def limit_materials(entries: Entries, problem: SupplyProblem, columns: Columns, rows: Rows) -> None:
    """Material used is what arrives or is bought on the spot: sum(u X) <= supply + spot.

    Where it can be kept it is bought when that is best: sum(u X) + stock[t] <= stock[t-1] + bought + spot.
    """
    for row, material in zip(rows.at["material"], columns.limited_materials, strict=True):
        use = problem.material_use[columns.route_family, material]
        _add_supply(entries, columns, "make", row[None, :], use[:, None])
    entries.add(rows.at["material"], columns.at["spot"], -1.0)
    ahead, stock = rows.at["material"][columns.bought_ahead], columns.at["material_stock"]
    entries.add(ahead, columns.at["material_bought"], -1.0)
    entries.add(ahead, stock, 1.0)
    entries.add(ahead[:, 1:], stock[:, :-1], -1.0)


def limit_shared_hours(entries: Entries, problem: SupplyProblem, columns: Columns, rows: Rows) -> None:
    """A shared resource serves all lines within its hours: sum(s X) <= hours + extra + outside."""
    for row, resource in zip(rows.at["shared"], columns.limited_shared, strict=True):
        hours = problem.shared_hours_per_unit[columns.route_family, resource]
        _add_supply(entries, columns, "make", row[None, :], hours[:, None])
    entries.add(rows.at["shared"], columns.at["outside_shared"], -1.0)
    entries.add(rows.at["shared"][columns.extra_shared], columns.at["extra_shared"], -1.0)


def limit_storage(entries: Entries, problem: SupplyProblem, columns: Columns, rows: Rows) -> None:
    """Stock fits into storage, or space is rented: sum(volume I) <= storage + outside."""
    if not len(columns.limited_storage):
        return
    row = np.broadcast_to(rows.at["storage"], (problem.sizes["F"], columns.horizon))
    volume = np.broadcast_to(problem.volume_per_unit[:, None], row.shape)
    for rows_of, stock, volume_of in _stock(columns, row, volume):
        entries.add(rows_of, stock, volume_of)
    entries.add(rows.at["storage"], columns.at["outside_storage"], -1.0)


def reach_closing_stock(entries: Entries, columns: Columns, rows: Rows) -> None:
    """Stock at the end reaches its target, or what is short is charged: I[T] + short >= target."""
    last = np.zeros(rows.at["balance"].shape[0], dtype=np.int64)
    last[columns.closing] = rows.at["closing"]
    wanted = np.isin(np.arange(len(last)), columns.closing)
    for rows_of, stock, on in _stock(columns, last[:, None], wanted[:, None]):
        entries.add(rows_of[:, -1], stock[:, -1], on[:, -1].astype(float))
    entries.add(rows.at["closing"], columns.at["closing_short"], 1.0)


def keep_one_rate(entries: Entries, problem: SupplyProblem, columns: Columns, rows: Rows) -> None:
    """A level family is made at one rate, which the plan chooses: X over all lines = rate x weight[t]."""
    steady_row = np.full(problem.sizes["F"], -1)
    steady_row[columns.steady] = np.arange(len(columns.steady))
    on = steady_row[columns.route_family] >= 0
    _add_supply(entries, columns, "make", rows.at["rate"][steady_row[columns.route_family[on]]], 1.0, on)
    entries.add(rows.at["rate"], columns.at["rate"][:, None], -problem.rate_weight)


def bound_rows(
    problem: SupplyProblem, terms: PlanningTerms, columns: Columns, rows: Rows
) -> tuple[Floats, Floats]:
    """Lower and upper bounds of every row."""
    lower, upper = np.full(rows.size, -np.inf), np.zeros(rows.size)
    at = rows.at
    demand = terms.due.copy()
    demand[:, 0] += terms.opening_past_due - terms.opening_inventory
    lower[at["balance"]] = upper[at["balance"]] = demand
    upper[at["machine"]] = np.maximum(terms.line_hours[columns.limited_lines], 0.0)
    upper[at["overtime"]] = problem.granted_overtime_hours
    lower[at["people"]] = 0.0
    if at["people"].size:
        lower[at["people"][:, 0]] = upper[at["people"][:, 0]] = np.maximum(problem.opening_people, 0.0)
    upper[at["material"]] = np.maximum(problem.material_supply[columns.limited_materials], 0.0)
    ahead = at["material"][columns.bought_ahead]
    upper[ahead] = 0.0
    if ahead.size:
        upper[ahead[:, 0]] = np.maximum(
            problem.opening_material[columns.limited_materials[columns.bought_ahead]], 0.0
        )
    upper[at["shared"]] = np.maximum(problem.shared_hours[columns.limited_shared], 0.0)
    upper[at["storage"]] = np.maximum(problem.storage_limit, 0.0)
    lower[at["rate"][:, terms.frozen :]] = 0.0
    upper[at["rate"][:, : terms.frozen]] = np.inf
    lower[at["closing"]], upper[at["closing"]] = terms.closing_target[columns.closing], np.inf
    return lower, upper


def _add_supply(
    entries: Entries,
    columns: Columns,
    name: str,
    row: Ints,
    value: Floats | float,
    on: np.ndarray | slice = slice(None),
) -> None:
    """Add a supply block and, in the slushy periods, its part above the agreed plan."""
    value = np.asarray(value)
    entries.add(row, columns.at[name][on], value)
    entries.add(row[:, columns.slushy], columns.at[f"{name}_more"][on], value)


def _stock(columns: Columns, *of_families: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    """Each stock block with the given per-family arrays cut to its families, the block second."""
    blocks: list[tuple[Any, str]] = [(slice(None), name) for name in ("safety", "cover", "excess")]
    cut = [(family, columns.at[name]) for family, name in [*blocks, (columns.capped, "over")]]
    return [(of_families[0][family], stock, *(a[family] for a in of_families[1:])) for family, stock in cut]
