"""Every page × every role on the running app: open exactly where the permissions table says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sop.access import may
from sop.core.terms import Role
from sop.services.access.mode import Access
from sop.services.access.sessions import begin_session, choose_persona, key_of
from sop.store import Store, open_store
from tests.browser.conftest import SLOW, chromium, settled
from tests.servers import HOST, ROOT
from tests.web.servers import ask, served
from tests.web.streams import opened, run, words

__all__ = ["chromium"]
ACTS = {file.stem: "read_plans" for file in sorted((ROOT / "pages").glob("*.py"))} | {"settings": "read_audit"}
"""What each page asks for: plans are read everywhere, and Settings is for whoever may see who did what."""


@pytest.fixture(scope="module")
def demo_port(demo: Path) -> Iterator[int]:
    """Where the company with a persona for each role is served."""
    with served(demo, SOP_DRAWS="50") as number:
        yield number


@pytest.fixture(scope="module")
def demo_store(demo: Path) -> Iterator[Store]:
    """Its database."""
    found = open_store(demo)
    yield found
    found.close()


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_the_roles_that_may_and_for_nobody_else(
    demo_port: int, demo_store: Store, role: Role
) -> None:
    secret = begin_session(demo_store, None, Access.DEMO)
    choose_persona(demo_store, key_of(secret), role.value)
    locked = f"({role.title}) may not open this page"
    with opened(demo_port, f"accord_{demo_port}={secret}") as socket:
        shown = {name: words(run(socket, name)) for name in ACTS}
    assert {name for name in shown if locked in shown[name]} == {n for n in ACTS if not may(role, ACTS[n])}
    for name, text in shown.items():
        # A refused page says so and nothing of the company: no table, no chart, no title.
        assert ("heading" in text or "vega_lite_chart" in text) is may(role, ACTS[name]), name


@pytest.mark.parametrize("name", ACTS)
def test_who_is_signed_out_is_led_to_sign_in_from_every_page(port: int, name: str) -> None:
    answer = ask(port, f"/{name}")
    assert (answer.status, answer.headers["location"]) == (303, f"/sign-in?next=/{name}")
    assert "<script" not in answer.text


@pytest.mark.browser
def test_no_page_asks_anything_of_another_machine(chromium: Browser, demo_port: int) -> None:
    """By its address, as a link leads to it: its fonts, icons and scripts are all here, and all there."""
    own = f"http://{HOST}:{demo_port}/"
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(SLOW)
    wrong: list[str] = []
    within = (own, "data:", "blob:")
    page.on("request", lambda sent: None if sent.url.startswith(within) else wrong.append(sent.url))
    page.on("response", lambda reply: wrong.append(reply.url) if reply.status >= 400 else None)
    page.goto(own)
    page.get_by_role("button", name="CEO").first.click()
    settled(page)
    for name in ACTS:
        page.goto(f"{own}{name}")
        settled(page)
        assert wrong == [], name
    context.close()
