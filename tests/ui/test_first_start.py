"""A browser that finds no workspace offers the demo company instead of an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.core.errors import SetupError
from sop.services.company import workspace
from sop.services.demo.demo_workspace import build_demo_aside
from sop.ui.frame import first_start

APP = str(Path(__file__).parents[2] / "screens.py")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace's place where nothing is yet."""
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path / "ours"))
    return tmp_path / "ours"


def test_without_a_workspace_the_demo_is_offered_and_no_folder_made(folder: Path) -> None:
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception and [title.value for title in page.title] == ["There is no workspace yet"]
    assert [button.label for button in page.button] == ["Build the demo company"]
    assert not folder.exists()


def test_a_demo_that_is_being_built_is_followed_instead_of_offered(folder: Path) -> None:
    unfinished = folder.with_name("ours.unfinished-1")
    unfinished.mkdir()
    (unfinished / "progress.txt").write_text("0.330 planning and signing 2026-05")
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert [title.value for title in page.title] == ["The demo company is being built"]
    assert not page.button and not page.exception


def test_a_demo_that_cannot_be_built_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(place: Path, progress: Callable[[float, str], None]) -> None:
        progress(0.5, "half-way")
        raise SetupError("the demo company was not built", why="the disk is full")

    monkeypatch.setattr(first_start, "build_demo_aside", fail)
    page = AppTest.from_file(APP, default_timeout=60).run()
    page.button[0].click().run()
    assert [error.value for error in page.error] == [
        "the demo company was not built, because the disk is full."
    ] and not page.exception


def test_a_demo_in_its_own_process_says_why_it_was_refused(folder: Path) -> None:
    workspace.open_workspace(folder, create=True).close()
    with pytest.raises(SetupError, match=r"was not built, because there is a workspace in .*ours"):
        build_demo_aside(folder, lambda share, what: None)
