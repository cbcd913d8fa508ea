"""Accept, refuse, defer, take back: one act each, in the working plan at once, and signed with it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sop.agreement.content import assumptions_of
from sop.agreement.decisions import DecisionRecord
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.fates import Fated
from sop.analysis.decisions.valuation import Valuation
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.register import Assumptions
from sop.core.terms import Role
from sop.files.export import csv_of
from sop.files.export_layout import build_sheets
from sop.intake.incoming import ImportRequest
from sop.services.agreement.decision_acts import (
    accept_decision,
    decide_on,
    decisions_content,
    defer_decision,
    list_decisions,
    refuse_decision,
    still_to_decide,
    take_back_decision,
    try_decision,
    undecided,
)
from sop.services.analysis.decisions import value_decisions, value_fates
from sop.services.analysis.outlook import trial_of
from sop.services.company.settings import list_people
from sop.services.data import board_pack
from sop.services.data.exports import working_content
from sop.services.data.imports import import_table
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import entries, list_scenarios
from sop.views.executive.decisions_table import decisions_message, decisions_table
from tests.companies import Shape, company_tables
from tests.services.planned_company import make_room

TIGHT = Shape(history=5, horizon=12, products=3, families=2)
NONE = Assumptions()
HOUR_PRICE = 10.0
FATED: tuple[Fated, ...] = ("launch", "initiative")
OWNER, CHAIR, OTHER = "head_of_operations", "executive", "head_of_finance"


@pytest.fixture
def room(tmp_path) -> PlanningRoom:
    """A company that can buy hours, and knows at what price."""
    found = make_room(tmp_path, TIGHT)
    capacity = company_tables(TIGHT)["capacity"].assign(extra_hour_price=HOUR_PRICE)
    import_table(found.store, "coordinator", ImportRequest("capacity", csv_of(capacity), "capacity.csv"))
    return found


@pytest.fixture
def valuation(room: PlanningRoom) -> Valuation:
    return value_decisions(room, room.input_set(), NONE)


@pytest.fixture
def decision(valuation: Valuation) -> Decision:
    """One that operations alone owns and that takes effect later than at once."""
    return next(
        each for each in valuation.decisions if each.move.key == "extra_hours_pct" and each.move.lead_months
    )


def first_open(room: PlanningRoom) -> str:
    return room.input_set().cycle.first_open


def test_what_is_accepted_is_in_the_working_plan_and_brings_what_was_said(
    room: PlanningRoom, decision: Decision
) -> None:
    before, move = room.plan(NONE), decision.move
    expected = trial_of(room, room.input_set(), NONE).with_moves(move)
    record = accept_decision(room, OWNER, decision, "Agreed with the works council")
    assert (record.state, record.by, record.note) == ("accepted", OWNER, "Agreed with the works council")
    after = room.plan(room.assumptions())
    assert after.lines == expected.lines, "the plan is the one that was valued, from its lead time on"
    gain = int(after["ebit"].sum() - before["ebit"].sum())
    assert record.expected["ebit_horizon"] == decision.effect.ebit_horizon == gain


def test_what_was_accepted_leaves_the_list_and_cannot_be_accepted_twice(
    room: PlanningRoom, valuation: Valuation, decision: Decision
) -> None:
    accept_decision(room, OWNER, decision)
    left = still_to_decide(room, valuation, first_open(room)).decisions
    assert decision not in left and len(left) == len(valuation.decisions) - 1
    with pytest.raises(Conflict, match="was accepted by"):
        accept_decision(room, CHAIR, decision, "Again")
    again = value_decisions(room, room.input_set(), room.assumptions())
    places = {
        (each.move.key, each.move.scope) for each in still_to_decide(room, again, first_open(room)).decisions
    }
    assert (decision.move.key, decision.move.scope) not in places, "one step more is not asked for at once"


def test_two_who_accept_at_once_are_one_acceptance_and_one_sentence(
    room: PlanningRoom, decision: Decision
) -> None:
    def accept(who: str) -> DecisionRecord | Conflict:
        try:
            return accept_decision(room, who, decision, "Now")
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(2) as both:
        found = list(both.map(accept, (OWNER, CHAIR)))
    (taken,) = (each for each in found if isinstance(each, DecisionRecord))
    (refused,) = (each for each in found if isinstance(each, Conflict))
    told = {person.id: person.name for person in list_people(room.store)}
    assert f"was accepted by {told[taken.by]} already" in refused.sentence and "Take that back" in refused.remedy
    assert [record.id for record in list_decisions(room.store, OWNER)] == [taken.id]
    assert len(entries(room.store, OWNER, list_scenarios(room.store, OWNER)[0].id)) == len(taken.facts["places"])


def test_a_decision_on_a_plan_that_moved_meanwhile_is_refused(room: PlanningRoom, decision: Decision) -> None:
    stale = replace(decision, move=replace(decision.move, before=decision.move.before + 0.01))
    with pytest.raises(Conflict, match="moved since this decision was valued"):
        accept_decision(room, OWNER, stale)
    assert list_decisions(room.store, OWNER) == () and room.assumptions() == NONE


def test_the_owner_decides_and_the_chair_over_the_owner_with_a_reason(
    room: PlanningRoom, decision: Decision
) -> None:
    with pytest.raises(NotAllowed, match="belongs to Operations"):
        accept_decision(room, OTHER, decision)
    with pytest.raises(NotAllowed):
        refuse_decision(room, "viewer", decision)
    with pytest.raises(BadInput, match="deciding over Operations needs a reason"):
        accept_decision(room, CHAIR, decision, "  ")
    record = accept_decision(room, CHAIR, decision, "The customer decides it")
    assert record.facts["ruling"] and not accept_is_ruling(room, decision)


def accept_is_ruling(room: PlanningRoom, decision: Decision) -> bool:
    """Whether the owner's own decision counts as a ruling, after taking back the chair's."""
    (found,) = list_decisions(room.store, CHAIR)
    take_back_decision(room, CHAIR, found.id, "To see")
    return bool(accept_decision(room, OWNER, decision).facts["ruling"])


def test_taking_back_leaves_the_plan_as_it_was(room: PlanningRoom, decision: Decision) -> None:
    before = room.plan(room.assumptions())
    record = accept_decision(room, OWNER, decision)
    taken = take_back_decision(room, OWNER, record.id)
    assert taken.state == "taken back" and room.assumptions() == NONE
    assert room.plan(room.assumptions()).lines == before.lines
    with pytest.raises(Conflict, match="taken back already"):
        take_back_decision(room, OWNER, taken.id)
    assert accept_decision(room, OWNER, decision).state == "accepted", "it may be decided anew"


def test_what_was_refused_comes_back_when_its_worth_changes_by_half(
    room: PlanningRoom, valuation: Valuation, decision: Decision
) -> None:
    decide_on(room, OWNER, decision, "Refuse", "Not this year")
    assert decision not in still_to_decide(room, valuation, first_open(room)).decisions
    worth = decision.effect.ebit_horizon
    assert worth
    for factor, asked in ((1.4, False), (1.6, True), (0.4, True)):
        changed = replace(decision, effect=replace(decision.effect, ebit_horizon=round(worth * factor)))
        found = still_to_decide(room, replace(valuation, decisions=(changed,)), first_open(room)).decisions
        assert bool(found) is asked, factor


def test_what_was_deferred_comes_back_in_its_month(
    room: PlanningRoom, valuation: Valuation, decision: Decision
) -> None:
    months = room.plan(NONE).months
    with pytest.raises(BadInput, match="cannot be deferred"):
        defer_decision(room, OWNER, decision, months[0])
    defer_decision(room, OWNER, decision, months[2], "After the trial")
    for month, asked in ((months[0], False), (months[1], False), (months[2], True)):
        assert (decision in still_to_decide(room, valuation, month).decisions) is asked


def test_decisions_are_signed_with_the_plan_and_the_plan_is_made_again_from_its_content(
    room: PlanningRoom, valuation: Valuation, decision: Decision
) -> None:
    assert working_content(room, "coordinator")["decisions"] == []
    accept_decision(room, CHAIR, decision, "Needed for Christmas")
    other = next(each for each in valuation.decisions if each.move.key != decision.move.key)
    refuse_decision(room, CHAIR, other, "Too dear")
    content = json.loads(json.dumps(working_content(room, "coordinator")))
    rows = {row["title"]: row for row in content["decisions"]}
    row = rows[decision.move.title]
    assert (row["state"], row["reason"], row["ruling"]) == ("accepted", "Needed for Christmas", True)
    assert rows[other.move.title]["state"] == "refused"
    assert float(row["ebit_horizon"]) == decision.effect.ebit_horizon / 100
    known = {key for key, value in room.plan(NONE).headline.items() if value is not None}
    assert {*row["headline"]} == known, "what it does to every headline measure is signed"
    assert float(row["headline"]["revenue"]) == decision.revenue / 100
    again = assumptions_of(content)
    assert again.texts == room.assumptions().texts and again.starts
    assert room.plan(again).lines == room.plan(room.assumptions()).lines
    assert [entry["title"] for entry in decisions_content(room.store, "1999-01")] == []


def test_workbook_and_pack_carry_what_was_decided_with_its_reason(room: PlanningRoom, decision: Decision) -> None:
    accept_decision(room, CHAIR, decision, "Needed for Christmas")
    sheets = build_sheets(working_content(room, "coordinator"))
    slides = board_pack.read_pack(room, "viewer", None).slides
    (sheet,) = (str(each) for each in sheets if each.name == "Decisions")
    (slide,) = (str(each.tables) for each in slides if each.name == "Decisions")
    for told in (sheet, slide):
        assert decision.move.title in told and "Needed for Christmas" in told and "accepted" in told


def test_trying_a_decision_changes_the_persons_own_draft_alone(room: PlanningRoom, decision: Decision) -> None:
    try_decision(room, "head_of_sales", decision)
    (draft,) = [s for s in list_scenarios(room.store, "head_of_sales") if s.kind == "draft"]
    (entry,) = entries(room.store, "head_of_sales", draft.id)
    assert (entry.key, entry.scope, entry.value) == (decision.move.key, decision.move.scope, decision.move.value)
    assert entry.start is not None and room.assumptions() == NONE
    with pytest.raises(NotAllowed):
        try_decision(room, Role.VIEWER.value, decision)


def test_the_list_tells_what_was_decided_and_what_it_is_expected_to_bring(
    room: PlanningRoom, valuation: Valuation, decision: Decision
) -> None:
    def message(due: int | None = None) -> str:
        return decisions_message(
            found(), first_open(room), due, lambda value: f"{value / 100:,.0f} EUR", "12 months"
        )

    def found() -> tuple[DecisionRecord, ...]:
        return list_decisions(room.store, CHAIR)

    assert message(2).endswith("nothing is decided yet; 2 recommended decisions are due today.")
    accept_decision(room, CHAIR, decision, "Needed")
    gain = decision.effect.ebit_12_months
    assert gain is not None
    assert f": 1 accepted, expected to bring {gain / 100:,.0f} EUR of EBIT in 12 months" in message()
    table = decisions_table(found(), {CHAIR: "Ingrid"}, "12 months")
    assert table.figure(decision.move.title, "EBIT, 12 months") == gain
    assert "Ingrid, over the owner" in str(table.rows)


def test_two_decisions_that_are_tried_do_not_stack_without_saying_so(
    room: PlanningRoom, valuation: Valuation
) -> None:
    first, second = valuation.decisions[:2]
    assert try_decision(room, OWNER, first) == "", "by itself"
    said = try_decision(room, OWNER, second)
    assert second.move.title in said and first.move.title in said and "on top of" in said


def test_a_launch_and_an_initiative_are_stopped_by_decisions_priced_as_every_other(room: PlanningRoom) -> None:
    inputs = room.input_set()
    stops = {of: next(each for each in value_fates(room, inputs, NONE, of) if each.move.title.startswith("Stop"))
             for of in FATED}  # fmt: skip
    before = room.plan(NONE)
    for of, stop in stops.items():
        expected = trial_of(room, inputs, NONE).with_moves(stop.move)
        assert stop.effect.ebit_horizon == int(expected["ebit"].sum() - before["ebit"].sum())
        assert stop.move in {each.move for each in undecided(room, value_fates(room, inputs, NONE, of), "2026-01")}
    with pytest.raises(NotAllowed):
        accept_decision(room, OWNER, stops["launch"], "Over the owner")
    accept_decision(room, "head_of_product", stops["launch"])
    assert room.assumptions()["launch_probability", "New one"] == 0.0
    after = room.plan(room.assumptions())
    assert not after["launch_volume"].any()
    left = undecided(room, value_fates(room, inputs, NONE, "launch"), first_open(room))
    assert stops["launch"].move not in {each.move for each in left}
    assert {each.move.key for each in left} == {"launch_slip_months"}, "going and stopping are one question"
