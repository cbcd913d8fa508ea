"""The Sales page: its message, its sheet, and the form with which the owner changes demand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pages.plan_sheets import figure, figures, read_sheet, says_nothing_wrong, year_total
from tests.pages.starter import html, open_page, plain, table

PAGE = "pages/sales.py"


def test_nobody_sees_the_sales_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "<table" not in html(app)


def test_the_message_agrees_with_the_sheet_and_the_regions(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    demand, _, gap, budget_gap, revenue = figures(app.title[0].value)
    assert demand == year_total(app, "Sales", "Actual or consensus")
    assert gap == abs(year_total(app, "Sales", "Difference"))
    assert budget_gap == abs(demand - year_total(app, "Sales", "Budget"))
    assert revenue == pytest.approx(year_total(app, "Money", "Revenue"), abs=0.06)
    regions = table(app, "Region")[1:]
    assert sum(figure(row[1]) for row in regions) == demand


def test_one_family_in_money_shows_its_revenue(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Front box").run()
    app.segmented_control(key="plan_unit").set_value("M€").run()
    says_nothing_wrong(app)
    assert app.title[0].value.startswith("Front box: ")
    _, sheet = read_sheet(app)
    assert ("Revenue", "Actual or new plan") in sheet
    assert app.header[0].value == "Revenue"


def test_whoever_does_not_own_demand_sees_the_form_closed_with_the_reason(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    assert all(field.disabled for field in app.text_input)
    assert "belongs to Sales" in plain(html(app))


def test_the_owner_changes_demand_and_the_plan_follows(
    demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(demo_workspace, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    app = open_page(PAGE, "head_of_sales")
    before = year_total(app, "Sales", "Actual or consensus")
    press = next(button for button in app.button if button.label == "Change the working plan")
    press.click().run()
    assert app.error[0].value == "A change of demand needs its reason."
    pick = {box.label: box for box in app.selectbox}
    pick["How"].set_value("demand_units")
    pick["Family"].set_value("Front box")
    app.number_input[0].set_value(25.0)
    app.text_input[0].set_value("A fleet in <b>Utrecht</b>")
    next(button for button in app.button if button.label == "Change the working plan").click().run()
    says_nothing_wrong(app)
    assert year_total(app, "Sales", "Actual or consensus") == before + 25
    assert "&lt;b&gt;Utrecht" in html(app)
    assert any("25" in row[2] and "Front box" in row[1] for row in table(app, "Reason"))


def test_a_company_with_sales_only_sees_its_demand_and_what_is_not_known(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    demand, *_ = figures(app.title[0].value)
    assert demand == year_total(app, "Sales", "Actual or consensus")
    assert "agreed" not in app.title[0].value
    assert "no plan has been agreed yet" in plain(html(app))
