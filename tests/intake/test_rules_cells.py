"""Single cells: errors, totals, gaps, choices, numbers and their marks."""

from __future__ import annotations

from typing import Any

import pytest

SALES = "month,product,region,quantity,revenue\n"


def test_a_clean_file_has_no_finding_and_keeps_identifiers(check: Any, found: Any) -> None:
    checked = check(
        "sales_actuals", SALES + "2026-01,00123,North,5,50.25\n2026-01,1E5,North,0,0\n2026-01,MAR-1,North,1,9\n"
    )
    assert (found(checked), checked.ok) == ([], True)
    assert checked.frame["product"].tolist() == ["00123", "1E5", "MAR-1"]
    assert checked.frame["revenue"].tolist() == [50.25, 0.0, 9.0]
    assert checked.frame["_line"].tolist() == [2, 3, 4]
    assert set(checked.frame["_file"]) == {"sales_actuals.csv"}


def test_a_spreadsheet_error_in_a_text_is_an_error(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family\nA,#REF!,Boxes\n")
    assert found(checked) == [("error", "sheet_error", 2, "name")]


@pytest.mark.parametrize("text", ["Total", "Grand total", "TOTAL:", "Summe", "North Total", "Total North"])
def test_a_total_row_is_an_error_and_the_only_one_on_its_line(check: Any, found: Any, text: str) -> None:
    checked = check("sales_actuals", SALES + f"2026-01,00123,North,5,50\n,,{text},5,50\n")
    assert found(checked) == [("error", "total_row", 3, "product")]


def test_a_name_that_only_begins_like_a_total_is_no_total(check: Any, found: Any) -> None:
    assert found(check("products", "product,name,family\nTotal Care,Care,Care\n")) == []


def test_an_empty_required_cell_is_an_error_because_missing_is_not_zero(check: Any, found: Any) -> None:
    checked = check("sales_actuals", SALES + "2026-01,00123,North,,50\n2026-01,MAR-1,North,1,9\n")
    assert found(checked) == [("error", "empty_cell", 2, "quantity")]


def test_an_invisible_character_is_an_error(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family\nA\u200b1,Box,Boxes\n")
    assert found(checked) == [("error", "invisible_character", 2, "product")]


def test_a_choice_may_be_written_in_capitals_but_must_be_one_of_them(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family,status\nA,Box,Boxes,Phase-Out\nB,Bag,Boxes,old\n")
    assert found(checked) == [("error", "unknown_choice", 3, "status")]
    assert checked.frame["status"].tolist() == ["phase_out", None]


def test_a_text_where_a_number_should_be_is_an_error_with_its_value(check: Any) -> None:
    checked = check("sales_actuals", SALES + "2026-01,00123,North,five,50\n")
    (finding,) = [finding for finding in checked.findings if finding.level == "error"]
    assert (finding.rule, finding.line, finding.column, finding.value) == ("bad_number", 2, "quantity", "five")


@pytest.mark.parametrize("text", ["NaN", "inf", "-Infinity", "#N/A", "#DIV/0!", "n/a", "null"])
def test_what_stands_for_no_number_is_an_error_not_a_gap(check: Any, found: Any, text: str) -> None:
    checked = check("products", f"product,name,family,price\nA,Box,Boxes,{text}\n")
    assert found(checked) == [("error", "not_a_number", 2, "price")]


def test_an_empty_optional_number_stays_missing(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family,price\nA,Box,Boxes,\n")
    assert found(checked) == []
    assert checked.frame["price"].isna().all()


def test_numbers_that_could_mean_two_things_are_asked_about(check: Any, found: Any) -> None:
    text = 'product;name;family;price\nA;Box;Boxes;"1,234"\n'
    assert found(check("products", text)) == [("question", "decimal", None, "")]
    assert check("products", text, answers={"decimal": ","}).frame["price"].tolist() == [1.234]
    assert check("products", text, answers={"decimal": "."}).frame["price"].tolist() == [1234.0]


def test_one_clear_decimal_comma_settles_the_file(check: Any, found: Any) -> None:
    checked = check("products", "product;name;family;price;unit_cost\nA;Box;Boxes;1,234;0,5\n")
    assert found(checked) == []
    assert checked.frame["price"].tolist() == [1.234]


def test_a_mix_of_decimal_marks_is_an_error(check: Any, found: Any) -> None:
    checked = check("products", "product;name;family;price;unit_cost\nA;Box;Boxes;1,5;0.5\n")
    assert found(checked) == [("error", "decimal", None, "")]


def test_amounts_in_two_currencies_are_an_error(check: Any, found: Any) -> None:
    text = SALES + "2026-01,00123,North,1,€ 5\n2026-01,MAR-1,North,1,$ 5\n"
    assert found(check("sales_actuals", text)) == [("error", "currency_mix", 3, "")]
    one = check("sales_actuals", text.replace("$", "€"))
    assert (found(one), one.frame["revenue"].tolist()) == ([], [5.0, 5.0])


def test_a_currency_column_with_two_currencies_is_an_error(check: Any, found: Any) -> None:
    text = SALES.replace("\n", ",currency\n") + "2026-01,00123,North,1,5,EUR\n2026-01,MAR-1,North,1,5,USD\n"
    assert found(check("sales_actuals", text)) == [("error", "currency_mix", 3, "")]


def test_a_number_outside_its_limits_is_an_error(check: Any, found: Any) -> None:
    text = "product,name,family,price,service_level\nA,Box,Boxes,-1,0.95\nB,Bag,Boxes,1,95\n"
    checked = check("products", text)
    assert found(checked) == [
        ("error", "below_limit", 2, "price"),
        ("error", "above_limit", 3, "service_level"),
    ]
    assert [finding.what for finding in checked.findings] == [
        "price is below 0 currency/unit",
        "service_level is above 0.9999",
    ]


def test_a_percentage_is_read_as_a_fraction(check: Any) -> None:
    checked = check("products", "product,name,family,service_level\nA,Box,Boxes,95%\n")
    assert checked.frame["service_level"].tolist() == [0.95]


def test_many_like_findings_are_folded_into_one_that_counts_them(check: Any) -> None:
    rows = "".join(f"2026-01,00123,R{i},x,1\n" for i in range(25))
    checked = check("sales_actuals", SALES + rows)
    (folded,) = [finding for finding in checked.findings if finding.rule == "bad_number"]
    assert (folded.count, folded.line) == (25, 2)
    assert folded.value == "line 2: x; line 3: x; line 4: x; line 5: x; line 6: x; …"
    assert [f.line for f in checked.all_findings if f.rule == "bad_number"] == list(range(2, 27))
