"""The Sales page: its message, its sheet, and the form with which the owner changes demand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.plan_sheets import figure, figures, says_nothing_wrong, year_total
from tests.pages.screens import family_sheet, markup, open_page, table, tables, words

PAGE = "sales"


def test_nobody_sees_the_sales_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert not tables(app)


def test_the_message_agrees_with_the_sheet_and_the_regions(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    revenue, _, gap, budget_gap, moved, units = figures(app.title[0].value)
    assert revenue == pytest.approx(year_total(app, "Money", "Revenue"), abs=0.06)
    assert sum(figure(row[1]) for row in table(app, "Region")[1:]) == pytest.approx(revenue, abs=0.06), "in money"
    assert gap == pytest.approx(abs(year_total(app, "Revenue", "Difference")), abs=0.06)
    assert budget_gap == pytest.approx(abs(revenue - year_total(app, "Revenue", "Budget")), abs=0.06)
    family = re.search(r"; (.+) moves most", app.title[0].value)
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    regions = table(app, "Region")[1:]
    assert sum(figure(row[1]) for row in regions) == year_total(app, "Sales", "Actual or consensus")
    assert family is not None and moved > 0
    app.selectbox(key="plan_family").set_value(family[1]).run()
    app.segmented_control(key="plan_unit").set_value("Units").run()
    assert figures(app.title[0].value)[-2] == year_total(app, "Sales", "Actual or consensus")
    assert units == abs(year_total(app, "Sales", "Difference"))


def test_one_family_in_money_shows_its_revenue(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Front box").run()
    app.segmented_control(key="plan_unit").set_value("M€").run()
    says_nothing_wrong(app)
    assert app.title[0].value.startswith("Front box: ")
    _, sheet = family_sheet(app)
    assert ("Revenue", "Actual or new plan") in sheet
    assert app.header[0].value == "Revenue"


def overrides(person: str) -> AppTest:
    """The tab of overrides as somebody sees it."""
    app = open_page(PAGE, person)
    app.session_state["sales_view"] = "Overrides"
    return app.run()


@pytest.mark.parametrize(
    ("person", "why"), [("executive", "belongs to Sales"), ("viewer", "may look, not change")]
)
def test_whoever_does_not_own_demand_sees_the_form_closed_with_the_reason(
    demo_workspace: Path, person: str, why: str
) -> None:
    app = overrides(person)
    says_nothing_wrong(app)
    assert app.text_input(key="override_reason").disabled and app.button(key="override_enter").disabled
    assert why in words(app)


def test_accuracy_of_one_family_is_told_for_each_region(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.session_state["sales_view"] = "Accuracy"
    app.run()
    app.selectbox(key="plan_family").set_value("Front box").run()
    places = table(app, "Family or region")
    assert [row[0] for row in places[1:]] == ["Front box", "Benelux", "DACH", "Nordics"]
    app.selectbox(key="accuracy_region").set_value("DACH").run()
    says_nothing_wrong(app)
    steps = {row[0]: row for row in table(app, "Tracking signal")[1:]}
    assert steps["Consensus"][1] == next(row[1] for row in places if row[0] == "DACH")


@pytest.fixture
def own_workspace(demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo that a test may change."""
    shutil.copytree(demo_workspace, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    return tmp_path


def demand_told(app: AppTest) -> float:
    """The demand in the message of one family."""
    told = re.search(r"demand of ([\d\u202f]+) units", app.title[0].value)
    assert told, app.title[0].value
    return figure(told[1])


def test_the_owner_enters_an_override_sees_it_in_the_plan_and_takes_it_back(own_workspace: Path) -> None:
    app = overrides("head_of_sales")
    app.selectbox(key="plan_family").set_value("Front box").run()
    before = demand_told(app)
    app.selectbox(key="override_family_Front box").set_value("Front box").run()
    app.number_input(key="override_number_units").set_value(25.0).run()
    assert "Demand goes from" in words(app)
    app.button(key="override_enter").click().run()
    assert app.error[0].value.startswith("A change of demand needs its reason")
    app.text_input(key="override_reason").set_value("A fleet in <b>Utrecht</b>").run()
    app.button(key="override_enter").click().run()
    says_nothing_wrong(app)
    assert demand_told(app) == before + 25
    assert "A fleet in &lt;b&gt;Utrecht" in markup(app)
    assert "Front box , Jan–Mar 27: +25 units" in words(app)
    next(button for button in app.button if button.label == "Take back").click().run()
    says_nothing_wrong(app)
    assert demand_told(app) == before
    assert "Nobody has entered one" in words(app)


def test_the_streams_agree_with_the_sheet_and_their_sentence_with_the_table(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    consensus = year_total(app, "Sales", "Actual or consensus")
    app.session_state["sales_view"] = "Streams"
    app.run()
    says_nothing_wrong(app)
    streams = {row[0]: row for row in table(app, "To consensus")[1:]}
    assert figure(streams["Consensus"][1]) == consensus
    assert figure(streams["Finance"][1]) - consensus == figure(streams["Finance"][2])
    apart = table(app, "Lowest")
    at = next(place for place, title in enumerate(apart[0]) if title.startswith("Apart"))
    said = re.search(r"the streams are ([\d.]+) M€ apart", words(app))
    assert said and float(said[1]) == pytest.approx(sum(figure(row[at]) for row in apart[1:]), abs=0.05)


def test_the_sentence_on_accuracy_agrees_with_its_tables(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.session_state["sales_view"] = "Accuracy"
    app.run()
    says_nothing_wrong(app)
    steps = {row[0]: row for row in table(app, "Tracking signal")[1:]}
    said = re.search(r"Consensus missed by ([\d.]+)%, against ([\d.]+)% .* bias of ([+−±][\d.]+)%", words(app))
    assert said and [said[1], said[2], said[3]] == [
        steps["Consensus"][1], steps["Seasonal naive"][1], steps["Consensus"][2],
    ]  # fmt: skip
    places = {row[0]: row for row in table(app, "Family or region")[1:]}
    assert places["All families"][1] == steps["Consensus"][1]
    app.segmented_control(key="accuracy_lag").set_value(2).run()
    says_nothing_wrong(app)
    assert "At lag 2, over 1 month:" in words(app) and "too few months" in words(app)
    app.selectbox(key="plan_family").set_value("Trike").run()
    says_nothing_wrong(app)


def test_without_an_agreed_plan_accuracy_says_what_it_waits_for(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    app.session_state["sales_view"] = "Accuracy"
    app.run()
    says_nothing_wrong(app)
    assert "once a month has closed that an agreed plan covers" in words(app)


def test_the_streams_of_a_company_without_a_budget_say_so(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    app.session_state["sales_view"] = "Streams"
    app.run()
    says_nothing_wrong(app)
    assert "no budget is loaded" in words(app)


def test_a_company_with_sales_only_sees_its_demand_and_what_is_not_known(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    revenue, *_ = figures(app.title[0].value)
    assert revenue == pytest.approx(year_total(app, "Money", "Revenue"), abs=0.006)
    assert "agreed" not in app.title[0].value
    assert "no plan has been agreed yet" in words(app)
