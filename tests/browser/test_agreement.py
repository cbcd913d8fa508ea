"""People of a company in browsers of their own: five sign in by password, one where the company signs in; they
bring a plan to agreement, and whoever loses a role meanwhile sees the screen end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sop.agreement.ground_rules import GroundRules
from sop.core.terms import Function, Role
from sop.services.access.mode import set_access
from sop.services.access.passwords import set_password
from sop.services.access.people import add_person, change_person, invite_from_here
from sop.services.access.sessions import key_of
from sop.services.agreement.frozen_plans import list_plans, read_sign_off
from sop.services.company.settings import set_ground_rules
from sop.store import Store
from tests.browser.conftest import SLOW, settled
from tests.servers import HOST
from tests.services.planned_company import make_room
from tests.web.servers import at_provider, link_in, provider_of, served

pytestmark = pytest.mark.browser

HEADS = {
    Role.HEAD_OF_SALES: Function.SALES,
    Role.HEAD_OF_OPERATIONS: Function.OPERATIONS,
    Role.HEAD_OF_SUPPLY: Function.SUPPLY,
    Role.HEAD_OF_FINANCE: Function.FINANCE,
}
BY_PASSWORD = (Role.COORDINATOR, *HEADS)
MIRA = "mira@example.com"
USER = {"sub": "mira", "email": MIRA, "email_verified": True}
WORDS = "correct horse battery staple"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Store]]:
    """A small company whose people have passwords; Mira, who chairs it, has none."""
    folder = tmp_path_factory.mktemp("agreement")
    store = make_room(folder).store
    functions = (*(each.value for each in HEADS.values()), Function.CEO.value)
    set_ground_rules(store, "executive", GroundRules("coalition", functions, len(functions)), 0)
    add_person(store, "administrator", MIRA, "Mira Sol", Role.EXECUTIVE)
    for role in BY_PASSWORD:
        set_password(store, key_of(link_in(invite_from_here(store, role.value))), WORDS)
    set_access(store, "local")
    yield folder, store
    store.close()


@contextmanager
def browsers(chromium: Browser, address: str, count: int) -> Iterator[list[Page]]:
    """So many people, each with a browser that shares nothing with the others, on the Sign-off page."""
    contexts = [chromium.new_context(viewport={"width": 1440, "height": 1100}) for _ in range(count)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(SLOW)
        page.goto(f"{address}/sign_off")
    yield pages
    for context in contexts:
        context.close()


def enter_by_password(page: Page, account: str) -> None:
    """Whoever is not signed in was led to the form, and is led back by it."""
    page.get_by_label("Name to sign in").fill(account)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    settled(page)
    expect(page).to_have_url(re.compile(r"/sign_off(\?|$)"))


def enter_at_provider(page: Page) -> None:
    """To the provider, which asks who it is, and back."""
    page.goto(page.url)
    page.get_by_role("link", name="Sign in where your company does").click()
    page.locator("input[type=text][name=sub]").fill(USER["sub"])
    page.locator("input[type=text][name=sub]").press("Enter")
    settled(page)


def sign(page: Page, function: Function) -> None:
    """Approve for a function what is on screen, and see it recorded; no position is chosen for anybody."""
    page.locator("label", has_text=re.compile("^I approve$")).first.click()
    settled(page)
    if page.get_by_label("Your password").count():
        page.get_by_label("Your password").fill(WORDS)
    page.get_by_role("button", name=f"Sign for {function.title}").click()
    expect(page.locator("tr", has_text=function.title).first).to_contain_text("✓ approves")


def test_six_people_agree_on_a_plan_and_a_role_that_ends_ends_its_screen(
    chromium: Browser, company: tuple[Path, Store]
) -> None:
    folder, store = company
    with (
        provider_of([USER]) as provider,
        served(folder, SOP_DRAWS="50", **at_provider(provider)) as port,
        browsers(chromium, f"http://{HOST}:{port}", len(BY_PASSWORD) + 1) as pages,
    ):
        *people, mira = pages
        for page, role in zip(people, BY_PASSWORD, strict=True):
            enter_by_password(page, role.value)
        coordinator, *heads = people

        coordinator.get_by_role("button", name="Freeze and propose").click()
        for page in people:
            expect(page.locator("h1")).to_contain_text("is up for signing: 0 of 5 signatures")
        heads[0].locator("label", has_text=re.compile("^I approve$")).first.click()
        heads[0].get_by_label("Your password").fill("a wrong password")
        heads[0].get_by_role("button", name="Sign for Sales").click()
        expect(heads[0].locator("[data-testid=stAlertContentError]")).to_contain_text("password is wrong")
        for page, function in zip(heads, HEADS.values(), strict=True):
            sign(page, function)

        # The head of supply is nobody's head any more, and the screen says so by itself.
        change_person(store, "administrator", "head_of_supply", "Former head of supply", Role.VIEWER, True)
        supply = heads[list(HEADS).index(Role.HEAD_OF_SUPPLY)]
        expect(supply.get_by_label("Name to sign in")).to_be_visible()
        expect(heads[0].locator("h1")).to_contain_text("4 of 5 signatures")

        set_access(store, "oidc")
        enter_at_provider(mira)
        sign(mira, Function.CEO)
        expect(mira.locator("h1")).to_contain_text("is agreed and in force: 5 signatures of 5")
        # Who came in by a password is out since the company signs in elsewhere.
        heads[0].goto(heads[0].url)
        expect(heads[0].get_by_role("link", name="Sign in where your company does")).to_be_visible()

    plan = list_plans(store, "executive")[0]
    given = read_sign_off(store, "executive", plan.id).signatures
    methods = {signature.function: signature.auth_method for signature in given}
    assert methods == {
        **dict.fromkeys((each.value for each in HEADS.values()), "password"),
        "ceo": "OpenID Connect",
    }
