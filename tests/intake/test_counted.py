"""Lists that Odoo exports by group: 'North (2)' above the two rows that it counts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sop.core.tables import table
from sop.files.readers import read_file
from sop.intake.check import Checked, check_table
from tests.intake.conftest import PRODUCTS
from tests.workbooks import workbook_of

HEADER = ["Date", "Product", "Quantity Done"]
BOX = ["2026-01-03 08:14:00", "[00123] Box", 3]
BAG = ["2026-02-03 08:14:00", "[1E5] Bag", 4]


NESTED: list[list[Any]] = [
    ["Date", "Quantity Done"],
    ["North (2)", 7], ["    [00123] Box (1)", 3], [BOX[0], 3], ["    [1E5] Bag (1)", 4], [BAG[0], 4],
    ["South (1)", 3], ["    [00123] Box (1)", 3], [BOX[0], 3],
]  # fmt: skip


def check(rows: list[list[Any]], **options: Any) -> Checked:
    raw = read_file(workbook_of(rows), "moves.xlsx", wanted={"quantity_done", "product"})
    answers = {"mapping": "accept"}
    tables = {"products": PRODUCTS, "regions": pd.DataFrame({"region": ["North", "South"]})}
    return check_table(
        table("sales_actuals"), raw, first_open="2026-04", tables=tables, answers=answers, **options
    )


def told(checked: Checked) -> list[tuple[Any, ...]]:
    return sorted(checked.frame[["month", "region", "product", "quantity"]].itertuples(index=False, name=None))


WANTED = [
    ("2026-01", "North", "00123", 3.0),
    ("2026-01", "South", "00123", 3.0),
    ("2026-02", "North", "1E5", 4.0),
]


def test_counted_groups_become_a_column_and_their_sums_are_left_out() -> None:
    rows = [HEADER, ["North (2)", None, 7], BOX, BAG, ["South (1)", None, 3], BOX]
    checked = check(rows, mapping={"Group 1": "region"})
    assert told(checked) == WANTED
    assert any("2 rows left out, as they only head groups, 3 rows stay" in each.what for each in checked.findings)


def test_a_first_column_that_only_groups_fill_holds_them() -> None:
    leaves = [[None, *BOX], [None, *BAG]]
    rows = [["Country", *HEADER], ["North (2)", None, None, 7], *leaves, ["South (1)", None, None, 3], leaves[0]]
    assert told(check(rows)) == WANTED


def test_groups_in_groups_are_a_column_each() -> None:
    assert told(check(NESTED, mapping={"Group 1": "region", "Group 2": "product"})) == WANTED


def test_groups_are_proposed_by_what_they_name() -> None:
    """Without a mapping: stored regions and products speak for columns that nobody names."""
    assert told(check(NESTED)) == WANTED


def test_groups_that_name_nothing_known_are_not_proposed() -> None:
    rows = [HEADER, ["Draft (2)", None, 7], BOX, BAG, ["Done (1)", None, 3], BOX]
    missing = [each for each in check(rows).findings if each.rule == "missing_column"]
    assert [each.column for each in missing] == ["region"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_count_that_is_wrong_makes_no_group(count: int) -> None:
    rows = [HEADER, [f"North ({count})", None, 7], BOX, BAG]
    assert "counted_groups" not in {each.rule for each in check(rows).findings}
