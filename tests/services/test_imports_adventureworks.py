"""AdventureWorks: the books of a company that nobody here invented, imported as the README tells to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.intake.incoming import ImportReport, ImportRequest
from sop.services.data.imports import import_table
from sop.store import Store, cycles, open_store, settings

FOLDER = Path(os.environ.get("SOP_SHARED_DATA", "../shared/data")) / "adventureworks"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"no AdventureWorks data in {FOLDER}: set SOP_SHARED_DATA to the folder that holds it",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A workspace whose first open month is 2013-12, with the products imported."""
    opened = open_store(tmp_path_factory.mktemp("adventureworks"))
    with opened.write() as tx:
        settings.save_person(tx, "jana", "Jana", "coordinator")
        cycles.add_cycle(tx, "2013-12", 24)
    import_table(opened, "jana", ImportRequest("products", FOLDER / "products.csv"))
    yield opened
    opened.close()


def _import(store: Store, table: str, file: str, **options: object) -> ImportReport:
    return import_table(store, "jana", ImportRequest(table, FOLDER / file, **options))  # type: ignore[arg-type]


def test_products_are_imported_and_foreign_columns_named(store: Store) -> None:
    report = _import(store, "products", "products.csv")
    assert (report.accepted, report.rows_after) == (True, 266)
    assert report.checked.unknown_columns == (
        "subcategory", "category", "days_to_manufacture", "safety_stock", "reorder_point"
    )  # fmt: skip
    assert report.checked.frame["family"].nunique() == 9


def test_sales_are_refused_while_months_are_open_and_imported_until_the_last_closed(store: Store) -> None:
    refused = _import(store, "sales_actuals", "sales_actuals.csv")
    assert not refused.accepted
    assert [(f.rule, f.count) for f in refused.findings if f.level == "error"] == [("open_month", 419)]
    report = _import(store, "sales_actuals", "sales_actuals.csv", until="2013-11")
    assert (report.imported, report.rows_after, report.checked.set_aside) == (True, 11_489, 419)
    assert [f for f in report.findings if f.level != "note"] == []


def test_inventory_lists_its_274_negative_closings_as_warnings(store: Store) -> None:
    report = _import(
        store,
        "inventory",
        "inventory_movements.csv",
        mapping={"receipts": "production", "issues": "shipments"},
        set_values={"plant": "Main"},
        until="2013-11",
    )
    assert (report.imported, report.rows_after, report.checked.set_aside) == (True, 9_576, 1_862)
    (negative,) = [finding for finding in report.findings if finding.level == "warning"]
    assert (negative.rule, negative.count) == ("negative_closing", 274)
    assert "3 in months set aside" in negative.what
    assert len([f for f in report.checked.all_findings if f.rule == "negative_closing"]) == 274
    # Every product's first month has nothing before it; every other month opens with the closing before.
    assert report.checked.opening_filled == 9_576 - 266


def test_the_same_inventory_again_needs_no_mapping_and_changes_nothing(store: Store) -> None:
    report = _import(store, "inventory", "inventory_movements.csv", until="2013-11")
    assert (report.accepted, report.changed) == (True, False)


def test_the_ledger_asks_about_the_months_that_it_skips(store: Store) -> None:
    report = _import(store, "financials", "financials.csv", until="2013-11")
    assert [f.rule for f in report.findings if f.level == "question"] == ["missing_months"]
    assert report.checked.missing_months == ("2011-02", "2011-04", "2011-06")
    answered = _import(
        store, "financials", "financials.csv", until="2013-11", answers={"missing_months": "missing"}
    )
    assert answered.accepted
