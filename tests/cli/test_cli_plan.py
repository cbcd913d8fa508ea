"""From an empty folder to a plan, an export and the next cycle."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sop.cli.main import run_command
from sop.core.terms import PlanName
from sop.services.analysis.drawing import usual_draws
from tests.cli.small import FIRST_OPEN, Command, sales_csv


def test_a_workspace_is_made_once(accord: Command, folder: Path) -> None:
    made = accord("init", "--cycle", FIRST_OPEN, "--name", "Ours", "--currency", "czk")
    assert made.code == 0 and (folder / "accord.sqlite").is_file()
    assert accord("show").out.startswith("Ours, CZK; data in sqlite:///")
    again = accord("init", "--cycle", "2026-02")
    assert again.code == 2 and "the cycle 2026-01 is open in this workspace" in again.err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--cycle", "2026-13"),
        ("--cycle", FIRST_OPEN, "--horizon", "105"),
        ("--cycle", FIRST_OPEN, "--currency", "crowns"),
    ],
)
def test_a_month_horizon_or_currency_that_is_none_makes_no_workspace(
    accord: Command, folder: Path, wrong: tuple[str, ...]
) -> None:
    assert accord("init", *wrong).code == 2
    assert not folder.exists()


@pytest.mark.parametrize(
    "command", [["plan"], ["show"], ["cycle", "close"], ["export", "csv", "x.csv"], ["backup", "x.zip"]]
)
def test_an_unknown_workspace_is_named_and_not_made(accord: Command, folder: Path, command: list[str]) -> None:
    refused = accord(*command)
    assert refused.code == 2 and f"there is no workspace in {folder}" in refused.err
    assert "Traceback" not in refused.err and not folder.exists()


def test_a_workspace_and_a_database_url_are_never_mixed(accord: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_DATABASE_URL", "postgresql://nobody@localhost/none")
    refused = accord("show")
    assert refused.code == 2 and "name two databases" in refused.err


def test_the_environment_names_the_workspace(
    loaded: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(folder))
    assert run_command(["show"]) == 0
    assert str(folder) in capfd.readouterr().out


def test_a_folder_that_cannot_be_made_is_refused(accord: Command, folder: Path) -> None:
    folder.write_text("a file stands here")
    refused = accord("init", "--cycle", FIRST_OPEN)
    assert refused.code == 2 and "the workspace folder cannot be made" in refused.err


def test_without_data_there_is_no_plan_but_a_reason(accord: Command) -> None:
    accord("init", "--cycle", FIRST_OPEN)
    refused = accord("plan")
    assert refused.code == 2 and "products" in refused.err and "Traceback" not in refused.err


def test_the_plan_names_all_seven_with_what_is_missing(loaded: Command) -> None:
    plan = json.loads(loaded("plan", "--json").out)
    assert list(plan["plans"]) == [name.value for name in PlanName]
    assert plan["plans"]["sales"] == {"available": True, "why": "", "unlock": []}
    assert plan["plans"]["inventory"]["available"] is False
    assert plan["plans"]["inventory"]["unlock"] == ["inventory"]
    assert plan["horizon"] == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
    assert (plan["families"], plan["regions"]) == (["Boxes"], ["North"])


def test_headline_measures_carry_their_units(loaded: Command) -> None:
    plan = json.loads(loaded("plan", "--json").out)
    headline = {row["measure"]: row for row in plan["headline"]}
    # 30 units a month at a price of 9 for the six months of the horizon.
    assert float(headline["revenue"]["value"]) == pytest.approx(6 * 30 * 9, rel=0.02)
    assert headline["revenue"]["unit"] == "EUR"
    assert (headline["cash"]["value"], headline["lead_time"]["unit"]) == (None, "days")


def test_what_is_not_known_says_why_and_what_is_known_does_not(loaded: Command) -> None:
    plan = json.loads(loaded("plan", "--json").out)
    for row in plan["headline"]:
        assert bool(row.get("why")) == (row["value"] is None), row["measure"]
    cash = next(row for row in plan["headline"] if row["measure"] == "cash")
    assert "(import " in cash["why"]


def test_a_company_without_limits_has_none_and_nothing_to_decide(loaded: Command) -> None:
    plan = json.loads(loaded("plan", "--json").out)
    assert (plan["decisions"], plan["decisions_together"], plan["limits"]) == ([], None, [])


def test_the_plan_for_a_reader_says_the_same(loaded: Command) -> None:
    shown = loaded("plan").out
    assert "6 months, 2026-01 to 2026-06; 1 family, 1 region." in shown
    assert "Customer lead time     missing: " in shown and "(to unlock: order_book)" in shown
    assert "Cash                            not known   no operating cost loaded" in shown


def test_show_lists_tables_with_what_missing_ones_would_unlock(loaded: Command) -> None:
    shown = loaded("show").out
    (line,) = (line for line in shown.splitlines() if "sales_actuals" in line)
    assert line.split() == ["sales_actuals", "52", "2023-11", "2025-12", "up", "to", "date", "sales.csv"]
    assert "not loaded: would unlock customer lead time plan" in shown
    fields = json.loads(loaded("show", "--json").out)
    assert (fields["cycle"]["first_open"], fields["plans"]) == (FIRST_OPEN, [])
    assert {row["table"]: row["rows"] for row in fields["tables"]}["products"] == 2


def test_the_working_plan_goes_out_as_workbook_and_lines(loaded: Command, tmp_path: Path) -> None:
    assert loaded("export", "xlsx", tmp_path / "plan.xlsx", "--plan", "working").code == 0
    assert loaded("export", "csv", tmp_path / "lines.csv", "--plan", "working").code == 0
    assert "Sales" in load_workbook(tmp_path / "plan.xlsx").sheetnames
    with (tmp_path / "lines.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    demand = [row for row in rows if row["measure"] == "consensus_demand"]
    assert [row["month"] for row in demand] == [f"2026-0{month}" for month in range(1, 7)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("snapshot", "x.zip"), "no plan has been agreed yet"),
        (("snapshot", "x.zip", "--plan", "working"), "the working plan has no snapshot"),
        (("csv", "x.csv", "--plan", "latest"), "'latest' names no plan"),
        (("csv", "x.csv", "--plan", "99"), "99"),
    ],
)
def test_a_plan_that_is_not_there_is_refused(loaded: Command, arguments: tuple[str, ...], words: str) -> None:
    refused = loaded("export", *arguments)
    assert refused.code == 2 and words in refused.err and "Traceback" not in refused.err


def test_the_same_history_is_needed_again_after_it_was_replaced(loaded: Command, tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text(sales_csv(25))
    short = ("import", "sales_actuals", tmp_path / "short.csv", "--replace")
    assert loaded(*short).code == 2
    assert "2 removed" in loaded(*short, "--delete", "2").out


def test_a_cycle_closes_and_then_takes_the_actuals_of_its_month(loaded: Command, tmp_path: Path) -> None:
    closed = loaded("cycle", "close")
    assert closed.code == 0 and "2026-02 is open now" in closed.out
    assert "import 2026-01, which is history now, into sales_actuals" in closed.out
    (tmp_path / "january.csv").write_text(sales_csv(27, "2026-02"))
    done = loaded("import", "sales_actuals", tmp_path / "january.csv")
    assert done.code == 0 and "2 added" in done.out
    assert json.loads(loaded("plan", "--json").out)["horizon"][0] == "2026-02"


def test_a_cycle_does_not_close_before_it_had_its_own_history(loaded: Command) -> None:
    assert loaded("cycle", "close").code == 0
    refused = loaded("cycle", "close")
    assert refused.code == 2 and "sales of 2026-01 are not loaded" in refused.err
    assert json.loads(loaded("show", "--json").out)["cycle"]["first_open"] == "2026-02"


def test_a_server_that_does_not_answer_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    assert run_command(["show"]) == 2
    said = capfd.readouterr().err
    assert "the database does not answer" in said and "secret" not in said and "Traceback" not in said


def test_a_headline_that_is_not_known_is_null_and_says_why(loaded: Command) -> None:
    rows = {row["measure"]: row for row in json.loads(loaded("plan", "--json").out)["headline"]}
    assert rows["ebit"]["value"] is None and "no operating cost loaded (import " in rows["ebit"]["why"]
    assert rows["on_time"]["why"].startswith("opening stock is not known: no inventory loaded")
    assert "why" not in rows["revenue"]


def test_a_company_that_brings_units_only_plans_in_units(accord: Command, tmp_path: Path) -> None:
    accord("init", "--cycle", FIRST_OPEN)
    products, sales = tmp_path / "products.csv", tmp_path / "sales.csv"
    products.write_text("product,name,family\nP-1,Box,Boxes\nP-2,Crate,Boxes\n")
    sales.write_text("".join(line.rsplit(",", 1)[0] + "\n" for line in sales_csv().splitlines()))
    assert accord("import", "products", str(products)).code == 0
    assert accord("import", "sales_actuals", str(sales)).code == 0
    shown = accord("plan").out
    assert "units shipped; revenue is not known: no price of anything is known" in shown
    assert "EUR" not in shown
    rows = json.loads(accord("plan", "--json").out)["headline"]
    assert all(row["value"] is None and row["why"] for row in rows)


def test_the_fields_carry_ranges_chances_and_claims(
    loaded: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every headline measure that the plan has, each span once, the next twelve months (here six) first."""
    monkeypatch.setenv("SOP_DRAWS", "50")
    fields = json.loads(loaded("plan", "--json").out)
    keys = ["measure", "first", "last", "plan", "p2_5", "p10", "p50", "p90", "p97_5", "shortfall", "draws"]
    assert fields["ranges"] and all(list(each) == keys for each in fields["ranges"])
    spans = [(each["measure"], each["first"], each["last"]) for each in fields["ranges"]]
    assert len(set(spans)) == len(spans) and spans[0] == ("revenue", "2026-01", "2026-06")
    for each in fields["ranges"]:
        told = [each[key] for key in ("p2_5", "p10", "p50", "p90", "p97_5")]
        assert told == sorted(told) and each["draws"] == 50
    revenue = fields["ranges"][0]
    assert revenue["p10"] < revenue["plan"] < revenue["p90"], "sales that were always alike may still move"
    assert all({"target", "measure", "chance", "standard_error"} <= each.keys() for each in fields["chances"])
    assert all(0 <= each["chance"] <= 1 for each in fields["chances"])
    assert fields["claims"] == [], "no plan was signed yet"


def test_it_waits_for_a_thousand_draws_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOP_DRAWS", raising=False)
    assert usual_draws() == 1000
