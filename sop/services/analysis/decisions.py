"""Decisions valued by planning again; kept by what they rest on, so that the same question is answered once."""

from __future__ import annotations

from sop.analysis.decisions.proposals import Move
from sop.analysis.decisions.valuation import Valuation, valuation_of_facts, value_all
from sop.core.register import Assumptions, Entry
from sop.services.analysis.answers import answer
from sop.services.analysis.trials import trial_of
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.drafts import change_assumption, own_draft

_KIND = "decisions/5"


def value_decisions(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Valuation:
    """Every proposed move valued by planning again with it."""
    return answer(
        room,
        f"{_KIND} {inputs.key}",
        assumptions,
        lambda: value_all(trial_of(room, inputs, assumptions)),
        valuation_of_facts,
    )


def decide(room: PlanningRoom, person_id: str, move: Move) -> Entry:
    """Put a decision's change into the person's own draft scenario. Raises NotAllowed."""
    draft = own_draft(room.store, person_id)
    return change_assumption(
        room.store, person_id, draft.id, move.key, move.value, scope=move.scope, reason=f"Decision: {move.title}"
    )
