"""A company's supply problem: `Inputs` and assumptions as the typed problem that the optimiser solves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sop.core.calendar import period_name
from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.inputs import Capacity, Floats, Inputs, Ints
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.words import resource_names
from sop.facts.material_cost import making_cost
from sop.supply.before.demand import cover_units, demand_ahead, opening_past_due
from sop.supply.before.extra_hours import NO_HOURS, hours_findings, offered_hours, spot_premium
from sop.supply.before.people import Staffing, plan_staffing
from sop.supply.before.planning_worth import planning_worth
from sop.supply.before.safety import safety_basis
from sop.supply.lp.problem import SupplyProblem, called_in, list_periods
from sop.supply.lp.shipping import run_down

SHORTAGE_PART = 0.5
"""A unit of stock below target is worth half of what a late unit costs: customers come before stock."""

EXCESS_PART = 0.5
"""Stock above the cover limit costs half as much again to carry: it ages."""

CHANGE_PART = 0.05
"""Planning price of a change inside the slushy fence, as a share of unit cost."""


@dataclass(frozen=True)
class Conditions:
    """What initiatives and events do to supply beside the assumptions, as factors and added hours.

    `line_factor`, `line_addition` (L, T); `supply_factor` (M, T); `cost_factor`, `target_factor` (F, T).
    `line_takers` (L,): what takes hours from each line, in words.
    """

    line_factor: Floats
    line_addition: Floats
    supply_factor: Floats
    cost_factor: Floats
    target_factor: Floats
    line_takers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class AgreedSupply:
    """Production (F, L, T) and subcontract (F, T) of the previous agreed plan on this plan's months."""

    production: Floats
    subcontract: Floats

    def made_at(self, output: Floats | float) -> AgreedSupply:
        """What comes of it where lines make another share (L, T) of what they were to make.

        What was begun as agreed gives less on a line that gives less, in whole units, and never more.
        """
        if isinstance(output, float) and output >= 1.0:
            return self
        return replace(self, production=np.floor(self.production * np.minimum(output, 1.0)))


def agreed_supply(agreed: Plan | None, inputs: Inputs) -> AgreedSupply | None:
    """The agreed plan's production and subcontract on this plan's months; None where nothing can be compared.

    Months that the agreed plan does not cover hold nothing; they lie beyond every fence.
    """
    if agreed is None or inputs.capacity is None or "production" not in agreed:
        return None
    families, lines = inputs.families.names, inputs.capacity.lines
    if not set(inputs.calendar.months[: inputs.calendar.slushy]) <= set(agreed.months):
        return None
    months = inputs.calendar.months
    return AgreedSupply(
        agreed.on("production", (families, lines), months, 0.0),
        agreed.on("subcontract", (families,), months, 0.0),
    )


def agreed_safety_stock(agreed: Plan, inputs: Inputs) -> Floats:
    """The agreed plan's safety stock (F, T) on this plan's families and months; not-a-number where it has none."""
    return agreed.on("safety_stock", (inputs.families.names,), inputs.calendar.months, np.nan)


def with_safety_stock(problem: SupplyProblem, wanted: Floats) -> SupplyProblem:
    """A problem with other safety stock (F, T) where that is known; a cover limit is never below it."""
    safety = np.where(np.isfinite(wanted), wanted, problem.safety_stock)
    return replace(problem, safety_stock=safety, cover_limit=np.maximum(problem.cover_limit, safety))


