"""Every page of a company without prices is in units, and of one with some prices says what it does not know."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.golden.visits import PAGES
from tests.pages.workspaces import RICH, lines_on_copy, make_workspace

SHOW_CURRENCY = ("Data", "Assumptions", "Settings")
"""Pages that show what the tables and the register say, whatever the plan knows."""
SUMS = ("Revenue", "Gross margin", "EBIT")


@pytest.fixture(scope="module", params=["none", "some"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    shape = replace(RICH, prices=request.param, horizon=12)
    return request.param, make_workspace(tmp_path_factory.mktemp(request.param), shape)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_does_not_know_and_shows_no_money_where_there_is_none(
    folder: tuple[str, Path], page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices, made = folder
    lines = lines_on_copy(made, tmp_path, page, monkeypatch)
    if prices == "none" and page not in SHOW_CURRENCY:
        assert not [line for line in lines if re.search(r"€|EUR|\bnan\b", line)]
    if page == "Executive review":
        said = next(line for line in lines if "are not known: " in line)
        assert all(name in said for name in SUMS)
        assert any(line.startswith("title: ") and "revenue is not known" in line for line in lines)
    if page == "Financial":
        title = next(line for line in lines if line.startswith("title: "))
        assert "not available" in title if prices == "none" else "revenue is not known" in title
