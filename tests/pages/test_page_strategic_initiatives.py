"""The Strategic initiatives page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.plan_sheets import figure, figures, says_nothing_wrong
from tests.pages.screens import open_page, table, words
from tests.pages.workspaces import copy_of

PAGE = "strategic_initiatives"


def test_nobody_sees_initiatives_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "welding robot" not in words(app)


def test_the_message_agrees_with_the_table_of_initiatives(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    titles, *rows = table(app, "Budget, M€")
    message = app.title[0].value
    numbers = figures(message)
    assert numbers[0] == len(rows)
    states = [row[titles.index("Health")].split(":")[0] for row in rows]
    for state in set(states):
        assert f"{states.count(state)} {state}" in message
    spent, budget, ahead, _ = numbers[-4:]
    columns = ("Spent, M€", "Budget, M€", "Planned, 12 months, M€")
    sums = [sum(figure(row[titles.index(name)]) for row in rows) for name in columns]
    assert [spent, budget, ahead] == pytest.approx(sums, abs=0.03)


def test_every_benefit_stands_under_its_goal_and_says_what_came_of_it(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    strategy, benefits = table(app, "Where in the plan"), table(app, "Measured over")
    assert len(strategy) == len(benefits) > 1
    assert {row[1] for row in strategy[1:]} == {row[0] for row in benefits[1:]}
    health = {row[0]: row[-1].split(":")[0] for row in table(app, "Budget, M€")[1:]}
    assert {row[1]: row[2] for row in strategy[1:]} == health


def open_tab(name: str) -> AppTest:
    """The page with one of its tabs open."""
    app = open_page(PAGE, "executive", initiative_depth=name)
    says_nothing_wrong(app)
    return app


def test_spend_adds_up_and_milestones_come_in_order(demo_workspace: Path) -> None:
    *rows, total = table(open_tab("Spend"), "Still planned, €")[1:]
    for column in (1, 2, 5, 6):
        assert sum(figure(row[column]) for row in rows) == pytest.approx(figure(total[column]), abs=3)
    titles, *milestones = table(open_tab("Milestones"), "After")
    done = [row[titles.index("Done")] for row in milestones if row[0] == "Second welding robot"]
    assert done[0] != "–" and done[1:] == ["–", "–"]


def test_worth_is_found_by_planning_without_each_initiative(demo_workspace: Path) -> None:
    titles, *rows = table(open_tab("Worth"), "At risk, €")
    at = {name: place for place, name in enumerate(titles)}
    for row in rows:
        promised, planned = figure(row[at["Promised, €"]]), figure(row[at["In the plan, €"]])
        assert promised - planned == pytest.approx(figure(row[at["At risk, €"]]), abs=1)
    assert len(rows) == 5
    assert len(table(open_tab("Cost of a slip"), "Slip further by")) > 1


def test_the_ceo_stops_an_initiative_with_a_reason_and_every_table_says_so(
    demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(copy_of(demo_workspace, tmp_path)))
    app = open_page(PAGE)
    next(box for box in app.selectbox if box.key == "trial_for_initiative").set_value("Second welding robot").run()
    next(item for item in app.slider if item.label == "Initiative benefit, %").set_value(0.0).run()
    assert "Second welding robot: initiative benefit 0%" in words(app)
    next(field for field in app.text_input if str(field.key).startswith("keep_")).set_value("No money")
    next(button for button in app.button if button.label == "Keep in Working plan").click().run()
    says_nothing_wrong(app)
    assert "1 stopped" in app.title[0].value
    strategy = {row[1]: row for row in table(app, "Where in the plan")[1:]}
    assert strategy["Second welding robot"][2] == "stopped"


def test_who_does_not_own_initiatives_may_try_but_not_keep(demo_workspace: Path) -> None:
    app = open_page(PAGE, "head_of_sales")
    assert "Keep in Working plan" not in [button.label for button in app.button]
    assert next(item for item in app.slider if item.label == "Initiative benefit, %")


def test_without_initiatives_the_page_says_what_unlocks_it(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value == "The strategic initiatives plan is not available: no initiatives loaded."
    assert "Load initiatives, milestones and benefits to unlock it." in words(app)
