"""Decisions valued by planning again: each alone, all recommended ones together, and what exceptions cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from sop.analysis.decisions.decisions import Decision, choose_decisions, decision_of_facts, value_move
from sop.analysis.decisions.exceptions import AtStake
from sop.analysis.decisions.proposals import BindingLimit, Move, delay_move, propose_moves
from sop.analysis.decisions.releases import propose_releases
from sop.analysis.decisions.stakes import value_stakes
from sop.analysis.decisions.trials import Trial
from sop.analysis.headline import profit_of, revenue_of
from sop.core.accuracy import Z80
from sop.core.plan import Plan
from sop.supply import binding_limits, supply_of


@dataclass(frozen=True)
class Valuation:
    """Decisions with their worth, what all recommended ones bring together, and worth for the exceptions.

    `together`: change of EBIT and revenue in minor units when everything recommended is done at once.
    """

    decisions: tuple[Decision, ...]
    together: tuple[int, int] | None
    worth: AtStake

    def facts(self) -> dict[str, Any]:
        """The valuation as plain data, to be kept."""
        return asdict(self)


def value_all(trial: Trial) -> Valuation:
    """Every proposed move valued by planning again with it; none where the plan's revenue is not known."""
    if not trial.plan.has_revenue:
        return Valuation((), None, AtStake())
    first, rate = trial.inputs.calendar.first_open, trial.assumptions.value("carrying_rate")
    moves = (
        *propose_moves(trial.inputs, trial.assumptions, bottlenecks(trial.plan)),
        *propose_releases(trial.inputs, trial.assumptions, trial.plan),
    )
    valued = [
        value_move(move, trial.plan.headline, trial.with_moves(move).headline, rate, first) for move in moves
    ]
    chosen = choose_decisions(valued, revenue_of(trial.plan))
    pays = _pays_off(trial, chosen)
    chosen = tuple(
        replace(decision, waiting=_waiting(trial, decision.move), pays_off=pays[place] if pays else None)
        for place, decision in enumerate(chosen)
    )
    return Valuation(chosen, _together(trial, chosen), value_stakes(trial))


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


def _waiting(trial: Trial, move: Move) -> int | None:
    """EBIT with the move in force a month later, less EBIT with it now; None where that cannot be planned."""
    now = trial.with_moves(move)
    if move.kind in ("launch", "initiative"):
        return profit_of(trial.with_moves(replace(move, value=move.value + 1))) - profit_of(now)
    fixed = trial.inputs.calendar.frozen if trial.again.agreed else 0
    later = delay_move(trial.inputs, move, fixed + 1)
    return None if later is None else profit_of(trial.with_inputs(later)) - profit_of(now)


def _pays_off(trial: Trial, decisions: Sequence[Decision]) -> list[tuple[int, int]]:
    """In how many of low (P10), planned and high (P90) demand each decision adds EBIT; empty without a range."""
    share = Z80 * trial.demand_deviation
    if share <= 0:
        return []
    cases = [trial, trial.at_demand(-share), trial.at_demand(share)]

    def gain(case: Trial, move: Move) -> int:
        return profit_of(case.with_moves(move)) - profit_of(case.plan) - move.cost

    return [(sum(gain(case, d.move) > 0 for case in cases), len(cases)) for d in decisions]


def _together(trial: Trial, decisions: Sequence[Decision]) -> tuple[int, int] | None:
    moves = [decision.move for decision in decisions if decision.recommended]
    if len(moves) < 2:
        return None
    all_made = trial.with_moves(*moves)
    ebit = profit_of(all_made) - profit_of(trial.plan) - sum(move.cost for move in moves)
    return ebit, round(revenue_of(all_made) - revenue_of(trial.plan))


def valuation_of_facts(facts: Mapping[str, Any]) -> Valuation:
    """A valuation read back from plain data."""
    worth, together = facts["worth"], facts["together"]
    limits = {name: (found[0], found[1]) for name, found in worth["limits"].items()}
    return Valuation(
        decisions=tuple(decision_of_facts(row) for row in facts["decisions"]),
        together=None if together is None else (together[0], together[1]),
        worth=AtStake(limits, worth["slips"], worth["events"]),
    )
