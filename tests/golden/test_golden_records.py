"""Plans and pages of the golden companies are as they were recorded.

In `make test`: the plans of the companies that are frozen, and on the demo every page as the executive and those
pages as the others on which they may do something of their own. `make golden` sets GOLDEN=all and compares all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest
import streamlit as st

from tests.golden.plan_text import plan_texts
from tests.golden.records import PLAN_FILES, RECORDS, read_pages, read_plan_record, told_difference
from tests.golden.visits import HEADS, SIGNED_OUT, Visit, in_order, text_of
from tests.golden.workspaces import COMPANIES, Missing, open_company

ALL = os.environ.get("GOLDEN") == "all"
ACTED_ON = {
    "coordinator": ("Executive review", "Sign-off", "Sales", "Data", "Settings", "Scenarios"),
    "viewer": ("Executive review", "Sales", "Settings", "Scenarios"),
    "administrator": ("Executive review", "Settings"),
    SIGNED_OUT: ("Executive review",),
    **dict.fromkeys(HEADS, ("Assumptions",)),
}
"""Who is compared on which pages of the demo in `make test`, beside the executive, who is on all."""

Opened = Callable[[str], Path]


def companies() -> tuple[str, ...]:
    """Those that are compared in this run."""
    return COMPANIES if ALL else tuple(name for name in COMPANIES if name != "adventureworks")


def visits() -> list[tuple[str, Visit]]:
    """The recorded visits that are compared in this run, by company."""
    chosen = companies() if ALL else ("demo",)
    recorded = [name for name in chosen if (RECORDS / name / "pages.jsonl.xz").is_file()]
    return [
        (name, visit) for name in recorded for visit in in_order(list(pages_of(name))) if ALL or is_quick(visit)
    ]


def is_quick(visit: Visit) -> bool:
    """Whether a visit is compared in every `make test`."""
    return not visit.steps and (visit.role == "executive" or visit.page in ACTED_ON[visit.role])


@lru_cache
def pages_of(company: str) -> dict[Visit, list[str]]:
    """What is recorded of the pages of a company."""
    return read_pages(company)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Opens the workspace of a company, once; where its tables are missing the test is skipped and says so."""

    @lru_cache
    def one(company: str) -> Path | str:
        try:
            return open_company(company, tmp_path_factory.mktemp("golden") / company)
        except Missing as missing:
            return str(missing)

    def workspace(company: str) -> Path:
        found = one(company)
        if isinstance(found, str):
            pytest.skip(found)
        return found

    yield workspace
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def texts(opened: Opened) -> Callable[[str], dict[str, list[str]]]:
    """The plan of a company as text, worked out once."""
    return lru_cache(lambda company: plan_texts(opened(company)))


@pytest.mark.parametrize("name", PLAN_FILES)
@pytest.mark.parametrize("company", companies())
def test_the_plan_is_as_recorded(
    company: str, name: str, texts: Callable[[str], dict[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOP_WORKSPACE", raising=False)
    told = told_difference(f"{company}, {name}", read_plan_record(company, name), texts(company)[name])
    assert not told, f"\n{told}"


@pytest.mark.parametrize(("company", "visit"), visits(), ids=lambda value: getattr(value, "name", value))
def test_the_page_is_as_recorded(
    company: str, visit: Visit, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(opened(company)))
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    told = told_difference(f"{company}, {visit.name}", pages_of(company)[visit], text_of(visit))
    assert not told, f"\n{told}"
