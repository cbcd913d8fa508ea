"""A page that fails shows one sentence in the place of what failed, and what came before it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.ui.frame.state import attempt
from tests.pages.screens import open_page
from tests.pages.workspaces import POOR, make_workspace

PERSON = "head_of_sales"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("faults"), POOR)


def test_a_page_shows_a_sentence_and_no_traceback(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("geheim")

    monkeypatch.setenv("SOP_WORKSPACE", str(folder))
    monkeypatch.setattr("sop.ui.frame.page.Visit.message", broken)
    app = open_page("settings", "administrator")
    assert not app.exception
    (told,) = [error.value for error in app.error]
    assert "Accord itself failed at showing this page" in told
    assert "geheim" not in told


def test_a_button_that_fails_is_told_as_a_refusal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, str] = {}
    monkeypatch.setattr("sop.ui.frame.state.st.session_state", state)

    def broken() -> None:
        raise OSError(28, "No space left on device")

    assert not attempt(broken)
    assert "the disk is full" in state["refusal"] and "Free some space" in state["refusal"]
    assert "what was saved before is kept" in state["refusal"]
