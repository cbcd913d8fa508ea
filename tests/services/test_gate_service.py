"""The gate stops proposals and signatures on either database until the CEO waives what is red, and afterwards."""

from __future__ import annotations

import pandas as pd
import pytest

from sop.agreement.gate import frozen_lines
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.terms import Role
from sop.services.access.people import change_person
from sop.services.agreement import frozen_plans, plan_acts
from sop.services.agreement.frozen_plans import waive
from sop.services.agreement.gate_findings import gate_of_view, working_gate
from sop.services.company.cycle import CompanySettings, initialise, move_to_step
from sop.services.planning.choices import Choice, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts as scenarios
from sop.store import Store
from sop.store.audit import read_audit, verify_chain
from sop.store.data import add_table
from tests.companies import FIRST_OPEN, company_tables
from tests.services.planned_company import FUNCTIONS, SHORT, load_tables

COVENANT = 900_000_000.0
"""More cash than the company will ever have."""
WORKING = Choice("working", "Working plan")


@pytest.fixture
def room(store: Store) -> PlanningRoom:
    """The generated company, whose ledger knows taxes: its cash is whole and breaks its covenant."""
    initialise(store, FIRST_OPEN, CompanySettings(name="Generated", horizon=SHORT.horizon, fictional=True))
    load_tables(store, SHORT)
    tables = company_tables(SHORT)
    ledger, accounts = tables["financials"], tables["account_map"]
    taxes = pd.DataFrame({"month": sorted(set(ledger["month"])), "scenario": "actual", "account": "Taxes",
                          "account_type": "P&L", "amount": 10.0})  # fmt: skip
    tax_line = pd.DataFrame({"account_type": ["P&L"], "account": ["Taxes"], "line": ["tax"]})
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in (
            ("financials", pd.concat([ledger, taxes], ignore_index=True)),
            ("account_map", pd.concat([accounts, tax_line], ignore_index=True)),
        ):
            add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="1" * 64)
    working = scenarios.working_scenario(store, "head_of_finance")
    scenarios.change_assumption(store, "head_of_finance", working.id, "minimum_cash", COVENANT, reason="covenant")
    return PlanningRoom(store)


def waive_cash(room: PlanningRoom, expiry: str) -> None:
    waive(room.store, "executive", FIRST_OPEN, "minimum_cash", "the bank agreed in writing", expiry)


