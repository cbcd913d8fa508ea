"""What is wrong with a supply problem, in plain sentences; a plan exists all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.inputs import Floats
from sop.supply.lp.problem import PRICES, SupplyProblem, called_in, list_periods
from sop.supply.lp.terms import agreed_subcontract, fence, shortage_ceiling

_NOTICEABLE = 0.5
"""Less than half an hour or a unit above a limit comes from whole units."""

Rule = Callable[[SupplyProblem], Iterator[Finding]]


def check_problem(problem: SupplyProblem) -> list[Finding]:
    """Every oddity of `problem` that changes its plan, with what the plan does about it and the remedy."""
    return [*problem.notes, *(finding for rule in _RULES for finding in rule(problem))]


def check_lines_have_hours(problem: SupplyProblem) -> Iterator[Finding]:
    """A line that families need has no hours, or its hours are missing."""
    needed = problem.qualified & (problem.hours_per_unit > 0)
    for line in np.flatnonzero(needed.any(axis=0)):
        name, hours = called_in(problem.called, "line", problem.lines[line]), problem.line_hours[line]
        if (hours <= 0).any():
            yield Finding(
                "warning",
                "zero_capacity",
                f"{name} has no hours in {list_periods(problem.periods, hours <= 0)}; it makes nothing then",
                "Load its capacity, or confirm the shutdown",
                table="capacity",
            )
        if np.isnan(hours).any():
            yield Finding(
                "warning",
                "missing_capacity",
                f"the hours of {name} are missing in {list_periods(problem.periods, np.isnan(hours))}; "
                "it is planned without a limit then",
                "Load its capacity for these periods",
                table="capacity",
            )


def check_families_have_a_route(problem: SupplyProblem) -> Iterator[Finding]:
    """A family with demand can neither be made nor bought."""
    bought = (problem.subcontract_limit + agreed_subcontract(problem) > 0).any(axis=1)
    stranded = ~problem.qualified.any(axis=1) & ~bought & (problem.due > 0).any(axis=1)
    for name in _names(problem.families, stranded):
        yield Finding(
            "warning",
            "no_route",
            f"family {name} has no line and no subcontractor; only its opening stock can be shipped",
            "Add a routing or a subcontract limit",
            table="routings",
        )


def check_nothing_is_negative(problem: SupplyProblem) -> Iterator[Finding]:
    """Opening positions and demand cannot be below zero."""
    quantities = {
        "opening past due": problem.opening_past_due,
        "opening inventory": problem.opening_inventory,
        "demand": problem.due.min(axis=1, initial=0.0),
    }
    for what, values in quantities.items():
        for family in np.flatnonzero(values < 0):
            yield Finding(
                "warning",
                "negative_" + what.replace(" ", "_"),
                f"{what} of family {problem.families[family]} is negative; it is taken as 0",
                "Correct the table it comes from",
                value=f"{values[family]:g}",
            )


def check_materials_are_supplied(problem: SupplyProblem) -> Iterator[Finding]:
    """A material that families need never arrives, or nobody says how much of it does."""
    needed = (problem.material_use > 0).any(axis=0)
    in_stock = problem.opening_material > 0
    for place in np.flatnonzero(needed & ~in_stock & (problem.material_supply <= 0).all(axis=1)):
        spot = np.isfinite(problem.spot_premium[place])
        yield Finding(
            "warning",
            "nobody_supplies",
            f"nobody supplies material {problem.materials[place]} in any period; what needs it is "
            + ("made from spot material, at its premium" if spot else "not made"),
            "Add a supplier's quantities" + ("" if spot else ", or a spot premium"),
            table="material_supply",
        )
    for name in _names(problem.materials, needed & np.isinf(problem.material_supply).all(axis=1)):
        yield Finding(
            "note",
            "supply_not_stated",
            f"no supplier's quantities are loaded for material {name}; it is planned without a limit",
            "Load what its suppliers can deliver",
            table="material_supply",
        )


def check_people_can_work(problem: SupplyProblem) -> Iterator[Finding]:
    """A plant whose lines need labour has no people, or its bounds contradict each other."""
    for plant, name in enumerate(problem.plants):
        on_plant = problem.qualified & (problem.line_plant == plant)
        needs = bool((problem.labour_hours_per_unit[on_plant] > 0).any())
        paid = problem.people_max[plant] * problem.hours_per_person[plant]
        if needs and not (np.nan_to_num(paid) > 0).any():
            yield Finding(
                "warning",
                "no_people",
                f"plant {name} has no people or no hours per person in any period",
                "Load its workforce and calendar",
                table="workforce",
            )
        if (problem.people_min[plant] > problem.people_max[plant]).any():
            yield Finding(
                "warning",
                "people_bounds",
                f"plant {name} must employ more people than it may; the lower bound is kept",
                "Correct the bounds",
                table="workforce",
            )


def check_the_fence(problem: SupplyProblem) -> Iterator[Finding]:
    """The fence fits the horizon, and the frozen plan fits routes and limits."""
    if problem.agreed_production is None:
        return
    wanted, horizon = problem.frozen_periods + problem.slushy_periods, problem.sizes["T"]
    if wanted > horizon:
        yield Finding(
            "warning",
            "fence_beyond_horizon",
            f"the time fence of {how_many(wanted, 'periods')} is longer than the horizon of {horizon}; "
            f"it ends there",
            "Shorten the fence or lengthen the horizon",
        )
    frozen, slushy_end = fence(problem)
    made = problem.agreed_production[:, :, :frozen]
    lost_route = (problem.agreed_production[:, :, :slushy_end] > 0).any(axis=2) & ~problem.qualified
    for family, line in np.argwhere(lost_route):
        yield Finding(
            "warning",
            "agreed_without_route",
            f"the agreed plan makes {problem.families[family]} on "
            f"{called_in(problem.called, 'line', problem.lines[line])}, "
            "which it may not run on any more; that part is left out",
            "Restore the routing or plan the family elsewhere",
            table="routings",
        )
    yield from _frozen_above_limits(problem, np.where(problem.qualified[:, :, None], made, 0.0), frozen)


def _frozen_above_limits(problem: SupplyProblem, made: Floats, frozen: int) -> Iterator[Finding]:
    hours = np.einsum("fl,flt->lt", np.nan_to_num(problem.hours_per_unit), made)
    units = made.sum(axis=1)
    loads = (
        ("line", "h", problem.lines, hours, problem.line_hours),
        ("material", "units", problem.materials, problem.material_use.T @ units, problem.material_supply),
        ("shared resource", "h", problem.shared, problem.shared_hours_per_unit.T @ units, problem.shared_hours),
        ("subcontract of", "units", problem.families, agreed_subcontract(problem), problem.subcontract_limit),
    )
    for kind, unit, names, load, limit in loads:
        over = load[:, :frozen] > limit[:, :frozen] + _NOTICEABLE
        for index in np.flatnonzero(over.any(axis=1)):
            most = float(np.max(load[index, :frozen] - limit[index, :frozen]))
            yield Finding(
                "warning",
                "frozen_above_capacity",
                f"the frozen plan exceeds {called_in(problem.called, kind, names[index])} in "
                f"{list_periods(problem.periods, over[index])} "
                f"by up to {how_many(number(most), unit)}; the excess is shown as relief",
                "Shorten the frozen fence, or release capacity",
            )


def check_stock_fits(problem: SupplyProblem) -> Iterator[Finding]:
    """Opening stock is within the maximum, which is 0 for make to order."""
    above = problem.opening_inventory > problem.max_inventory[:, 0]
    for name in _names(problem.families, above):
        yield Finding(
            "note",
            "above_maximum_stock",
            f"family {name} opens with more stock than it may keep; it is shipped first",
            "Check it, unless the family is made to order or production chases demand",
        )


def check_planning_values(problem: SupplyProblem) -> Iterator[Finding]:
    """A unit missing from safety stock is worth less than a late one, or stock is kept while customers wait."""
    ceiling = shortage_ceiling(problem)
    greedy = (problem.shortage_cost > ceiling) & (problem.safety_stock > 0).any(axis=1)
    for family in np.flatnonzero(greedy):
        yield Finding(
            "note",
            "shortage_above_past_due",
            f"safety stock of family {problem.families[family]} is valued above a late unit; "
            f"it is valued at {number(ceiling[family], 2)} instead",
            "Lower the shortage value or raise the past-due cost",
        )


def check_prices(problem: SupplyProblem) -> Iterator[Finding]:
    """Nothing costs less than nothing."""
    for name in PRICES:
        lowest = float(getattr(problem, name).min(initial=0.0))
        if lowest < 0:
            yield Finding(
                "warning",
                "negative_price",
                f"{name.replace('_', ' ')} is below zero; it is taken as 0",
                "Correct the price",
                value=f"{lowest:g}",
            )


def check_demand_against_capacity(problem: SupplyProblem) -> Iterator[Finding]:
    """Demand over the horizon, on each family's quickest line, is within all lines together."""
    hours = np.where(problem.qualified, problem.hours_per_unit, np.inf).min(axis=1, initial=np.inf)
    needed = float(np.sum(problem.due.sum(axis=1)[np.isfinite(hours)] * hours[np.isfinite(hours)]))
    available = float(np.maximum(problem.line_hours, 0.0).sum())
    if np.isfinite(available) and needed > available:
        yield Finding(
            "warning",
            "demand_above_capacity",
            f"demand needs {number(needed)} line hours and all lines together have {number(available)}; "
            "part of it is bought, late or lost",
            "Check the units of demand, hours and capacity",
        )


_RULES: tuple[Rule, ...] = (
    check_lines_have_hours,
    check_families_have_a_route,
    check_nothing_is_negative,
    check_materials_are_supplied,
    check_people_can_work,
    check_the_fence,
    check_stock_fits,
    check_planning_values,
    check_prices,
    check_demand_against_capacity,
)


def _names(names: tuple[str, ...], chosen: npt.ArrayLike) -> list[str]:
    return [names[index] for index in np.flatnonzero(chosen)]
