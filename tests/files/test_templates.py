"""Templates follow the contract and can be filled in and imported as they are."""

from __future__ import annotations

import io

import openpyxl
import pytest

from sop.core.tables import TABLES, Table, table
from sop.files.readers import read_file
from sop.files.templates import template_csv, template_xlsx


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_every_table_has_both_templates_with_all_its_columns(spec: Table) -> None:
    assert template_csv(spec).decode("utf-8-sig").strip().split(",") == list(spec.column_names)
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(spec)))
    assert [cell.value for cell in book[spec.name][1]] == list(spec.column_names)
    assert [row[0].value for row in book["notes"].iter_rows(min_row=2, max_row=len(spec.columns) + 1)] == list(
        spec.column_names
    )


def test_a_filled_template_is_read_without_a_question() -> None:
    spec = table("products")
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(spec)))
    book["products"].append(["00123", "Box", "Boxes"])
    buffer = io.BytesIO()
    book.save(buffer)
    raw = read_file(buffer.getvalue(), "products.xlsx", table="products")
    assert raw.frame["product"].tolist() == ["00123"]
    assert {finding.level for finding in raw.findings} <= {"note"}
