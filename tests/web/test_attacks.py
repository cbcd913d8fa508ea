"""What somebody may try against the running app from outside, with another's session, or after their own ended."""

from __future__ import annotations

import socket
import statistics
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sop.core.terms import Role
from sop.services.access.people import change_person, invite_from_here
from sop.services.access.sessions import find_session, key_of
from sop.services.company.cycle import CompanySettings, initialise
from sop.store import Store, open_store
from sop.store.audit import read_audit
from sop.store.settings import save_setting
from sop.store.transaction import time_after
from tests.servers import HOST, free_port
from tests.web.conftest import PEOPLE, WORDS
from tests.web.servers import ask, link_in, post, served, sign_in, start
from tests.web.streams import button, opened, run, send, session_of, words

PAGES = ("/", "/settings", "/sign_off", "/data", "/scenarios", "/no-such-page")
MOST_BYTES = 100 * 1024 * 1024
"""Of an upload, by `.streamlit/config.toml`."""


def cookie_of(port: int, person: str) -> str:
    """The cookie of somebody who has just signed in."""
    answer = sign_in(port, person, f"{WORDS} {person[0]}")
    assert answer.status == 303, answer.text
    return answer.cookie


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_sees_no_page(port: int, path: str) -> None:
    answer = ask(port, path)
    assert answer.status == 303 and answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", ["/media/x.csv", "/_stcore/upload_file/a/b", "/component/x", "/_stcore/stream"])
def test_who_is_not_signed_in_gets_nothing_else_either(port: int, path: str) -> None:
    assert ask(port, path).status in (401, 404)


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/script-health-check",
     "/auth/login", "/oauth2callback"],
)  # fmt: skip
def test_what_nobody_needs_is_not_there(port: int, path: str) -> None:
    assert ask(port, path).status == 404


def test_the_server_is_well_and_says_nothing_else(port: int) -> None:
    answer = ask(port, "/healthz")
    assert (answer.status, answer.text) == (200, "ok\n")


@pytest.mark.parametrize("path", ["/", "/healthz", "/sign-in", "/_stcore/health"])
def test_a_name_that_is_not_ours_is_refused(port: int, path: str) -> None:
    assert ask(port, path, Host="evil.example").status == 421
    assert ask(port, path, Host=f"evil.example:{port}").status == 421


@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz"])
def test_every_answer_carries_the_security_headers(port: int, path: str) -> None:
    headers = ask(port, path).headers
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"http://{HOST}:1", None])
def test_a_form_of_somebody_elses_page_is_refused(port: int, origin: str | None) -> None:
    fields = {"account": "vera", "password": f"{WORDS} v"}
    headers = {} if origin is None else {"Origin": origin}
    answer = ask(port, "/sign-in", "POST", str(fields).encode(), **headers)
    assert answer.status == 403 and not answer.cookie


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"http://{HOST}:1", None])
def test_a_page_of_somebody_else_opens_no_websocket(port: int, origin: str | None) -> None:
    with pytest.raises(InvalidStatus), opened(port, cookie_of(port, "vera"), origin=origin):
        pass


def test_a_websocket_without_or_with_an_invented_session_is_refused(port: int) -> None:
    for cookie in ("", f"accord_{port}=", f"accord_{port}=invented", f"accord_{port}={'x' * 5000}"):
        with pytest.raises(InvalidStatus), opened(port, cookie):
            pass


def test_the_key_of_a_session_opens_nothing(port: int, store: Store) -> None:
    key = key_of(cookie_of(port, "vera").partition("=")[2])
    assert find_session(store, key) is not None
    with pytest.raises(InvalidStatus), opened(port, f"accord_{port}={key}"):
        pass
    with pytest.raises(InvalidStatus), opened(port, X_Accord_Session=key):
        pass
    assert ask(port, "/settings", X_Accord_Session=key).status == 303


def test_a_header_from_outside_makes_nobody_somebody_else(port: int, store: Store) -> None:
    key = key_of(cookie_of(port, "administrator").partition("=")[2])
    with opened(port, cookie_of(port, "vera"), X_Accord_Session=key) as socket:
        shown = words(run(socket, "settings"))
    assert "Vera" in shown and "New sign-in link" not in shown and 'label: "Save"' not in shown


