"""Rows that add up others: left out where their figures prove it, refused where they do not."""

from __future__ import annotations

from typing import Any

import pytest

SALES = "month,product,region,quantity,revenue\n"
ROWS = "2026-03,00123,North,5,50\n2026-03,1E5,North,7,70\n2026-03,00123,South,8,80\n"


@pytest.mark.parametrize(
    "total",
    [",Total,,20,200\n", "Total,,,20,200\n", ",Summe,,20,\n", ",Gesamtergebnis,,20,200\n", ",Razem,,20,200\n"],
)
def test_a_total_that_adds_up_is_left_out_and_named(check: Any, found: Any, total: str) -> None:
    checked = check("sales_actuals", SALES + ROWS + total)
    assert found(checked) == [("warning", "total_left_out", 5, "")]
    assert (len(checked.frame), checked.frame["quantity"].sum(), checked.totals[0].file) == (3, 20.0, 20.0)


def test_subtotals_of_a_block_and_of_a_name_are_left_out(check: Any, found: Any) -> None:
    text = SALES + ROWS[: ROWS.index("2026-03,00123,South")] + ",,North total,12,120\n"
    text += "2026-03,00123,South,8,80\n2026-03,1E5,South,1,10\n,,Subtotal,9,90\n,,Grand total,21,210\n"
    checked = check("sales_actuals", text)
    assert (found(checked), len(checked.frame)) == ([("warning", "total_left_out", 4, "")], 4)
    assert checked.findings[0].count == 3


@pytest.mark.parametrize("total", [",Total,,21,200\n", ",Total,,20,199\n"])
def test_a_total_that_does_not_add_up_refuses_the_file(check: Any, found: Any, total: str) -> None:
    assert ("error", "total_row", 5, "product") in found(check("sales_actuals", SALES + ROWS + total))


def test_a_product_may_be_called_total_something(check: Any, found: Any) -> None:
    assert found(check("products", "product,name,family\nT-1,Total care,Care\nT-2,Sum up,Care\n")) == []
