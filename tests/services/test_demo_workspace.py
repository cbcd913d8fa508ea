"""A demo that is being built tells how far it is, and nothing of it is left when it ends."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sop.services.demo import demo_workspace
from sop.services.demo.demo_workspace import Building, build_demo_workspace, read_building

Progress = Callable[[float, str], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of a workspace whose name would mean something in a search pattern."""
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    return tmp_path / "ours [1]"


def test_others_read_the_progress_while_it_is_built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Building | None] = []

    def build(store: object, first_open: str, progress: Progress, calendar: str) -> None:
        progress(0.25, f"planning {first_open}")
        seen.append(read_building(folder))

    monkeypatch.setattr("sop.services.demo.build.build_demo", build)
    assert read_building(folder) is None
    build_demo_workspace(folder, "2026-01", lambda share, what: None)
    assert seen == [Building(0.25, "planning 2026-01")]
    assert read_building(folder) is None
    assert [file.name for file in folder.iterdir()] == ["accord.sqlite"]
    assert list(folder.parent.iterdir()) == [folder]


def test_a_build_that_fell_silent_counts_as_none(folder: Path) -> None:
    unfinished = folder.with_name(f"{folder.name}.unfinished-1")
    unfinished.mkdir()
    told = unfinished / "progress.txt"
    told.write_text("0.500 planning")
    assert read_building(folder) == Building(0.5, "planning")
    os.utime(told, (0, 0))
    assert read_building(folder) is None


def test_a_build_that_begins_is_seen_before_its_process_has_loaded_anything(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Begun:
        pid = 4711

        def __init__(self, command: list[str], cwd: Path, env: dict[str, str]) -> None:
            self.command = command

    monkeypatch.setattr(demo_workspace.subprocess, "Popen", Begun)
    demo_workspace.start_demo(folder)
    assert read_building(folder) == Building(0.0, "starting")
