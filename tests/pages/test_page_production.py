"""The Production page: load and limits, and what it says without capacity."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.services.agreement.frozen_plans import waive
from sop.services.agreement.plan_acts import propose_plan
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.pages.plan_sheets import figure, figures, says_nothing_wrong, year_total
from tests.pages.screens import family_sheet, open_page, table, tables, words

PAGE = "production"


def test_nobody_sees_the_production_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert not tables(app)


def test_the_message_agrees_with_the_sheet_and_the_table_of_limits(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    message = app.title[0].value
    made, _, gap, months, horizon, ebit, _, lasting, _, late = figures(message)
    assert "134 people are employed now, " in words(app)
    whole = "Production at standard cost"
    assert made == pytest.approx(year_total(app, whole, "Actual or new plan"), abs=0.06)
    assert gap == pytest.approx(abs(year_total(app, whole, "Difference")), abs=0.06)
    dearest = table(app, "Binds")[1]
    assert f"the bottleneck is {dearest[0]}, which" in message
    assert (months, horizon) == (figure(dearest[1]), 24)
    told = [abs(figure(cell)) for cell in dearest[2:4]]
    assert [ebit, lasting] == told
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    _, sheet = family_sheet(app)
    past_due = sheet["Order book", "Past due"][6:18]
    assert late == max(figure(cell) for cell in past_due)


def test_a_family_shows_only_the_limits_and_lines_it_runs_into(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Trike").run()
    says_nothing_wrong(app)
    assert [row[0] for row in table(app, "Full, months")[1:]] == ["Gdansk assembly line"]


def test_people_are_told_as_they_are_now_beside_what_is_planned(demo_workspace: Path) -> None:
    app = open_tab(open_page(PAGE), "Lines and people")
    rows = table(app, "Employed now")
    now, hires, releases, then = (
        rows[0].index(title) for title in ("Employed now", "Hires", "Releases", "In 12 months")
    )
    assert sum(figure(row[now]) for row in rows[1:]) == 134
    for row in rows[1:]:
        assert figure(row[then]) == figure(row[now]) + figure(row[hires]) - figure(row[releases])
    if any(figure(row[column]) for row in rows[1:] for column in (hires, releases)):
        moves = table(app, "Decide by")
        assert [row[0] for row in moves[1:]] and all(row[2] != row[3] for row in moves[1:])


def open_tab(app: AppTest, name: str) -> AppTest:
    """The page with one of the tabs below the sheet opened."""
    app.session_state["production_depth"] = name
    app.run()
    says_nothing_wrong(app)
    return app


def test_strategies_stand_side_by_side_and_the_sentence_is_that_of_the_table(demo_workspace: Path) -> None:
    app = open_tab(open_page(PAGE, "head_of_sales"), "Strategies")
    rows = {row[0]: row for row in table(app, "EBIT to least cost")[1:]}
    assert list(rows) == ["Least cost (planned)", "Level", "Chase", "As agreed"]
    place = table(app, "EBIT to least cost")[0].index("EBIT to least cost, M€")
    level = figure(rows["Level"][place])
    side = "less" if level < 0 else "more"
    assert f"level would bring {abs(level):.2f} M€ {side} EBIT" in words(app).replace(",", "")
    assert "belongs to Operations" in words(app)


def test_operations_choose_a_strategy_and_the_plan_follows(
    demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(demo_workspace, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    app = open_page(PAGE, "head_of_operations")
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    app = open_tab(app, "Strategies")
    before = family_sheet(app)[1]["Production", "Actual or new plan"]
    control = next(c for c in app.button_group if str(c.key).endswith("_value"))
    control.set_value(1)
    next(f for f in app.text_input if "supply_strategy" in str(f.key)).set_value("Keep the crew together")
    next(b for b in app.button if b.label == "Change working plan").click().run()
    says_nothing_wrong(app)
    assert family_sheet(app)[1]["Production", "Actual or new plan"] != before
    assert "Level (planned)" in [row[0] for row in table(app, "EBIT to least cost")]
    assert "Level brings " in words(app)


def test_relief_is_valued_net_and_every_late_unit_has_its_cause(demo_workspace: Path) -> None:
    app = open_tab(open_page(PAGE), "Relief")
    titles, *rows = table(app, "Costs itself")
    lasting, cost = (next(place for place, title in enumerate(titles) if title.startswith(word))
                     for word in ("to the horizon", "Costs itself"))  # fmt: skip
    known = [figure(row[lasting]) for row in rows if row[cost] != "–"]
    assert known and known == sorted(known, reverse=True)
    assert any("One more shift on" in row[0] for row in rows)
    assert table(app, "Step a month")[1][0] == table(app, "Binds")[1][0]
    assert "units late or lost in" in words(app)


def test_requirements_are_told_for_the_short_medium_and_long_horizon(demo_workspace: Path) -> None:
    app = open_tab(open_page(PAGE), "Requirements")
    rows = table(app, "4–12 make")
    assert rows[0][1:] == [f"{span} {what}" for span in ("1–3", "4–12", "13+") for what in ("due", "make", "buy")]
    year = sum(figure(row[2]) + figure(row[5]) for row in rows[1:])
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    assert year == year_total(app, "Production", "Actual or new plan")


def test_production_in_money_is_its_standard_cost(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert year_total(app, "Production at standard cost", "Actual or new plan") > 0


def test_a_frozen_plan_shows_its_full_lines_and_says_what_it_cannot_tell(
    demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(demo_workspace, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    store = open_store(tmp_path)
    waive(store, "executive", "2026-12", "minimum_cash", "the bank agreed in writing", "2099-12")
    record = propose_plan(PlanningRoom(store), "coordinator")
    store.close()
    working = year_total(open_page(PAGE), "Production at standard cost", "Actual or new plan")
    app = open_page(PAGE)
    app.selectbox(key="view").set_value(f"plan-{record.id}").run()
    says_nothing_wrong(app)
    assert year_total(app, "Production at standard cost", "Actual or new plan") == working
    assert "which a frozen plan is not" in words(app)
    assert table(app, "Months full")[1][0] == table(app, "Full, months")[1][0]


def test_without_capacity_the_plan_is_labelled_unconstrained_and_says_what_would_limit_it(
    poor_workspace: Path,
) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value.endswith("unconstrained, because no capacity is loaded.")
    assert "Load resources, capacity and routings on the Data page." in words(app)
    made, *_ = figures(app.title[0].value)
    assert made == pytest.approx(year_total(app, "Production at standard cost", "Actual or new plan"), abs=0.06)


def test_the_first_months_are_refined_beside_the_plan(demo_workspace: Path) -> None:
    app = open_tab(open_page(PAGE, "head_of_operations"), "Refine")
    title = app.title[0].value
    app.number_input(key="refine_lot_units").set_value(20.0)
    app.number_input(key="refine_months").set_value(3)
    next(b for b in app.button if b.label == "Refine").click().run()
    for thread in threading.enumerate():
        if thread.name == "refine":
            thread.join(60)
    app.run()
    says_nothing_wrong(app)
    assert "In whole numbers the first 3 months cost" in words(app)
    assert [row[0] for row in table(app, "In whole numbers")[1:3]] == ["Cost, €", "Revenue less cost, €"]
    assert app.title[0].value == title
