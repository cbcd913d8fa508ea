"""Decisions valued by planning again; kept by what they rest on, so that the same question is answered once."""

from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.fates import Fated, propose_fates
from sop.analysis.decisions.outside import value_outside
from sop.analysis.decisions.valuation import Progress, Valuation, valuation_of_facts, value_all
from sop.analysis.supply.limits import LimitWorth, rank_limits
from sop.core.register import Assumptions
from sop.services.analysis.jobs import answer_job
from sop.services.analysis.outlook import trial_of
from sop.services.background import BackgroundJob
from sop.services.planning.room import InputSet, PlanningRoom, answer, kept_answer, question_of

_KIND = "decisions/9"


def value_decisions(
    room: PlanningRoom, inputs: InputSet, assumptions: Assumptions, progress: Progress = lambda share: None
) -> Valuation:
    """Every proposed move valued by planning again with it."""

    def make() -> Valuation:
        return value_all(trial_of(room, inputs, assumptions), progress)

    return answer(room, basis_of(inputs), assumptions, make, valuation_of_facts)


def value_fates(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions, of: Fated) -> tuple[Decision, ...]:
    """What going on with, putting off and stopping each launch or initiative would do, or what can be done about
    each outside event, by planning again."""

    def make() -> tuple[Decision, ...]:
        trial = trial_of(room, inputs, assumptions)
        return tuple(value_outside(trial, move) for move in propose_fates(inputs.inputs, assumptions, of))

    return room.memo.get(("fates", of, inputs.key, assumptions.texts), make)


def kept_valuation(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Valuation | None:
    """The valuation where somebody has asked for it before, else None."""
    return kept_answer(room, basis_of(inputs), assumptions, valuation_of_facts)


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


def basis_of(inputs: InputSet) -> str:
    """What a valuation rests on beside the assumptions."""
    return f"{_KIND} {inputs.key}"


def value_limits(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> tuple[LimitWorth, ...]:
    """The limits that bind in the plan, each with what the plan would gain without it."""
    return rank_limits(trial_of(room, inputs, assumptions))
