"""A command line in this process, on a workspace in a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.cli.main import run_command
from tests.cli.small import FIRST_OPEN, PRODUCTS, Command, Outcome, sales_csv


@pytest.fixture(autouse=True)
def _no_workspace_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOP_WORKSPACE", raising=False)
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the workspace is to be."""
    return tmp_path / "ours"


@pytest.fixture
def accord(folder: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command on the workspace `folder`."""

    def run(*arguments: object) -> Outcome:
        code = run_command(["--workspace", str(folder), *map(str, arguments)])
        return Outcome(code, *capfd.readouterr())

    return run


@pytest.fixture
def loaded(accord: Command, tmp_path: Path) -> Command:
    """A command line on a workspace with two products and 26 months of sales."""
    (tmp_path / "products.csv").write_text(PRODUCTS)
    (tmp_path / "sales.csv").write_text(sales_csv())
    assert accord("init", "--cycle", FIRST_OPEN, "--horizon", 6).code == 0
    assert accord("import", "products", tmp_path / "products.csv").code == 0
    assert accord("import", "sales_actuals", tmp_path / "sales.csv").code == 0
    return accord
