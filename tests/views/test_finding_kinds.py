"""Findings by kind: like sentences are one with their list, and the money of the rows is counted once."""

from __future__ import annotations

import pandas as pd
import pytest

from sop.core.findings import Finding
from sop.core.tables import table
from sop.files.readers import read_file
from sop.intake.check import Checked, check_table
from sop.intake.touched import worth_of_rows
from sop.views.loaded_tables import FoundKind, findings_table, fold_alike, kinds_table, remedy_on_screen

PRODUCTS = pd.DataFrame({"product": ["A", "B"], "name": ["Box", "Bell"], "family": "F", "price": [5.0, None],
                         "unit_cost": [2.0, 3.0]})  # fmt: skip


def checked(name: str, text: str) -> Checked:
    raw = read_file(text.encode(), f"{name}.csv", table=name)
    return check_table(table(name), raw, first_open="2026-01", tables={"products": PRODUCTS}, answers={})


def test_a_row_is_worth_its_own_amount_else_its_units_at_price_else_at_cost() -> None:
    rows = pd.DataFrame({"product": ["A", "B", "X"], "quantity": [10.0, 10.0, 10.0]})
    sales, stock = table("sales_actuals"), table("inventory")
    plain = rows.reindex(columns=sales.column_names)
    assert worth_of_rows(sales, plain, {"products": PRODUCTS}).tolist()[:2] == [50.0, 30.0]
    assert worth_of_rows(sales, plain, {"products": PRODUCTS}).isna().tolist() == [False, False, True]
    assert worth_of_rows(sales, plain.assign(revenue=[-7.0, 8.0, 9.0]), {}).tolist() == [7.0, 8.0, 9.0]
    moved = rows.assign(closing=4.0, production=100.0).reindex(columns=stock.column_names)
    assert worth_of_rows(stock, moved, {"products": PRODUCTS}).tolist()[:2] == [20.0, 12.0]
    assert worth_of_rows(table("capacity"), pd.DataFrame(columns=table("capacity").column_names), {}).empty


@pytest.mark.parametrize("rows", [3, 40])
def test_the_money_of_a_kind_is_that_of_its_rows_folded_or_not(rows: int) -> None:
    text = "month,product,region,channel,quantity,revenue\n" + "".join(
        f"2025-01,A,North,C{i},5,-{i + 1}\n" for i in range(rows)
    )
    found = checked("sales_actuals", text)
    kinds = [FoundKind(f, m) for f, m in zip(found.findings, found.money, strict=True)]
    (kind,) = [k for k in fold_alike(kinds) if k.finding.rule == "negative_revenue"]
    assert kind.finding.count == rows and kind.money == rows * (rows + 1) / 2


def test_like_sentences_are_one_row_with_their_lines() -> None:
    alike = [Finding("warning", "r", "revenue is negative", line=line, value=str(-line)) for line in (3, 5, 9)]
    other = Finding("warning", "r", "another sentence", line=4)
    folded = fold_alike(FoundKind(f, 10.0 * f.line) for f in (*alike, other))
    assert [(k.finding.count, k.money) for k in folded] == [(3, 170.0), (1, 40.0)]
    assert folded[0].finding.value == "line 3: -3; line 5: -5; line 9: -9"
    assert len(findings_table((*alike, other)).rows) == 2
    shown = kinds_table([FoundKind(other, None), *(FoundKind(f, 10.0 * f.line) for f in alike)])
    assert [row[3] for row in shown.rows] == [3, 1], "the most money first"


def test_where_nothing_is_to_be_done_no_remedy_is_shown() -> None:
    note = Finding("note", "units", "all figures carry the unit 'pcs'")
    assert remedy_on_screen(note) == ""
    asked = Finding(
        "question", "units", "figures are written with units", "Answer units=same if all count the same"
    )
    assert remedy_on_screen(asked) == "Say that all count the same, else write plain figures"
