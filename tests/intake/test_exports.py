"""Exports as systems and people write them, in six languages: read whole, or refused in a sentence that helps."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sop.core.tables import table
from sop.files.readers import read_file
from sop.intake.check import Checked, check_table
from sop.intake.proposals import known_headers
from tests.workbooks import workbook_of

PRODUCTS = pd.DataFrame(
    {"product": ["00123", "1E5", "MAR-1"], "name": list("abc"), "family": ["Boxes", "Boxes", "Bells"]}
)


def check(name: str, data: str | bytes, **options: Any) -> Checked:
    content = data.encode() if isinstance(data, str) else data
    raw = read_file(content, f"{name}.csv", wanted=known_headers(table(name)))
    answers = {"mapping": "accept", "missing_months": "missing", **options.pop("answers", {})}
    tables = {} if name == "products" else {"products": PRODUCTS}
    return check_table(table(name), raw, first_open="2026-10", tables=tables, answers=answers, **options)


SAP_LIST = """---------------------------------------
|Monat  |Material|Land|Menge |Nettowert|
---------------------------------------
|05.2026|00123   |DE  | 1.234|12.340,50|
|06.2026|MAR-1   |DE  |     6|    60,00|
---------------------------------------
"""
ORDER_LINES = (
    "Verkaufsbeleg;Position;Material;Land;Belegdatum;Wunschlieferdatum;Warenausgangsdatum;Auftragsmenge;Liefermenge\n"
    "4711;10;00123;DE;02.05.2026;10.05.2026;11.05.2026;5;5\n4712;10;MAR-1;DE;02.05.2026;10.05.2026;;5;0\n"
)


@pytest.mark.parametrize(
    ("name", "text", "column", "values"),
    [
        ("sales_actuals", SAP_LIST, "quantity", [1234.0, 6.0]),
        ("sales_actuals", "Monat\tMaterial\tLand\tMenge\n05.2026\t00123\tDE\t1.234,5\n"
         "06.2026\t00123\tDE\t6\n* Gesamt\t\t\t1.240,5\n",
         "quantity", [1234.5, 6.0]),
        ("sales_actuals", "Posting Date,Item No.,Country/Region Code,Invoiced Quantity,Sales Amount (Actual)\n"
         "5/31/2026,00123,DE,5,50.00\n", "revenue", [50.0]),
        ("sales_actuals", "Date;Référence article;Pays;Quantité;Montant HT\n31/05/2026;00123;FR;5,00;1 250,00\n",
         "revenue", [1250.0]),
        ("sales_actuals", "Posting Date,Item Code,Territory,Qty,Base Net Amount\n31-05-2026,00123,DE,5,50\n",
         "revenue", [50.0]),
        ("sales_actuals", 'month,product,region,quantity\n2026-05,="00123",N,5\n2026-06,="1E5",N,5\n',
         "product", ["00123", "1E5"]),
        ("order_book", "Stichtag;Material;Land;Offene Menge;Rückstand\n2026-09-30;00123;DE;5;2\n",
         "past_due", [2.0]),
        ("deliveries", ORDER_LINES, "order_line", ["4711-10", "4712-10"]),
        ("holidays", "Datum;Land;Feiertag\n25.12.2026;DE;Weihnachten\n", "name", ["Weihnachten"]),
        ("launches", "Projekt;Produktfamilie;Region;Wahrscheinlichkeit;Spitzenmenge;Anlauf Monate\n"
         "X1;Boxes;DE;70%;500;6\n", "probability", [0.7]),
        ("products", "Artikel;Bezeichnung;Warengruppe;strategy\n00123;Box;Boxes;Lager\n1E5;Bag;Boxes;MTO\n",
         "strategy", ["MTS", "MTO"]),
        ("budget", "Monat;Umsatz\n2027-01;100\n2027-02;110\n", "revenue", [100.0, 110.0]),
    ],
)  # fmt: skip
def test_an_export_is_read_whole(name: str, text: str, column: str, values: list[object]) -> None:
    checked = check(name, text)
    assert checked.ok, [str(finding) for finding in checked.findings if finding.level in ("error", "question")]
    assert checked.frame[column].tolist() == values


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("Mar-01", "MAR-1"), ("01-Mar", "MAR-1"), ("1. Mrz", "MAR-1"), ("2026-03-01", "MAR-1"),
        ("'00123", "00123"), ("1.00E+05", "1E5"),
    ],
)  # fmt: skip
def test_a_key_that_a_spreadsheet_has_changed_is_told_with_the_known_one(cell: str, meant: str) -> None:
    checked = check("sales_actuals", f"month,product,region,quantity\n2026-05,{cell},N,5\n")
    (found,) = [finding for finding in checked.findings if finding.level == "error"]
    assert found.rule == "unknown_product" and f"but {meant} is: a spreadsheet has changed it" in found.what


def test_a_date_in_a_workbook_is_told_to_be_the_key_that_it_was() -> None:
    rows = (
        ["month", "product", "region", "quantity"],
        ["2026-05", pd.Timestamp("2026-03-01").to_pydatetime(), "N", 5],
    )
    (found,) = [f for f in check("sales_actuals", workbook_of(rows)).findings if f.level == "error"]
    assert "but MAR-1 is" in found.what


def test_while_the_letters_of_a_file_are_open_nothing_else_is_said() -> None:
    text = "Data sprzedaży;Kod towaru;Województwo;Ilość\n31.05.2026;00123;Łódzkie;5\n".encode("cp1250")
    assert [f.rule for f in check("sales_actuals", text).findings if f.level != "note"] == ["encoding"]


@pytest.mark.parametrize("item", ["A", ""])
def test_items_that_are_no_numbers_are_joined_to_no_document(item: str) -> None:
    checked = check("deliveries", ORDER_LINES.replace(";10;", f";{item};"))
    assert "line_number" not in [f.rule for f in checked.findings] and not checked.ok
