"""What valuations are handed: planning again with something changed, and how past claims came true."""

from __future__ import annotations

from sop.analysis.decisions.trials import Replanning, Trial
from sop.analysis.ranges.claims import TrackRecord, check_agreed, track_record
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.services.agreement.agreed_plans import agreed_by_cycle
from sop.services.planning.room import InputSet, PlanningRoom
from sop.supply.what_if.limits import ProblemChange


def trial_of(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Trial:
    """The plan of an input set under some assumptions, to be planned again in its room."""

    def plan(values: Assumptions, change: ProblemChange | None = None) -> Plan:
        return room.plan_with(values, inputs, change)

    def plan_on(changed: Inputs, values: Assumptions, change: ProblemChange | None = None) -> Plan:
        planner = Planner(changed, room.decided(inputs, values).forecast, inputs.planner.agreed)
        return planner.build(values, change)

    again = Replanning(
        inputs=inputs.inputs,
        plan=plan,
        plan_on=plan_on,
        problem=lambda values: room.decided(inputs, values).planner.supply_problem(values),
        forecast=lambda values: room.decided(inputs, values).forecast,
        agreed=inputs.agreed is not None,
        links=lambda: read_track_record(room, inputs).links,
    )
    return Trial(again, assumptions)


def read_track_record(room: PlanningRoom, inputs: InputSet) -> TrackRecord:
    """How the 80% claims of all agreed plans came true, on today's families and regions."""
    agreed = agreed_by_cycle(room).values()
    digests = tuple(sorted(plan.record.digest for plan in agreed))

    def make() -> TrackRecord:
        past = [check_agreed(plan, inputs.inputs) for plan in agreed]
        return track_record([found for found in past if found is not None], inputs.inputs)

    return room.memo.get(("track record", inputs.key, digests), make)