def company_problem(
    inputs: Inputs,
    assumptions: Assumptions,
    due: Ints,
    demand: Ints,
    demand_sd: Floats,
    price: Floats,
    conditions: Conditions,
    agreed: AgreedSupply | None = None,
) -> SupplyProblem:
    """The supply problem of a company whose opening stock is known.

    `due`, `demand` (F, T) whole units; `demand_sd` (F, T) units a month; `price` (F, T) currency per unit.
    Without capacity one line without limits makes everything at standard cost.
    """
    if inputs.position.inventory is None:
        raise ValueError("opening stock is not known")
    names = inputs.families.names
    families = inputs.families

    def of_family(key: str, table: Floats | None = None) -> Floats:
        known = table if table is not None else np.full(len(names), np.nan)
        return np.array([assumptions.value(key, name, known[f]) for f, name in enumerate(names)])

    serving = _cost_of_serving(inputs, assumptions)
    worth = planning_worth(names, price.mean(axis=1), inputs.position.unit_cost, serving, inputs.currency)
    past_due_rate = inputs.calendar.per_period(1.0) * of_family("past_due_rate")
    holding = assumptions.value("carrying_rate") / inputs.calendar.year * worth.cost
    safety = safety_basis(
        inputs, assumptions, demand_ahead(demand, inputs.calendar.quarter), demand_sd, conditions.target_factor
    ).stock
    stocked = ~families.made_to_order
    staffing = None if inputs.capacity is None else plan_staffing(inputs, inputs.capacity, assumptions)
    opening, past_due = np.maximum(inputs.position.inventory, 0.0), opening_past_due(inputs).sum(axis=1)
    return SupplyProblem(
        families=names,
        periods=inputs.calendar.months,
        due=due.astype(float),
        past_due_cost=past_due_rate * worth.price * families.priority,
        lost_cost=worth.price * families.priority,
        opening_inventory=opening,
        opening_past_due=past_due.astype(float),
        revenue_per_unit=np.nan_to_num(price),
        # An accepted order is delivered late, never dropped; what is asked from stock and not there may be lost.
        lost_allowed=stocked,
        safety_stock=safety,
        cover_limit=np.maximum(cover_units(demand, of_family("cover_limit_days"), inputs.calendar), safety),
        # What is made to order is never stocked; stock that is there all the same goes to the next orders.
        max_inventory=np.where(stocked[:, None], np.inf, run_down(opening, past_due, due.astype(float))),
        holding_cost=holding,
        excess_cost=EXCESS_PART * holding,
        shortage_cost=SHORTAGE_PART * past_due_rate.min() * worth.price,
        volume_per_unit=np.nan_to_num(families.volume_per_unit),
        change_cost=CHANGE_PART * worth.cost,
        unit_decimals=families.decimals,
        agreed_production=agreed.production if agreed else None,
        agreed_subcontract=agreed.subcontract if agreed else None,
        frozen_periods=inputs.calendar.frozen if agreed else 0,
        slushy_periods=inputs.calendar.slushy - inputs.calendar.frozen if agreed else 0,
        notes=(
            *worth.findings,
            *_below_zero(inputs),
            *(staffing.findings if staffing else ()),
            *_priceless(inputs, assumptions),
            *_hours_taken(inputs, assumptions, conditions),
        ),
        **_made(inputs, assumptions, worth.cost, conditions, staffing),
        **_bought(inputs, assumptions, conditions),
    )


def _priceless(inputs: Inputs, assumptions: Assumptions) -> Iterator[Finding]:
    """Hours that may be bought without a known price."""
    return iter(()) if inputs.capacity is None else hours_findings(inputs.capacity, assumptions)


def _hours_taken(inputs: Inputs, assumptions: Assumptions, conditions: Conditions) -> Iterator[Finding]:
    """Lines from which initiatives and events take more hours than they have: no line has less than none."""
    if inputs.capacity is None:
        return
    own, months = _own_hours(inputs.capacity, assumptions), inputs.calendar.months
    left = own * conditions.line_factor + conditions.line_addition
    for line, who in enumerate(conditions.line_takers):
        over = (left[line] < -NO_HOURS) & np.isfinite(own[line])
        if over.any():
            at = int(np.argmin(np.where(over, left[line], 0.0)))
            had, taken = own[line, at], own[line, at] - left[line, at]
            of = called_in(resource_names(inputs), "line", inputs.capacity.lines[line])
            yield Finding(
                "warning",
                "more_hours_taken_than_there_are",
                f"{' and '.join(who)} {'takes' if len(who) == 1 else 'take'} "
                f"{how_many(number(taken), 'hours')} in "
                f"{period_name(months[at])} from {of}, which has {number(had)}; it is planned "
                f"with none in {list_periods(months, over)}",
                "Correct the hours or their scope, or put the line's work elsewhere first",
                table="benefits",
                column="amount",
            )


