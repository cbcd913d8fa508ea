"""Strategies side by side: least cost, level, chase, and the agreed plan as it stands.

Each is the same model with extra bounds, and each plan is costed on the same problem, so that their money can be
compared. Chopra and Meindl, Supply Chain Management (6th ed., ch. 8), name the strategies.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

import numpy as np

from sop.core.findings import Finding
from sop.core.inputs import Floats
from sop.core.register import Assumptions
from sop.supply.lp.costing import cost_plan
from sop.supply.lp.model import SupplyModel
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.shipping import run_down
from sop.supply.lp.terms import agreed_subcontract, build_terms, fence


class SupplyStrategy(Enum):
    """How supply meets demand that moves."""

    LEAST_COST = "least cost"
    LEVEL = "level"
    CHASE = "chase"
    AGREED = "agreed plan"

    @property
    def meaning(self) -> str:
        """The strategy in one plain sentence."""
        return _MEANING[self]


_MEANING = {
    SupplyStrategy.LEAST_COST: (
        "Make early, work overtime, hire or buy outside, whichever serves demand at least cost."
    ),
    SupplyStrategy.LEVEL: "Keep the people and the rate of what is made to stock; stock takes up the season.",
    SupplyStrategy.CHASE: "Make what falls due in the month; people and hours take up the season, not stock.",
    SupplyStrategy.AGREED: "Make and buy what the agreed plan says; hours and people follow.",
}


def chosen_strategy(assumptions: Assumptions) -> SupplyStrategy:
    """The strategy that the company has chosen; the register's choices are in the order of `SupplyStrategy`."""
    return tuple(SupplyStrategy)[round(assumptions.value("supply_strategy"))]


def with_strategy(problem: SupplyProblem, wanted: SupplyStrategy) -> SupplyProblem:
    """The problem with the bounds of the strategy wanted.

    Without an agreed plan 'as agreed' is planned at least cost, and a finding in the plan says so.
    """
    if wanted in strategies_of(problem):
        return strategy_problem(problem, wanted)
    return replace(problem, notes=(*problem.notes, _NOTHING_AGREED))


_NOTHING_AGREED = Finding(
    "warning",
    "no_agreed_plan",
    "supply is to follow the agreed plan, but there is none for these lines and months; "
    "it is planned at least cost",
    "Agree a plan, or choose another supply strategy",
)


def strategies_of(problem: SupplyProblem) -> tuple[SupplyStrategy, ...]:
    """The strategies that the problem has data for; the agreed plan only where there is one."""
    return tuple(
        s for s in SupplyStrategy if s is not SupplyStrategy.AGREED or problem.agreed_production is not None
    )


def solve_strategy(
    problem: SupplyProblem, strategy: SupplyStrategy, model: SupplyModel | None = None
) -> SupplyPlan:
    """The cheapest plan that follows `strategy`, costed on `problem`; `model`, if given, is gone on from.

    Raises ValueError for the agreed plan where there is none. A level plan of 50 a day by 10 people (Heizer and
    Render, plan 1) costs 108,450.
    """
    bounded = strategy_problem(problem, strategy)
    plan = (model or SupplyModel(bounded)).solve(bounded)
    if strategy is SupplyStrategy.LEAST_COST:
        return plan
    return cost_plan(problem, plan.production, plan.subcontract, plan.people, plan.lost, plan.material)


def strategy_problem(problem: SupplyProblem, strategy: SupplyStrategy) -> SupplyProblem:
    """The problem with the strategy's extra bounds; frozen periods stay as agreed under every strategy."""
    if strategy is SupplyStrategy.LEVEL:
        return _level(problem)
    if strategy is SupplyStrategy.CHASE:
        return replace(problem, max_inventory=_chase_stock(problem))
    if strategy is SupplyStrategy.AGREED:
        return supply_as_agreed(problem)
    return problem


def supply_as_agreed(problem: SupplyProblem) -> SupplyProblem:
    """The problem with every period frozen that the agreed plan covers. Raises ValueError where there is none."""
    return replace(problem, frozen_periods=agreed_periods(problem), slushy_periods=0)


def agreed_periods(problem: SupplyProblem) -> int:
    """How many periods the agreed plan covers: up to the last in which it makes or buys anything."""
    if problem.agreed_production is None:
        raise ValueError("there is no agreed plan to cost")
    busy = problem.agreed_production.any(axis=(0, 1)) | agreed_subcontract(problem).any(axis=0)
    return int(np.flatnonzero(busy).max(initial=-1)) + 1


def _level(problem: SupplyProblem) -> SupplyProblem:
    """People move once, in the first open period; what is made to stock keeps one rate per working hour.

    What is made to order cannot be made ahead of its orders, so it keeps no rate.
    """
    stocked = (problem.max_inventory > 0).all(axis=1)
    return replace(
        problem,
        hire_limit=_once(problem, problem.hire_limit),
        release_limit=_once(problem, problem.release_limit),
        one_rate=stocked | problem.one_rate,
        rate_weight=problem.rate_weight if problem.one_rate.any() else _working_hours(problem),
    )


def _once(problem: SupplyProblem, limit: Floats) -> Floats:
    """The limit [P, T] on people who start or go, in the first open period in which anybody may; nothing later."""
    frozen, _ = fence(problem)
    first = min(frozen, max(problem.sizes["T"] - 1, 0))
    may = limit > 0
    may[:, :first] = False
    return np.where(may & (may.cumsum(axis=1) == 1), limit, 0.0)


def _working_hours(problem: SupplyProblem) -> Floats:
    """The working hours of a period against the mean [T]; all alike where nobody's hours are known."""
    hours = problem.hours_per_person.mean(axis=0) if problem.sizes["P"] else np.zeros(problem.sizes["T"])
    return hours / hours.mean() if (hours > 0).all() else np.ones(problem.sizes["T"])


def _chase_stock(problem: SupplyProblem) -> Floats:
    """Most stock [F, T] when production chases demand: the safety stock, or what is left of stock there is.

    What the opening stock and the frozen periods bring runs down with what falls due; the closing target stays.
    """
    terms, supplied = build_terms(problem), np.zeros_like(problem.due)
    supplied[:, : terms.frozen] = _agreed_supply(problem)[:, : terms.frozen]
    rest = run_down(terms.opening_inventory, terms.opening_past_due, terms.due, supplied)
    most = np.maximum(terms.segments[0], rest)
    most[:, -1] = np.maximum(most[:, -1], terms.closing_target)
    return np.minimum(most, problem.max_inventory)


def _agreed_supply(problem: SupplyProblem) -> Floats:
    made = (
        np.zeros_like(problem.due) if problem.agreed_production is None else problem.agreed_production.sum(axis=1)
    )
    return made + agreed_subcontract(problem)