def test_a_known_streamlit_session_is_not_taken_over(port: int) -> None:
    with opened(port, cookie_of(port, "administrator")) as owner:
        shown = run(owner, "settings")
        known = session_of(shown)
        assert 'label: "Save"' in words(shown)
        with opened(port, cookie_of(port, "vera"), session=known) as thief:
            stolen = run(thief, "settings")
        assert session_of(stolen) != known
        assert "Vera" in words(stolen) and 'label: "Save"' not in words(stolen)
    with opened(port, cookie_of(port, "vera"), session=known) as thief:
        later = run(thief, "settings")
    assert session_of(later) != known and 'label: "Save"' not in words(later)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(port: int) -> None:
    answer = sign_in(port, "vera", f"{WORDS} v")
    parts = answer.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts) and len(parts[0].partition("=")[2]) >= 43


def test_signing_in_gives_a_new_session_and_ends_the_one_before(port: int, store: Store) -> None:
    first = cookie_of(port, "vera")
    fields = {"account": "vera", "password": f"{WORDS} v"}
    second = post(port, "/sign-in", fields, Cookie=first).cookie
    assert first != second
    assert [find_session(store, key_of(c.partition("=")[2])) is None for c in (first, second)] == [True, False]


def test_signing_out_ends_it_everywhere_and_a_link_alone_signs_nobody_out(port: int) -> None:
    cookie = cookie_of(port, "vera")
    assert ask(port, "/sign-in/out", Cookie=cookie).status == 200
    with opened(port, cookie) as socket:
        assert "Vera" in words(run(socket, "settings"))
        assert post(port, "/sign-in/out", {}, Cookie=cookie).status == 303
        with pytest.raises(ConnectionClosed):
            run(socket, "settings")
    assert ask(port, "/settings", Cookie=cookie).status == 303


def test_a_role_that_is_taken_away_ends_the_open_page(port: int, store: Store) -> None:
    cookie = cookie_of(port, "olga")
    with opened(port, cookie) as socket:
        assert "Olga" in words(run(socket, "settings"))
        change_person(store, "administrator", "olga", "Olga", Role.VIEWER, True)
        with pytest.raises(ConnectionClosed):
            run(socket, "settings")
    assert ask(port, "/settings", Cookie=cookie).status == 303
    with opened(port, cookie_of(port, "olga")) as socket:
        assert "Viewer" in words(run(socket, "settings"))


def test_a_role_that_is_taken_away_runs_no_fragment_and_no_button_either(port: int, store: Store) -> None:
    for role, attempt in ((Role.HEAD_OF_SALES, "fragment"), (Role.VIEWER, "button")):
        with opened(port, cookie_of(port, "olga")) as socket:
            deltas = [m.delta for m in run(socket, "settings") if m.WhichOneof("type") == "delta"]
            fragment = next(delta.fragment_id for delta in deltas if delta.fragment_id)
            change_person(store, "administrator", "olga", "Olga", role, True)
            if attempt == "fragment":
                send(socket, "settings", fragment=fragment)
            else:
                send(socket, "settings", "anything-that-was-a-button")
            with pytest.raises(ConnectionClosed):
                while True:
                    socket.recv(timeout=60)


@pytest.mark.parametrize(("column", "hours"), [("seen_at", 2), ("started_at", 12)])
def test_a_session_ends_after_two_hours_unused_and_after_twelve_in_any_case(
    port: int, store: Store, column: str, hours: int
) -> None:
    cookie = cookie_of(port, "vera")
    key = key_of(cookie.partition("=")[2])

    def age(minutes: int) -> None:
        with store.write() as tx:
            past = time_after(tx.at, timedelta(minutes=-minutes))
            tx.session.execute(
                text(f"UPDATE sessions SET {column} = :at WHERE key = :key"), {"at": past, "key": key}
            )

    age(60 * hours - 5)
    with opened(port, cookie) as socket:
        assert "Vera" in words(run(socket, "settings"))
        age(60 * hours + 1)
        with pytest.raises(ConnectionClosed):
            run(socket, "settings")
    assert ask(port, "/settings", Cookie=cookie).status == 303
    with pytest.raises(InvalidStatus), opened(port, cookie):
        pass


def test_who_lost_access_gets_the_answer_of_who_never_had_it(port: int, store: Store) -> None:
    change_person(store, "administrator", "olga", "Olga", Role.VIEWER, False)
    gone, never = sign_in(port, "olga", f"{WORDS} o"), sign_in(port, "nobody", f"{WORDS} o")
    change_person(store, "administrator", "olga", "Olga", Role.VIEWER, True)
    assert gone.status == never.status == 401
    assert gone.text.replace("olga", "nobody") == never.text


