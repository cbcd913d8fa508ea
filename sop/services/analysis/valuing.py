"""Decisions valued in the background for the screens, and kept."""

from sop.analysis.decisions.valuation import Valuation
from sop.core.register import Assumptions
from sop.services.analysis.decisions import basis_of, kept_valuation, value_decisions
from sop.services.analysis.jobs import answer_job
from sop.services.background import BackgroundJob
from sop.services.planning.room import InputSet, PlanningRoom, question_of


def valuation_job(
    room: PlanningRoom, inputs: InputSet, assumptions: Assumptions
) -> Valuation | BackgroundJob[Valuation]:
    """The valuation of the plan under these assumptions, or the job that makes it. Raises what planning raised."""
    return answer_job(
        room,
        question_of(basis_of(inputs), assumptions),
        lambda: kept_valuation(room, inputs, assumptions),
        lambda progress: value_decisions(room, inputs, assumptions, progress),
    )
