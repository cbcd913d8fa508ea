"""Pivots as Odoo and others export them: groups indented under totals, keys with names, totals beside months."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sop.core.tables import table
from sop.files.readers import read_file
from sop.intake.check import Checked, check_table
from tests.intake.conftest import PRODUCTS
from tests.workbooks import workbook_of

PIVOT: list[list[Any]] = [
    [None, "Total"],
    [None, "January 2026", None, "February 2026", None, None, None],
    [None, "Qty Ordered", "Untaxed Total", "Qty Ordered", "Untaxed Total", "Qty Ordered", "Untaxed Total"],
    ["Total", 8, 80, 11, 110, 19, 190],
    ["     North", 3, 30, 5, 50, 8, 80],
    ["          [00123] Box", 1, 10, 2, 20, 3, 30],
    ["          [1E5] Bag", 2, 20, 3, 30, 5, 50],
    ["     South", 5, 50, 6, 60, 11, 110],
    ["          [00123] Box", 5, 50, 6, 60, 11, 110],
]
MAPPING = {"Group 1": "region", "Group 2": "product"}


def check(rows: list[list[Any]], **options: Any) -> Checked:
    raw = read_file(workbook_of(rows), "pivot.xlsx", wanted={"qty_ordered", "untaxed_total"})
    tables: dict[str, pd.DataFrame] = {"products": PRODUCTS}
    return check_table(table("sales_actuals"), raw, first_open="2026-04", tables=tables, **options)


def test_groups_become_columns_and_their_totals_are_left_out() -> None:
    checked = check(PIVOT, mapping=MAPPING, answers={"mapping": "accept"}, set_values={"quantity": "0"})
    said = {finding.rule: finding for finding in checked.findings}
    assert "Group 1 and Group 2 are columns now, and 3 totals of groups are left out (3 rows stay)" in (
        said["indented_groups"].what
    )
    assert said["total_left_out"].what.startswith("the last 2 columns add up those before them")
    assert said["named_keys"].value == "[00123] Box"
    frame = checked.frame[["month", "region", "product", "ordered", "revenue"]]
    assert sorted(frame.itertuples(index=False, name=None)) == [
        ("2026-01", "North", "00123", 1.0, 10.0), ("2026-01", "North", "1E5", 2.0, 20.0),
        ("2026-01", "South", "00123", 5.0, 50.0), ("2026-02", "North", "00123", 2.0, 20.0),
        ("2026-02", "North", "1E5", 3.0, 30.0), ("2026-02", "South", "00123", 6.0, 60.0),
    ]  # fmt: skip
    assert checked.ok
    # What the pivot's own total says is what is imported.
    totals = {total.column: (total.file, total.result) for total in checked.totals}
    assert totals["ordered"] == (19.0, 19.0) and totals["revenue"] == (190.0, 190.0)


@pytest.mark.parametrize("line", [3, 4, 7])
def test_groups_that_do_not_add_up_what_is_below_them_refuse_the_file(line: int) -> None:
    rows = [list(row) for row in PIVOT]
    rows[line][1:] = [figure + 1 for figure in rows[line][1:]]
    checked = check(rows, mapping=MAPPING, answers={"mapping": "accept"}, set_values={"quantity": "0"})
    assert "group_totals" in {finding.rule for finding in checked.findings if finding.level == "error"}


def test_a_group_that_was_not_opened_is_no_product() -> None:
    rows = [*PIVOT[:7], PIVOT[7]]
    checked = check(rows, mapping=MAPPING, answers={"mapping": "accept"}, set_values={"quantity": "0"})
    assert {f.column for f in checked.findings if f.level == "error"} == {"product"}


def test_a_sheet_whose_texts_begin_with_spaces_by_chance_is_read_as_it_stands() -> None:
    rows = [
        ["product", "region", "month", "quantity"],
        ["00123", "North", "2026-01", 5],
        [" 1E5", "North", "2026-01", 6],
    ]
    checked = check(rows)
    assert checked.frame["product"].tolist() == ["00123", "1E5"]
    assert not [finding for finding in checked.findings if finding.rule == "indented_groups"]
