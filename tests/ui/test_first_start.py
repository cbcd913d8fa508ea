"""A page that finds no workspace leads to where one begins instead of an error."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.core.errors import SetupError
from sop.services.company import workspace
from sop.services.demo import demo_workspace
from sop.services.demo.build import Progress
from sop.services.demo.demo_workspace import Building, DemoBuild, build_demo_aside

APP = str(Path(__file__).parents[2] / "screens.py")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace's place where nothing is yet."""
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path / "ours"))
    return tmp_path / "ours"


def test_without_a_workspace_a_page_leads_to_the_start_and_makes_no_folder(folder: Path) -> None:
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception and [title.value for title in page.title] == ["There is no workspace yet"]
    assert any('href="/start"' in block.proto.body for block in page.get("html"))
    assert not folder.exists()


def test_a_demo_in_its_own_process_says_why_it_was_refused(folder: Path) -> None:
    workspace.open_workspace(folder, create=True).close()
    with pytest.raises(SetupError, match=r"was not built, because there is a workspace in .*ours"):
        build_demo_aside(folder, lambda share, what: None)


def test_a_demo_built_meanwhile_is_followed_and_says_why_it_failed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Building | None] = []
    build = DemoBuild()

    def fail(place: Path, progress: Progress) -> None:
        progress(0.5, "half-way")
        seen.append(build.read(place))
        build.begin(place)  # which begins nothing: one is being built
        raise SetupError("the demo company was not built", why="the disk is full")

    class Now:
        def __init__(self, target: object, args: tuple[Path], daemon: bool) -> None:
            self.start = lambda: target(*args)

    monkeypatch.setattr(demo_workspace, "build_demo_aside", fail)
    monkeypatch.setattr("threading.Thread", Now)
    build._lock = threading.RLock()
    build.begin(folder)
    assert seen == [Building(0.5, "half-way")]
    assert (
        build.read(folder) is None and build.refusal == "The demo company was not built, because the disk is full."
    )
