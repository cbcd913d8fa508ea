"""The supply strategies of a plan side by side, each planned on the same problem and costed in one money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sop.core.money import MINOR
from sop.core.register import assumption
from sop.core.words import in_words, resource_names
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet
from sop.supply.after.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem
from sop.supply.what_if.strategies import (
    Strategy,
    StrategyPlan,
    chosen_strategy,
    compare_strategies,
    strategies_of,
)
from sop.views.production.strategies import KINDS, PRICES, StrategyCost

_NOTICEABLE = 0.5


def planned_strategy(inputs: InputSet, view: View) -> int:
    """The position of the strategy that the plan shown really follows in the register's choices.

    'As agreed' without an agreed plan is planned at least cost.
    """
    wanted = chosen_strategy(view.assumptions)
    problem = inputs.planner.supply_problem(view.assumptions)
    known = (Strategy.LEAST_COST,) if problem is None else strategies_of(problem)
    return tuple(Strategy).index(wanted if wanted in known else Strategy.LEAST_COST)


def strategies_beside(inputs: InputSet, view: View) -> tuple[StrategyCost, ...]:
    """Every strategy that there is data for, least cost first; nothing where supply is not planned.

    A frozen plan has none: it is not planned again.
    """
    problem = None if view.record is not None else inputs.planner.supply_problem(view.assumptions)
    if problem is None:
        return ()
    names = resource_names(inputs.inputs)
    return tuple(_cost(found, names) for found in compare_strategies(problem))


def _cost(found: StrategyPlan, names: Mapping[str, str]) -> StrategyCost:
    plan, choice = found.plan, tuple(Strategy).index(found.strategy)
    return StrategyCost(
        name=assumption("supply_strategy").choices[choice],
        meaning=found.strategy.meaning,
        choice=choice,
        spend={kind: MINOR * sum(plan.cost[each] for each in parts) for kind, parts in KINDS.items()},
        prices={kind: MINOR * sum(plan.penalties[each] for each in parts) for kind, parts in PRICES.items()},
        revenue=plan.revenue * MINOR,
        on_time=_on_time(plan),
        late_units=float(plan.past_due.sum(axis=0).mean()),
        lost_units=float(plan.lost.sum()),
        stock_units=float(plan.inventory.sum(axis=0).mean()),
        people=tuple(plan.people.sum(axis=0).tolist()) if len(plan.people) else (),
        beyond=tuple(in_words(each, names) for each in _beyond(plan.problem, plan)),
    )


def _on_time(plan: SupplyPlan) -> float:
    """Units delivered in the month in which they fall due, as a fraction of what falls due."""
    due = np.maximum(plan.problem.due, 0.0)
    opening = np.maximum(plan.problem.opening_past_due, 0.0)[:, None]
    older = np.concatenate([opening, plan.past_due[:, :-1]], axis=1)
    return float(np.clip(plan.shipments - older, 0.0, due).sum() / due.sum()) if due.any() else 1.0


def _beyond(problem: SupplyProblem, plan: SupplyPlan) -> Iterator[str]:
    """Limits that are broken although nobody sells relief from them, by name and amount."""
    priced = {
        "machine": (problem.lines, problem.outside_machine_price, "h of line"),
        "agency": (problem.plants, problem.agency_price, "labour h in"),
        "overtime": (problem.plants, problem.extra_overtime_price, "overtime h in"),
        "material": (problem.materials, problem.spot_premium, "units of"),
        "shared": (problem.shared, problem.outside_shared_price, "h of shared resource"),
    }
    for kind, (names, price, words) in priced.items():
        amounts = plan.relief[kind].sum(axis=1)
        for place in np.flatnonzero(~np.isfinite(price) & (amounts > _NOTICEABLE)):
            yield f"{amounts[place]:,.0f} {words} {names[place]}"
    most = plan.relief["maximum_stock"].max(axis=1)
    for place in np.flatnonzero(most > _NOTICEABLE):
        yield f"up to {most[place]:,.0f} units of {problem.families[place]} too much in stock"
