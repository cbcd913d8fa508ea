"""The map of accounts on the Data page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.plan_sheets import says_nothing_wrong
from tests.pages.screens import open_page, words
from tests.pages.workspaces import POOR, RICH, make_workspace


@pytest.mark.parametrize("person", ["coordinator", "head_of_finance"])
def test_the_accounts_of_the_ledger_stand_with_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: str
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_workspace(tmp_path, RICH)))
    app = open_page("data", person, accounts=True)
    says_nothing_wrong(app)
    assert "Each of the 5 accounts of the ledger has its line" in words(app)
    may_save = [button.label for button in app.button if button.label == "Save 0 accounts"]
    assert may_save == (["Save 0 accounts"] if person == "coordinator" else [])


def test_without_a_ledger_there_is_no_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_workspace(tmp_path, POOR)))
    app = open_page("data", "coordinator")
    says_nothing_wrong(app)
    assert "Accounts" not in [header.value for header in app.header]
