"""What a supply plan costs: one definition, for the optimised plan and for any plan that is given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sop.core.inputs import Floats
from sop.supply.lp.plan import SupplyFlows, SupplyPlan
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.projection import project_flows
from sop.supply.lp.terms import PlanningTerms, Relief, agreed_subcontract, build_terms

_RELIEF_NAMES = {
    "machine": "outside_machine_hours",
    "agency": "agency_hours",
    "overtime": "extra_overtime",
    "material": "spot_material",
    "shared": "outside_shared_hours",
    "storage": "outside_storage",
    "maximum_stock": "above_maximum_stock",
}


def price_flows(problem: SupplyProblem, terms: PlanningTerms, flows: SupplyFlows) -> SupplyPlan:
    """Put money and planning penalties on `flows`; relief that somebody sells is money, other is a penalty."""
    cost, penalties = _spend(problem, flows), _penalise(problem, terms, flows)
    for name, label in _RELIEF_NAMES.items():
        relief: Relief = getattr(terms, name)
        money = flows.relief[name].sum(axis=-1) * relief.price
        cost[label] = float(money[relief.offered].sum())
        penalties[label] = float(money[~relief.offered].sum())
    return SupplyPlan(**vars(flows), problem=problem, cost=cost, penalties=penalties, terms=terms)


def extra_hours_cost(problem: SupplyProblem, relief: Mapping[str, Floats]) -> Floats:
    """Money (T,) of the line and shared hours that are bought beyond the own ones."""
    total = np.zeros(problem.sizes["T"])
    for name, price in (("extra_line", problem.extra_line_price), ("extra_shared", problem.extra_shared_price)):
        total += (np.where(np.isfinite(price), price, 0.0) * relief[name]).sum(axis=0)
    return total


def _spend(problem: SupplyProblem, flows: SupplyFlows) -> dict[str, float]:
    material = flows.material_bought + flows.relief["material"]
    return {
        "variable": float(
            (problem.variable_cost * flows.production).sum() + (problem.material_price * material).sum()
        ),
        "wages": float((problem.wage[:, None] * problem.hours_per_person * flows.people).sum()),
        "overtime": float(problem.overtime_rate @ flows.overtime_hours.sum(axis=1)),
        "hiring": float(problem.hire_cost @ flows.hired.sum(axis=1)),
        "release": float(problem.release_cost @ flows.released.sum(axis=1)),
        "subcontract": float((problem.subcontract_cost * flows.subcontract).sum()),
        "holding": float(
            problem.holding_cost @ flows.inventory.sum(axis=1)
            + problem.material_holding_cost @ flows.material_stock.sum(axis=1)
        ),
        "extra_hours": float(extra_hours_cost(problem, flows.relief).sum()),
    }


def _penalise(problem: SupplyProblem, terms: PlanningTerms, flows: SupplyFlows) -> dict[str, float]:
    safety, cover = terms.segments[0], terms.segments[0] + terms.segments[1]
    below = np.maximum(safety - flows.inventory, 0.0).sum(axis=1)
    above = np.maximum(flows.inventory - cover, 0.0).sum(axis=1)
    return {
        "past_due": float(problem.past_due_cost @ flows.past_due.sum(axis=1)),
        "lost": float((problem.lost_cost * (flows.lost - flows.relief["demand"])).sum()),
        "unmet": float(terms.unmet_price @ flows.relief["demand"].sum(axis=1)),
        "shortage": float(terms.shortage_price @ below),
        "excess": float(problem.excess_cost @ above),
        "closing_stock": float(terms.closing_stock_price @ flows.relief["closing_stock"]),
        "closing_past_due": float(terms.closing_past_due_price @ flows.relief["closing_past_due"]),
        "change": _price_change(problem, terms, flows),
    }


def _price_change(problem: SupplyProblem, terms: PlanningTerms, flows: SupplyFlows) -> float:
    if problem.agreed_production is None:
        return 0.0
    slushy = slice(terms.frozen, terms.slushy_end)
    made = np.abs(flows.production - problem.agreed_production)[:, :, slushy].sum(axis=(1, 2))
    bought = np.abs(flows.subcontract - agreed_subcontract(problem))[:, slushy].sum(axis=1)
    return float(problem.change_cost @ (made + bought))


def cost_plan(
    problem: SupplyProblem,
    production: Floats,
    subcontract: Floats | float = 0.0,
    people: Floats | float | None = None,
    lost: Floats | float = 0.0,
    material: tuple[Floats, Floats] | None = None,
) -> SupplyPlan:
    """Cost a plan that is given instead of optimised, with the same definition of money.

    `production` [F, L, T], `subcontract` [F, T], `people` [P, T] (default: the opening people throughout) and
    `lost` [F, T] in units and people; `material` bought and kept [M, T], by default as it is needed. Shipments
    are all that is owed as far as stock reaches; hours beyond regular time are overtime; what exceeds a limit is
    relief at its price.

    A level plan of 50 a day by 10 people (Heizer & Render, aggregate planning, plan 1):

        cost_plan(roofing, production=[[50 * days]], people=[[10] * 6]).total_cost  # 108,450
    """
    problem = problem.without_negative_prices()
    terms = build_terms(problem)
    sizes = problem.sizes
    families, plants, horizon = sizes["F"], sizes["P"], sizes["T"]
    flows = project_flows(
        problem,
        terms,
        production=np.broadcast_to(np.asarray(production, dtype=float), (families, sizes["L"], horizon)),
        subcontract=np.broadcast_to(np.asarray(subcontract, dtype=float), (families, horizon)),
        lost=np.broadcast_to(np.asarray(lost, dtype=float), (families, horizon)),
        people=np.broadcast_to(problem.opening_people[:, None] if people is None else people, (plants, horizon)),
        material=material,
    )
    return price_flows(problem, terms, flows)
