"""Plans as JSON behind the sign-in: for every role as the permissions say, for nobody who is signed out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.access import may
from sop.core.open_data import OPEN_TABLES
from sop.core.terms import Role
from sop.services.access.mode import Access
from sop.services.access.sessions import begin_session, choose_persona, key_of
from sop.store import open_store
from tests.web.servers import ask, served


@pytest.fixture(scope="module")
def demo_port(demo: Path) -> Iterator[int]:
    """Where the company with a persona for each role is served."""
    with served(demo, SOP_DRAWS="50") as number:
        yield number


@pytest.fixture(scope="module")
def cookies(demo: Path, demo_port: int) -> dict[str, str]:
    """The cookie of somebody in each role, and of a visitor who has not said who they are ('')."""
    store, found = open_store(demo), {}
    for role in ("", *Role):
        secret = begin_session(store, None, Access.DEMO)
        if role:
            choose_persona(store, key_of(secret), str(role))
        found[str(role)] = f"accord_{demo_port}={secret}"
    store.close()
    return found


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_what_the_permissions_say(demo_port: int, cookies: dict[str, str], role: Role) -> None:
    for path in ("/api/v1", *(f"/api/v1/{table.name}" for table in OPEN_TABLES if not table.of_plans)):
        answer = ask(demo_port, path, cookie=cookies[role.value])
        assert answer.status == (200 if may(role, "read_open_data") else 403), path
        told = json.loads(answer.text)
        assert ("error" in told) is not may(role, "read_open_data")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/plans", "/api/v1/plan_lines?of=working", "/api/v1/nothing"])
def test_who_is_signed_out_reads_nothing(port: int, demo_port: int, cookies: dict[str, str], path: str) -> None:
    assert ask(port, path).status == 401
    assert ask(demo_port, path).status == 401
    assert ask(demo_port, path, x_accord_session="0" * 64).status == 401
    assert ask(demo_port, path, cookie=cookies[""]).status == 401


def test_the_working_plan_comes_as_its_columns_and_narrowed(demo_port: int, cookies: dict[str, str]) -> None:
    asked = "/api/v1/plan_lines?of=working&measure=consensus_demand"
    told = json.loads(ask(demo_port, asked, cookie=cookies["viewer"]).text)
    assert told["table"] == "plan_lines" and told["rows"]
    table = next(each for each in OPEN_TABLES if each.name == "plan_lines")
    assert {tuple(sorted(row)) for row in told["rows"]} == {tuple(sorted(table.column_names))}
    assert {row["measure"] for row in told["rows"]} == {"consensus_demand"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/v1/people", 404, "no open table"),
        ("/api/v1/plan_lines", 404, "no plan has been agreed yet"),
        ("/api/v1/plans?of=x", 400, "names no plan"),
        ("/api/v1/plans?digest=a&digest=b", 400, "twice"),
        ("/api/v1/plans?nothing=1", 400, "cannot be narrowed"),
    ],
)
def test_a_wrong_question_is_answered_in_a_sentence(
    demo_port: int, cookies: dict[str, str], path: str, status: int, words: str
) -> None:
    answer = ask(demo_port, path, cookie=cookies["viewer"])
    assert answer.status == status
    assert words in json.loads(answer.text)["error"].lower()


def test_nothing_is_written_by_it(demo_port: int, cookies: dict[str, str]) -> None:
    own = f"http://127.0.0.1:{demo_port}"
    for method in ("POST", "PUT", "DELETE"):
        assert ask(demo_port, "/api/v1/plans", method, cookie=cookies["executive"], origin=own).status == 405
