"""What the supply plan means for customers and stock: shipments by region, load, cover, lateness, lead time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sop.core.inputs import Floats, Inputs, Ints
from sop.core.money import to_minor
from sop.core.register import Assumptions
from sop.core.units import MOST_DECIMALS, in_units, on_grid, smallest
from sop.supply.after.inventory import days_of_supply, excess_units, shortage_units
from sop.supply.after.lead_time import WaitCurve, wait_curve
from sop.supply.after.regions import split_by_region
from sop.supply.before.demand import opening_past_due
from sop.supply.lp.plan import SupplyPlan


@dataclass(frozen=True)
class SupplyOutcome:
    """Measures of production, inventory and customer lead time by their keys; None where supply is not planned.

    Units and people are whole, money in minor units; hours and days are rounded here, so that solver noise never
    reaches a plan line.
    """

    shipments: Ints
    lost_sales: Ints
    due_on_time: Ints | None = None
    production: Ints | None = None
    subcontract: Ints | None = None
    load_hours: Floats | None = None
    capacity_hours: Floats | None = None
    utilisation: Floats | None = None
    relief_hours: Floats | None = None
    people_opening: Ints | None = None
    hires: Ints | None = None
    releases: Ints | None = None
    people: Ints | None = None
    idle_hours: Floats | None = None
    idle_cost: Ints | None = None
    regular_hours: Floats | None = None
    overtime_hours: Floats | None = None
    material_need: Ints | None = None
    inventory: Ints | None = None
    adjustments: Ints | None = None
    safety_stock: Ints | None = None
    days_of_supply: Floats | None = None
    excess_units: Ints | None = None
    shortage_units: Ints | None = None
    past_due: Ints | None = None
    order_book: Ints | None = None
    customer_lead_time: Floats | None = None
    lead_time_target: Floats | None = None

    def values(self) -> dict[str, np.ndarray]:
        """What is known, by measure."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}


def unplanned_outcome(due: Ints) -> SupplyOutcome:
    """Without supply planning everything due (F, R, T) is taken as delivered; whether on time nobody knows."""
    return SupplyOutcome(shipments=due, lost_sales=np.zeros_like(due))


def customers_served(
    inputs: Inputs,
    lead_days: Floats,
    target_days: Floats,
    supply: SupplyPlan,
    due: Ints,
    by_region: tuple[Ints, Ints] | None = None,
) -> SupplyOutcome:
    """What customers get of a supply plan and when, and what stays in stock: no other measure.

    `lead_days` (F,) standard lead time and `target_days` (F,) its target, both zero from stock; `due` (F, R, T)
    whole units. `by_region`: what `share_out` gave, where it was asked already.
    """
    whole, past_due, due_of_family = supply.whole, opening_past_due(inputs), due.sum(axis=1)
    late = past_due.sum(axis=1)
    shipments, lost = by_region or share_out(inputs, [supply], [due])[0]
    on_time = delivered_on_time(whole.shipments, due_of_family, whole.past_due, late)
    return SupplyOutcome(
        shipments=shipments,
        lost_sales=lost,
        due_on_time=on_grid(on_time, inputs.families.decimals),
        inventory=whole.inventory,
        past_due=whole.past_due,
        **_lead_times(
            inputs, lead_days, target_days, wait_curve(due_of_family, whole.shipments, whole.lost, late)
        ),
    )


def supply_outcome(inputs: Inputs, served: SupplyOutcome, supply: SupplyPlan, demand: Ints) -> SupplyOutcome:
    """All measures of a supply plan: those of `served`, what it took and what it leaves.

    `demand` (F, T) consensus, whole units.
    """
    whole, problem = supply.whole, supply.problem
    late = opening_past_due(inputs).sum(axis=1)
    load = np.einsum("fl,flt->lt", np.nan_to_num(problem.hours_per_unit), whole.production).round(2)
    # Hours that are bought are there to be worked, so that a line with them is full, not more than full.
    own = problem.line_hours + supply.relief["extra_line"]
    hours = np.where(np.isfinite(own), own, np.nan).round(2)
    made = whole.production.sum(axis=1)
    stock = whole.inventory.astype(float)

    def units(values: Floats | Ints) -> Ints:
        return on_grid(values, inputs.families.decimals)

    return replace(
        served,
        production=whole.production,
        subcontract=whole.subcontract,
        load_hours=load,
        capacity_hours=hours,
        utilisation=np.divide(load, hours, out=np.full_like(load, np.nan), where=hours > 0).round(4),
        relief_hours=supply.relief["machine"].round(2),
        **_people(supply),
        material_need=_material(problem.material_use.T @ made, inputs.families.decimals),
        adjustments=units(opening_adjustments(inputs.position.inventory, made.shape[1])),
        safety_stock=units(problem.safety_stock),
        days_of_supply=_days_of_supply(inputs, whole.inventory, demand),
        excess_units=units(excess_units(stock, problem.cover_limit)),
        shortage_units=units(shortage_units(stock, problem.safety_stock)),
        order_book=units(
            (late + _not_due(inputs))[:, None] + np.cumsum(demand - whole.shipments - whole.lost, axis=1)
        ),
    )


