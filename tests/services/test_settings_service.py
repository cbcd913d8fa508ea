"""Settings: rules that nobody could meet are refused, changes are checked and told, access is not given away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.agreement.ground_rules import GroundRules
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.terms import Role
from sop.services.access import people as people_service
from sop.services.agreement.plan_acts import propose_plan
from sop.services.company import settings
from sop.services.planning.room import PlanningRoom
from sop.store import Store, open_store
from tests.copies import copy_database
from tests.services.planned_company import make_room

CEO, ADMIN = "executive", "administrator"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanningRoom]:
    room = make_room(tmp_path_factory.mktemp("settings"))
    yield room
    room.store.close()


@pytest.fixture
def store(template: PlanningRoom, tmp_path: Path) -> Store:
    copy_database(template.store, tmp_path / "accord.sqlite")
    return open_store(tmp_path)


def plan_for(store: Store, person: str = CEO, version: int = 1, **changes: int) -> None:
    rules = {"horizon": 12, "frozen": 1, "slushy": 3, "fiscal_start": 4} | changes
    settings.set_planning_rules(store, person, expected_version=version, **rules)


def test_the_ceo_sets_fences_at_once_and_the_horizon_for_the_next_cycle(store):
    plan_for(store, horizon=12, frozen=2, slushy=4)
    found = settings.read_settings_page(store, "viewer")
    assert (found.company.frozen, found.company.slushy, found.company.fiscal_start) == (2, 4, 4)
    assert (found.cycle.horizon, found.company.horizon) == (6, 12)
    fences = "Generated plans 6 months, 2 frozen and approval of changes to month 4; all 6 functions sign"
    assert found.message.startswith(fences)


@pytest.mark.parametrize(
    "changes",
    [
        {"horizon": 0},
        {"horizon": 2},
        {"horizon": 105},
        {"frozen": 4},
        {"slushy": 13},
        {"slushy": 7},
        {"fiscal_start": 13},
        {"fiscal_start": "W27"},
        {"every": "week"},
        {"calendar": "fortnight"},
    ],
)
def test_planning_rules_that_do_not_fit_are_refused(store, changes):
    with pytest.raises(BadInput):
        plan_for(store, **changes)


def test_a_change_on_an_old_version_loses_nothing(store):
    plan_for(store, frozen=2)
    with pytest.raises(Conflict, match="changed meanwhile"):
        plan_for(store, frozen=0)
    assert settings.read_settings_page(store, CEO).company.frozen == 2


@pytest.mark.parametrize("person", ["head_of_finance", "coordinator", "viewer", ADMIN])
def test_only_the_ceo_sets_rules(store, person):
    with pytest.raises(NotAllowed):
        plan_for(store, person)
    with pytest.raises(NotAllowed):
        settings.set_ground_rules(store, person, GroundRules(), 0)


def test_a_coalition_decides_by_its_quorum_and_the_rule_of_a_ceo_needs_none(store):
    rules = settings.set_ground_rules(store, CEO, GroundRules("coalition", ("finance", "sales"), 1), 0)
    assert rules.functions == ("sales", "finance") and rules.needed == 1
    assert "1 of 2 functions sign" in settings.read_settings_page(store, CEO).message
    assert settings.set_ground_rules(store, CEO, GroundRules("ceo", ("sales",), 5), 1).quorum == 0


@pytest.mark.parametrize(
    "rules",
    [
        GroundRules("king", ("sales",)),
        GroundRules("ceo", ()),
        GroundRules("ceo", ("gardening",)),
        GroundRules("coalition", ("sales", "finance"), 3),
        GroundRules("coalition", ("sales", "finance"), 0),
    ],
)
def test_ground_rules_that_nobody_can_meet_are_refused(store, rules):
    with pytest.raises(BadInput):
        settings.set_ground_rules(store, CEO, rules, 0)


def test_ground_rules_stand_still_while_a_plan_is_up_for_signature(store):
    propose_plan(PlanningRoom(store), "coordinator")
    assert settings.read_settings_page(store, CEO).signing
    with pytest.raises(Conflict, match="stand still"):
        settings.set_ground_rules(store, CEO, GroundRules("ceo", ("sales",)), 0)


def test_an_administrator_adds_people_and_nobody_else(store):
    people_service.add_person(store, ADMIN, "mira", "Mira Sol", Role.VIEWER)
    people = settings.read_settings_page(store, CEO).people
    assert ("mira", "Mira Sol", "viewer") in [(person.id, person.name, person.role) for person in people]
    with pytest.raises(NotAllowed):
        people_service.change_person(store, CEO, "mira", "Mira Sol", Role.EXECUTIVE, True)
    with pytest.raises(BadInput):
        people_service.add_person(store, ADMIN, " ", "Nobody", Role.VIEWER)


@pytest.mark.parametrize(("role", "active"), [(Role.VIEWER, True), (Role.ADMINISTRATOR, False)])
def test_nobody_takes_away_their_own_access(store, role, active):
    with pytest.raises(Conflict, match="their own access"):
        people_service.change_person(store, ADMIN, ADMIN, "Administrator", role, active)


def test_the_trail_says_who_did_what_and_that_nothing_was_altered(store):
    plan_for(store, frozen=2)
    newest = settings.read_trail(store, "viewer")[0]
    assert (newest.who, newest.role, newest.action) == ("CEO", "CEO", "setting_changed")
    assert "planning rules" in newest.text and "frozen" in newest.text
    assert settings.check_trail(store, "viewer").is_intact
