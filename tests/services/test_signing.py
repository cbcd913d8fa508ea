"""Sign-off: who may sign what, what refuses a signature, dissent, and the same digest from the same inputs."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from sop.agreement.ground_rules import GroundRules
from sop.agreement.plan_states import SignOff
from sop.agreement.records import PlanRecord
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.terms import Role
from sop.files.snapshot import plan_digest, verify_snapshot
from sop.services.access.people import change_person
from sop.services.agreement import frozen_plans, plan_acts
from sop.services.agreement.frozen_plans import list_frozen, read_proposal, waive
from sop.services.company.cycle import close_and_roll
from sop.services.data import board_pack
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts as scenarios
from sop.store import open_store
from sop.store.audit import read_audit
from sop.store.data import add_table
from sop.store.plans import read_plan, read_signatures
from sop.store.settings import save_setting
from tests.companies import company_tables
from tests.copies import copy_database
from tests.rerun import rerun_content
from tests.services.planned_company import FUNCTIONS, SHORT, make_room

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PlanningRoom, PlanRecord]]:
    room = make_room(tmp_path_factory.mktemp("signing"))
    yield room, plan_acts.propose_plan(room, "coordinator")
    room.store.close()


@pytest.fixture
def room(template: tuple[PlanningRoom, PlanRecord], tmp_path: Path) -> PlanningRoom:
    """A workspace of the test's own, with revision 1 of 2026-01 proposed."""
    copy_database(template[0].store, tmp_path / "accord.sqlite")
    return PlanningRoom(open_store(tmp_path))


@pytest.fixture
def plan(template: tuple[PlanningRoom, PlanRecord]) -> PlanRecord:
    return template[1]


def sign_as(room: PlanningRoom, plan: PlanRecord, *functions: str, **how: str) -> SignOff:
    for function in functions:
        state = plan_acts.sign(room.store, FUNCTIONS[function], plan.id, plan.digest, **how)  # type: ignore[arg-type]
    return state


def agree(room: PlanningRoom, plan: PlanRecord) -> None:
    sign_as(room, plan, *FUNCTIONS)


def count_signatures(room: PlanningRoom, plan: PlanRecord) -> int:
    with room.store.read() as tx:
        return len(read_signatures(tx, plan.id))


def state_of(room: PlanningRoom, plan: PlanRecord) -> str:
    with room.store.read() as tx:
        return read_plan(tx, plan.id).state


def set_rules(room: PlanningRoom, rules: GroundRules) -> None:
    with room.store.write(by="executive", role="executive") as tx:
        save_setting(tx, "ground_rules", asdict(rules))


def test_the_last_required_signature_makes_a_plan_agreed(room: PlanningRoom, plan: PlanRecord) -> None:
    *first, last = FUNCTIONS
    state = sign_as(room, plan, *first)
    assert (state.record.state, state.given, state.open_functions) == ("proposed", 5, (last,))
    assert sign_as(room, plan, last).record.state == "agreed"
    assert frozen_plans.latest_agreed(room.store, "viewer").id == plan.id


@pytest.mark.parametrize("person", ["coordinator", "viewer", "administrator"])
def test_whoever_heads_no_function_cannot_sign_and_the_refusal_is_kept(
    room: PlanningRoom, plan: PlanRecord, person: str
) -> None:
    with pytest.raises(NotAllowed):
        plan_acts.sign(room.store, person, plan.id, plan.digest)
    assert count_signatures(room, plan) == 0
    with room.store.read() as tx:
        newest = read_audit(tx, limit=1)[0]
    assert (newest.action, newest.who) == ("refused", person)


def test_a_person_who_left_cannot_sign(room: PlanningRoom, plan: PlanRecord) -> None:
    change_person(room.store, "administrator", "head_of_sales", "Gone", Role.HEAD_OF_SALES, False)
    with pytest.raises(NotAllowed, match="may no longer sign in"):
        sign_as(room, plan, "sales")
    assert count_signatures(room, plan) == 0


