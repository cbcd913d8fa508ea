"""The Financial page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.plan_sheets import figure, figures, read_sheet, says_nothing_wrong, year_total
from tests.pages.starter import html, open_page, plain, table

PAGE = "pages/financial.py"


def test_nobody_sees_money_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "<table" not in html(app)


def test_the_message_agrees_with_the_sheet(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    _, revenue, gap, ebit, ebit_gap, low = figures(app.title[0].value)
    assert revenue == pytest.approx(year_total(app, "Revenue", "Actual or new plan"), abs=0.06)
    assert gap == pytest.approx(abs(year_total(app, "Revenue", "Difference")), abs=0.011)
    assert ebit == pytest.approx(year_total(app, "EBIT", "Actual or new plan"), abs=0.011)
    assert ebit_gap == pytest.approx(abs(year_total(app, "EBIT", "Difference")), abs=0.011)
    _, sheet = read_sheet(app)
    cash = [figure(cell) for cell in sheet["Cash", "Actual or new plan"][6:18]]
    assert low == pytest.approx(min(cash), abs=0.06)


def test_a_fiscal_year_lands_on_actual_plus_plan_and_variances_add_up(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    titles, *rows = table(app, "Landing")
    at = {name: place for place, name in enumerate(titles)}
    for row in rows:
        actual = 0.0 if row[at["Actual, M€"]] == "–" else figure(row[at["Actual, M€"]])
        landed = actual + figure(row[at["Plan, M€"]])
        assert landed == pytest.approx(figure(row[at["Landing, M€"]]), abs=0.011)
    *parts, total = table(app, "Variance")[1:]
    assert sum(figure(row[1]) for row in parts) == pytest.approx(figure(total[1]), abs=0.04)


def test_without_a_ledger_the_plan_goes_to_gross_margin_and_says_why(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value.endswith("it stops there: no operating cost loaded.")
    assert "Load financials and account_map on the Data page." in plain(html(app))
    _, sheet = read_sheet(app)
    assert ("Gross margin", "Actual or new plan") in sheet
    assert ("EBIT", "Actual or new plan") not in sheet
