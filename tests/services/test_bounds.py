"""Bounds: texts have a length, scopes exist, closed cycles and proposed plans keep their rules, a draft is one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sop.core.errors import BadInput, Conflict
from sop.core.lengths import LENGTHS, longest
from sop.services.agreement import frozen_plans, plan_acts
from sop.services.company import settings
from sop.services.company.cycle import CompanySettings, close_and_roll, save_company
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts
from sop.store import open_store
from sop.store.scenarios import read_scenarios
from tests.companies import FIRST_OPEN
from tests.copies import copy_database
from tests.services.planned_company import make_room

HEAD = "head_of_sales"
LONG = "x" * (LENGTHS["reason"] + 1)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("bounds"))


@pytest.fixture
def room(template: PlanningRoom, tmp_path: Path) -> PlanningRoom:
    copy_database(template.store, tmp_path / "accord.sqlite")
    return PlanningRoom(open_store(tmp_path))


def set_demand(room: PlanningRoom, **how: str) -> object:
    working = drafts.working_scenario(room.store, HEAD).id
    return drafts.change_assumption(room.store, HEAD, working, "demand_pct", 0.02, **how)


def test_a_text_beyond_its_length_is_refused_and_nothing_is_kept(room):
    for act in (
        lambda: set_demand(room, reason=LONG),
        lambda: set_demand(room, reason="x" * 5_000_000),
        lambda: drafts.save_as(room.store, HEAD, drafts.own_draft(room.store, HEAD).id, "x" * 121),
        lambda: drafts.save_as(room.store, HEAD, drafts.own_draft(room.store, HEAD).id, "Mine", LONG),
        lambda: frozen_plans.waive(room.store, "executive", FIRST_OPEN, "identity", LONG, "2026-12"),
    ):
        with pytest.raises(BadInput, match="characters"):
            act()
    assert drafts.entries(room.store, HEAD, drafts.working_scenario(room.store, HEAD).id) == ()
    assert not [each for each in drafts.list_scenarios(room.store, HEAD) if each.kind == "saved"]
    set_demand(room, reason="x" * longest("reason"))


def test_what_is_said_about_a_proposal_has_a_length_too(room):
    plan = plan_acts.propose_plan(room, "coordinator", label="as it is")
    for act in (
        lambda: plan_acts.sign(room.store, HEAD, plan.id, plan.digest, meaning="conditional", comment=LONG),
        lambda: plan_acts.return_plan(room.store, HEAD, plan.id, LONG * 2),
        lambda: plan_acts.propose_plan(room, "coordinator", label="x" * 121),
    ):
        with pytest.raises(BadInput, match="characters"):
            act()
    assert frozen_plans.read_sign_off(room.store, HEAD, plan.id).signatures == ()


def test_a_company_has_a_name_of_some_length(room):
    with pytest.raises(BadInput, match="characters"), room.store.write() as tx:
        save_company(tx, CompanySettings(name="x" * 121))


@pytest.mark.parametrize("scope", ["Family Z", "family a", "Family A|Region 0", " "])
def test_an_assumption_is_set_for_something_that_exists(room, scope):
    with pytest.raises(BadInput, match="there is no family"):
        set_demand(room, scope=scope)
    assert set_demand(room, scope="Family A")


def test_what_holds_for_the_whole_company_takes_no_scope(room):
    working = drafts.working_scenario(room.store, HEAD).id
    with pytest.raises(BadInput, match="whole company"):
        drafts.change_assumption(room.store, "head_of_finance", working, "carrying_rate", 0.1, scope="Family A")


def test_a_closed_cycle_takes_no_edit(room):
    working = drafts.working_scenario(room.store, HEAD).id
    mine = drafts.own_draft(room.store, HEAD).id
    close_and_roll(room.store, "coordinator")
    for act in (
        lambda: drafts.change_assumption(room.store, HEAD, working, "demand_pct", 0.02),
        lambda: drafts.change_assumption(room.store, HEAD, mine, "demand_pct", 0.02),
        lambda: drafts.save_as(room.store, HEAD, working, "Too late"),
        lambda: frozen_plans.waive(room.store, "executive", FIRST_OPEN, "identity", "Known", "2026-12"),
    ):
        with pytest.raises(Conflict, match=r"is closed|is not open"):
            act()


def test_planning_rules_stand_still_while_a_plan_is_up_for_signature(room):
    rules = {"horizon": 6, "frozen": 2, "slushy": 3, "fiscal_start": 1, "expected_version": 1}
    plan = plan_acts.propose_plan(room, "coordinator")
    with pytest.raises(Conflict, match="stand still"):
        settings.set_planning_rules(room.store, "executive", **rules)
    plan_acts.return_plan(room.store, HEAD, plan.id, "Not yet")
    assert settings.set_planning_rules(room.store, "executive", **rules).frozen == 2


def test_a_draft_that_is_opened_twice_at_once_is_one(room):
    start, made = threading.Barrier(2), []

    def open_it() -> None:
        start.wait(timeout=10)
        made.append(drafts.own_draft(room.store, HEAD).id)

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with room.store.read() as tx:
        kept = [each.id for each in read_scenarios(tx, FIRST_OPEN) if each.kind == "draft"]
    assert len(set(made)) == 1 and kept == [made[0]]
