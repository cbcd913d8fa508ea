"""A plan of three months is told as one of three months wherever its figures stand."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sop.cli.main import run_command
from tests.golden.visits import PAGES
from tests.pages.workspaces import RICH, lines_on_copy, make_workspace

BEHIND = (
    r"(?i)(last|rolling|trailing|fewer than|less than) (12|twelve) months|(7–|over )12 months"
    r"|of twelve months ÷|to 12 months"
)
"""Twelve months that are behind, age, a definition, or a limit of what may be entered."""
YEAR = r"(?i)\b(12|twelve) months"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("short"), replace(RICH, horizon=3, history=26))


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("Data", "Assumptions", "Settings")])
def test_no_page_promises_twelve_months_of_a_plan_of_three(
    folder: Path, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_on_copy(folder, tmp_path, page, monkeypatch)
    assert not [line for line in lines if re.search(YEAR, re.sub(BEHIND, "", line))]
    if page == "Executive review":
        assert any(re.match("title: Next 3 months", line) for line in lines)


def test_nor_does_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--workspace", str(folder), "plan"]) == 0
    said = capsys.readouterr().out
    assert not re.search(YEAR, re.sub(BEHIND, "", said))
    assert "Revenue of the next 3 months" in said
