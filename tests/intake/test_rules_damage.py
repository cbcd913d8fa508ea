"""Keys that a spreadsheet damaged, regions nobody knows, marks that contradict, and cells judged only once."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sop.intake.rules.names import damaged_names

SALES = "month,product,region,quantity,revenue\n"


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("123", ["00123", "00456"], "00123"),
        ("100000", ["1E5", "MAR-1"], "1E5"),
        ("1.23457E+11", ["123456789012", "777"], "123456789012"),
        ("1,23457E+11", ["123456789012"], "123456789012"),
        ("1.23E+11", ["123456789012", "123333333333"], "one of 2, such as 123456789012,"),
    ],
)
def test_a_name_that_was_taken_for_a_number_leads_to_the_known_one(
    written: str, known: list[str], meant: str
) -> None:
    assert damaged_names([written], known) == {written: meant}


@pytest.mark.parametrize("written", ["124", "MAR-2", "12A", "1.23457E+12", "", "1E999", "9" * 400])
def test_a_name_that_is_no_known_ones_number_is_just_unknown(written: str) -> None:
    assert damaged_names([written], ["00123", "123456789012", "A-1"]) == {}


def test_lost_zeros_are_told_with_the_product_that_is_meant(check: Any) -> None:
    (finding,) = [
        f for f in check("sales_actuals", SALES + "2026-03,123,North,5,50\n").findings if f.level == "error"
    ]
    assert (finding.rule, finding.line) == ("unknown_product", 2) and "00123" in finding.what


def test_exponents_and_lost_zeros_in_a_list_of_products_are_asked_about(check: Any, found: Any) -> None:
    text = "product,name,family\n00123,a,F\n00456,b,F\n789,c,F\n1.23E+11,d,F\nA-1,e,F\n"
    assert found(check("products", text)) == [("question", "damaged_keys", line, "product") for line in (4, 5)]
    assert found(check("products", text, answers={"damaged_keys": "keep"})) == []


def test_a_new_key_that_is_a_stored_one_as_a_number_is_asked_about(check: Any, found: Any) -> None:
    stored = {"products": check("products", "product,name,family\n00123,a,F\n").frame}
    asked = check("products", "product,name,family\n123,a,F\n", tables=stored, mode="add")
    assert found(asked) == [("question", "damaged_keys", 2, "product")] and "00123" in asked.findings[0].what


def test_a_region_is_free_until_regions_are_loaded_and_then_has_to_be_one(check: Any, found: Any) -> None:
    text = SALES + "2026-03,00123,North,5,50\n2026-03,00123,Nowhere,5,50\n"
    assert found(check("sales_actuals", text)) == []
    regions = {"regions": check("regions", "region,currency\nNorth,EUR\n").frame}
    assert found(check("sales_actuals", text, tables=regions)) == [("error", "unknown_region", 3, "region")]
    sales = {"sales_actuals": check("sales_actuals", text).frame}
    assert found(check("regions", "region\nNorth\n", tables=sales)) == [("error", "still_used", None, "region")]


@pytest.mark.parametrize("other", ["5.5", "7"])
def test_a_column_with_both_marks_is_asked_about_whatever_other_numbers_say(
    check: Any, found: Any, other: str
) -> None:
    rows = f"2026-03;00123;North;1,234;{other}\n2026-03;1E5;North;1.234;{other}\n"
    text = "month;product;region;quantity;revenue\n" + rows
    assert found(check("sales_actuals", text)) == [("question", "decimal", None, "")]
    read = check("sales_actuals", text, answers={"decimal": "."})
    assert read.frame["quantity"].tolist() == [1234.0, 1.234]


def test_a_cell_that_cannot_be_read_is_judged_by_no_other_rule(check: Any, found: Any) -> None:
    moves = "month,plant,product,opening,production,shipments,closing,adjustments\n"
    assert found(check("inventory", moves + "2026-03,P,00123,5,5,2,9,one\n")) == [
        ("error", "bad_number", 2, "adjustments")
    ]
    months = SALES + "2026-01,00123,North,5,50\n2026-2x,00123,North,5,50\n2026-03,00123,North,5,50\n"
    assert found(check("sales_actuals", months)) == [("error", "bad_month", 3, "month")]
    broken = SALES + "2026-03,#REF!,North,5,50\n"
    assert found(check("sales_actuals", broken)) == [("error", "sheet_error", 2, "product")]
    deliveries = (
        "order_line,product,region,ordered,requested,promised,delivered,quantity_ordered,quantity_delivered\n"
    )
    late = "1,00123,North,2026-01-05,2026-01-20,2026-01-20,soon,5,5\n"
    assert found(check("deliveries", deliveries + late)) == [("error", "bad_date", 2, "delivered")]


@pytest.mark.parametrize(
    ("month", "rule"),
    [("1899-12", "bad_month"), ("2099-01", "far_date"), ("9999-12-31", "bad_month"),
     ("1900-01", "far_date"), ("0000-01", "bad_month"),
     ("2026-13", "bad_month"), ("46023", "bad_month"), ("2026-00", "bad_month")],
)  # fmt: skip
def test_a_month_that_no_plan_can_hold_is_an_error_and_nothing_else(
    check: Any, found: Any, month: str, rule: str
) -> None:
    text = "month,family,region,quantity,revenue\n2026-05,Boxes,North,5,50\n" + f"{month},Boxes,North,5,50\n"
    assert found(check("budget", text)) == [("error", rule, 3, "month")]


@pytest.mark.parametrize("figure", ["1e20", "1e400", "1e999", "100000000000000000000", "-1e308", "1e11"])
def test_a_figure_beyond_its_bounds_is_refused_after_reading(check: Any, found: Any, figure: str) -> None:
    (finding,) = found(check("sales_actuals", SALES + f"2026-03,00123,North,{figure},50\n"))
    assert finding in [("error", rule, 2, "quantity") for rule in ("above_limit", "below_limit")]


def test_nothing_is_stored_that_is_not_within_the_contract(check: Any) -> None:
    stored = check("sales_actuals", SALES + "2026-03,00123,North,1e10,1e13\n").frame
    assert stored[["quantity", "revenue"]].iloc[0].tolist() == [1e10, 1e13]
    assert isinstance(stored, pd.DataFrame)