@pytest.mark.parametrize("role", ["vera", "administrator"])
def test_nobody_uploads_who_has_no_page_for_it(port: int, role: str) -> None:
    cookie = cookie_of(port, role)
    with opened(port, cookie) as socket:
        session = session_of(run(socket, "settings"))
        path = f"/_stcore/upload_file/{session}/{session}"
        answer = ask(port, path, "PUT", b"x" * 1000, Cookie=cookie, Origin=f"http://{HOST}:{port}")
    assert answer.status == 403


def test_an_upload_goes_to_ones_own_page_with_an_uploader_and_nowhere_else(port: int) -> None:
    own, others = cookie_of(port, "coordinator"), cookie_of(port, "coordinator")
    with opened(port, own) as socket:
        session = session_of(run(socket, "data"))

        def refused(cookie: str) -> bool:
            """By the guard; what comes past it, Streamlit may refuse for want of a form."""
            path = f"/_stcore/upload_file/{session}/{session}"
            answer = ask(port, path, "PUT", b"x" * 1000, Cookie=cookie, Origin=f"http://{HOST}:{port}")
            return (answer.status, answer.text) == (403, "Nothing is uploaded by you.\n")

        assert not refused(own)
        assert refused(others), "who may import as well, but whose page this is not"
        run(socket, "plan_changes")
        assert refused(own), "this page has no uploader"


def test_an_upload_of_more_than_a_file_may_be_is_refused_before_it_is_kept(port: int) -> None:
    cookie = cookie_of(port, "coordinator")
    with opened(port, cookie) as socket:
        session = session_of(run(socket, "data"))
        path = f"/_stcore/upload_file/{session}/{session}"
        token = ask(port, "/_stcore/health", Cookie=cookie).cookie.partition("=")[2]
        own = {"Cookie": f"{cookie}; _streamlit_xsrf={token}", "X_Xsrftoken": token}
        body = b"x" * (MOST_BYTES + 1)
        answer = ask(port, path, "PUT", body, Origin=f"http://{HOST}:{port}", **own)
    assert answer.status == 413


def test_a_forged_event_on_a_page_that_is_not_ones_own_does_nothing(port: int, store: Store) -> None:
    with opened(port, cookie_of(port, "administrator")) as socket:
        save = button(run(socket, "settings"), "Save")
    with store.read() as tx:
        before = read_audit(tx, 1)[0].seq
    with opened(port, cookie_of(port, "vera")) as socket:
        run(socket, "settings")
        run(socket, "settings", save)
    with store.read() as tx:
        assert not [e for e in read_audit(tx, 50) if e.seq > before and e.action not in ("signed_in", "refused")]


def test_a_fragment_of_somebody_elses_page_cannot_be_run(port: int) -> None:
    with opened(port, cookie_of(port, "administrator")) as owner:
        sent = run(owner, "settings")
        theirs = {m.delta.fragment_id for m in sent if m.WhichOneof("type") == "delta" and m.delta.fragment_id}
        assert theirs
        with opened(port, cookie_of(port, "vera")) as thief:
            run(thief, "settings")
            for fragment in theirs:
                send(thief, "settings", fragment=fragment)
            # Whatever those made is sent before what this makes.
            shown = words(run(thief, "settings"))
            assert "New sign-in link" not in shown and 'label: "Save"' not in shown


def test_a_cookie_that_was_planted_is_never_taken_for_a_session(port: int, store: Store) -> None:
    planted = "planted-by-somebody-else-" + "x" * 20
    fields = {"account": "vera", "password": f"{WORDS} v"}
    given = post(port, "/sign-in", fields, Cookie=f"accord_{port}={planted}").cookie
    assert given.partition("=")[2] not in ("", planted)
    assert find_session(store, key_of(planted)) is None
    assert ask(port, "/settings", Cookie=f"accord_{port}={planted}").status == 303