def _people(supply: SupplyPlan) -> dict[str, Any]:
    """People of every plant month by month (P, T) with their hours, and the wages of hours that nobody works."""
    staff, wage = supply.staff, supply.problem.wage[:, None]
    return {
        "people_opening": np.concatenate([staff.opening[:, None], staff.people[:, :-1]], axis=1),
        "hires": staff.hired,
        "releases": staff.released,
        "people": staff.people,
        "regular_hours": staff.regular_hours.round(2),
        "overtime_hours": staff.overtime_hours.round(2),
        "idle_hours": staff.idle_hours.round(2),
        "idle_cost": to_minor(staff.idle_hours * wage),
    }


def opening_adjustments(opening: Floats | None, periods: int) -> Floats:
    """What brings a negative book stock (F,) to zero in the first period (F, T): no plan begins below nothing."""
    if opening is None:
        return np.zeros((0, periods))
    adjustments = np.zeros((len(opening), periods))
    adjustments[:, 0] = np.maximum(-opening, 0.0)
    return adjustments


def delivered_on_time(shipments: Ints, due: Ints, past_due: Ints, opening: Ints) -> Ints:
    """Units (F, T) delivered in the month they fall due: what is left of shipments after older orders.

    `opening` (F,) units were past due at the start.
    """
    older = np.concatenate([opening[:, None], past_due[:, :-1]], axis=1)
    return np.minimum(np.maximum(shipments - older, 0), due)


def share_out(inputs: Inputs, supplies: Sequence[SupplyPlan], due: Sequence[Ints]) -> list[tuple[Ints, Ints]]:
    """Shipments and lost units by region (F, R, T) of several plans, each with what is `due` (F, R, T) in it."""
    plans, decimals, late = len(supplies), inputs.families.decimals, opening_past_due(inputs)
    wholes = [supply.whole for supply in supplies]
    together = (
        np.concatenate([smallest(values, decimals) for values in of_plans])
        for of_plans in (
            [whole.shipments for whole in wholes],
            [whole.lost for whole in wholes],
            due,
            [late] * plans,
        )
    )
    shipments, lost = (np.split(units, plans) for units in split_by_region(*together))
    return [
        (in_units(sent, decimals), in_units(gone, decimals)) for sent, gone in zip(shipments, lost, strict=True)
    ]


def _material(need: Floats, decimals: Ints) -> Ints:
    """Material (M, T) in whole units; to a thousandth where what it goes into is divided."""
    return np.rint(need).astype(np.int64) if not decimals.any() else need.round(MOST_DECIMALS)  # type: ignore[return-value]


def _not_due(inputs: Inputs) -> Ints:
    waiting = np.where(inputs.families.made_to_order, inputs.position.orders_not_due.sum(axis=1), 0.0)
    return on_grid(waiting, inputs.families.decimals)


def _days_of_supply(inputs: Inputs, inventory: Ints, demand: Ints) -> Floats:
    days = np.array(inputs.calendar.days, dtype=float)
    return days_of_supply(inventory.astype(float), demand.astype(float), days).days.round(1)


def lead_time_targets(inputs: Inputs, assumptions: Assumptions) -> Floats:
    """Days (F,) that customers should wait at most; zero for what is served from stock.

    What somebody has set, else the target of the table, else its standard lead time, else the register's default.
    """
    families = inputs.families
    table = np.where(
        np.isfinite(families.target_lead_time_days),
        families.target_lead_time_days,
        families.standard_lead_time_days,
    )
    target = [
        assumptions.value("lead_time_target_days", name, days)
        for name, days in zip(families.names, table.tolist(), strict=True)
    ]
    return np.where(families.made_to_order, np.array(target, dtype=float), 0.0)


def _lead_times(inputs: Inputs, standard: Floats, target: Floats, waits: WaitCurve) -> dict[str, Any]:
    """Customer lead time and its target (F, T) in days: standard lead time + wait, first in, first out."""
    wait_days = waits.days(np.array(inputs.calendar.days, dtype=float))
    return {
        "customer_lead_time": (standard[:, None] + wait_days).round(1),
        "lead_time_target": np.repeat(target[:, None], wait_days.shape[1], axis=1).round(1),
    }
