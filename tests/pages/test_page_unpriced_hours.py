"""Hours that the working plan buys at a price nobody says: no page turns what is missing into money."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sop.cli.plan import plan_fields
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts
from sop.store import open_store
from tests.pages.workspaces import RICH, copy_of, lines_on_copy, make_workspace

WHY = "hours are bought for L1 at a price that is not known; set 'Price of an hour bought' on Assumptions"
SAYS = {
    "Executive review": (
        f"Gross margin, EBIT and Cash are not known: {WHY}",
        "What a decision brings is",
    ),
    "Outlook": ("What outside events do to profit is not known",),
    "Production": (
        "without that limit EBIT is not known",
        "What the plan would gain without a limit is not known",
    ),
    "Strategic initiatives": (),
    "Financial": ("it stops there: hours are bought for L1",),
    "Sign-off": ("of a plan that buys any, neither profit nor cash is known",),
    "Scenarios": ("Gross margin, EBIT and Cash are not known: ",),
}
"""Page → what it says."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company whose lines are short and may buy hours, of which no table says the price."""
    made = make_workspace(tmp_path_factory.mktemp("unpriced"), replace(RICH, horizon=12))
    store = open_store(made)
    working = drafts.working_scenario(store, "executive").id
    drafts.change_assumption(store, "head_of_operations", working, "extra_hours_pct", 0.4)
    drafts.change_assumption(store, "head_of_sales", working, "demand_pct", 0.4)
    store.close()
    return made


@pytest.mark.parametrize("page", SAYS)
def test_a_page_says_why_profit_is_not_known_and_shows_no_figure_of_it(
    folder: Path, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_on_copy(folder, tmp_path, page, monkeypatch)
    for words in SAYS[page]:
        assert any(words in line for line in lines), words
    if page == "Outlook":
        events = [line.split(" | ") for line in lines if "E1 · customer" in line or "E2 · partner" in line]
        assert [row[4:6] for row in events] == [["–", "–"]] * 2, "at stake and expected"
    if page == "Financial":
        told = {line.split(" | ")[1] for line in lines if line.startswith("html: | ") and line.count(" | ") >= 2}
        assert "Cost of sales at standard" in told
        assert not told & {"Gross margin", "EBIT", "Period variances", "Cash, at the end", "Payables, at the end"}


def test_the_command_line_says_null_and_why(folder: Path, tmp_path: Path) -> None:
    room = PlanningRoom(open_store(copy_of(folder, tmp_path)))
    plan = room.plan(room.assumptions(drafts.working_scenario(room.store, "executive").id))
    found = json.loads(json.dumps(plan_fields(plan, room.input_set())["headline"]))
    room.store.close()
    told = {row["measure"]: row for row in found}
    for key in ("gross_margin", "ebit", "cash"):
        assert told[key]["value"] is None and WHY in told[key]["why"]
    assert told["revenue"]["value"] is not None
