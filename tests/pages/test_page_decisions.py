"""Deciding on the executive review and on Decisions, and the list of what was decided."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.screens import message, open_page, table


def decide(app: AppTest, say: str, note: str = "") -> None:
    """Take the first decision of the list."""
    app.radio(key="decide_0_say").set_value(say)
    app.text_input(key="decide_0_note").set_value(note)
    next(button for button in app.button if button.label == "Record").click().run()
    assert not app.exception


def titles(app: AppTest) -> list[str]:
    return [radio.label for radio in app.radio if str(radio.key).startswith("decide_")]


def test_a_decision_is_taken_on_the_review_listed_with_its_owner_and_taken_back(workspace: Path) -> None:
    other = open_page("executive_review", "head_of_finance")
    decide(other, "Accept")
    assert "belongs to" in other.error[0].value, "who does not own it may not decide"
    app = open_page("executive_review", "executive")
    wanted = titles(app)
    decide(app, "Accept", "Needed for Christmas")
    assert wanted[0] not in titles(app), "what was accepted leaves the list"
    listed = open_page("decisions", "executive")
    assert "1 accepted, expected to bring" in message(listed)
    header, row = table(listed, "Decided by")
    assert row[header.index("State")] == "accepted" and wanted[0] in row[0]
    listed.text_input(key="take_back_note").set_value("Christmas is off")
    next(button for button in listed.button if button.label == "Take back").click().run()
    assert not listed.exception and "nothing is decided yet" in message(listed)
    assert wanted[0] in titles(open_page("executive_review", "executive"))


def test_what_is_due_is_decided_where_decisions_are_listed(workspace: Path) -> None:
    app = open_page("decisions", "executive")
    due = titles(app)
    assert due and f"{len(due)} recommended decision{' is' if len(due) == 1 else 's are'} due today" in message(
        app
    )
    decide(app, "Accept", "Needed for Christmas")
    assert due[0] not in titles(app) and "1 accepted" in message(app)
    assert titles(open_page("decisions", "viewer")) == [], "who may not decide looks on"


def test_nobody_but_the_working_plan_is_decided_on(demo_workspace: Path) -> None:
    app = open_page("executive_review", "viewer")
    assert titles(app) == []
    assert message(open_page("decisions", "viewer")).startswith("Dec 2026: nothing is decided yet")
