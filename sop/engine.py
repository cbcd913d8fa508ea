"""The whole plan on one page: from actuals and assumptions to the seven plans.

The flow: baseline forecast → launches, events, initiatives → consensus demand → supply plan → inventory and
customer lead time → financial plan → headline. New-product volume enters demand before supply. Same inputs,
forecast and assumptions, same plan: no clock, no database, no randomness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from sop.analysis.headline import read_headline, read_worst
from sop.core.inputs import Floats, Inputs, Ints
from sop.core.measures import MEASURES, measure
from sop.core.money import to_minor
from sop.core.plan import Availability, Block, Plan, PlanDetail, StoredForecast
from sop.core.register import Assumptions
from sop.core.terms import PlanName
from sop.core.units import on_grid
from sop.core.world import AS_PLANNED, World
from sop.demand.consensus import TERMS, WholeDemand
from sop.demand.forecast import consensus_of, forecast_company
from sop.facts.material_cost import material_cost
from sop.finance.book_findings import book_findings
from sop.finance.currency import exchange_path
from sop.finance.financial_plan import Books, FinancialPlan, Volumes, build_financial_plan
from sop.finance.rate_findings import rate_findings
from sop.finance.variances import SupplyCost
from sop.intake.availability import plan_availability
from sop.portfolio.effects import (
    Effect,
    addition,
    benefit_share,
    event_effects,
    initiative_effects,
    initiative_spend,
    mitigations,
    multiplier,
    takers,
)
from sop.portfolio.launch_volumes import LaunchVolumes, launch_basis, project_launches
from sop.supply import SupplyModel, SupplyPlan, SupplyProblem
from sop.supply.after.monthly_costs import monthly_costs
from sop.supply.after.outcomes import (
    SupplyOutcome,
    customers_served,
    lead_time_targets,
    share_out,
    supply_outcome,
    unplanned_outcome,
)
from sop.supply.after.service import on_time_share, value_due
from sop.supply.before.company_problem import AgreedSupply, Conditions, company_problem, with_safety_stock
from sop.supply.before.demand import demand_ahead, demand_deviation, due_of
from sop.supply.before.extra_hours import bought_unpriced
from sop.supply.before.safety import SafetyBasis, safety_basis
from sop.supply.lp.plan import round_together
from sop.supply.what_if.limits import ProblemChange, only_from
from sop.supply.what_if.lost_sales import name_chosen_losses
from sop.supply.what_if.strategies import chosen_strategy, with_strategy

Values = dict[str, np.ndarray[Any, Any]]

UNCONSTRAINED = (
    "load_hours", "capacity_hours", "utilisation", "due_on_time", "due_value", "on_time_share",
    "customer_lead_time", "lead_time_target",
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


def with_prices(inputs: Inputs, forecast: StoredForecast) -> Inputs:
    """The inputs with what their forecast proved of price and demand."""
    return inputs if inputs.prices == forecast.prices else replace(inputs, prices=forecast.prices)


@dataclass(frozen=True)
class Portfolio:
    """What launches, initiatives and events bring, before demand and supply take it up.

    `spend` (N, T) in currency on `spend_names`: initiatives, then events whose mitigation was decided.
    """

    launches: LaunchVolumes
    effects: tuple[Effect, ...]
    launch_names: tuple[str, ...]
    initiative_names: tuple[str, ...]
    spend_names: tuple[str, ...]
    spend: Floats
    benefit_share: Floats


@dataclass(frozen=True)
class ToServe:
    """What supply is planned for: consensus demand, what falls due (F, R, T), units, and lead times (F,), days.

    With the portfolio behind it, net price (F, R, T), standard cost (F, T), and what one in stock is worth today
    and then (F, 1 + T); currency.
    """

    portfolio: Portfolio
    price: Floats
    unit_cost: Floats
    stock_cost: Floats
    demand: WholeDemand
    lead_days: Floats
    due: Ints


class Planner:
    """Plans one input set again and again: what sliders do not change is computed once and kept.

    `build` starts the optimiser from the last basis; the plan is the same as one that is built cold.
    `safety_stock` (F, T) stands in place of what the policy makes of the months ahead, where it is known. `like`:
    a planner whose optimiser this one goes on with, one thread at a time. `signed`: the books of an agreed plan
    whose ledger the inputs hold.
    """

    def __init__(
        self,
        inputs: Inputs,
        forecast: StoredForecast,
        agreed: AgreedSupply | None = None,
        safety_stock: Floats | None = None,
        like: Planner | None = None,
        signed: Books | None = None,
    ) -> None:
        inputs = with_prices(inputs, forecast)
        self.inputs, self.forecast, self.agreed, self.safety_stock = inputs, forecast, agreed, safety_stock
        self._model: SupplyModel | None = like._model if like else None
        self._launch_basis = launch_basis(inputs, forecast.product_mean)
        self._books = Books(inputs, signed)
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
        asked = self._asked(assumptions, world)
        supply = self._supply(assumptions, asked, change, world)
        if supply is not None and self._model is not None:
            supply = name_chosen_losses(supply, self._model, inputs.currency)
        outcome = self._outcome(assumptions, asked, supply)
        financial = self._financial(assumptions, outcome, supply, asked)
        values = self._values(asked, outcome, financial)
        order, year = inputs.families.made_to_order, inputs.calendar.year
        booked = book_findings(self._books, assumptions, financial)
        booked += rate_findings(inputs, assumptions, financial)
        limited = supply.findings if supply else ()
        return Plan(
            calendar=inputs.calendar,
            company=inputs.company,
            currency=inputs.currency,
            blocks=self._blocks(values, supply, asked.portfolio),
            availability=plan_availability(inputs, financial.availability),
            headline=read_headline(values, order, year),
            worst=read_worst(values, inputs.families.names, inputs.calendar.months, order, year),
            findings=inputs.findings + self.forecast.findings + limited + booked,
            detail=PlanDetail(
                asked.price,
                asked.unit_cost,
                asked.stock_cost,
                financial.variances,
                financial.opening,
                financial.ways,
                supply,
                booked,
            ),
        )

    def headline_values(self, worlds: Sequence[tuple[Assumptions, World]]) -> list[Values]:
        """What headline measures of the plans for some worlds are read from, by measure: the same figures as
        those of `build`, and no others.

        A draw needs no more of a plan, and most of a plan is what it tells beside. What plans do not share is
        done one by one; whole units are made, and shared between regions, for all of them at once.
        """
        asked = [self._asked(*each) for each in worlds]
        supplies = [
            self._supply(assumptions, own, None, world)
            for (assumptions, world), own in zip(worlds, asked, strict=True)
        ]
        known = [(supply, own.due) for supply, own in zip(supplies, asked, strict=True) if supply is not None]
        shared: list[tuple[Ints, Ints] | None] = [None] * len(worlds)
        if known:
            round_together([supply for supply, _ in known])
            shared = [*share_out(self.inputs, *zip(*known, strict=True))]
        found = []
        for (assumptions, _), own, supply, by_region in zip(worlds, asked, supplies, shared, strict=True):
            outcome = self._served(assumptions, own, supply, by_region)
            lines = self._financial(assumptions, outcome, supply, own).lines
            values = self._as_known({"due": own.due, **self._supply_values(own, outcome), **lines})
            found.append({key: value for key, value in values.items() if value.size})
        return found

    def _asked(self, assumptions: Assumptions, world: World = AS_PLANNED) -> ToServe:
        """What supply is planned for."""
        portfolio = self._portfolio(assumptions)
        price, unit_cost, stock_cost = self._prices(assumptions, portfolio.effects)
        demand = self._consensus(assumptions, portfolio, world)
        lead_days = self.standard_lead_days(assumptions, portfolio.effects)
        due = self._due(demand, lead_days)
        return ToServe(portfolio, price * world.price, unit_cost, stock_cost, demand, lead_days, due)

    def supply_problem(self, assumptions: Assumptions) -> SupplyProblem | None:
        """The supply problem without any strategy's bounds; None where opening stock is not known."""
        if self.inputs.position.inventory is None:
            return None
        return self._problem(assumptions, self._asked(assumptions))

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
        weight, events = self.forecast.mean.mean(axis=-1), self.inputs.events or ()
        mitigated, paid = mitigations(events, assumptions, self.inputs.calendar)
        names = tuple(initiative.name for initiative in initiatives)
        return Portfolio(
            launches=project_launches(launches, assumptions, weight, self._periods, self._launch_basis),
            effects=event_effects(events, assumptions, self.inputs.calendar)
            + initiative_effects(initiatives, assumptions, self._periods),
            launch_names=tuple(launch.name for launch in launches),
            initiative_names=names,
            spend_names=(*names, *mitigated),
            spend=np.concatenate([initiative_spend(initiatives, assumptions, self._periods), paid]),
            benefit_share=benefit_share(initiatives, assumptions, self._periods),
        )

    def _prices(self, assumptions: Assumptions, effects: Sequence[Effect]) -> tuple[Floats, Floats, Floats]:
        """Net price (F, R, T), standard cost (F, T), and what one in stock is worth today and then (F, 1 + T)."""
        position = self.inputs.position
        change = np.array([1 + assumptions.value("price_pct", name) for name in self.inputs.families.names])
        price = position.price[..., None] * change[:, None, None] * self._factor(effects, "price")[:, None, :]
        price = price * exchange_path(self.inputs.exchange, assumptions)
        basis, standard = self._books.costs.under(assumptions), position.unit_cost[:, None]
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

    def standard_lead_days(self, assumptions: Assumptions, effects: Sequence[Effect]) -> Floats:
        """Standard lead time (F,) in days with the effects on it; zero for what is served from stock."""
        families = self.inputs.families
        days = [
            assumptions.value("standard_lead_time_days", name, table)
            for name, table in zip(families.names, families.lead_days.tolist(), strict=True)
        ]
        longer = self._factor(effects, "lead_time").mean(axis=1)
        return np.where(families.made_to_order, np.array(days) * longer, 0.0)

    def _due(self, demand: WholeDemand, lead_days: Floats) -> Ints:
        """What falls due (F, R, T), units."""
        lead = lead_days / self.inputs.calendar.mean_days
        return due_of(demand.total, lead, self._open_orders(), self.inputs.families.decimals)

    def _open_orders(self) -> Floats:
        """Orders not yet due (F, R); only what is made to order waits for its date."""
        return np.where(self.inputs.families.made_to_order[:, None], self.inputs.position.orders_not_due, 0.0)

    def _supply(
        self,
        assumptions: Assumptions,
        asked: ToServe,
        change: ProblemChange | None,
        world: World,
    ) -> SupplyPlan | None:
        """The supply plan by the strategy chosen, or None where opening stock is not known."""
        if self.inputs.position.inventory is None:
            return None
        problem = self._problem(assumptions, asked, world)
        problem = change(problem) if change is not None else problem
        if self._model is None:
            self._model = SupplyModel(problem)
        return self._model.solve(with_strategy(problem, chosen_strategy(assumptions)))

    def _problem(self, assumptions: Assumptions, asked: ToServe, world: World = AS_PLANNED) -> SupplyProblem:
        """The supply problem, in which a value that starts in a later month changes nothing before it."""
        throughout = partial(self._problem_throughout, asked=asked, world=world)
        problem, waiting = throughout(assumptions), assumptions.waiting(self.inputs.calendar)
        if not waiting:
            return problem
        before = assumptions.before_starts()
        base = throughout(before)
        for start, places in waiting.items():
            problem = only_from(base, throughout(before.with_places_from(assumptions, places)), problem, start)
        return problem

    def _problem_throughout(self, assumptions: Assumptions, asked: ToServe, world: World) -> SupplyProblem:
        """The supply problem with every value in force from the first period on."""
        total = asked.demand.total.sum(axis=1)
        problem = company_problem(
            self.inputs,
            assumptions,
            asked.due.sum(axis=1),
            total,
            demand_deviation(self.inputs, self.forecast, total),
            _mean_price(asked.price),
            self._conditions(asked.portfolio.effects, world),
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
            line_takers=takers(effects, "capacity_hours", lines),
            supply_factor=multiplier(effects, "supply", names, self._periods) * world.arriving,
            cost_factor=self._factor(effects, "unit_cost"),
            target_factor=self._factor(effects, "inventory_target"),
        )

    def _factor(self, effects: Sequence[Effect], measure: str) -> Floats:
        """Factors (F, T) on a measure of families."""
        return multiplier(effects, measure, self._family_names, self._periods)

    def _outcome(self, assumptions: Assumptions, asked: ToServe, supply: SupplyPlan | None) -> SupplyOutcome:
        """What customers get, what it takes and what is left."""
        served = self._served(assumptions, asked, supply)
        if supply is None:
            return served
        return supply_outcome(self.inputs, served, supply, asked.demand.total.sum(axis=1))

    def _served(
        self,
        assumptions: Assumptions,
        asked: ToServe,
        supply: SupplyPlan | None,
        by_region: tuple[Ints, Ints] | None = None,
    ) -> SupplyOutcome:
        """What customers get and what stays in stock; without supply all that is due is taken as delivered."""
        if supply is None:
            return unplanned_outcome(asked.due)
        target = lead_time_targets(self.inputs, assumptions)
        return customers_served(self.inputs, asked.lead_days, target, supply, asked.due, by_region)

    def _financial(
        self,
        assumptions: Assumptions,
        outcome: SupplyOutcome,
        supply: SupplyPlan | None,
        asked: ToServe,
    ) -> FinancialPlan:
        inventory = purchases = cost = None
        unpriced: tuple[str, ...] = ()
        portfolio, unit_cost = asked.portfolio, asked.unit_cost
        if supply is not None:
            made, inventory = supply.whole.production.sum(axis=1), supply.whole.inventory
            cost = SupplyCost(**monthly_costs(supply, np.nan_to_num(unit_cost)))
            bought_hours = supply.relief["extra_line"], supply.relief["extra_shared"]
            unpriced = bought_unpriced(self.inputs, assumptions, *bought_hours)
            bought = material_cost(self.inputs, assumptions, unit_cost) * made
            purchases = bought.sum(axis=0) + cost.subcontract + cost.relief
        volumes = Volumes(
            shipments=outcome.shipments,
            inventory=inventory,
            price=asked.price,
            unit_cost=unit_cost,
            stock_cost=asked.stock_cost,
            purchases=np.zeros(self._periods) if purchases is None else purchases,
            supply_cost=cost,
            unpriced_hours=unpriced,
            launch_spend=portfolio.launches.cost.sum(axis=0) if self.inputs.launches else None,
            initiative_spend=portfolio.spend.sum(axis=0) if portfolio.spend_names else None,
        )
        return build_financial_plan(self._books, assumptions, volumes)

    def _supply_values(self, asked: ToServe, outcome: SupplyOutcome) -> Values:
        """What is known of supply and of service by measure."""
        values = outcome.values() | self._service(outcome, asked.due, asked.price)
        if self.inputs.orders is None:
            for key in ("order_book", "customer_lead_time", "lead_time_target"):
                values.pop(key, None)
        if self.inputs.capacity is None:
            for key in UNCONSTRAINED:
                values.pop(key, None)
        return values

    @staticmethod
    def _as_known(values: Values) -> Values:
        """The values without money where no price is known."""
        if "revenue" in values:
            return values
        return {key: known for key, known in values.items() if measure(key).unit != "currency" or key in GIVEN}

    def _values(self, asked: ToServe, outcome: SupplyOutcome, financial: FinancialPlan) -> Values:
        """Every measure's values by its key; what is not available has no key."""
        demand, portfolio = asked.demand, asked.portfolio
        renamed = {"baseline": "baseline_forecast"}
        values: Values = {renamed.get(term, term): demand.terms[term] for term in TERMS}
        values |= {"consensus_demand": demand.total, "due": asked.due}
        values |= self._supply_values(asked, outcome)
        if self.inputs.launches:
            slip = portfolio.launches.start - [self._baseline(launch) for launch in self.inputs.launches]
            values |= {
                "launch_volume": on_grid(portfolio.launches.by_launch, self._launch_decimals()),
                "launch_cost": to_minor(portfolio.launches.cost),
                "launch_slip": np.repeat(slip[:, None], self._periods, axis=1),
            }
        if portfolio.spend_names:
            values["initiative_spend"] = to_minor(portfolio.spend)
        if portfolio.initiative_names:
            values["initiative_effect"] = portfolio.benefit_share.round(4)
        return self._as_known(values | financial.lines)

    def _service(self, outcome: SupplyOutcome, due: Ints, price: Floats) -> Values:
        """What falls due in money, and the share of it on time; nothing where supply is not planned."""
        if outcome.due_on_time is None:
            return {}
        share = on_time_share(outcome.due_on_time, due.sum(axis=1), self.inputs.position.by_day)
        worth = value_due(due, price)
        return {"on_time_share": share} | ({} if worth is None else {"due_value": worth})

    def _launch_decimals(self) -> Ints:
        """Decimals of the unit in which each launch is sold (K,)."""
        families = [launch.family for launch in self.inputs.launches or ()]
        return self.inputs.families.decimals[np.array(families, dtype=np.int64)]

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
        resources |= {
            "initiative_spend": portfolio.spend_names,
            "initiative_effect": portfolio.initiative_names,
        }
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