def _cost_of_serving(inputs: Inputs, assumptions: Assumptions) -> Floats:
    """What making or buying a unit costs at most (F,), as far as the tables say it; 0 where they say nothing."""
    cost = np.zeros(len(inputs.families.names))
    if inputs.capacity is not None:
        overtime = labour_rates(inputs.capacity, assumptions)["overtime_rate"]
        labour = inputs.capacity.labour_hours_per_unit * overtime[inputs.capacity.line_plant]
        routes = np.isfinite(inputs.capacity.hours_per_unit) * (
            np.nan_to_num(inputs.capacity.variable_cost) + labour
        )
        cost = np.maximum(cost, routes.max(axis=1, initial=0.0))
    if inputs.materials is not None:
        each = np.nan_to_num(inputs.materials.price) + np.nan_to_num(inputs.materials.spot_premium)
        cost = cost + inputs.materials.use @ each
    if inputs.subcontract is not None:
        cost = np.maximum(cost, np.nan_to_num(inputs.subcontract.unit_cost))
    return cost


def _below_zero(inputs: Inputs) -> Iterator[Finding]:
    """Opening stock and backlog that the tables bring below zero, which nothing can be."""
    stock = inputs.position.inventory
    quantities = {"opening inventory": stock, "opening past due": inputs.position.past_due.min(axis=1)}
    for what, values in quantities.items():
        for family in np.flatnonzero(values < 0) if values is not None else ():
            yield Finding(
                "warning",
                "negative_" + what.replace(" ", "_"),
                f"{what} of family {inputs.families.names[family]} is below zero; it is taken as 0",
                "Correct the table it comes from",
                value=f"{values[family]:g}",
            )


def _made(
    inputs: Inputs,
    assumptions: Assumptions,
    unit_cost: Floats,
    conditions: Conditions,
    staffing: Staffing | None,
) -> dict[str, Any]:
    """Lines, routings, people and shared resources; one line without limits where no capacity is loaded."""
    capacity = inputs.capacity
    if capacity is None:
        return {
            "lines": ("unconstrained",),
            "hours_per_unit": 0.0,
            "variable_cost": (unit_cost[:, None] * conditions.cost_factor)[:, None, :],
        }
    shared = np.array([1 + assumptions.value("capacity_pct", name) for name in capacity.shared])
    return {
        "lines": capacity.lines,
        "line_hours": np.maximum(
            _own_hours(capacity, assumptions) * conditions.line_factor + conditions.line_addition, 0.0
        ),
        "hours_per_unit": capacity.hours_per_unit,
        "variable_cost": making_cost(
            inputs, assumptions, unit_cost, capacity.variable_cost, conditions.cost_factor
        ),
        "shared": capacity.shared,
        "called": resource_names(inputs),
        "shared_hours": capacity.shared_hours * shared[:, None],
        "shared_hours_per_unit": capacity.shared_hours_per_unit,
        **_extra(inputs, capacity, assumptions),
        **_people(capacity, assumptions, staffing),
        **_storage(capacity),
    }


def _own_hours(capacity: Capacity, assumptions: Assumptions) -> Floats:
    """Hours of the lines (L, T) as loaded and assumed, before initiatives and events."""
    factor = np.array([1 + assumptions.value("capacity_pct", line) for line in capacity.lines])
    return capacity.line_hours * factor[:, None]