def on(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the acts on a plan happen on a day."""
    monkeypatch.setattr(plan_acts, "today", lambda: day)


def test_a_red_line_stops_the_proposal_in_one_sentence_and_nothing_is_kept(room: PlanningRoom) -> None:
    with pytest.raises(Conflict) as refused:
        plan_acts.propose_plan(room, "coordinator")
    said = refused.value.sentence
    assert said.startswith("The gate is red: Cash falls to ") and "below the minimum of 900\u202f000 k€" in said
    assert said.endswith(
        "because nobody has waived it. Mend it and propose again, or have the CEO waive it on the Sign-off page "
        "with reason and expiry."
    )
    assert frozen_plans.list_plans(room.store, "viewer") == ()


@pytest.mark.parametrize("person", [*(p for p in FUNCTIONS.values() if p != "executive"), "coordinator", "viewer"])
def test_nobody_but_the_ceo_waives_and_who_tries_is_on_record(room: PlanningRoom, person: str) -> None:
    with pytest.raises(NotAllowed, match="Ask CEO"):
        waive(room.store, person, FIRST_OPEN, "minimum_cash", "it will do", "2099-12")
    with room.store.read() as tx:
        assert read_audit(tx, 1)[0].action == "refused"
    with pytest.raises(Conflict, match="the gate is red"):
        plan_acts.propose_plan(room, "coordinator")


def test_a_waiver_without_reason_or_with_an_end_that_has_passed_waives_nothing(room: PlanningRoom) -> None:
    with pytest.raises(BadInput, match="lacks its reason or its expiry"):
        waive(room.store, "executive", FIRST_OPEN, "minimum_cash", " ", "2099-12")
    waive_cash(room, "2020-12")
    with pytest.raises(Conflict, match="because its waiver has expired"):
        plan_acts.propose_plan(room, "coordinator")


def test_waived_it_is_proposed_and_signed_until_the_waiver_ends(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    waive_cash(room, "2099-12")
    plan = plan_acts.propose_plan(room, "coordinator")
    gate = frozen_plans.read_content(room.store, "viewer", plan.id)["gate"]
    assert gate["findings"][0]["rule"] == "minimum_cash" and gate["findings"][0]["level"] == "red"
    assert gate["waivers"] == [
        {"rule": "minimum_cash", "by": "executive", "reason": "the bank agreed in writing", "expiry": "2099-12"}
    ]
    plan_acts.sign(room.store, "head_of_sales", plan.id, plan.digest)
    on("2100-01-01", monkeypatch)
    with pytest.raises(Conflict, match="because its waiver has expired"):
        plan_acts.sign(room.store, "head_of_finance", plan.id, plan.digest)
    assert frozen_plans.read_sign_off(room.store, "viewer", plan.id).given == 1
    waive_cash(room, "2100-01")
    for person in FUNCTIONS.values():
        if person != "head_of_sales":
            plan_acts.sign(room.store, person, plan.id, plan.digest)
    assert frozen_plans.latest_agreed(room.store, "viewer").digest == plan.digest
    with room.store.read() as tx:
        assert verify_chain(tx).is_intact


def test_the_chair_cannot_decide_over_a_dissent_once_the_waiver_has_ended(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    waive_cash(room, "2099-12")
    plan = plan_acts.propose_plan(room, "coordinator")
    for function, person in FUNCTIONS.items():
        meaning = "dissent" if function == "operations" else "approve"
        plan_acts.sign(room.store, person, plan.id, plan.digest, meaning=meaning, comment="too thin")  # type: ignore[arg-type]
    on("2100-01-01", monkeypatch)
    with pytest.raises(Conflict, match="the gate is red"):
        plan_acts.decide_over_dissent(room.store, "executive", plan.id, plan.digest, "we hire in May")
    on("2099-12-31", monkeypatch)
    decided = plan_acts.decide_over_dissent(room.store, "executive", plan.id, plan.digest, "we hire in May")
    assert decided.record.state == "agreed"


def test_the_working_plan_meets_the_gate_that_its_proposal_meets(room: PlanningRoom) -> None:
    waive_cash(room, "2099-12")
    inputs = room.input_set()
    gate = working_gate(room, "viewer", inputs)
    plan = plan_acts.propose_plan(room, "coordinator")
    assert frozen_lines(frozen_plans.read_content(room.store, "viewer", plan.id)) == gate.lines
    assert gate_of_view(room, "viewer", inputs, read_view(room, "viewer", WORKING)) == gate
    frozen = read_view(room, "viewer", Choice(f"plan-{plan.id}", "proposed"))
    assert gate_of_view(room, "viewer", inputs, frozen) == gate
    with pytest.raises(NotAllowed):
        working_gate(room, "administrator", inputs)


def rules(room: PlanningRoom) -> dict[str, str]:
    """What the gate says of the working plan now, by rule."""
    return {line.rule: line.what for line in working_gate(room, "viewer", room.input_set()).lines}


def test_what_is_open_beside_the_plan_stands_at_the_gate(room: PlanningRoom) -> None:
    assert not {"cycle_step", "nobody_signs", "condition"} & rules(room).keys(), "no step was ever used"
    move_to_step(room.store, "coordinator", "finance")
    assert rules(room)["cycle_step"] == "The cycle stands at the step finance; executive is open"
    move_to_step(room.store, "coordinator", "executive")
    waive_cash(room, "2099-12")
    plan = plan_acts.propose_plan(room, "coordinator")
    plan_acts.sign(
        room.store,
        "head_of_operations",
        plan.id,
        plan.digest,
        meaning="conditional",
        comment="if two start in May",
    )
    change_person(room.store, "administrator", "head_of_supply", "Gone", Role.HEAD_OF_SUPPLY, False)
    told = rules(room)
    assert "cycle_step" not in told
    assert told["nobody_signs"].startswith("Supply must sign and has nobody who can")
    assert told["condition"] == (
        "Head of operations signed Jan 2026, revision 1 for Operations on the condition “if two start in May”"
    )
