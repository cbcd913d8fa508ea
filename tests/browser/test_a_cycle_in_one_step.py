"""The same whole cycle as `test_a_cycle` runs: of a company that uses no steps, and of one that is a coalition."""

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


def test_without_steps_a_company_decides_signs_and_closes_its_month(
    open_as: Open, demo_folder: Path, tmp_path: Path
) -> None:
    run_cycle(open_as, demo_folder, Company(steps=False), tmp_path)


def test_in_a_coalition_the_quorum_agrees_and_the_dissent_stays_on_record(
    open_as: Open, demo_folder: Path, tmp_path: Path
) -> None:
    run_cycle(open_as, demo_folder, Company(quorum=2), tmp_path)
