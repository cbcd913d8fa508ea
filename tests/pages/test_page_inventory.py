"""The Inventory page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.plan_sheets import figure, figures, says_nothing_wrong, year_total
from tests.pages.starter import html, open_page, table

PAGE = "pages/inventory.py"


def test_nobody_sees_the_inventory_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "<table" not in html(app)


def test_the_message_agrees_with_the_sheet_in_money_and_the_table_of_families(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    stock, *_ = figures(app.title[0].value)
    rows = table(app, "Worst excess")[1:]
    value = sum(figure(row[3]) for row in rows)
    units = sum(figure(row[2]) for row in rows)
    assert units == year_total(app, "Inventory", "Actual or new plan")
    app.segmented_control(key="plan_unit").set_value("M€").run()
    assert stock == pytest.approx(year_total(app, "Inventory at standard cost", "Actual or new plan"), abs=0.01)
    assert stock == pytest.approx(value, abs=0.05)


def test_a_family_to_stock_has_its_target_band_and_days_of_supply(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Longtail").run()
    says_nothing_wrong(app)
    assert year_total(app, "Inventory", "Cover limit") > year_total(app, "Inventory", "Safety stock") > 0
    assert year_total(app, "Inventory", "Days of supply") > 0


def test_a_company_without_capacity_still_sees_its_stock(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert year_total(app, "Inventory", "Actual or new plan") > 0
