"""Closing a gap: sets of moves that reach a target, found in the background and kept; one becomes a scenario."""

from collections.abc import Mapping, Sequence

from sop.analysis.decisions.gap import GapClosed, close_gap, gap_of_facts
from sop.analysis.decisions.proposals import Move
from sop.analysis.decisions.targets import GapTarget, require_target
from sop.core.register import Assumptions, Place
from sop.services.acting import acting
from sop.services.agreement.decision_acts import refused_moves
from sop.services.analysis.jobs import Progress, answer_job
from sop.services.analysis.outlook import trial_of
from sop.services.background import BackgroundJob
from sop.services.planning.room import InputSet, PlanningRoom, answer, kept_answer, question_of
from sop.services.scenarios.drafts import bring_values, by_place, own_draft

_KIND = "gap/4"


def gap_job(
    room: PlanningRoom, inputs: InputSet, assumptions: Assumptions, measure: str, value: float
) -> GapClosed | BackgroundJob[GapClosed]:
    """The smallest changes with which a plan reaches a target, or the job that looks for them.

    `value` in the measure's unit as in plans. Raises BadInput where the plan has no such figure.
    """
    target = require_target(measure, value, room.plan(assumptions, inputs))
    basis = _basis(inputs, target, refused_moves(room, inputs.cycle.first_open))

    def make(progress: Progress) -> GapClosed:
        return close_gap_of(room, inputs, assumptions, target, progress)

    return answer_job(
        room,
        question_of(basis, assumptions),
        lambda: kept_answer(room, basis, assumptions, gap_of_facts),
        make,
    )


def close_gap_of(
    room: PlanningRoom,
    inputs: InputSet,
    assumptions: Assumptions,
    target: GapTarget,
    progress: Progress = lambda share: None,
) -> GapClosed:
    """The same, waited for."""
    refused = refused_moves(room, inputs.cycle.first_open)
    basis, trial = _basis(inputs, target, refused), trial_of(room, inputs, assumptions)
    return answer(room, basis, assumptions, lambda: close_gap(trial, target, progress, refused), gap_of_facts)


def _basis(inputs: InputSet, target: GapTarget, refused: Mapping[Place, str]) -> str:
    return f"{_KIND} {inputs.key} {target.measure} {target.value!r} {sorted(refused)}"


def apply_moves(room: PlanningRoom, person_id: str, assumptions: Assumptions, moves: Sequence[Move]) -> int:
    """Have the person's own draft hold a scenario's values with some moves made; how many values moved.

    Raises NotAllowed.
    """
    draft, inputs = own_draft(room.store, person_id).id, room.input_set()
    wanted = trial_of(room, inputs, assumptions).assumptions_with(*moves)
    with acting(room.store, person_id, "run_scenario") as tx:
        entries = by_place(tx, draft)
        why = "Closes a gap: " + "; ".join(move.title for move in moves)
        return len(bring_values(tx, draft, wanted, entries, why))
