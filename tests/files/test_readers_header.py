"""Where a table begins and ends: titles, headers of two rows, headers repeated, lines below; all of it named."""

from __future__ import annotations

import pandas as pd
import pytest

from sop.core.tables import table
from sop.files.readers import read_file
from sop.intake.check import check_table
from sop.intake.proposals import known_headers
from sop.intake.subject import RawTable
from tests.workbooks import workbook_of

WANTED = known_headers(table("sales_actuals"))
HEADER = "month,product,region,quantity,revenue\n"
ROWS = "2026-01,A1,EU,10,100\n2026-02,A1,EU,11,110\n2026-03,A1,EU,12,120\n"


def _read(text: str) -> RawTable:
    return read_file(text.encode(), "s.csv", wanted=WANTED)


def _rules(raw: RawTable) -> list[str]:
    return [finding.rule for finding in raw.findings]


@pytest.mark.parametrize(
    "title",
    [
        "ACME Ltd,Printed 2026-07-01\n\n",
        "ACME Ltd,,,,Page 1\nSales by product,from 2026-01,to 2026-03\n",
        "Company,Year,Currency,Version,User\nACME,2026,EUR,3,js\n",
    ],
)
def test_titles_of_many_cells_are_not_taken_for_the_header(title: str) -> None:
    raw = _read(title + HEADER + ROWS)
    assert raw.columns == ("month", "product", "region", "quantity", "revenue")
    assert (len(raw.frame), _rules(raw)) == (3, ["title_rows"])
    assert f"Line {title.count(chr(10)) + 1} was taken as the header" in raw.findings[0].remedy


def test_without_known_names_the_header_is_as_wide_as_the_table() -> None:
    raw = _read("Firma GmbH,Druck 01.07.2026\n\nMonat,Artikel,Gebiet,Menge,Umsatz\n" + ROWS)
    assert raw.columns == ("Monat", "Artikel", "Gebiet", "Menge", "Umsatz")


def test_a_header_of_two_rows_is_read_as_one() -> None:
    raw = _read("month,product,region,Sales,\n,,,quantity,revenue\n" + ROWS)
    assert raw.columns == ("month", "product", "region", "quantity", "revenue")
    assert (len(raw.frame), _rules(raw)) == (3, ["stacked_header"])


def test_a_year_above_its_months_is_part_of_their_names() -> None:
    raw = _read("product,region,2025,,2026\n,,Nov,Dec,Jan\nA1,EU,1,2,3\nB1,EU,4,5,6\n")
    assert raw.columns == ("product", "region", "2025 Nov", "2025 Dec", "2026 Jan")


def test_groups_above_tell_equal_names_apart() -> None:
    raw = _read(
        "month,product,region,Shipped,,Ordered,\n,,,pcs,EUR,pcs,EUR\n2026-01,A1,EU,1,2,3,4\n2026-02,A1,EU,1,2,3,4\n"
    )
    assert raw.columns[3:] == ("Shipped pcs", "Shipped EUR", "Ordered pcs", "Ordered EUR")


def test_a_first_row_of_texts_is_a_row_and_no_second_header() -> None:
    raw = read_file(
        b"region,name,currency\nNorth,,EUR\nSouth,South,EUR\n", "r.csv", wanted=("region", "name", "currency")
    )
    assert raw.frame["region"].tolist() == ["North", "South"]


def test_a_repeated_header_and_lines_below_the_table_are_left_out_and_named() -> None:
    raw = _read(HEADER + ROWS + HEADER + "2026-04,A1,EU,9,90\n\nPrinted by J. Smith\n* without returns\n")
    assert (len(raw.frame), _rules(raw)) == (4, ["repeated_header", "footer"])
    assert [(finding.line, finding.count) for finding in raw.findings] == [(5, 1), (8, 2)]


def test_a_short_last_row_with_a_figure_stays() -> None:
    assert len(_read(HEADER + ROWS + ",,,5,\n").frame) == 4


def test_a_workbook_finds_its_header_under_a_title_of_two_cells() -> None:
    rows = (
        ["ACME Ltd", "Printed 2026-07-01"],
        [],
        HEADER.strip().split(","),
        ["2026-01", "A1", "EU", 10, 100],
    )
    raw = read_file(workbook_of(rows), "t.xlsx", wanted=WANTED)
    assert (raw.columns[0], raw.lines) == ("month", (4,))


