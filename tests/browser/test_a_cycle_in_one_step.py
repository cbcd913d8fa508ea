"""The same whole cycle as `test_a_cycle` runs, of a coalition that uses no steps; `make soak` has either alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.whole_cycle import Company, budget_as_source, run_cycle

pytestmark = pytest.mark.browser

BOTH, EITHER = Company(steps=False, quorum=2), (Company(steps=False), Company(quorum=2))
COMPANIES = (BOTH, *(EITHER if os.environ.get("SOAK") else ()))
"""A whole cycle takes two minutes and more, so every run has one that is unlike `test_a_cycle` in both."""


@pytest.fixture(scope="module")
def demo_folder(demo_folder: Path) -> Iterator[Path]:
    """The demo's workspace with a source for its budget."""
    with budget_as_source(demo_folder):
        yield demo_folder


@pytest.mark.parametrize("company", COMPANIES, ids=str)
def test_the_whole_cycle_runs_without_steps_and_by_a_quorum(
    company: Company, open_as: Open, demo_folder: Path, tmp_path: Path
) -> None:
    run_cycle(open_as, demo_folder, company, tmp_path)
