"""The Strategic initiatives page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.plan_sheets import figure, figures, says_nothing_wrong
from tests.pages.starter import html, open_page, plain, table

PAGE = "pages/strategic_initiatives.py"


def test_nobody_sees_initiatives_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "welding robot" not in html(app)


def test_the_message_agrees_with_the_table_of_initiatives(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    titles, *rows = table(app, "Health")
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


def test_every_benefit_says_what_it_changes_and_what_came_of_it(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    effects, realised = table(app, "Promised"), table(app, "Measured over")
    assert len(effects) == len(realised) > 1


def test_without_initiatives_the_page_says_what_unlocks_it(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value == "The strategic initiatives plan is not available: no initiatives loaded."
    assert "Load initiatives, milestones and benefits to unlock it." in plain(html(app))
