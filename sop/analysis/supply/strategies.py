"""The supply strategies of a plan side by side, each planned again in full: profit, cash, service and people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sop.analysis.decisions.trials import Trial
from sop.analysis.effects import PlanEffect, effect_of, lowest_cash, net_price
from sop.analysis.headline import least_on_time, on_time_parts, values_of
from sop.core.format import how_many, number
from sop.core.inputs import Floats
from sop.core.money import MINOR
from sop.core.plan import Plan, Worst
from sop.core.register import Assumptions, assumption
from sop.facts.stock_value import standard_cost
from sop.supply import supply_of
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem, called_in
from sop.supply.what_if.strategies import SupplyStrategy, chosen_strategy, strategies_of

SPENT = {
    "Revenue": "revenue",
    "Cost of sales at standard": "cost_of_sales",
    "Period variances": "period_variance",
    "Gross margin": "gross_margin",
    "EBIT": "ebit",
}
"""Lines of the profit and loss by which strategies are compared → their measures, as far as a plan has them."""

_NOTICEABLE = 0.5
"""Less than half an hour or a unit above a limit comes from whole units."""


@dataclass(frozen=True)
class StrategyOutcome:
    """One strategy over the horizon. `money` by SPENT and `cash_low`, minor units; `to_least`: what it changes
    against least cost.

    `on_time` is a fraction, with the family that has the `least`; `unit_days` what customers wait; `late` and
    `lost` orders at net price, what is `short` of safety stock and in `stock` at its worth, minor units, means of
    the months but for what is lost, None where that is not known; `people` by month, all plants; `beyond` names
    limits that the plan breaks although nobody sells relief.
    """

    name: str
    meaning: str
    choice: int
    money: Mapping[str, int]
    cash_low: int | None
    to_least: PlanEffect
    on_time: float
    unit_days: int
    late: float | None
    lost: float | None
    short: float | None
    stock: float | None
    people: tuple[float, ...]
    beyond: tuple[str, ...] = ()
    least: Worst | None = None


def followed_strategy(problem: SupplyProblem | None, assumptions: Assumptions) -> int:
    """The position of the strategy that a plan really follows in the register's choices.

    'As agreed' without an agreed plan is planned at least cost. `problem`: None where supply is not planned.
    """
    wanted = chosen_strategy(assumptions)
    known = (SupplyStrategy.LEAST_COST,) if problem is None else strategies_of(problem)
    return tuple(SupplyStrategy).index(wanted if wanted in known else SupplyStrategy.LEAST_COST)


def compare_outcomes(trial: Trial) -> tuple[StrategyOutcome, ...]:
    """Every strategy that there is data for, least cost first; nothing where supply is not planned."""
    problem = trial.problem
    if problem is None:
        return ()
    every = tuple(SupplyStrategy)
    plans = [
        (strategy, trial.with_values({("supply_strategy", ""): float(every.index(strategy))}))
        for strategy in strategies_of(problem)
    ]
    least = plans[0][1]
    return tuple(_outcome(trial, strategy, plan, least) for strategy, plan in plans)


def _outcome(trial: Trial, strategy: SupplyStrategy, plan: Plan, least: Plan) -> StrategyOutcome:
    supply, choice = supply_of(plan), tuple(SupplyStrategy).index(strategy)
    assert supply is not None
    effect = effect_of(least, plan)
    on_time, least_family = _on_time(plan)
    days = np.array(plan.calendar.days, dtype=float)
    whole, cost = supply.whole, standard_cost(trial.inputs, plan).mean(axis=1) * MINOR
    return StrategyOutcome(
        name=assumption("supply_strategy").choices[choice],
        meaning=strategy.meaning,
        choice=choice,
        money={title: int(plan.total(key).sum()) for title, key in SPENT.items() if key in plan},
        cash_low=lowest_cash(plan),
        to_least=effect,
        on_time=on_time,
        least=least_family,
        unit_days=round(float(whole.past_due.sum(axis=0) @ days)),
        late=_worth(whole.past_due.mean(axis=1), net_price(plan)),
        lost=_worth(whole.lost.sum(axis=1), net_price(plan)),
        short=_worth(plan["shortage_units"].mean(axis=1), cost) if "shortage_units" in plan else None,
        stock=float(plan["stock_value"].mean()) if "stock_value" in plan else None,
        people=tuple(plan["people"].sum(axis=0).astype(float).tolist()) if "people" in plan else (),
        beyond=tuple(_beyond(supply.problem, supply)),
    )


def _worth(units: Floats, each: Floats) -> float | None:
    """Units (F,) of families added up by what one of each is worth; None where that of some is not known."""
    there = units != 0
    return float(units[there] @ each[there]) if np.isfinite(each[there]).all() else None


def _on_time(plan: Plan) -> tuple[float, Worst | None]:
    """The share on time in full over the horizon, and the family that has the lowest.

    Not-a-number where nothing falls due, or nothing limits what is made.
    """
    parts = on_time_parts(values_of(plan))
    if parts is None:
        return float("nan"), None
    kept, due = (part.sum(axis=1) for part in parts)
    least = least_on_time(kept, due)
    if least is None:
        return float("nan"), None
    share = float(kept[least] / due[least])
    return float(kept.sum() / due.sum()), Worst(plan.names("on_time_share")[least], share)


def _beyond(problem: SupplyProblem, plan: SupplyPlan) -> Iterator[str]:
    """Limits that are broken although nobody sells relief from them, by name and amount."""
    lines = tuple(called_in(problem.called, "line", code) for code in problem.lines)
    shared = tuple(called_in(problem.called, "shared resource", code) for code in problem.shared)
    priced = {
        "machine": (lines, problem.outside_machine_price, "h of"),
        "agency": (problem.plants, problem.agency_price, "labour h in"),
        "overtime": (problem.plants, problem.extra_overtime_price, "overtime h in"),
        "material": (problem.materials, problem.spot_premium, "units of"),
        "shared": (shared, problem.outside_shared_price, "h of"),
    }
    for kind, (names, price, words) in priced.items():
        amounts = plan.relief[kind].sum(axis=1)
        for place in np.flatnonzero(~np.isfinite(price) & (amounts > _NOTICEABLE)):
            yield f"{number(amounts[place])} {words} {names[place]}"
    most = plan.relief["maximum_stock"].max(axis=1)
    for place in np.flatnonzero(most > _NOTICEABLE):
        yield f"up to {how_many(number(most[place]), 'units')} of {problem.families[place]} too much in stock"
