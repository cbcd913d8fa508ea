"""The history tab of the Sales page: what was found and decided, methods, drivers, cadence, bad series."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sop.services.planning.overrides import decide_history
from sop.services.scenarios.drafts import working_scenario
from sop.store import open_store
from sop.store.data import add_table, read_current_tables
from tests.pages.screens import open_page, table, words
from tests.pages.workspaces import POOR, RICH, copy_of, make_workspace, room_of
from tests.services.planned_company import make_room
from tests.services.test_history import history_of, spike

SALES = "head_of_sales"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that once booked far too much."""
    folder = tmp_path_factory.mktemp("spiked")
    room = make_room(folder, replace(RICH, history=14))
    spike(room)
    room.input_set()
    room.store.close()
    return folder


@pytest.fixture
def spiked(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOP_WORKSPACE", str(copy_of(template, tmp_path)))
    return tmp_path


def open_history(person: str = SALES, **state: object) -> AppTest:
    app = open_page("sales", person, sales_view="History", **state)
    assert not app.exception and not app.error, [each.value for each in (*app.exception, *app.error)]
    return app


def button(app: AppTest, start: str):
    return next(each for each in app.button if str(each.key).startswith(start))


def test_a_correction_stands_with_its_reason_and_a_button(spiked):
    app = open_history()
    assert "1 month corrected; 0 decided by people" in words(app)
    assert "far above" in words(app) and "Corrected" in words(app)
    assert not button(app, "do-history_restored").disabled


def test_the_owner_restores_a_month_with_a_reason_and_takes_it_back(spiked):
    app = open_history()
    app.text_input(
        key=next(str(each.key) for each in app.text_input if str(each.key).startswith("why-"))
    ).set_value("a tender that comes back")
    button(app, "do-history_restored").click().run()
    assert not app.exception
    assert "Restored as booked by Head of sales: a tender that comes back" in words(app)
    button(app, "back-history_restored").click().run()
    assert "1 month corrected; 0 decided by people" in words(app)


def test_without_a_reason_nothing_is_decided(spiked):
    app = open_history()
    button(app, "do-history_restored").click().run()
    assert app.error[0].value.startswith("A decision about history needs its reason")
    assert "0 decided by people" in words(app)


@pytest.mark.parametrize("person", ["executive", "head_of_finance", "coordinator", "viewer"])
def test_others_see_it_closed_with_the_reason(spiked, person):
    app = open_history(person)
    assert button(app, "do-history_restored").disabled
    said = words(app)
    assert "belongs to Sales" in said or "may not change assumptions" in said or "may look, not change" in said


def test_a_frozen_plan_is_looked_at_and_not_decided(spiked):
    from sop.services.agreement.plan_acts import propose_plan

    room = room_of(spiked)
    record = propose_plan(room, "coordinator")
    room.store.close()
    app = open_history(view=f"plan-{record.id}")
    assert "is frozen" in words(app) and button(app, "do-history_restored").disabled


def test_methods_and_drivers_open_for_one_family(spiked):
    app = open_history()
    family = app.selectbox(key="plan_family").options[1]
    app.selectbox(key="plan_family").set_value(family).run()
    assert not app.exception
    methods = table(app, "Method")[1:]
    assert {row[0] for row in methods} == {family} and all(row[2] and row[4] for row in methods)


def test_a_region_narrows_the_rows(spiked):
    app = open_history()
    regions = app.selectbox(key="history_region").options[1:]
    found = []
    for region in regions:
        app.selectbox(key="history_region").set_value(region).run()
        found.append("1 month corrected" in words(app))
    assert found.count(True) == 1


def test_every_family_has_its_cadence_with_the_reason(spiked):
    rows = table(open_history(), "Bucket")[1:]
    assert len(rows) == 2 and all("months of history" in row[-1] for row in rows)


def test_a_decision_shows_which_months_train_the_forecast(spiked):
    room = room_of(spiked)
    row = replace(history_of(room).rows[0], key="history_train_since", month="2025-10")
    decide_history(room, SALES, working_scenario(room.store, SALES).id, row, "new customers since")
    room.store.close()
    app = open_history()
    assert "Train the forecast since" in words(app) and "new customers since" in words(app)


BAD = {
    "all zero": lambda q: np.zeros(len(q)),
    "constant": lambda q: np.full(len(q), 7.0),
    "one month": lambda q: np.where(np.arange(len(q)) == len(q) - 1, 5.0, 0.0),
    "returns": lambda q: np.where(np.arange(len(q)) % 3 == 0, -4.0, 9.0),
    "a third zero": lambda q: np.where(np.arange(len(q)) % 3 == 0, 0.0, 9.0),
    "one huge": lambda q: np.where(np.arange(len(q)) == len(q) // 2, 1e7, 9.0),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_series_is_shown_with_its_method_and_spoils_nothing(tmp_path, monkeypatch, kind):
    folder = make_workspace(tmp_path, POOR)
    store = open_store(folder)
    with store.read() as tx:
        frame = read_current_tables(tx)["sales_actuals"].copy()
    for _, rows in frame.groupby(["product", "region"]):
        frame.loc[rows.index, "quantity"] = BAD[kind](rows["quantity"].to_numpy())
        break
    with store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "sales_actuals", frame, file_name="sales_actuals.csv", file_sha256="2" * 64)
    store.close()
    monkeypatch.setenv("SOP_WORKSPACE", str(folder))
    app = open_history()
    family = app.selectbox(key="plan_family").options[1]
    app.selectbox(key="plan_family").set_value(family).run()
    assert not app.exception
    methods = table(app, "Method")[1:]
    assert methods and all(row[2] and row[4] for row in methods)
    assert "nan" not in words(app).lower().split()
