"""The New products page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.plan_sheets import figure, figures, says_nothing_wrong
from tests.pages.starter import html, open_page, plain, table

PAGE = "pages/new_products.py"


def test_nobody_sees_launches_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "Compact Urban" not in html(app)


def test_the_message_agrees_with_the_table_of_launches(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    launches, units, revenue, *_ = figures(app.title[0].value)
    titles, *rows = table(app, "Probability")
    assert launches == len(rows)
    assert units == sum(figure(row[titles.index("Units, 12 months")]) for row in rows)
    in_money = [figure(row[titles.index("Revenue, 12 months, M€")]) for row in rows]
    assert revenue == pytest.approx(sum(in_money), abs=0.02)
    late = max(
        rows, key=lambda row: figure(row[titles.index("Slip")]) if "month" in row[titles.index("Slip")] else 0
    )
    assert late[0] in app.title[0].value


def test_every_launch_is_judged_for_readiness_and_one_can_be_chosen(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    rows = table(app, "What is missing")
    assert [row[0] for row in rows[1:]] == ["Compact Urban", "Delivery XL"]
    app.selectbox(key="plan_launch").set_value("Delivery XL").run()
    says_nothing_wrong(app)


def test_without_launches_the_page_says_what_unlocks_it(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value == "The new products plan is not available: no launches loaded."
    assert "Load launches and launch_gates to unlock it." in plain(html(app))
