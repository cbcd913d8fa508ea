"""What follows from the decisions: given what is made, bought, lost and who is employed, all the rest."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.supply.lp.labour import beyond, split_labour
from sop.supply.lp.plan import SupplyFlows
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.shipping import ship_owed
from sop.supply.lp.terms import PlanningTerms


def project_flows(
    problem: SupplyProblem,
    terms: PlanningTerms,
    production: Floats,
    subcontract: Floats,
    lost: Floats,
    people: Floats,
    material: tuple[Floats, Floats] | None = None,
) -> SupplyFlows:
    """Stock, lateness, hours and relief of production [F, L, T], subcontract and lost [F, T], people [P, T].

    `material` bought and kept [M, T]: without it, and of what is not bought ahead, it arrives as it is needed.
    All that is owed is shipped as far as stock reaches. Labour beyond regular hours is overtime up to its
    limit, then the cheaper of extra overtime and agency hours (agency first where it is cheaper than overtime).
    """
    supplied = (production.sum(axis=1) + subcontract).cumsum(axis=1)
    available = terms.opening_inventory[:, None] + supplied
    demanded = terms.opening_past_due[:, None] + terms.due.cumsum(axis=1)
    shipped, gone = ship_owed(available, demanded, lost.cumsum(axis=1), problem.backlog_allowed)
    inventory, past_due = available - shipped, demanded - gone - shipped
    lost = np.diff(gone, axis=1, prepend=0.0)
    labour, labour_relief = _labour(problem, terms, production, people)
    machine_hours = np.einsum("fl,flt->lt", np.nan_to_num(problem.hours_per_unit), production)
    bought, kept, spot = _materials(problem, production.sum(axis=1), material)
    relief = (
        labour_relief | {"material": spot} | _limits_passed(problem, terms, production, inventory, machine_hours)
    )
    relief |= {
        "demand": beyond(lost - terms.lost_limit) * ~problem.backlog_allowed[:, None],
        "closing_stock": beyond(terms.closing_target - inventory[:, -1]),
        "closing_past_due": beyond(past_due[:, -1] - np.maximum(problem.closing_past_due_max, 0.0)),
    }
    return SupplyFlows(
        production=production,
        subcontract=subcontract,
        shipments=np.diff(shipped, axis=1, prepend=0.0),
        lost=lost,
        inventory=inventory,
        past_due=past_due,
        machine_hours=machine_hours,
        material_bought=bought,
        material_stock=kept,
        relief=relief,
        **labour,
    )


def _labour(
    problem: SupplyProblem, terms: PlanningTerms, production: Floats, people: Floats
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """People and hours of every plant [P, T], and the relief they need."""
    worked = np.zeros(people.shape)
    on_line = np.einsum("fl,flt->lt", problem.labour_hours_per_unit, production)
    for plant in range(len(worked)):
        worked[plant] = on_line[problem.line_plant == plant].sum(axis=0)
    change = np.diff(people, axis=1, prepend=np.maximum(problem.opening_people, 0.0)[:, None])
    hours = split_labour(problem, terms, worked, people)
    quantities = {
        "labour_hours": worked,
        "people": people,
        "hired": np.maximum(change, 0.0),
        "released": np.maximum(-change, 0.0),
        "regular_hours": hours.regular,
        "overtime_hours": hours.overtime,
    }
    return quantities, {"agency": hours.agency, "overtime": hours.beyond_overtime}


def _materials(
    problem: SupplyProblem, made: Floats, planned: tuple[Floats, Floats] | None
) -> tuple[Floats, Floats, Floats]:
    """Material [M, T] bought, kept at each period's end, and bought on the spot; the rest is thrown away."""
    use, supply = problem.material_use.T @ made, np.maximum(problem.material_supply, 0.0)
    bought, kept = np.minimum(use, supply), np.zeros(use.shape)
    needed = use.copy()
    for m in np.flatnonzero(problem.bought_ahead):
        stock = max(float(problem.opening_material[m]), 0.0)
        for t in range(use.shape[1]):
            needed[m, t] = use[m, t] - stock
            if planned is None:
                bought[m, t] = np.clip(needed[m, t], 0.0, supply[m, t])
                kept[m, t] = np.clip(bought[m, t] - needed[m, t], 0.0, problem.material_kept[m, t])
            else:
                bought[m, t], kept[m, t] = planned[0][m, t], planned[1][m, t]
            stock = kept[m, t]
    return bought, kept, beyond(needed + kept - bought)


def _limits_passed(
    problem: SupplyProblem,
    terms: PlanningTerms,
    production: Floats,
    inventory: Floats,
    machine_hours: Floats,
) -> dict[str, Floats]:
    """How far each physical limit is passed, by its name."""
    made = production.sum(axis=1)
    shared_hours = problem.shared_hours_per_unit.T @ made
    over = {
        "line": beyond(machine_hours - np.maximum(terms.line_hours, 0.0)),
        "shared": beyond(shared_hours - np.maximum(problem.shared_hours, 0.0)),
    }
    bought = {
        "line": np.minimum(over["line"], terms.extra_line_hours),
        "shared": np.minimum(over["shared"], terms.extra_shared_hours),
    }
    return {
        "extra_line": bought["line"],
        "extra_shared": bought["shared"],
        "machine": beyond(over["line"] - bought["line"]),
        "shared": beyond(over["shared"] - bought["shared"]),
        "storage": beyond(problem.volume_per_unit @ inventory - np.maximum(problem.storage_limit, 0.0)),
        "maximum_stock": beyond(inventory - np.maximum(problem.max_inventory, 0.0)),
    }
