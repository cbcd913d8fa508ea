"""Who may do what: the whole table, role by role."""

from __future__ import annotations

import pytest

from sop.access import HEADS, PERMISSIONS, may, require, require_owner
from sop.core.errors import NotAllowed
from sop.core.register import REGISTER
from sop.core.terms import Function, Role

HEAD_ACTS = {
    "read_plans", "read_open_data", "run_scenario", "change_working_plan", "return_plan", "sign_plan", "export",
    "read_audit", "comment", "contribute", "do_task", "give_task",
}  # fmt: skip
READER_ACTS = {"read_plans", "read_open_data", "export", "read_audit", "comment", "contribute", "do_task"}
EXPECTED = {
    Role.EXECUTIVE: HEAD_ACTS | {"decide", "waive_finding", "set_ground_rules", "set_look", "lead_meeting"},
    **dict.fromkeys(HEADS, HEAD_ACTS | {"decide", "submit_step", "delegate"}),
    Role.COORDINATOR: HEAD_ACTS - {"change_working_plan", "sign_plan"}
    | {"import_data", "run_cycle", "propose_plan", "lead_meeting", "set_look"},
    Role.VIEWER: READER_ACTS,
    Role.ADMINISTRATOR: {"manage_people", "read_audit"},
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_exactly_what_the_process_gives_it(role: Role) -> None:
    assert {p.act for p in PERMISSIONS if may(role, p.act)} == EXPECTED[role]


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda p: p.act)
def test_nobody_may_anything_without_being_signed_in(permission) -> None:
    assert not may(None, permission.act)
    with pytest.raises(NotAllowed, match="not signed in"):
        require(None, permission.act)


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(NotAllowed, match=r"Head of sales may not import and undo data\. Ask Coordinator"):
        require(Role.HEAD_OF_SALES, "import_data")


@pytest.mark.parametrize("entry", REGISTER, ids=lambda e: e.key)
@pytest.mark.parametrize("role", [*HEADS, Role.EXECUTIVE])
def test_only_its_owner_changes_an_assumption_of_the_working_plan(entry, role: Role) -> None:
    if role.function in (entry.owner, *entry.also):
        require_owner(role, entry.key)
    else:
        with pytest.raises(NotAllowed, match="belongs to"):
            require_owner(role, entry.key)


def test_releases_are_allowed_by_operations_and_by_the_ceo_alone() -> None:
    may = {"head_of_operations", "executive"}
    assert {role.value for role in [*HEADS, Role.EXECUTIVE] if _owns(role, "releases_allowed")} == may
    assert [entry.key for entry in REGISTER if entry.also and entry.owner is Function.OPERATIONS] == [
        "releases_allowed"
    ]


def _owns(role: Role, key: str) -> bool:
    try:
        require_owner(role, key)
    except NotAllowed:
        return False
    return True


def test_every_function_signs_through_exactly_one_role() -> None:
    assert sorted(r.function for r in Role if r.function) == sorted(Function)
