"""Beginning in the browser, as no browser would ask: the key, this machine alone, nothing made by a refusal."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.services.company.backup import write_backup
from sop.services.company.cycle import current_cycle
from sop.services.company.start import NewCompany, start_company
from sop.store import open_store
from tests.servers import HOST, free_port, once_it_answers
from tests.web.servers import Answer, ask, post, start

WORDS = "correct horse battery staple"
COMPANY = {
    "name": "Ours <b>& Co</b>", "currency": "eur", "calendar": "month", "month": "2026-12", "fiscal_start": "4",
    "coordinator": "Mira Sol", "password": WORDS, "administrator_password": "another four words here",
}  # fmt: skip


class Fresh:
    """A server on nothing: its port, the folder that is to be, and the key that it printed."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.server = start(folder, self.port, **environment)
        once_it_answers(f"http://{HOST}:{self.port}", self.server)
        self.key = self._printed()

    def _printed(self) -> str:
        assert self.server.stderr is not None
        for line in self.server.stderr:
            if found := re.search(rb"/start\?key=([\w-]+)", line):
                return found[1].decode()
        raise AssertionError("no key was printed")

    def send(self, **fields: str) -> Answer:
        return post(self.port, "/start/company", {**COMPANY, "key": self.key, **fields})

    def stop(self) -> None:
        self.server.terminate()
        self.server.communicate(timeout=30)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Fresh]:
    found = Fresh(tmp_path / "ours", SOP_URL="https://plan.example.com")
    yield found
    found.stop()


def test_a_company_begins_once_and_by_whoever_has_the_key(fresh: Fresh) -> None:
    opened = ask(fresh.port, "/settings")
    assert (opened.status, opened.headers["location"]) == (303, "/start")
    assert ask(fresh.port, "/_stcore/stream").status == 401
    for key in ("", "?key=wrong"):
        page = ask(fresh.port, f"/start{key}")
        assert page.status == 200 and "/start/company" not in page.text and fresh.key not in page.text
    assert "/start/company" in ask(fresh.port, f"/start?key={fresh.key}").text
    # Nobody without the key, and nobody who comes by another name than this machine's own, makes anything.
    assert fresh.send(key="wrong").status == 403
    away = {"Host": "plan.example.com", "Origin": "https://plan.example.com"}
    assert post(fresh.port, "/start/company", {**COMPANY, "key": fresh.key}, **away).status == 403
    assert post(fresh.port, "/start/demo", {"key": "wrong"}).status == 403
    assert post(fresh.port, "/start/restore?key=wrong", {}).status == 403
    assert (
        post(fresh.port, "/start/company", {**COMPANY, "key": fresh.key}, Origin="https://evil.example").status
        == 403
    )
    refused = fresh.send(currency="euros")
    assert refused.status == 400 and "is no currency" in refused.text
    assert "Ours &lt;b&gt;&amp; Co" in refused.text and WORDS not in refused.text
    assert not fresh.folder.exists()

    begun = fresh.send()
    assert (begun.status, begun.headers["location"]) == (303, "/data")
    assert ask(fresh.port, "/data", Cookie=begun.cookie).status == 200
    store = open_store(fresh.folder)
    assert current_cycle(store, "coordinator").first_open == "2026-12"
    store.close()
    for again in (fresh.send(), post(fresh.port, "/start/demo", {"key": fresh.key}), ask(fresh.port, "/start")):
        assert again.status == 303 and again.headers["location"] in ("/start", "/")
    signed = post(fresh.port, "/sign-in", {"account": "administrator", "password": "another four words here"})
    assert signed.status == 303 and signed.cookie


def _upload(port: int, key: str, content: bytes, name: str = "ours.zip") -> Answer:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body, kind = head + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    origin = f"http://{HOST}:{port}"
    return ask(port, f"/start/restore?key={key}", "POST", body, Origin=origin, Content_Type=kind)


def test_a_backup_is_restored_and_what_is_none_is_one_sentence(fresh: Fresh, tmp_path: Path) -> None:
    new = NewCompany("Ours", "EUR", "2026-12", password=WORDS, administrator_password="another four words here")
    store = start_company(new, tmp_path / "before")
    write_backup(store, tmp_path / "ours.zip", tmp_path / "before")
    store.close()
    for content, name in ((b"month,product\n", "sales.csv"), (b"PK\x03\x04", "x.zip"), (b"", "")):
        refused = _upload(fresh.port, fresh.key, content, name)
        assert refused.status == 400 and 'role="alert"' in refused.text and not fresh.folder.exists()
    done = _upload(fresh.port, fresh.key, (tmp_path / "ours.zip").read_bytes())
    assert (done.status, done.headers["location"]) == (303, "/")
    assert post(fresh.port, "/sign-in", {"account": "coordinator", "password": WORDS}).cookie


def test_a_demo_that_somebody_builds_is_followed_and_nothing_else_begun(fresh: Fresh) -> None:
    unfinished = fresh.folder.with_name("ours.unfinished-1")
    unfinished.mkdir()
    (unfinished / "progress.txt").write_text("0.330 planning and signing 2026-05")
    page = ask(fresh.port, "/start")
    assert "is being built" in page.text and 'value="0.330"' in page.text and "refresh" in page.text
    assert fresh.send().headers["location"] == "/start" and not fresh.folder.exists()


def test_nothing_is_begun_where_other_machines_reach_the_server(tmp_path: Path) -> None:
    server = start(tmp_path / "ours", free_port(), "--server.address=0.0.0.0")
    try:
        said = server.communicate(timeout=60)[1].decode()
    except subprocess.TimeoutExpired:
        server.kill()
        said = server.communicate()[1].decode()
    assert "Nothing is set up here yet" in said and "key=" not in said and "Traceback" not in said
