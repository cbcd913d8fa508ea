"""The Customer lead time page."""

from __future__ import annotations

from pathlib import Path

from tests.pages.plan_sheets import figure, figures, read_sheet, says_nothing_wrong
from tests.pages.starter import html, open_page, plain, table

PAGE = "pages/customer_lead_time.py"


def test_nobody_sees_lead_times_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "<table" not in html(app)


def test_the_message_agrees_with_the_sheet_month_by_month(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    days, _, late = figures(app.title[0].value)
    _, sheet = read_sheet(app)
    planned = slice(6, 18)
    waits = [figure(cell) for cell in sheet["Backlog", "Lead time, days"][planned]]
    assert days == max(waits)
    assert late in [figure(cell) for cell in sheet["Backlog", "Past due"][planned]]


def test_a_family_to_order_agrees_with_its_row_in_the_table(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    rows = {row[0]: row for row in table(app, "Peak, days")[1:]}
    app.selectbox(key="plan_family").set_value("Heavy duty").run()
    says_nothing_wrong(app)
    days, gap, _ = figures(app.title[0].value)
    assert days == figure(rows["Heavy duty"][3])
    assert abs(days - figure(rows["Heavy duty"][1]) - gap) <= 1


def test_without_an_order_book_the_page_says_what_is_missing_and_what_unlocks_it(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value.startswith("The customer lead time plan is not available: ")
    assert "Load order_book to unlock it." in plain(html(app))
    assert "<table" not in html(app)
