"""The Production page: load and limits, and what it says without capacity."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sop.services.planning import PlanningRoom
from sop.services.signing import propose_plan
from sop.store import open_store
from tests.pages.plan_sheets import figure, figures, read_sheet, says_nothing_wrong, year_total
from tests.pages.starter import html, open_page, plain, table

PAGE = "pages/production.py"


def test_nobody_sees_the_production_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "<table" not in html(app)


def test_the_message_agrees_with_the_sheet_and_the_table_of_lines(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    made, _, gap, full, used, late = figures(app.title[0].value)
    assert made == year_total(app, "Production", "Actual or new plan")
    assert gap == abs(year_total(app, "Production", "Difference"))
    fullest = table(app, "Full, months")[1]
    assert app.title[0].value.split("; ")[1].startswith(fullest[0])
    assert (used, full) == (figure(fullest[3]), figure(fullest[4]))
    _, sheet = read_sheet(app)
    months = sheet["Backlog", "Past due"][6:18]
    assert late == max(figure(cell) for cell in months)


def test_a_family_shows_only_the_limits_and_lines_it_runs_into(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Trike").run()
    says_nothing_wrong(app)
    assert [row[0] for row in table(app, "Full, months")[1:]] == ["Gdansk assembly line"]


def test_production_in_money_is_its_standard_cost(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.segmented_control(key="plan_unit").set_value("M€").run()
    says_nothing_wrong(app)
    assert year_total(app, "Production at standard cost", "Actual or new plan") > 0


def test_a_frozen_plan_shows_its_full_lines_and_says_what_it_cannot_tell(
    demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(demo_workspace, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    store = open_store(tmp_path)
    record = propose_plan(PlanningRoom(store), "coordinator")
    store.close()
    working = year_total(open_page(PAGE), "Production", "Actual or new plan")
    app = open_page(PAGE)
    app.selectbox(key="view").set_value(f"plan-{record.id}").run()
    says_nothing_wrong(app)
    assert year_total(app, "Production", "Actual or new plan") == working
    assert "which a frozen plan is not" in plain(html(app))
    assert table(app, "Months full")[1][0] == table(app, "Full, months")[1][0]


def test_without_capacity_the_plan_is_labelled_unconstrained_and_says_what_would_limit_it(
    poor_workspace: Path,
) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value.endswith("unconstrained, because no capacity is loaded.")
    assert "Load resources, capacity and routings on the Data page." in plain(html(app))
    made, *_ = figures(app.title[0].value)
    assert made == year_total(app, "Production", "Actual or new plan")
