"""Keys, names that look alike, and links between tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sop.intake.rules.names import broken_links, skeleton

SALES = "month,product,region,quantity,revenue\n"


def test_a_row_that_repeats_another_is_asked_about_and_can_be_dropped(check: Any, found: Any) -> None:
    text = SALES + "2026-01,00123,North,5,50\n2026-01,00123,North,5,50\n"
    assert found(check("sales_actuals", text)) == [("question", "duplicates", 3, "")]
    dropped = check("sales_actuals", text, answers={"duplicates": "drop"})
    assert (found(dropped), len(dropped.frame)) == ([("warning", "duplicates", 3, "")], 1)


def test_the_same_key_with_other_values_is_an_error_that_names_what_differs(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family,price\nA,Box,Boxes,5\nA,Box,Boxes,6\n")
    assert found(checked) == [("error", "conflicting_duplicate", 3, "")]
    assert checked.findings[0].what == "the row has the key (product) of line 2 and differs in price 5 and 6"


def test_the_channel_is_part_of_the_key_where_it_is_present(check: Any, found: Any) -> None:
    text = "month,product,region,channel,quantity,revenue\n"
    text += "2026-01,00123,North,Web,5,50\n2026-01,00123,North,Shop,6,50\n"
    assert found(check("sales_actuals", text)) == []


def test_an_unknown_product_is_an_error_that_names_it(check: Any) -> None:
    finding = check("sales_actuals", SALES + "2026-01,X-9,North,5,50\n").findings[0]
    assert (finding.level, finding.rule, finding.value) == ("error", "unknown_product", "X-9")
    assert finding.what == "product 'X-9' is not in products"


def test_leading_zeros_make_another_product(check: Any, found: Any) -> None:
    assert found(check("sales_actuals", SALES + "2026-01,123,North,5,50\n")) == [
        ("error", "unknown_product", 2, "product")
    ]


def test_sales_before_products_are_told_to_import_those_first(check: Any) -> None:
    checked = check("sales_actuals", SALES + "2026-01,00123,North,5,50\n", tables={"products": pd.DataFrame()})
    finding = checked.findings[0]
    assert (finding.rule, finding.remedy) == ("unknown_reference", "Import products first")


def test_an_unknown_family_is_an_error(check: Any, found: Any) -> None:
    text = "month,family,region,quantity,revenue\n2026-01,Crates,North,5,50\n"
    assert found(check("budget", text)) == [("error", "unknown_family", 2, "family")]


def test_a_cyrillic_letter_in_a_product_number_is_named(check: Any) -> None:
    checked = check("sales_actuals", SALES + "2026-01,M\u0410R-1,North,5,50\n")
    (finding,) = [finding for finding in checked.findings if finding.rule == "look_alike"]
    assert (finding.level, finding.line, finding.remedy) == ("error", 2, "Type it again as MAR-1")
    assert "cyrillic capital letter a" in finding.what


def test_two_products_that_look_the_same_are_an_error(check: Any, found: Any) -> None:
    checked = check("products", "product,name,family\nMAR-1,Bell,Bells\nM\u0410R-1,Bell,Bells\n")
    assert ("error", "look_alike", 3, "product") in found(checked)


def test_an_identifier_that_mixes_alphabets_is_an_error_even_alone(check: Any, found: Any) -> None:
    assert found(check("products", "product,name,family\nМAR-1,Bell,Bells\n")) == [
        ("error", "mixed_scripts", 2, "product")
    ]


def test_a_name_wholly_in_cyrillic_or_with_umlauts_is_fine(check: Any, found: Any) -> None:
    assert found(check("products", "product,name,family\nА-1,Звонок,Звонки\nB-1,Größe,Größen\n")) == []


def test_names_that_differ_in_capitals_are_a_warning(check: Any, found: Any) -> None:
    text = SALES + "2026-01,00123,North,5,50\n2026-02,00123,NORTH,5,50\n2026-03,00123,North,5,50\n"
    assert found(check("sales_actuals", text)) == [("warning", "spelling", 2, "region")]


@pytest.mark.parametrize(
    ("a", "b"), [("MAR-1", "MАR-1"), ("MAR-1", "MAR–1"), ("A B", "A\u00a0B"), ("AB", "A\u200bB")]
)
def test_texts_that_look_the_same_have_the_same_skeleton(a: str, b: str) -> None:
    assert skeleton(a) == skeleton(b)


def test_texts_that_look_different_keep_different_skeletons() -> None:
    assert len({skeleton(text) for text in ("MAR-1", "MAR-I", "mar-1", "MAR1", "МИР-1")}) == 5


def test_a_row_names_either_a_family_or_a_product(check: Any, found: Any) -> None:
    text = "family,product,resource,hours_per_unit\nBoxes,,L1,1\n,00123,L1,1\n,,L1,1\nBoxes,1E5,L1,1\n"
    checked = check("routings", text, tables={"resources": pd.DataFrame({"resource": ["L1"], "plant": ["P"]})})
    assert found(checked) == [("error", "scope", 4, "family"), ("error", "scope", 5, "product")]


def test_a_milestone_follows_one_of_the_same_initiative(check: Any, found: Any) -> None:
    text = "initiative,milestone,baseline,forecast,after\n"
    text += "I,one,2026-01,2026-01,\nI,two,2026-02,2026-02,one\nI,three,2026-03,2026-03,zero\n"
    checked = check("milestones", text, tables={"initiatives": pd.DataFrame({"initiative": ["I"]})})
    assert found(checked) == [("error", "unknown_milestone", 4, "after")]


def test_a_milestone_may_follow_one_that_is_stored_and_stays(check: Any, found: Any) -> None:
    header, one = "initiative,milestone,baseline,forecast,after\n", ["I", "one", "2026-01", "2026-01"]
    stored = pd.DataFrame([one], columns=header.split(",")[:4])
    tables = {"initiatives": pd.DataFrame({"initiative": ["I"]}), "milestones": stored}
    text = header + "I,two,2026-02,2026-03,one\nI,three,2026-03,2026-03,zero\n"
    checked = check("milestones", text, tables=tables, mode="add")
    assert found(checked) == [("error", "unknown_milestone", 3, "after")]
    replaced = check("milestones", text, tables=tables, mode="replace")
    assert ("error", "unknown_milestone", 2, "after") in found(replaced)


def test_a_product_that_sales_still_use_cannot_be_left_out(check: Any, found: Any) -> None:
    both, one = "product,name,family\n00123,Box,Boxes\n1E5,Bag,Boxes\n", "product,name,family\n1E5,Bag,Boxes\n"
    sales = check("sales_actuals", SALES + "2026-01,00123,North,5,50\n").frame
    stored = {"products": check("products", both).frame, "sales_actuals": sales}
    refused = [("question", "removed_rows", None, ""), ("error", "still_used", None, "product")]
    assert found(check("products", one, tables=stored)) == refused
    assert found(check("products", one, tables=stored, mode="add")) == []


def test_references_that_lead_nowhere_are_told() -> None:
    products = pd.DataFrame({"product": ["A"], "family": ["F"]})
    sales = pd.DataFrame({"product": ["A", "B"]})
    assert broken_links({"products": products, "sales_actuals": products}) == []
    assert broken_links({"products": products, "sales_actuals": sales}) == [
        "sales_actuals uses 1 product that products would not have, such as B"
    ]


def test_positions_of_a_bill_of_materials_are_added_up_on_request(check: Any, found: Any) -> None:
    known = {"materials": pd.DataFrame({"material": ["M"]})}
    text = "material,product,position,quantity_per_unit\nM,00123,10,1\nM,00123,20,1\n"
    assert found(check("material_usage", text, tables=known)) == [("question", "same_key", 3, "")]
    added = check("material_usage", text, tables=known, answers={"same_key": "sum"})
    assert added.frame["quantity_per_unit"].tolist() == [2.0]


def test_steps_of_a_routing_on_one_line_are_added_up_and_different_lots_are_not(check: Any, found: Any) -> None:
    known = {"resources": pd.DataFrame({"resource": ["L"], "plant": ["P"]})}
    text = "product,resource,step,hours_per_unit,labour_hours_per_unit,minimum_lot\n"
    rows = "00123,L,10,0.5,1,{}\n00123,L,20,0.25,0.5,{}\n"
    added = check("routings", text + rows.format(5, 5), tables=known, answers={"same_key": "sum"})
    assert added.frame[["hours_per_unit", "labour_hours_per_unit"]].to_numpy().tolist() == [[0.75, 1.5]]
    apart = check("routings", text + rows.format(5, 6), tables=known, answers={"same_key": "sum"})
    assert found(apart) == [("error", "conflicting_duplicate", 3, "")]


_LINES = "order_line,product,region,ordered,delivered,quantity_ordered,quantity_delivered\n"


def test_a_line_delivered_in_parts_is_ordered_once_and_delivered_with_its_last_part(
    check: Any, found: Any
) -> None:
    text = f"{_LINES}1,00123,North,2026-01-05,2026-01-25,5,2\n1,00123,North,2026-01-05,2026-01-20,5,3\n"
    text += (
        "2,00123,North,2026-01-05,2026-01-20,5,2\n2,00123,North,2026-01-05,,5,0\n3,00123,North,2026-01-05,,4,0\n"
    )
    asked = check("deliveries", text)
    assert [each[:2] for each in found(asked)] == [("question", "same_key")] * 2
    assert "the order counts once" in asked.findings[0].remedy
    summed = check("deliveries", text, answers={"same_key": "sum"})
    assert summed.ok and summed.frame["order_line"].tolist() == ["1", "2", "3"]
    assert summed.frame["quantity_ordered"].tolist() == [5.0, 5.0, 4.0]
    assert summed.frame["quantity_delivered"].tolist() == [5.0, 2.0, 0.0]
    assert summed.frame["delivered"].fillna("").tolist() == ["2026-01-25", "2026-01-20", ""]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        (
            "1,00123,North,2026-01-05,2026-01-20,2,2\n1,00123,North,2026-01-05,2026-01-25,3,3\n",
            "conflicting_duplicate",
        ),
        ("1,00123,North,2026-01-05,2026-01-20,5,5\n1,00123,North,2026-01-05,2026-01-25,5,5\n", "split_order"),
    ],
)
def test_an_order_that_is_split_with_its_deliveries_is_never_counted_once(
    check: Any, found: Any, rows: str, rule: str
) -> None:
    checked = check("deliveries", _LINES + rows, answers={"same_key": "sum"})
    assert not checked.ok and {each[1] for each in found(checked)} == {rule}


@pytest.mark.parametrize("name", ["mar-1", "MAR -1", "Mar-1"])
def test_a_name_in_other_capitals_is_told_with_the_known_one(check: Any, name: str) -> None:
    found = check("sales_actuals", SALES + f"2026-01,{name},North,5,50\n").findings[0]
    assert (found.rule, found.remedy) == ("unknown_product", "Write MAR-1")


def test_a_sum_that_is_not_known_is_told_once(check: Any, found: Any) -> None:
    text = SALES + "2026-03,00123,North,5,50\n2026-03,00123,North,6,\n"
    told = found(check("sales_actuals", text, answers={"same_key": "sum"}))
    assert told == [("error", "unknown_sum", 3, "revenue")]
