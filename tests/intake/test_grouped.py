"""Reports that write a label once and leave it blank below: filled down once somebody says so, totals left out."""

from __future__ import annotations

from typing import Any

FLAT = [
    ("2026-01", "00123", "North", 5.0), ("2026-02", "00123", "North", 6.0), ("2026-01", "1E5", "North", 1.0),
    ("2026-02", "1E5", "North", 2.0), ("2026-01", "00123", "South", 7.0), ("2026-02", "00123", "South", 8.0),
]  # fmt: skip
ROWS = (
    "region,product,month,quantity\nNorth,00123,2026-01,5\n,,2026-02,6\n,1E5,2026-01,1\n,,2026-02,2\n"
    "South,00123,2026-01,7\n,,2026-02,8\n"
)
SHEET = (
    "region,product,2026-01,2026-02\nNorth,00123,5,6\n,1E5,1,2\nNorth total,,6,8\nSouth,00123,7,8\nTotal,,13,16\n"
)
YES = {"blank_labels": "fill"}


def rows(checked: Any) -> list[tuple[Any, ...]]:
    frame = checked.frame
    return list(frame[["month", "product", "region", "quantity"]].itertuples(index=False, name=None))


def test_blank_labels_are_asked_about_with_what_they_would_be(check: Any, found: Any) -> None:
    asked = check("sales_actuals", ROWS)
    assert [f[:2] for f in found(asked)] == [("question", "blank_labels")] and not asked.ok
    (question,) = [f for f in asked.findings if f.rule == "blank_labels"]
    assert "line 3: North; line 3: 00123; line 4: North" in question.value and question.count == 7
    answered = check("sales_actuals", ROWS, answers=YES)
    assert answered.ok and sorted(rows(answered)) == sorted(FLAT)
    (total,) = answered.totals
    assert (total.file, total.left_out, total.result) == (29.0, 0.0, 29.0)


def test_subtotals_under_groups_are_no_rows_of_theirs(check: Any) -> None:
    answered = check("sales_actuals", SHEET, answers=YES)
    assert answered.ok and sorted(rows(answered)) == sorted(FLAT)
    assert [f.count for f in answered.findings if f.rule == "total_left_out"] == [4]
    (total,) = answered.totals
    assert (total.file, total.result) == (29.0, 29.0)


def test_a_label_further_left_begins_its_groups_anew(check: Any, found: Any) -> None:
    text = "region,product,month,quantity\nNorth,00123,2026-01,5\nSouth,,2026-01,6\n,1E5,2026-02,1\n"
    assert ("error", "empty_cell", 3, "product") in found(check("sales_actuals", text, answers=YES))


def test_months_alone_below_all_groups_are_their_totals(check: Any) -> None:
    text = "product,region,month,quantity\n00123,North,2026-01,5\n,,2026-02,6\n1E5,North,2026-01,1\n,,2026-02,2\n"
    checked = check("sales_actuals", f"{text},,2026-01,6\n,,2026-02,8\n", answers=YES)
    assert checked.ok and sum(checked.frame["quantity"]) == 14.0
    assert [f.count for f in checked.findings if f.rule == "total_left_out"] == [2]


def test_one_blank_cell_among_labels_that_repeat_is_an_error_as_before(check: Any, found: Any) -> None:
    text = "region,product,month,quantity\nNorth,00123,2026-01,5\nNorth,00123,2026-02,6\n,1E5,2026-01,1\n"
    assert found(check("sales_actuals", text)) == [("error", "empty_cell", 4, "region")]
    products = "product,name,family\nA,Box,Boxes\n,Bag,Boxes\nC,Bell,Bells\n"
    assert ("error", "empty_cell", 3, "product") in found(check("products", products))


def test_families_over_their_products_are_filled_too(check: Any) -> None:
    text = "family,product,name\nBoxes,A,Box\n,B,Bag\nBells,C,Bell\n"
    assert check("products", text, answers=YES).frame["family"].tolist() == ["Boxes", "Boxes", "Bells"]
