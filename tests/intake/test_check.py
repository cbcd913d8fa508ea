"""Whatever a file holds, a check answers: rows to store or findings, never a crash."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop.core.errors import SopError
from sop.core.tables import TABLES, Table, table
from sop.files.readers import read_file
from sop.files.templates import template_csv
from sop.intake.check import check_table
from sop.intake.rules import RULES
from sop.intake.subject import RowRule
from tests.workbooks import workbook_of

ODD = st.sampled_from(
    ["", "NaN", "#REF!", "1,5", "1.234", "1e999", "-", "Total", "2026-13", "31/12/2025", "01/02/2025", "=1+1",
     "-5", "А", "99999999999999999999", "٣", "€5", "$5", "()", "2026-03", "00123", "North", "\u200b", "5"]
)  # fmt: skip
CELLS = st.one_of(
    ODD, st.text(st.characters(exclude_characters='\r\n\x00"', exclude_categories=["Cs"]), max_size=8)
)


@given(
    st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6), st.sampled_from(["add", "replace"])
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_in_any_cell_is_an_answer(check: Any, rows: list[list[str]], mode: str) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    try:
        checked = check(
            "sales_actuals", "\n".join(["month,product,region,quantity,revenue", *lines]) + "\n", mode=mode
        )
    except SopError as refusal:
        assert refusal.sentence
        return
    if checked.ok:
        assert checked.frame[["month", "product", "region", "quantity", "revenue"]].notna().all(axis=None)
    else:
        assert all(finding.what and finding.rule for finding in checked.findings)


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_an_empty_template_is_told_to_have_no_rows(spec: Table) -> None:
    raw = read_file(template_csv(spec), "template.csv")
    checked = check_table(spec, raw, first_open="2026-04", answers={})
    assert [(finding.level, finding.rule) for finding in checked.findings] == [("error", "no_rows")]


def test_the_frame_has_every_contract_column_in_order_and_its_source(check: Any) -> None:
    frame = check("products", "family,product,name\nBoxes,A,Box\n").frame
    assert tuple(frame.columns) == (*table("products").column_names, "_file", "_line")


def test_defaults_are_not_filled_in_so_that_they_can_be_marked(check: Any) -> None:
    assert check("products", "family,product,name\nBoxes,A,Box\n").frame["strategy"].tolist() == [None]


def test_every_rule_says_what_it_holds_a_file_to() -> None:
    sentences = [rule.says if isinstance(rule, RowRule) else rule.__doc__ for rule in RULES]
    assert all(sentence and sentence.strip().endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(RULES)
    assert len(set(RULES)) == len(RULES)


def test_numbers_that_a_workbook_types_need_no_decimal_question() -> None:
    rows = ["product", "name", "family", "price", "unit_cost"], ["A", "Box", "Boxes", 1.234, "0,5"]
    checked = check_table(table("products"), read_file(workbook_of(rows), "p.xlsx"), first_open="2026-04")
    assert checked.frame[["price", "unit_cost"]].iloc[0].tolist() == [1.234, 0.5]


def test_what_is_set_aside_of_a_ledger_are_actuals_and_never_its_budget(check: Any) -> None:
    head = "month,scenario,account_type,account,amount\n"
    rows = [f"{month},{side},P,Rent,1\n" for month in ("2026-03", "2026-04") for side in ("actual", "budget")]
    checked = check("financials", head + "".join(rows), until="2026-03")
    assert checked.ok and checked.set_aside == 1
    assert list(zip(checked.frame["month"], checked.frame["scenario"], strict=True)) == [
        ("2026-03", "actual"), ("2026-03", "budget"), ("2026-04", "budget"),
    ]  # fmt: skip