def _extra(inputs: Inputs, capacity: Capacity, assumptions: Assumptions) -> dict[str, Any]:
    """Hours that may be bought for lines and shared resources, and their price in each month."""
    lines = offered_hours(inputs, assumptions, capacity.lines, capacity.line_hours, capacity.line_extra)
    shared = offered_hours(inputs, assumptions, capacity.shared, capacity.shared_hours, capacity.shared_extra)
    return {
        "extra_line_hours": lines.hours,
        "extra_line_price": lines.price,
        "extra_shared_hours": shared.hours,
        "extra_shared_price": shared.price,
    }


def _people(capacity: Capacity, assumptions: Assumptions, staffing: Staffing | None) -> dict[str, Any]:
    """People and their rates; nothing where no workforce is loaded."""
    if staffing is None:
        return {}
    known = staffing.known
    rates = {name: values[known] for name, values in labour_rates(capacity, assumptions).items()}
    place = np.full(len(capacity.plants.names) + 1, -1)
    place[known] = np.arange(len(known))
    return {
        "plants": staffing.names,
        "line_plant": place[capacity.line_plant],
        "labour_hours_per_unit": capacity.labour_hours_per_unit,
        "opening_people": staffing.opening,
        "people_min": staffing.fewest,
        "people_max": staffing.most,
        "hire_limit": staffing.hire_limit,
        "release_limit": staffing.release_limit,
        "hours_per_person": staffing.hours_per_person,
        "wage": rates["labour_rate"],
        "overtime_rate": rates["overtime_rate"],
        "overtime_share": rates["overtime_share"][:, None],
        "hire_cost": rates["hire_cost"],
        "release_cost": rates["release_cost"],
    }


def labour_rates(capacity: Capacity, assumptions: Assumptions) -> dict[str, Floats]:
    """Rates by plant (P,): wage, overtime rate and share, cost to hire and to release, from table or register."""
    plants = capacity.plants

    def rate(key: str, table: Floats) -> Floats:
        return np.array([assumptions.value(key, name, table[p]) for p, name in enumerate(plants.names)])

    wage = rate("labour_rate", plants.labour_rate)
    premium = np.array([assumptions.value("overtime_premium", name) for name in plants.names])
    return {
        "labour_rate": wage,
        "overtime_rate": np.where(np.isfinite(plants.overtime_rate), plants.overtime_rate, wage * premium),
        "overtime_share": rate("overtime_share", plants.overtime_limit_pct),
        "hire_cost": rate("hire_cost", plants.hire_cost),
        "release_cost": rate("release_cost", plants.release_cost),
    }


def _storage(capacity: Capacity) -> dict[str, Any]:
    """Storage of all plants together; no limit unless every plant states one."""
    limits = capacity.plants.storage_limit
    return {"storage_limit": limits.sum()} if np.isfinite(limits).all() and len(limits) else {}


def _bought(inputs: Inputs, assumptions: Assumptions, conditions: Conditions) -> dict[str, Any]:
    """Materials with their limits, and outside supply of finished units."""
    bought: dict[str, Any] = {}
    if inputs.materials is not None:
        share = np.array([assumptions.value("supply_pct", name) for name in inputs.materials.names])
        arriving = share[:, None] * conditions.supply_factor
        premium = np.array([spot_premium(inputs.materials, assumptions, name) for name in inputs.materials.names])
        bought |= {
            "materials": inputs.materials.names,
            "material_use": inputs.materials.use,
            "material_supply": np.where(arriving > 0, inputs.materials.supply * np.maximum(arriving, 1e-12), 0.0),
            # Without a stated premium nobody sells material above the limit.
            "spot_premium": np.where(np.isfinite(premium), premium, np.inf),
        }
    if inputs.subcontract is not None:
        share = np.array([assumptions.value("subcontract_pct", name) for name in inputs.families.names])
        bought |= {
            "subcontract_limit": np.nan_to_num(inputs.subcontract.limit) * share[:, None],
            "subcontract_cost": np.nan_to_num(inputs.subcontract.unit_cost),
        }
    return bought
