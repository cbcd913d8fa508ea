"""The supply plan: what is made, bought, shipped, kept and late, by whom, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sop.core.findings import Finding
from sop.core.inputs import Floats
from sop.core.plan import Plan
from sop.supply.lp.checks import check_problem
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import PlanningTerms
from sop.supply.lp.whole_people import WholePeople, round_people
from sop.supply.lp.whole_units import WholeUnitPlan, check_whole_units, round_plan, round_plans


@dataclass(frozen=True, eq=False)
class SupplyFlows:
    """Every quantity of a supply plan; float arrays, periods last.

    `relief` holds what goes beyond each limit: extra_line [L, T] and extra_shared [K, T] hours that are bought
    where they are offered, machine [L, T], agency [P, T], overtime [P, T] and shared
    [K, T] in hours, material [M, T] and maximum_stock [F, T] in units, storage [T] in volume, demand [F, T]
    (units unmet that may be neither late nor lost), closing_stock [F] and closing_past_due [F] in units.
    """

    production: Floats  # [F, L, T] units
    subcontract: Floats  # [F, T] units
    shipments: Floats  # [F, T] units
    lost: Floats  # [F, T] units, with those of relief["demand"]
    inventory: Floats  # [F, T] units at the period's end
    past_due: Floats  # [F, T] units at the period's end
    machine_hours: Floats  # [L, T]
    labour_hours: Floats  # [P, T] hours worked
    people: Floats  # [P, T]
    hired: Floats  # [P, T]
    released: Floats  # [P, T]
    regular_hours: Floats  # [P, T] regular hours worked (hours paid are people x hours per person)
    overtime_hours: Floats  # [P, T]
    material_bought: Floats  # [M, T] units that arrive, without those of relief["material"]
    material_stock: Floats  # [M, T] units kept at the period's end
    relief: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class SupplyPlan(SupplyFlows):
    """A supply plan with its money and, rounded, in whole units.

    `cost` is money by component (variable, wages, overtime, hiring, release, subcontract, holding, and what
    offered relief costs). `penalties` holds the planning prices that steer the plan and are not money (past
    due, lost, shortage, excess, closing stock, change, and limits broken although nobody sells relief).
    """

    problem: SupplyProblem
    cost: dict[str, float]
    penalties: dict[str, float]
    terms: PlanningTerms
    notes: tuple[Finding, ...] = ()  # what somebody who planned again found in it

    @property
    def material(self) -> tuple[Floats, Floats]:
        """Material bought and kept [M, T], as `cost_plan` takes it."""
        return self.material_bought, self.material_stock

    @property
    def total_cost(self) -> float:
        """Money spent by the plan, without planning penalties."""
        return sum(self.cost.values())

    @property
    def paid(self) -> float:
        """Money paid by the plan: all that it spends but the price of carrying stock, which nobody is paid."""
        return self.total_cost - self.cost["holding"]

    @property
    def objective(self) -> float:
        """Money and planning penalties: what the plan minimises, without the tie-break."""
        return self.total_cost + sum(self.penalties.values())

    @property
    def revenue(self) -> float:
        """Shipments at the price of a unit, in money."""
        return float((self.problem.revenue_per_unit * self.shipments).sum())

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd in the problem and what the plan does about it, and what the plan itself shows."""
        found = check_whole_units(self.problem, self.whole)
        return (*check_problem(self.problem), *found, *self.notes)

    @cached_property
    def whole(self) -> WholeUnitPlan:
        """The plan in whole units, with every identity exact."""
        return round_plan(self.problem, self.production, self.subcontract, self.lost)

    @cached_property
    def staff(self) -> WholePeople:
        """The plan's people in whole numbers, and the hours that they work."""
        return round_people(self.problem, self.terms, self.people, self.labour_hours)


def round_together(plans: Sequence[SupplyPlan]) -> None:
    """Round several plans of one company at once: `whole` of each is then there, the same as if asked alone."""
    exact = [(plan.problem, plan.production, plan.subcontract, plan.lost) for plan in plans]
    for plan, whole in zip(plans, round_plans(exact) if exact else [], strict=True):
        vars(plan)["whole"] = whole


def supply_of(plan: Plan) -> SupplyPlan | None:
    """The supply plan behind a plan; None for one that was read back, and where supply is not planned."""
    supply = plan.detail.supply
    return supply if isinstance(supply, SupplyPlan) else None
