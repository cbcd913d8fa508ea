"""No traceback on a terminal, whatever happens; odd file names are told, not obeyed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sop.cli import plan
from sop.services.logs import LOG_FILE
from tests.cli.small import Command

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOG_FILE, str(tmp_path / "accord.log"))


def test_a_fault_that_nobody_foresaw_is_one_sentence(loaded: Command, tmp_path: Path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(plan, "run_status", broken, raising=False)
    monkeypatch.setattr("sop.cli.plan.opened", broken)
    outcome = loaded("plan")
    assert outcome.code == 2
    assert "Accord itself failed at this command" in outcome.err
    assert "Traceback" not in outcome.err + outcome.out
    assert "ZeroDivisionError" in (tmp_path / "accord.log").read_text()


@pytest.mark.parametrize("name", ["x" * 300, "half \udc80.csv", "none.csv"])
def test_a_file_by_an_odd_name_is_refused_in_a_sentence(accord: Command, folder: Path, name: str) -> None:
    assert accord("init", "--cycle", "2026-12").code == 0
    for command in (("import", "products", name), ("verify", name), ("restore", name)):
        outcome = accord(*command)
        assert outcome.code == 2, command
        assert outcome.err.startswith("refused: ")
        assert "Traceback" not in outcome.err


def test_a_name_that_is_no_text_of_the_terminal_is_imported_and_told(loaded: Command, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/products \xff.csv")
    Path(odd).write_bytes((tmp_path / "products.csv").read_bytes())
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "SOP_WORKSPACE": str(tmp_path / "ours")}
    done = subprocess.run(
        [sys.executable, "-m", "sop", "import", "products", odd], cwd=ROOT, env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def test_a_damaged_database_is_told_with_what_to_do(loaded: Command, folder: Path) -> None:
    path = folder / "accord.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'people'").fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    outcome = loaded("plan")
    assert outcome.code == 2
    assert "is damaged" in outcome.err and "restore a backup" in outcome.err
    assert "Traceback" not in outcome.err
