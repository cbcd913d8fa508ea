"""The front desk answers in a sentence where the database does not, and says no more than a stranger may know."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from sop.core.errors import SetupError
from sop.web.desk import DESK
from sop.web.guard import Guard


async def break_down(_: Request) -> Response:
    raise ZeroDivisionError("geheim")


async def page(_: Request) -> Response:
    return PlainTextResponse("there")


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/sign-in", break_down), Route("/", page), Route("/healthz", page)]
    app = Starlette(routes=routes, middleware=[Middleware(Guard)])
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False)


def test_a_database_that_does_not_answer_is_a_sentence_without_its_place(client: TestClient, monkeypatch) -> None:
    def gone() -> str:
        raise SetupError(
            "the database does not answer, nothing was changed", where="db.internal", why="no route", remedy="Wait"
        )

    monkeypatch.setattr(DESK, "refusal", gone)
    answer = client.get("/", headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "The database does not answer, nothing was changed. Wait." in answer.text
    assert "db.internal" not in answer.text and "no route" not in answer.text
    assert client.get("/_stcore/host-config").text.startswith("The database does not answer")


def test_a_fault_that_nobody_foresaw_is_a_sentence_too(client: TestClient, monkeypatch) -> None:
    monkeypatch.setattr(DESK, "refusal", lambda: "")
    answer = client.get("/sign-in")
    assert answer.status_code == 503
    assert "Accord itself failed" in answer.text
    assert "geheim" not in answer.text and "Traceback" not in answer.text