def test_months_under_what_is_told_of_them_are_a_second_row_of_the_header() -> None:
    raw = _read("product,region,quantity,,revenue,\n,,04.2026,05.2026,04.2026,05.2026\nA1,EU,1,2,10,20\n")
    assert raw.columns[2:] == ("quantity 04.2026", "quantity 05.2026", "revenue 04.2026", "revenue 05.2026")
    assert len(raw.frame) == 1


def test_field_names_of_a_system_above_the_header_are_named_and_not_read() -> None:
    raw = _read("SPMON,MATNR,VKORG,FKIMG,NETWR\nMonat,Material,Land,Menge,Umsatz\n" + ROWS)
    assert raw.columns == ("Monat", "Material", "Land", "Menge", "Umsatz")
    assert (len(raw.frame), _rules(raw)) == (3, ["title_rows"])


@pytest.mark.parametrize("row", ["1,2,3,4,5", "(1),(2),(3),(4),(5)", ",,,pcs,EUR", ",,,[Stk],", ",,,kg,T€"])
@pytest.mark.parametrize("times", [1, 200])
def test_a_row_of_units_or_of_column_numbers_is_set_aside(row: str, times: int) -> None:
    raw = _read(HEADER + row + "\n" + ROWS * times)
    assert (len(raw.frame), raw.lines[0]) == (3 * times, 3)
    assert [(each.rule, each.line) for each in raw.findings if each.rule == "caption_row"] == [("caption_row", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c,d\n1,2,3,4\n5,6,7,8\n",
        "product,name,unit\n,,kg\n,,pcs\nA1,Box,kg\n",
        HEADER + "2026-01,EA,EU,,\n" + ROWS,
        HEADER + "1,2,3,4,5\n",
    ],
)
def test_a_row_that_may_be_data_is_kept(text: str) -> None:
    raw = _read(text)
    assert len(raw.frame) == text.count("\n") - 1 and "caption_row" not in _rules(raw)


_STACKED = {
    "figures over years over months": "product,region,Absatz,,,\n,,2025,,2026,\n,,Nov,Dec,Jan,Feb\n",
    "names in the last row": ",,Actuals,,,\n,,2025,,2026,\nproduct,region,Nov,Dec,Jan,Feb\n",
    "names in the middle": ",,Actuals,,,\nproduct,region,2025,,2026,\n,,Nov,Dec,Jan,Feb\n",
    "merged over rows": "product,region,Plan,,,\nproduct,region,2025,,2026,\nproduct,region,Nov,Dec,Jan,Feb\n",
    "quarters between": "product,region,2025,,2026,\n,,Q4,,Q1,\n,,Nov,Dec,Jan,Feb\n",
    "under a title": "ACME Ltd,,,,,\nproduct,region,Ist,,,\n,,2025,,2026,\n,,Nov,Dec,Jan,Feb\n",
    "a year that holds for all": "product,region,2026,,,\n,,H1,,,\n,,Jan,Feb,Mar,Apr\n",
    "months over figures": ",,2026,,,\n,,Jan,,Feb,\nproduct,region,quantity,revenue,quantity,revenue\n",
    "figures over months": "product,region,Menge,,Umsatz,\n,,Ist,,Ist,\n,,01.2026,02.2026,01.2026,02.2026\n",
}


@pytest.mark.parametrize("head", _STACKED.values(), ids=_STACKED)
def test_a_header_of_several_rows_names_each_month_with_its_year(head: str) -> None:
    raw = _read(head + "00123,North,1,2,3,4\nMAR-1,North,5,6,7,8\n")
    assert (len(raw.frame), _rules(raw)[-1]) == (2, "stacked_header")
    products = pd.DataFrame({"product": ["00123", "MAR-1"], "name": ["Box", "Bell"], "family": ["Boxes", "Bells"]})
    answers = {"mapping": "accept", "month_values": "quantity"}
    options = {"first_open": "2026-06", "tables": {"products": products}, "answers": answers}
    checked = check_table(table("sales_actuals"), raw, **options)
    months = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    assert checked.ok and checked.frame["month"].isin(months).all()
    assert checked.frame["product"].unique().tolist() == ["00123", "MAR-1"]


def test_a_title_over_the_whole_table_says_no_year_of_its_months() -> None:
    raw = _read("Plan 2026,,,\nproduct,region,Jan,Feb\nA1,EU,1,2\n")
    assert raw.columns == ("product", "region", "Jan", "Feb")


def test_texts_under_a_column_without_a_name_are_rows() -> None:
    assert len(_read("product,name,,family\nA1,Box,x,Boxes\nB1,Bag,y,Bags\n").frame) == 2
