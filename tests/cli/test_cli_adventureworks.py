"""AdventureWorks by the documented script: four plans of the seven, and what would unlock the others."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("SOP_SHARED_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(),
        reason=f"no AdventureWorks data in {DATA}: set SOP_SHARED_DATA to the folder that holds it",
    ),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace's place."""
    return tmp_path_factory.mktemp("books") / "adventureworks"


@pytest.fixture(scope="module")
def said(workspace: Path) -> str:
    """What the script prints."""
    script = ROOT / "scripts" / "adventureworks.sh"
    ended = subprocess.run(
        [str(script), str(workspace), str(DATA)], capture_output=True, text=True, check=False, env=_environment()
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def plan(workspace: Path, said: str) -> dict:
    """The plan as fields."""
    command = [sys.executable, "-m", "sop", "--workspace", str(workspace), "plan", "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=_environment())
    return json.loads(ended.stdout)


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("SOP_WORKSPACE", "SOP_DATABASE_URL")}


def test_rows_of_open_months_are_set_aside_and_counted(said: str) -> None:
    assert "11 489 rows imported" in said and "419 rows after 2013-11 set aside" in said
    assert "9 576 rows imported" in said and "1 862 rows after 2013-11 set aside" in said


def test_the_negative_closings_are_a_warning_with_its_rows(said: str) -> None:
    warning = next(line for line in said.splitlines() if line.startswith("  warning:"))
    assert "closing stock is negative" in warning and "274 rows in all" in warning
    assert "line 901, closing: -42" in said


def test_the_ledger_is_loaded_with_every_account_mapped_and_its_missing_months_named(said: str) -> None:
    assert "2 502 rows imported" in said and "2011-02, 2011-04, 2011-06. They stay missing." in said
    assert "71 rows imported" in said
    assert "have no line" not in said and re.search(r"mapped to \d", said) is None


def test_four_plans_are_there_with_their_labels(plan: dict) -> None:
    why = {name: state["why"] for name, state in plan["plans"].items() if state["available"]}
    assert why == {
        "sales": "",
        "production": "unconstrained: no capacity loaded",
        "inventory": "",
        "financial": "the plan ends at gross margin: the tables and the ledger are apart (cost of sales 45.8 M$ "
        "against 14.6 M$ and stock 26.3 M$ against 4.8 M$); "
        "finance chooses which counts, in the assumption 'Cost that counts'",
    }


def test_three_plans_say_why_they_are_missing_and_what_would_unlock_them(plan: dict) -> None:
    missing = {name: state for name, state in plan["plans"].items() if not state["available"]}
    assert {name: state["unlock"] for name, state in missing.items()} == {
        "customer_lead_time": ["order_book"],
        "new_products": ["launches", "launch_gates"],
        "strategic_initiatives": ["initiatives", "milestones", "benefits"],
    }
    assert all(state["why"] for state in missing.values())


def test_the_plan_covers_nine_families_three_regions_and_two_years(plan: dict) -> None:
    assert (len(plan["families"]), len(plan["regions"]), len(plan["horizon"])) == (9, 3, 24)
    assert (plan["horizon"][0], plan["horizon"][-1]) == ("2013-12", "2015-11")


def test_headline_money_is_known_down_to_gross_margin(plan: dict) -> None:
    known = {row["measure"]: row["value"] is not None for row in plan["headline"] if row["unit"] == "USD"}
    assert known == {"revenue": True, "gross_margin": True, "ebit": False, "cash": False, "inventory": False}
