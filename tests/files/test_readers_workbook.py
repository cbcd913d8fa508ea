"""Excel: sheets, formulas, dates, identifiers, and workbooks built to harm."""

from __future__ import annotations

import io
import resource
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from sop.core.errors import BadInput
from sop.files.readers import Limits, read_file
from sop.files.readers.limits import WORKBOOK_ZIP
from tests.workbooks import workbook_of

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'


def _book(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rows(*rows: list[object]) -> bytes:
    return workbook_of(rows)


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part put in or replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return buffer.getvalue()


def _refused(data: bytes, says: str) -> None:
    """Refused with these words, in less than 100 MB of memory more than before."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput, match=says):
        read_file(data, "upload.xlsx")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 100_000


def test_cells_are_read_as_the_text_they_show() -> None:
    raw = read_file(_rows(["a", "b", "c"], ["00123", 5.0, date(2026, 12, 1)], ["MAR-1", 1.25, None]), "p.xlsx")
    assert raw.kind == "xlsx"
    assert raw.frame["a"].tolist() == ["00123", "MAR-1"]
    assert raw.frame["b"].tolist() == ["5", "1.25"]
    assert raw.frame["c"].tolist() == ["2026-12-01", None]
    assert raw.typed is not None
    assert raw.typed["b"].tolist() == [True, True]


def test_a_number_shown_with_leading_zeros_keeps_them() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["product", "b"])
        book.active.append([123, 1])
        book.active["A2"].number_format = "00000"

    assert read_file(_book(fill), "p.xlsx").frame["product"].tolist() == ["00123"]


def test_lines_are_those_of_the_sheet() -> None:
    raw = read_file(_rows(["Report"], [], ["a", "b"], [1, 2], [], [3, 4]), "p.xlsx")
    assert raw.lines == (4, 6)
    assert [finding.rule for finding in raw.findings] == ["title_rows"]


def test_a_formula_without_its_result_is_an_error_where_it_stands() -> None:
    raw = read_file(_rows(["a", "b"], [1, "=A2*2"]), "p.xlsx")
    assert [(f.level, f.rule, f.line, f.column) for f in raw.findings] == [("error", "uncached_formula", 2, "B")]


def test_dates_and_texts_that_look_like_dates_in_one_column_are_an_error() -> None:
    raw = read_file(_rows(["month", "b"], [datetime(2026, 1, 2), 1], ["13/02/2026", 2]), "p.xlsx")
    assert [(f.level, f.rule, f.line, f.value) for f in raw.findings] == [
        ("error", "mixed_dates", 3, "13/02/2026")
    ]


def _two_sheets(book: openpyxl.Workbook) -> None:
    book.active.title = "Sheet1"
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    other = book.create_sheet("products")
    other.append(["a", "b"])
    other.append([3, 4])


def test_two_sheets_with_rows_are_a_question_that_sheet_answers() -> None:
    data = _book(_two_sheets)
    assert [(f.level, f.rule, f.value) for f in read_file(data, "p.xlsx").findings] == [
        ("question", "sheet", "Sheet1, products")
    ]
    answered = read_file(data, "p.xlsx", sheet="products")
    assert (answered.frame["a"].tolist(), answered.findings) == (["3"], ())


def test_a_sheet_named_like_the_table_is_the_one_meant() -> None:
    raw = read_file(_book(_two_sheets), "p.xlsx", table="products")
    assert raw.frame["a"].tolist() == ["3"]
    assert [(f.level, f.rule) for f in raw.findings] == [("note", "other_sheets")]


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        _two_sheets(book)
        book["products"].sheet_state = "hidden"

    raw = read_file(_book(fill), "p.xlsx")
    assert raw.frame["a"].tolist() == ["1"]
    assert [(f.level, f.rule) for f in raw.findings] == [("warning", "hidden_sheet")]


def test_an_unknown_sheet_is_refused_naming_those_there_are() -> None:
    with pytest.raises(BadInput, match="Sheet1, products"):
        read_file(_book(_two_sheets), "p.xlsx", sheet="Prices")


def test_a_declared_range_of_17_billion_cells_is_not_believed() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
    sheet = SHEET.format(f'<dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData>').encode()
    raw = read_file(_with_part(_rows(["x"]), "xl/worksheets/sheet1.xml", sheet), "p.xlsx")
    assert raw.frame.shape == (1, 2)


def test_a_cell_in_the_last_corner_is_refused() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = SHEET.format(f"<sheetData>{cells}</sheetData>").encode()
    _refused(_with_part(_rows(["x"]), "xl/worksheets/sheet1.xml", sheet), "column 16 384")


def test_a_row_number_beyond_any_sheet_is_refused() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999999"><c><v>1</v></c></row>'
    sheet = SHEET.format(f"<sheetData>{cells}</sheetData>").encode()
    _refused(_with_part(_rows(["x"]), "xl/worksheets/sheet1.xml", sheet), "below 1 048 576")


def test_a_zip_bomb_is_refused() -> None:
    bomb = _with_part(_rows(["a", "b"], [1, 2]), "xl/media/bomb.bin", b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    _refused(bomb, "zip bomb")


def test_a_bomb_of_many_parts_is_refused() -> None:
    data = _rows(["a", "b"], [1, 2])
    for i in range(4):
        data = _with_part(data, f"xl/worksheets/more{i}.xml", b"x" * 4_000_000)
    with pytest.raises(BadInput, match="would unpack to 16\u202f"):
        read_file(data, "p.xlsx", limits=Limits(zip=replace(WORKBOOK_ZIP, total_bytes=10_000_000)))


def test_a_sheet_of_endless_cells_is_refused_before_it_is_parsed() -> None:
    noise = "".join(f'<c r="A{i % 977}"/>' for i in range(5_000))
    body = "<sheetData><row>" + noise * 600 + "</row></sheetData>"
    limits = Limits(zip=replace(WORKBOOK_ZIP, ratio=1e9), sheet_tags=1_000_000)
    with pytest.raises(BadInput, match="tags"):
        read_file(
            _with_part(_rows(["x"]), "xl/worksheets/sheet1.xml", SHEET.format(body).encode()),
            "p.xlsx",
            limits=limits,
        )


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_an_xml_entity_in_any_part_is_refused(part: str) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    _refused(_with_part(_rows(["a", "b"], [1, 2]), part, bomb), "document type")


def test_an_entity_hidden_in_another_encoding_is_refused() -> None:
    bomb = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'.encode("utf-16")
    _refused(_with_part(_rows(["a", "b"], [1, 2]), "xl/worksheets/sheet1.xml", bomb), "document type")


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_a_workbook_that_was_cut_off_is_refused_in_words(cut: int) -> None:
    with pytest.raises(BadInput, match=r"damaged|not an Excel"):
        read_file(_rows(["a", "b"], [1, 2])[:cut], "p.xlsx")


def test_a_workbook_with_parts_missing_is_refused_in_words() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(BadInput, match="damaged"):
        read_file(buffer.getvalue(), "p.xlsx")


def test_another_zip_is_not_a_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(BadInput, match="zip archive"):
        read_file(buffer.getvalue(), "p.xlsx")


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_text_that_is_merged_over_rows_is_read_for_each_and_a_figure_is_not() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["month", "region", "quantity"],
        ["2026-01", "North", 5],
        ["2026-02", None, 6],
        ["2026-03", None, None],
    ):
        book.active.append(row)
    book.active.merge_cells("B2:B4")
    book.active.merge_cells("C3:C4")
    raw = read_file(_saved(book), "m.xlsx")
    assert raw.frame["region"].tolist() == ["North"] * 3
    assert raw.frame["quantity"].tolist() == ["5", "6", None]
    assert [finding.rule for finding in raw.findings] == ["merged_cells"]


def test_a_header_of_merged_cells_is_read_as_one() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["product", "region", "2025", None, "2026"],
        [None, None, "Nov", "Dec", "Jan"],
        ["A", "N", 1, 2, 3],
    ):
        book.active.append(row)
    for ref in ("A1:A2", "B1:B2", "C1:D1"):
        book.active.merge_cells(ref)
    raw = read_file(_saved(book), "m.xlsx", wanted=("product", "region"))
    assert raw.columns == ("product", "region", "2025 Nov", "2025 Dec", "2026 Jan")


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [(123, "00000", "00123"), (123456, "000-000", "123-456"), (7, '"SKU-"000', "SKU-007"), (5, "\\A00", "A05"),
     (123, "00000;-00000", "00123"), (12, "0", "12"), (12, '0" pcs"', "12"), (12, "#,##0", "12")],
)  # fmt: skip
def test_a_number_is_read_with_the_zeros_and_characters_of_its_format(number: int, form: str, text: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["product", "name"])
    book.active.append([number, "x"])
    book.active["A2"].number_format = form
    assert read_file(_saved(book), "k.xlsx").frame["product"].tolist() == [text]
