"""The whole plan on one page: from actuals and assumptions to the seven plans.

The flow: baseline forecast → launches, events, initiatives → consensus demand → supply plan → inventory and
customer lead time → financial plan → headline. New-product volume enters demand before supply. Same inputs,
forecast and assumptions, same plan: no clock, no database, no randomness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sop.analysis.headline import read_headline
from sop.core.inputs import Floats, Inputs, Ints
from sop.core.measures import MEASURES, measure
from sop.core.plan import Availability, Block, Plan, PlanDetail, StoredForecast
from sop.core.register import Assumptions
from sop.core.terms import PlanName
from sop.core.world import AS_PLANNED, World
from sop.demand.consensus import TERMS, WholeDemand
from sop.demand.forecast import consensus_of, forecast_company
from sop.finance.currency import exchange_path
from sop.finance.financial_plan import Books, FinancialPlan, Volumes, build_financial_plan
from sop.finance.variances import SupplyCost
from sop.finance.working_capital import material_cost
from sop.intake.availability import plan_availability
from sop.portfolio.effects import (
    Effect,
    addition,
    benefit_share,
    event_effects,
    initiative_effects,
    initiative_spend,
    multiplier,
)
from sop.portfolio.launch_volumes import LaunchVolumes, launch_basis, project_launches
from sop.supply import SupplyModel, SupplyPlan, SupplyProblem
from sop.supply.after.monthly_costs import monthly_costs
from sop.supply.after.outcomes import SupplyOutcome, lead_time_targets, supply_outcome, unplanned_outcome
from sop.supply.before.company_problem import AgreedSupply, Conditions, company_problem, with_safety_stock
from sop.supply.before.demand import demand_ahead, demand_deviation, due_of
from sop.supply.before.safety import SafetyBasis, safety_basis
from sop.supply.what_if.limits import ProblemChange
from sop.supply.what_if.strategies import chosen_strategy, with_strategy

Values = dict[str, np.ndarray[Any, Any]]

UNCONSTRAINED = (
    "load_hours", "capacity_hours", "utilisation", "due_on_time", "customer_lead_time", "lead_time_target",
)  # fmt: skip
"""What nobody knows of a plan without capacity: everything can be made at once."""

GIVEN = ("launch_cost", "initiative_spend")
"""Money that the tables state themselves, which no price stands behind."""

STAFF = (
    "people_opening", "hires", "releases", "people", "regular_hours", "overtime_hours", "idle_hours", "idle_cost",
)  # fmt: skip
"""Measures by plant."""


def build_plan(
    inputs: Inputs,
    assumptions: Assumptions,
    forecast: StoredForecast | None = None,
    agreed: AgreedSupply | None = None,
) -> Plan:
    """The seven plans, solved cold. Without a stored forecast the baseline is forecast anew.

    `agreed` is the previous agreed plan's supply inside the time fences, on this plan's months.
    """
    return Planner(inputs, forecast or forecast_company(inputs), agreed).build(assumptions)


@dataclass(frozen=True)
class Portfolio:
    """What launches, initiatives and events bring, before demand and supply take it up."""

    launches: LaunchVolumes
    effects: tuple[Effect, ...]
    launch_names: tuple[str, ...]
    initiative_names: tuple[str, ...]
    initiative_spend: Floats
    benefit_share: Floats


class Planner:
    """Plans one input set again and again: what sliders do not change is computed once and kept.

    `build` starts the optimiser from the last basis; the plan is the same as one that is built cold.
    `safety_stock` (F, T) stands in place of what the policy makes of the months ahead, where it is known. `like`:
    a planner whose optimiser this one goes on with, one thread at a time.
    """

    def __init__(
        self,
        inputs: Inputs,
        forecast: StoredForecast,
        agreed: AgreedSupply | None = None,
        safety_stock: Floats | None = None,
        like: Planner | None = None,
    ) -> None:
        self.inputs, self.forecast, self.agreed, self.safety_stock = inputs, forecast, agreed, safety_stock
        self._model: SupplyModel | None = like._model if like else None
        self._launch_basis = launch_basis(inputs, forecast.product_mean)
        self._books = Books(inputs)
        families = inputs.families
        self._family_names = [(name, base) for name, base in zip(families.names, families.base, strict=True)]
        self._cell_names = [(*family, region) for family in self._family_names for region in inputs.regions]

    def build(
        self, assumptions: Assumptions, change: ProblemChange | None = None, world: World = AS_PLANNED
    ) -> Plan:
        """The plan under the given assumptions, with its supply problem changed before it is solved if `change` is
        given: a limit taken away, a lever that comes later. `world`: what turns out otherwise than planned.
        """
        inputs = self.inputs
        portfolio = self._portfolio(assumptions)
        price, unit_cost, stock_cost = self._prices(assumptions, portfolio.effects)
        price = price * world.price
        demand = self._consensus(assumptions, portfolio, world)
        lead_days = self._lead_days(assumptions, portfolio.effects)
        due = due_of(demand.total, lead_days / inputs.calendar.mean_days, self._open_orders())
        supply = self._supply(assumptions, demand, due, price, portfolio.effects, change, world)
        outcome = self._outcome(lead_days, lead_time_targets(inputs, assumptions), demand, due, supply)
        financial = self._financial(assumptions, outcome, supply, portfolio, price, unit_cost, stock_cost)
        values = self._values(demand, due, outcome, supply, portfolio, financial)
        return Plan(
            calendar=inputs.calendar,
            company=inputs.company,
            currency=inputs.currency,
            blocks=self._blocks(values, supply, portfolio),
            availability=plan_availability(inputs, financial.availability),
            headline=read_headline(values, inputs.families.made_to_order, inputs.calendar.year),
            findings=inputs.findings + (supply.findings if supply else ()),
            detail=PlanDetail(
                price, unit_cost, stock_cost, financial.variances, financial.opening, financial.ways, supply
            ),
        )

    def supply_problem(self, assumptions: Assumptions) -> SupplyProblem | None:
        """The supply problem without any strategy's bounds; None where opening stock is not known."""
        if self.inputs.position.inventory is None:
            return None
        portfolio = self._portfolio(assumptions)
        demand, effects = self._consensus(assumptions, portfolio), portfolio.effects
        lead = self._lead_days(assumptions, effects) / self.inputs.calendar.mean_days
        due = due_of(demand.total, lead, self._open_orders())
        return self._problem(assumptions, demand, due, self._prices(assumptions, effects)[0], effects)

    def demand(self, assumptions: Assumptions) -> WholeDemand:
        """Consensus demand alone, which takes milliseconds: what an override does before supply is planned."""
        return self._consensus(assumptions, self._portfolio(assumptions))

    def safety(self, assumptions: Assumptions) -> SafetyBasis:
        """What safety stock rests on under the given assumptions, family by family."""
        portfolio = self._portfolio(assumptions)
        demand = self._consensus(assumptions, portfolio).total.sum(axis=1)
        deviation = demand_deviation(self.inputs, self.forecast, demand)
        factor = self._conditions(portfolio.effects).target_factor
        return safety_basis(
            self.inputs, assumptions, demand_ahead(demand, self.inputs.calendar.quarter), deviation, factor
        )

    @property
    def _periods(self) -> int:
        return self.inputs.calendar.horizon

    def _portfolio(self, assumptions: Assumptions) -> Portfolio:
        launches, initiatives = self.inputs.launches or (), self.inputs.initiatives or ()
        weight = self.forecast.mean.mean(axis=-1)
        return Portfolio(
            launches=project_launches(launches, assumptions, weight, self._periods, self._launch_basis),
            effects=event_effects(self.inputs.events or (), assumptions, self._periods)
            + initiative_effects(initiatives, assumptions, self._periods),
            launch_names=tuple(launch.name for launch in launches),
            initiative_names=tuple(initiative.name for initiative in initiatives),
            initiative_spend=initiative_spend(initiatives, assumptions, self._periods),
            benefit_share=benefit_share(initiatives, assumptions, self._periods),
        )

    def _prices(self, assumptions: Assumptions, effects: Sequence[Effect]) -> tuple[Floats, Floats, Floats]:
        """Net price (F, R, T), standard cost (F, T), and what one in stock is worth today and then (F, 1 + T)."""
        position = self.inputs.position
        change = np.array([1 + assumptions.value("price_pct", name) for name in self.inputs.families.names])
        price = position.price[..., None] * change[:, None, None] * self._factor(effects, "price")[:, None, :]
        price = price * exchange_path(self.inputs.exchange, assumptions)
        basis, standard = self._books.basis(assumptions), position.unit_cost[:, None]
        change = self._factor(effects, "unit_cost")
        in_stock = np.concatenate([standard, standard * change], axis=1) * basis.stock_factor
        return price, standard * basis.cost_factor * change, in_stock

    def _consensus(self, assumptions: Assumptions, portfolio: Portfolio, world: World = AS_PLANNED) -> WholeDemand:
        shape = self.forecast.mean.shape
        events = [effect for effect in portfolio.effects if effect.origin == "event"]
        initiatives = [effect for effect in portfolio.effects if effect.origin == "initiative"]
        weight = self.forecast.mean.mean(axis=-1).ravel()
        added = addition(initiatives, "demand", self._cell_names, weight)

        def fraction(effects: Sequence[Effect]) -> Floats:
            return multiplier(effects, "demand", self._cell_names, self._periods).reshape(shape) - 1

        return consensus_of(
            self.inputs,
            assumptions,
            self.forecast,
            launches=portfolio.launches.volume,
            cannibalised=portfolio.launches.cannibalised,
            events_pct=fraction(events),
            initiatives_pct=fraction(initiatives),
            initiatives_units=added.reshape(shape) if added.size else np.zeros(shape),
            price_factor=self._factor(portfolio.effects, "price"),
            factor=world.demand,
        )

    def _lead_days(self, assumptions: Assumptions, effects: Sequence[Effect]) -> Floats:
        """Standard lead time (F,) in days with the effects on it; zero for what is served from stock."""
        families = self.inputs.families
        days = [
            assumptions.value("standard_lead_time_days", name, table if table == table else 30.0)
            for name, table in zip(families.names, families.standard_lead_time_days, strict=True)
        ]
        longer = self._factor(effects, "lead_time").mean(axis=1)
        return np.where(families.made_to_order, np.array(days) * longer, 0.0)

    def _open_orders(self) -> Floats:
        """Orders not yet due (F, R); only what is made to order waits for its date."""
        return np.where(self.inputs.families.made_to_order[:, None], self.inputs.position.orders_not_due, 0.0)

    def _supply(
        self,
        assumptions: Assumptions,
        demand: WholeDemand,
        due: Ints,
        price: Floats,
        effects: Sequence[Effect],
        change: ProblemChange | None,
        world: World,
    ) -> SupplyPlan | None:
        """The supply plan by the strategy chosen, or None where opening stock is not known."""
        if self.inputs.position.inventory is None:
            return None
        problem = self._problem(assumptions, demand, due, price, effects, world)
        problem = change(problem) if change is not None else problem
        if self._model is None:
            self._model = SupplyModel(problem)
        return self._model.solve(with_strategy(problem, chosen_strategy(assumptions)))

    def _problem(
        self,
        assumptions: Assumptions,
        demand: WholeDemand,
        due: Ints,
        price: Floats,
        effects: Sequence[Effect],
        world: World = AS_PLANNED,
    ) -> SupplyProblem:
        total = demand.total.sum(axis=1)
        problem = company_problem(
            self.inputs,
            assumptions,
            due.sum(axis=1),
            total,
            demand_deviation(self.inputs, self.forecast, total),
            _mean_price(price),
            self._conditions(effects, world),
            self.agreed.made_at(world.output) if self.agreed else None,
        )
        return problem if self.safety_stock is None else with_safety_stock(problem, self.safety_stock)

    def _conditions(self, effects: Sequence[Effect], world: World = AS_PLANNED) -> Conditions:
        capacity, materials = self.inputs.capacity, self.inputs.materials
        lines = list(zip(capacity.lines, capacity.line_names, strict=True)) if capacity else []
        names = [(name,) for name in materials.names] if materials else []
        hours = addition(effects, "capacity_hours", lines, np.ones(len(lines)))
        return Conditions(
            line_factor=multiplier(effects, "capacity_hours", lines, self._periods) * world.output,
            line_addition=hours if hours.size else np.zeros((len(lines), self._periods)),
            supply_factor=multiplier(effects, "supply", names, self._periods) * world.arriving,
            cost_factor=self._factor(effects, "unit_cost"),
            target_factor=self._factor(effects, "inventory_target"),
        )

    def _factor(self, effects: Sequence[Effect], measure: str) -> Floats:
        """Factors (F, T) on a measure of families."""
        return multiplier(effects, measure, self._family_names, self._periods)

    def _outcome(
        self, lead_days: Floats, target_days: Floats, demand: WholeDemand, due: Ints, supply: SupplyPlan | None
    ) -> SupplyOutcome:
        """What customers get and what stays in stock; without supply all that is due is taken as delivered."""
        if supply is None:
            return unplanned_outcome(due)
        return supply_outcome(self.inputs, lead_days, target_days, supply, demand.total.sum(axis=1), due)

    def _financial(
        self,
        assumptions: Assumptions,
        outcome: SupplyOutcome,
        supply: SupplyPlan | None,
        portfolio: Portfolio,
        price: Floats,
        unit_cost: Floats,
        stock_cost: Floats,
    ) -> FinancialPlan:
        inventory = purchases = cost = None
        if supply is not None:
            made, inventory = supply.whole.production.sum(axis=1), supply.whole.inventory
            cost = SupplyCost(**monthly_costs(supply, np.nan_to_num(unit_cost)))
            bought = material_cost(self.inputs, assumptions, unit_cost) * made
            purchases = bought.sum(axis=0) + cost.subcontract + cost.relief
        volumes = Volumes(
            shipments=outcome.shipments,
            inventory=inventory,
            price=price,
            unit_cost=unit_cost,
            stock_cost=stock_cost,
            purchases=np.zeros(self._periods) if purchases is None else purchases,
            supply_cost=cost,
            launch_spend=portfolio.launches.cost.sum(axis=0) if self.inputs.launches else None,
            initiative_spend=portfolio.initiative_spend.sum(axis=0) if self.inputs.initiatives else None,
        )
        return build_financial_plan(self._books, assumptions, volumes)

    def _values(
        self,
        demand: WholeDemand,
        due: Ints,
        outcome: SupplyOutcome,
        supply: SupplyPlan | None,
        portfolio: Portfolio,
        financial: FinancialPlan,
    ) -> Values:
        """Every measure's values by its key; what is not available has no key."""
        renamed = {"baseline": "baseline_forecast"}
        values: Values = {renamed.get(term, term): demand.terms[term] for term in TERMS}
        values |= {"consensus_demand": demand.total, "due": due}
        values |= outcome.values()
        if self.inputs.orders is None:
            for key in ("order_book", "customer_lead_time", "lead_time_target"):
                values.pop(key, None)
        if self.inputs.capacity is None:
            for key in UNCONSTRAINED:
                values.pop(key, None)
        if self.inputs.launches:
            slip = portfolio.launches.start - [self._baseline(launch) for launch in self.inputs.launches]
            values |= {
                "launch_volume": np.rint(portfolio.launches.by_launch).astype(np.int64),
                "launch_cost": np.rint(portfolio.launches.cost * 100).astype(np.int64),
                "launch_slip": np.repeat(slip[:, None], self._periods, axis=1),
            }
        if self.inputs.initiatives:
            values |= {
                "initiative_spend": np.rint(portfolio.initiative_spend * 100).astype(np.int64),
                "initiative_effect": portfolio.benefit_share.round(4),
            }
        values |= financial.lines
        if "revenue" in values:
            return values
        return {key: known for key, known in values.items() if measure(key).unit != "currency" or key in GIVEN}

    @staticmethod
    def _baseline(launch: Any) -> float:
        return float(launch.market_gate.baseline) if launch.market_gate else float("nan")

    def _blocks(self, values: Values, supply: SupplyPlan | None, portfolio: Portfolio) -> dict[str, Block]:
        """Values with the names along their axes."""
        inputs = self.inputs
        problem = supply.problem if supply else None
        lines = problem.lines if problem else ()
        plants = problem.plants if problem else ()
        resources = dict.fromkeys(
            ("production", "load_hours", "capacity_hours", "utilisation", "relief_hours"), lines
        )
        resources |= dict.fromkeys(STAFF, plants)
        resources |= {"material_need": inputs.materials.names if inputs.materials else ()}
        resources |= dict.fromkeys(("launch_volume", "launch_cost", "launch_slip"), portfolio.launch_names)
        resources |= dict.fromkeys(("initiative_spend", "initiative_effect"), portfolio.initiative_names)
        names = {"family": inputs.families.names, "region": inputs.regions}
        return {
            entry.key: Block(
                values[entry.key],
                tuple(names[axis] if axis in names else resources[entry.key] for axis in entry.grain),
            )
            for entry in MEASURES
            if entry.key in values and values[entry.key].size
        }


def _mean_price(price: Floats) -> Floats:
    """Mean price over the regions whose price is known (F, T); zero where none is."""
    known = np.isfinite(price)
    return np.where(known, price, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)


__all__ = ["AgreedSupply", "Availability", "PlanName", "Planner", "build_plan", "forecast_company"]
