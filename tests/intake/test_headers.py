"""Which column is which: by name or by the user's word, never by a guess."""

from __future__ import annotations

from typing import Any

import pytest

from sop.core.errors import BadInput

ROW = "2026-01,00123,North,5,50\n"


def test_capitals_and_spaces_in_a_header_do_not_matter(check: Any, found: Any) -> None:
    checked = check("products", "Product,NAME,family,Unit Cost\nA,Box,Boxes,2.5\n")
    assert found(checked) == []
    assert checked.mapping_used["Unit Cost"] == "unit_cost"
    assert checked.frame["unit_cost"].tolist() == [2.5]


def test_unknown_columns_are_named_and_left_out(check: Any) -> None:
    checked = check(
        "sales_actuals", "month,product,region,quantity,revenue,colour\n" + ROW.replace("50\n", "50,red\n")
    )
    assert checked.ok
    assert checked.unknown_columns == ("colour",)
    assert [(f.level, f.rule, f.column) for f in checked.findings if f.rule == "unknown_column"] == [
        ("note", "unknown_column", "colour")
    ]
    assert "colour" not in checked.frame


def test_an_unknown_column_that_is_nearly_a_known_one_is_a_warning(check: Any) -> None:
    checked = check("products", "product,name,family,unit_costs\nA,Box,Boxes,2.5\n")
    (finding,) = checked.findings
    assert (finding.level, finding.rule) == ("warning", "mapping")
    assert finding.remedy.endswith("--map unit_costs=unit_cost")


def test_a_missing_required_column_is_an_error_that_says_how_to_map(check: Any) -> None:
    checked = check("sales_actuals", "month,product,region,weight,revenue\n" + ROW)
    (finding,) = [finding for finding in checked.findings if finding.level == "error"]
    assert (finding.rule, finding.column, finding.line) == ("missing_column", "quantity", 1)
    assert not checked.ok


def test_a_mapped_column_is_used_and_a_set_value_fills_all_rows(check: Any, found: Any) -> None:
    checked = check(
        "inventory",
        "month,product,receipts,issues,closing\n2026-01,00123,5,2,10\n",
        mapping={"receipts": "production", "issues": "shipments"},
        set_values={"plant": "Main"},
    )
    assert found(checked) == []
    row = checked.frame.iloc[0]
    assert (row["plant"], row["production"], row["shipments"]) == ("Main", 5.0, 2.0)


def test_a_mapping_from_a_column_that_is_not_there_is_an_error(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family\nA,Box,Boxes\n", mapping={"Preis": "price"})
    assert found(checked) == [("error", "mapped_column", None, "Preis")]


def test_two_sources_for_one_column_are_an_error(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family\nA,Box,Boxes\n", set_values={"family": "All"})
    assert found(checked) == [("error", "doubled_column", None, "family")]


def test_a_column_that_the_contract_does_not_have_is_refused(check: Any) -> None:
    with pytest.raises(BadInput, match="no column 'colour'"):
        check("products", "product,name,family\nA,Box,Boxes\n", set_values={"colour": "red"})


def test_a_mapped_header_does_not_also_count_under_its_own_name(check: Any) -> None:
    checked = check("products", "product,name,family,code\nA,Box,Boxes,00123\n", mapping={"code": "product"})
    assert checked.frame["product"].tolist() == ["00123"]
    assert checked.unknown_columns == ("product",)
