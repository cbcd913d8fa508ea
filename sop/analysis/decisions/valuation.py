"""Decisions valued by planning again: each alone, those recommended together, and what exceptions cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from sop.analysis.decisions.decisions import ADDS_NOTHING, Decision, choose_decisions, decision_of_facts, why_not
from sop.analysis.decisions.exception_worth import value_stakes
from sop.analysis.decisions.exceptions import AtStake, at_stake_of_facts
from sop.analysis.decisions.lever_terms import lever_cost
from sop.analysis.decisions.proposals import BindingLimit, Move, propose_moves
from sop.analysis.decisions.releases import propose_releases
from sop.analysis.decisions.trials import Trial
from sop.analysis.effects import PlanEffect, effect_of, effect_of_facts
from sop.analysis.headline import revenue_of
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.scores import Z80
from sop.supply import binding_limits, supply_of

Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""

_MOVES_DONE, _CHOSEN_DONE, _TOGETHER_DONE = 0.3, 0.7, 0.8


@dataclass(frozen=True)
class Valuation:
    """Decisions with their effects, what all recommended ones bring together, and worth for the exceptions.

    `together`: the effect of everything recommended done at once; None where that is fewer than two.
    """

    decisions: tuple[Decision, ...]
    together: PlanEffect | None
    worth: AtStake

    def facts(self) -> dict[str, Any]:
        """The valuation as plain data, to be kept."""
        return asdict(self)


def value_all(trial: Trial, progress: Progress = lambda share: None) -> Valuation:
    """Every proposed move valued by planning again with it; `progress` is told after each plan or two.

    There is none where the plan's revenue is not known.
    """
    if not trial.plan.has_revenue:
        return Valuation((), None, AtStake())
    moves = (
        *propose_moves(trial.inputs, trial.assumptions, bottlenecks(trial.plan)),
        *propose_releases(trial.inputs, trial.assumptions, trial.plan),
    )
    valued = []
    for place, move in enumerate(moves):
        valued.append(value_move(trial, move))
        progress(_MOVES_DONE * (place + 1) / len(moves))
    chosen = choose_decisions(valued, revenue_of(trial.plan))
    cases = _demand_cases(trial)
    looked_at = []
    for place, decision in enumerate(chosen):
        looked_at.append(replace(decision, waiting=_waiting(trial, decision), pays_off=_pays_off(cases, decision)))
        progress(_MOVES_DONE + (_CHOSEN_DONE - _MOVES_DONE) * (place + 1) / len(chosen))
    chosen, together = keep_adding(trial, looked_at)
    progress(_TOGETHER_DONE)
    worth = value_stakes(trial)
    progress(1.0)
    return Valuation(choose_decisions(chosen, 0.0), together, worth)


def value_move(trial: Trial, move: Move) -> Decision:
    """What a move brings, net, by planning again with it."""
    plan = trial.with_moves(move)
    effect = effect_of(trial.plan, plan, move.terms.once)
    short = cash_short(trial.plan, effect, trial.assumptions.value("minimum_cash"))
    return Decision(
        move=move,
        effect=effect,
        cost=lever_cost(move.kind, move.terms, trial.plan, plan),
        revenue=round(revenue_of(plan) - revenue_of(trial.plan)),
        inventory=round(_headline_change(trial.plan, plan, "inventory")),
        lead_time=round(_headline_change(trial.plan, plan, "lead_time"), 1),
        last_month=move.last_month(trial.inputs.calendar.first_open),
        why_not=why_not(move.terms, effect, short),
        headline={key: _known_change(trial.plan, plan, key) for key in plan.headline},
        cash_short=short,
    )


def cash_short(plan: Plan, effect: PlanEffect, minimum: float) -> int | None:
    """How far the lowest cash of `plan` falls below its `minimum` (currency) with an effect that takes it lower.

    None where it does not, and of operating cash, of which nobody knows whether it suffices.
    """
    low = plan.headline["cash"]
    if low is None or effect.cash_low is None or effect.cash_low >= 0 or not plan.cash_is_whole:
        return None
    short = round(minimum * MINOR) - round(low) - effect.cash_low
    return short if short > 0 else None


def keep_adding(trial: Trial, decisions: Sequence[Decision]) -> tuple[tuple[Decision, ...], PlanEffect | None]:
    """The decisions, those no longer recommended that add nothing to the others; and what the rest bring together.

    All are planned again together, and the one that adds least is left out as long as it adds nothing.
    """
    kept = [decision.move for decision in decisions if decision.recommended]
    left_out: list[Move] = []
    while len(kept) > 1:
        together = _effect(trial, kept)
        adds = {at: _lasting(together) - _lasting(_effect(trial, _without(kept, at))) for at in range(len(kept))}
        least = min(adds, key=lambda at: adds[at])
        if adds[least] > 0:
            return _told(decisions, left_out), together
        left_out.append(kept.pop(least))
    return _told(decisions, left_out), None


def _told(decisions: Sequence[Decision], left_out: Sequence[Move]) -> tuple[Decision, ...]:
    return tuple(replace(each, why_not=ADDS_NOTHING) if each.move in left_out else each for each in decisions)


def _without(moves: Sequence[Move], place: int) -> list[Move]:
    return [move for at, move in enumerate(moves) if at != place]


def _effect(trial: Trial, moves: Sequence[Move]) -> PlanEffect:
    return effect_of(trial.plan, trial.with_moves(*moves), sum(move.terms.once for move in moves))


def _lasting(effect: PlanEffect) -> int:
    return effect.ebit_horizon or 0


def bottlenecks(plan: Plan) -> tuple[BindingLimit, ...]:
    """Limits that bind in the next twelve months of a plan that was computed; none for one read back."""
    supply = supply_of(plan)
    if supply is None:
        return ()
    binding = (
        (use.limit, tuple(plan.months[t] for t in np.flatnonzero(use.binding[: plan.calendar.year])))
        for use in binding_limits(supply)
    )
    return tuple(BindingLimit(limit.kind, limit.name, months) for limit, months in binding if months)


def _waiting(trial: Trial, decision: Decision) -> int | None:
    """Profit to the horizon lost with the move in force a month later; None where that cannot be planned."""
    now = decision.effect.ebit_horizon
    if now is None:
        return None
    later = effect_of(trial.plan, trial.with_moves(decision.move, delay=1), decision.move.terms.once)
    return None if later.ebit_horizon is None else later.ebit_horizon - now


def _demand_cases(trial: Trial) -> tuple[Trial, ...]:
    """The plan at low (P10) and high (P90) demand; none without a range."""
    share = Z80 * trial.demand_deviation
    return (trial.at_demand(-share), trial.at_demand(share)) if share > 0 else ()


def _pays_off(cases: Sequence[Trial], decision: Decision) -> tuple[int, int] | None:
    """In how many of low, planned and high demand a decision gains to the horizon."""
    if not cases or decision.effect.ebit_horizon is None:
        return None
    gains = [decision.effect.lasts, *(_effect(case, [decision.move]).lasts for case in cases)]
    return sum(gains), len(gains)


def _headline_change(before: Plan, after: Plan, key: str) -> float:
    return _known_change(before, after, key) or 0.0


def _known_change(before: Plan, after: Plan, key: str) -> float | int | None:
    was, now = before.headline.get(key), after.headline.get(key)
    return None if was is None or now is None else now - was


def valuation_of_facts(facts: Mapping[str, Any]) -> Valuation:
    """A valuation read back from plain data."""
    return Valuation(
        decisions=tuple(decision_of_facts(row) for row in facts["decisions"]),
        together=effect_of_facts(facts["together"]),
        worth=at_stake_of_facts(facts["worth"]),
    )
