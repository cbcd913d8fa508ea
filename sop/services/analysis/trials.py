"""What valuations are handed: planning again with something changed, and how past claims came true."""

from __future__ import annotations

import json

from sop.analysis.decisions.trials import Replanning, Trial
from sop.analysis.ranges.claims import TrackRecord, check_content, track_record
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.services.planning.memo import keep
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.plans import read_agreed_plans, read_plan_content


def trial_of(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Trial:
    """The plan of an input set under some assumptions, to be planned again in its room."""

    def plan_on(changed: Inputs, values: Assumptions) -> Plan:
        return Planner(changed, room.decided(inputs, values).forecast, inputs.planner.agreed).build(values)

    again = Replanning(
        inputs=inputs.inputs,
        plan=lambda values: room.plan(values, inputs),
        plan_on=plan_on,
        forecast=lambda values: room.decided(inputs, values).forecast,
        agreed=inputs.agreed is not None,
        links=read_track_record(room, inputs).links,
    )
    return Trial(again, assumptions)


def read_track_record(room: PlanningRoom, inputs: InputSet) -> TrackRecord:
    """How the 80% claims of all agreed plans came true, on today's families and regions."""
    with room.store.read() as tx:
        records = {record.cycle: record for record in read_agreed_plans(tx)}
    digests = tuple(sorted(record.digest for record in records.values()))

    def make() -> TrackRecord:
        with room.store.read() as tx:
            contents = (json.loads(read_plan_content(tx, record.id)) for record in records.values())
            past = [check_content(content, inputs.inputs) for content in contents]
        return track_record([found for found in past if found is not None], inputs.inputs)

    return keep(room, ("track record", inputs.key, digests), make)
