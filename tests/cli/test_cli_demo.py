"""`demo --advance` closes months of the demo that is there, says what it did, and leaves everything else alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.services.demo import advance as demo_advance
from sop.services.demo.advance import Advance
from tests.cli.small import Command


def test_each_month_is_told_with_the_tables_that_changed_and_those_that_did_not(
    loaded: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = iter((("2026-01", "2026-02"), ("2026-02", "2026-03")))

    def advance(store: object, progress: object) -> Advance:
        return Advance(*next(months), "the plan was agreed already", ("sales_actuals", "inventory"), ("events",))

    monkeypatch.setattr(demo_advance, "advance_demo", advance)
    done = loaded("demo", "--advance", 2)
    assert done.code == 0
    assert done.out == "".join(
        f"{closed} is closed: the plan was agreed already; {opened} is open.\n"
        "  New versions of sales_actuals, inventory.\n"
        "  Left as they were imported: events.\n"
        for closed, opened in (("2026-01", "2026-02"), ("2026-02", "2026-03"))
    )


def test_a_company_of_ones_own_is_refused_in_one_sentence(loaded: Command) -> None:
    refused = loaded("demo", "--advance")
    assert refused.code == 2 and refused.out == ""
    assert refused.err == (
        "refused: this workspace is not the demo company, because only the demo's months can be told ahead. "
        "Close your own month with `python -m sop cycle close`.\n"
    )


@pytest.mark.parametrize("options", [("--advance", 0), ("--advance", 1, "--cycle", "2026-12")])
def test_what_makes_no_sense_is_refused(options: tuple[object, ...], accord: Command, folder: Path) -> None:
    refused = accord("demo", *options)
    assert refused.code == 2 and "takes a number of months from 1 up" in refused.err
    assert not folder.exists()


def test_without_a_workspace_nothing_is_advanced(accord: Command) -> None:
    refused = accord("demo", "--advance")
    assert refused.code == 2 and "there is no workspace" in refused.err