@pytest.mark.parametrize("path", ["/_stcore/stream", "/live"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_websocket_by_a_name_that_is_not_ours_is_refused(port: int, path: str, host: str) -> None:
    """As DNS rebinding would have it: the browser of somebody who is signed in, led here by a foreign name."""
    wanted = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    who = {"Cookie": cookie_of(port, "vera"), "Host": host, "Origin": f"http://{host}"}
    assert ask(port, path, **wanted, **key, **who).status in (400, 403)


def test_an_invitation_works_once(port: int, store: Store) -> None:
    link = link_in(invite_from_here(store, "vera"))
    assert ask(port, f"/invitation?link={link}").status == 200
    assert ask(port, f"/invitation?link={link}").status == 200, "looking uses nothing up"
    fields = {"link": link, "password": f"{WORDS} v", "again": f"{WORDS} v"}
    assert post(port, "/invitation", fields | {"again": "another one, mistyped"}).status == 400
    assert post(port, "/invitation", fields | {"password": "short", "again": "short"}).status == 400
    assert post(port, "/invitation", fields).status == 200
    assert post(port, "/invitation", fields).status == 400
    assert sign_in(port, " VERA ", f"{WORDS} v").status == 303


def test_unknown_people_take_as_long_as_known_ones(port: int) -> None:
    def took(account: str) -> float:
        began = time.perf_counter()
        assert sign_in(port, account, "a wrong password").status == 401
        return time.perf_counter() - began

    known = [took(who) for who in ("coordinator", "administrator") for _ in range(2)]
    unknown = [took(who) for who in ("nobody", "somebody") for _ in range(2)]
    # Without hashing an unknown one is answered fifty times as fast; a busy machine moves single answers.
    assert 0.2 < statistics.median(known) / statistics.median(unknown) < 5


def test_a_hundred_wrong_passwords_are_slowed_down_for_known_and_unknown_alike(port: int, store: Store) -> None:
    def statuses(account: str) -> list[int]:
        return [sign_in(port, account, f"guess number {n}").status for n in range(50)]

    known, unknown = statuses("administrator"), statuses("stranger")
    assert known[-1] == unknown[-1] == 429 and known.count(401) <= 5 and unknown.count(401) <= 5
    assert sign_in(port, "administrator", f"{WORDS} a").status == 429
    with store.write() as tx:  # an hour later
        tx.session.execute(text("UPDATE sign_in_failures SET at = '2020-01-01T00:00:00.000000Z'"))
    assert sign_in(port, "administrator", f"{WORDS} a").status == 303


def test_no_password_and_no_secret_is_in_the_database(port: int, local: Path) -> None:
    secret = cookie_of(port, "vera").partition("=")[2]
    kept = b"".join(file.read_bytes() for file in local.glob("accord.sqlite*"))
    assert secret.encode() not in kept and WORDS.encode() not in kept and b"$argon2id$" in kept


def test_a_demo_refuses_to_start_where_other_machines_reach_it(demo: Path) -> None:
    server = start(demo, free_port(), "--server.address=0.0.0.0")
    said = server.communicate(timeout=60)[1].decode()
    assert server.returncode != 0 and "for this machine alone" in said and "Traceback" not in said


def test_started_by_the_plain_command_it_listens_on_this_machine_alone(port: int) -> None:
    """Asked of the system: every address on which anything listens at that port is loopback."""
    listening = "0A"
    for table, loopback in (("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")):
        file = Path("/proc/net") / table
        if not file.exists():
            continue
        rows = [line.split() for line in file.read_text().splitlines()[1:]]
        own = [
            row[1].split(":")[0] for row in rows if row[3] == listening and int(row[1].split(":")[1], 16) == port
        ]
        assert set(own) <= {loopback}
    with socket.socket() as probe:
        probe.settimeout(5)
        probe.connect((HOST, port))


def test_a_company_with_sign_in_may_be_served_to_others(local: Path) -> None:
    with served(local, "--server.address=0.0.0.0", SOP_URL="https://plan.example.com") as number:
        assert ask(number, "/sign-in", Host="plan.example.com").status == 200
        assert ask(number, "/sign-in", Host="other.example.com").status == 421
        own = {"Host": "plan.example.com", "Origin": "https://plan.example.com"}
        answer = post(number, "/sign-in", {"account": "vera", "password": f"{WORDS} v"}, **own)
        assert (
            answer.headers["set-cookie"].startswith("__Host-accord=")
            and "; Secure" in answer.headers["set-cookie"]
        )
        assert "strict-transport-security" in answer.headers
        wanted = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        wanted |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Cookie": answer.cookie}
        for path in ("/_stcore/stream", "/live"):
            assert ask(number, path, **wanted, **own).status == 101, "as the proxy in front asks for it"
            assert ask(number, path, **wanted, **own | {"Origin": "https://evil.example"}).status == 403


def test_a_real_company_never_offers_personas_whatever_its_settings_say(tmp_path: Path) -> None:
    opened_store = open_store(tmp_path)
    company = CompanySettings(name="Ours", horizon=6, access="demo")
    initialise(opened_store, "2026-01", company)
    with opened_store.write() as tx:
        save_setting(tx, "company", asdict(company))
    opened_store.close()
    with served(tmp_path) as number:
        assert ask(number, "/").status == 303
        with pytest.raises(InvalidStatus), opened(number):
            pass


def test_everybody_of_the_fixture_signs_in(port: int) -> None:
    assert all(cookie_of(port, person) for person in PEOPLE)
