"""The workbook, lines.csv and page tables: every figure in its place, no text that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput
from sop.core.spreadsheet import sheet_name
from sop.files import export
from sop.files.export import csv_of, lines_csv, neutral_text, write_workbook
from sop.files.export_layout import build_sheets, number_of
from sop.files.snapshot.workbook_differences import workbook_differences

RISKY = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")']


def line(plan: str = "sales", month: str = "2025-03", value: Any = 5, **others: Any) -> dict[str, Any]:
    return {
        "plan": plan,
        "measure": "consensus_demand",
        "family": "Bikes",
        "month": month,
        "value": value,
        **others,
    }


def plan(*lines: dict[str, Any], **others: Any) -> dict[str, Any]:
    company = {"name": "Acme", "currency": "EUR", "fictional": False}
    return {
        "company": company, "cycle": "2025-03", "revision": 1, "horizon": ["2025-03", "2025-04"],
        "lines": list(lines), **others,
    }  # fmt: skip


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_there_is_a_sheet_for_each_of_the_seven_plans():
    assert opened(write_workbook(plan())).sheetnames == [
        "Summary", "Sales", "Production", "Inventory", "Customer lead time", "New products",
        "Strategic initiatives", "Financial", "Assumptions", "Launches", "Initiatives", "Events", "Decisions",
        "Inputs", "Gate",
    ]  # fmt: skip


def test_months_are_columns_and_a_missing_month_stays_blank():
    book = opened(write_workbook(plan(line(value=5, region="North", unit="units"))))
    assert rows(book["Sales"])[2:] == [
        ("Measure", "Family", "Region", "Resource", "Unit", "2025-03", "2025-04", "Next 12 months"),
        ("Consensus demand", "Bikes", "North", None, "units", 5, None, None),
    ]


def test_twelve_months_of_a_flow_are_a_live_sum_and_of_a_stock_its_end():
    lines = [line(value=value, month=month) for value, month in ((5, "2025-03"), (2, "2025-04"))]
    stock = [{**each, "plan": "inventory", "measure": "inventory"} for each in lines]
    book = opened(write_workbook(plan(*lines, *stock)))
    assert (rows(book["Sales"])[3][-1], rows(book["Inventory"])[3][-1]) == ("=SUM(F4:G4)", "=G4")


def test_a_plan_without_lines_says_why():
    stated = {"inventory": {"available": False, "why": "No inventory was loaded."}}
    book = opened(write_workbook(plan(plans=stated)))
    assert rows(book["Inventory"])[-1][0] == "Not available: No inventory was loaded."
    assert rows(book["Sales"])[-1][0] == "Not available: The plan has no lines; no reason was recorded."


def test_lines_of_an_unknown_plan_get_a_sheet_of_their_own():
    book = opened(write_workbook(plan(line(plan="sales"), line(plan="Sales"), line(plan="a/b"))))
    assert {"Sales 2", "A b"} <= set(book.sheetnames)


def test_two_lines_of_the_same_place_and_month_are_both_kept():
    sheet = opened(write_workbook(plan(line(value=5), line(value=7))))["Sales"]
    assert [row[5] for row in rows(sheet)[3:]] == [5, 7]


def test_decimal_texts_become_numbers_and_identifiers_stay_text():
    assert number_of("12.50") == 12.5
    assert number_of("-3") == -3
    for text in ("00123", "1E5", ">12", "NaN", "1,5", ""):
        assert number_of(text) == (text or None)


def test_shares_are_shown_as_percent_and_money_carries_its_currency():
    book = opened(
        write_workbook(plan(line(value="0.925", unit="share"), line(value="9.50", unit="money", currency="EUR")))
    )
    share, money = book["Sales"][4], book["Sales"][5]
    assert (share[5].value, share[5].number_format) == (0.925, "0.0%")
    assert (money[4].value, money[5].value) == ("EUR", 9.5)


def test_the_summary_has_headline_signatures_and_how_to_read():
    signature = {"function": "sales", "name": "Ada", "meaning": "agree"}
    content = plan(headline=[{"measure": "revenue", "value": "12.5", "unit": "EUR"}], summary="All well.")
    cells = [cell for row in rows(opened(write_workbook(content, [signature], "d1g"))["Summary"]) for cell in row]
    for expected in ("Revenue", 12.5, "Ada", "All well.", "d1g", "How to read"):
        assert expected in cells


def test_a_fictional_company_is_marked_on_every_plan_sheet():
    content = plan(company={"name": "Acme", "currency": "EUR", "fictional": True})
    book = opened(write_workbook(content))
    assert all("(fictional company)" in str(sheet["A1"].value) for sheet in book.worksheets)


def test_the_same_plan_gives_the_same_workbook_and_only_created_dates_it():
    created = datetime(2025, 3, 20, 14, tzinfo=UTC)
    first = write_workbook(plan(line()), created=created)
    assert first == write_workbook(plan(line()), created=created)
    assert opened(first).properties.created == datetime(2025, 3, 20, 14)


@pytest.mark.parametrize("text", RISKY)
def test_no_text_becomes_a_formula_in_the_workbook(text: str):
    content = plan(
        line(family=text, unit=text, value=text), summary=text, assumptions=[{"key": text, "value": text}]
    )
    data = write_workbook({**content, "company": {"name": text, "currency": text}})
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets and not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
    cell = opened(data)["Sales"]["B4"]
    assert cell.data_type == "s" and cell.quotePrefix


@pytest.mark.parametrize("text", RISKY)
def test_no_text_is_run_from_a_csv(text: str):
    cells = next(
        csv.reader(io.StringIO(lines_csv(plan(line(family=text))).decode("utf-8-sig").split("\r\n", 1)[1]))
    )
    assert cells[2] == f"'{text}"
    assert csv_of(pd.DataFrame({text: [text]})).decode("utf-8-sig").count("'") == 2


def test_negative_numbers_stay_numbers_in_csv():
    assert neutral_text("-5.20") == "-5.20"
    assert lines_csv(plan(line(value="-5.20"))).endswith(b",Bikes,,,2025-03,-5.20,,\r\n")


def test_a_page_table_keeps_missing_values_empty():
    frame = pd.DataFrame({"family": ["Bikes", None], "units": [1.5, float("nan")]})
    assert csv_of(frame) == b"\xef\xbb\xbffamily,units\r\nBikes,1.5\r\n,\r\n"


def test_a_sheet_too_large_for_excel_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(export, "LAST_ROW", 10)
    with pytest.raises(BadInput, match="Excel holds"):
        write_workbook(plan(*(line(family=str(number)) for number in range(12))))


def test_sheet_names_fit_excel_and_differ():
    assert sheet_name("a[b]:c*?/\\'", []) == "A b  c"
    assert sheet_name("x" * 50, ["X" + "x" * 26]) == "X" + "x" * 26 + " 2"


NAMES = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30) | st.from_regex(
    r"_x[0-9A-F]{4}_", fullmatch=True
)
VALUES = st.integers(-(2**53) + 1, 2**53 - 1) | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(
    str
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(NAMES, NAMES, VALUES), max_size=5), NAMES)
def test_a_workbook_reads_back_as_the_sheets_it_was_made_from(places: list[tuple[str, str, Any]], summary: str):
    content = plan(*(line(family=a, region=b, value=value) for a, b, value in places), summary=summary)
    assert workbook_differences(write_workbook(content), build_sheets(content)) == []


def test_lists_of_the_workbook_cut_no_text_and_head_figures_over_them() -> None:
    """Reasons ran under the next column; months stood left over figures that stand right."""
    reason = "The second tender is postponed by a year, as the city council decided"
    entry = {"key": "demand_pct", "scope": "Fleet", "value": "-0.04", "unit": "pct", "reason": reason}
    book = openpyxl.load_workbook(io.BytesIO(write_workbook({"assumptions": [{**entry, "start": "2026-06"}]})))
    sheet = book["Assumptions"]
    column = {str(cell.value): cell for cell in sheet[2]}
    assert sheet.column_dimensions[column["Reason"].column_letter].width >= 60
    first = [cell.value for cell in sheet[3]]
    assert first[:4] == ["Demand against forecast", "Fleet", -4, "%"] and first[-1] == "demand_pct"
    assert column["Value"].alignment.horizontal == "right" and column["Reason"].alignment.horizontal != "right"
    assert "Red" not in " ".join(cell.number_format for row in sheet.iter_rows() for cell in row)


def test_a_text_beside_figures_has_room_and_a_count_has_no_decimals() -> None:
    content = {"horizon": ["2025-03"], "inputs": [{"table": "products", "rows": 27043, "sha256": "ab" * 32}]}
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(content)))["Inputs"]
    header, row = (next(sheet.iter_rows(min_row=at, max_row=at)) for at in (2, 3))
    assert [cell.value for cell in row] == ["products", 27043, "ab" * 32]
    assert row[1].number_format == "General" and row[2].alignment.indent == 1 == header[2].alignment.indent
    assert row[0].alignment.indent == 0 == header[1].alignment.indent


def test_an_assumption_of_a_whole_share_is_worth_that_many_percent() -> None:
    """A whole number stands as one in a plan's content, so 1, which is 100%, was printed as 1%."""
    entry = {"key": "subcontract_pct", "scope": "Fleet", "value": 1, "before": 0, "unit": "pct"}
    sheet = opened(write_workbook({"assumptions": [entry]}))["Assumptions"]
    assert [cell.value for cell in sheet[3]][:4] == ["Subcontract limit", "Fleet", 100, "%"]
    counted = {"key": "dso_days", "scope": "", "value": 42, "unit": "days"}
    sheet = opened(write_workbook({"assumptions": [counted]}))["Assumptions"]
    assert [cell.value for cell in sheet[3]][2:4] == [42, "days"]


def test_a_working_plan_is_called_one_and_its_gate_does_not_look_passed() -> None:
    book = opened(write_workbook(plan(line(), revision=0)))
    assert rows(book["Summary"])[0][0] == "Executive S&OP review — Acme — cycle 2025-03, working plan"
    said = {row[0] for row in rows(book["Gate"])}
    assert "None in this plan." not in said and any("Sign-off" in str(text) for text in said)
    signed = {row[0] for row in rows(opened(write_workbook(plan(line())))["Gate"])}
    assert "None in this plan." in signed


def test_headline_figures_look_as_their_unit_says() -> None:
    measures = [
        {"measure": "revenue", "value": "60744132.8", "unit": "EUR"},
        {"measure": "lead_time", "value": 142, "unit": "days"},
        {"measure": "on_time", "value": "0.8648", "unit": "fraction"},
    ]
    sheet = opened(write_workbook(plan(line(), headline=measures)))["Summary"]
    found = {row[0].value: row for row in sheet.iter_rows()}
    looks = [
        (found[name][1].number_format, found[name][2].value)
        for name in ("Revenue", "Lead time", "On time in full")
    ]
    assert looks == [("#,##0.00", "EUR"), ("0.0", "days"), ("0.0%", "%")]
