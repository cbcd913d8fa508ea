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
     "January 2026,February 2026,March 2026", "202601,202602,202603", "Jän. 2026,Feb. 2026,Mär. 2026",
     "Januar 2026,Februar 2026,März 2026", "jan. 2026,févr. 2026,mars 2026",
     "enero de 2026,febrero de 2026,marzo de 2026",
     "jan 2026,feb 2026,mrt 2026", "sty 2026,lut 2026,mar 2026", "styczeń 2026,luty 2026,marzec 2026"],
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


def test_a_month_that_is_misspelt_between_others_is_named(check: Any, found: Any) -> None:
    checked = check("sales_actuals", SHEET.replace("2026-02", "2026-Fbr"))
    assert ("warning", "left_beside", None, "2026-Fbr") in found(checked)
    assert "'Total'" not in " ".join(finding.what for finding in checked.findings if finding.rule == "left_beside")


@pytest.mark.parametrize(
    "header", ["Jan,Feb,Mar", "Jan-26,Feb-26,Mar-26", "sty,lut,mar", "Jan. '26,Feb. '26,Mär. '26"]
)
def test_months_without_their_year_are_no_guess(check: Any, found: Any, header: str) -> None:
    checked = check("sales_actuals", SHEET.replace("2026-01,2026-02,2026-03", header))
    assert found(checked)[0] == ("error", "no_year", 1, "")
    assert "Write it into each header, for example 2026-01" in checked.findings[0].remedy


def test_days_side_by_side_are_added_up_on_request(check: Any, found: Any) -> None:
    text = "product,region,2026-03-01,2026-03-02,2026-03-31\n00123,North,1,2,4\n"
    assert ("question", "same_key", 2, "") in found(check("sales_actuals", text))
    assert check("sales_actuals", text, answers={"same_key": "sum"}).frame["quantity"].tolist() == [7.0]


def test_headers_whose_day_and_month_could_be_swapped_are_asked_about(check: Any, found: Any) -> None:
    text = "product,region,1/1/2026,2/1/2026,3/1/2026\n00123,North,1,2,3\n"
    assert ("question", "date_order", None, "") in found(check("sales_actuals", text))
    months = check("sales_actuals", text, answers={"date_order": "mdy"}).frame["month"].tolist()
    assert months == ["2026-01", "2026-02", "2026-03"]


@pytest.mark.parametrize(
    "header",
    ["2026-02 quantity,2026-02 revenue,2026-03 quantity,2026-03 revenue",
     "Quantity Feb 2026,Revenue Feb 2026,Quantity März 2026,Revenue März 2026"],
)  # fmt: skip
def test_several_figures_of_each_month_are_turned_together(check: Any, header: str) -> None:
    text = f"product,region,{header}\n00123,North,1,10,2,20\n1E5,North,3,,,\n"
    checked = check("sales_actuals", text)
    assert "2 rows are turned into 3" in checked.findings[0].what
    assert checked.frame[["product", "quantity", "revenue"]].fillna(0).to_numpy().tolist() == [
        ["00123", 1.0, 10.0], ["00123", 2.0, 20.0], ["1E5", 3.0, 0.0]
    ]  # fmt: skip
    assert checked.frame["_line"].tolist() == [2, 2, 3]


def test_rows_of_different_figures_are_never_added_up(check: Any, found: Any) -> None:
    text = "product,region,Kennzahl,2026-02,2026-03\n00123,North,Menge,1,2\n00123,North,Umsatz,10,20\n"
    checked = check("sales_actuals", text, answers={"same_key": "sum"})
    assert ("error", "mixed_figures", None, "Kennzahl") in found(checked)
    assert not checked.ok and "Menge, Umsatz" in checked.findings[0].what
