"""What decisions have brought since they took effect: closed months planned again, in the background, and kept."""

from collections.abc import Iterable

from sop.agreement.decisions import DecisionRecord, latest
from sop.analysis.decisions.realised import (
    Realised,
    Stretch,
    as_it_came,
    as_lived,
    realise,
    realised_of_facts,
    stretches_of,
    without,
)
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.finance.cost_basis import books_that_count
from sop.intake.assemble import assemble
from sop.services.agreement.frozen_plans import agreed_by_cycle
from sop.services.analysis.jobs import Progress, answer_job
from sop.services.background import BackgroundJob
from sop.services.planning.room import InputSet, PlanningRoom, answer, kept_answer
from sop.store.data import read_current_tables
from sop.store.decisions import read_decisions

_KIND = "realised/1"
Effects = dict[int, Realised]
"""Decision → what it brought."""


def realised_job(room: PlanningRoom, inputs: InputSet) -> Effects | BackgroundJob[Effects]:
    """What every decision of an agreed plan brought so far, or the job that works it out."""
    records = _in_force(room, inputs)
    question = f"{_KIND} {inputs.data_key} {','.join(str(record.id) for record in records)}"
    return answer_job(
        room,
        question,
        lambda: _kept(room, inputs, records),
        lambda progress: realise_all(room, inputs, progress),
    )


def realise_all(room: PlanningRoom, inputs: InputSet, progress: Progress = lambda share: None) -> Effects:
    """The same, waited for."""
    records, found = _in_force(room, inputs), dict[int, Realised]()
    for place, record in enumerate(records):
        found[record.id] = realise_decision(room, inputs, record)
        progress((place + 1) / len(records))
    return found


def realise_decision(room: PlanningRoom, inputs: InputSet, record: DecisionRecord) -> Realised:
    """What one decision brought so far; why it cannot be told where it cannot."""
    signed = _signed(room, record)
    if signed is None:
        return Realised(why="the plan of its cycle was not agreed")
    return answer(
        room, _basis(inputs, record), signed, lambda: _realise(room, inputs, record, signed), realised_of_facts
    )


def _kept(room: PlanningRoom, inputs: InputSet, records: Iterable[DecisionRecord]) -> Effects | None:
    found: Effects = {}
    for record in records:
        signed = _signed(room, record)
        kept = None if signed is None else kept_answer(room, _basis(inputs, record), signed, realised_of_facts)
        if kept is None:
            return None
        found[record.id] = kept
    return found


def _in_force(room: PlanningRoom, inputs: InputSet) -> tuple[DecisionRecord, ...]:
    """What was accepted in cycles that are closed; the last that was said of each."""
    with room.store.read() as tx:
        records = latest(read_decisions(tx))
    agreed = agreed_by_cycle(room)
    open_now = inputs.cycle.first_open
    return tuple(
        each
        for each in records
        if each.state in ("accepted", "closed") and each.cycle < open_now and each.cycle in agreed
    )


def _signed(room: PlanningRoom, record: DecisionRecord) -> Assumptions | None:
    frozen = agreed_by_cycle(room).get(record.cycle)
    return None if frozen is None else frozen.assumptions


def _basis(inputs: InputSet, record: DecisionRecord) -> str:
    return f"{_KIND} {inputs.data_key} {record.cycle} {record.move}"


def _realise(room: PlanningRoom, inputs: InputSet, record: DecisionRecord, signed: Assumptions) -> Realised:
    today = books_that_count(inputs.inputs, signed)
    found = stretches_of(today.history.months, today.calendar, record.start)
    if isinstance(found, str):
        return Realised(why=found)
    with room.store.read() as tx:
        tables = read_current_tables(tx)

    def replay(stretch: Stretch, values: Assumptions) -> Plan:
        then = assemble(tables, stretch.calendar, company=today.company, currency=today.currency)
        forecast, world = as_it_came(then, stretch, today.history)
        return Planner(then, forecast).build(values, world=world)

    places = record.facts["places"]
    lived = as_lived(signed, today, [(each["key"], each["scope"]) for each in places])
    by_month = record.facts.get("by_month")
    months = found.since.months
    expected = None if by_month is None else sum(by_month.get(month, 0) for month in months)
    return realise(today, found, replay, lived, without(lived, places), expected)
