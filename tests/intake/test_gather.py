"""Rows that share a key: copies only where every cell is equal, else separate, and added up on request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput
from sop.core.tables import TABLES

SALES = "month,product,region,quantity,revenue\n"
DAYS = SALES + "".join(f"2026-03-{day:02d},00123,North,10,100\n" for day in (2, 9, 16))


def _sums(checked: Any) -> dict[str, tuple[float, float]]:
    return {total.column: (total.file, total.result) for total in checked.totals}


def test_equal_rows_of_different_days_are_no_copies_and_are_added_up(check: Any, found: Any) -> None:
    asked = check("sales_actuals", DAYS)
    assert found(asked) == [("question", "same_key", line, "") for line in (3, 4)]
    assert "differs in month 2026-03-02 and 2026-03-09" in asked.findings[0].what
    assert not check("sales_actuals", DAYS, answers={"duplicates": "drop"}).ok
    summed = check("sales_actuals", DAYS, answers={"same_key": "sum"})
    assert (summed.ok, summed.frame["quantity"].tolist()) == (True, [30.0])
    assert _sums(summed) == {"quantity": (30.0, 30.0), "revenue": (300.0, 300.0)}


def test_a_column_that_is_left_out_tells_order_lines_apart(check: Any) -> None:
    rows = [f"SO{i},2026-03,00123,North,10,100\n" for i in range(4)]
    text = "order_no," + SALES + "".join(rows)
    asked = check("sales_actuals", text)
    assert {finding.rule for finding in asked.findings if finding.level == "question"} == {"same_key"}
    assert check("sales_actuals", text, answers={"duplicates": "add"}).frame["revenue"].tolist() == [400.0]


def test_copies_among_order_lines_are_still_asked_about(check: Any) -> None:
    text = DAYS + "2026-03-16,00123,North,10,100\n"
    asked = check("sales_actuals", text, answers={"same_key": "sum"})
    assert [(f.rule, f.line) for f in asked.findings if f.level == "question"] == [("duplicates", 5)]
    dropped = check("sales_actuals", text, answers={"same_key": "sum", "duplicates": "drop"})
    added = check("sales_actuals", text, answers={"same_key": "sum", "duplicates": "add"})
    assert (dropped.frame["quantity"].tolist(), added.frame["quantity"].tolist()) == ([30.0], [40.0])
    (quantity, _) = dropped.totals
    assert (quantity.file, quantity.left_out, quantity.result, quantity.equal) == (40.0, 10.0, 30.0, True)


def test_a_return_within_a_month_is_no_negative_month(check: Any, found: Any) -> None:
    text = SALES + "2026-03-02,00123,North,10,100\n2026-03-09,00123,North,-4,-40\n"
    summed = check("sales_actuals", text, answers={"same_key": "sum"})
    assert (found(summed), summed.frame["quantity"].tolist()) == ([], [6.0])


def test_a_sum_with_a_part_that_is_not_given_is_not_known(check: Any, found: Any) -> None:
    text = SALES + "2026-03-02,00123,North,10,100\n2026-03-09,00123,North,4,\n"
    checked = check("sales_actuals", text, answers={"same_key": "sum"})
    assert ("error", "unknown_sum", 3, "revenue") in found(checked)
    left_out = check("sales_actuals", text, answers={"same_key": "sum"}, mapping={"revenue": "-"})
    assert (left_out.ok, left_out.frame["quantity"].tolist()) == (True, [14.0])


def test_what_is_not_added_must_agree(check: Any, found: Any) -> None:
    text = "month,resource,capacity_hours,efficiency\n2026-05-04,L1,40,0.9\n2026-05-11,L1,40,0.8\n"
    tables = {"resources": check("resources", "resource,plant\nL1,P\n").frame}
    checked = check("capacity", text, tables=tables, answers={"same_key": "sum"})
    assert found(checked) == [("error", "conflicting_duplicate", 3, "")]
    alike = check("capacity", text.replace("0.8", "0.9"), tables=tables, answers={"same_key": "sum"})
    assert (alike.ok, alike.frame["capacity_hours"].tolist()) == (True, [80.0])


def test_stock_by_day_and_place_opens_with_the_first_day_and_closes_with_the_last(check: Any, found: Any) -> None:
    text = "month,plant,product,opening,production,shipments,closing,bin\n"
    text += "2026-03-31,P,00123,6,0,1,5,a\n2026-03-01,P,00123,10,0,2,8,a\n"
    text += "2026-03-01,P,00123,1,1,0,2,b\n2026-03-31,P,00123,4,0,4,0,b\n"
    checked = check("inventory", text, answers={"same_key": "sum"})
    assert found(checked) == []
    columns = ["opening", "production", "shipments", "closing"]
    assert checked.frame[columns].to_numpy().tolist() == [[11.0, 1.0, 7.0, 5.0]]


@pytest.mark.parametrize("name", [spec.name for spec in TABLES if not spec.added_columns])
def test_nothing_is_added_up_where_nothing_adds(check: Any, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be added up"):
        check(name, "a,b\n1,2\n", answers={"same_key": "sum"})


_LINES = st.lists(
    st.tuples(st.integers(1, 28), st.sampled_from(["00123", "1E5", "MAR-1"]), st.integers(-500, 5000)),
    min_size=1, max_size=30,
)  # fmt: skip


@given(_LINES)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_unit_is_lost_or_made_by_adding_up(check: Any, lines: list[tuple[int, str, int]]) -> None:
    rows = [
        f"{i},2026-02-{day:02d},{product},North,{cents / 100}\n" for i, (day, product, cents) in enumerate(lines)
    ]
    checked = check(
        "sales_actuals", "line,month,product,region,quantity\n" + "".join(rows),
        answers={"same_key": "sum", "negative_sales": "returns"},
    )  # fmt: skip
    assert checked.ok and checked.frame["product"].is_unique
    assert checked.frame["quantity"].sum() == pytest.approx(sum(cents for _, _, cents in lines) / 100, abs=1e-9)
