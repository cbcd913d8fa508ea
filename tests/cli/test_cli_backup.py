"""Beginning with a calendar and a fiscal year, serving on nothing, and a workspace as one file and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.small import Command, Outcome, stored_rows


def test_init_sets_calendar_and_fiscal_year(accord: Command) -> None:
    done = accord("init", "--cycle", "2026-11", "--calendar", "quarter", "--fiscal-year-from", 4)
    assert done.code == 0 and "the cycle 2026-Q4 is open, planning 8 quarters" in done.out
    assert json.loads(accord("show", "--json").out)["company"]["fiscal_start"] == 4


@pytest.mark.parametrize("wrong", [("--fiscal-year-from", "13"), ("--cycle", "2026-Q4", "--calendar", "month")])
def test_a_fiscal_year_or_calendar_that_is_none_makes_nothing(
    accord: Command, folder: Path, wrong: tuple[str, ...]
) -> None:
    assert accord("init", "--cycle", "2026-12", *wrong).code == 2
    assert not folder.exists()


def test_serving_on_nothing_makes_no_workspace(
    accord: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []
    monkeypatch.setattr(
        "os.execve", lambda program, command, environment: served.append(environment["SOP_WORKSPACE"])
    )
    monkeypatch.setattr("sop.cli.serve.require_free_port", lambda port: None)
    accord("serve")
    assert served == [str(folder.resolve())] and not folder.exists()


def test_a_workspace_goes_into_one_file_and_comes_back(loaded: Command, tmp_path: Path) -> None:
    file, again = tmp_path / "ours.zip", tmp_path / "again"
    assert loaded("backup", file).code == 0
    assert loaded("backup", file).code == 2, "never over a file"
    assert loaded("restore", file).code == 2, "never over a workspace"

    def other(*arguments: object) -> Outcome:
        return loaded("--workspace", again, *arguments)

    assert other("restore", tmp_path / "none.zip").code == 2
    assert other("restore", file).code == 0
    assert stored_rows(other, "sales_actuals") == stored_rows(loaded, "sales_actuals") == 52
