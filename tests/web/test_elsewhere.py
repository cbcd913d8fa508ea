"""Signing in elsewhere: at a real OpenID Connect provider, and at a server in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sop.core.terms import Role
from sop.services.access.mode import set_access
from sop.services.access.people import add_person
from sop.store import open_store
from sop.store.audit import read_audit
from tests.servers import HOST
from tests.services.planned_company import make_room
from tests.web.servers import ask, at_provider, post, provider_of, served

MIRA, STRANGER, UNVERIFIED = "mira@example.com", "stranger@example.com", "vera@example.com"
SECRET = "a secret that both servers share"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that knows Mira and Vera."""
    folder = tmp_path_factory.mktemp("elsewhere")
    room = make_room(folder)
    for person, name in ((MIRA, "Mira Sol"), (UNVERIFIED, "Vera Novak")):
        add_person(room.store, "administrator", person, name, Role.HEAD_OF_FINANCE)
    room.store.close()
    return folder


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider in a process of its own."""
    users = [
        {"sub": "1", "email": "Mira@Example.com", "email_verified": True},
        {"sub": "2", "email": STRANGER},
        {"sub": "3", "email": UNVERIFIED, "email_verified": False},
    ]
    with provider_of(users) as address:
        yield address


@pytest.fixture(scope="module")
def oidc(company: Path, provider: str) -> Iterator[int]:
    """The app, whose people sign in at the provider."""
    store = open_store(company)
    set_access(store, "oidc")
    store.close()
    with served(company, **at_provider(provider)) as port:
        yield port


def come_back(port: int, subject: str, path: str = "/sign-in/oidc?next=/settings") -> tuple[requests.Session, str]:
    """A browser that has signed in at the provider, and where that sends it back to."""
    browser = requests.Session()
    there = browser.get(f"http://{HOST}:{port}{path}", allow_redirects=False, timeout=30)
    assert there.status_code == 303, there.text
    back = browser.post(there.headers["location"], data={"sub": subject}, allow_redirects=False, timeout=30)
    assert back.status_code in (302, 303), back.text
    return browser, back.headers["location"]


def test_somebody_who_is_known_gets_in_and_stays_in(oidc: int) -> None:
    browser, back = come_back(oidc, "1")
    entered = browser.get(back, allow_redirects=False, timeout=30)
    assert (entered.status_code, entered.headers["location"]) == (303, "/settings")
    page = browser.get(f"http://{HOST}:{oidc}/settings", allow_redirects=False, timeout=30)
    assert page.status_code == 200 and "HttpOnly" in entered.headers["set-cookie"]


@pytest.mark.parametrize(("subject", "why"), [("2", "not known here"), ("3", "not verified")])
def test_nobody_else_does(oidc: int, subject: str, why: str) -> None:
    browser, back = come_back(oidc, subject)
    refused = browser.get(back, allow_redirects=False, timeout=30)
    assert refused.status_code == 401 and why in refused.text
    assert browser.get(f"http://{HOST}:{oidc}/settings", allow_redirects=False, timeout=30).status_code == 303


def test_an_answer_is_good_once_and_for_the_browser_that_asked(oidc: int) -> None:
    browser, back = come_back(oidc, "1")
    path = back.partition(str(oidc))[2]
    assert ask(oidc, path).status == 401, "another browser"
    assert browser.get(back.replace("state=", "state=x"), allow_redirects=False, timeout=30).status_code == 401
    assert browser.get(back, allow_redirects=False, timeout=30).status_code == 303
    assert browser.get(back, allow_redirects=False, timeout=30).status_code == 401


def test_a_fresh_proof_is_asked_for_before_signing(oidc: int) -> None:
    there = ask(oidc, "/sign-in/confirm?next=/sign_off")
    assert (
        "prompt=login" in there.headers["location"] and "code_challenge_method=S256" in there.headers["location"]
    )


def test_passwords_open_nothing_there(oidc: int) -> None:
    fields = {"account": MIRA, "password": "whatever it may be"}
    assert post(oidc, "/sign-in", fields).status == 401
    assert "Password" not in ask(oidc, "/sign-in").text


def test_signing_in_is_on_record(oidc: int, company: Path) -> None:
    browser, back = come_back(oidc, "1")
    browser.get(back, allow_redirects=False, timeout=30)
    store = open_store(company)
    with store.read() as tx:
        newest = read_audit(tx, 1, "signed_in")[0]
    store.close()
    assert (newest.who, newest.detail) == (MIRA, {"method": "OpenID Connect"})


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The app behind a server that signs people in."""
    folder = tmp_path_factory.mktemp("proxied")
    room = make_room(folder)
    add_person(room.store, "administrator", MIRA, "Mira Sol", Role.HEAD_OF_FINANCE)
    set_access(room.store, "proxy")
    room.store.close()
    with served(folder, SOP_PROXY_SECRET=SECRET, SOP_PROXY_HEADER="X-Remote-User") as port:
        yield port


def test_the_server_in_front_says_who_it_is_and_can_say_somebody_else(proxied: int) -> None:
    known = {"X_Remote_User": "Mira@example.com", "X_Proxy_Secret": SECRET}
    led = ask(proxied, "/settings", **known)
    assert (led.status, led.headers["location"]) == (303, "/sign-in/proxy?next=/settings")
    entered = ask(proxied, led.headers["location"], **known)
    assert (entered.status, entered.headers["location"]) == (303, "/settings") and entered.cookie
    assert ask(proxied, "/settings", Cookie=entered.cookie, **known).status == 200
    other = known | {"X_Remote_User": "viewer"}
    assert ask(proxied, "/settings", Cookie=entered.cookie, **other).status == 303
    assert ask(proxied, "/settings", Cookie=entered.cookie).status == 303, "signed out in front"


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Remote_User": MIRA},
        {"X_Remote_User": MIRA, "X_Proxy_Secret": ""},
        {"X_Remote_User": MIRA, "X_Proxy_Secret": "guessed"},
        {"X_Forwarded_User": MIRA, "X_Proxy_Secret": SECRET},
        {"X_Remote_User": STRANGER, "X_Proxy_Secret": SECRET},
    ],
)
def test_nobody_else_says_so(proxied: int, headers: dict[str, str]) -> None:
    assert not ask(proxied, "/sign-in/proxy?next=/settings", **headers).cookie
    assert ask(proxied, "/settings", **headers).status == 303