def test_a_digest_that_was_not_shown_refuses_the_signature(room: PlanningRoom, plan: PlanRecord) -> None:
    with pytest.raises(Conflict, match="not the one that was shown"):
        plan_acts.sign(room.store, "executive", plan.id, "0" * 64)
    assert count_signatures(room, plan) == 0


def test_a_function_signs_once(room: PlanningRoom, plan: PlanRecord) -> None:
    sign_as(room, plan, "sales")
    with pytest.raises(Conflict, match="signed for sales"):
        sign_as(room, plan, "sales")
    assert count_signatures(room, plan) == 1


@pytest.mark.parametrize("meaning", ["dissent", "conditional"])
def test_dissent_and_conditions_need_words(room: PlanningRoom, plan: PlanRecord, meaning: str) -> None:
    with pytest.raises(BadInput, match="needs its words"):
        sign_as(room, plan, "sales", meaning=meaning)
    assert sign_as(room, plan, "sales", meaning=meaning, comment="only with the robot").signatures[0].comment


def test_after_a_dissent_the_plan_agreed_last_stands_until_the_chair_decides(
    room: PlanningRoom, plan: PlanRecord
) -> None:
    sign_as(room, plan, "operations", meaning="dissent", comment="too thin")
    state = sign_as(room, plan, "sales", "supply", "product", "finance", "ceo")
    assert (state.record.state, state.given, state.chair_decides) == ("proposed", 5, True)
    with pytest.raises(NotAllowed, match="only the CEO"):
        plan_acts.decide_over_dissent(room.store, "head_of_sales", plan.id, plan.digest, "because")
    with pytest.raises(Conflict, match="reason"):
        plan_acts.decide_over_dissent(room.store, "executive", plan.id, plan.digest, " ")
    with pytest.raises(Conflict, match="not the one that was shown"):
        plan_acts.decide_over_dissent(room.store, "executive", plan.id, "0" * 64, "because")
    decided = plan_acts.decide_over_dissent(room.store, "executive", plan.id, plan.digest, "we hire in May")
    assert decided.record.state == "agreed"
    assert "over the dissent of Operations: we hire in May" in decided.events[-1].reason
    assert [signature.function for signature in decided.dissents] == ["operations"]


def test_the_chair_decides_only_after_all_have_signed_and_not_when_dissenting(
    room: PlanningRoom, plan: PlanRecord
) -> None:
    sign_as(room, plan, "sales", meaning="dissent", comment="no")
    sign_as(room, plan, "ceo")
    with pytest.raises(Conflict, match="no dissent to decide"):
        plan_acts.decide_over_dissent(room.store, "executive", plan.id, plan.digest, "now")


def test_a_chair_who_dissents_cannot_make_the_plan_agreed(room: PlanningRoom, plan: PlanRecord) -> None:
    sign_as(room, plan, "ceo", meaning="dissent", comment="not this one")
    state = sign_as(room, plan, "sales", "operations", "supply", "product", "finance")
    assert (state.record.state, state.chair_decides) == ("proposed", False)
    with pytest.raises(Conflict):
        plan_acts.decide_over_dissent(room.store, "executive", plan.id, plan.digest, "after all")


def test_in_a_coalition_the_quorum_decides_and_a_dissent_stays_on_record(
    room: PlanningRoom, plan: PlanRecord
) -> None:
    set_rules(room, GroundRules("coalition", ("sales", "operations", "finance"), quorum=2))
    with pytest.raises(NotAllowed, match="do not ask CEO to sign"):
        sign_as(room, plan, "ceo")
    sign_as(room, plan, "operations", meaning="dissent", comment="no")
    assert sign_as(room, plan, "sales").record.state == "proposed"
    assert sign_as(room, plan, "finance").record.state == "agreed"


def test_where_the_ceo_chairs_the_ceo_is_always_asked(room: PlanningRoom, plan: PlanRecord) -> None:
    set_rules(room, GroundRules("ceo", ("sales",)))
    assert sign_as(room, plan, "sales").record.state == "proposed"
    assert sign_as(room, plan, "ceo").record.state == "agreed"


