"""What a past decision brought: told from closed months, kept, closed with a sentence; on both databases."""

from __future__ import annotations

import pytest

from sop.agreement.decisions import DecisionRecord
from sop.analysis.decisions.lever_terms import terms_of
from sop.analysis.decisions.proposals import Move
from sop.analysis.decisions.valuation import value_move
from sop.core.calendar import shift_period
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.register import assumption
from sop.core.terms import Role
from sop.services.acting import acting
from sop.services.agreement.decision_acts import (
    accept_decision,
    close_decision,
    decisions_content,
    list_decisions,
    take_back_decision,
)
from sop.services.analysis import realising
from sop.services.analysis.outlook import trial_of
from sop.services.analysis.realising import realise_all, realised_job
from sop.services.background import BackgroundJob
from sop.services.company.cycle import CompanySettings, initialise, roll_forward
from sop.services.demo.personas import agree_on_plan
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.store import Store
from sop.store.data import add_table
from sop.views.executive.decisions_table import decisions_table, realised_message
from tests.made_companies import DECIDED, FIRST_OPEN, live, made_company
from tests.services.quick_demo import quick_forecasts

MADE = made_company(44)
OWNER, OTHER = "head_of_supply", "head_of_finance"


@pytest.fixture
def room(store: Store) -> PlanningRoom:
    """A made company that decided, agreed on its plan, and has closed its months since."""
    with quick_forecasts():
        room = PlanningRoom(store)
        key, scope, value = DECIDED[MADE.kind]
        decided_in = shift_period(MADE.start, -1)
        initialise(store, decided_in, CompanySettings(name="Made", horizon=12, fictional=True))
        with store.write(by="coordinator", role="coordinator") as tx:
            for name, frame in live(MADE).tables.items():
                add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="0" * 64)
        change_assumption(store, OWNER, working_scenario(store, OWNER).id, key, 0.0, scope=scope)
        inputs, now = room.input_set(), room.assumptions()
        move = Move("subcontract", scope, key, scope, 0.0, value, "Let the partner build", decided_in,
                    terms_of(inputs.inputs, now, "subcontract", scope), assumption(key).owner.title)  # fmt: skip
        accept_decision(room, OWNER, value_move(trial_of(room, inputs, now), move), "It frees the line")
        agree_on_plan(room)
        with acting(store, Role.COORDINATOR.value, "run_cycle") as tx:
            while roll_forward(tx).first_open < FIRST_OPEN:
                pass
        yield room


def decided(room: PlanningRoom) -> DecisionRecord:
    (record,) = list_decisions(room.store, OWNER)
    return record


def test_what_was_decided_is_told_from_closed_months_beside_what_was_expected_and_closed(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MADE.kind == "outside"
    inputs, record = room.input_set(), decided(room)
    assert record.start == MADE.start
    found = realise_all(room, inputs)[record.id]
    assert found.estimate is not None and found.low is not None and found.high is not None, found.why
    assert found.months[0] == MADE.start and len(found.months) == MADE.since
    assert found.low <= MADE.truth <= found.high
    assert found.expected == sum(record.facts["by_month"][month] for month in found.months)
    monkeypatch.setattr(realising, "realise_decision", lambda *given: pytest.fail("worked out twice"))
    brought = realised_job(room, inputs)
    assert not isinstance(brought, BackgroundJob) and brought == {record.id: found}
    money = room.plan(room.assumptions()).money
    table = decisions_table([record], {}, "12 months", brought, money)
    assert table.figure("Let the partner build", "Realised so far") == found.estimate
    assert "95%" in realised_message([record], brought, money)

    for person, said, refusal in (
        (OTHER, "It did", NotAllowed), (OWNER, " ", BadInput),
    ):  # fmt: skip
        with pytest.raises(refusal):
            close_decision(room.store, person, record.id, said)
    before = decisions_content(room.store, record.cycle)
    closed = close_decision(room.store, OWNER, record.id, "It gained more than it cost")
    assert (closed.state, closed.note, closed.cycle) == ("closed", "It gained more than it cost", record.cycle)
    assert len(before) == 1 and decided(room).state == "closed"
    with pytest.raises(Conflict, match="closed"):
        close_decision(room.store, OWNER, closed.id, "Again")
    with pytest.raises(Conflict):
        take_back_decision(room, OWNER, closed.id)
