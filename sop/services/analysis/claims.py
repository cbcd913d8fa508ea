"""Past claims: the forecasts of agreed plans held against what came, once per set of plans and sales."""

from __future__ import annotations

import json

from sop.agreement.content import forecast_of_content
from sop.analysis.ranges.claims import PastForecast, TrackRecord, check_forecast, track_record
from sop.services.planning.memo import keep
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store.plans import read_agreed_plans, read_plan_content


def read_track_record(room: PlanningRoom, inputs: InputSet) -> TrackRecord:
    """How the 80% claims of all agreed plans came true, on today's families and regions."""
    with room.store.read() as tx:
        records = {record.cycle: record for record in read_agreed_plans(tx)}
    digests = tuple(sorted(record.digest for record in records.values()))

    def make() -> TrackRecord:
        past = (_check(room, inputs, record.id) for record in records.values())
        return track_record([found for found in past if found is not None], inputs.inputs)

    return keep(room, ("track record", inputs.key, digests), make)


def _check(room: PlanningRoom, inputs: InputSet, plan_id: int) -> PastForecast | None:
    with room.store.read() as tx:
        content = json.loads(read_plan_content(tx, plan_id))
    now, stored = inputs.inputs, content["forecast"]
    if tuple(stored["families"]) != now.families.names or tuple(stored["regions"]) != now.regions:
        return None
    return check_forecast(forecast_of_content(content), now)
