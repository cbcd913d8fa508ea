"""A page whose forecast is not there yet: it shows how far it is, can be stopped, and goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sop.engine import forecast_company
from sop.services.company.cycle import read_company, save_company
from sop.services.planning import room as planning
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.pages.screens import message, open_page
from tests.pages.starter import make_starter
from tests.pages.workspaces import POOR, copy_of, make_workspace

PERSON = "head_of_sales"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("forecast"), POOR)


@pytest.fixture
def gate(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A workspace whose forecast begins only when the gate is opened."""
    copy_of(template, tmp_path)
    opened = threading.Event()

    def slow(*args, **options):
        opened.wait(30)
        return forecast_company(*args, **options)

    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(planning, "_FORECAST", "another forecast")
    monkeypatch.setattr(planning, "forecast_company", slow)
    monkeypatch.setattr(planning, "PATIENCE_SECONDS", 0.05)
    yield opened
    opened.set()


def headers(app) -> list[str]:
    return [header.value for header in app.header]


def run_until(app, come: Callable[[], bool]) -> None:
    """Run the page again, as a browser does every second, until something has come."""
    for _ in range(200):
        app.run()
        if come():
            return
    raise AssertionError("it never came")


def test_a_page_waits_for_its_forecast_and_comes_by_itself(gate):
    app = open_page("sales", PERSON)
    assert headers(app) == ["The forecast is being made"] and not app.title
    assert app.get("progress")[0].proto.text == "Reading the tables"
    gate.set()
    run_until(app, lambda: app.title)
    assert not app.exception and "revenue" in message(app).lower()


def test_a_forecast_that_was_stopped_goes_on_when_asked(gate):
    app = open_page("sales", PERSON)
    next(b for b in app.button if b.label == "Cancel").click().run()
    assert any("stops after the series under way" in text.value for text in app.markdown)
    assert not any(b.label == "Cancel" for b in app.button)
    gate.set()
    run_until(app, lambda: any(b.label == "Go on" for b in app.button))
    assert any("It was stopped" in text.value for text in app.markdown)
    next(b for b in app.button if b.label == "Go on").click().run()
    run_until(app, lambda: app.title)
    assert not app.exception and headers(app)[0] != "The forecast is being made"


def test_pages_that_plan_nothing_do_not_wait(gate):
    app = open_page("data", "coordinator")
    assert "The forecast is being made" not in headers(app) and message(app)


def test_a_page_that_is_left_and_opened_again_follows_the_same_forecast(gate, monkeypatch):
    made = []
    slow = planning.forecast_company
    monkeypatch.setattr(planning, "forecast_company", lambda *a, **o: made.append(1) or slow(*a, **o))
    first, second = open_page("sales", PERSON), open_page("inventory", "executive")
    assert headers(first) == headers(second)
    gate.set()
    for app in (first, second):
        run_until(app, lambda app=app: app.title)
    assert len(made) == 1


def test_what_the_forecast_refuses_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path, loaded=False)))
    app = open_page("sales", PERSON)
    assert not app.exception
    assert "Import products and sales_actuals" in " ".join(block.value for block in app.markdown)


def test_a_new_import_stops_the_forecast_of_the_old_data(gate, tmp_path):
    room = PlanningRoom(open_store(tmp_path))
    old = planning.forecast_job(room)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        save_company(tx, replace(read_company(tx), fiscal_start=4))
    new = planning.forecast_job(room)
    gate.set()
    assert old is not None and new is not None and new is not old
    new.result(30)
    assert old.stopped and room.missing_forecast() is None
    room.store.close()
