"""Decisions valued by planning again; kept by what they rest on, so that the same question is answered once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from sop.analysis.decisions.decisions import Decision, choose_decisions, decision_of_facts, value_move
from sop.analysis.decisions.exceptions import Worth
from sop.analysis.decisions.proposals import Bottleneck, Move, delay_move, propose_moves
from sop.analysis.ranges.claims import Z80
from sop.core.measures import NEAR
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.services.analysis.stakes import value_stakes
from sop.services.analysis.trials import Trial, profit_changes, profit_of, revenue_of
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.drafts import change_assumption, own_draft
from sop.store.kept import keep_result, read_result
from sop.store.scenarios import Assumption
from sop.supply import binding_limits

_KIND = "decisions/4"


@dataclass(frozen=True)
class Valuation:
    """Decisions with their worth, what all recommended ones bring together, and worth for the exceptions.

    `together`: change of EBIT and revenue in minor units when everything recommended is done at once.
    """

    decisions: tuple[Decision, ...]
    together: tuple[int, int] | None
    worth: Worth


def value_decisions(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Valuation:
    """Every proposed move valued by planning again with it."""
    key = _key(inputs, assumptions)
    with room.store.read() as tx:
        kept = read_result(tx, key)
    if kept is not None:
        return _valuation_of_facts(kept.facts)
    valuation = _value(Trial(room, inputs, assumptions))
    with room.store.write() as tx:
        keep_result(tx, key, {}, _facts(valuation))
    return valuation


def decide(room: PlanningRoom, person_id: str, move: Move) -> Assumption:
    """Put a decision's change into the person's own draft scenario. Raises NotAllowed."""
    draft = own_draft(room.store, person_id)
    return change_assumption(
        room.store, person_id, draft.id, move.key, move.value, scope=move.scope, reason=f"Decision: {move.title}"
    )


def _value(trial: Trial) -> Valuation:
    first, rate = trial.inputs.cycle.first_open, trial.assumptions.value("carrying_rate")
    moves = propose_moves(trial.inputs.inputs, trial.assumptions, bottlenecks(trial.plan))
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


def bottlenecks(plan: Plan) -> tuple[Bottleneck, ...]:
    """Limits that bind in the next twelve months of a plan that was computed; none for one read back."""
    supply = plan.detail.get("supply")
    if supply is None:
        return ()
    found = []
    for use in binding_limits(supply):
        months = tuple(plan.months[t] for t in np.flatnonzero(use.binding[:NEAR]))
        if months:
            found.append(Bottleneck(use.limit.kind, use.limit.name, months))
    return tuple(found)


def _waiting(trial: Trial, move: Move) -> int | None:
    """EBIT with the move in force a month later, less EBIT with it now; None where that cannot be planned."""
    now = trial.with_moves(move)
    if move.kind in ("launch", "initiative"):
        return profit_of(trial.with_moves(replace(move, value=move.value + 1))) - profit_of(now)
    fixed = trial.inputs.inputs.calendar.frozen if trial.inputs.agreed else 0
    later = delay_move(trial.inputs.inputs, move, fixed + 1)
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
    ebit = profit_changes([all_made], trial.plan)[0] - sum(move.cost for move in moves)
    return ebit, round(revenue_of(all_made) - revenue_of(trial.plan))


def _facts(valuation: Valuation) -> dict[str, Any]:
    return {
        "decisions": [decision.facts() for decision in valuation.decisions],
        "together": valuation.together,
        "worth": asdict(valuation.worth),
    }


def _valuation_of_facts(facts: Mapping[str, Any]) -> Valuation:
    worth, together = facts["worth"], facts["together"]
    limits = {name: (found[0], found[1]) for name, found in worth["limits"].items()}
    return Valuation(
        decisions=tuple(decision_of_facts(row) for row in facts["decisions"]),
        together=None if together is None else (together[0], together[1]),
        worth=Worth(limits, worth["slips"], worth["events"]),
    )


def _key(inputs: InputSet, assumptions: Assumptions) -> str:
    values = ";".join(f"{key}|{scope}={value!r}" for (key, scope), value in assumptions.items())
    return hashlib.sha256(f"{_KIND} {inputs.key} {values}".encode()).hexdigest()
