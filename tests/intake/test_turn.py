"""Months side by side: turned into one row a month, with what was taken as what; asked where that is open."""

from __future__ import annotations

from typing import Any

import pytest

SHEET = "product,region,2026-01,2026-02,2026-03,Total\n00123,North,1,,3,4\n1E5,North,4,5,6,15\n"


def test_a_planning_sheet_is_turned_and_said_to_be(check: Any, found: Any) -> None:
    checked = check("sales_actuals", SHEET)
    assert found(checked) == [("warning", "months_turned", None, "quantity")]
    assert (
        "2 rows are turned into 5, one a month, and their figures are taken as quantity"
        in checked.findings[0].what
    )
    rows = checked.frame[["month", "product", "quantity"]].to_numpy().tolist()
    assert rows[:3] == [["2026-01", "00123", 1.0], ["2026-03", "00123", 3.0], ["2026-01", "1E5", 4.0]]
    assert checked.frame["_line"].tolist() == [2, 2, 3, 3, 3]
    (total,) = checked.totals
    assert (total.file, total.result) == (19.0, 19.0)


@pytest.mark.parametrize(
    "header",
    ["Jan 2026,Feb 2026,Mar 2026", "01/2026,02/2026,03/2026", "2026-01-01,2026-02-01,2026-03-01",
     "January 2026,February 2026,March 2026", "202601,202602,202603"],
)  # fmt: skip
def test_months_are_known_however_they_are_written(check: Any, header: str) -> None:
    checked = check("sales_actuals", SHEET.replace("2026-01,2026-02,2026-03", header))
    assert checked.ok and checked.frame["month"].nunique() == 3


def test_which_figure_it_is_is_asked_where_several_could_be_meant(check: Any, found: Any) -> None:
    text = "family,region,2026-05,2026-06\nBoxes,North,1,2\n"
    asked = check("budget", text)
    assert ("question", "month_values", None, "") in found(asked)
    text = "family,region,revenue,2026-05,2026-06\nBoxes,North,9,1,2\n"
    assert check("budget", text).frame["quantity"].tolist() == [1.0, 2.0]


def test_the_answer_says_which_figure_it_is(check: Any) -> None:
    frame = check("sales_actuals", SHEET, answers={"month_values": "ordered"}, set_values={"quantity": "7"}).frame
    assert frame["ordered"].tolist() == [1.0, 3.0, 4.0, 5.0, 6.0]


def test_a_month_that_stands_twice_refuses_the_file(check: Any, found: Any) -> None:
    text = "product,region,2026-01,Jan 2026\n00123,North,1,2\n"
    assert ("error", "doubled_header", None, "") in found(check("sales_actuals", text))


def test_a_cell_that_is_no_number_is_named_by_its_line(check: Any, found: Any) -> None:
    checked = check("sales_actuals", SHEET.replace("5,6", "n/a,6"))
    assert ("error", "not_a_number", 3, "quantity") in found(checked)


def test_a_table_without_months_keeps_its_columns(check: Any) -> None:
    assert check("products", "product,name,family,2026-01,2026-02\nA,Box,Boxes,1,2\n").rows_read == 1
