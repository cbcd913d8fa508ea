"""Plans agreed elsewhere: rows of a planning sheet in six languages, each figure once, one plan a cycle."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

SHEET = "Family,Row,2026-04,2026-05,2026-06\n"
ANSWERS = {"mapping": "accept"}
SET = {"cycle": "2026-04"}


def _check(check: Any, body: str, **options: Any) -> Any:
    given = {"set_values": SET, "answers": ANSWERS, **options}
    return check("plan_lines", SHEET + body, **given)


@pytest.mark.parametrize(
    "words",
    [
        ("Sales", "Production", "Inventory"),
        ("Absatz", "Fertigung", "Lagerbestand"),
        ("Ventes", "Production", "Stock final"),
        ("Ventas", "Producción", "Existencias"),
        ("Afzet", "Productie", "Voorraad"),
        ("Sprzedaż", "Produkcja", "Zapasy"),
        ("Consensus demand", "production", "inventory"),
    ],
)
def test_the_rows_of_a_family_spreadsheet_are_read_in_words(check: Any, words: tuple[str, str, str]) -> None:
    body = "".join(f"Boxes,{word},{n},{n},{n}\n" for word, n in zip(words, (10, 11, 12), strict=True))
    checked = _check(check, body)
    assert checked.ok, [str(finding) for finding in checked.findings]
    rows = checked.frame.groupby("measure")["value"].sum().to_dict()
    assert rows == {"consensus_demand": 30.0, "production": 33.0, "inventory": 36.0}
    assert checked.frame["cycle"].unique().tolist() == ["2026-04"]


def test_how_sales_is_read_is_said(check: Any) -> None:
    checked = _check(check, "Boxes,Sales,1,2,3\n")
    (note,) = [finding for finding in checked.findings if finding.rule == "sales_row"]
    assert note.level == "note" and "read as consensus demand" in note.what
    assert not [f for f in _check(check, "Boxes,Shipments,1,2,3\n").findings if f.rule == "sales_row"]


def test_a_word_that_is_no_measure_is_an_error_and_never_proposed(check: Any, found: Any) -> None:
    checked = check("plan_lines", SHEET + "Boxes,Wishes,1,2,3\n", set_values=SET)
    assert ("error", "missing_column", 1, "measure") in found(checked)
    mapped = _check(check, "Boxes,Wishes,1,2,3\nBoxes,Sales,1,2,3\n", mapping={"Row": "measure"})
    assert {(f.rule, f.line) for f in mapped.all_findings if f.level == "error"} == {("unknown_choice", 2)}


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        (",Production,1,2,3\n", "plan_level", 2),
        ("Boxes,EBIT,1,2,3\n", "plan_level", 2),
        ("Crates,Sales,1,2,3\n", "unknown_family", 2),
    ],
)
def test_what_stands_at_another_level_or_is_not_known_is_refused(
    check: Any, body: str, rule: str, line: int
) -> None:
    checked = _check(check, body)
    assert not checked.ok
    assert (rule, line) in {(finding.rule, finding.line) for finding in checked.all_findings}


def test_a_figure_of_all_regions_beside_one_of_a_region_counts_twice(check: Any, found: Any) -> None:
    head = "cycle,month,measure,family,region,value\n"
    text = head + "2026-04,2026-04,Sales,Boxes,,9\n2026-04,2026-04,Sales,Boxes,North,5\n"
    assert found(check("plan_lines", text)) == [
        ("error", "counted_twice", 2, "value"),
        ("error", "counted_twice", 3, "value"),
    ]


def test_a_cycle_has_one_plan_and_none_that_is_to_come(check: Any, found: Any) -> None:
    head = "cycle,month,measure,family,value,plan\n"
    two = "2026-04,2026-04,Sales,Boxes,9,A\n2026-04,2026-05,Sales,Boxes,5,B\n"
    assert found(check("plan_lines", head + two)) == [("error", "one_plan", None, "plan")]
    later = "2026-05,2026-05,Sales,Boxes,9,A\n"
    assert found(check("plan_lines", head + later)) == [("error", "later_cycle", 2, "cycle")]


def test_closed_months_of_the_sheet_are_told_and_thousands_are_never_guessed(check: Any, found: Any) -> None:
    head = "cycle,month,measure,family,value,unit\n"
    before = "2026-04,2026-03,Sales,Boxes,9,\n2026-04,2026-04,Sales,Boxes,9,\n"
    assert found(check("plan_lines", head + before)) == [("warning", "before_cycle", 2, "month")]
    thousands = "2026-04,2026-04,Revenue,Boxes,9,k€\n"
    assert found(check("plan_lines", head + thousands)) == [("error", "plan_unit", 2, "unit")]


def test_a_file_replaces_the_plan_of_its_cycle_and_no_other(check: Any) -> None:
    stored = pd.DataFrame(
        {
            "cycle": ["2026-03", "2026-04", "2026-04"],
            "month": ["2026-04", "2026-04", "2026-05"],
            "measure": "production",
            "family": "Boxes",
            "value": [1.0, 2.0, 3.0],
        }
    )
    checked = _check(check, "Boxes,Production,4,5,6\n", tables={"plan_lines": stored})
    assert checked.ok
    text = "cycle,month,measure,family,value\n2026-04,2026-04,Production,Boxes,9\n"
    less = check("plan_lines", text, tables={"plan_lines": stored})
    assert [(f.rule, f.count) for f in less.findings] == [("rows_go", 1)]
    assert "in cycles that this file covers" in less.findings[0].what
