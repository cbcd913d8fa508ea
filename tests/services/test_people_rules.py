"""People: one form of ids and names, nothing overwritten, and no way from administrator to planner or signer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from sop.core.errors import BadInput, Conflict, NotAllowed, NotFound
from sop.core.terms import Role
from sop.services.access.mode import METHODS, Access, set_access
from sop.services.access.passwords import confirm_password, set_password
from sop.services.access.people import add_person, change_person, invite, invite_from_here
from sop.services.access.sessions import begin_session, choose_persona, find_session, key_of
from sop.services.agreement.plan_acts import propose_plan, sign
from sop.services.company.cycle import read_company, save_company
from sop.services.company.settings import list_people
from sop.services.planning.room import PlanningRoom
from sop.store import Store, open_store
from sop.store.sign_in import read_session
from tests.copies import copy_database
from tests.services.planned_company import make_room

ADMIN, WORDS = "administrator", "four words that nobody guesses"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("people"))


@pytest.fixture
def store(template: PlanningRoom, tmp_path: Path) -> Store:
    copy_database(template.store, tmp_path / "accord.sqlite")
    return open_store(tmp_path)


@pytest.mark.parametrize("same", ["mira", " MIRA ", "Mira", "\uff4dira", "mira\u00a0"])
def test_adding_never_overwrites_however_the_id_is_written(store, same):
    assert add_person(store, ADMIN, " Mira ", "Mira  Sol", Role.VIEWER).id == "mira"
    with pytest.raises(Conflict, match="there is a person 'mira'"):
        add_person(store, ADMIN, same, "Somebody", Role.EXECUTIVE)
    assert next(p for p in list_people(store) if p.id == "mira").name == "Mira Sol"


@pytest.mark.parametrize("same", ["Mira Sol", "MIRA SOL", " mira  sol ", "Mira\u00a0Sol"])
def test_two_people_are_not_called_alike(store, same):
    add_person(store, ADMIN, "mira", "Mira Sol", Role.VIEWER)
    with pytest.raises(Conflict, match="is called"):
        add_person(store, ADMIN, "other", same, Role.VIEWER)


@pytest.mark.parametrize("wrong", ["", " ", "a b", "x" * 81, "../x", "<b>", "a\u202eb", "-x"])
def test_what_is_no_id_is_refused(store, wrong):
    with pytest.raises(BadInput, match="no id"):
        add_person(store, ADMIN, wrong, "Name", Role.VIEWER)


@pytest.mark.parametrize("wrong", ["", "  ", "x" * 121, "Mi\u202era", "Mi\u200bra"])
def test_what_is_no_name_is_refused(store, wrong):
    with pytest.raises(BadInput, match="name"):
        add_person(store, ADMIN, "mira", wrong, Role.VIEWER)


def test_changing_nobody_adds_nobody(store):
    with pytest.raises(NotFound):
        change_person(store, ADMIN, "nobody", "No Body", Role.EXECUTIVE, True)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.VIEWER)])
def test_an_administrator_gets_no_planning_or_signing_role_by_no_detour(store, role):
    add_person(store, ADMIN, "second", "Second", Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="own access"):
        change_person(store, "second", "second", "Second", role, True)
    with pytest.raises(Conflict, match="neither plans nor signs"):
        change_person(store, ADMIN, "second", "Second", role, True)
    change_person(store, ADMIN, "second", "Second", Role.VIEWER, False)
    with pytest.raises(Conflict, match="neither plans nor signs"):
        change_person(store, ADMIN, "SECOND", "Second", role, True)


def test_the_last_administrator_stays(store):
    add_person(store, ADMIN, "second", "Second", Role.ADMINISTRATOR)
    change_person(store, "second", ADMIN, "Administrator", Role.VIEWER, True)
    with pytest.raises(Conflict, match="own access"):
        change_person(store, "second", "second", "Second", Role.VIEWER, True)
    with pytest.raises(NotAllowed):
        change_person(store, ADMIN, "second", "Second", Role.VIEWER, True)


def test_one_person_signs_for_one_function_whatever_becomes_of_their_role(store):
    plan = propose_plan(PlanningRoom(store), "coordinator")
    sign(store, "head_of_sales", plan.id, plan.digest)
    change_person(store, ADMIN, "head_of_sales", "Moved", Role.HEAD_OF_FINANCE, True)
    with pytest.raises(NotAllowed, match="signed this plan for Sales"):
        sign(store, "head_of_sales", plan.id, plan.digest)


@pytest.fixture
def local(store: Store) -> Store:
    """The same company, in which people sign in."""
    with store.write() as tx:
        save_company(tx, read_company(tx))
    set_access(store, "local")
    set_password(store, key_of(invite_from_here(store, "head_of_sales").partition("=")[2]), WORDS)
    return store


def test_a_signature_says_how_the_session_was_authenticated_and_needs_a_fresh_proof(local):
    plan = propose_plan(PlanningRoom(local), "coordinator")
    key = key_of(begin_session(local, "head_of_sales", Access.LOCAL))
    other = key_of(begin_session(local, "head_of_finance", Access.LOCAL))
    for session in ("", "invented", other):
        with pytest.raises(NotAllowed, match="signed in"):
            sign(local, "head_of_sales", plan.id, plan.digest, session=session)
    with local.write() as tx:
        tx.session.execute(text("UPDATE sessions SET confirmed_at = '2020-01-01T00:00:00.000000Z'"))
    with pytest.raises(NotAllowed, match="fresh proof"):
        sign(local, "head_of_sales", plan.id, plan.digest, session=key)
    with pytest.raises(NotAllowed, match="password is wrong"):
        confirm_password(local, key, "not the password")
    confirm_password(local, key, WORDS)
    (signature,) = sign(local, "head_of_sales", plan.id, plan.digest, session=key).signatures
    assert signature.auth_method == METHODS[Access.LOCAL]


def test_personas_are_chosen_in_a_demo_alone(store, local):
    key = key_of(begin_session(local, "viewer", Access.LOCAL))
    with pytest.raises(NotAllowed):
        choose_persona(local, key, "executive")
    with pytest.raises(NotAllowed):
        choose_persona(local, "invented", "executive")


def test_another_way_to_sign_in_ends_every_session(store):
    key = key_of(begin_session(store, "viewer", Access.DEMO))
    assert find_session(store, key) is not None
    set_access(store, "local")
    assert find_session(store, key) is None


@pytest.mark.parametrize("column", ["seen_at", "started_at"])
def test_a_session_ends_after_a_while(store, column):
    key = key_of(begin_session(store, "viewer", Access.DEMO))
    with store.write() as tx:
        tx.session.execute(text(f"UPDATE sessions SET {column} = '2020-01-01T00:00:00.000000Z'"))
    assert find_session(store, key) is None
    begin_session(store, "viewer", Access.DEMO)
    with store.read() as tx:
        assert read_session(tx, key) is None


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_invites(store, role):
    with pytest.raises(NotAllowed):
        invite(store, role, "viewer")
    assert "/invitation?link=" in invite(store, ADMIN, "viewer")


@pytest.mark.parametrize("weak", ["short", "head_of_sales", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_password_that_is_guessed_at_once_is_refused_and_the_link_holds(store, weak):
    set_access(store, "local")
    link = key_of(invite_from_here(store, "head_of_sales").partition("=")[2])
    with pytest.raises(BadInput, match="password"):
        set_password(store, link, weak)
    assert set_password(store, link, WORDS) == "head_of_sales"
    with pytest.raises(NotAllowed, match="does not hold"):
        set_password(store, link, WORDS)
