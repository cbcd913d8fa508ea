"""What a column may be: by headers of the field and what its cells hold; a wrong proposal is worse than none."""

from __future__ import annotations

from typing import Any

import pytest

from sop.core.tables import TABLES, table
from sop.files.readers import read_file
from sop.intake.field_headers import HEADERS
from sop.intake.headers import plain_header
from sop.intake.proposals import known_headers, propose_mapping
from tests.intake.conftest import PRODUCTS

SALES = table("sales_actuals")
ROWS = "2026-03,00123,North,5,50.5\n2026-03,1E5,South,7,70\n"


def _proposed(header: str, rows: str = ROWS, name: str = "sales_actuals") -> dict[str, str]:
    raw = read_file((header + "\n" + rows).encode(), "f.csv", wanted=known_headers(table(name)))
    return propose_mapping(table(name), raw, {}, {}, {"products": PRODUCTS})


@pytest.mark.parametrize(
    "header",
    [
        "Posting date,Material,Sales office,Billed quantity,Net value",  # SAP
        "FKDAT,MATNR,VKORG,FKIMG,NETWR",
        "Posting Date,Item No.,Territory,Invoiced Quantity,Sales Amount",  # Dynamics
        "Invoice Date,Product,Country,Qty Invoiced,Untaxed Total",  # Odoo
        "Posting Date,Item Code,Territory,Qty,Net Amount",  # ERPNext
        "Period,Item,Market,Quantity,Amount Excl. VAT",  # NetSuite
        "Created at,Lineitem sku,Shipping Country,Lineitem quantity,Net sales",  # Shopify
        "Buchungsdatum,Artikelnr.,Verkaufsgebiet,Menge (Stk),Umsatz [EUR]",
        "Date de facture,Référence,Pays,Quantité facturée,Montant HT",
        "Fecha factura,Código artículo,País,Cantidad,Importe neto",
        "Factuurdatum,Artikelcode,Regio,Aantal,Omzet",
        "Data faktury,Indeks towaru,Kraj,Ilość,Wartość netto",
    ],
)
def test_headers_of_common_systems_and_languages_are_known(header: str) -> None:
    theirs = header.split(",")
    ours = ("month", "product", "region", "quantity", "revenue")
    wanted = {own: name for own, name in zip(theirs, ours, strict=True) if plain_header(own) != name}
    assert _proposed(header) == wanted


@pytest.mark.parametrize("header", ["Order ID", "Order no", "Ordered key", "Bestellnummer", "Auftragsnr"])
def test_numbers_of_documents_are_never_quantities(header: str) -> None:
    rows = "2026-03,00123,North,5,50,450001\n2026-03,1E5,South,7,70,450002\n2026-03,1E5,East,7,70,450003\n"
    assert _proposed(f"month,product,region,quantity,revenue,{header}", rows) == {}


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("month,product,region,Menge,revenue", "2026-03,00123,North,five,5\n2026-03,1E5,South,six,7\n"),
        ("month,product,region,Menge,revenue", "2026-03,00123,North,450001,5\n2026-03,1E5,South,450002,7\n"
         "2026-03,1E5,West,450003,7\n"),
        ("Datum,product,region,quantity,revenue", "first,00123,North,5,5\nsecond,1E5,South,6,7\n"),
        ("month,Artikel,region,quantity,revenue", "2026-03,Box with lid,North,5,5\n2026-03,Bag,South,6,7\n"),
        ("month,product,Land,quantity,revenue", "2026-03,00123,2026-03-01,5,5\n2026-03,1E5,2026-03-02,6,7\n"),
        ("month,product,region,Menge,Absatz", "2026-03,00123,North,5,5\n2026-03,1E5,South,6,7\n"),
    ],
)  # fmt: skip
def test_nothing_is_proposed_that_the_cells_speak_against_or_two_could_be(header: str, rows: str) -> None:
    assert _proposed(header, rows) == {}


def test_a_proposal_is_asked_and_taken_only_when_accepted(check: Any, found: Any) -> None:
    text = "Buchungsdatum,Artikelnr.,region,Menge,Umsatz\n" + ROWS
    asked = check("sales_actuals", text)
    assert found(asked) == [("question", "mapping", None, "")] and not asked.ok
    assert "'Menge' as quantity" in asked.findings[0].what and "--map" in asked.findings[0].remedy
    taken = check("sales_actuals", text, answers={"mapping": "accept"})
    assert (taken.ok, taken.frame["quantity"].tolist()) == (True, [5.0, 7.0])
    assert taken.mapping_used["Artikelnr."] == "product"
    own = check("sales_actuals", text, answers={"mapping": "accept"}, mapping={"Umsatz": "cost"})
    assert own.mapping_used["Umsatz"] == "cost"


def test_the_words_of_the_field_are_of_columns_that_there_are_and_of_one_each_in_a_table() -> None:
    names = {column.name for spec in TABLES for column in spec.columns}
    assert set(HEADERS) <= names
    twice = [
        (spec.name, word)
        for spec in TABLES
        for word in {word for name in spec.column_names for word in HEADERS.get(name, "").split("; ") if word}
        if sum(word in HEADERS.get(name, "").split("; ") for name in spec.column_names) > 1
    ]
    assert twice == []
