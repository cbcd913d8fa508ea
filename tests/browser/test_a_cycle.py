"""A whole cycle of a company that has switched steps on, under a chair."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.whole_cycle import Company, budget_as_source, run_cycle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo_folder(demo_folder: Path) -> Iterator[Path]:
    """The demo's workspace with a source for its budget."""
    with budget_as_source(demo_folder):
        yield demo_folder


def test_five_people_run_a_whole_cycle(open_as: Open, demo_folder: Path, tmp_path: Path) -> None:
    run_cycle(open_as, demo_folder, Company(), tmp_path)
