"""The supply strategies of a plan side by side, each planned on the same problem and costed in one money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sop.core.money import MINOR
from sop.core.register import Assumptions, assumption
from sop.core.words import in_words
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem
from sop.supply.what_if.strategies import (
    StrategyPlan,
    SupplyStrategy,
    chosen_strategy,
    compare_strategies,
    strategies_of,
)

KINDS: dict[str, tuple[str, ...]] = {
    "Making": ("variable",),
    "Wages": ("wages",),
    "Overtime": ("overtime",),
    "Hire, release": ("hiring", "release"),
    "Subcontract": ("subcontract",),
    "Stock": ("holding",),
    "Relief": (
        "outside_machine_hours",
        "agency_hours",
        "extra_overtime",
        "spot_material",
        "outside_shared_hours",
        "outside_storage",
    ),
}
"""Money by kind → components of a supply plan's cost."""


PRICES: dict[str, tuple[str, ...]] = {
    "Late": ("past_due", "closing_past_due"),
    "Lost": ("lost", "unmet"),
    "Off target": ("shortage", "excess", "closing_stock"),
    "Changes": ("change",),
}
"""Planning prices, which steer the plan and are not money → penalties of a supply plan."""

_NOTICEABLE = 0.5
"""Less than half an hour or a unit above a limit comes from whole units."""


@dataclass(frozen=True)
class StrategyCost:
    """One strategy over the horizon. Money in minor units; `spend` by KINDS, `prices` by PRICES.

    `on_time` is a fraction; `people` by month, all plants; `beyond` names limits that the plan breaks although
    nobody sells relief, whose price is left out.
    """

    name: str
    meaning: str
    choice: int
    spend: Mapping[str, float]
    prices: Mapping[str, float]
    revenue: float
    on_time: float
    late_units: float
    lost_units: float
    stock_units: float
    people: tuple[float, ...]
    beyond: tuple[str, ...] = ()

    @property
    def cost(self) -> float:
        """Money spent."""
        return sum(self.spend.values())

    @property
    def margin(self) -> float:
        """Revenue less money spent."""
        return self.revenue - self.cost

    @property
    def worth(self) -> float:
        """What the plan is worth: revenue less cost, less the lost revenue's and lateness's price above it."""
        return -self.cost - sum(self.prices.values())


def followed_strategy(problem: SupplyProblem | None, assumptions: Assumptions) -> int:
    """The position of the strategy that a plan really follows in the register's choices.

    'As agreed' without an agreed plan is planned at least cost. `problem`: None where supply is not planned.
    """
    wanted = chosen_strategy(assumptions)
    known = (SupplyStrategy.LEAST_COST,) if problem is None else strategies_of(problem)
    return tuple(SupplyStrategy).index(wanted if wanted in known else SupplyStrategy.LEAST_COST)


def cost_strategies(problem: SupplyProblem, names: Mapping[str, str]) -> tuple[StrategyCost, ...]:
    """Every strategy that there is data for, least cost first; `names`: what resources are called, by code."""
    return tuple(_cost(found, names) for found in compare_strategies(problem))


def _cost(found: StrategyPlan, names: Mapping[str, str]) -> StrategyCost:
    plan, choice = found.plan, tuple(SupplyStrategy).index(found.strategy)
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
    """Units delivered in the month in which they fall due, as a fraction of what falls due.

    Not-a-number where nothing falls due, or nothing limits what is made.
    """
    due = np.maximum(plan.problem.due, 0.0)
    if not due.any() or not np.isfinite(plan.problem.line_hours).any():
        return float("nan")
    opening = np.maximum(plan.problem.opening_past_due, 0.0)[:, None]
    older = np.concatenate([opening, plan.past_due[:, :-1]], axis=1)
    return float(np.clip(plan.shipments - older, 0.0, due).sum() / due.sum())


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
