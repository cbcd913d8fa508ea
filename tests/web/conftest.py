"""A small company in which people sign in, and one that is a demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.cli.main import run_command
from sop.core.terms import Role
from sop.services.access.passwords import set_password
from sop.services.access.people import invite_from_here
from sop.services.access.sessions import key_of
from sop.store import Store, open_store
from sop.store.settings import save_person
from tests.services.planned_company import make_room
from tests.web.servers import link_in, served

WORDS = "correct horse battery staple"
PEOPLE = {
    "administrator": Role.ADMINISTRATOR,
    "coordinator": Role.COORDINATOR,
    "olga": Role.HEAD_OF_SALES,
    "vera": Role.VIEWER,
}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as `init` makes it, with four people who have a password."""
    folder = tmp_path_factory.mktemp("local")
    assert run_command(["--workspace", str(folder), "init", "--cycle", "2026-01", "--horizon", "6"]) == 0
    store = open_store(folder)
    with store.write() as tx:
        for person, role in PEOPLE.items():
            save_person(tx, person, person.capitalize(), role.value)
    for person in PEOPLE:
        set_password(store, key_of(link_in(invite_from_here(store, person))), f"{WORDS} {person[0]}")
    store.close()
    return folder


@pytest.fixture(scope="module")
def port(local: Path) -> Iterator[int]:
    """Where that workspace is served."""
    with served(local) as number:
        yield number


@pytest.fixture
def store(local: Path) -> Iterator[Store]:
    """Its database."""
    opened = open_store(local)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fictional company with a persona for each role."""
    folder = tmp_path_factory.mktemp("demo")
    make_room(folder).store.close()
    return folder
