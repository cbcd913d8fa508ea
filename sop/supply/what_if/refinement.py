"""What must come in whole numbers when a plan is refined: lots, campaigns with set-ups, shifts, people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sop.core.findings import Finding
from sop.core.format import number
from sop.core.inputs import Bools, Floats, Ints
from sop.supply.lp.errors import SupplyInputError
from sop.supply.lp.problem import SupplyProblem, called_in
from sop.supply.lp.terms import PlanningTerms


@dataclass(frozen=True, eq=False)
class Refinement:
    """Whole-number rules on top of a supply problem; scalars or arrays that broadcast to the shape stated.

    Every period in which a family runs on a line takes a set-up. On a line run in campaigns only the first period
    of a run does: the family then makes its lot, or one unit at least, in every period of it. A line with shifts
    runs at most its shifts' hours, each shift paid per period, within the line's demonstrated hours. Not
    expressed: set-ups that depend on the sequence, set-up labour, lots across lines.
    """

    lot_units: npt.ArrayLike = 0.0  # [F, L] least made in a period if anything is made; 0 = any quantity
    setup_hours: npt.ArrayLike = 0.0  # [F, L] line hours of a set-up
    setup_cost: npt.ArrayLike = 0.0  # [F, L, T] money for a set-up; [F, L] the same in every period
    campaigns: npt.ArrayLike = False  # [L] a family that ran in the period before needs no new set-up
    least_periods: npt.ArrayLike = 1  # [F, L] least length of a run, on lines with campaigns
    most_families: npt.ArrayLike = 10_000  # [L] families that the line can run in one period
    shift_hours: npt.ArrayLike = 0.0  # [L] hours of one shift in a period; 0 = the line is not run in shifts
    shift_cost: npt.ArrayLike = 0.0  # [L] money per shift and period
    most_shifts: npt.ArrayLike = 3  # [L] shifts
    whole_people: bool = False


@dataclass(frozen=True, eq=False)
class WholeRules:
    """A refinement read for one problem: arrays by route (a qualified family and line) and by shift line."""

    routes: Ints  # numbers of the routes that have any rule
    family: Ints
    line: Ints
    lot_units: Floats  # [routes]
    setup_hours: Floats
    setup_cost: Floats  # [routes, T]
    campaigns: Bools
    least_periods: Ints
    crowded: Ints  # lines with a limit on families
    most_families: Ints  # [crowded]
    most_units: Floats  # [routes, T] no plan makes more
    shift_lines: Ints
    shift_hours: Floats  # [shift lines]
    shift_cost: Floats
    most_shifts: Ints
    whole_people: bool


def read_refinement(refinement: Refinement, problem: SupplyProblem, terms: PlanningTerms) -> WholeRules:
    """The rules of a refinement on a problem. Raises SupplyInputError for a value that cannot be planned with."""
    family, line = np.nonzero(problem.qualified)
    by_route = (problem.sizes["F"], problem.sizes["L"])
    lots, hours, least = (
        _read(refinement, name, by_route)[family, line] for name in ("lot_units", "setup_hours", "least_periods")
    )
    cost = _read(refinement, "setup_cost", (*by_route, problem.sizes["T"]))[family, line]
    shift_hours, shift_cost, most_shifts, campaigns, most_families = (
        _read(refinement, name, by_route[1:])
        for name in ("shift_hours", "shift_cost", "most_shifts", "campaigns", "most_families")
    )
    if refinement.whole_people:
        _require_whole_people(problem, terms)
    crowded = np.flatnonzero(most_families < problem.sizes["F"])
    routes = np.flatnonzero(
        (lots > 0) | (hours > 0) | (cost > 0).any(axis=1) | (least > 1) | np.isin(line, crowded)
    )
    in_campaigns = campaigns[line[routes]] > 0
    on_shift = np.flatnonzero(shift_hours > 0)
    return WholeRules(
        routes=routes,
        family=family[routes],
        line=line[routes],
        lot_units=np.where(in_campaigns, np.maximum(lots[routes], 1.0), lots[routes]),
        setup_hours=hours[routes],
        setup_cost=cost[routes],
        campaigns=in_campaigns,
        least_periods=np.where(in_campaigns, least[routes], 1).astype(np.int64),
        crowded=crowded,
        most_families=most_families[crowded].astype(np.int64),
        most_units=most_units(problem, terms)[family[routes], line[routes]],
        shift_lines=on_shift,
        shift_hours=shift_hours[on_shift],
        shift_cost=shift_cost[on_shift],
        most_shifts=most_shifts[on_shift].astype(np.int64),
        whole_people=refinement.whole_people,
    )


def check_refinement(refinement: Refinement, problem: SupplyProblem, terms: PlanningTerms) -> Iterator[Finding]:
    """Lots that no period has hours for."""
    rules = read_refinement(refinement, problem, terms)
    hours = np.nan_to_num(problem.hours_per_unit)[rules.family, rules.line]
    for route in np.flatnonzero((rules.lot_units > 0) & np.isinf(problem.outside_machine_price[rules.line])):
        offered = (terms.line_hours + terms.extra_line_hours)[rules.line[route]]
        room = offered.max(initial=0.0) - rules.setup_hours[route]
        if rules.lot_units[route] * hours[route] > room:
            family, line = problem.families[rules.family[route]], problem.lines[rules.line[route]]
            where = called_in(problem.called, "line", line)
            yield Finding(
                "warning",
                "lot_above_capacity",
                f"a lot of {number(rules.lot_units[route])} of {family} fits into no period of {where}; "
                "it is never made there",
                "Check the lot, or the line's hours",
            )


def most_units(problem: SupplyProblem, terms: PlanningTerms) -> Floats:
    """More [F, L, T] than any sensible plan makes: all demand and stock targets, or all hours of the line."""
    wanted = terms.due.sum(axis=1) + terms.opening_past_due + terms.closing_target
    wanted = wanted + terms.segments[0].max(axis=1, initial=0.0)
    if problem.agreed_production is not None:
        wanted = wanted + problem.agreed_production.sum(axis=(1, 2))
    hours = np.nan_to_num(problem.hours_per_unit)[:, :, None]
    offered = terms.line_hours + terms.extra_line_hours
    own = np.where(np.isinf(problem.outside_machine_price)[:, None], offered, np.inf)[None, :, :]
    by_hours = np.where(hours > 0, own / np.where(hours > 0, hours, 1.0), np.inf)
    return np.minimum(by_hours, wanted[:, None, None])


def _read(refinement: Refinement, name: str, shape: tuple[int, ...]) -> Floats:
    try:
        given = np.asarray(getattr(refinement, name), dtype=np.float64)
        # What may change by period and is given without periods is the same in all.
        given = given[..., None] if len(shape) == 3 and given.ndim == 2 else given
        values = np.broadcast_to(given, shape)
    except ValueError as error:
        raise SupplyInputError(name, f"does not fit the shape {shape}: {error}") from error
    if not np.isfinite(values).all() or (values < 0).any():
        raise SupplyInputError(name, "has a value that is missing, infinite or below zero")
    return values


def _require_whole_people(problem: SupplyProblem, terms: PlanningTerms) -> None:
    none: Bools = np.ceil(problem.people_min - 1e-9) > np.floor(terms.people_max + 1e-9)
    if none.any():
        plant = problem.plants[int(np.flatnonzero(none.any(axis=1))[0])]
        raise SupplyInputError(
            "whole_people", f"plant {plant} has bounds on people without a whole number between"
        )
