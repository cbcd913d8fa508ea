"""The Inventory page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.access import may
from sop.core.terms import Role
from tests.pages.plan_sheets import figure, figures, says_nothing_wrong, year_total
from tests.pages.screens import blocks, family_sheet, open_page, plain, table, tables, words
from tests.pages.workspaces import copy_of, room_of

PAGE = "inventory"


def tab(app: AppTest, name: str) -> AppTest:
    """The page with another tab opened."""
    app.session_state["stock_depth"] = name
    return app.run()


def test_nobody_sees_the_inventory_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert not tables(app)


def test_the_message_agrees_with_the_sheet_in_money_and_the_table_of_families(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    stock, *_ = figures(app.title[0].value)
    rows = table(app, "Worst excess")[1:]
    value = sum(figure(row[3]) for row in rows)
    units = sum(figure(row[2]) for row in rows)
    assert stock == pytest.approx(year_total(app, "Inventory at standard cost", "Actual or new plan"), abs=0.01)
    assert stock == pytest.approx(value, abs=0.05)
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    assert units == year_total(app, "Inventory", "Actual or new plan")


def test_a_family_to_stock_has_its_target_band_and_days_of_supply(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Longtail").run()
    says_nothing_wrong(app)
    assert year_total(app, "Inventory", "Cover limit") > year_total(app, "Inventory", "Safety stock") > 0
    assert year_total(app, "Inventory", "Days of supply") > 0


def test_what_one_point_of_service_costs_is_the_familys_row(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Longtail").run()
    tab(app, "Service against cash")
    says_nothing_wrong(app)
    row = next(row for row in table(app, "Cash in it")[1:] if row[0] == "Longtail")
    said = next(text for text in blocks(app) if "more of service for Longtail" in text)
    assert figures(said) == [figure(row[5]), figure(row[6]), abs(figure(row[7]))]


def test_the_inputs_of_the_formula_give_its_safety_stock_and_that_of_the_sheet(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Longtail").run()
    tab(app, "Safety stock")
    says_nothing_wrong(app)
    head, *rows = table(app, "σ over both")
    row = dict(zip(head, next(row for row in rows if row[0] == "Longtail"), strict=True))
    months = (figure(row["Lead time, days"]) + figure(row["Review, days"])) / (365.25 / 12)
    assert figure(row["σ over both"]) == pytest.approx(figure(row["σ a month"]) * months**0.5, rel=0.01)
    moved = 1 + (float(row["Target moved, %"].replace("−", "-")) / 100 if "Target moved, %" in row else 0.0)
    stock = figure(row["z"]) * figure(row["σ over both"]) * moved
    assert figure(row["Safety stock"]) == pytest.approx(stock, rel=0.01)
    _, sheet = family_sheet(app)
    year = [figure(cell) for cell in sheet["Inventory", "Safety stock"][6:18]]
    assert figure(row["Safety stock"]) == pytest.approx(sum(year) / 12, abs=1)


def test_excess_of_all_families_is_what_the_message_says(demo_workspace: Path) -> None:
    app = tab(open_page(PAGE), "Excess and shortage")
    says_nothing_wrong(app)
    total = table(app, "to carry a year")[-1]
    assert total[0] == "All families"
    above = plain(app.title[0].value).split("at worst ")[1].split(" above the")[0]
    assert figure(total[1]) == (0.0 if above == "nothing" else figure(above))


def test_the_age_of_stock_adds_up_to_the_stock_of_today(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    today = {row[0]: figure(row[1]) for row in table(app, "Stock today")[1:]}
    tab(app, "Age of stock")
    says_nothing_wrong(app)
    ages = table(app, "Up to 1 month")[1:]
    assert ages
    for family, *parts, stock, _ in ages:
        assert figure(stock) == today[family]
        assert sum(figure(part) for part in parts) == pytest.approx(figure(stock), abs=3)


def test_supply_sets_how_lead_times_stray_and_safety_stock_follows(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of(small, tmp_path)
    monkeypatch.setenv("SOP_WORKSPACE", str(folder))
    app = open_page(PAGE, "head_of_supply")
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    before = year_total(app, "Inventory", "Safety stock")
    app.selectbox(key="edit_what_inventory-service_level").set_value("replenishment_sd_days").run()
    next(field for field in app.number_input if field.label.startswith("Replenishment")).set_value(30.0)
    next(field for field in app.text_input if field.label == "Reason").set_value("Ships are late")
    next(button for button in app.button if button.label.startswith("Change ")).click().run()
    says_nothing_wrong(app)
    assert year_total(app, "Inventory", "Safety stock") > before
    assert room_of(folder).assumptions()["replenishment_sd_days", ""] == 30.0
    assert "Ships are late" in words(app)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_role_sees_the_page_and_only_supply_may_change_its_assumptions(in_small: Path, role: str) -> None:
    app = open_page(PAGE, role)
    if not may(Role(role), "read_plans"):
        assert "may not open this page" in app.error[0].value
        assert not tables(app)
        return
    says_nothing_wrong(app)
    sends = [button for button in app.button if button.label.startswith("Change ")]
    # The form is folded for whoever may change nothing in it.
    assert [send.disabled for send in sends] == ([False] if role == "head_of_supply" else [])


def test_a_company_without_capacity_still_sees_its_stock_and_what_service_costs(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    app.segmented_control(key="plan_unit_together").set_value("Units").run()
    assert year_total(app, "Inventory", "Actual or new plan") > 0
    for name in ("Service against cash", "Safety stock", "Excess and shortage", "Age of stock"):
        says_nothing_wrong(tab(app, name))
