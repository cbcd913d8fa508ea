"""The difference against what is stored, and the table that an import leads to."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.tables import table
from sop.intake.differences import compare_tables
from sop.intake.incoming import merge_tables

SPEC = table("sales_actuals")


def _sales(quantities: dict[str, float]) -> pd.DataFrame:
    rows = [("2026-01", product, "North", None, q, 10.0) for product, q in quantities.items()]
    return pd.DataFrame(rows, columns=["month", "product", "region", "channel", "quantity", "revenue"])


def test_rows_are_added_changed_unchanged_and_removed_by_key() -> None:
    difference = compare_tables(SPEC, _sales({"A": 1, "B": 2, "C": 3}), _sales({"B": 2, "C": 4, "D": 5}))
    assert (difference.added, difference.changed, difference.unchanged, difference.removed) == (1, 1, 1, 1)
    assert difference.sample[["change", "product", "was", "now"]].to_numpy().tolist() == [
        ["changed", "C", "quantity 3", "quantity 4"],
        ["added", "D", "", "quantity 5, revenue 10"],
        ["removed", "A", "quantity 1, revenue 10", ""],
    ]


def test_against_nothing_every_row_is_added() -> None:
    assert compare_tables(SPEC, None, _sales({"A": 1, "B": 2})).added == 2


def test_the_same_rows_in_another_order_from_another_file_change_nothing() -> None:
    stored = _sales({"A": 1, "B": float("nan")}).assign(_file="a.csv", _line=[2, 3])
    again = stored.iloc[::-1].assign(_file="b.csv", _line=[7, 8])
    assert compare_tables(SPEC, stored, again).is_empty


def test_a_value_that_becomes_missing_is_a_change() -> None:
    difference = compare_tables(SPEC, _sales({"A": 1}), _sales({"A": float("nan")}))
    assert difference.sample[["was", "now"]].to_numpy().tolist() == [["quantity 1", "quantity empty"]]


def test_replace_keeps_only_the_file() -> None:
    assert merge_tables(SPEC, _sales({"A": 1}), _sales({"B": 2}), "replace")["product"].tolist() == ["B"]


def test_add_puts_the_files_rows_over_the_stored_ones() -> None:
    merged = merge_tables(SPEC, _sales({"A": 1, "B": 2}), _sales({"B": 5, "C": 7}), "add")
    assert dict(zip(merged["product"], merged["quantity"], strict=True)) == {"A": 1, "B": 5, "C": 7}
    assert merged["quantity"].dtype == float


_TABLES = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 3).map(float), max_size=6).map(_sales)


@given(_TABLES, _TABLES)
@settings(deadline=None, max_examples=60)
def test_the_counts_add_up_and_adding_twice_is_adding_once(stored: pd.DataFrame, new: pd.DataFrame) -> None:
    difference = compare_tables(SPEC, stored, new)
    assert difference.added + difference.changed + difference.unchanged == len(new)
    assert difference.removed + difference.changed + difference.unchanged == len(stored)
    once = merge_tables(SPEC, stored, new, "add")
    assert compare_tables(SPEC, once, merge_tables(SPEC, once, new, "add")).is_empty
    assert compare_tables(SPEC, stored, once).removed == 0
