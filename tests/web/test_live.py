"""Following live: browsers are told what moved and when their session ends, and nobody else is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from sop.core.terms import Role
from sop.services.access.people import change_person
from sop.services.company.cycle import move_to_step
from sop.store import Store, open_store
from tests.browser.conftest import SLOW, chromium, settled
from tests.servers import HOST, free_port, once_it_answers
from tests.web.conftest import WORDS
from tests.web.servers import Front, served, sign_in, start

__all__ = ["chromium"]
SOON = 10.0
"""Within so many seconds a change is on other screens, far more than it takes, for machines that are busy with
others; bench/sessions.py measures how long it does take."""


@contextmanager
def listening(port: int, cookie: str, origin: str = "", host: str = "") -> Iterator[ClientConnection]:
    headers = {"Cookie": cookie} | ({"Host": host} if host else {})
    own = origin or f"http://{HOST}:{port}"
    with connect(f"ws://{HOST}:{port}/live", origin=own, additional_headers=headers, open_timeout=60) as socket:
        yield socket


def hear(socket: ClientConnection) -> dict[str, Any]:
    """The next news but who comes and goes."""
    while "here" in (news := json.loads(socket.recv(timeout=30))):
        pass
    return news


def hear_who_is_here(socket: ClientConnection, *names: str) -> None:
    while json.loads(socket.recv(timeout=30)).get("here") != list(names):
        pass


def cookie_of(port: int, person: str) -> str:
    return sign_in(port, person, f"{WORDS} {person[0]}").cookie


def test_everybody_hears_of_a_change_soon(port: int, store: Store) -> None:
    with listening(port, cookie_of(port, "vera")) as one, listening(port, cookie_of(port, "olga")) as other:
        first = hear(one)
        assert first == hear(other) and first["boot"]
        took = []
        for step in ("product", "demand", "supply"):
            began = time.perf_counter()
            move_to_step(store, "coordinator", step)
            told = hear(one)
            took.append(time.perf_counter() - began)
            assert told == hear(other) and told["version"] != first["version"] and told["boot"] == first["boot"]
    assert sorted(took)[1] < SOON


def test_everybody_hears_who_comes_and_goes(port: int) -> None:
    with listening(port, cookie_of(port, "vera")) as one:
        hear_who_is_here(one, "Vera")
        with listening(port, cookie_of(port, "olga")) as other:
            hear_who_is_here(one, "Olga", "Vera")
            hear_who_is_here(other, "Olga", "Vera")
        hear_who_is_here(one, "Vera")


def test_whoever_comes_back_is_told_where_things_stand(port: int, store: Store) -> None:
    cookie = cookie_of(port, "vera")
    with listening(port, cookie) as socket:
        before = hear(socket)
    move_to_step(store, "coordinator", "finance")
    with listening(port, cookie) as socket:
        assert hear(socket)["version"] != before["version"]


def test_whose_session_ends_is_told_so(port: int, store: Store) -> None:
    with listening(port, cookie_of(port, "olga")) as socket:
        hear(socket)
        change_person(store, "administrator", "olga", "Olga", Role.HEAD_OF_FINANCE, True)
        assert {"ended": True} in (hear(socket), hear(socket))


def test_nobody_else_listens(port: int) -> None:
    for cookie, origin in (("", ""), (f"accord_{port}=x", ""), (cookie_of(port, "vera"), "http://evil.example")):
        with pytest.raises(InvalidStatus), listening(port, cookie, origin):
            pass


@pytest.mark.browser
def test_a_screen_follows_and_leaves_by_itself(chromium: Browser, demo: Path) -> None:
    store = open_store(demo)
    with served(demo) as number:
        context = chromium.new_context()
        page = context.new_page()
        page.set_default_timeout(SLOW)
        wrong: list[str] = []
        page.on("request", lambda asked: wrong.append(asked.url) if "127.0.0.1" not in asked.url[:20] else None)
        page.on("response", lambda reply: wrong.append(reply.url) if reply.status >= 400 else None)
        page.goto(f"http://{HOST}:{number}/settings")
        page.get_by_role("button", name="Viewer").click()
        settled(page)
        expect(page.get_by_text("not proposed yet")).to_be_visible()
        assert page.get_by_text("step data").count() == 0, "a company that uses no steps has one"
        move_to_step(store, "coordinator", "product")
        expect(page.get_by_text("step product")).to_be_visible()
        page.reload()
        settled(page)
        expect(page.get_by_text("step product")).to_be_visible()
        change_person(store, "administrator", "viewer", "Viewer", Role.COORDINATOR, True)
        expect(page.get_by_text("who are you today?")).to_be_visible()
        assert [url for url in wrong if not url.startswith(("data:", "blob:"))] == []
        context.close()
    store.close()


@pytest.mark.browser
def test_a_screen_behind_a_proxy_follows_again_after_its_connection_or_the_server_was_lost(
    chromium: Browser, demo: Path
) -> None:
    store = open_store(demo)
    number = free_port()
    front, server = Front(number), start(demo, number)
    once_it_answers(f"http://{HOST}:{number}", server)
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(SLOW)
    try:
        page.goto(f"http://{HOST}:{front.port}/settings")
        page.get_by_role("button", name="Viewer").first.click()
        settled(page)
        move_to_step(store, "coordinator", "demand")
        expect(page.get_by_text("step demand")).to_be_visible()
        front.lose()
        move_to_step(store, "coordinator", "supply")
        expect(page.get_by_text("step supply")).to_be_visible()
        server.kill()
        server.communicate()
        move_to_step(store, "coordinator", "product")
        front.to = free_port()
        server = start(demo, front.to)
        once_it_answers(f"http://{HOST}:{front.to}", server)
        expect(page.get_by_text("step product")).to_be_visible()
        assert page.get_by_text("who are you today?").count() == 0, "the cookie keeps the person"
        move_to_step(store, "coordinator", "supply")
        expect(page.get_by_text("step supply")).to_be_visible()
    finally:
        context.close()
        front.close()
        server.terminate()
        server.communicate(timeout=30)
        store.close()
