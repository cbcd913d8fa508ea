"""The supply plan in linopy: labelled arrays, one expression per rule."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import linopy
import numpy as np
import xarray as xr
from supply_peers import stock_price

from sop.supply import SupplyProblem
from sop.supply.lp.terms import PlanningTerms

# A route that a family does not have is masked out and counts as 0 in a sum, which is meant here.
warnings.filterwarnings("ignore", message=".*absent slots.*")


def build(p: SupplyProblem, terms: PlanningTerms) -> Callable[[], float]:
    """The model, handed to HiGHS; what is returned solves it and reads its objective."""
    m = linopy.Model()
    axes = {axis: np.arange(p.sizes[axis]) for axis in "FLPMKT"}
    price = stock_price(p, terms)

    def array(values: np.ndarray, dims: str) -> Any:
        return xr.DataArray(values, dims=list(dims), coords={axis: axes[axis] for axis in dims})

    def variable(name: str, dims: str, upper: np.ndarray | float = np.inf, lower: np.ndarray | float = 0.0) -> Any:
        shape = tuple(p.sizes[axis] for axis in dims)
        low, high = (array(np.broadcast_to(bound, shape).copy(), dims) for bound in (lower, upper))
        return m.add_variables(low, high, coords=[axes[axis] for axis in dims], dims=list(dims), name=name)

    def first(values: np.ndarray, dims: str) -> Any:
        """Opening values in the first period, nothing after."""
        opening = np.zeros((len(values), p.sizes["T"]))
        opening[:, 0] = values
        return array(opening, dims)

    make = m.add_variables(
        0, np.inf, coords=[axes[a] for a in "FLT"], dims=list("FLT"), name="make",
        mask=array(np.repeat(p.qualified[:, :, None], p.sizes["T"], axis=2), "FLT"),
    )  # fmt: skip
    buy, lost = variable("buy", "FT", p.subcontract_limit), variable("lost", "FT", terms.lost_limit)
    late, over = variable("late", "FT"), variable("over", "FT")
    safety, cover, excess = (
        variable(name, "FT", terms.segments[s]) for s, name in enumerate(("safety", "cover", "excess"))
    )
    short, charged = variable("short", "F"), variable("charged", "F")
    people = variable("people", "PT", terms.people_max, p.people_min)
    hired, released, overtime, agency, extra = (
        variable(name, "PT") for name in ("hired", "released", "overtime", "agency", "extra")
    )
    machine, spot, outside, space = (
        variable(*of) for of in (("machine", "LT"), ("spot", "MT"), ("outside", "KT"), ("space", "T"))
    )
    stock, made = safety + cover + excess + over, make.sum("L")
    opening = first(terms.opening_inventory - terms.opening_past_due, "FT")
    held = stock - late
    m.add_constraints(
        made + buy + lost + held.shift(T=1) - held == array(terms.due, "FT") - opening, name="balance"
    )
    m.add_constraints(stock.isel(T=-1) + short >= array(terms.closing_target, "F"), name="closing")
    m.add_constraints(late.isel(T=-1) - charged <= array(p.closing_past_due_max, "F"), name="end")
    hours = array(np.nan_to_num(p.hours_per_unit), "FL")
    m.add_constraints((make * hours).sum("F") - machine <= array(terms.line_hours, "LT"), name="hours")
    on_plant = array((p.line_plant[:, None] == axes["P"]).astype(float), "LP")
    labour = (make * array(p.labour_hours_per_unit, "FL")).sum("F")
    worked = (labour * on_plant).sum("L")
    paid = people * array(p.hours_per_person, "PT")
    m.add_constraints(worked - paid - overtime - agency <= 0, name="labour")
    allowed = people * array(terms.overtime_limit, "PT")
    m.add_constraints(overtime - extra - allowed <= array(p.granted_overtime_hours, "PT"), name="cap")
    m.add_constraints(people - people.shift(T=1) - hired + released == first(p.opening_people, "PT"), name="crew")
    material, shared = array(p.material_use, "FM"), array(p.shared_hours_per_unit, "FK")
    m.add_constraints((made * material).sum("F") - spot <= array(p.material_supply, "MT"), name="material")
    m.add_constraints((made * shared).sum("F") - outside <= array(p.shared_hours, "KT"), name="shared")
    volume = array(p.volume_per_unit, "F")
    m.add_constraints((stock * volume).sum("F") - space <= array(p.storage_limit, "T"), name="storage")
    m.add_objective(
        (make * array(p.variable_cost, "FLT")).sum()
        + (buy * array(p.subcontract_cost, "FT")).sum()
        + (lost * array(p.lost_cost, "FT")).sum()
        + (late * array(p.past_due_cost, "F")).sum()
        + (safety * array(price["safety"], "F")).sum()
        + (cover * array(price["cover"], "F")).sum()
        + (excess * array(price["excess"], "F")).sum()
        + (over * array(price["over"], "F")).sum()
        + (short * array(terms.closing_stock_price, "F")).sum()
        + (charged * array(terms.closing_past_due_price, "F")).sum()
        + (people * array(p.hours_per_person * p.wage[:, None], "PT")).sum()
        + (hired * array(p.hire_cost, "P")).sum()
        + (released * array(p.release_cost, "P")).sum()
        + (overtime * array(p.overtime_rate, "P")).sum()
        + (agency * array(terms.agency.price, "P")).sum()
        + (extra * array(terms.overtime.price, "P")).sum()
        + (machine * array(terms.machine.price, "L")).sum()
        + (spot * array(terms.material.price, "M")).sum()
        + (outside * array(terms.shared.price, "K")).sum()
        + (space * float(terms.storage.price)).sum()
    )

    solver = m.to_highspy()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)

    def solve() -> float:
        solver.run()
        return float(solver.getInfo().objective_function_value)

    return solve