def test_a_new_revision_voids_partial_signatures_but_keeps_them(room: PlanningRoom, plan: PlanRecord) -> None:
    sign_as(room, plan, "sales")
    second = plan_acts.propose_plan(room, "coordinator")
    assert (second.revision, state_of(room, plan), count_signatures(room, plan)) == (2, "superseded", 1)
    with pytest.raises(Conflict, match="cannot be signed any more"):
        sign_as(room, plan, "finance")
    assert count_signatures(room, second) == 0


def test_an_agreed_plan_supersedes_the_one_in_force(room: PlanningRoom, plan: PlanRecord) -> None:
    agree(room, plan)
    second = plan_acts.propose_plan(room, "coordinator")
    assert second.previous_digest == plan.digest
    assert state_of(room, plan) == "agreed"
    agree(room, second)
    assert (state_of(room, plan), state_of(room, second)) == ("superseded", "agreed")
    assert [p.id for p in list_frozen(room, "viewer", "2026-01")] == [second.id, plan.id]


def test_a_plan_keeps_the_ground_rules_under_which_it_was_agreed(room: PlanningRoom, plan: PlanRecord) -> None:
    agree(room, plan)
    set_rules(room, GroundRules("ceo", ("sales", "ceo")))
    set_rules(room, GroundRules("coalition", ("sales", "supply"), 1))
    state = frozen_plans.read_sign_off(room.store, "executive", plan.id)
    assert (state.given, state.needed, len(state.required)) == (6, 6, 6)


def test_a_plan_goes_back_with_a_reason_and_cannot_be_signed_then(room: PlanningRoom, plan: PlanRecord) -> None:
    with pytest.raises(Conflict, match="with a reason"):
        plan_acts.return_plan(room.store, "head_of_finance", plan.id, "")
    assert plan_acts.return_plan(room.store, "head_of_finance", plan.id, "cash too low").state == "returned"
    with pytest.raises(Conflict, match="is returned"):
        sign_as(room, plan, "sales")
    with pytest.raises(NotAllowed):
        plan_acts.return_plan(room.store, "viewer", plan.id, "no")


def test_only_who_prepared_or_signed_withdraws_and_the_signature_stays(
    room: PlanningRoom, plan: PlanRecord
) -> None:
    with pytest.raises(NotAllowed, match="prepared or signed"):
        plan_acts.withdraw_plan(room.store, "head_of_sales", plan.id, "second thoughts")
    sign_as(room, plan, "sales")
    assert plan_acts.withdraw_plan(room.store, "head_of_sales", plan.id, "tender lost").state == "withdrawn"
    assert count_signatures(room, plan) == 1
    second = plan_acts.propose_plan(room, "coordinator")
    assert plan_acts.withdraw_plan(room.store, "coordinator", second.id, "wrong file").state == "withdrawn"


def test_a_plan_of_a_closed_cycle_cannot_be_signed(room: PlanningRoom, plan: PlanRecord) -> None:
    sales = company_tables(SHORT)["sales_actuals"]
    january = sales[sales["month"] == sales["month"].max()].assign(month="2026-01")
    with room.store.write(by="coordinator", role="coordinator") as tx:
        sales = pd.concat([sales, january], ignore_index=True)
        add_table(tx, "sales_actuals", sales, file_name="sales.csv", file_sha256="0" * 64)
    close_and_roll(room.store, "coordinator")
    with pytest.raises(Conflict, match="the cycle Jan 2026 is closed"):
        sign_as(room, plan, "sales")


@pytest.mark.parametrize("person", [*FUNCTIONS.values(), "viewer", "administrator"])
def test_only_the_coordinator_proposes(room: PlanningRoom, person: str) -> None:
    with pytest.raises(NotAllowed):
        plan_acts.propose_plan(room, person)


def test_a_private_draft_cannot_be_proposed_and_a_saved_scenario_can(room: PlanningRoom) -> None:
    draft = scenarios.own_draft(room.store, "coordinator")
    scenarios.change_assumption(room.store, "coordinator", draft.id, "price_pct", 0.01)
    with pytest.raises(BadInput, match="private draft"):
        plan_acts.propose_plan(room, "coordinator", draft.id)
    saved = scenarios.save_as(room.store, "coordinator", draft.id, "Dearer")
    proposed = plan_acts.propose_plan(room, "coordinator", saved.id, "Dearer plan")
    content = frozen_plans.read_content(room.store, "viewer", proposed.id)
    assert [(row["key"], row["value"]) for row in content["assumptions"]] == [("price_pct", "0.01")]


