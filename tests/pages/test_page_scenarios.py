"""The Scenarios page: sliders write at once, and what is said agrees with what is shown."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sop.core.register import Assumptions
from sop.services.scenarios import drafts as scenarios
from sop.services.scenarios.bench import MOST_BESIDE, Bench
from sop.store.scenarios import read_assumptions, save_assumption
from sop.ui.frame.page import Visit
from sop.ui.panels.scenarios import desk as desks
from sop.ui.panels.scenarios.desk import SAID, TABLES, WORKBENCH, SliderDesk
from sop.views.executive.scenario_months import BESIDE
from tests.pages.screens import blocks, markup, message, open_page, press, table_rows, words
from tests.pages.workspaces import POOR, make_workspace, room_of

TABLE = "Scenarios side by side"


def slider(app: AppTest, label: str):
    return next(found for found in app.slider if found.label.startswith(label))


def current_row(app: AppTest) -> list[str]:
    return next(row for row in table_rows(app, TABLE) if "(now)" in row[0])


def test_signed_out_shows_no_plan(workspace: Path) -> None:
    app = open_page("scenarios", None)
    assert "who are you" in message(app)
    assert not app.slider
    assert "Revenue" not in words(app)


def test_a_fresh_draft_is_the_working_plan(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    assert not app.exception and not app.error
    assert "is the working plan so far" in message(app)
    assert current_row(app)[1].endswith(" ±0.00")


def test_a_released_slider_is_in_the_database_and_in_every_figure(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    before = current_row(app)
    slider(app, "Net price").set_value(10.0).run()
    room = room_of(workspace)
    draft = scenarios.own_draft(room.store, "executive")
    assert [(e.key, e.value) for e in scenarios.entries(room.store, "executive", draft.id)] == [("price_pct", 0.1)]
    after = current_row(app)
    assert after[1] != before[1]
    gain = re.search(r"adds ([\d.]+) M€ revenue", message(app))
    assert gain and after[1].endswith(f"+{gain[1]}")
    card = next(text for text in blocks(app) if text.startswith("Revenue"))
    assert after[1].split(" ")[0] in card and f"+{gain[1]}" in card


def test_the_path_of_a_change_runs_from_its_cause_to_money_in_the_figures_of_the_table(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    assert "→" not in words(app), "nothing has been changed yet"
    slider(app, "Net price").set_value(10.0).run()
    path = next(text for text in blocks(app) if "→" in text)
    gain = current_row(app)[1].split("+")[1]
    assert path.startswith("Net price") and f"revenue +{gain}" in path


def test_back_at_its_default_a_slider_leaves_no_entry(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    slider(app, "Net price").set_value(10.0).run()
    slider(app, "Net price").set_value(0.0).run()
    room = room_of(workspace)
    draft = scenarios.own_draft(room.store, "executive")
    assert scenarios.entries(room.store, "executive", draft.id) == ()
    assert "is the working plan so far" in message(app)


def test_a_browser_that_lags_behind_a_reset_brings_nothing_back(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    slider(app, "Net price").set_value(10.0).run()
    for field in (*app.number_input, *app.text_input):
        field.set_value(field.value)
        field.proto.form_id = field.form_id = ""  # AppTest would ask the session for what a form holds unsent
    seen_by_the_browser = app._tree
    reset = next(button for button in app.button if button.label == "Reset")
    reset.click().run()
    # The browser sends every slider as it last drew it, and the one that was moved.
    reset._value = False
    app._tree = seen_by_the_browser
    slider(app, "Net price").set_value(10.0)
    slider(app, "Demand against forecast").set_value(2.0).run()
    room = room_of(workspace)
    draft = scenarios.own_draft(room.store, "executive")
    assert [(e.key, e.value) for e in scenarios.entries(room.store, "executive", draft.id)] == [
        ("demand_pct", 0.02)
    ]
    assert slider(app, "Net price").value == 0.0


def test_in_a_draft_of_ones_own_no_step_is_refused_for_the_last_one(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    room = room_of(workspace)
    draft = scenarios.own_draft(room.store, "executive")
    scenarios.change_assumption(room.store, "executive", draft.id, "price_pct", 0.05)
    slider(app, "Net price").set_value(10.0).run()
    assert not app.error
    assert [(e.key, e.value) for e in scenarios.entries(room.store, "executive", draft.id)] == [("price_pct", 0.1)]


def test_in_the_working_plan_only_ones_own_sliders_move(workspace: Path) -> None:
    app = open_page("scenarios", "head_of_finance", levers_sales=True)
    app.selectbox(key="scenario").set_value(working_key(workspace)).run()
    assert not slider(app, "Customers pay after").disabled
    assert slider(app, "Net price").disabled
    assert "belongs to Sales" in slider(app, "Net price").help


def working_key(workspace: Path) -> str:
    return str(scenarios.working_scenario(room_of(workspace).store, "viewer").id)


def test_a_viewer_looks_and_moves_nothing(workspace: Path) -> None:
    app = open_page("scenarios", "viewer")
    assert app.slider and all(found.disabled for found in app.slider)
    assert "Save" not in [button.label for button in app.button]
    assert message(app).startswith("Working plan:")


def test_a_saved_scenario_stands_in_the_table_under_its_name_literally(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    slider(app, "Net price").set_value(5.0).run()
    app.text_input(key="save_name").set_value("**Dearer** <b>bikes</b>")
    press(app, "Save")
    assert not app.exception and not app.error
    assert "&lt;b&gt;bikes" in markup(app)
    assert "**Dearer** <b>bikes</b>" in [row[0] for row in table_rows(app, TABLE)]


def test_a_name_that_is_taken_is_refused_in_one_sentence(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    for _ in range(2):
        app.text_input(key="save_name").set_value("Twice")
        press(app, "Save")
    assert "Choose another name" in app.error[0].value


def test_ones_own_values_go_into_the_working_plan(workspace: Path) -> None:
    app = open_page("scenarios", "head_of_sales", levers_finance=True)
    slider(app, "Net price").set_value(5.0).run()
    slider(app, "Customers pay after").set_value(60.0).run()
    app.text_input(key="adopt_reason").set_value("new list")
    press(app, "Bring my values into the working plan")
    room = room_of(workspace)
    working = scenarios.working_scenario(room.store, "viewer")
    stored = scenarios.entries(room.store, "viewer", working.id)
    assert [(e.key, e.value, e.reason) for e in stored] == [("price_pct", 0.05, "new list")]


def test_reset_brings_the_working_plan_back(workspace: Path) -> None:
    app = open_page("scenarios", "executive")
    slider(app, "Net price").set_value(5.0).run()
    press(app, "Reset")
    assert slider(app, "Net price").value == 0.0
    assert "is the working plan so far" in message(app)


def test_somebody_elses_change_moves_the_slider_and_is_not_overwritten(workspace: Path) -> None:
    room, key = room_of(workspace), working_key(workspace)
    app = open_page("scenarios", "head_of_sales")
    app.selectbox(key="scenario").set_value(key).run()
    scenarios.change_assumption(room.store, "head_of_sales", int(key), "price_pct", 0.03)
    slider(app, "Net price").set_value(8.0).run()
    assert "set Net price to +3% meanwhile" in app.error[0].value
    assert "wants +8%" in app.error[0].value
    assert slider(app, "Net price").value == 3.0


def test_a_slider_that_crossed_anothers_change_keeps_both_until_one_is_chosen(workspace: Path) -> None:
    room, key = room_of(workspace), working_key(workspace)
    store = room.store
    app = open_page("scenarios", "head_of_sales")
    app.selectbox(key="scenario").set_value(key).run()
    for wanted, mine, stands in ((8.0, True, 0.08), (5.0, False, 0.03)):
        with store.write(by="executive", role="executive") as tx:
            there = {entry.key: entry for entry in read_assumptions(tx, int(key))}.get("price_pct")
            version = there.version if there else 0
            save_assumption(tx, int(key), "price_pct", 0.03, expected_version=version, reason="A list")
        slider(app, "Net price").set_value(wanted).run()
        told = next(each.value for each in app.warning if "you want" in each.value)
        assert "set Net price to +3% (“A list”)" in told and f"you want +{wanted:g}%" in told
        assert slider(app, "Net price").value == 3.0, "theirs stands until it is decided"
        named = "mine_" if mine else "theirs_"
        next(button for button in app.button if str(button.key).startswith(named)).click().run()
        assert not any("you want" in each.value for each in app.warning)
        assert {e.key: e.value for e in scenarios.entries(store, "viewer", int(key))}["price_pct"] == stands


def test_the_tornado_is_planned_when_it_is_opened(workspace: Path) -> None:
    closed = open_page("scenarios", "executive")
    assert not any("each slider lower and higher" in text for text in blocks(closed))
    opened = open_page("scenarios", "executive", worth=True)
    assert not opened.exception and not opened.error
    assert any("each slider lower and higher" in text for text in blocks(opened))


def test_a_company_that_has_only_sales_and_stock_sees_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path, POOR)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    app = open_page("scenarios", "executive")
    assert not app.exception and not app.error
    labels = [found.label for found in app.slider]
    assert any(label.startswith("Net price") for label in labels)
    assert not any(label.startswith(("Line capacity", "People", "Customers pay")) for label in labels)
    text = words(app)
    assert " not known: " in text and "EBIT" in text, "what is not known is named with its reason"
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_the_smallest_changes_are_shown_with_price_and_owner_and_open_as_a_scenario(workspace: Path) -> None:
    app = open_page("scenarios", "executive", gap=True)
    assert not any("Alternatives" in text for text in blocks(app)), "nothing is planned before it is asked"
    app = press(app, "Find the smallest changes")
    assert not app.exception and not app.error
    rows = table_rows(app, "Alternatives")
    assert rows and "demand" in rows[0][1], "how far it holds stands under what is done"
    room = room_of(workspace)
    app = app.button(key="gap_open_0").click().run()
    assert not app.exception
    draft = scenarios.own_draft(room.store, "executive")
    assert scenarios.entries(room.store, "executive", draft.id) != ()
    assert "is the working plan so far" not in message(app)


def test_five_stand_side_by_side_and_no_sixth_is_taken(workspace: Path) -> None:
    room = room_of(workspace)
    draft = scenarios.own_draft(room.store, "executive").id
    for name in ("One", "Two", "Three", "Four"):
        scenarios.save_as(room.store, "executive", draft, name)
    keys = [str(each.id) for each in scenarios.list_scenarios(room.store, "executive")]
    assert len(keys) == 6
    app = open_page("scenarios", "executive", beside=keys[:MOST_BESIDE])
    assert app.multiselect(key="beside").proto.max_selections == MOST_BESIDE == 5
    shown = [row[0].removesuffix(" CEO") for row in table_rows(app, BESIDE)]
    assert shown == ["Working plan", "My scenario", "One", "Two", "Three"]


SHOWS = [SAID, TABLES]
"""The parts that show the plan, beside its charts."""


def drawn_after(
    app: AppTest, label: str, value: float, monkeypatch: pytest.MonkeyPatch, *, ahead: bool = True
) -> object:
    """The keys of what a move of a slider asks to be drawn again; a page in a test is always drawn whole."""
    asked: list[object] = []
    monkeypatch.setattr(st, "rerun", asked.append)
    monkeypatch.setattr(desks, "drawn_ahead", lambda draw: draw() is None and ahead)
    slider(app, label).set_value(value).run()
    assert not app.exception and not app.error
    return asked[0]


def test_a_move_draws_the_plan_and_that_slider_and_no_other(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("scenarios", "executive")
    found = drawn_after(app, "Demand against forecast", 2.0, monkeypatch)
    assert found == [*SHOWS, "lever_('demand_pct', '')", "levers_changed"]
    typed = next(field for field in app.number_input if field.label.startswith("Demand against forecast"))
    assert typed.value == 2.0, "what can be typed stands where the slider stands"


def test_a_move_of_a_price_draws_also_what_says_what_a_price_does(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = drawn_after(open_page("scenarios", "executive"), "Net price", 2.0, monkeypatch)
    assert found == [*SHOWS, "lever_('price_pct', '')", "lever_('price_elasticity', '')", "levers_changed"]


def test_a_move_draws_all_where_the_charts_could_not_be_drawn_ahead(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("scenarios", "executive")
    assert drawn_after(app, "Demand against forecast", 2.0, monkeypatch, ahead=False) == WORKBENCH


def test_a_move_draws_all_sliders_where_another_window_moved_one_meanwhile(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("scenarios", "executive")
    room = room_of(workspace)
    draft = scenarios.own_draft(room.store, "executive")
    scenarios.change_assumption(room.store, "executive", draft.id, "price_pct", 0.05)
    assert drawn_after(app, "Demand against forecast", 2.0, monkeypatch) == WORKBENCH


def test_a_move_in_the_working_plan_draws_all_sliders(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("scenarios", "head_of_sales")
    app.selectbox(key="scenario").set_value(working_key(workspace)).run()
    assert drawn_after(app, "Net price", 2.0, monkeypatch) == WORKBENCH


def test_the_parts_of_a_run_draw_one_reading_and_the_next_run_another(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [["panel_ebit", SAID], ["panel_ebit", SAID]]
    assert runs[0] == runs[1], "told apart though they draw the same"
    run = SimpleNamespace(fragment_ids_this_run=None)
    readings = iter(range(9))
    monkeypatch.setattr(desks, "get_script_run_ctx", lambda: run)
    monkeypatch.setattr(desks, "read_bench", lambda *_: next(readings))
    visit = SimpleNamespace(room=None, person=SimpleNamespace(id=""), inputs=None)
    desk = SliderDesk(cast(Visit, visit), 1)
    assert [desk.read(), desk.read()] == [0, 0], "the whole page"
    for parts, reading in zip(runs, (1, 2), strict=True):
        run.fragment_ids_this_run = parts
        assert [desk.read(), desk.bench, desk.read()] == [reading] * 3


def test_the_run_after_charts_that_were_drawn_ahead_draws_their_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    run = SimpleNamespace(fragment_ids_this_run=["lever"])
    readings = iter(range(9))
    monkeypatch.setattr(desks, "get_script_run_ctx", lambda: run)
    monkeypatch.setattr(desks, "read_bench", lambda *_: next(readings))
    monkeypatch.setattr(desks, "drawn_ahead", lambda draw: draw() is None)
    visit = SimpleNamespace(room=None, person=SimpleNamespace(id=""), inputs=None)
    desk = SliderDesk(cast(Visit, visit), 1)
    assert desk.read() == 0
    assert desk.draw_ahead()
    for reading in (1, 2):
        run.fragment_ids_this_run = [SAID, TABLES]
        assert [desk.read(), desk.read()] == [reading] * 2


def test_what_is_said_alone_is_not_of_another_plan_than_the_charts() -> None:
    desk = SliderDesk(cast(Visit, None), 1)
    panel = SimpleNamespace(key="ebit")
    desk.bench = cast(Bench, SimpleNamespace(assumptions=Assumptions(), panels=[panel]))
    assert not desk.is_charted(), "no chart is drawn yet"
    desk.charted["ebit"] = Assumptions().texts
    assert desk.is_charted()
    desk.charted["ebit"] = Assumptions({("price_pct", ""): 0.1}).texts
    assert not desk.is_charted(), "moved from elsewhere since"
