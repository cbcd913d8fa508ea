"""Bounds: texts have a length, scopes exist, closed cycles and proposed plans keep their rules, a draft is one."""

from __future__ import annotations

import threading

import pandas as pd
import pytest

from sop.core.errors import BadInput, Conflict
from sop.core.lengths import LENGTHS, longest
from sop.services.agreement import frozen_plans, plan_acts
from sop.services.company import settings
from sop.services.company.cycle import CompanySettings, close_and_roll, save_company
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts
from sop.store.data import add_table
from sop.store.scenarios import read_scenarios
from tests.companies import FIRST_OPEN
from tests.services.planned_company import make_room

HEAD = "head_of_sales"
LONG = "x" * (LENGTHS["reason"] + 1)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("bounds"))


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


@pytest.mark.parametrize(
    ("key", "scope", "why"),
    [
        ("demand_units", "", "names no month"),
        ("demand_units", "Family A|Region 0", "names no month"),
        ("demand_units", "Family Z|Region 0|2026-02", "there is no family"),
        ("demand_units", "Family A|Atlantis|2026-02", "there is no region"),
        ("demand_units", "Family A||2025-12", "is not planned"),
        ("demand_units", "Family A||2099-12", "is not planned"),
        ("history_restored", "Family A|Atlantis|2025-12", "there is no region"),
        ("history_restored", "Family A|Region 0|2026-01", "is not closed"),
    ],
)
def test_what_is_set_by_month_names_a_family_a_region_and_a_month_that_exist(room, key, scope, why):
    working = drafts.working_scenario(room.store, HEAD).id
    with pytest.raises(BadInput, match=why):
        drafts.change_assumption(room.store, HEAD, working, key, 1.0, scope=scope)
    assert drafts.entries(room.store, HEAD, working) == ()


def test_a_currency_is_one_that_the_company_has_rates_of(room):
    rates = pd.DataFrame({"month": [FIRST_OPEN], "currency": ["USD"], "rate": [1.1]})
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "fx_rates", rates, file_name="fx.csv", file_sha256="0" * 64)
    working = drafts.working_scenario(room.store, HEAD).id
    with pytest.raises(BadInput, match="there is no currency 'XXX'"):
        drafts.change_assumption(room.store, "head_of_finance", working, "fx_pct", 0.1, scope="XXX")
    assert drafts.change_assumption(room.store, "head_of_finance", working, "fx_pct", 0.1, scope="USD")


def test_what_one_person_moves_in_two_windows_of_their_draft_is_never_a_conflict(room):
    mine = drafts.own_draft(room.store, HEAD).id
    moves, refused = [0.01, 0.02, 0.03, 0.0] * 4, []

    def window(order: list[float]) -> None:
        for value in order:
            try:
                # What this window saw last is long gone: the other one moves the same slider.
                if value:
                    drafts.change_assumption(room.store, HEAD, mine, "demand_pct", value, expected_version=0)
                else:
                    drafts.reset_assumption(room.store, HEAD, mine, "demand_pct", expected_version=0)
            except Conflict as conflict:
                refused.append(str(conflict))

    threads = [threading.Thread(target=window, args=(order,)) for order in (moves, moves[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == []
    working = drafts.working_scenario(room.store, HEAD).id
    drafts.change_assumption(room.store, HEAD, working, "demand_pct", 0.01)
    with pytest.raises(Conflict, match="changed demand_pct meanwhile"):
        drafts.change_assumption(room.store, HEAD, working, "demand_pct", 0.02, expected_version=0)


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