def test_a_waiver_is_the_ceos_and_has_an_end(room: PlanningRoom) -> None:
    with pytest.raises(NotAllowed):
        waive(room.store, "head_of_sales", "2026-01", "stock_identity", "known", "2099-01")
    with pytest.raises(BadInput, match="lacks its reason or its expiry"):
        waive(room.store, "executive", "2026-01", "stock_identity", "known", "")
    with pytest.raises(BadInput, match="2026-13"):
        waive(room.store, "executive", "2026-01", "stock_identity", "known", "2026-13")
    assert waive(room.store, "executive", "2026-01", "stock_identity", "known", "2099-01").by == "executive"


def test_the_page_tells_when_a_table_changed_after_the_plan_was_made(room: PlanningRoom, plan: PlanRecord) -> None:
    assert read_proposal(room, "viewer", plan.id, room.input_set()).tables_since == ()
    products = company_tables(SHORT)["products"].assign(name="renamed")
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "products", products, file_name="products.csv", file_sha256="1" * 64)
    assert read_proposal(room, "viewer", plan.id, room.input_set()).tables_since == ("products",)


def test_a_snapshot_holds_the_signatures_with_dissent_and_words(
    room: PlanningRoom, plan: PlanRecord, tmp_path: Path
) -> None:
    sign_as(room, plan, "sales", meaning="dissent", comment="tender lost")
    snapshot = board_pack.export_snapshot(room, "viewer", plan.id, tmp_path / "keys")
    report = verify_snapshot(snapshot)
    assert report.valid, report.text()
    assert report.plan is not None
    assert [(s["function"], s["meaning"], s["comment"]) for s in report.plan["signatures"]] == [
        ("sales", "dissent", "tender lost")
    ]
    assert report.plan_digest == plan.digest
    with pytest.raises(NotAllowed):
        board_pack.export_snapshot(room, "administrator", plan.id, tmp_path / "keys")


def test_a_frozen_plan_is_planned_again_to_the_same_digest_after_sliders_moved_in_any_order(
    room: PlanningRoom, plan: PlanRecord
) -> None:
    agree(room, plan)
    draft = scenarios.own_draft(room.store, "executive")
    moves = [("demand_pct", 0.05), ("price_pct", 0.02), ("capacity_pct", -0.1), ("supply_pct", 0.5)] * 2
    random.Random(7).shuffle(moves)
    for key, value in moves:
        scenarios.change_assumption(room.store, "executive", draft.id, key, value)
        room.scenario_plan(draft.id)
    saved = scenarios.save_as(room.store, "executive", draft.id, "Moved")
    # The agreed plan stands in the frozen month, and its hours are a tenth fewer now.
    with pytest.raises(Conflict, match="the gate is red: L1 is planned above its hours"):
        plan_acts.propose_plan(room, "coordinator", saved.id)
    waive(room.store, "executive", "2026-01", "limit_exceeded: L1", "a shift on Saturday", "2099-01")
    second = plan_acts.propose_plan(room, "coordinator", saved.id)
    assert plan_digest(rerun_content(room, plan.id)) == plan.digest
    assert plan_digest(rerun_content(room, second.id)) == second.digest


_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from sop.files.snapshot import plan_digest
from sop.services.planning.room import PlanningRoom
from tests.rerun import rerun_content
from sop.store import open_store
print(plan_digest(rerun_content(PlanningRoom(open_store(Path(sys.argv[1]))), int(sys.argv[2]))))
"""


def test_another_process_plans_a_frozen_plan_to_the_same_digest(
    room: PlanningRoom, plan: PlanRecord, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", _IN_ANOTHER_PROCESS, str(tmp_path), str(plan.id)]
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == plan.digest
